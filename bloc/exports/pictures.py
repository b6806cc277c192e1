"""What a briefing draws: the two or three charts that matter for a scenario, as data and as Vega-Lite."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from bloc import words
from bloc.briefing import NOTABLE, Case, name_of
from bloc.data import Record
from bloc.exports.exposed import goods_withheld, members_exposed
from bloc.exports.sections import measured
from bloc.outcome import restricting
from bloc.scenario import Flooding, PriceMeasure, StockChange
from bloc.summary import average_shares, standing
from bloc.views import charts, maps, theme

# Rows of a chart and of the table.
MOST_BARS, MOST_ROWS, MOST_LABELS = 10, 10, 11
# Publications of the trade and of the boundaries.
TRADE_SOURCES, MAP_SOURCE = ("C04b", "C03"), "NATURAL_EARTH"
LEGEND = {
    "member": "Member",
    "candidate": "Outside, but attended, signed or negotiates",
    "restricting": "Restricts exports",
    "outside": "Outside",
    "unnamed": "Not itemised",
}


@dataclass(frozen=True)
class Bars:
    """A picture as plain bars, for charts that an office program draws itself.

    `values` are fractions or dollars by series name, None where unknown; `meanings` colour the bars of a single series.
    """

    categories: tuple[str, ...]
    values: Mapping[str, tuple[float | None, ...]]
    unit: str
    meanings: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, eq=False)
class Picture:
    """One chart: its finding, what it measures, its rows and how it is drawn.

    `rows` are under titles, as a table has them; `drawn` as `spec` wants them. `bars` are empty for a map. `reading`
    says how to read the drawing, where bars of an office program need no such word; `publishers` are of its sources.
    """

    key: str
    finding: str
    basis: str
    alt: str
    rows: pd.DataFrame
    drawn: pd.DataFrame
    spec: Callable[[bool], dict[str, Any]]
    legend: tuple[str, ...]
    sources: tuple[str, ...]
    bars: tuple[Bars, ...] = field(default=())
    reading: str = ""
    publishers: str = ""


def pictures(record: Record, before: Case, after: Case) -> tuple[Picture, ...]:
    """Map, then where the bloc is short, then who is exposed or who supplies what is withheld."""
    drawn = [members_map(record, after)]
    if measured(after):
        drawn.append(coverage(record, before, after))
    drawn.append(_third(record, after))
    return tuple(replace(each, publishers=_publishers(record, each.sources)) for each in drawn)


def _publishers(record: Record, sources: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(record.publishers[each] for each in sources if each in record.publishers))


def _third(record: Record, after: Case) -> Picture:
    """Supply of the product concerned when the scenario names one, else who loses most, else who dominates."""
    row = concerned(record, after)
    if row is not None:
        return supply(record, after, row)
    if after.members and after.summary.withheld_usd > 0:
        return exposure(record, after)
    return dominance(record, after)


def concerned(record: Record, case: Case) -> int | None:
    """Row of the series most concerned by restrictions and measures that name products; None where none is named."""
    scenario = case.scenario
    named = {product for each in scenario.restrictions for product in each.products}
    if any(not each.products for each in scenario.restrictions):
        return None
    measures: tuple[PriceMeasure | Flooding | StockChange, ...] = (
        *scenario.prices,
        *scenario.floodings,
        *scenario.stocks,
    )
    named = named or {each.product for each in measures}
    usd = goods_withheld(case)
    minerals = dict(zip(record.products["product"], record.products.mineral, strict=True))
    for product in sorted(named, key=lambda each: (-float(usd.get(each, 0.0)), each)):
        series = record.series
        of_product = series.index[series["product"] == product]
        rows = of_product if len(of_product) else series.index[series.mineral == minerals.get(product)]
        if len(rows):
            # The more concentrated stage is the one a cut bites at.
            share = case.outcome.indicators.largest_share.loc[rows]
            return int(share.fillna(0.0).idxmax())
    return None


def focus(record: Record, before: Case, after: Case) -> pd.DataFrame:
    """Rows of the ranking that matter, at most ten: of named products, then the largest moves, then the weakest."""
    rows = after.rows.assign(baseline=before.rows.coverage.to_numpy())
    change = (rows.coverage - rows.baseline).abs().fillna(0.0)
    named = {product for each in after.scenario.restrictions for product in each.products}
    concerned = record.series["product"].loc[rows.row].isin(named).to_numpy()
    weak = rows.complete.astype(bool) & (rows.side == "refined")
    # Where need is unknown the most concentrated come first.
    left = after.outcome.indicators.n_minus_1.loc[rows.row].to_numpy()
    least = np.where(rows.coverage.isna(), left, rows.coverage)
    order = np.lexsort((least, ~weak, -np.where(change > NOTABLE, change, 0.0), ~concerned))
    return rows.iloc[order[:MOST_ROWS]].reset_index(drop=True)


def members_map(record: Record, after: Case) -> Picture:
    """The world by status, with a circle for each refiner."""
    known = maps.places(record.countries)
    withholding = restricting(record, after.scenario)
    status = maps.statuses(known, after.members, frozenset(standing(record)) - after.members, withholding)
    shares = average_shares(record)
    places = record.countries[record.countries.iso3.isin(list(status))]
    drawn = places[["iso3", "lon", "lat", "small"]].assign(
        status=places.iso3.map(status), share=places.iso3.map(shares).fillna(0.0)
    )
    shown = [name for name in ("member", "candidate", "restricting", "outside") if name in set(status.values())]
    refined = record.series[record.series.stage != "mine"]
    return Picture(
        key="map",
        finding=_refining(record, after, shares),
        basis=f"Circle: share of world refining, average over {len(refined)} materials, each in its latest year.",
        alt=maps.map_summary(status, record.names, shares, "of world refining, average over materials"),
        rows=pd.DataFrame(
            {
                "Country": places["name"],
                "Status": [maps.STATUS_WORDS[status[code]] for code in places.iso3],
                "Share of world refining": drawn.share,
            }
        ).reset_index(drop=True),
        drawn=drawn,
        spec=charts.world_spec,
        legend=tuple(shown),
        sources=(*dict.fromkeys(refined.source_id), MAP_SOURCE),
    )


def _refining(record: Record, after: Case, shares: Mapping[str, float]) -> str:
    largest = max(shares, key=shares.__getitem__)
    start = (
        f"{words.capital(name_of(record, largest))} refines {words.percent(shares[largest])} of the average material"
    )
    if not after.members:
        return start
    return f"{start}, the bloc {words.percent(sum(shares[iso3] for iso3 in after.members))}"


def coverage(record: Record, before: Case, after: Case) -> Picture:
    """Share of need met at both stages of the materials that matter, baseline and scenario."""
    wanted = list(dict.fromkeys(focus(record, before, after).label))[:MOST_LABELS]
    here = after.rows.label.isin(wanted)
    old, new = before.rows[here.to_numpy()], after.rows[here]
    drawn = charts.coverage_frame(old.reset_index(drop=True), new.reset_index(drop=True))
    ordered = list(dict.fromkeys(drawn.sort_values(["order", "label"]).label))
    return Picture(
        key="coverage",
        finding=_coverage_finding(before, after),
        basis=f"Share of need met, output of {new.year.min()} to {new.year.max()}.",
        reading="Bar: scenario; tick: baseline; pale: if all unlisted output were the members’. "
        f"{charts.YARDSTICK} Need by the members’ share of GDP, a yardstick.",
        alt=f"Bars of the share of need that the bloc meets for {words.listing(ordered, 12)}.",
        rows=pd.DataFrame(
            {
                "Material": new.label.to_numpy(),
                "Stage": [words.capital(side) for side in new.side],
                "Year": new.year.to_numpy(),
                "Share of need met, baseline": old.coverage.to_numpy(),
                "Share of need met, scenario": new.coverage.to_numpy(),
                "The same if all unlisted output were the members’": new.coverage_high.to_numpy(),
                "Members whose output is undisclosed": new.undisclosed_members.to_numpy(),
            }
        ),
        drawn=drawn,
        spec=charts.coverage_spec,
        legend=(),
        sources=tuple(dict.fromkeys(record.series.source_id.loc[new.row])),
        bars=tuple(_stage_bars(ordered, old, new, side) for side in ("mined", "refined")),
    )


def _coverage_finding(before: Case, after: Case) -> str:
    """The largest move, a gain before a loss."""
    change = (after.rows.coverage - before.rows.coverage).fillna(0.0)
    at, verb = (change.idxmax(), "rises") if change.max() > NOTABLE else (change.idxmin(), "falls")
    if abs(change[at]) <= NOTABLE:
        return "Where the bloc is short, weakest first"
    old, new, row = before.rows.coverage[at], after.rows.coverage[at], after.rows.loc[at]
    what = f"{words.capital(row.in_sentence)}, {row.side}"
    return f"{what}, {verb} most: from {words.percent(old)} to {words.percent(new)} of need"


def _stage_bars(labels: list[str], old: pd.DataFrame, new: pd.DataFrame, side: str) -> Bars:
    found = {
        name: frame[frame.side == side].set_index("label").coverage
        for name, frame in (("Baseline", old), ("Scenario", new))
    }
    return Bars(
        categories=tuple(labels),
        values={name: tuple(_known(column.get(label)) for label in labels) for name, column in found.items()},
        unit="share",
        title=f"{words.capital(side)}, share of need met",
    )


def _known(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), 4)


def exposure(record: Record, after: Case) -> Picture:
    """Members by what they would lose."""
    rows = members_exposed(record, after)
    hit = rows[rows.withheld_usd > 0].head(MOST_BARS).reset_index(drop=True)
    first = hit.iloc[0]
    names = [record.names[code] for code in hit.iso3]
    drawn = pd.DataFrame(
        {
            "label": names,
            "value": hit.withheld_usd / hit.withheld_usd.max(),
            "meaning": "restricting",
            "text": [
                f"{words.dollars(row.withheld_usd)}, {words.percent(row.withheld_share)}" for row in hit.itertuples()
            ],
            "order": range(len(hit)),
        }
    )
    year = record.trade_year
    return Picture(
        key="exposure",
        finding=f"{words.capital(name_of(record, first.iso3))} would lose "
        f"{words.dollars(first.withheld_usd)} of purchases",
        basis=f"Purchases that would be withheld, {year} prices, and their share of all each buys of these materials.",
        alt=f"Bars of purchases that would be withheld from {words.listing(names, 10)}.",
        rows=pd.DataFrame(
            {
                "Member": names,
                f"Purchases withheld, USD of {year}": hit.withheld_usd,
                f"All purchases of these materials abroad, USD of {year}": hit.imports_usd,
                "Share withheld": hit.withheld_share,
            }
        ),
        drawn=drawn,
        spec=charts.ranked_bars,
        legend=(),
        sources=TRADE_SOURCES,
        bars=(
            Bars(
                categories=tuple(names),
                values={"Purchases withheld": tuple(hit.withheld_usd)},
                unit="usd",
                meanings=("restricting",) * len(hit),
            ),
        ),
    )


def supply(record: Record, after: Case, row: int) -> Picture:
    """Who makes the product concerned, at the stage that is most concentrated."""
    series, table = record.series.loc[row], after.outcome.supply
    here = table[
        (table["product"] == series["product"]) & (table.stage == series.stage) & (table.form == series.form)
    ].sort_values(["quantity", "iso3"], ascending=[False, True])
    here = here[here.quantity > 0]
    total = max(float(series.world), float(here.quantity.sum()))
    shown = here.head(MOST_BARS - 2)
    withholding = restricting(record, after.scenario)
    named = [
        (record.names[each.iso3], each.quantity / total, theme.meaning(each.iso3, after.members, withholding))
        for each in shown.itertuples()
    ]
    rest = here.quantity.iloc[len(shown) :]
    if len(rest):
        named.append((f"{len(rest)} other {words.plural('country', len(rest))}", float(rest.sum()) / total, "outside"))
    if (left := 1 - float(here.quantity.sum()) / total) > NOTABLE:
        named.append(("Not itemised", left, "unnamed"))
    goods = f"{words.STAGE[series.stage]} {record.product_sentence_names[series['product']]}"
    bloc = float(after.outcome.indicators.bloc_share.loc[row])
    return Picture(
        key="supply",
        finding=f"{words.capital(goods)}: {named[0][0]} {words.percent(named[0][1])}, the bloc {words.percent(bloc)}"
        if named
        else f"{words.capital(goods)}: no producer is on record",
        basis=f"Share of the world’s output, {series.basis}, {series.year}.",
        alt=f"Bars of the share of the world’s {goods} by country.",
        rows=pd.DataFrame(named, columns=["Country", "Share of the world", "Status"]).assign(
            Status=[LEGEND[meaning] for *_, meaning in named]
        ),
        drawn=_share_rows(named),
        spec=charts.ranked_bars,
        legend=tuple(dict.fromkeys(meaning for *_, meaning in named)),
        sources=(str(series.source_id),),
        bars=(_share_bars(named, "Share of the world"),),
    )


def dominance(record: Record, after: Case) -> Picture:
    """Materials in the hands of one supplier, the most concentrated first."""
    indicators = after.outcome.indicators
    top = indicators[indicators.complete.astype(bool) & indicators.largest_supplier.isin(list(record.names))]
    top = top.sort_values(["largest_share", "product"], ascending=[False, True]).head(MOST_BARS)
    named = [
        (
            f"{words.capital(record.product_sentence_names[row['product']])}, {words.STAGE[row.stage]}: "
            f"{record.names[row.largest_supplier]}",
            min(float(row.largest_share), 1.0),
            theme.meaning(row.largest_supplier, after.members, restricting(record, after.scenario)),
        )
        for _, row in top.iterrows()
    ]
    first = top.iloc[0]
    goods = f"{words.STAGE[first.stage]} {record.product_sentence_names[first['product']]}"
    return Picture(
        key="dominance",
        finding=f"{words.capital(name_of(record, first.largest_supplier))} makes {words.percent(named[0][1])} of the "
        f"world’s {goods}",
        basis=f"Share of the largest supplier in the world’s output, {top.year.min()} to {top.year.max()}.",
        alt=f"Bars of the share of the largest supplier: {words.listing([label for label, *_ in named], 10)}.",
        rows=pd.DataFrame(named, columns=["Material and supplier", "Share of the world", "Status"]).assign(
            Status=[LEGEND[meaning] for *_, meaning in named]
        ),
        drawn=_share_rows(named),
        spec=charts.ranked_bars,
        legend=tuple(dict.fromkeys(meaning for *_, meaning in named)),
        sources=tuple(dict.fromkeys(top.source_id)),
        bars=(_share_bars(named, "Share of the largest supplier"),),
    )


def _share_rows(named: list[tuple[str, float, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(named, columns=["label", "value", "meaning"])
    return frame.assign(text=[words.percent(share) for share in frame.value], order=range(len(frame)))


def _share_bars(named: list[tuple[str, float, str]], name: str) -> Bars:
    return Bars(
        categories=tuple(label for label, *_ in named),
        values={name: tuple(round(share, 4) for _, share, _ in named)},
        unit="share",
        meanings=tuple(meaning for *_, meaning in named),
    )
