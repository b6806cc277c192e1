"""The words of an outcome: the finding, what was changed and what happened. True and grammatical at every edge."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bloc import words
from bloc.data import Record
from bloc.language import mark, say, say_many
from bloc.outcome import Outcome, bloc_members
from bloc.places import EUROPEAN_UNION
from bloc.scenario import Restriction, Scenario
from bloc.summary import Stage, Summary, of_members, summarise

# A change of coverage below half a point is not a gain or a loss worth a sentence.
NOTABLE = 0.005
# Members said by name; more are counted.
NAMED = 3


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
        return say("Without members there is no bloc to supply")
    mined, refined = after.summary.mined, after.summary.refined
    if not mined.needed + refined.needed:
        return say("These members have no recorded need to set their output against")
    if not refined.needed:
        return say(
            "Half of need is met for {count} mined materials; no need of refined ones is recorded", count=_half(mined)
        )
    if not mined.needed:
        return say(
            "Half of need is met for {count} refined materials; no need of mined ones is recorded", count=_half(refined)
        )
    if 0 < refined.half_met < refined.needed and _far_below(refined, mined):
        return say(
            "Half of need is met for {mined} mined materials, but only {refined} refined ones",
            mined=_half(mined),
            refined=_half(refined),
        )
    return say(
        "Half of need is met for {mined} mined materials, and {refined} refined ones",
        mined=_half(mined),
        refined=_half(refined),
    )


def _far_below(stage: Stage, other: Stage) -> bool:
    return stage.half_met * other.needed < other.half_met * stage.needed * 0.75


def _half(stage: Stage) -> str:
    if stage.half_met == 0:
        return say("none of {all}", all=stage.needed)
    if stage.half_met == stage.needed:
        return say("all {all}", all=stage.needed)
    return say("{some} of {all}", some=stage.half_met, all=stage.needed)


def share_of(part: float) -> str:
    """Share as it is said inside a sentence: less than 1 %, more than 99 %."""
    share = words.percent(part)
    if share.startswith("<"):
        return say("less than {share}", share=share[1:])
    return say("more than {share}", share=share[1:]) if share.startswith(">") else share


def need_basis(after: Case) -> str:
    """What need rests on: calibrated use of so many series, the yardstick for the others. Empty without members."""
    summary, number = after.summary, len(after.rows)
    if not after.members:
        return ""
    yardstick = say("the members’ share of world GDP, {share}, of world output", share=share_of(summary.gdp_share))
    if summary.gdp_share == 0:
        yardstick = say("the members’ share of world GDP, which is not on record")
    if not summary.use_series:
        text = say("Need is a yardstick: {yardstick}.", yardstick=yardstick)
    elif summary.use_series == number:
        text = say("Need is use as estimated.")
    else:
        text = say(
            "Need is use as estimated for {some} of {all} figures; for the others it is {yardstick}.",
            some=summary.use_series,
            all=number,
            yardstick=yardstick,
        )
    unneeded = number - summary.mined.needed - summary.refined.needed
    if not unneeded:
        return text
    none = say_many(
        unneeded,
        "For {number} figure no need of these members is on record.",
        "For {number} figures no need of these members is on record.",
    )
    return f"{text} {none}"


def not_reliance(record: Record, after: Case) -> str:
    """For the United States alone: why one less what is covered is not its import reliance, which is published."""
    if {code for code in after.members if record.parents.get(code) != "USA"} != {"USA"}:
        return ""
    told = say(
        "What is not covered is not the U.S. net import reliance, which counts scrap and trade in other forms: the "
        "page of each material quotes it as the U.S. Geological Survey publishes it."
    )
    return f" {told}"


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
    parts = []
    if came:
        parts.append(
            say_many(len(came), "{countries} comes in", "{countries} come in", countries=names_of(record, came))
        )
    if went:
        parts.append(
            say_many(len(went), "{countries} goes out", "{countries} go out", countries=names_of(record, went))
        )
    counted, moves = _counted(record, after.members), ", ".join(parts)
    if len(came) == len(went):
        return say("The bloc stays at {members}: {moves}.", members=counted, moves=moves)
    return say(
        "The bloc goes from {before} to {members}: {moves}.", before=len(before.members), members=counted, moves=moves
    )


def gains_and_losses(before: Case, after: Case) -> str:
    """The row of the ranking that gained most and the one that lost most."""
    change = after.rows.coverage.to_numpy() - before.rows.coverage.to_numpy()
    if np.isnan(change).all():
        return ""
    best, worst = int(np.nanargmax(change)), int(np.nanargmin(change))
    gained, lost = change[best] > NOTABLE, change[worst] < -NOTABLE
    if gained and lost:
        return say(
            "The largest gain is {gain}; the largest loss is {loss}.",
            gain=_move(before, after, best),
            loss=_move(before, after, worst),
        )
    if gained:
        return say(
            "The largest gain is {gain}; nothing is lost by more than half a point.", gain=_move(before, after, best)
        )
    if lost:
        return say(
            "The largest loss is {loss}; nothing is gained by more than half a point.", loss=_move(before, after, worst)
        )
    return ""


def _move(before: Case, after: Case, at: int) -> str:
    row, old, new = after.rows.loc[at], before.rows.coverage[at], after.rows.coverage[at]
    return say(
        "**{material}, {stage}**, from {old} to {new} of need",
        material=row.in_sentence,
        stage=say(words.SIDE[row.side]),
        old=words.percent(old),
        new=words.percent(new),
    )


def verdict(before: Case, after: Case) -> str:
    """Whether the change helps on average at each stage; the need grows with the members, which the sentence says."""
    mined = after.summary.mined.average - before.summary.mined.average
    refined = after.summary.refined.average - before.summary.refined.average
    if np.isnan(mined + refined) or after.members == before.members:
        return ""
    if max(abs(mined), abs(refined)) < NOTABLE:
        return say("On average over all materials this changes little; single ones move more.")
    averages = say(
        "on average mining covers {mined} of need, {mined_change}, and refining {refined}, {refined_change}",
        mined=words.percent(after.summary.mined.average),
        mined_change=words.points(before.summary.mined.average, after.summary.mined.average),
        refined=words.percent(after.summary.refined.average),
        refined_change=words.points(before.summary.refined.average, after.summary.refined.average),
    )
    if mined > NOTABLE and refined < mined / 3:
        if after.members - before.members:
            return say(
                "Refining does not follow mining: {averages}, as the new members dig more than they refine.",
                averages=averages,
            )
        return say("Refining does not follow mining: {averages}.", averages=averages)
    if min(mined, refined) > -NOTABLE:
        return say("This helps: {averages}.", averages=averages)
    if max(mined, refined) < NOTABLE:
        if after.summary.need_share > before.summary.need_share:
            return say("This weakens the bloc: {averages}, as need grows faster than output.", averages=averages)
        return say("This weakens the bloc: {averages}.", averages=averages)
    return say("This helps one stage and weakens the other: {averages}.", averages=averages)


def weakest(after: Case, most: int = 3) -> str:
    """The refined rows with the lowest coverage, among those whose source names every large producer."""
    rows, coverage = after.rows, after.rows.coverage.to_numpy()
    # Coverage that is not known is not below anything.
    low = (rows.side == "refined").to_numpy() & rows.complete.to_numpy(bool) & (coverage < 1 - NOTABLE)
    lowest = np.argsort(np.where(low, coverage, np.inf), kind="stable")[: min(most, low.sum())]
    if not len(lowest):
        return ""
    top, single = coverage[lowest[-1]], len(lowest) == 1
    materials, share = words.listing([rows.in_sentence[each] for each in lowest]), words.percent(top)
    number = 1 if single else 2
    if top == 0:
        return say_many(
            number,
            "Weakest when refined: {materials}, which has no recorded refiner in the bloc.",
            "Weakest when refined: {materials}, none of which has a recorded refiner in the bloc.",
            materials=materials,
        )
    if top <= NOTABLE:
        return say_many(
            number,
            "Weakest when refined: {materials}, below {share} of need.",
            "Weakest when refined: {materials}, all below {share} of need.",
            materials=materials,
            share=words.percent(0.01),
        )
    return say_many(
        number,
        "Weakest when refined: {materials}, at {share} of need.",
        "Weakest when refined: {materials}, none above {share} of need.",
        materials=materials,
        share=share,
    )


def cuts_of(case: Case) -> list[Restriction]:
    """Restrictions of a scenario that withhold something."""
    return [each for each in case.scenario.restrictions if each.cut > 0]


def cut_effect(record: Record, after: Case) -> str:
    """What the cuts of the scenario would withhold from the members, before anybody reacts."""
    cuts = cuts_of(after)
    if not cuts:
        return ""
    return _one_cut(record, cuts[0], after) if len(cuts) == 1 else _several_cuts(record, cuts, after)


# How the stages of a cut are said of its goods.
AT_STAGE = {
    ("mine",): mark("{goods} as ores and concentrates"),
    ("smelter", "refinery"): mark("{goods} in refined form"),
}


def goods_of(record: Record, cut: Restriction) -> str:
    """Goods that a cut concerns, in words."""
    named = [record.product_sentence_names[each] for each in cut.products]
    goods = words.listing(named) if named else say("critical minerals")
    return say(AT_STAGE[cut.stages], goods=goods) if cut.stages in AT_STAGE else goods


def targets_of(record: Record, cut: Restriction) -> str:
    """Whom a cut is aimed at, in words."""
    if not cut.targets:
        return say("everybody outside it") if cut.imposing == EUROPEAN_UNION else say("everybody")
    return words.listing([name_of(record, code) for code in cut.targets])


def _one_cut(record: Record, cut: Restriction, after: Case) -> str:
    cause = withholding(record, cut)
    if unseen_whole(record, cut):
        text = say(
            "{cause}: the trade figures used here do not show these goods, so purchases at stake are not counted.",
            cause=cause,
        )
    else:
        text = _stopped(record, cause, after, one_product=len(cut.products) == 1)
    return " ".join(filter(None, [text, _still_on_offer(record, cut, after)]))


def unseen(record: Record, cut: Restriction) -> list[str]:
    """Products a cut names whose trade, at its stages, no customs heading of the record shows."""
    headings = record.headings[record.headings.stage.isin(cut.stages)] if cut.stages else record.headings
    shown = set(headings["product"])
    return [each for each in cut.products if each not in shown]


def unseen_whole(record: Record, cut: Restriction) -> bool:
    """Whether the record shows no trade in any of the goods a cut names."""
    return bool(cut.products) and len(unseen(record, cut)) == len(cut.products)


def nothing_seen(record: Record, case: Case) -> bool:
    """Whether something is withheld, and the record shows no trade in any of it."""
    cuts = cuts_of(case)
    return bool(cuts) and all(unseen_whole(record, each) for each in cuts)


def withheld_usd(record: Record, case: Case) -> float:
    """Purchases withheld from the members; NaN where the record shows no trade in any of the goods. [USD of a year]."""
    return math.nan if nothing_seen(record, case) else case.summary.withheld_usd


def counted(amount_usd: float) -> str:
    """Purchases in figures, or that they are not counted."""
    return say("not counted") if math.isnan(amount_usd) else words.short_dollars(amount_usd)


def share_withheld(cut: Restriction) -> str:
    """How much a cut withholds: all, or a share."""
    return say("all") if cut.cut == 1 else words.percent(cut.cut)


def withholding(record: Record, cut: Restriction) -> str:
    """A cut as the subject of a sentence."""
    cause = say("{supplier} withholding {share} of its exports of {goods} from {targets}", **parts_of(record, cut))
    return words.capital(cause)


def parts_of(record: Record, cut: Restriction) -> dict[str, str]:
    """Who withholds how much of what from whom, as a message names them."""
    return {
        "supplier": name_of(record, cut.imposing),
        "share": share_withheld(cut),
        "goods": goods_of(record, cut),
        "targets": targets_of(record, cut),
    }


def _stopped(record: Record, cause: str, after: Case, one_product: bool) -> str:
    """What a cause would stop of the members' purchases, with the product hit most where there are several."""
    amount, year = words.dollars(after.summary.withheld_usd), after.summary.trade_year
    if not after.summary.withheld_usd > 0:
        return say("{cause} would withhold nothing that the members are recorded to buy.", cause=cause)
    if one_product:
        return say(
            "{cause} would stop {amount} of the members’ purchases at {year} prices, "
            "before rerouting or any response of prices.",
            cause=cause,
            amount=amount,
            year=year,
        )
    return say(
        "{cause} would stop {amount} of the members’ purchases at {year} prices, most of all {product}, "
        "before rerouting or any response of prices.",
        cause=cause,
        amount=amount,
        year=year,
        product=_most_withheld(record, after),
    )


def _several_cuts(record: Record, cuts: list[Restriction], after: Case) -> str:
    """The same for several cuts at once: what one of them alone withholds is not told from the rest."""
    suppliers = words.listing(list(dict.fromkeys(name_of(record, each.imposing) for each in cuts)), 3)
    products = dict.fromkeys(product for each in cuts for product in each.products)
    named = [record.product_sentence_names[each] for each in products]
    goods = words.listing(named, 3) if all(each.products for each in cuts) else say("critical minerals")
    cause = words.capital(say("{suppliers} withholding exports of {goods}", suppliers=suppliers, goods=goods))
    return _stopped(record, cause, after, one_product=len(products) == 1)


def _most_withheld(record: Record, after: Case) -> str:
    bought = after.outcome.exposure.groupby("product", observed=True).imports_withheld_usd.sum()
    return record.product_sentence_names[str(bought.idxmax())]


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
        return say("Next to nothing of world supply might stay on offer.")
    return say("At least {share} of world supply would stay on offer.", share=words.percent(worst.available_share))


def paragraph(record: Record, before: Case, after: Case) -> str:
    """What you changed, what happened: sentences in order, each left out where it has nothing to say."""
    if not after.members:
        return say("Nobody is in the bloc. Choose a preset, invite a country, or click one on the map.")
    sentences = [
        moved_members(record, before, after),
        gains_and_losses(before, after),
        verdict(before, after),
        weakest(after),
        cut_effect(record, after),
    ]
    if not sentences[0]:
        sentences[0] = say("The members are those of the baseline.")
        if before.scenario.restrictions == after.scenario.restrictions:
            sentences[0] = say("Nothing is changed against the baseline.")
        elif not after.scenario.restrictions:
            sentences[0] = say("The members are those of the baseline, and nothing is withheld.")
    return " ".join(filter(None, sentences))


def _counted(record: Record, members: frozenset[str]) -> str:
    number, territories = len(members), len(members & record.parents.keys())
    if territories == number > 0:
        return say_many(number, "{number} territory", "{number} territories")
    if territories:
        return say("{number} countries and territories", number=number)
    return say_many(number, "{number} country", "{number} countries")


def members_in_words(record: Record, members: frozenset[str]) -> str:
    """Up to three members by name, else their number, and the European Union as one party when all of it is in."""
    if len(members) == 1:
        return say("{country} alone", country=names_of(record, members))
    if 1 < len(members) <= NAMED:
        return names_of(record, members)
    text = _counted(record, members)
    union = record.union
    if union and union <= members:
        return say(
            "{members}, the {number} of {union} among them",
            members=text,
            number=len(union),
            union=name_of(record, EUROPEAN_UNION),
        )
    return text
