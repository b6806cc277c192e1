"""Published results and what happened beside ours: a figure, a table, and the imports of the United States."""

from functools import cache, lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from bloc import words
from bloc.data import Record, connect
from bloc.validation import (
    PRICE,
    RATIO,
    SHARE,
    Facts,
    import_dependence,
    in_words,
    published_in_words,
    range_in_words,
    read_facts,
    results,
    runs_in_words,
)
from bloc.views import charts, figure, market_session, notes, session, theme
from bloc.views.figure import Figure

ROW = 40
# Scale of the figure of prices. [multiples of the price before]
LEAST, MOST = 0.95, 16.0
# Difference up to which two shares of use count as near. [share]
NEAR = 0.1


@st.cache_resource(show_spinner="Running the model against published results")
def facts() -> Facts:
    """What trials are made from, once per server."""
    with connect() as connection:
        return read_facts(session.record(), market_session.base_cases(), market_session.table(), connection)


@st.cache_resource(show_spinner="Running the model against published results")
def table() -> pd.DataFrame:
    """Every trial with ours, once per server: it depends on no setting."""
    return results(facts())


def draw(narrow: bool) -> None:
    """All of it, in the order of the page; `narrow` on a phone."""
    notes.plain_note(
        "Nothing in the model is tuned to these. Every number of ours is computed now, with the default assumptions, "
        "whatever is set above."
    )
    figure.show(prices(table(), narrow))
    with st.expander("Why each differs"):
        st.markdown(reasons(table()))
    figure.show(shares(table()))
    figure.show(imports(session.record()))


def finding(rows: pd.DataFrame) -> str:
    """In how many trials the published figure lies within our range, how wide that is, whether the direction agrees."""
    known = rows[rows.kind.isin([PRICE, RATIO]) & rows.published_low.notna()]
    inside = int(within(known).sum())
    agreeing = int(((known.published_high > 1) == (known.ours > 1)).sum())
    agrees = "all" if agreeing == len(known) else f"{agreeing} of"
    width = float((known.ours_high / known.ours_low).median())
    return (
        f"The direction of {agrees} {len(known)} published price changes agrees, and {inside} lie within our ranges, "
        f"which typically span a factor of {width:.1f}"
    )


def within(rows: pd.DataFrame) -> pd.Series:
    """Whether the published figure and our range overlap."""
    return (rows.published_low <= rows.ours_high) & (rows.published_high >= rows.ours_low)


def prices(rows: pd.DataFrame, narrow: bool = False) -> Figure:
    """Trials of prices and of ratios of prices on a logarithmic scale, and all trials as the table."""
    known = rows[rows.kind.isin([PRICE, RATIO])]
    off = known[known.published_low.notna()]
    outside = [words.capital(each.title) for each in off[~within(off)].itertuples()]
    ceiling = facts().table.value("ceiling", "one_year")
    missed = f" Outside our range: {'; '.join(outside)}." if outside else ""
    return Figure(
        key="published",
        finding=finding(rows),
        basis="Price after over price before, on a logarithmic scale; base year 2024. Blue: ours, with its range over "
        "assumptions and levels of the cut. Dots and lines: published or observed.",
        rows=told(rows[rows.kind != SHARE]),
        columns=COLUMNS,
        drawn=_marks(known),
        spec=lambda dark: trial_bars(dark, narrow),
        alt=" ".join(f"{row.title}: published {row.published}, ours {row.ours:.2f}." for row in known.itertuples()),
        note=f"A line with an arrow is open upwards. At × {ceiling:g}, the ceiling, users go without: ends near it are "
        f"rationing, not a price.{missed}",
        sources=_sources(known),
        widths={"title": 320, "reason": 700, "runs": 420, "measured": 220},
    )


def reasons(rows: pd.DataFrame) -> str:
    """Published, ours, every run and the reason for the gap, one paragraph a trial."""
    known = rows[rows.kind != SHARE]
    lines = [
        f"- **{row.title}.** Published: {row.published}. Ours: {run}. {row.reason}"
        for row, run in zip(told(known).assign(published=known.published).itertuples(), told(known).runs, strict=True)
    ]
    return notes.prose("\n".join(lines))


COLUMNS = {
    "title": "What is compared",
    "printed": "Published, as printed",
    "published": "The same in our unit",
    "ours": "Ours",
    "range": "Our range",
    "reason": "Why they differ",
    "runs": "Ours, run by run",
    "measured": "What ours measures",
}


def told(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows in words, and for the file as numbers: an upper bound that is open is empty."""
    known = facts()
    return pd.DataFrame(
        {
            "title": rows.title,
            "printed": rows.published,
            "published": [
                published_in_words(known, r.kind, r.published_low, r.published_high) for r in rows.itertuples()
            ],
            "ours": [in_words(known, row.kind, row.ours) for row in rows.itertuples()],
            "range": [range_in_words(known, row.kind, row.ours_low, row.ours_high) for row in rows.itertuples()],
            "reason": rows.reason,
            "runs": [runs_in_words(known, row.kind, row.answers) for row in rows.itertuples()],
            "measured": rows.measured,
            "published_low": rows.published_low,
            "published_high": rows.published_high.replace(np.inf, np.nan),
            "ours_point": rows.ours,
            "ours_low": rows.ours_low,
            "ours_high": rows.ours_high,
        }
    )


def _sources(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for sources in rows.source_ids for each in sources))


def _marks(rows: pd.DataFrame) -> pd.DataFrame:
    """Marks of the figure, kept within its scale; what is open upwards ends in an arrow."""
    opened = np.isinf(rows.published_high)
    return pd.DataFrame(
        {
            "title": rows.title,
            "order": np.arange(len(rows)),
            "ours": rows.ours.clip(LEAST, MOST),
            "low": rows.ours_low.clip(LEAST, MOST),
            "high": rows.ours_high.clip(LEAST, MOST),
            "published_low": rows.published_low.clip(LEAST, MOST),
            "published_high": rows.published_high.where(~opened, MOST).clip(LEAST, MOST),
            "open": opened.to_numpy(),
            "printed": rows.published,
            "said": [f"{value:.2f}" for value in rows.ours],
        }
    )


@cache
def trial_bars(dark: bool, narrow: bool) -> dict[str, Any]:
    """Chart of _marks: our range and point over the published figure, a row a trial, named above it where narrow."""
    scale = alt.Scale(type="log", domain=[LEAST, MOST], nice=False)
    axis = alt.Axis(title=None, values=[1, 2, 4, 8, 16] if narrow else [1, 1.5, 2, 3, 4, 6, 8, 12, 16], format="~g")
    return _comparison(dark, scale, axis, narrow)


@cache
def share_bars(dark: bool) -> dict[str, Any]:
    """The same for shares of use."""
    scale = alt.Scale(domain=[0, 1], nice=False)
    return _comparison(dark, scale, alt.Axis(title=None, values=[0, 0.25, 0.5, 0.75, 1], format=".0%"), narrow=False)


def _comparison(dark: bool, scale: alt.Scale, axis: alt.Axis, narrow: bool) -> dict[str, Any]:
    colours = theme.palette(dark)
    names = None if narrow else alt.Axis(labelExpr="split(datum.value, ': ')", labelLimit=330, labelLineHeight=15)
    base = alt.Chart().encode(y=alt.Y("title:N", sort=alt.EncodingSortField(field="order"), title=None, axis=names))
    tooltip = [
        alt.Tooltip("title:N", title="What is compared"),
        alt.Tooltip("printed:N", title="Published"),
        alt.Tooltip("said:N", title="Ours"),
    ]

    def at(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale, axis=axis)

    layers = alt.layer(
        base.mark_bar(size=14, color=colours.range, yOffset=-6).encode(x=at("low"), x2="high:Q", tooltip=tooltip),
        base.mark_tick(color=colours.member, thickness=4, size=16, yOffset=-6).encode(x=at("ours"), tooltip=tooltip),
        base.mark_rule(color=colours.ink, strokeWidth=2, yOffset=9).encode(
            x=at("published_low"), x2="published_high:Q", tooltip=tooltip
        ),
        base.mark_point(color=colours.ink, filled=True, size=46, opacity=1, yOffset=9).encode(
            x=at("published_low"), tooltip=tooltip
        ),
        base.transform_filter("datum.open")
        .mark_point(color=colours.ink, filled=True, size=60, opacity=1, shape="triangle-right", yOffset=9)
        .encode(x=alt.value("width"), tooltip=tooltip),
    )
    if narrow:
        above = base.mark_text(align="left", dy=-22, color=colours.ink).encode(x=alt.value(0), text="title:N")
        layers = alt.layer(*layers.layer, above)
    return charts.finished(layers.properties(height=alt.Step(ROW * (1.5 if narrow else 1))), dark)


def shares(rows: pd.DataFrame) -> Figure:
    """Supply without the largest supplier, beside the agency's figure for 2035."""
    known = rows[rows.kind == SHARE]
    marks = _marks(known).assign(
        title=[title.split(":")[0] for title in known.title],
        said=[words.percent(value) for value in known.ours],
        low=known.ours_low.clip(0, 1),
        ours=known.ours.clip(0, 1),
        high=known.ours_high.clip(0, 1),
        published_low=known.published_low,
        published_high=known.published_high,
    )
    worst = known.loc[known.ours.idxmin()]
    return Figure(
        key="without_largest",
        finding=f"{worst.title.split(':')[0]} would be left with {words.percent(worst.ours)} of use without its "
        "largest supplier",
        basis="Refined output of 2024 without the largest supplier, over use. Blue: ours without that country’s use; "
        "bar: down to all use. Dots and lines: the International Energy Agency for 2035.",
        rows=told(known),
        columns=COLUMNS,
        drawn=marks,
        spec=share_bars,
        alt=" ".join(
            f"{row.title}: published {row.published}, ours {words.percent(row.ours)}." for row in known.itertuples()
        ),
        note="Two years and two demands: a check of order, not of size.",
        sources=_sources(known),
        widths={"title": 320, "reason": 600, "runs": 320},
    )


@lru_cache(maxsize=1)
def imports(record: Record) -> Figure:
    """Net imports of the United States in the base year beside the printed ones, as a table."""
    rows = import_dependence(facts())
    gap = np.maximum(rows.published_low - rows.ours, rows.ours - rows.published_high).clip(lower=0)
    rows = rows.assign(
        product=[words.capital(record.product_sentence_names[each]) for each in rows.chain],
        printed=[
            words.percent(low) if low == high else f"{words.percent(low)} to {words.percent(high)}"
            for low, high in zip(rows.published_low, rows.published_high, strict=True)
        ],
        base=rows.ours.map(words.percent),
        gap=(100 * gap).round().astype(int),
    ).sort_values(["gap", "product"], ascending=[False, True], ignore_index=True)
    near = int((rows.gap <= 100 * NEAR).sum())
    return Figure(
        key="us_imports",
        finding=f"U.S. imports of the base year are within {round(100 * NEAR)} points of the printed reliance for "
        f"{near} of {len(rows)} materials",
        basis="Net imports over use, 2024. The base counts primary metal; the U.S. Geological Survey counts scrap, "
        "stocks and roasted or processed forms too. Every other page quotes its figure, never ours.",
        rows=rows[["product", "grade", "printed", "base", "gap", "source_id"]],
        columns={
            "product": "Material",
            "grade": "Grade",
            "printed": "Net import reliance, printed",
            "base": "Base year of the market",
            "gap": "Apart, points",
        },
        note="Silicon and ferrosilicon: U.S. output is undisclosed and counted as nothing. Materials whose printed "
        "figure is “net exporter” are left out.",
    )
