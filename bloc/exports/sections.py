"""What a briefing says, section by section: short sentences, true and grammatical for every scenario."""

from typing import NamedTuple

import pandas as pd

from bloc import words
from bloc.briefing import (
    NOTABLE,
    Case,
    finding,
    gains_and_losses,
    goods_of,
    members_in_words,
    moved_members,
    name_of,
    names_of,
    need_basis,
    targets_of,
    verdict,
    weakest,
)
from bloc.data import Record
from bloc.exports import measures
from bloc.exports.exposed import dominant_outsiders, goods_withheld, members_exposed
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


class Section(NamedTuple):
    """A heading and the sentences below it."""

    heading: str
    sentences: tuple[str, ...]


def headline(record: Record, settings: Settings, after: Case) -> str:
    """The finding: what named restrictions would stop, or how much of need the bloc meets."""
    named = [each for each in _cuts(after) if each.products or each.targets]
    if not named or not after.members or not after.summary.withheld_usd > 0:
        return finding(after)
    amount = f"would stop {words.dollars(after.summary.withheld_usd)} of the members’ purchases"
    count = bool(settings.cut_pct) + sum(_withholds(record, each) for each in settings.applied)
    if count > 1:
        return f"{words.capital(words.count(count))} restrictions {amount}"
    cut = named[0]
    share = "all" if cut.cut == 1 else words.percent(cut.cut)
    away = f" from {targets_of(record, cut)}" if cut.targets else ""
    supplier = words.capital(name_of(record, cut.imposing))
    return f"{supplier} withholding {share} of its {_goods(record, cut)}{away} {amount}"


def _withholds(record: Record, applied: Applied) -> bool:
    known = recorded_measures(record)[applied.restriction_id]
    return applied.level_pct > 0 and any(isinstance(each, Restriction) and each.cut > 0 for each in known)


def _goods(record: Record, cut: Restriction) -> str:
    """Goods of a cut, several products of one mineral by its name alone."""
    products = record.products[record.products["product"].isin(cut.products)]
    if len(products) > MOST_NAMED and products.mineral.nunique() > 1:
        return f"{len(products)} materials"
    if len(products) > 1 and products.mineral.nunique() == 1:
        return str(products.mineral_name.iloc[0]).lower()
    return goods_of(record, cut)


def share_of(part: float) -> str:
    """Share as it is said inside a sentence: less than 1 %, more than 99 %."""
    return words.percent(part).replace("<", "less than ").replace(">", "more than ")


def sections(record: Record, settings: Settings, before: Case, after: Case) -> tuple[Section, ...]:
    """All sections in their order; another one is put among them with Brief.with_section."""
    exposed = members_exposed(record, after)
    said = (
        Section("What was changed", what_was_changed(record, settings, before, after)),
        Section("What happens", what_happens(record, before, after)),
        Section("Who is exposed", who_is_exposed(record, after, exposed)),
        Section("What it costs", what_it_costs(record, settings, after, exposed)),
        Section("How sure this is", how_sure(record, settings, after)),
        Section("What it leaves out", what_it_leaves_out(settings)),
    )
    return tuple(
        Section(heading, tuple(each.replace("**", "") for each in sentences if each)) for heading, sentences in said
    )


def _cuts(case: Case) -> list[Restriction]:
    return [each for each in case.scenario.restrictions if each.cut > 0]


def what_was_changed(record: Record, settings: Settings, before: Case, after: Case) -> tuple[str, ...]:
    """Who came and went, what is done, and what it is compared with."""
    stays = f"The members are those of the baseline: {members_in_words(record, after.members)}."
    moved = moved_members(record, before, after) or (stays if after.members else "Nobody is in the bloc.")
    done = measures.measures(record, settings)
    rest = len(done) - MOST_MEASURES
    if rest > 1:
        more = f"{words.capital(words.count(rest))} more measures are listed with the settings."
        done = (*done[:MOST_MEASURES], more)
    return (moved, *done, measures.baseline(record, settings))


def what_happens(record: Record, before: Case, after: Case) -> tuple[str, ...]:
    """What the bloc meets of need, what moved, and what stays on offer of the products concerned."""
    if not after.members:
        return ("Without members there is no bloc to supply: it has no output and no need.", *on_offer(record, after))
    if not measured(after):
        return (f"{finding(after)}.", *on_offer(record, after))
    moved = (gains_and_losses(before, after), verdict(before, after))
    if before.members == after.members:
        same = "What the members dig and refine is as in the baseline"
        moved = (f"{same}: what is withheld does not change it." if _cuts(after) else f"{same}.", "")
    elif not any(moved):
        moved = ("No material gains or loses more than half a point of need.", "")
    return (f"{finding(after)}.", *moved, weakest(after), *on_offer(record, after))


def measured(case: Case) -> bool:
    """Whether any need of the members is on record, so that output can be set against it."""
    return bool(case.rows.coverage.notna().any())


def on_offer(record: Record, after: Case) -> tuple[str, ...]:
    """For named products, what would stay on offer of world supply: a lower bound."""
    named = dict.fromkeys(product for each in _cuts(after) for product in each.products)
    indicators = after.outcome.indicators
    found = []
    for product in list(named)[:MOST_ON_OFFER]:
        rows = indicators[(indicators["product"] == product) & (indicators.available_share < 1)]
        if len(rows):
            worst = rows.loc[rows.available_share.idxmin()]
            goods = f"{words.STAGE[worst.stage]} {record.product_sentence_names[product]}"
            left = worst.available_share
            start = f"At least {share_of(left)} of" if left > NOTABLE else "Next to nothing of"
            found.append(f"{start} the world’s {goods} would stay on offer to {_deprived(record, after, product)}.")
    return tuple(found)


def _deprived(record: Record, after: Case, product: str) -> str:
    """Whom a product is withheld from, where one restriction names it; else the members, of whom some may be spared."""
    concerning = [each for each in _cuts(after) if not each.products or product in each.products]
    if len(concerning) == 1 and concerning[0].targets:
        return targets_of(record, concerning[0])
    return "the members"


def who_is_exposed(record: Record, after: Case, exposed: pd.DataFrame) -> tuple[str, ...]:
    """Members by what they would lose, then the outsider most materials hang on."""
    if not after.members:
        return ("Nobody is in the bloc, so nobody in it is exposed.", dominance(record, after))
    hit = exposed[exposed.withheld_usd > 0]
    if hit.empty:
        none = "No member is recorded to buy what is withheld."
        if not _cuts(after):
            none = "Nothing is withheld; what remains is how much hangs on one supplier."
        return (none, dominance(record, after))
    aimed = all(each.targets for each in _cuts(after))
    spared = "" if aimed else _spared(exposed, hit)
    return (
        _largest_losses(record, hit, len(after.members)),
        _hardest_hit(record, hit),
        spared,
        dominance(record, after),
    )


def _largest_losses(record: Record, hit: pd.DataFrame, members: int) -> str:
    first, *others = hit.head(4).itertuples()
    name = words.capital(name_of(record, first.iso3))
    if not others:
        alone = " alone among the members" if members > 1 else ""
        return f"{name}{alone} would lose purchases of {words.dollars(first.withheld_usd)} a year."
    following = words.listing([f"{name_of(record, row.iso3)} ({words.dollars(row.withheld_usd)})" for row in others])
    verb = "follows" if len(others) == 1 else "follow"
    return f"{name} would lose most, purchases of {words.dollars(first.withheld_usd)} a year; {following} {verb}."


def _hardest_hit(record: Record, hit: pd.DataFrame) -> str:
    """The member that loses the largest part of what it buys, among those that buy much."""
    large = hit[hit.imports_usd >= NOTABLE_IMPORTS_USD]
    if len(large) < 2:
        return ""
    worst = large.loc[large.withheld_share.idxmax()]
    if worst.withheld_share < LEAST_SAID:
        return ""
    of_all = f"{share_of(worst.withheld_share)} of all it buys of critical minerals abroad"
    if worst.iso3 == hit.iso3.iloc[0]:
        return f"It is also hit hardest for its size: it would lose {of_all}."
    return f"Measured against its purchases, {name_of(record, worst.iso3)} is hit hardest: it would lose {of_all}."


def _spared(exposed: pd.DataFrame, hit: pd.DataFrame) -> str:
    spared = len(exposed) - len(hit)
    if not spared:
        return ""
    verb = "is" if spared == 1 else "are"
    return (
        f"{words.capital(words.count(spared))} {words.plural('member', spared)} {verb} not recorded to buy any of it."
    )


def dominance(record: Record, after: Case) -> str:
    """The outsider that makes more than half of most materials."""
    alone = dominant_outsiders(after)
    if alone.empty:
        return "No country outside the bloc makes more than half of the world’s output of any material."
    counts = alone.groupby(["largest_supplier", alone.stage == "mine"], observed=True).size().unstack(fill_value=0)
    largest = counts.sum(axis=1).idxmax()
    stages = record.series.stage == "mine"
    parts = [
        f"{words.count(int(counts.get(mined, pd.Series(dtype=int)).get(largest, 0)))} of {total} {stage}"
        for mined, stage, total in ((True, "mined", int(stages.sum())), (False, "refined", int((~stages).sum())))
    ]
    outside = ", outside the bloc," if after.members else ""
    return (
        f"{words.capital(name_of(record, str(largest)))}{outside} makes more than half of the world’s output of "
        f"{parts[0]} and {parts[1]} materials."
    )


def what_it_costs(record: Record, settings: Settings, after: Case, exposed: pd.DataFrame) -> tuple[str, ...]:
    """Purchases at stake, in dollars of the trade year; the market's prices are a section of their own."""
    unseen = _unseen(record, after)
    if not after.members:
        return ("Without members there are no purchases to lose.",)
    amount = after.summary.withheld_usd
    if not amount > 0:
        return ("No purchases of the members on record are withheld, so none are at stake.", unseen)
    of_all = share_of(amount / float(exposed.imports_usd.sum()))
    return (
        f"Purchases of {words.dollars(amount)} a year would be at stake at {after.summary.trade_year} prices, "
        f"{of_all} of what the members buy abroad of critical minerals.",
        _largest_goods(record, after),
        unseen,
        "This is before rerouting, substitution or any answer of prices: what is at stake, not a forecast of the loss.",
        "What tariffs, prices, stocks, leakage and subsidies do is not in this number."
        if measures.acts_in_the_market(settings)
        else "",
    )


def _largest_goods(record: Record, after: Case) -> str:
    goods = goods_withheld(after)
    if len(goods) < 2:
        return ""
    named = [f"{record.product_sentence_names[str(product)]} ({words.dollars(usd)})" for product, usd in goods.items()]
    return f"The largest part is {named[0]}, then {words.listing(named[1:3])}."


def _unseen(record: Record, after: Case) -> str:
    """Products withheld whose trade no customs heading shows."""
    shown = set(record.headings["product"])
    unseen = dict.fromkeys(product for each in _cuts(after) for product in each.products if product not in shown)
    if not unseen:
        return ""
    goods = words.listing([record.product_sentence_names[each] for each in unseen])
    return f"No customs heading shows trade in {goods} on its own, so such purchases are not counted."


def how_sure(record: Record, settings: Settings, after: Case) -> tuple[str, ...]:
    """Figures that are estimated or undisclosed, years, ranges, memberships."""
    qualifier = record.production.qualifier
    unknown = int(record.production.quantity.isna().sum())
    years = record.series.year
    partial = int((~record.series.complete.astype(bool)).sum())
    return (
        f"Of {len(record.production):,} output figures, {int((qualifier == 'estimated').sum())} are estimates of the "
        f"source, {int((qualifier == 'modelled').sum())} are modelled and {unknown} are not disclosed; what is not "
        "disclosed counts as unknown, never as nothing.",
        f"Output is of {years.min()} to {years.max()}, each material in its latest year; trade is of "
        f"{record.trade_year}.",
        f"For {partial} of {len(years)} series the source does not name every producer, so the share of the bloc may "
        "be larger.",
        _undisclosed_members(after),
        need_basis(after),
        _inferred(record, settings),
    )


def _undisclosed_members(after: Case) -> str:
    series = int((after.outcome.indicators.undisclosed_members > 0).sum())
    if not series:
        return ""
    verb = "is" if series == 1 else "are"
    return (
        f"{words.capital(words.count(series))} series {verb} without the output of at least one member, which is "
        "undisclosed, so the bloc may be stronger there."
    )


def _inferred(record: Record, settings: Settings) -> str:
    rows = record.memberships
    here = rows[(rows.grouping_id == settings.preset) & rows.in_preset]
    inferred = int((here.confidence == "inferred").sum()) if settings.confidence != "confirmed" else 0
    claimed = int((here.confidence == "claimed").sum()) if settings.confidence == "claimed" else 0
    parts = [
        f"{words.count(number)} {words.plural('membership', number)} {'is' if number == 1 else 'are'} {how}"
        for number, how in ((inferred, "inferred"), (claimed, "only claimed"))
        if number
    ]
    preset = record.presets[settings.preset]
    return f"In “{preset}”, {' and '.join(parts)}, not confirmed." if parts else ""


def what_it_leaves_out(settings: Settings) -> tuple[str, ...]:
    """Limits of the accounting, in the order they matter."""
    return (
        "Nobody reacts in the accounting: no rerouting, no substitution, no stocks drawn, no new mines, no new prices.",
        "Output counts where it is dug or refined, whoever owns it.",
        "Trade is counted in dollars and gross tonnes under customs headings, some of which mix goods.",
        "Attending, signing and negotiating are not membership; no text on record binds these members to act together."
        if settings.preset == "cmm_2026"
        else "The members are those of the scenario, whatever a text binds them to.",
    )


def who_is_in(record: Record, members: frozenset[str]) -> str:
    """The members by name in one sentence."""
    if not members:
        return "Members: none."
    shown = measures.members_shown(record, members)
    most = f", the largest producers {names_of(record, members, 3)}" if len(members) > 12 else ""
    return f"Members, {members_in_words(record, members)}{most}: {shown}."
