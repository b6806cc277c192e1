"""An outcome in the few numbers of the first screen: rows of both stages, averages, counts."""

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import zip_longest

import numpy as np
import pandas as pd

from bloc import words
from bloc.concentration import denominator, ratio
from bloc.data import Record
from bloc.language import mark, say
from bloc.matrix import Array, Mask
from bloc.outcome import Outcome, bloc_members, evaluate
from bloc.places import spread
from bloc.scenario import Scenario

HALF = 0.5
# Two refinings of one product side by side, on a label and inside a sentence.
REFINED_AT = {"smelter": mark("{product}, smelter"), "refinery": mark("{product}, refinery")}
AT_THE = {"smelter": mark("{product} at the smelter"), "refinery": mark("{product} at the refinery")}


@cache
def layout(record: Record) -> pd.DataFrame:
    """Rows of the ranking: a mined and a refined series side by side where they make one chain, -1 where there is none.

    A mined product meets its own refining first, then what the chains of the record pair it with, then what is left of
    its mineral in order. Columns: label, in_sentence, mineral, mined and refined (positions in the series), and
    mined_in_sentence and refined_in_sentence, the names of one side alone.
    """
    names = record.products.set_index("product")
    partners = dict(zip(record.chains.mine_product, record.chains.refined_product, strict=True))
    rows = []
    for mineral, series in record.series.groupby("mineral", sort=True):
        mined = list(series[series.stage == "mine"].index)
        refined = list(series[series.stage == "refinery"].index) + list(series[series.stage == "smelter"].index)
        product = series["product"]
        for wanted in (lambda name: name, partners.get):
            for each in list(mined):
                match = next((other for other in refined if product[other] == wanted(product[each])), None)
                if match is not None:
                    rows.append((mineral, each, match))
                    mined.remove(each)
                    refined.remove(match)
        rows += [(mineral, *pair) for pair in zip_longest(mined, refined, fillvalue=-1)]
    frame = pd.DataFrame(rows, columns=["mineral", "mined", "refined"])

    named = [_named(record, names, *row) for row in zip(frame.mined, frame.refined, strict=True)]
    labels, mined_names, refined_names = zip(*named, strict=True)
    return frame.assign(
        label=[words.capital(text) for text in labels],
        in_sentence=labels,
        mined_in_sentence=mined_names,
        refined_in_sentence=refined_names,
    )


def _named(record: Record, names: pd.DataFrame, mined: int, refined: int) -> tuple[str, str, str]:
    """What a row is called as in a sentence, then its mined and its refined side alone, without a comma.

    A pair of two products goes by its mineral, unless a product has that name; a product that is refined twice says
    where.
    """
    series = record.series
    product = [series["product"][each] for each in (mined, refined) if each >= 0]
    called = names.product_in_sentence
    if len(set(product)) == 2:
        mineral, pair = str(names.mineral_in_sentence[product[0]]), [str(called[each]) for each in product]
        if mineral in set(called[series["product"]]) - set(pair):
            return ", ".join(pair), pair[0], pair[1]
        return mineral, mineral, mineral
    text = str(called[product[0]])
    refinings = ((series["product"] == product[0]) & (series.stage != "mine")).sum()
    if mined < 0 and refinings > 1:
        stage = series.stage[refined]
        return say(REFINED_AT[stage], product=text), text, say(AT_THE[stage], product=text)
    return text, text, text


@dataclass(frozen=True)
class Stage:
    """One stage of a bloc over all its series: average coverage, plain and weighted, and how many are half met.

    `needed` are those of which the members have a recorded need; the others count in nothing but `series`.
    """

    series: int
    average: float
    weighted: float
    weighted_series: int
    half_met: int
    needed: int


@dataclass(frozen=True)
class Summary:
    """The headline numbers of an outcome. Dollars are of the trade year, shares fractions of need.

    `need_share` is the members' share of what the world needs, average over all series; `use_series` are those whose
    need is calibrated use, where the others stand on the yardstick.
    """

    members: int
    gdp_share: float
    need_share: float
    use_series: int
    mined: Stage
    refined: Stage
    withheld_usd: float
    bought_from_suppliers_usd: float
    trade_year: int | None


@dataclass(frozen=True, eq=False)
class MembersSummary:
    """What depends on the members alone: rows of the ranking, averages by stage, their share of need and of GDP."""

    rows: pd.DataFrame
    mined: Stage
    refined: Stage
    gdp_share: float
    need_share: float


@lru_cache(maxsize=64)
def of_members(record: Record, members: frozenset[str]) -> MembersSummary:
    """Rows and averages of a bloc, whatever is withheld from it; a dragged cut does not compute them again."""
    outcome = evaluate(record, Scenario(tuple(members)))
    mined = (outcome.indicators.stage == "mine").to_numpy()
    coverage, weights = outcome.indicators.coverage.to_numpy(float), import_weights(record, outcome)
    return MembersSummary(
        rows=coverage_rows(record, outcome),
        mined=stage(coverage, weights, mined),
        refined=stage(coverage, weights, ~mined),
        gdp_share=float(record.supply_matrix.gdp_share[record.supply_matrix.mask(members)].sum()),
        need_share=float(outcome.indicators.need_share.mean()),
    )


def summarise(record: Record, scenario: Scenario, outcome: Outcome, suppliers: frozenset[str]) -> Summary:
    """Headline numbers; what members buy from `suppliers` in all stands beside what is withheld."""
    members = bloc_members(record, scenario)
    fixed = of_members(record, members)
    return Summary(
        members=len(members),
        gdp_share=fixed.gdp_share,
        need_share=fixed.need_share,
        use_series=int(outcome.indicators.need_rule.notna().sum()),
        mined=fixed.mined,
        refined=fixed.refined,
        withheld_usd=float(outcome.exposure.imports_withheld_usd.sum()),
        bought_from_suppliers_usd=_bought_from(record, members, suppliers),
        trade_year=record.trade_year,
    )


@lru_cache(maxsize=64)
def _bought_from(record: Record, members: frozenset[str], suppliers: frozenset[str]) -> float:
    trade = evaluate(record, Scenario(tuple(members))).trade
    return float(trade.imports_usd[trade.iso3.isin(suppliers)].sum())


def stage(coverage: Array, weights: Array, rows: Mask) -> Stage:
    """Averages over the series of a stage; NaN where there is none or nothing is needed."""
    known = rows & ~np.isnan(coverage)
    weighed = known & (weights > 0)
    return Stage(
        series=int(rows.sum()),
        average=float(coverage[known].mean()) if known.any() else np.nan,
        weighted=float(np.average(coverage[weighed], weights=weights[weighed])) if weighed.any() else np.nan,
        weighted_series=int(weighed.sum()),
        half_met=int((coverage[known] >= HALF).sum()),
        needed=int(known.sum()),
    )


def import_weights(record: Record, outcome: Outcome) -> Array:
    """Dollars the members import of the goods of each series; 0 where no customs heading carries them."""
    trade = outcome.trade
    bought = trade.groupby(["product", "stage"], observed=True).imports_usd.sum()
    return bought.reindex(pd.MultiIndex.from_frame(record.series[["product", "stage"]])).fillna(0.0).to_numpy(float)


@cache
def average_shares(record: Record, refined: bool = True) -> dict[str, float]:
    """Each country's share of world output, averaged over the refined (or mined) series."""
    supply = record.supply_matrix
    rows = ((record.series.stage == "mine") != refined).to_numpy()
    total = denominator(supply.output, supply.world)
    shares = (supply.output[rows] / total[rows, None]).sum(axis=0) / max(int(rows.sum()), 1)
    return dict(zip(supply.iso3, shares.tolist(), strict=True))


def coverage_rows(record: Record, outcome: Outcome) -> pd.DataFrame:
    """Coverage of both stages of each row of the layout, long: label, stage mined or refined, coverage and its bound.

    row, mineral    position in the series, and its mineral
    coverage        share of need met, at most 1
    coverage_high   the same if every unlisted tonne were a member's
    undisclosed     members whose output the source does not disclose
    listed          False when no member has a number although some may produce
    need_rule       how the use is known that need stands on; missing where need is a yardstick
    """
    rows = layout(record)
    indicators = outcome.indicators
    high = np.minimum(
        ratio(
            indicators.bloc_share_high.to_numpy() * indicators.world_production.to_numpy(),
            indicators.need.to_numpy(),
        ),
        1.0,
    )
    parts = []
    for name in ("mined", "refined"):
        there = rows[rows[name] >= 0]
        at = there[name].to_numpy()
        parts.append(
            pd.DataFrame(
                {
                    "label": there.label.to_numpy(),
                    "in_sentence": there[f"{name}_in_sentence"].to_numpy(),
                    "side": name,
                    "row": at,
                    "mineral": record.series.mineral.to_numpy()[at],
                    "coverage": indicators.coverage.to_numpy()[at],
                    "self_sufficiency": indicators.self_sufficiency.to_numpy()[at],
                    "coverage_high": np.fmax(high[at], indicators.coverage.to_numpy()[at]),
                    "undisclosed_members": indicators.undisclosed_members.to_numpy()[at],
                    "year": indicators.year.to_numpy()[at],
                    "complete": indicators.complete.to_numpy()[at],
                    "need_rule": indicators.need_rule.to_numpy()[at],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


@cache
def standing(record: Record) -> dict[str, str]:
    """How each country stands to the groupings of the record, in words: the closest tie of each, presets first."""
    verbs = {
        "member": mark("Member: {group}"),
        "signatory": mark("Signed: {group}"),
        "negotiating": mark("Negotiating: {group}"),
        "attendee": mark("Attended: {group}"),
        "observer": mark("Observer: {group}"),
    }
    order = {role: at for at, role in enumerate(verbs)}
    rows = record.memberships.merge(record.groupings[["grouping_id", "short_name", "preset_order"]], on="grouping_id")
    rows = rows[rows.grouping_id != "eu27"].assign(rank=rows.role.map(order))
    ties: dict[str, str] = {}
    for row in rows.sort_values(["rank", "preset_order"], na_position="last").itertuples():
        for iso3 in spread([row.iso3], record.union):
            ties.setdefault(iso3, say(verbs[row.role], group=row.short_name))
    return ties
