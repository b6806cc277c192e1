"""What a briefing says, section by section: short sentences, true and grammatical for every scenario."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from bloc import measures, words
from bloc.briefing import (
    NOTABLE,
    Case,
    cuts_of,
    finding,
    gains_and_losses,
    goods_of,
    members_in_words,
    moved_members,
    name_of,
    need_basis,
    nothing_seen,
    share_of,
    share_withheld,
    targets_of,
    unseen,
    verdict,
    weakest,
)
from bloc.data import Record
from bloc.exports.exposed import dominant_outsiders, goods_withheld, members_exposed
from bloc.language import mark, say, say_many
from bloc.outcome import restricting
from bloc.scenario import Restriction
from bloc.settings import Applied, Settings, recorded_measures

# Imports below this are too small for a share of them to mean much. [USD]
NOTABLE_IMPORTS_USD = 100e6
# A loss below this share of purchases is not set against their size.
LEAST_SAID = 0.01
# Measures said one by one; all of them stand with the settings.
MOST_MEASURES = 5
# Products of a headline before they are only counted.
MOST_NAMED = 4
# Products whose supply is said one by one.
MOST_ON_OFFER = 3
HEADINGS = {
    "changed": mark("What was changed"),
    "happens": mark("What happens"),
    "exposed": mark("Who is exposed"),
    "costs": mark("What it costs"),
    "sure": mark("How sure this is"),
    "left_out": mark("What it leaves out"),
}
# The same where a heading is the second of a title: "Who is exposed and what it costs".
SECOND = {
    "changed": mark("what was changed"),
    "happens": mark("what happens"),
    "exposed": mark("who is exposed"),
    "costs": mark("what it costs"),
    "sure": mark("how sure this is"),
    "left_out": mark("what it leaves out"),
}
# What would stay on offer, by stage.
AT_LEAST = {
    "mine": mark("At least {share} of the world’s mined {product} would stay on offer to {buyers}."),
    "smelter": mark("At least {share} of the world’s smelted {product} would stay on offer to {buyers}."),
    "refinery": mark("At least {share} of the world’s refined {product} would stay on offer to {buyers}."),
}
NEXT_TO_NOTHING = {
    "mine": mark("Next to nothing of the world’s mined {product} would stay on offer to {buyers}."),
    "smelter": mark("Next to nothing of the world’s smelted {product} would stay on offer to {buyers}."),
    "refinery": mark("Next to nothing of the world’s refined {product} would stay on offer to {buyers}."),
}


class Section(NamedTuple):
    """A heading and the sentences below it; `second` is the heading as it reads behind another in one title."""

    key: str
    heading: str
    sentences: tuple[str, ...]
    second: str = ""


def headline(record: Record, settings: Settings, after: Case, otherwise: str = "") -> str:
    """What named restrictions would stop; else what else is to be said first, or how much of need the bloc meets."""
    named = [each for each in cuts_of(after) if each.products or each.targets]
    if not named or not after.members or not after.summary.withheld_usd > 0:
        return otherwise or finding(after)
    amount = words.dollars(after.summary.withheld_usd)
    count = bool(settings.cut_pct) + sum(_withholds(record, each) for each in settings.applied)
    if count > 1:
        return _several_would_stop(count, amount)
    return words.capital(_would_stop(record, named[0], amount))


def _several_would_stop(count: int, amount: str) -> str:
    stopped = say_many(
        count,
        "{number} restriction would stop {amount} of the members’ purchases",
        "{number} restrictions would stop {amount} of the members’ purchases",
        number=words.count(count),
        amount=amount,
    )
    return words.capital(stopped)


def _would_stop(record: Record, cut: Restriction, amount: str) -> str:
    values = {
        "supplier": name_of(record, cut.imposing),
        "share": share_withheld(cut),
        "goods": _goods(record, cut),
        "amount": amount,
    }
    if not cut.targets:
        return say(
            "{supplier} withholding {share} of its {goods} would stop {amount} of the members’ purchases", **values
        )
    return say(
        "{supplier} withholding {share} of its {goods} from {targets} would stop {amount} of the members’ purchases",
        targets=targets_of(record, cut),
        **values,
    )


def _withholds(record: Record, applied: Applied) -> bool:
    known = recorded_measures(record)[applied.restriction_id]
    return applied.level_pct > 0 and any(isinstance(each, Restriction) and each.cut > 0 for each in known)


def _goods(record: Record, cut: Restriction) -> str:
    """Goods of a cut, several products of one mineral by its name alone."""
    products = record.products[record.products["product"].isin(cut.products)]
    if len(products) > MOST_NAMED and products.mineral.nunique() > 1:
        return say_many(len(products), "{number} material", "{number} materials")
    if len(products) > 1 and products.mineral.nunique() == 1:
        return str(products.mineral_in_sentence.iloc[0])
    return goods_of(record, cut)


def sections(record: Record, settings: Settings, before: Case, after: Case) -> tuple[Section, ...]:
    """All sections in their order; another one is put among them with Brief.with_section."""
    exposed = members_exposed(record, after)
    return (
        _section("changed", what_was_changed(record, settings, before, after)),
        _section("happens", what_happens(record, before, after)),
        _section("exposed", who_is_exposed(record, after, exposed)),
        _section("costs", what_it_costs(record, settings, after, exposed)),
        _section("sure", how_sure(record, settings, after)),
        _section("left_out", what_it_leaves_out(settings)),
    )


def _section(key: str, sentences: Iterable[str]) -> Section:
    plain = tuple(each.replace("**", "") for each in sentences if each)
    return Section(key, say(HEADINGS[key]), plain, say(SECOND[key]))


def what_was_changed(record: Record, settings: Settings, before: Case, after: Case) -> tuple[str, ...]:
    """Who came and went, what is done, and what it is compared with."""
    moved = moved_members(record, before, after) or _stays(record, after)
    done = measures.measures(record, settings)
    rest = len(done) - MOST_MEASURES
    if rest > 1:
        done = (*done[:MOST_MEASURES], _more_measures(rest))
    return (moved, *done, measures.baseline(record, settings))


def _stays(record: Record, after: Case) -> str:
    if not after.members:
        return say("Nobody is in the bloc.")
    return say("The members are those of the baseline: {members}.", members=members_in_words(record, after.members))


def _more_measures(rest: int) -> str:
    more = say_many(
        rest,
        "{number} more measure is listed with the settings.",
        "{number} more measures are listed with the settings.",
        number=words.count(rest),
    )
    return words.capital(more)


def what_happens(record: Record, before: Case, after: Case) -> tuple[str, ...]:
    """What the bloc meets of need, what moved, and what stays on offer of the products concerned."""
    if not after.members:
        nobody = say("Without members there is no bloc to supply: it has no output and no need.")
        return (nobody, *on_offer(record, after))
    if not measured(after):
        return (f"{finding(after)}.", *on_offer(record, after))
    return (f"{finding(after)}.", *_moves(before, after), weakest(after), *on_offer(record, after))


def _moves(before: Case, after: Case) -> tuple[str, ...]:
    """Gains, losses and whether they help, or that there are none."""
    if before.members != after.members:
        moved = (gains_and_losses(before, after), verdict(before, after))
        return moved if any(moved) else (say("No material gains or loses more than half a point of need."),)
    if cuts_of(after):
        return (say("What the members dig and refine is as in the baseline: what is withheld does not change it."),)
    return (say("What the members dig and refine is as in the baseline."),)


def measured(case: Case) -> bool:
    """Whether any need of the members is on record, so that output can be set against it."""
    return bool(case.rows.coverage.notna().any())


def on_offer(record: Record, after: Case) -> tuple[str, ...]:
    """For named products, what would stay on offer of world supply: a lower bound."""
    named = dict.fromkeys(product for each in cuts_of(after) for product in each.products)
    indicators = after.outcome.indicators
    found = []
    for product in list(named)[:MOST_ON_OFFER]:
        rows = indicators[(indicators["product"] == product) & (indicators.available_share < 1)]
        if len(rows):
            worst = rows.loc[rows.available_share.idxmin()]
            said = AT_LEAST if worst.available_share > NOTABLE else NEXT_TO_NOTHING
            found.append(
                say(
                    said[worst.stage],
                    share=share_of(worst.available_share),
                    product=record.product_sentence_names[product],
                    buyers=_deprived(record, after, product),
                )
            )
    return tuple(found)


def _deprived(record: Record, after: Case, product: str) -> str:
    """Whom a product is withheld from, where one restriction names it; else the members, of whom some may be spared."""
    concerning = [each for each in cuts_of(after) if not each.products or product in each.products]
    if len(concerning) == 1 and concerning[0].targets:
        return targets_of(record, concerning[0])
    return say("the members")


def who_is_exposed(record: Record, after: Case, exposed: pd.DataFrame) -> tuple[str, ...]:
    """Members by what they would lose, then the outsider most materials hang on."""
    if not after.members:
        return (say("Nobody is in the bloc, so nobody in it is exposed."), dominance(record, after))
    hit = exposed[exposed.withheld_usd > 0]
    if hit.empty:
        return (_nobody_hit(record, after), dominance(record, after))
    aimed = all(each.targets for each in cuts_of(after))
    others = exposed[~(exposed.withheld_usd > 0) & ~exposed.iso3.isin(restricting(record, after.scenario))]
    return (
        _largest_losses(record, hit, len(after.members)),
        _hardest_hit(record, hit),
        "" if aimed else _spared(len(others)),
        dominance(record, after),
    )


def _nobody_hit(record: Record, after: Case) -> str:
    if not cuts_of(after):
        return say("Nothing is withheld; what remains is how much hangs on one supplier.")
    if nothing_seen(record, after):
        return say("Who would lose purchases cannot be told: the trade figures used here do not show these goods.")
    return say("No member is recorded to buy what is withheld.")


def _largest_losses(record: Record, hit: pd.DataFrame, members: int) -> str:
    first, *others = hit.head(4).itertuples()
    name, amount = name_of(record, first.iso3), words.dollars(first.withheld_usd)
    if others:
        return words.capital(_most_and_others(record, name, amount, others))
    if members > 1:
        alone = say(
            "{country} alone among the members would lose purchases of {amount} a year.", country=name, amount=amount
        )
        return words.capital(alone)
    return words.capital(say("{country} would lose purchases of {amount} a year.", country=name, amount=amount))


def _most_and_others(record: Record, name: str, amount: str, others: list[Any]) -> str:
    following = [
        say("{country} ({amount})", country=name_of(record, row.iso3), amount=words.dollars(row.withheld_usd))
        for row in others
    ]
    return say_many(
        len(others),
        "{country} would lose most, purchases of {amount} a year; {others} follows.",
        "{country} would lose most, purchases of {amount} a year; {others} follow.",
        country=name,
        amount=amount,
        others=words.listing(following),
    )


def _hardest_hit(record: Record, hit: pd.DataFrame) -> str:
    """The member that loses the largest part of what it buys, among those that buy much."""
    large = hit[hit.imports_usd >= NOTABLE_IMPORTS_USD]
    if len(large) < 2:
        return ""
    worst = large.loc[large.withheld_share.idxmax()]
    if worst.withheld_share < LEAST_SAID:
        return ""
    return say(
        "Of the members that buy critical minerals for {amount} or more a year, {country} would lose the largest "
        "share of its purchases: {share}.",
        amount=words.dollars(NOTABLE_IMPORTS_USD),
        country=name_of(record, worst.iso3),
        share=share_of(worst.withheld_share),
    )


def _spared(members: int) -> str:
    if not members:
        return ""
    spared = say_many(
        members,
        "{number} other member is not recorded to buy any of it.",
        "{number} other members are not recorded to buy any of it.",
        number=words.count(members),
    )
    return words.capital(spared)


# The country that makes more than half of most materials, by the stages at which it does.
DOMINATES_FROM_OUTSIDE = {
    "both": mark(
        "{country}, outside the bloc, makes more than half of the world’s output of {mined} of {all_mined} mined and "
        "{refined} of {all_refined} refined materials."
    ),
    "mined": mark(
        "{country}, outside the bloc, makes more than half of the world’s output of {mined} of {all_mined} mined "
        "materials."
    ),
    "refined": mark(
        "{country}, outside the bloc, makes more than half of the world’s output of {refined} of {all_refined} refined "
        "materials."
    ),
}
DOMINATES = {
    "both": mark(
        "{country} makes more than half of the world’s output of {mined} of {all_mined} mined and {refined} of "
        "{all_refined} refined materials."
    ),
    "mined": mark("{country} makes more than half of the world’s output of {mined} of {all_mined} mined materials."),
    "refined": mark(
        "{country} makes more than half of the world’s output of {refined} of {all_refined} refined materials."
    ),
}


def dominance(record: Record, after: Case) -> str:
    """The outsider that makes more than half of most materials."""
    alone = dominant_outsiders(after)
    if alone.empty:
        return say("No country outside the bloc makes more than half of the world’s output of any material.")
    counts = alone.groupby(["largest_supplier", alone.stage == "mine"], observed=True).size().unstack(fill_value=0)
    largest = counts.sum(axis=1).idxmax()
    mined, refined = (int(counts.get(mine, pd.Series(dtype=int)).get(largest, 0)) for mine in (True, False))
    mines = record.series.stage == "mine"
    stages = "both" if mined and refined else "mined" if mined else "refined"
    makes = (DOMINATES_FROM_OUTSIDE if after.members else DOMINATES)[stages]
    return words.capital(
        say(
            makes,
            country=name_of(record, str(largest)),
            mined=words.count(mined),
            all_mined=int(mines.sum()),
            refined=words.count(refined),
            all_refined=int((~mines).sum()),
        )
    )


def what_it_costs(record: Record, settings: Settings, after: Case, exposed: pd.DataFrame) -> tuple[str, ...]:
    """Purchases at stake, in dollars of the trade year; the market's prices are a section of their own."""
    if not after.members:
        return (say("Without members there are no purchases to lose."),)
    amount, in_the_market = after.summary.withheld_usd, measures.acts_in_the_market(record, settings)
    if not amount > 0:
        return (
            _nothing_at_stake(record, after),
            _unseen(record, after),
            say("What tariffs, prices, stocks and subsidies cost is not counted here; the page of prices shows it.")
            if in_the_market
            else "",
        )
    return (
        say(
            "Purchases of {amount} a year would be at stake at {year} prices, {share} of what the members buy abroad "
            "of critical minerals.",
            amount=words.dollars(amount),
            year=after.summary.trade_year,
            share=share_of(amount / float(exposed.imports_usd.sum())),
        ),
        _largest_goods(record, after),
        _unseen(record, after),
        say(
            "This is before rerouting, substitution or any answer of prices: what is at stake, not a forecast of the "
            "loss."
        ),
        say("What tariffs, prices, stocks, leakage and subsidies do is not in this number.") if in_the_market else "",
    )


def _nothing_at_stake(record: Record, after: Case) -> str:
    if not cuts_of(after):
        return say("Nothing is withheld, so no purchases would stop.")
    return "" if nothing_seen(record, after) else say("No purchases of the members on record are withheld.")


def _largest_goods(record: Record, after: Case) -> str:
    goods = goods_withheld(after)
    if len(goods) < 2:
        return ""
    named = [f"{record.product_sentence_names[str(product)]} ({words.dollars(usd)})" for product, usd in goods.items()]
    return say("The largest part is {first}, then {others}.", first=named[0], others=words.listing(named[1:3]))


def _unseen(record: Record, after: Case) -> str:
    """Goods withheld whose trade no customs heading of the record shows."""
    goods = dict.fromkeys(
        goods_of(record, replace(cut, products=(product,))) for cut in cuts_of(after) for product in unseen(record, cut)
    )
    if not goods:
        return ""
    return say(
        "The trade figures used here do not show {goods} separately, so such purchases are not counted.",
        goods=words.listing(list(goods)),
    )


def how_sure(record: Record, settings: Settings, after: Case) -> tuple[str, ...]:
    """Figures that are estimated or undisclosed, years, ranges, memberships."""
    return (
        _disclosed(record),
        say(
            "Output is of {first} to {last}, each material in its latest year; trade is of {year}.",
            first=record.series.year.min(),
            last=record.series.year.max(),
            year=record.trade_year,
        ),
        say(
            "For {some} of {all} series the source does not name every producer, so the share of the bloc may be "
            "larger.",
            some=int((~record.series.complete.astype(bool)).sum()),
            all=len(record.series),
        ),
        _undisclosed_members(after),
        need_basis(after),
        _inferred(record, settings),
    )


def _disclosed(record: Record) -> str:
    qualifier = record.production.qualifier
    return say(
        "Of {number} output figures, {estimated} are estimates of the source, {modelled} are modelled and {unknown} "
        "are not disclosed; what is not disclosed counts as unknown, never as nothing.",
        number=words.number(len(record.production), ","),
        estimated=int((qualifier == "estimated").sum()),
        modelled=int((qualifier == "modelled").sum()),
        unknown=int(record.production.quantity.isna().sum()),
    )


def _undisclosed_members(after: Case) -> str:
    series = int((after.outcome.indicators.undisclosed_members > 0).sum())
    if not series:
        return ""
    undisclosed = say_many(
        series,
        "{number} series is without the output of at least one member, which is undisclosed, so the bloc may be "
        "stronger there.",
        "{number} series are without the output of at least one member, which is undisclosed, so the bloc may be "
        "stronger there.",
        number=words.count(series),
    )
    return words.capital(undisclosed)


def _inferred(record: Record, settings: Settings) -> str:
    rows = record.memberships
    here = rows[(rows.grouping_id == settings.preset) & rows.in_preset]
    inferred = int((here.confidence == "inferred").sum()) if settings.confidence != "confirmed" else 0
    claimed = int((here.confidence == "claimed").sum()) if settings.confidence == "claimed" else 0
    parts = []
    if inferred:
        parts.append(
            say_many(
                inferred,
                "{number} membership is inferred",
                "{number} memberships are inferred",
                number=words.count(inferred),
            )
        )
    if claimed:
        parts.append(
            say_many(
                claimed,
                "{number} membership is only claimed",
                "{number} memberships are only claimed",
                number=words.count(claimed),
            )
        )
    if not parts:
        return ""
    preset = record.presets[settings.preset]
    return say("In “{grouping}”, {memberships}, not confirmed.", grouping=preset, memberships=words.listing(parts))


def what_it_leaves_out(settings: Settings) -> tuple[str, ...]:
    """Limits of the accounting, in the order they matter."""
    return (
        say(
            "Nobody reacts in the accounting: no rerouting, no substitution, no stocks drawn, no new mines, no new "
            "prices."
        ),
        say("Output counts where it is dug or refined, whoever owns it."),
        say("Trade is counted in dollars and gross tonnes under customs headings, some of which mix goods."),
        say(
            "Attending, signing and negotiating are not membership; no text on record binds these members to act "
            "together."
        )
        if settings.preset == "cmm_2026"
        else say("The members are those of the scenario, whatever a text binds them to."),
    )
