"""Whom the supplier cuts, who answers with tariffs, who shares supply: three lists; and what one more country does."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bloc import words
from bloc.briefing import Case, goods_of, name_of, targets_of
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.outcome import bloc_members
from bloc.scenario import Restriction, Scenario
from bloc.views import market_session
from bloc.views.restrictions_words import UNCHANGED, Answer, answers, change, concerns, price_range, price_words


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
    who, new = name_of(record, iso3), name_of(record, joiner)
    product = record.product_sentence_names[case.product]
    if "unsolved" in (found.without.kind, found.joined.kind):
        return f"Whether adding {new} helps was not solved"
    by_itself = _direction(found.without, found.joined)
    if by_itself:
        return f"Adding {new} would {by_itself} {who} in {product}"
    if found.everybody:
        return f"Adding {new} would neither help nor hurt {who} in {product}: the cut is on everybody"
    if found.listed and found.extended and (further := _direction(found.listed, found.extended)):
        return f"Adding {new} would {further} {who} in {product} only if the cut follows it"
    return f"Adding {new} would neither help nor hurt {who} in {product}"


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
    who, new = name_of(record, iso3), name_of(record, joiner)
    inside = joiner in bloc_members(record, scenario)
    state = f"{words.capital(new)} is a member in this scenario." if inside else f"{words.capital(new)} is outside now."
    parts = [
        f"**As it is.** {state} For {who}: {_price(found.joined if inside else found.without)}.",
        f"**It joins the bloc; the list of the cut stays.** From {_price(found.without)} without it to "
        f"{_price(found.joined)} with it: {_moved(found.without, found.joined)}. {_why(scenario)}",
    ]
    cuts = [each for each in scenario.restrictions if each.cut and concerns(each, case)]
    if not cuts:
        return [*parts, "**The cut follows it.** Nothing is cut in this market, so nothing can follow."]
    supplier = words.listing([name_of(record, each) for each in dict.fromkeys(each.imposing for each in cuts)])
    if found.listed is None or found.extended is None:
        return [
            *parts,
            f"**The cut follows it.** {words.capital(supplier)} cuts {new} already, or nobody is on its list.",
        ]
    start = f"**{words.capital(supplier)} extends the cut to it.**"
    if found.everybody:
        start += (
            f" It cuts everybody already, {new} too, so nothing is left to extend. Had it cut the members alone,"
            f" it would go for {who} from {_price(found.listed)} with {new} off the list to"
        )
    else:
        start += f" From {_price(found.listed)} with {new} off the list to"
    return [*parts, f"{start} {_price(found.extended)} with it on: {_moved(found.listed, found.extended)}."]


def _price(answer: Answer) -> str:
    """Price in base prices; three digits where two would hide a difference."""
    if answer.kind != "price":
        return price_words(answer)
    return f"{answer.price:.2f} ({price_range(answer)})"


def _moved(before: Answer, after: Answer) -> str:
    difference = _worse(before, after)
    if difference != difference:
        return "not solved"
    if abs(difference) < 1e-4:
        return "unchanged"
    if not before.kind == after.kind == "price":
        return f"use lost is {words.points(1 - before.served, 1 - after.served)}"
    if abs(difference) < UNCHANGED:
        return f"{'higher' if difference > 0 else 'lower'} by less than half a percent"
    return change(1 + difference)


def _why(scenario: Scenario) -> str:
    if scenario.tariff or scenario.prices:
        return "It levies what the members levy, and is spared what they levy on outsiders."
    return "The members levy nothing, and the cut has a list of its own: who is in the bloc changes no trade."


def three_lists(record: Record, scenario: Scenario, accounted: Case, case: BaseCase) -> list[str]:
    """Three questions often taken for one, with the present answer to each."""
    members = bloc_members(record, scenario)
    number = f"the {len(members)} members" if members else "nobody"
    return [
        f"**Whom the supplier cuts.** {_cut_list(record, scenario, case)} This list stays when the bloc changes.",
        f"**Who answers with tariffs.** {_tariffs(scenario, number)}",
        f"**Who shares supply.** {words.capital(number)}. {_coverage(record, accounted, case)}",
    ]


def _cut_list(record: Record, scenario: Scenario, case: BaseCase) -> str:
    cuts = [each for each in scenario.restrictions if concerns(each, case)]
    if not cuts:
        return "Nobody: nothing is withheld in this market."
    found = []
    for each in cuts:
        share = "all" if each.cut == 1 else words.percent(each.cut)
        what = (
            f"withholds {share} of its exports of {goods_of(record, each)} from"
            if each.cut
            else "taxes what it sells to"
        )
        found.append(f"{words.capital(name_of(record, each.imposing))} {what} {targets_of(record, each)}.")
    return " ".join(dict.fromkeys(found))


def _tariffs(scenario: Scenario, number: str) -> str:
    if not scenario.tariff:
        return f"{words.capital(number)}, and they levy none now."
    waived = words.percent(scenario.preference)
    share = words.percent(scenario.tariff)
    return f"{words.capital(number)}: {share} on what they buy from outside, of which {waived} is waived among them."


def _coverage(record: Record, accounted: Case, case: BaseCase) -> str:
    """What the members' own output covers of their need: accounting, no model."""
    stages = {"mine"} if case.product_stage == "mine" else {"smelter", "refinery"}
    series = record.series[(record.series["product"] == case.product) & record.series.stage.isin(stages)]
    rows = accounted.rows[accounted.rows.row.isin(series.index)]
    product = record.product_sentence_names[case.product]
    if rows.empty or rows.coverage.isna().all():
        return f"What their output covers of their need of {product} is not on record."
    row = rows.iloc[0]
    return (
        f"Their {words.STAGE[str(series.stage.loc[row.row])]} {product} covers {words.percent(float(row.coverage))} of "
        f"their need in {row.year} (accounting, not the model)."
    )
