"""Supply of one mineral: who digs it, who refines it, as figures; and how the figures of a mineral are laid out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pydeck as pdk
import streamlit as st

from bloc import words
from bloc.briefing import Case
from bloc.data import Record
from bloc.language import mark, per_language, recorded, say, say_many
from bloc.outcome import Outcome, evaluate, restricting
from bloc.scenario import Scenario
from bloc.text import csv_text
from bloc.views import charts, notes, session, theme
from bloc.views.figure import Figure, files, show, source_line
from bloc.views.overview import View

# Countries drawn on their own; the rest are one bar.
NAMED = 7
ROW = 27
# Height of a figure around its chart. [px]
FRAME = 280
# Share of the world below which what nobody is named for has no bar.
LEAST = 0.0005
# Figures of as many minerals, blocs and years are kept.
KEPT = 64
# Column of a table that leads to the page of a country.
TO_COUNTRY = {"iso3": ("country", "iso3")}
# Name of the selection of a bar, which is that of the control of the page it leads to, see figure.LEADS.
COUNTRY = "country"
# Suppliers under a ranking with a link to their page.
LINKED = 3
# What can be asked of a mineral, and how the page names it.
PARTS = {
    "now": mark("Who supplies it"),
    "history": mark("Since 1971"),
    "trade": mark("Trade"),
    "ahead": mark("Reserves and outlook"),
    "market": mark("Prices and the United States"),
}
LEGEND = (notes.LEGEND["member"], notes.LEGEND["restricting"], mark(":violet[■]&nbsp;Outside"))
STAGE_TITLES = {"mine": mark("Mine output"), "smelter": mark("Smelter output"), "refinery": mark("Refinery output")}
SUPPLIES = {
    "mine": mark("{country} mines {share} of the world’s {product}"),
    "smelter": mark("{country} smelts {share} of the world’s {product}"),
    "refinery": mark("{country} refines {share} of the world’s {product}"),
}
SUPPLIES_BESIDE_BLOC = {
    "mine": mark("{country} mines {share} of the world’s {product}, the bloc {bloc_share}"),
    "smelter": mark("{country} smelts {share} of the world’s {product}, the bloc {bloc_share}"),
    "refinery": mark("{country} refines {share} of the world’s {product}, the bloc {bloc_share}"),
}
QUALIFIERS = {
    "estimated": mark("estimated"),
    "withheld": mark("not disclosed"),
    "not_available": mark("not available"),
    "included_elsewhere": mark("counted elsewhere"),
    "less_than": mark("less than"),
    "greater_than": mark("more than"),
    "about": mark("about"),
    "range": mark("range"),
    "net_exporter": mark("net exporter"),
    "derived": mark("derived"),
    "modelled": mark("modelled"),
    "forecast": mark("forecast"),
    "recalled": mark("remembered"),
}


@dataclass(frozen=True)
class Sides:
    """Who is in the bloc and who withholds: all of a scenario that the figures of a mineral depend on."""

    record: Record
    members: frozenset[str]
    withholding: frozenset[str]

    def meaning(self, iso3: object) -> str:
        """Meaning of a country's bar, of "unnamed" for what nobody is named for."""
        return theme.meaning(iso3, self.members, self.withholding) if isinstance(iso3, str) else "unnamed"


def sides(view: View) -> Sides:
    """Sides of the scenario shown."""
    return Sides(view.record, view.after.members, restricting(view.record, view.after.scenario))


def legend() -> tuple[str, ...]:
    """Coloured squares of every figure whose bars are countries."""
    return tuple(say(each) for each in LEGEND)


def lay_out(figures: Sequence[Figure], draw: Callable[[Figure], None] = show) -> None:
    """Draw figures in two columns, each where there is most room; the last takes the whole width if that fills more."""
    beside, last = _arranged([_height(figure) for figure in figures])
    if beside:
        columns = st.container(key=f"pair_{figures[0].key}").columns(2, gap="large")
        for figure, at in zip(figures, beside, strict=False):
            with columns[at]:
                draw(figure)
    if last:
        draw(figures[-1])


def _arranged(heights: Sequence[float]) -> tuple[list[int], bool]:
    """Column of each figure, and whether the last one stands below them over the whole width."""
    filled, columns, empty = [0.0, 0.0], [], [0.0]
    for height in heights:
        at = int(np.argmin(filled))
        filled[at] += height
        columns.append(at)
        empty.append(abs(filled[0] - filled[1]))
    below = len(heights) > 0 and empty[-2] < empty[-1]
    return (columns[:-1] if below else columns), below


def _height(figure: Figure) -> float:
    height = figure.spec(False)["height"]
    if not isinstance(height, dict):
        return FRAME + float(height)
    rows = figure.drawn.label.nunique() if "label" in figure.drawn else len(figure.drawn)
    return FRAME + float(height["step"]) * rows


def show_map(figure: Figure, deck: pdk.Deck, height: int) -> None:
    """Draw a map on the screen with the files of its twin, which the figure draws."""
    st.header(notes.plain(figure.finding), anchor=False)
    notes.plain_note(figure.basis)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container():
            notes.legend(figure.legend)
        record = session.record()
        files(figure.key, lambda: csv_text(figure.rows), lambda: figure.chart(record))
    st.pydeck_chart(deck, height=height, key=f"map_{figure.key}", alt=figure.alt)
    notes.plain_note(f"{figure.note} {source_line(figure, record)}")


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
    return dict(sorted(named.items(), key=lambda each: words.alphabetical(each[1])))


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
            said = say(
                SUPPLIES[indicator.stage],
                country=record.sentence_names[indicator.largest_supplier],
                # Of the larger of the published world and its parts, as in the ranking below.
                share=words.percent(1 - float(indicator.n_minus_1)),
                product=record.product_sentence_names[indicator["product"]],
            )
            parts.append(said)
    return words.capital("; ".join(parts)) or say("No supplier of this mineral is on record")


def stages(view: View, mineral: str) -> None:
    """Rankings of every stage and form of a mineral side by side, mined first."""
    lay_out(_rankings(sides(view), mineral), show_ranking)


@lru_cache(maxsize=KEPT)
def _rankings(sides: Sides, mineral: str) -> list[Figure]:
    outcome = evaluate(sides.record, Scenario(tuple(sides.members)))
    return [suppliers(sides, outcome, row) for row in series_of(sides.record, mineral).index]


def show_ranking(ranked: Figure) -> None:
    """Draw a ranking of countries with links to those at its top."""
    show(ranked)
    names = session.record().names
    leading = [iso3 for iso3 in dict.fromkeys(ranked.rows.iso3) if iso3 in names][:LINKED]
    if leading:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":small[:gray[{say('More about')}]]", width="content")
            for iso3 in leading:
                session.link_to_country(iso3, names[iso3])


def suppliers(sides: Sides, outcome: Outcome, row: int) -> Figure:
    """Ranking of the suppliers of one series: the largest seven, the other countries, what nobody is named for.

    What is withheld changes no output: `outcome` is that of the members alone.
    """
    record, supply = sides.record, outcome.supply
    series, indicator = record.series.loc[row], outcome.indicators.loc[row]
    here = supply[
        (supply["product"] == series["product"]) & (supply.stage == series.stage) & (supply.form == series.form)
    ]
    total = max(float(series.world), float(here.quantity.sum()))
    here = here.assign(
        share=here.quantity / total,
        remark=remarks(here.qualifier),
        name=here.iso3.map(record.names),
    ).sort_values(["quantity", "iso3"], ascending=[False, True], ignore_index=True)
    product = record.product_sentence_names[series["product"]]
    return Figure(
        key=f"suppliers_{row}",
        finding=_finding(record, product, series.stage, here, float(indicator.bloc_share)),
        basis=_basis(series, indicator),
        rows=here,
        columns={
            "iso3": say("Country"),
            "quantity": quantity_title(series.stage, series.unit),
            "share": say("Share of the world"),
            "remark": say("Remark"),
            "member": say("Member"),
            "year": say("Year"),
        },
        drawn=bars(sides, here, float(indicator.other_share)),
        spec=supplier_bars,
        alt=_alt(record, product, here),
        legend=legend(),
        leads=TO_COUNTRY,
        note=_note(series, here),
        sources=(str(series.source_id),),
    )


def quantity_title(stage: str, unit: str) -> str:
    """Title of a column of quantities, with their unit."""
    return f"{say(STAGE_TITLES[stage])}, {unit_in_words(unit)}"


def unit_in_words(unit: str) -> str:
    """Unit of a series as it is read."""
    return recorded(unit).replace("m3", "m³")


def _basis(series: pd.Series, indicator: pd.Series) -> str:
    counted = say(
        "{stage}, {form}, {basis}, {year}; share of the world’s {amount}.",
        stage=say(STAGE_TITLES[series.stage]),
        form=recorded(series.form),
        basis=recorded(series.basis),
        year=series.year,
        amount=amount(float(series.world), str(series.unit)),
    )
    concentration = say(
        "HHI {index} of {most}; without the largest supplier {share} remains.",
        index=_between(indicator.hhi_low, indicator.hhi_high),
        most=words.number(10_000, ","),
        share=words.percent(float(indicator.n_minus_1)),
    )
    return f"{counted} {concentration}"


def _between(low: float, high: float) -> str:
    first, last = words.number(low, ",.0f"), words.number(high, ",.0f")
    return first if round(low) == round(high) else say("{low} to {high}", low=first, high=last)


def amount(quantity: float, unit: str) -> str:
    """Quantity of a series in words, in the unit it is printed in."""
    scale = {"t": 1.0, "kt": 1e3, "kg": 1e-3}.get(unit)
    if scale is not None:
        return words.tonnes(quantity * scale)
    if unit == "percent of world":
        return say("output")
    return f"{words.number(quantity, ',.0f')} {unit_in_words(unit)}"


def _finding(record: Record, product: str, stage: str, here: pd.DataFrame, bloc_share: float) -> str:
    known = here[here.quantity > 0]
    if known.empty:
        return say("No country is recorded to supply {product}", product=product)
    said = say(
        SUPPLIES_BESIDE_BLOC[stage],
        country=record.sentence_names[known.iso3[0]],
        share=words.percent(float(known.share[0])),
        product=product,
        bloc_share=words.percent(bloc_share),
    )
    return words.capital(said)


def remarks(qualifiers: pd.Series) -> list[str]:
    """Qualifiers in words, empty for a figure as printed."""
    return [say(QUALIFIERS[each]) if each in QUALIFIERS else "" for each in qualifiers]


def bars(sides: Sides, rows: pd.DataFrame, other: float) -> pd.DataFrame:
    """Bars of a ranking from rows in its order with iso3, name, share and remark.

    The largest NAMED countries, what is not disclosed, the other countries as one, and `other`: the share of the world
    that nobody is named for.
    """
    known, unknown = rows[rows.share.notna()], rows[rows.share.isna()]
    rest = known.iloc[NAMED:]
    found = [
        (row.name, row.iso3, row.share, sides.meaning(row.iso3), row.remark) for row in known.head(NAMED).itertuples()
    ]
    found += [
        (row.name, row.iso3, np.nan, "undisclosed", row.remark or say("not disclosed")) for row in unknown.itertuples()
    ]
    if len(rest):
        others = say_many(len(rest), "{number} other country", "{number} other countries")
        found.append((others, "", rest.share.sum(), "outside", say("summed")))
    if other > LEAST:
        found.append((say("Not itemised"), "", other, "unnamed", say("world less the countries listed")))
    frame = pd.DataFrame(found, columns=["label", COUNTRY, "share", "meaning", "remark"])
    return frame.assign(
        order=range(len(frame)),
        text=[words.percent(share) if share == share else say("not disclosed") for share in frame.share],
        share=frame.share.fillna(0.0).astype(float),
        remark=frame.remark.replace("", say("as printed")),
    )


def _alt(record: Record, product: str, here: pd.DataFrame) -> str:
    top = ", ".join(f"{record.names[row.iso3]} {words.percent(row.share)}" for row in here.head(3).itertuples())
    return say("Bars of the share of world {product} by country: {shares}.", product=product, shares=top)


def _note(series: pd.Series, here: pd.DataFrame) -> str:
    estimated = int((here.qualifier == "estimated").sum())
    estimates = say_many(
        estimated,
        "{number} of {total} figures is an estimate.",
        "{number} of {total} figures are estimates.",
        total=len(here),
    )
    return " ".join(filter(None, [estimates if estimated else "", recorded(series.note)]))


@per_language()
def supplier_bars(dark: bool) -> dict[str, Any]:
    """Chart of a ranking: label, country, share, meaning, text; the numbers stand at the ends, the scale is 0 to 1."""
    colours = theme.palette(dark)
    meanings = theme.meanings(colours, undisclosed=colours.track)
    base = alt.Chart().encode(y=alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None))
    x = alt.X("share:Q", scale=alt.Scale(domain=[0, 1.12]), axis=None)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    tooltip = [
        alt.Tooltip("label:N", title=say("Country")),
        alt.Tooltip("text:N", title=say("Share of the world")),
        alt.Tooltip("remark:N", title=say("Figure")),
    ]
    pick = alt.selection_point(name=COUNTRY, fields=[COUNTRY])
    bars = base.mark_bar(size=ROW - 9, cursor="pointer").encode(x=x, color=fill, tooltip=tooltip).add_params(pick)
    ends = base.mark_text(align="left", dx=5, fontSize=14).encode(x=x, text="text:N")
    return charts.finished(alt.layer(bars, ends).properties(height=alt.Step(ROW)), dark)
