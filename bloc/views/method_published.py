"""Published results and what happened beside ours: a figure, a table, and the imports of the United States."""

from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from bloc import words
from bloc.data import Record, connect
from bloc.language import mark, per_language, said, say
from bloc.trials import PRICE, RATIO, SHARE, Facts, read_facts
from bloc.validation import import_dependence, in_words, published_in_words, range_in_words, results, runs_in_words
from bloc.views import charts, figure, market_session, notes, session, theme
from bloc.views.figure import Figure

ROW = 40
# Scale of the figure of prices. [multiples of the price before]
LEAST, MOST = 0.95, 16.0
# Difference up to which two shares of use count as near. [share]
NEAR = 0.1


@per_language()
def facts() -> Facts:
    """What trials are made from, once per server and language."""
    with connect() as connection:
        return read_facts(session.record(), market_session.base_cases(), market_session.table(), connection)


@per_language()
def table() -> pd.DataFrame:
    """Every trial with ours, once per server and language: it depends on no setting."""
    return results(facts())


def draw(narrow: bool) -> None:
    """All of it, in the order of the page; `narrow` on a phone."""
    notes.plain_note(
        say(
            "Nothing in the model is tuned to these. Every number of ours is computed now, with the default "
            "assumptions, whatever is set above."
        )
    )
    with st.spinner(say("Running the model against published results")):
        rows = table()
    figure.show(prices(rows, narrow))
    with st.expander(say("Why each differs")):
        st.markdown(reasons(rows))
    figure.show(shares(rows))
    figure.show(imports(session.record()))


def finding(rows: pd.DataFrame) -> str:
    """In how many trials the published figure lies within our range, how wide that is, whether the direction agrees."""
    known = rows[rows.kind.isin([PRICE, RATIO]) & rows.published_low.notna()]
    inside = int(within(known).sum())
    agreeing = int(((known.published_high > 1) == (known.ours > 1)).sum())
    factor = words.number(float((known.ours_high / known.ours_low).median()), ".1f")
    if agreeing == len(known):
        return say(
            "The direction of all {total} published price changes agrees, and {inside} lie within our ranges, which "
            "typically span a factor of {factor}",
            total=len(known),
            inside=inside,
            factor=factor,
        )
    return say(
        "The direction of {number} of {total} published price changes agrees, and {inside} lie within our ranges, "
        "which typically span a factor of {factor}",
        number=agreeing,
        total=len(known),
        inside=inside,
        factor=factor,
    )


def within(rows: pd.DataFrame) -> pd.Series:
    """Whether the published figure and our range overlap."""
    return (rows.published_low <= rows.ours_high) & (rows.published_high >= rows.ours_low)


def prices(rows: pd.DataFrame, narrow: bool = False) -> Figure:
    """Trials of prices and of ratios of prices on a logarithmic scale, and all trials as the table."""
    known = rows[rows.kind.isin([PRICE, RATIO])]
    return Figure(
        key="published",
        finding=finding(rows),
        basis=say(
            "Price after over price before, on a logarithmic scale; base year 2024. Blue: ours, with its range across "
            "assumptions and levels of the cut. Dots and lines: published or observed."
        ),
        rows=told(rows[rows.kind != SHARE]),
        columns=said(COLUMNS),
        drawn=_marks(known),
        spec=lambda dark: trial_bars(dark, narrow),
        alt=" ".join(
            _beside_ours(row.title, row.published, words.number(row.ours, ".2f")) for row in known.itertuples()
        ),
        note=_prices_note(known),
        sources=_sources(known),
        widths={"title": 320, "reason": 700, "runs": 420, "measured": 220},
    )


def _beside_ours(title: str, published: str, ours: str) -> str:
    return say("{title}: published {published}, ours {ours}.", title=title, published=published, ours=ours)


def _prices_note(known: pd.DataFrame) -> str:
    """What an arrow and the ceiling mean, and which published figures lie outside our range."""
    note = say(
        "A line with an arrow is open upwards. At × {ceiling}, the ceiling, users go without: ends near it are "
        "rationing, not a price.",
        ceiling=words.number(facts().table.value("ceiling", "one_year"), "g"),
    )
    printed = known[known.published_low.notna()]
    outside = printed.title[~within(printed)]
    if outside.empty:
        return note
    return " ".join([note, say("Outside our range: {trials}.", trials="; ".join(outside))])


def reasons(rows: pd.DataFrame) -> str:
    """Published, ours, every run and the reason for the gap, one paragraph a trial."""
    known = rows[rows.kind != SHARE]
    lines = [
        f"- **{row.title}.** {_both(row.published, ours)} {row.reason}"
        for row, ours in zip(known.itertuples(), told(known).runs, strict=True)
    ]
    return notes.prose("\n".join(lines))


def _both(published: str, ours: str) -> str:
    return say("Published: {published}. Ours: {ours}.", published=published, ours=ours)


COLUMNS = {
    "title": mark("What is compared"),
    "printed": mark("Published, as printed"),
    "published": mark("The same in our unit"),
    "ours": mark("Ours"),
    "range": mark("Our range"),
    "reason": mark("Why they differ"),
    "runs": mark("Ours, run by run"),
    "measured": mark("What ours measures"),
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
            "said": [words.number(value, ".2f") for value in rows.ours],
        }
    )


@per_language()
def trial_bars(dark: bool, narrow: bool) -> dict[str, Any]:
    """Chart of _marks: our range and point over the published figure, a row a trial, named above it where narrow."""
    scale = alt.Scale(type="log", domain=[LEAST, MOST], nice=False)
    axis = alt.Axis(title=None, values=[1, 2, 4, 8, 16] if narrow else [1, 1.5, 2, 3, 4, 6, 8, 12, 16], format="~g")
    return _comparison(dark, scale, axis, narrow)


@per_language()
def share_bars(dark: bool) -> dict[str, Any]:
    """The same for shares of use."""
    scale = alt.Scale(domain=[0, 1], nice=False)
    return _comparison(dark, scale, alt.Axis(title=None, values=[0, 0.25, 0.5, 0.75, 1], format=".0%"), narrow=False)


def _comparison(dark: bool, scale: alt.Scale, axis: alt.Axis, narrow: bool) -> dict[str, Any]:
    colours = theme.palette(dark)
    names = None if narrow else alt.Axis(labelExpr="split(datum.value, ': ')", labelLimit=330, labelLineHeight=15)
    base = alt.Chart().encode(y=alt.Y("title:N", sort=alt.EncodingSortField(field="order"), title=None, axis=names))
    tooltip = [
        alt.Tooltip("title:N", title=say("What is compared")),
        alt.Tooltip("printed:N", title=say("Published")),
        alt.Tooltip("said:N", title=say("Ours")),
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
        title=known.material,
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
        finding=words.capital(
            say(
                "{product} would be left with {share} of use without the largest supplier",
                product=facts().record.product_sentence_names[worst.chain],
                share=words.percent(worst.ours),
            )
        ),
        basis=say(
            "Refined output of 2024 without the largest supplier, over use. Blue: ours without that country’s use; "
            "bar: down to all use. Dots and lines: the International Energy Agency for 2035."
        ),
        rows=told(known),
        columns=said(COLUMNS),
        drawn=marks,
        spec=share_bars,
        alt=" ".join(_beside_ours(row.title, row.published, words.percent(row.ours)) for row in known.itertuples()),
        note=say("Two years and two demands: a check of order, not of size."),
        sources=_sources(known),
        widths={"title": 320, "reason": 600, "runs": 320},
    )


@lru_cache(maxsize=8)
def imports(record: Record) -> Figure:
    """Net imports of the United States in the base year beside the printed ones, as a table."""
    rows = _import_rows(record)
    near = int((rows.gap <= 100 * NEAR).sum())
    return Figure(
        key="us_imports",
        finding=say(
            "U.S. imports of the base year are within {points} points of the printed reliance for {number} of {total} "
            "materials",
            points=round(100 * NEAR),
            number=near,
            total=len(rows),
        ),
        basis=say(
            "Net imports over use, 2024. The base counts primary metal; the U.S. Geological Survey counts scrap, "
            "stocks and roasted or processed forms too. Every other page quotes its figure, never ours."
        ),
        rows=rows[["product", "grade", "printed", "base", "gap", "source_id"]],
        columns={
            "product": say("Material"),
            "grade": say("Grade"),
            "printed": say("Net import reliance, printed"),
            "base": say("Base year of the market"),
            "gap": say("Apart, points"),
        },
        note=say(
            "Silicon and ferrosilicon: U.S. output is undisclosed and counted as nothing. Materials whose printed "
            "figure is “net exporter” are left out."
        ),
    )


def _import_rows(record: Record) -> pd.DataFrame:
    """Printed and own net imports in words, and how far they are apart, the furthest first."""
    rows = import_dependence(facts())
    gap = np.maximum(rows.published_low - rows.ours, rows.ours - rows.published_high).clip(lower=0)
    product = [words.capital(record.product_sentence_names[each]) for each in rows.chain]
    return rows.assign(
        product=product,
        printed=[
            words.percent(low)
            if low == high
            else say("{low} to {high}", low=words.percent(low), high=words.percent(high))
            for low, high in zip(rows.published_low, rows.published_high, strict=True)
        ],
        base=rows.ours.map(words.percent),
        gap=(100 * gap).round().astype(int),
        place=[words.alphabetical(each) for each in product],
    ).sort_values(["gap", "place"], ascending=[False, True], ignore_index=True)
