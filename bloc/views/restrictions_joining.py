"""Whom the supplier cuts, who answers with tariffs, who shares supply: three lists; and what one more country does."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bloc import words
from bloc.briefing import Case, goods_of, name_of, targets_of
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.language import mark, say, say_many
from bloc.outcome import bloc_members
from bloc.scenario import Restriction, Scenario
from bloc.views import market_session
from bloc.views.restrictions_words import UNCHANGED, Answer, answers, change, concerns, price_range, price_words

# Whether adding a country helps or hurts another: by itself, or where the cut is extended to it.
BY_ITSELF = {
    "help": mark("Adding {joiner} would help {country} in {product}"),
    "hurt": mark("Adding {joiner} would hurt {country} in {product}"),
}
IF_FOLLOWED = {
    "help": mark("Adding {joiner} would help {country} in {product} only if the cut follows it"),
    "hurt": mark("Adding {joiner} would hurt {country} in {product} only if the cut follows it"),
}
COVERED = {
    "mine": mark("What they mine of {product} covers {share} of their need in {year} (accounting, not the model)."),
    "smelter": mark("What they smelt of {product} covers {share} of their need in {year} (accounting, not the model)."),
    "refinery": mark(
        "What they refine of {product} covers {share} of their need in {year} (accounting, not the model)."
    ),
}


@dataclass(frozen=True)
class Joining:
    """What adding a country does to another in one market.

    without, joined: it stays out, or joins and levies what members levy, the list of the cut unchanged. listed,
    extended: the cut is aimed at a list of countries that leaves it out, or names it too; with a cut on everybody the
    list is the members instead, and `everybody` is true. None where nothing is cut in this market, or the cut names it
    already.
    """

    without: Answer
    joined: Answer
    listed: Answer | None
    extended: Answer | None
    everybody: bool


def joining(record: Record, scenario: Scenario, case: BaseCase, iso3: str, joiner: str) -> Joining:
    """Solve the market without a country in the bloc, with it, and with the cut extended to it."""
    out = scenario.with_members(left_out=(joiner,), record=record)
    inside = scenario.with_members(invited=(joiner,), record=record)

    def answer(each: Scenario) -> Answer:
        return answers(market_session.outcome_of(record, each, (case.chain,)), frozenset([iso3]))[case.chain]

    cuts = [each for each in scenario.restrictions if each.cut and concerns(each, case)]
    everybody = bool(cuts) and all(not each.targets for each in cuts)
    members = tuple(sorted(bloc_members(record, out)))
    listed = _aimed(inside, cuts, members) if everybody else inside
    extended = _extended(listed, joiner)
    known = bool(cuts) and extended != listed and bool(members)
    return Joining(
        without=answer(out),
        joined=answer(inside),
        listed=answer(listed) if known else None,
        extended=answer(extended) if known else None,
        everybody=everybody,
    )


def _aimed(scenario: Scenario, cuts: Iterable[Restriction], targets: tuple[str, ...]) -> Scenario:
    """The same scenario with its cuts aimed at a list of countries."""
    aimed = set(cuts)
    restrictions = tuple(replace(each, targets=targets) if each in aimed else each for each in scenario.restrictions)
    return replace(scenario, restrictions=restrictions)


def _extended(scenario: Scenario, joiner: str) -> Scenario:
    """The same scenario with a country added to every list of targets."""
    restrictions = tuple(
        replace(each, targets=(*each.targets, joiner)) if each.targets and each.imposing != joiner else each
        for each in scenario.restrictions
    )
    return replace(scenario, restrictions=restrictions)


def verdict(record: Record, found: Joining, case: BaseCase, iso3: str, joiner: str) -> str:
    """Heading: whether adding a country helps, hurts or does neither."""
    values = {
        "joiner": name_of(record, joiner),
        "country": name_of(record, iso3),
        "product": record.product_sentence_names[case.product],
    }
    if "unsolved" in (found.without.kind, found.joined.kind):
        return say("Whether adding {joiner} helps was not solved", **values)
    if by_itself := _direction(found.without, found.joined):
        return say(BY_ITSELF[by_itself], **values)
    if found.everybody:
        return say(
            "Adding {joiner} would neither help nor hurt {country} in {product}: the cut is on everybody", **values
        )
    if found.listed and found.extended and (further := _direction(found.listed, found.extended)):
        return say(IF_FOLLOWED[further], **values)
    return say("Adding {joiner} would neither help nor hurt {country} in {product}", **values)


def _worse(before: Answer, after: Answer) -> float:
    """How much worse off users are: the rise of the price, or the use lost where no price is said. [fraction]."""
    if before.kind == after.kind == "price":
        return after.price / before.price - 1
    return before.served - after.served


def _direction(before: Answer, after: Answer) -> str:
    difference = _worse(before, after)
    if abs(difference) < UNCHANGED or difference != difference:
        return ""
    return "hurt" if difference > 0 else "help"


def sentences(record: Record, found: Joining, scenario: Scenario, case: BaseCase, iso3: str, joiner: str) -> list[str]:
    """The cases in words with their prices."""
    cuts = [each for each in scenario.restrictions if each.cut and concerns(each, case)]
    suppliers = [name_of(record, each) for each in dict.fromkeys(each.imposing for each in cuts)]
    return [
        _as_it_is(record, found, scenario, iso3, joiner),
        _joins(found, scenario),
        _extends(record, found, suppliers, iso3, joiner),
    ]


def _as_it_is(record: Record, found: Joining, scenario: Scenario, iso3: str, joiner: str) -> str:
    name = name_of(record, joiner)
    if joiner in bloc_members(record, scenario):
        state, answer = say("{joiner} is a member in this scenario.", joiner=name), found.joined
    else:
        state, answer = say("{joiner} is outside now.", joiner=name), found.without
    price = say("For {country}: {price}.", country=name_of(record, iso3), price=_price(answer))
    return " ".join([say("**As it is.**"), words.capital(state), price])


def _joins(found: Joining, scenario: Scenario) -> str:
    prices = say(
        "From {before} without it to {after} with it: {change}.",
        before=_price(found.without),
        after=_price(found.joined),
        change=_moved(found.without, found.joined),
    )
    return " ".join([say("**It joins the bloc; the list of the cut stays.**"), prices, _why(scenario)])


def _extends(record: Record, found: Joining, suppliers: list[str], iso3: str, joiner: str) -> str:
    """What follows where those who withhold extend their cut to the country that is added."""
    name, number, named = name_of(record, joiner), len(suppliers), words.listing(suppliers)
    if not suppliers:
        return say("**The cut follows it.** Nothing is cut in this market, so nothing can follow.")
    if found.listed is None or found.extended is None:
        already = say_many(
            number,
            "{suppliers} cuts {joiner} already, or nobody is on its list.",
            "{suppliers} cut {joiner} already, or nobody is on their list.",
            suppliers=named,
            joiner=name,
        )
        return f"{say('**The cut follows it.**')} {words.capital(already)}"
    start = say_many(number, "{suppliers} extends the cut to it.", "{suppliers} extend the cut to it.", suppliers=named)
    values = {
        "before": _price(found.listed),
        "after": _price(found.extended),
        "change": _moved(found.listed, found.extended),
        "joiner": name,
    }
    if not found.everybody:
        prices = say("From {before} with {joiner} off the list to {after} with it on: {change}.", **values)
    else:
        prices = _had_it_cut_members(number, country=name_of(record, iso3), **values)
    return f"**{words.capital(start)}** {prices}"


def _had_it_cut_members(number: int, **values: str) -> str:
    """What would follow had the suppliers, so many, cut the members alone and not everybody."""
    everybody = say_many(
        number,
        "It cuts everybody already, {joiner} too, so nothing is left to extend.",
        "They cut everybody already, {joiner} too, so nothing is left to extend.",
        **values,
    )
    prices = say_many(
        number,
        "Had it cut the members alone, it would go for {country} from {before} with {joiner} off the list to {after} "
        "with it on: {change}.",
        "Had they cut the members alone, it would go for {country} from {before} with {joiner} off the list to {after} "
        "with it on: {change}.",
        **values,
    )
    return f"{everybody} {prices}"


def _price(answer: Answer) -> str:
    """Price in base prices; three digits where two would hide a difference."""
    if answer.kind != "price":
        return price_words(answer)
    return f"{words.number(answer.price, '.2f')} ({price_range(answer)})"


def _moved(before: Answer, after: Answer) -> str:
    difference = _worse(before, after)
    if difference != difference:
        return say("not solved")
    if abs(difference) < 1e-4:
        return say("unchanged")
    if not before.kind == after.kind == "price":
        return say("use lost is {difference}", difference=words.points(1 - before.served, 1 - after.served))
    if abs(difference) >= UNCHANGED:
        return change(1 + difference)
    return say("higher by less than half a percent") if difference > 0 else say("lower by less than half a percent")


def _why(scenario: Scenario) -> str:
    if scenario.tariff or scenario.prices:
        return say("It levies what the members levy, and is spared what they levy on outsiders.")
    return say("The members levy nothing, and the cut has a list of its own: who is in the bloc changes no trade.")


def three_lists(record: Record, scenario: Scenario, accounted: Case, case: BaseCase) -> list[str]:
    """Three questions often taken for one, with the present answer to each."""
    members = _members(len(bloc_members(record, scenario)))
    cut = f"{_cut_list(record, scenario, case)} {say('This list stays when the bloc changes.')}"
    return [
        f"{say('**Whom the supplier cuts.**')} {cut}",
        f"{say('**Who answers with tariffs.**')} {words.capital(_tariffs(scenario, members))}",
        f"{say('**Who shares supply.**')} {words.capital(members)}. {_coverage(record, accounted, case)}",
    ]


def _members(number: int) -> str:
    return say_many(number, "the {number} member", "the {number} members") if number else say("nobody")


def _cut_list(record: Record, scenario: Scenario, case: BaseCase) -> str:
    cuts = [each for each in scenario.restrictions if concerns(each, case)]
    if not cuts:
        return say("Nobody: nothing is withheld in this market.")
    return " ".join(dict.fromkeys(words.capital(_one_cut(record, each)) for each in cuts))


def _one_cut(record: Record, cut: Restriction) -> str:
    supplier, targets = name_of(record, cut.imposing), targets_of(record, cut)
    if not cut.cut:
        return say("{supplier} taxes what it sells to {targets}.", supplier=supplier, targets=targets)
    goods = goods_of(record, cut)
    if cut.cut == 1:
        return say(
            "{supplier} withholds all of its exports of {goods} from {targets}.",
            supplier=supplier,
            goods=goods,
            targets=targets,
        )
    return say(
        "{supplier} withholds {share} of its exports of {goods} from {targets}.",
        supplier=supplier,
        share=words.percent(cut.cut),
        goods=goods,
        targets=targets,
    )


def _tariffs(scenario: Scenario, members: str) -> str:
    if not scenario.tariff:
        return say("{members}, and they levy none now.", members=members)
    return say(
        "{members}: {share} on what they buy from outside, of which {waived} is waived among them.",
        members=members,
        share=words.percent(scenario.tariff),
        waived=words.percent(scenario.preference),
    )


def _coverage(record: Record, accounted: Case, case: BaseCase) -> str:
    """What the members' own output covers of their need: accounting, no model."""
    stages = {"mine"} if case.product_stage == "mine" else {"smelter", "refinery"}
    series = record.series[(record.series["product"] == case.product) & record.series.stage.isin(stages)]
    rows = accounted.rows[accounted.rows.row.isin(series.index)]
    product = record.product_sentence_names[case.product]
    if rows.empty or rows.coverage.isna().all():
        return say("What their output covers of their need of {product} is not on record.", product=product)
    row = rows.iloc[0]
    return say(
        COVERED[str(series.stage.loc[row.row])],
        product=product,
        share=words.percent(float(row.coverage)),
        year=row.year,
    )
