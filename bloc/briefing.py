"""The words of an outcome: the finding, what was changed and what happened. True and grammatical at every edge."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bloc import words
from bloc.data import Record
from bloc.outcome import Outcome, bloc_members
from bloc.places import EUROPEAN_UNION
from bloc.scenario import Restriction, Scenario
from bloc.summary import Stage, Summary, of_members, summarise

# A change of coverage below half a point is not a gain or a loss worth a sentence.
NOTABLE = 0.005


@dataclass(frozen=True, eq=False)
class Case:
    """A scenario with what follows from it."""

    scenario: Scenario
    members: frozenset[str]
    outcome: Outcome
    rows: pd.DataFrame
    summary: Summary


def case(record: Record, scenario: Scenario, outcome: Outcome, suppliers: frozenset[str]) -> Case:
    """Bring a scenario and its outcome together for the sentences and the screen."""
    members = bloc_members(record, scenario)
    return Case(
        scenario,
        members,
        outcome,
        of_members(record, members).rows,
        summarise(record, scenario, outcome, suppliers),
    )


def finding(after: Case) -> str:
    """The headline: how many minerals reach half of need at each stage."""
    if not after.members:
        return "Without members there is no bloc to supply"
    mined, refined = after.summary.mined, after.summary.refined
    if not mined.needed + refined.needed:
        return "These members have no recorded need to set their output against"
    if not (mined.needed and refined.needed):
        stage, only, none = (mined, "mined", "refined") if mined.needed else (refined, "refined", "mined")
        return f"Half of need is met for {_half(stage)} {only} materials; no need of {none} ones is recorded"
    joint = "but" if _half(refined, mined).startswith("only") else "and"
    return f"Half of need is met for {_half(mined)} mined materials, {joint} {_half(refined, mined)} refined ones"


def _half(stage: Stage, other: Stage | None = None) -> str:
    if stage.half_met == 0:
        return f"none of {stage.needed}"
    if stage.half_met == stage.needed:
        return f"all {stage.needed}"
    worse = other is not None and stage.half_met * other.needed < other.half_met * stage.needed * 0.75
    return f"{'only ' if worse else ''}{stage.half_met} of {stage.needed}"


def need_basis(after: Case) -> str:
    """What need rests on: calibrated use of so many series, the yardstick for the others. Empty without members."""
    summary, number = after.summary, len(after.rows)
    if not after.members:
        return ""
    yardstick = f"world output times {words.percent(summary.gdp_share)}, the members’ share of GDP"
    if summary.gdp_share == 0:
        yardstick = "the members’ share of GDP, which is not on record"
    text = f"Need is calibrated use for {summary.use_series} of {number} series, elsewhere a yardstick: {yardstick}."
    if not summary.use_series:
        text = f"Need is a yardstick: {yardstick}."
    elif summary.use_series == number:
        text = "Need is calibrated use."
    unneeded = number - summary.mined.needed - summary.refined.needed
    return text + (f" Of {unneeded} series these members have no recorded need." if unneeded else "")


def not_reliance(record: Record, after: Case) -> str:
    """For the United States alone: why one less what is covered is not its import reliance, which is published."""
    if {code for code in after.members if record.parents.get(code) != "USA"} != {"USA"}:
        return ""
    return (
        " What is not covered is not the U.S. net import reliance, which counts scrap and trade in other forms: the "
        "page of each material quotes it as the U.S. Geological Survey publishes it."
    )


def name_of(record: Record, code: str) -> str:
    """A country as it reads inside a sentence."""
    return str(record.sentence_names[code])


def names_of(record: Record, codes: frozenset[str], most: int = 4) -> str:
    """Countries in a sentence, the largest producers first."""
    size = record.output_rank
    ordered = sorted(codes, key=lambda code: (-size.get(code, 0.0), record.names[code]))
    return words.listing([name_of(record, code) for code in ordered], most)


def moved_members(record: Record, before: Case, after: Case) -> str:
    """Who came in and who went out between two cases."""
    came, went = after.members - before.members, before.members - after.members
    if not came and not went:
        return ""
    moves = f"goes from {len(before.members)} to" if len(came) != len(went) else "stays at"
    start = f"The bloc {moves} {_counted(record, after.members)}"
    parts = []
    if came:
        parts.append(f"{names_of(record, came)} {'comes' if len(came) == 1 else 'come'} in")
    if went:
        parts.append(f"{names_of(record, went)} {'goes' if len(went) == 1 else 'go'} out")
    return f"{start}: {', '.join(parts)}."


def gains_and_losses(before: Case, after: Case) -> str:
    """The row of the ranking that gained most and the one that lost most."""
    change = after.rows.coverage.to_numpy() - before.rows.coverage.to_numpy()
    if np.isnan(change).all():
        return ""
    best, worst = int(np.nanargmax(change)), int(np.nanargmin(change))
    gained, lost = change[best] > NOTABLE, change[worst] < -NOTABLE
    if gained and lost:
        return f"The largest gain is {_move(before, after, best)}; the largest loss is {_move(before, after, worst)}."
    if gained:
        return f"The largest gain is {_move(before, after, best)}; nothing is lost by more than half a point."
    if lost:
        return f"The largest loss is {_move(before, after, worst)}; nothing is gained by more than half a point."
    return ""


def _what(row: pd.Series) -> str:
    return f"{row.in_sentence}, {'mined' if row.side == 'mined' else 'refined'}"


def _move(before: Case, after: Case, at: int) -> str:
    old, new = before.rows.coverage[at], after.rows.coverage[at]
    return f"**{_what(after.rows.loc[at])}**, from {words.percent(old)} to {words.percent(new)} of need"


def verdict(before: Case, after: Case) -> str:
    """Whether the change helps on average at each stage; the need grows with the members, which the sentence says."""
    mined = after.summary.mined.average - before.summary.mined.average
    refined = after.summary.refined.average - before.summary.refined.average
    if np.isnan(mined + refined) or after.members == before.members:
        return ""
    if max(abs(mined), abs(refined)) < NOTABLE:
        return "On average over all materials this changes little; single ones move more."
    averages = (
        f"on average mining covers {words.percent(after.summary.mined.average)} of need, "
        f"{words.points(before.summary.mined.average, after.summary.mined.average)}, and refining "
        f"{words.percent(after.summary.refined.average)}, "
        f"{words.points(before.summary.refined.average, after.summary.refined.average)}"
    )
    grown = after.summary.need_share > before.summary.need_share
    if mined > NOTABLE and refined < mined / 3:
        reason = ", as the new members dig more than they refine" if after.members - before.members else ""
        return f"Refining does not follow mining: {averages}{reason}."
    if min(mined, refined) > -NOTABLE:
        return f"This helps: {averages}."
    if max(mined, refined) < NOTABLE:
        return f"This weakens the bloc: {averages}{', as need grows faster than output' if grown else ''}."
    return f"This helps one stage and weakens the other: {averages}."


def weakest(after: Case, most: int = 3) -> str:
    """The refined rows with the lowest coverage, among those whose source names every large producer."""
    rows, coverage = after.rows, after.rows.coverage.to_numpy()
    # Coverage that is not known is not below anything.
    low = (rows.side == "refined").to_numpy() & rows.complete.to_numpy(bool) & (coverage < 1 - NOTABLE)
    lowest = np.argsort(np.where(low, coverage, np.inf), kind="stable")[: min(most, low.sum())]
    if not len(lowest):
        return ""
    top, single = coverage[lowest[-1]], len(lowest) == 1
    if top == 0:
        bound = "which has no recorded refiner" if single else "none of them has a recorded refiner"
        bound += " in the bloc"
    elif top <= NOTABLE:
        bound = f"{'' if single else 'all '}below 1{words.NARROW_SPACE}% of need"
    else:
        bound = f"{'at' if single else 'none above'} {words.percent(top)} of need"
    return f"Weakest when refined: {words.listing([rows.in_sentence[each] for each in lowest])}, {bound}."


def cut_effect(record: Record, after: Case) -> str:
    """What the cuts of the scenario would withhold from the members, before anybody reacts."""
    cuts = [each for each in after.scenario.restrictions if each.cut > 0]
    if not cuts:
        return ""
    return _one_cut(record, cuts[0], after) if len(cuts) == 1 else _several_cuts(record, cuts, after)


def goods_of(record: Record, cut: Restriction) -> str:
    """Goods that a cut concerns, in words."""
    named = [record.product_sentence_names[each] for each in cut.products]
    goods = words.listing(named) if named else "critical minerals"
    stage = {(): "", ("mine",): " as ores and concentrates", ("smelter", "refinery"): " in refined form"}
    return goods + stage.get(cut.stages, "")


def targets_of(record: Record, cut: Restriction) -> str:
    """Whom a cut is aimed at, in words."""
    if not cut.targets:
        return "everybody"
    return words.listing([name_of(record, code) for code in cut.targets])


def _one_cut(record: Record, cut: Restriction, after: Case) -> str:
    supplier = name_of(record, cut.imposing)
    amount, year = after.summary.withheld_usd, after.summary.trade_year
    share = "all" if cut.cut == 1 else words.percent(cut.cut)
    start = f"{words.capital(supplier)} withholding {share} of its exports of {goods_of(record, cut)}"
    start += f" from {targets_of(record, cut)}"
    left = _still_on_offer(record, cut, after)
    if cut.products and not record.headings["product"].isin(cut.products).any():
        return f"{start}: no customs heading shows this trade on its own, so purchases at stake are not counted.{left}"
    if not amount > 0:
        return f"{start} would withhold nothing that the members are recorded to buy.{left}"
    most = _most_withheld(record, after) if len(cut.products) != 1 else ""
    return (
        f"{start} would stop {words.dollars(amount)} of the members’ purchases at {year} prices{most}, "
        f"before rerouting or any response of prices.{left}"
    )


def _several_cuts(record: Record, cuts: list[Restriction], after: Case) -> str:
    """The same for several cuts at once: what one of them alone withholds is not told from the rest."""
    suppliers = words.listing(list(dict.fromkeys(name_of(record, each.imposing) for each in cuts)), 3)
    products = dict.fromkeys(product for each in cuts for product in each.products)
    named = [record.product_sentence_names[each] for each in products]
    goods = words.listing(named, 3) if all(each.products for each in cuts) else "critical minerals"
    start = f"{words.capital(suppliers)} withholding exports of {goods}"
    amount, year = after.summary.withheld_usd, after.summary.trade_year
    if not amount > 0:
        return f"{start} would withhold nothing that the members are recorded to buy."
    most = _most_withheld(record, after) if len(products) != 1 else ""
    return (
        f"{start} would stop {words.dollars(amount)} of the members’ purchases at {year} prices{most}, "
        "before rerouting or any response of prices."
    )


def _most_withheld(record: Record, after: Case) -> str:
    bought = after.outcome.exposure.groupby("product", observed=True).imports_withheld_usd.sum()
    return f", most of all {record.product_sentence_names[str(bought.idxmax())]}"


def _still_on_offer(record: Record, cut: Restriction, after: Case) -> str:
    """What would stay on offer of the world's supply, for a cut of one product; a lower bound."""
    if len(cut.products) != 1:
        return ""
    indicators = after.outcome.indicators
    rows = indicators[indicators["product"].isin(cut.products) & (indicators.available_share < 1)]
    if rows.empty:
        return ""
    worst = rows.loc[rows.available_share.idxmin()]
    if worst.available_share <= NOTABLE:
        return " Next to nothing of world supply might stay on offer."
    return f" At least {words.percent(worst.available_share)} of world supply would stay on offer."


def paragraph(record: Record, before: Case, after: Case) -> str:
    """What you changed, what happened: sentences in order, each left out where it has nothing to say."""
    if not after.members:
        return "Nobody is in the bloc. Choose a preset, invite a country, or click one on the map."
    sentences = [
        moved_members(record, before, after),
        gains_and_losses(before, after),
        verdict(before, after),
        weakest(after),
        cut_effect(record, after),
    ]
    if not sentences[0]:
        sentences[0] = "The members are those of the baseline."
        if before.scenario.restrictions == after.scenario.restrictions:
            sentences[0] = "Nothing is changed against the baseline."
        elif not after.scenario.restrictions:
            sentences[0] = "The members are those of the baseline, and nothing is withheld."
    return " ".join(filter(None, sentences))


def _counted(record: Record, members: frozenset[str]) -> str:
    number, territories = len(members), len(members & record.parents.keys())
    if territories == number > 0:
        return f"{number} {words.plural('territory', number)}"
    return f"{number} countries and territories" if territories else f"{number} {words.plural('country', number)}"


def members_in_words(record: Record, members: frozenset[str]) -> str:
    """Number of countries, and the European Union as one party when all of it is in."""
    text = _counted(record, members)
    union = record.union
    if union and union <= members:
        return f"{text}, the {len(union)} of {name_of(record, EUROPEAN_UNION)} among them"
    return text
