"""Supply of one mineral: who digs it, who refines it, as figures."""

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from bloc import words
from bloc.briefing import Case
from bloc.data import Record
from bloc.outcome import restricting
from bloc.views import charts, notes, session, theme
from bloc.views.figure import Figure, show
from bloc.views.overview import View

# Countries drawn on their own; the rest are one bar.
NAMED = 7
ROW = 27
# Suppliers under a ranking with a link to their page.
LINKED = 3
# What can be asked of a mineral, and how the page names it.
PARTS = {
    "now": "Who supplies it",
    "history": "Since 1971",
    "trade": "Trade",
    "ahead": "Reserves and outlook",
    "market": "Prices and the United States",
}
STAGE_TITLES = {"mine": "Mine output", "smelter": "Smelter output", "refinery": "Refinery output"}
VERBS = {"mine": "mines", "smelter": "smelts", "refinery": "refines"}
QUALIFIERS = {
    "estimated": "estimated",
    "withheld": "not disclosed",
    "not_available": "not available",
    "included_elsewhere": "counted elsewhere",
    "less_than": "less than",
    "greater_than": "more than",
    "about": "about",
    "range": "range",
    "net_exporter": "net exporter",
    "derived": "derived",
    "modelled": "modelled",
    "forecast": "forecast",
    "recalled": "remembered",
}


def series_of(record: Record, mineral: str) -> pd.DataFrame:
    """Default series of a mineral, mined first."""
    series = record.series[record.series.mineral == mineral]
    return series.assign(order=series.stage.map({"mine": 0, "refinery": 1, "smelter": 2})).sort_values(
        ["order", "product", "form"]
    )


def minerals(record: Record) -> dict[str, str]:
    """Name of each mineral with a default series, by key, in the order of the names."""
    known = record.products[record.products.mineral.isin(record.series.mineral)]
    named = dict(zip(known.mineral, known.mineral_name, strict=True))
    return dict(sorted(named.items(), key=lambda each: each[1]))


def finding(record: Record, case: Case, mineral: str) -> str:
    """Headline of a mineral: its largest supplier at the first and the last stage, and the bloc's part."""
    series = series_of(record, mineral)
    first = series.index[0]
    refined = series[series.stage != "mine"]
    # The refining of what is mined, before that of its kin.
    same = refined[refined["product"] == series["product"][first]]
    ends = [first, *(same if len(same) else refined).index[:1]]
    parts: list[str] = []
    for row in dict.fromkeys(ends):
        indicator = case.outcome.indicators.loc[row]
        if isinstance(indicator.largest_supplier, str):
            who = record.sentence_names[indicator.largest_supplier]
            product = record.product_sentence_names[indicator["product"]]
            # Of the larger of the published world and its parts, as in the ranking below.
            share = words.percent(1 - float(indicator.n_minus_1))
            parts.append(f"{who} {VERBS[indicator.stage]} {share} of the world’s {product}")
    return words.capital("; ".join(parts)) or "No supplier of this mineral is on record"


def stages(view: View, mineral: str) -> None:
    """Rankings of every stage and form of a mineral side by side, mined first."""
    columns = st.container(key="pair").columns(2, gap="large")
    for at, row in enumerate(series_of(view.record, mineral).index):
        with columns[at % 2]:
            ranked = suppliers(view.record, view.after, row)
            show(ranked)
            _profiles(view.record, ranked)


def _profiles(record: Record, ranked: Figure) -> None:
    """Links to the countries at the top of a ranking."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(":small[:gray[More about]]")
        for iso3 in ranked.rows.iso3.head(LINKED):
            session.link_to_country(iso3, record.names[iso3])


def suppliers(record: Record, case: Case, row: int) -> Figure:
    """Ranking of the suppliers of one series: the largest seven, the other countries, what nobody is named for."""
    series, indicator = record.series.loc[row], case.outcome.indicators.loc[row]
    supply = case.outcome.supply
    here = supply[
        (supply["product"] == series["product"]) & (supply.stage == series.stage) & (supply.form == series.form)
    ]
    total = max(float(series.world), float(here.quantity.sum()))
    here = here.assign(
        share=here.quantity / total,
        qualifier_words=[QUALIFIERS.get(each, "") if isinstance(each, str) else "" for each in here.qualifier],
    ).sort_values(["quantity", "iso3"], ascending=[False, True], ignore_index=True)
    product = record.product_sentence_names[series["product"]]
    return Figure(
        key=f"suppliers_{row}",
        finding=_finding(record, product, series.stage, here, float(indicator.bloc_share)),
        basis=(
            f"{STAGE_TITLES[series.stage]}, {series.form}, {series.basis}, {series.year}; share of the world’s "
            f"{amount(float(series.world), str(series.unit))}. "
            f"HHI {_between(indicator.hhi_low, indicator.hhi_high)} of 10,000; "
            f"without the largest supplier {words.percent(float(indicator.n_minus_1))} remains."
        ),
        rows=here,
        columns={
            "iso3": "Country",
            "quantity": f"{STAGE_TITLES[series.stage]}, {series.unit}",
            "share": "Share of the world",
            "qualifier_words": "Remark",
            "member": "Member",
            "year": "Year",
        },
        drawn=_bars(record, here, restricting(record, case.scenario), float(indicator.other_share)),
        spec=supplier_bars,
        alt=_alt(record, product, here),
        legend=(*list(notes.LEGEND.values())[:1], notes.LEGEND["restricting"], ":violet[■]&nbsp;Outside"),
        note=_note(series, here),
        sources=(str(series.source_id),),
    )


def _between(low: float, high: float) -> str:
    return f"{low:,.0f}" if round(low) == round(high) else f"{low:,.0f} to {high:,.0f}"


def amount(quantity: float, unit: str) -> str:
    """Quantity of a series in words, in the unit it is printed in."""
    scale = {"t": 1.0, "kt": 1e3, "kg": 1e-3}.get(unit)
    if scale is not None:
        return words.tonnes(quantity * scale)
    if unit == "percent of world":
        return "output"
    return f"{quantity:,.0f} {unit.replace('m3', 'm³')}"


def _finding(record: Record, product: str, stage: str, here: pd.DataFrame, bloc_share: float) -> str:
    known = here[here.quantity > 0]
    if known.empty:
        return f"No country is recorded to supply {product}"
    largest = words.capital(record.sentence_names[known.iso3[0]])
    bloc = f"the bloc {words.percent(bloc_share)}"
    return f"{largest} {VERBS[stage]} {words.percent(float(known.share[0]))} of the world’s {product}, {bloc}"


def _bars(record: Record, here: pd.DataFrame, withholding: frozenset[str], other: float) -> pd.DataFrame:
    shown = here[here.quantity.notna()].head(NAMED)
    rest = here[here.quantity.notna()].iloc[NAMED:]
    bars = [
        (record.names[row.iso3], row.share, _meaning(row, withholding), row.qualifier_words or "as printed")
        for row in shown.itertuples()
    ]
    bars += [
        (record.names[row.iso3], np.nan, "undisclosed", row.qualifier_words)
        for row in here[here.quantity.isna()].itertuples()
    ]
    if len(rest):
        bars.append((f"{len(rest)} other {words.plural('country', len(rest))}", rest.share.sum(), "outside", "summed"))
    if other > 0.0005:
        bars.append(("Not itemised", other, "unnamed", "world less the countries listed"))
    frame = pd.DataFrame(bars, columns=["label", "share", "meaning", "remark"])
    return frame.assign(
        order=range(len(frame)),
        text=[words.percent(share) if share == share else "not disclosed" for share in frame.share],
        share=frame.share.fillna(0.0),
    )


def _meaning(row: Any, withholding: frozenset[str]) -> str:
    if row.iso3 in withholding:
        return "restricting"
    return "member" if row.member else "outside"


def _alt(record: Record, product: str, here: pd.DataFrame) -> str:
    top = ", ".join(f"{record.names[row.iso3]} {words.percent(row.share)}" for row in here.head(3).itertuples())
    return f"Bars of the share of world {product} by country: {top}."


def _note(series: pd.Series, here: pd.DataFrame) -> str:
    estimated = int((here.qualifier == "estimated").sum())
    parts = [f"{estimated} of {len(here)} figures are estimates." if estimated else ""]
    if isinstance(series.note, str):
        parts.append(series.note)
    return " ".join(filter(None, parts))


@cache
def supplier_bars(dark: bool) -> dict[str, Any]:
    """Chart of a ranking: label, share, meaning, text; no axis, the numbers stand at the ends, the scale is 0 to 1."""
    colours = theme.palette(dark)
    meanings = theme.meanings(colours, undisclosed=colours.track)
    base = alt.Chart().encode(y=alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None))
    x = alt.X("share:Q", scale=alt.Scale(domain=[0, 1.12]), axis=None)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    tooltip = [
        alt.Tooltip("label:N", title="Country"),
        alt.Tooltip("text:N", title="Share of the world"),
        alt.Tooltip("remark:N", title="Figure"),
    ]
    bars = base.mark_bar(size=ROW - 9).encode(x=x, color=fill, tooltip=tooltip)
    ends = base.mark_text(align="left", dx=5, fontSize=14).encode(x=x, text="text:N")
    return charts.finished(alt.layer(bars, ends).properties(height=alt.Step(ROW)), dark)
