"""Market of a mineral: its prices, what the United States imports and from where, mines and plants."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from bloc import words
from bloc.data import Record
from bloc.views import charts, flow_map, maps, notes, overview, session, supply, supply_prices, theme
from bloc.views.figure import Figure, show
from bloc.views.supply import Sides
from bloc.views.supply_prices import mineral_name

ROW = 25
# Characters of a heading that may run over two lines.
LONGEST = 80


# Bars in groups, each under its own name: import reliance and import sources.


def _group(marks: list[dict[str, Any]], name: str) -> None:
    marks.append({"order": len(marks), "head": name})


@cache
def grouped_bars(dark: bool) -> dict[str, Any]:
    """Chart of bars under headings: order, head, label, low, high, text, meaning, remark; pale from low to high."""
    colours = theme.palette(dark)
    meanings = theme.meanings(colours, figure=colours.muted)
    scale = alt.Scale(domain=[-0.62, 1.42], nice=False, zero=False)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    base = alt.Chart().encode(y=alt.Y("order:O", axis=None))
    tooltip = [
        alt.Tooltip("label:N", title="Of"),
        alt.Tooltip("text:N", title="Figure"),
        alt.Tooltip("remark:N", title="Remark"),
    ]

    def at(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale, axis=None)

    bars = base.transform_filter("isValid(datum.label)")
    layers = alt.layer(
        bars.transform_filter("datum.high > datum.low")
        .mark_bar(size=ROW - 10, color=colours.track, stroke=colours.outside, strokeDash=[3, 3], strokeWidth=1)
        .encode(x=at("low"), x2="high:Q", tooltip=tooltip),
        bars.transform_filter("datum.low > 0 && !datum.estimated")
        .mark_bar(size=ROW - 9)
        .encode(x=at("zero"), x2="low:Q", color=fill, tooltip=tooltip),
        bars.transform_filter("datum.low > 0 && datum.estimated")
        .mark_bar(size=ROW - 9, opacity=0.55)
        .encode(x=at("zero"), x2="low:Q", color=fill, tooltip=tooltip),
        bars.mark_text(align="right", dx=-6, fontSize=13, limit=210).encode(x=at("zero"), text="label:N"),
        bars.mark_text(align="left", dx=6, fontSize=13).encode(x=at("end"), text="text:N", tooltip=tooltip),
        base.transform_filter("isValid(datum.head)")
        .mark_text(align="left", fontSize=13, fontWeight=600, limit=560, dy=3)
        .encode(x=at("left"), text="head:N"),
    )
    return charts.finished(layers.properties(height=alt.Step(ROW)), dark)


def _bar(
    order: int, label: str, low: float, high: float, text: str, meaning: str, remark: str, estimated: bool
) -> dict[str, Any]:
    return {
        "order": order,
        "label": label,
        "low": low,
        "high": high,
        "text": text,
        "meaning": meaning,
        "remark": remark,
        "estimated": estimated,
    }


def _bars(marks: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(marks)
    return frame.assign(zero=0.0, left=-0.62, end=frame[["low", "high"]].max(axis=1).fillna(0.0))


def reliance(record: Record, mineral: str, rows: pd.DataFrame) -> Figure:
    """Net import reliance of the United States by year, bounds as printed."""
    rows = rows.assign(
        what=[_what(record, *row) for row in zip(rows["product"], rows.item, strict=True)],
        product_words=rows["product"].map(record.product_sentence_names),
        said=[_reliance(*row) for row in zip(rows.low, rows.high, rows.qualifier, strict=True)],
    ).sort_values("import_reliance_id")
    marks: list[dict[str, Any]] = []
    for what, group in rows.groupby("what", sort=False):
        _group(marks, words.capital(str(what)))
        for row in group.itertuples():
            low, high = _bounds(row.low, row.high, row.qualifier)
            remark = row.note if isinstance(row.note, str) else "as printed"
            marks.append(
                _bar(len(marks), str(row.year), low, high, row.said, "figure", remark, row.qualifier == "estimated")
            )
    year = int(rows.year.max())
    name = mineral_name(record, mineral)
    return Figure(
        key=f"reliance_{mineral}",
        finding=_reliance_finding(rows[rows.year == year], name, year),
        basis=(
            f"Net imports of the United States as a percentage of its consumption, {rows.year.min()} to {year}, "
            "content as the publisher counts it. A net exporter has no bar."
        ),
        rows=rows,
        columns={"what": "Goods and consumption", "year": "Year", "said": "Net import reliance", "note": "Remark"},
        drawn=_bars(marks),
        spec=grouped_bars,
        alt=f"Bars of U.S. net import reliance for {name}. {_latest(rows[rows.year == year])}.",
        legend=(":gray[■]&nbsp;As printed", ":gray[▒]&nbsp;Estimated", ":gray[□]&nbsp;Between the printed bounds"),
    )


def _what(record: Record, product: str, item: str) -> str:
    """Goods as the publisher calls them, after the product's name unless that is said already."""
    name = record.product_sentence_names[product]
    return item if name in item.lower().split(",")[0].split("(")[0] else f"{name}, {item}"


def _reliance(low: float, high: float, qualifier: object) -> str:
    if qualifier == "net_exporter":
        return "net exporter"
    if qualifier == "greater_than":
        return f"more than {words.percent(low / 100)}"
    if qualifier == "less_than":
        return f"less than {words.percent(high / 100)}"
    if np.isnan(low):
        return "not available"
    text = words.percent(low / 100) if low == high else f"{words.percent(low / 100)} to {words.percent(high / 100)}"
    return f"{text}, estimated" if qualifier == "estimated" else text


def _bounds(low: float, high: float, qualifier: object) -> tuple[float, float]:
    """Ends of the bar: an open bound reaches to the end of the scale, an exporter and the unknown have none."""
    if qualifier == "greater_than":
        return low / 100, 1.0
    if qualifier == "less_than":
        return 0.0, high / 100
    return (low / 100, high / 100) if low == low else (np.nan, np.nan)


def _reliance_finding(latest: pd.DataFrame, name: str, year: int) -> str:
    if len(latest) > 1:
        ordered = latest.assign(
            rank=[_main(*row, name) for row in zip(latest.what, latest.product_words, strict=True)]
        ).sort_values("rank", kind="stable")
        two = f"U.S. net imports, {year}: {_latest(ordered.head(2))}"
        return two if len(two) <= LONGEST else f"U.S. net imports, {year}: {_latest(ordered.head(1))}"
    row = latest.iloc[0]
    if row.qualifier == "net_exporter":
        return f"The United States is a net exporter of {name}, {year}"
    if row.said == "not available":
        return f"How much {name} the United States imports is not available"
    return f"The United States imports {row.said.removesuffix(', estimated')} of the {name} it uses, {year}"


def _latest(latest: pd.DataFrame) -> str:
    return "; ".join(f"{_short(row.what)} {row.said.removesuffix(', estimated')}" for row in latest.itertuples())


def _main(what: str, product: str, name: str) -> tuple[bool, int]:
    """Order of the forms of a good: the mineral by its own name, then all of it, totals, refined goods; scrap last."""
    first = ("all forms", "total", "refined")
    rank = next((rank for rank, word in enumerate(first) if word in what), len(first) + ("scrap" in what))
    return product != name, rank


def _short(what: str) -> str:
    """Goods without the consumption they are a part of."""
    return what.rsplit(", of", 1)[0].removesuffix(", all forms").split(" (")[0]


def import_sources(sides: Sides, mineral: str, rows: pd.DataFrame) -> Figure:
    """Countries the United States imports from, form by form, the other countries last."""
    record = sides.record
    what = pd.Series([_what(record, *row) for row in zip(rows["product"], rows.form, strict=True)], rows.index)
    product = rows["product"].map(record.product_sentence_names)
    rows = rows.assign(
        what=what.map(words.capital),
        form_words=what,
        main=[_main(*row, mineral_name(record, mineral)) for row in zip(what, product, strict=True)],
        rank=rows.groupby(what).import_source_id.transform("min"),
        said=[_share(*row) for row in zip(rows.share, rows.qualifier, strict=True)],
        last=rows.partner == "Other countries",
        meaning=rows.partner_iso3.map(sides.meaning),
    ).sort_values(
        ["main", "rank", "last", "share", "partner"], ascending=[True, True, True, False, True], ignore_index=True
    )
    marks: list[dict[str, Any]] = []
    for what, group in rows.groupby("what", sort=False):
        _group(marks, str(what))
        for row in group.itertuples():
            remark = row.note if isinstance(row.note, str) else "as printed"
            low, high = (0.0, row.share) if row.qualifier == "less_than" else (row.share, row.share)
            marks.append(_bar(len(marks), row.partner, low, high, row.said, row.meaning, remark, False))
    seller = record.sentence_names.get(str(rows.partner_iso3.iloc[0]), str(rows.partner.iloc[0]))
    first, period = rows.iloc[0], "; ".join(sorted(set(rows.period)))
    name = mineral_name(record, mineral)
    top = ", ".join(f"{row.partner} {row.said}" for row in rows.head(3).itertuples())
    return Figure(
        key=f"import_sources_{mineral}",
        finding=f"{words.capital(seller)} sells {first.said} of U.S. imports: {_short(first.form_words)}",
        basis=f"Share of U.S. imports by country, {period}, of each form by itself, as printed.",
        rows=rows,
        columns={"what": "Form", "partner": "From", "said": "Share of imports", "period": "Years", "note": "Remark"},
        drawn=_bars(marks),
        spec=grouped_bars,
        alt=f"Bars of the sources of U.S. imports of {name}, {first.what}: {top}.",
        legend=(
            *supply.LEGEND,
            ":blue[░]&nbsp;Not named",
        ),
        leads={"partner": ("country", "partner_iso3")},
    )


def _share(share: float, qualifier: object) -> str:
    if np.isnan(share):
        return "not available"
    before = {"less_than": "less than ", "greater_than": "more than "}.get(str(qualifier), "")
    return f"{before}{words.percent(share)}"


# Mines and plants.

STANDING_WORDS = {"operating": "Operating", "project": "In development", "halted": "On hold or idle"}


def _standing(stage: str, status: str) -> str:
    if status in ("on hold", "care and maintenance"):
        return "halted"
    return "project" if "project" in stage or status == "in development" else "operating"


def sites(record: Record, mineral: str, rows: pd.DataFrame) -> Figure:
    """Mines and plants of a mineral by country and standing."""
    rows = rows.assign(
        standing=[_standing(*row) for row in zip(rows.stage, rows.status, strict=True)],
        status_words=[f"{words.capital(row.stage)}, {row.status}" for row in rows.itertuples()],
        operator_words=rows.operator.fillna("not named"),
    )
    counts = rows.groupby(["iso3", "standing"]).size()
    marks: list[dict[str, Any]] = []
    for iso3 in counts.groupby("iso3").sum().sort_values(ascending=False).index:
        _group(marks, record.names[iso3])
        for standing, said in STANDING_WORDS.items():
            number = int(counts.get((iso3, standing), 0))
            part = number / int(counts.max())
            marks.append(
                _bar(len(marks), said, part, part, str(number), "figure", "sites counted", standing == "halted")
            )
    working = int((rows.standing == "operating").sum())
    name = mineral_name(record, mineral)
    where = words.listing([record.sentence_names[each] for each in sorted(set(rows.iso3))])
    return Figure(
        key=f"sites_{mineral}",
        finding=f"Sites of {name} in {where}: {working} of {len(rows)} operating",
        basis="Mines and plants by standing, in the words of the two surveys. Number of sites, not output.",
        rows=rows,
        columns={
            "name": "Site",
            "operator_words": "Operator",
            "iso3": "Country",
            "material": "Material",
            "status_words": "Standing",
        },
        drawn=_bars(marks),
        spec=grouped_bars,
        alt=f"Bars of the number of {name} sites in {where} by standing: {working} of {len(rows)} operating.",
        note="Only Canada and Australia are on record. A site with several materials stands under the first named.",
        leads=supply.TO_COUNTRY,
    )


# On the page.


def _of(query: str, mineral: str) -> pd.DataFrame:
    rows = session.query(query)
    return rows[rows.mineral == mineral]


def _by_product(
    record: Record, rows: pd.DataFrame, build: Callable[[Record, pd.DataFrame, str], Figure]
) -> list[Figure]:
    return [build(record, group, str(product)) for product, group in rows.groupby("product")]


@lru_cache(maxsize=supply.KEPT)
def _price_figures(mineral: str) -> list[Figure]:
    """Figures of prices, once per server: no scenario changes them."""
    record, yearly, gaps = (
        session.record(),
        _of("prices", mineral),
        supply_prices.between_places(_of("price_gaps", mineral)),
    )
    # The yearly means of a price that is drawn by the month would only repeat it.
    found = _by_product(record, yearly[yearly.item != supply_prices.MONTHLY], supply_prices.prices)
    found += _by_product(record, _of("prices_by_month", mineral), supply_prices.monthly)
    return [*found, supply_prices.price_gap(record, mineral, gaps)] if len(gaps) else found


@lru_cache(maxsize=supply.KEPT)
def _reliance_figures(mineral: str) -> list[Figure]:
    rows = _of("import_reliance", mineral)
    return [reliance(session.record(), mineral, rows)] if len(rows) else []


def draw_market(view: overview.View, mineral: str) -> None:
    """From whom the United States imports and how much of its use, then prices."""
    name = mineral_name(view.record, mineral)
    found, imported = list(_price_figures(mineral)), list(_reliance_figures(mineral))
    if len(_of("import_sources", mineral)):
        imported.insert(0, _import_figure(supply.sides(view), mineral))
    lacking = ["prices"] * (not found) + ["imports of the United States"] * (not imported)
    if lacking:
        st.header(f"Not on record for {name}: {words.listing(lacking)}", anchor=False)
    supply.lay_out(imported + found)


@lru_cache(maxsize=supply.KEPT)
def _import_figure(sides: Sides, mineral: str) -> Figure:
    return import_sources(sides, mineral, _of("import_sources", mineral))


@lru_cache(maxsize=supply.KEPT)
def _site_figures(mineral: str) -> tuple[Figure, Figure] | None:
    rows, record = _of("sites", mineral), session.record()
    if rows.empty:
        return None
    counted = sites(record, mineral, rows)
    return site_picture(record, counted, mineral), counted


def draw_sites(view: overview.View, mineral: str) -> None:
    """Mines and plants on a map, counted beside it."""
    pictures, name = _site_figures(mineral), mineral_name(view.record, mineral)
    if pictures is None:
        st.header(f"No {name} site is on record", anchor=False)
        notes.note("Mines and plants are on record for Canada and Australia only.")
        return
    picture, counted = pictures
    size = maps.PHONE if view.phone else maps.WIDE
    left, right = st.columns([1.35, 1], gap="large")
    with left:
        supply.show_map(picture, _site_deck(mineral, view.dark, size), size.height)
    with right:
        show(counted)


@lru_cache(maxsize=supply.KEPT)
def _site_deck(mineral: str, dark: bool, size: maps.View) -> maps.CompactDeck:
    rows = sites(session.record(), mineral, _of("sites", mineral)).rows
    return flow_map.site_deck(site_dots(rows), dark, size)


def site_picture(record: Record, counted: Figure, mineral: str) -> Figure:
    """Map of the sites that `counted` counts."""
    rows, name = counted.rows, mineral_name(record, mineral)
    return replace(
        counted,
        key=f"sites_map_{mineral}",
        finding=f"{words.capital(name)}: where mines and plants stand",
        basis="Filled: operating; ring: in development; pale: on hold or idle.",
        drawn=flow_map.site_rows(rows),
        spec=flow_map.site_spec,
        alt=f"World map of {len(rows)} {name} sites in Canada and Australia.",
        legend=("●&nbsp;Operating", "○&nbsp;In development", ":violet[●]&nbsp;On hold or idle"),
        note="Only Canada and Australia are on record.",
    )


def site_dots(rows: pd.DataFrame) -> pd.DataFrame:
    """Sites with what is said of each on hover."""
    return rows.assign(
        tip=rows.status_words, more="Operator: " + rows.operator_words, last=rows.material.map(words.capital)
    )


def draw(view: overview.View, mineral: str) -> None:
    """Imports of the United States, prices, mines and plants."""
    draw_market(view, mineral)
    draw_sites(view, mineral)
