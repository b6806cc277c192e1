"""How concentration moved: lines of the index and of China’s share by year, where one source runs through."""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

import altair as alt
import pandas as pd

from bloc import words
from bloc.data import Record
from bloc.language import per_language, say
from bloc.trends import trends as yearly
from bloc.views import charts, session, theme
from bloc.views.concentration import series_in_sentence
from bloc.views.figure import Figure

# Query of the history and its first year.
HISTORY, SINCE = "concentration_history", 2000
HEIGHT = 320
# Width of the years with the labels beside them.
YEARS, NARROW_YEARS = 37, 56
NAMED_LINES = 3


def trends(record: Record, history: pd.DataFrame) -> pd.DataFrame:
    """Concentration by year of each series of the history, with the names of series and suppliers."""
    table = yearly(history)
    if table.empty:
        return table
    series = [
        series_in_sentence(record, product, stage) for product, stage in zip(table["product"], table.stage, strict=True)
    ]
    return table.assign(
        series=[words.capital(each) for each in series],
        in_sentence=series,
        largest=[record.names[each] for each in table.largest],
    )


@cache
def recorded_trends(record: Record) -> pd.DataFrame:
    """The trends of the record, once per server: no scenario changes them."""
    return trends(record, session.query(HISTORY, year=SINCE))


@cache
def recorded_history(record: Record, measure: str, narrow: bool) -> Figure | None:
    """The figure of the record, once per server."""
    return history_of(recorded_trends(record), measure, narrow)


def history_of(table: pd.DataFrame, measure: str, narrow: bool = False) -> Figure | None:
    """Lines of a measure of `trends` by year, `hhi_low` or `china_share`, the risers named; None without any.

    `narrow` leaves the labels more room.
    """
    table = table.dropna(subset=[measure]) if len(table) else table
    if table.empty:
        return None
    china = measure == "china_share"
    ordered = table.assign(key=table["product"] + " " + table.stage, by_name=table.series.map(words.alphabetical))
    ordered = ordered.sort_values(["by_name", "year"], ignore_index=True)
    change = ordered.groupby("key", sort=False)[measure].agg(lambda each: each.iloc[-1] - each.iloc[0])
    risers = list(change[change > 0].nlargest(NAMED_LINES).index)
    fallers = list(change[change < 0].nsmallest(1).index)
    finding = _finding(ordered, china, change, risers)
    names = ordered.drop_duplicates("key").set_index("key").series
    years = {"start": int(ordered.year.min()), "end": int(ordered.year.max())}
    kept = ["series", "year", measure, *([] if china else ["largest", "largest_share"]), "source_id"]
    return Figure(
        key=f"history_{measure}",
        finding=finding,
        basis=_basis(china, years),
        rows=ordered[kept],
        columns={
            "series": say("Material"),
            "year": say("Year"),
            "hhi_low": say("HHI, 0 to 10,000"),
            "largest": say("Largest supplier"),
            "largest_share": say("Its share, 0 to 1"),
            "china_share": say("China’s share, 0 to 1"),
        },
        drawn=_lines(ordered, measure, frozenset(risers), frozenset(fallers)),
        spec=partial(trend_lines, china=china, narrow=narrow),
        alt=say(
            "Lines by year, {start} to {end}. {finding}. Named: {series}.",
            finding=finding,
            series=words.listing([names[each] for each in (*risers, *fallers)]),
            **years,
        ),
        note=_note(china),
    )


def _finding(table: pd.DataFrame, china: bool, change: pd.Series, risers: Sequence[str]) -> str:
    """In how many series the measure rose, and in which the most."""
    counted = {"number": int((change > 0).sum()), "total": len(change)}
    if not risers:
        if china:
            return say("China’s share rose in {number} of {total} series", **counted)
        return say("Concentration rose in {number} of {total} series", **counted)
    most = table.in_sentence[table.key == risers[0]].iloc[0]
    if china:
        return say("China’s share rose in {number} of {total} series, most in {series}", series=most, **counted)
    return say("Concentration rose in {number} of {total} series, most in {series}", series=most, **counted)


def _basis(china: bool, years: Mapping[str, int]) -> str:
    if china:
        return say("China’s share of output, {start} to {end}. Labelled: the largest rises, the largest fall.", **years)
    return say(
        "HHI of output, 0 to 10,000, {start} to {end}. Labelled: the largest rises, the largest fall. HHI adds up the "
        "squares of all shares in percent: 10,000 is a single supplier.",
        **years,
    )


def _note(china: bool) -> str:
    if china:
        return say(
            "Materials with one source over all these years and no known gap, China listed with a number every year; "
            "shares are of the countries listed with a number, undisclosed output left out."
        )
    return say(
        "Materials with one source over all these years and no known gap; shares are of the countries listed with a "
        "number, undisclosed output left out."
    )


def _lines(table: pd.DataFrame, measure: str, risers: frozenset[str], fallers: frozenset[str]) -> pd.DataFrame:
    """Points of the lines; a named line carries its label at its last year, moved where two would overlap."""
    scale = 100.0 if measure == "china_share" else 1.0
    top = 100.0 if measure == "china_share" else 10_000.0
    last = int(table.year.max())
    named = risers | fallers
    ends = table[(table.year == last) & table.key.isin(named)].set_index("key")[measure] * scale
    places = _apart(ends.sort_values(), top / 17, top)
    return pd.DataFrame(
        {
            "series": table.series,
            "year": table.year,
            "value": table[measure] * scale,
            "written": [words.percent(each) if top == 100 else words.number(each, ",.0f") for each in table[measure]],
            "largest": [
                say("{country} {share}", country=row.largest, share=words.percent(row.largest_share))
                for row in table.itertuples()
            ],
            "rises": table.key.isin(risers),
            "falls": table.key.isin(fallers),
            "label": [row.series if row.year == last and row.key in named else "" for row in table.itertuples()],
            "place": [places.get(each, 0.0) for each in table.key],
        }
    )


def _apart(ends: pd.Series, gap: float, top: float) -> dict[str, float]:
    """Heights of labels, from the lowest up, at least `gap` from one another and not above `top`."""
    placed = ends.to_dict()
    names = list(placed)
    for below, above in zip(names, names[1:], strict=False):
        placed[above] = max(placed[above], placed[below] + gap)
    ceiling = top
    for name in reversed(names):
        placed[name] = min(placed[name], ceiling)
        ceiling = placed[name] - gap
    return placed


@per_language()
def trend_lines(dark: bool, china: bool, narrow: bool) -> dict[str, Any]:
    """Chart of _lines: the named lines in ink, the others muted."""
    colours = theme.palette(dark)
    years = alt.Axis(
        values=[2000, 2010, 2020] if narrow else [2000, 2005, 2010, 2015, 2020],
        format="d",
        title=None,
        grid=False,
        labelPadding=12,
    )
    x = alt.X(
        "year:Q", scale=alt.Scale(domain=[SINCE, SINCE + (NARROW_YEARS if narrow else YEARS)], nice=False), axis=years
    )
    y_scale = alt.Scale(domain=[0, 100 if china else 10_000], nice=False)
    marks = alt.Axis(
        title=None,
        grid=True,
        tickCount=5,
        labelColor=colours.muted,
        labelExpr="datum.value + ' %'" if china else "format(datum.value, ',')",
    )
    y = alt.Y("value:Q", scale=y_scale, axis=marks)
    tooltip = [
        alt.Tooltip("series:N", title=say("Material")),
        alt.Tooltip("year:Q", title=say("Year"), format="d"),
        alt.Tooltip("written:N", title=say("China’s share") if china else say("HHI")),
        alt.Tooltip("largest:N", title=say("Largest supplier")),
    ]
    base = alt.Chart().encode(x=x, y=y, detail="series:N", tooltip=tooltip)
    shade = alt.condition("datum.rises", alt.value(colours.ink), alt.value(colours.muted))
    layers = alt.layer(
        base.transform_filter("!datum.rises").mark_line(strokeWidth=1.2, color=colours.outside, opacity=0.7),
        base.transform_filter("datum.falls").mark_line(strokeWidth=2.5, color=colours.outside),
        base.transform_filter("datum.rises").mark_line(strokeWidth=2.5, color=colours.ink),
        base.mark_point(size=60, opacity=0),
        alt.Chart()
        .transform_filter("datum.label != ''")
        .mark_text(align="left", dx=6)
        .encode(x=x, y=alt.Y("place:Q", scale=y_scale, axis=marks), text="label:N", color=shade),
    )
    return charts.finished(layers.properties(height=HEIGHT), dark)
