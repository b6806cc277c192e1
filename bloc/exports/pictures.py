"""What a briefing draws: the two or three charts that matter for a scenario, as data and as Vega-Lite."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bloc import words
from bloc.briefing import NOTABLE, Case, name_of
from bloc.data import Record
from bloc.exports.exposed import goods_withheld, members_exposed
from bloc.exports.frame import Column, Frame
from bloc.exports.sections import measured
from bloc.language import mark, recorded, say, say_many
from bloc.outcome import restricting
from bloc.scenario import Flooding, PriceMeasure, Scenario, StockChange
from bloc.summary import average_shares, standing
from bloc.views import charts, maps, theme

# Rows of a chart and of the table.
MOST_BARS, MOST_ROWS, MOST_LABELS = 10, 10, 11
# Publications of the trade and of the boundaries.
TRADE_SOURCES, MAP_SOURCE = ("C04b", "C03"), "NATURAL_EARTH"
LEGEND = {
    "member": mark("Member"),
    "candidate": mark("Outside, but attended, signed or negotiates"),
    "restricting": mark("Restricts exports"),
    "outside": mark("Outside"),
    "unnamed": mark("Not itemised"),
}
SIDES = {"mined": mark("Mined"), "refined": mark("Refined")}
MET = {"mined": mark("Mined, share of need met"), "refined": mark("Refined, share of need met")}
RISES = {
    "mined": mark("Largest rise: {material}, mined, from {old} to {new} of need"),
    "refined": mark("Largest rise: {material}, refined, from {old} to {new} of need"),
}
FALLS = {
    "mined": mark("Largest fall: {material}, mined, from {old} to {new} of need"),
    "refined": mark("Largest fall: {material}, refined, from {old} to {new} of need"),
}
# What is said of the supply of a product, by stage.
SUPPLIED = {
    "mine": mark("mined {product}: {supplier} {share}, the bloc {bloc_share}"),
    "smelter": mark("smelted {product}: {supplier} {share}, the bloc {bloc_share}"),
    "refinery": mark("refined {product}: {supplier} {share}, the bloc {bloc_share}"),
}
NOT_SUPPLIED = {
    "mine": mark("mined {product}: no producer is on record"),
    "smelter": mark("smelted {product}: no producer is on record"),
    "refinery": mark("refined {product}: no producer is on record"),
}
SUPPLY_BARS = {
    "mine": mark("Bars of the share of the world’s mined {product} by country."),
    "smelter": mark("Bars of the share of the world’s smelted {product} by country."),
    "refinery": mark("Bars of the share of the world’s refined {product} by country."),
}
DOMINATED = {
    "mine": mark("{product}, mined: {supplier}"),
    "smelter": mark("{product}, smelted: {supplier}"),
    "refinery": mark("{product}, refined: {supplier}"),
}
DOMINATES = {
    "mine": mark("{supplier} makes {share} of the world’s mined {product}"),
    "smelter": mark("{supplier} makes {share} of the world’s smelted {product}"),
    "refinery": mark("{supplier} makes {share} of the world’s refined {product}"),
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

    `frame` holds its rows as a table has them; `drawn` as `spec` wants them. `legend` says each meaning that is drawn.
    `bars` are empty for a map. `reading` says how to read the drawing, where bars of an office program need no such
    word; `publishers` are of its sources.
    """

    key: str
    finding: str
    basis: str
    alt: str
    frame: Frame
    drawn: pd.DataFrame
    spec: Callable[[bool], dict[str, Any]]
    legend: Mapping[str, str]
    sources: tuple[str, ...]
    bars: tuple[Bars, ...] = field(default=())
    reading: str = ""
    publishers: str = ""


def pictures(record: Record, before: Case, after: Case, scenario: Scenario) -> tuple[Picture, ...]:
    """Map, then where the bloc is short, then who is exposed or who supplies what is withheld.

    The scenario is the whole one: that of a case leaves out what only the market answers to.
    """
    drawn = [members_map(record, after)]
    if measured(after):
        drawn.append(coverage(record, before, after))
    drawn.append(_third(record, after, scenario))
    return tuple(replace(each, publishers=_publishers(record, each.sources)) for each in drawn)


def _publishers(record: Record, sources: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(record.publishers[each] for each in sources if each in record.publishers))


def _legend(meanings: Iterable[str]) -> dict[str, str]:
    """Words of meanings, each once."""
    return {each: say(LEGEND[each]) for each in meanings}


def _third(record: Record, after: Case, scenario: Scenario) -> Picture:
    """Supply of the product concerned when the scenario names one, else who loses most, else who dominates."""
    row = concerned(record, after, scenario)
    if row is not None:
        return supply(record, after, row)
    if after.members and after.summary.withheld_usd > 0:
        return exposure(record, after)
    return dominance(record, after)


def concerned(record: Record, case: Case, scenario: Scenario) -> int | None:
    """Row of the series most concerned by restrictions and measures that name products; None where none has one."""
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
    for product in sorted(named, key=lambda each: (-float(usd.get(each, 0.0)), each)):
        rows = _at_its_stages(record, scenario, product)
        if len(rows):
            # The more concentrated stage is the one a cut bites at.
            share = case.outcome.indicators.largest_share.loc[rows]
            return int(share.fillna(0.0).idxmax())
    return None


def _at_its_stages(record: Record, scenario: Scenario, product: str) -> pd.Index:
    """Rows of the series of a product, of the stages its restrictions name where they name any that has one."""
    series = record.series[record.series["product"] == product]
    stages = {stage for each in scenario.restrictions if product in each.products for stage in each.stages}
    there = series[series.stage.isin(stages)]
    return there.index if len(there) else series.index


def of_named_products(record: Record, case: Case) -> NDArray[np.bool_]:
    """Which rows of the ranking are of products that restrictions name."""
    products = {product for each in case.scenario.restrictions for product in each.products}
    return record.series["product"].loc[case.rows.row].isin(products).to_numpy()


def focus(record: Record, before: Case, after: Case) -> pd.DataFrame:
    """Rows of the ranking that matter, at most ten: of named products, then the largest moves, then the weakest."""
    rows = after.rows.assign(baseline=before.rows.coverage.to_numpy())
    change = (rows.coverage - rows.baseline).abs().fillna(0.0)
    weak = rows.complete.astype(bool) & (rows.side == "refined")
    # Where need is unknown the most concentrated come first.
    left = after.outcome.indicators.n_minus_1.loc[rows.row].to_numpy()
    least = np.where(rows.coverage.isna(), left, rows.coverage)
    order = np.lexsort((least, ~weak, -np.where(change > NOTABLE, change, 0.0), ~of_named_products(record, after)))
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
        basis=say(
            "Circle: share of world refining, average over {number} materials, each in its latest year.",
            number=len(refined),
        ),
        alt=maps.map_summary(status, record.names, shares, say("of world refining, average over materials")),
        frame=Frame(
            say("Chart, map"),
            pd.DataFrame(
                {
                    "country": places["name"],
                    "status": [say(maps.STATUS_WORDS[status[code]]) for code in places.iso3],
                    "share": drawn.share,
                }
            ).reset_index(drop=True),
            {
                "country": Column(say("Country")),
                "status": Column(say("Status")),
                "share": Column(say("Share of world refining"), "share"),
            },
        ),
        drawn=drawn,
        spec=charts.world_spec,
        legend=_legend(shown),
        sources=(*dict.fromkeys(refined.source_id), MAP_SOURCE),
    )


def _refining(record: Record, after: Case, shares: Mapping[str, float]) -> str:
    largest = max(shares, key=shares.__getitem__)
    supplier, share = name_of(record, largest), words.percent(shares[largest])
    if not after.members:
        return words.capital(say("{supplier} refines {share} of the average material", supplier=supplier, share=share))
    refines = say(
        "{supplier} refines {share} of the average material, the bloc {bloc_share}",
        supplier=supplier,
        share=share,
        bloc_share=words.percent(sum(shares[iso3] for iso3 in after.members)),
    )
    return words.capital(refines)


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
        basis=say("Share of need met, output of {first} to {last}.", first=new.year.min(), last=new.year.max()),
        reading=" ".join(
            [
                say("Bar: scenario; tick: baseline; pale: if all unlisted output were the members’."),
                say("{sign} Need by the members’ share of GDP, a yardstick.", sign=charts.YARDSTICK),
            ]
        ),
        alt=say("Bars of the share of need that the bloc meets for {materials}.", materials=words.listing(ordered, 12)),
        frame=_coverage_frame(old, new),
        drawn=drawn,
        spec=charts.coverage_spec,
        legend={},
        sources=tuple(dict.fromkeys(record.series.source_id.loc[new.row])),
        bars=tuple(_stage_bars(ordered, old, new, side) for side in ("mined", "refined")),
    )


def _coverage_frame(old: pd.DataFrame, new: pd.DataFrame) -> Frame:
    rows = pd.DataFrame(
        {
            "material": new.label.to_numpy(),
            "stage": [say(SIDES[side]) for side in new.side],
            "year": new.year.to_numpy(),
            "baseline": old.coverage.to_numpy(),
            "scenario": new.coverage.to_numpy(),
            "high": new.coverage_high.to_numpy(),
            "undisclosed": new.undisclosed_members.to_numpy(),
        }
    )
    return Frame(say("Chart, coverage"), rows, coverage_columns())


def coverage_columns() -> dict[str, Column]:
    """What a table of coverage starts with."""
    return {
        "material": Column(say("Material")),
        "stage": Column(say("Stage")),
        "year": Column(say("Year"), "plain"),
        "baseline": Column(say("Share of need met, baseline"), "share"),
        "scenario": Column(say("Share of need met, scenario"), "share"),
        "high": Column(say("The same if all unlisted output were the members’"), "share"),
        "undisclosed": Column(say("Members whose output is undisclosed"), "plain"),
    }


def _coverage_finding(before: Case, after: Case) -> str:
    """The largest move."""
    change = (after.rows.coverage - before.rows.coverage).fillna(0.0)
    at = change.abs().idxmax()
    if abs(change[at]) <= NOTABLE:
        return say("Where the bloc is short, weakest first")
    rises = change[at] > 0
    row = after.rows.loc[at]
    moved = say(
        (RISES if rises else FALLS)[row.side],
        material=row.in_sentence,
        old=words.percent(before.rows.coverage[at]),
        new=words.percent(after.rows.coverage[at]),
    )
    return words.capital(moved)


def _stage_bars(labels: list[str], old: pd.DataFrame, new: pd.DataFrame, side: str) -> Bars:
    found = {
        name: frame[frame.side == side].set_index("label").coverage
        for name, frame in ((say("Baseline"), old), (say("Scenario"), new))
    }
    return Bars(
        categories=tuple(labels),
        values={name: tuple(_known(column.get(label)) for label in labels) for name, column in found.items()},
        unit="share",
        title=say(MET[side]),
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
                f"{words.short_dollars(row.withheld_usd)}, {words.percent(row.withheld_share)}"
                for row in hit.itertuples()
            ],
            "order": range(len(hit)),
        }
    )
    year = record.trade_year
    return Picture(
        key="exposure",
        finding=words.capital(
            say(
                "{country} would lose {amount} of purchases",
                country=name_of(record, first.iso3),
                amount=words.dollars(first.withheld_usd),
            )
        ),
        basis=say(
            "Purchases that would be withheld, {year} prices, and their share of all each buys of these materials.",
            year=year,
        ),
        alt=say("Bars of purchases that would be withheld from {countries}.", countries=words.listing(names, 10)),
        frame=Frame(
            say("Chart, exposure"),
            hit.assign(member=names),
            {
                "member": Column(say("Member")),
                "withheld_usd": Column(say("Purchases withheld, USD of {year}", year=year), "usd"),
                "imports_usd": Column(say("All purchases of these materials abroad, USD of {year}", year=year), "usd"),
                "withheld_share": Column(say("Share withheld"), "share"),
            },
        ),
        drawn=drawn,
        spec=charts.ranked_bars,
        legend={},
        sources=TRADE_SOURCES,
        bars=(
            Bars(
                categories=tuple(names),
                values={say("Purchases withheld"): tuple(hit.withheld_usd)},
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
        others = say_many(len(rest), "{number} other country", "{number} other countries")
        named.append((others, float(rest.sum()) / total, "outside"))
    if (left := 1 - float(here.quantity.sum()) / total) > NOTABLE:
        named.append((say(LEGEND["unnamed"]), left, "unnamed"))
    return Picture(
        key="supply",
        finding=_supply_finding(record, after, row, named),
        basis=say("Share of the world’s output, {basis}, {year}.", basis=recorded(series.basis), year=series.year),
        alt=say(SUPPLY_BARS[series.stage], product=record.product_sentence_names[series["product"]]),
        frame=_share_frame(named, say("Chart, supply"), say("Country")),
        drawn=_share_rows(named),
        spec=charts.ranked_bars,
        legend=_legend(meaning for *_, meaning in named),
        sources=(str(series.source_id),),
        bars=(_share_bars(named, say("Share of the world")),),
    )


def _supply_finding(record: Record, after: Case, row: int, named: list[tuple[str, float, str]]) -> str:
    series = record.series.loc[row]
    product = record.product_sentence_names[series["product"]]
    if not named:
        return words.capital(say(NOT_SUPPLIED[series.stage], product=product))
    supplied = say(
        SUPPLIED[series.stage],
        product=product,
        supplier=named[0][0],
        share=words.percent(named[0][1]),
        bloc_share=words.percent(float(after.outcome.indicators.bloc_share.loc[row])),
    )
    return words.capital(supplied)


def dominance(record: Record, after: Case) -> Picture:
    """Materials in the hands of one supplier, the most concentrated first."""
    indicators = after.outcome.indicators
    top = indicators[indicators.complete.astype(bool) & indicators.largest_supplier.isin(list(record.names))]
    top = top.sort_values(["n_minus_1", "product"]).head(MOST_BARS)
    withholding = restricting(record, after.scenario)
    named = [
        (
            _dominated(record, row),
            1 - float(row.n_minus_1),
            theme.meaning(row.largest_supplier, after.members, withholding),
        )
        for _, row in top.iterrows()
    ]
    first = top.iloc[0]
    dominates = say(
        DOMINATES[first.stage],
        supplier=name_of(record, first.largest_supplier),
        share=words.percent(named[0][1]),
        product=record.product_sentence_names[first["product"]],
    )
    return Picture(
        key="dominance",
        finding=words.capital(dominates),
        basis=say(
            "Share of the largest supplier in the world’s output, {first} to {last}.",
            first=top.year.min(),
            last=top.year.max(),
        ),
        alt=say(
            "Bars of the share of the largest supplier: {suppliers}.",
            suppliers=words.listing([label for label, *_ in named], 10),
        ),
        frame=_share_frame(named, say("Chart, dominance"), say("Material and supplier")),
        drawn=_share_rows(named),
        spec=charts.ranked_bars,
        legend=_legend(meaning for *_, meaning in named),
        sources=tuple(dict.fromkeys(top.source_id)),
        bars=(_share_bars(named, say("Share of the largest supplier")),),
    )


def _dominated(record: Record, row: pd.Series) -> str:
    """A material with its stage and its largest supplier."""
    product, supplier = record.product_sentence_names[row["product"]], record.names[row.largest_supplier]
    return words.capital(say(DOMINATED[row.stage], product=product, supplier=supplier))


def _share_frame(named: list[tuple[str, float, str]], title: str, first: str) -> Frame:
    rows = pd.DataFrame(named, columns=["label", "share", "meaning"])
    return Frame(
        title,
        rows.assign(status=[say(LEGEND[meaning]) for meaning in rows.meaning]),
        {
            "label": Column(first),
            "share": Column(say("Share of the world"), "share"),
            "status": Column(say("Status")),
        },
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
