"""Frames to charts: Vega-Lite built once per theme through Altair, data swapped on every change."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.calibration import rule_in_words
from bloc.language import number_marks, per_language, say, say_many
from bloc.views import theme

# Height of a row of the ranking and the gap in it, and where the second column starts on the shared scale, which
# runs in percent of need. [px, px, percent]
ROW, GAP, SECOND = 16.5, 5.0, 148
# Height of a row of a short ranking.
RANKED = 25
# Name under which a chart finds its rows.
ROWS = "rows"
# Name of the selection of a bar, and of the column of the rows with its material.
MINERAL = "mineral"
# Sign of a number whose need is a yardstick.
YARDSTICK = "*"
# Polygons in degrees, for maps that are drawn on the server.
WORLD = Path(__file__).parents[2] / "static" / "world_degrees.json"
# The same as the server hands them out: the browser keeps them, and they do not travel with a change.
WORLD_ADDRESS = "app/static/world_degrees.json"
SIDES = {"mined": 0, "refined": SECOND}


def coverage_frame(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Rows of the coverage ranking as drawn, from two frames of summary.coverage_rows. Positions in percent of need."""
    start = np.where(after.side == "mined", SIDES["mined"], SIDES["refined"]).astype(float)
    now, high, was = after.coverage.to_numpy(), after.coverage_high.to_numpy(), before.coverage.to_numpy()
    undisclosed = after.undisclosed_members.to_numpy()
    unnamed = ~after.complete.to_numpy() & (now == 0) & (high >= 0.005)
    sufficiency, yardstick = after.self_sufficiency.to_numpy(), after.need_rule.isna().to_numpy()
    return pd.DataFrame(
        {
            "label": after.label.array,
            MINERAL: after[MINERAL].array,
            "order": weakest_first(after),
            "start": start,
            # No data is no bar and no track.
            "track": np.where(np.isnan(now), np.nan, start + 100),
            "now": start + 100 * now,
            "bound": start + 100 * high,
            "was": start + 100 * was,
            "text": [_value(*row) for row in zip(sufficiency, high, undisclosed, unnamed, yardstick, strict=True)],
            "text_at": start + 104,
            "weak": now < 0.25,
            "stage": np.where(after.side == "mined", say("Mined"), say("Refined")),
            "year": after.year.array,
            "scenario": [words.percent(share) for share in now],
            "baseline": [words.percent(share) for share in was],
            "note": [_note(*row) for row in zip(undisclosed, now, high, strict=True)],
            "need": need_words(after.need_rule),
        },
        copy=False,
    )


def with_rows(spec: dict[str, Any], rows: pd.DataFrame) -> dict[str, Any]:
    """A cached chart with the rows of this drawing; the chart itself is not changed."""
    return {**in_language(spec), "datasets": {ROWS: rows}}


def in_language(spec: dict[str, Any]) -> dict[str, Any]:
    """A chart whose axes write numbers with the marks of the language."""
    decimal, thousands = number_marks()
    if (decimal, thousands) == (".", ","):
        return spec
    number = {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}
    locale = {"number": {**number, "percent": f"{words.NARROW_SPACE}%", "minus": "−"}}
    return {**spec, "config": {**spec.get("config", {}), "locale": locale}}


def weakest_first(rows: pd.DataFrame) -> pd.Series:
    """Order of the labels: the lower of their stages first, the mean of both within a tie."""
    by_label = rows.groupby("label").coverage
    return by_label.transform("min").fillna(2.0) + 1e-3 * by_label.transform("mean").fillna(2.0)


def need_words(rules: pd.Series) -> list[str]:
    """What each need rests on: calibrated use with its rule, or the yardstick."""
    return [
        say("Calibrated use: {rule}", rule=rule_in_words(rule))
        if isinstance(rule, str)
        else say("Yardstick: share of GDP")
        for rule in rules
    ]


def _value(sufficiency: float, high: float, undisclosed: int, unnamed: bool, yardstick: bool) -> str:
    if np.isnan(sufficiency):
        return ""
    sign = YARDSTICK if yardstick else ""
    if unnamed:
        return f"0–{100 * high:.0f}{sign}"
    if sufficiency > 1:
        return f"100+{sign}"
    percent = 100 * sufficiency
    text = "<1" if 0 < percent <= 0.5 else f"{percent:.0f}"
    return f"≥{text}{sign}" if undisclosed else f"{text}{sign}"


def _note(undisclosed: int, coverage: float, high: float) -> str:
    notes = []
    if undisclosed:
        notes.append(say_many(undisclosed, "{number} member undisclosed", "{number} members undisclosed"))
    if high - coverage > 0.005:
        notes.append(say("up to {share} if countries not listed are members", share=words.percent(high)))
    return "; ".join(notes) or say("none")


def side_heads(colours: theme.Palette, unit: str) -> alt.Axis:
    """Titles of the mined and the refined half of a shared scale, in letters that a phone has room for."""
    mined, refined = quoted(say("Mined, {unit}", unit=unit)), quoted(say("Refined, {unit}", unit=unit))
    return alt.Axis(
        values=list(SIDES.values()),
        labelExpr=f"datum.value < {SECOND} ? {mined} : {refined}",
        labelAlign="left",
        labelColor=colours.ink,
        labelFontSize=11.5,
        labelFontWeight=600,
        title=None,
        grid=False,
        orient="top",
    )


def quoted(word: str) -> str:
    """A word as a text of an expression in a chart."""
    return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'"


@per_language()
def coverage_spec(dark: bool, row_px: float = ROW) -> dict[str, Any]:
    """Chart of coverage_frame: a track per known stage, the scenario as a bar, the baseline as a tick."""
    colours = theme.palette(dark)
    size = row_px - GAP
    scale = alt.Scale(domain=[0, SECOND + 122], nice=False, zero=False)
    values = alt.Axis(
        values=[0, 50, 100, SECOND, SECOND + 50, SECOND + 100],
        labelExpr=f"datum.value >= {SECOND} ? datum.value - {SECOND} : datum.value",
        title=None,
        grid=True,
    )
    heads = side_heads(colours, say("% of need"))
    names = alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None)
    base, tooltip = alt.Chart().encode(y=names), _tooltip()

    def bar(to: str, colour: str, axis: alt.Axis | None) -> alt.Chart:
        x = alt.X("start:Q", scale=scale, axis=axis)
        return base.mark_bar(size=size, color=colour, cursor="pointer").encode(x=x, x2=f"{to}:Q", tooltip=tooltip)

    at_end = alt.X("text_at:Q", scale=scale, axis=None)
    shade = alt.condition("datum.weak", alt.value(colours.ink), alt.value(colours.muted))
    layers = alt.layer(
        bar("track", colours.track, values).add_params(alt.selection_point(name=MINERAL, fields=[MINERAL])),
        bar("bound", colours.range, heads),
        bar("now", colours.member, None),
        base.mark_tick(color=colours.ink, thickness=2.5, size=size + 2).encode(
            x=alt.X("was:Q", scale=scale, axis=None)
        ),
        base.mark_text(align="left", size=12.5).encode(x=at_end, text="text:N", color=shade),
    ).resolve_axis(x="independent")
    return finished(layers.properties(height=alt.Step(row_px)), dark)


def finished(chart: Any, dark: bool) -> dict[str, Any]:
    """A chart as a dict, every part of it on the rows that come with each drawing."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    for part in (spec, *spec.get("layer", [])):
        if part.get("data") == {"name": "empty"}:
            part["data"] = {"name": ROWS}
    spec["config"] = theme.chart_config(theme.palette(dark))
    return spec


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title=say("Material")),
        alt.Tooltip("stage:N", title=say("Stage")),
        alt.Tooltip("scenario:N", title=say("Scenario, of need")),
        alt.Tooltip("baseline:N", title=say("Baseline, of need")),
        alt.Tooltip("need:N", title=say("Need")),
        alt.Tooltip("year:Q", title=say("Year"), format="d"),
        alt.Tooltip("note:N", title=say("Not counted")),
    ]


@cache
def ranked_bars(dark: bool) -> dict[str, Any]:
    """Chart of label, value from 0 to 1, meaning and text, in `order`; the numbers stand at the ends of the bars."""
    colours = theme.palette(dark)
    meanings = theme.meanings(colours)
    names = alt.Y(
        "label:N",
        sort=alt.EncodingSortField(field="order", op="min"),
        title=None,
        axis=alt.Axis(labelLimit=260),
    )
    base = alt.Chart().encode(y=names)
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, 1.28]), axis=None)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    bars = base.mark_bar(size=RANKED - 9).encode(x=x, color=fill, tooltip=["label:N", "text:N"])
    ends = base.mark_text(align="left", dx=5, fontSize=13).encode(x=x, text="text:N")
    return finished(alt.layer(bars, ends).properties(height=alt.Step(RANKED)), dark)


@cache
def world_spec(dark: bool) -> dict[str, Any]:
    """Map of statuses for files: the polygons in degrees, coloured by rows of iso3, status, lon, lat, share.

    The twin of the map on the screen, which cannot be drawn on a server. `share` is drawn as the area of a circle.
    """
    colours = theme.palette(dark)
    fills = {
        "member": colours.member,
        "candidate": colours.candidate,
        "restricting": colours.restricting,
        "outside": colours.land,
    }
    fill = alt.Color("status:N", scale=alt.Scale(domain=list(fills), range=list(fills.values())), legend=None)
    polygons = json.loads(WORLD.read_text("utf-8"))
    shapes = alt.Data(values=polygons, format=alt.TopoDataFormat(type="topojson", feature="countries"))
    look_up = alt.LookupData(data=alt.NamedData(name=ROWS), key="iso3", fields=["status"])
    land = (
        alt.Chart(shapes)
        .mark_geoshape(stroke=colours.ground, strokeWidth=0.5)
        .transform_lookup(lookup="id", from_=look_up, default="outside")
        .encode(color=fill)
    )
    places = alt.Chart(alt.NamedData(name=ROWS)).encode(longitude="lon:Q", latitude="lat:Q")
    small = places.transform_filter("datum.small && datum.status !== 'outside'").mark_circle(
        size=40, stroke=colours.ground, strokeWidth=1, opacity=1
    )
    circles = places.transform_filter("datum.share > 0.012").mark_point(stroke=colours.ink, strokeWidth=1.4)
    sizes = alt.Size("share:Q", scale=alt.Scale(domain=[0, 1], range=[0, 6000]), legend=None)
    chart = alt.layer(land, small.encode(color=fill), circles.encode(size=sizes))
    spec: dict[str, Any] = (
        chart.project("equalEarth", rotate=[-11, 0, 0]).properties(height=340).to_dict(validate=False)
    )
    spec["config"] = theme.chart_config(colours)
    return spec
