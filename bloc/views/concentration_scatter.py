"""China’s share against the bloc’s, a point for each series."""

from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.briefing import Case
from bloc.data import Record
from bloc.language import per_language, say, say_many
from bloc.outcome import evaluate
from bloc.scenario import Scenario
from bloc.views import charts, theme
from bloc.views.concentration import series_name
from bloc.views.figure import Figure

SQUARE = 540
# Labels of the scatter: most of them, how far apart, lifted by, width of a letter on a page and on a phone, and where
# they turn to the left of their points. [percent of the world]
LABELS, LABEL_GAP, LIFT, LETTER, NARROW_LETTER, TURN = 12, 2.3, 5.2, 1.35, 2.6, 55


def against(record: Record, case: Case, narrow: bool = False) -> Figure:
    """China’s share against the bloc’s, a point for each series that itemises China; `narrow` labels fewer."""
    return _against(record, case.members, narrow)


@lru_cache(maxsize=64)
def _against(record: Record, members: frozenset[str], narrow: bool) -> Figure:
    """The figure by value: nothing in it depends on what is withheld."""
    indicators = evaluate(record, Scenario(tuple(members))).indicators
    table = indicators[indicators.china_share.notna()]
    table = table.assign(
        series=[series_name(record, *each) for each in zip(table["product"], table.stage, strict=True)]
    ).reset_index(drop=True)
    below = int((table.bloc_share < table.china_share).sum())
    kept = table[["series", "form", "basis", "year", "china_share", "bloc_share", "stage", "source_id"]]
    return Figure(
        key="china_and_bloc",
        finding=say(
            "China makes more than the whole bloc in {number} of {total} materials", number=below, total=len(table)
        ),
        basis=say(
            "Share of world output, {start} to {end}. Above the broken line China has more.",
            start=table.year.min(),
            end=table.year.max(),
        ),
        rows=kept.drop(columns="stage").sort_values(
            "series", key=lambda names: names.map(words.alphabetical), ignore_index=True
        ),
        columns={
            "series": say("Material"),
            "form": say("Form"),
            "basis": say("Content basis"),
            "year": say("Year"),
            "china_share": say("China’s share, 0 to 1"),
            "bloc_share": say("The bloc’s share, 0 to 1"),
        },
        drawn=_points(table, NARROW_LETTER if narrow else LETTER),
        spec=scatter,
        alt=say(
            "Points of China’s share against the bloc’s, {total} series. China has more in {number}.",
            total=len(table),
            number=below,
        ),
        legend=(f"○&nbsp;{say('Mined')}", f"●&nbsp;{say('Refined or smelted')}"),
        note=say_many(
            len(indicators) - len(table),
            "{number} material in which China is not itemised is left out.",
            "{number} materials in which China is not itemised are left out.",
        ),
    )


def _points(table: pd.DataFrame, letter: float) -> pd.DataFrame:
    """Points in percent, the extremes labelled."""
    bloc, china = 100 * table.bloc_share.clip(upper=1), 100 * table.china_share.clip(upper=1)
    heights = _extremes(bloc.to_numpy(), china.to_numpy(), list(table.series), letter)
    return pd.DataFrame(
        {
            "series": table.series,
            "bloc": bloc,
            "china": china,
            "bloc_words": table.bloc_share.map(words.percent),
            "china_words": table.china_share.map(words.percent),
            "year": table.year,
            "mined": table.stage == "mine",
            "label": [name if row in heights else "" for row, name in enumerate(table.series)],
            "label_at": [heights.get(row, 0.0) for row in range(len(table))],
        }
    )


def _extremes(bloc: np.ndarray, china: np.ndarray, series: list[str], letter: float) -> dict[int, float]:
    """Height of the label of each row that has one: the farthest from the line of equal shares, where there is room.

    A label stands level with its point, or a little above where points are few; it covers no point and no label.
    """
    taken = [(x - 1, x + 1, y) for x, y in zip(bloc, china, strict=True)]
    heights: dict[int, float] = {}
    for row in np.argsort(-np.abs(china - bloc), kind="stable"):
        length = letter * len(series[row])
        left = bloc[row] + (2 if bloc[row] <= TURN else -2 - length)
        for height in (china[row], china[row] + LIFT if bloc[row] > TURN else china[row]):
            free = all(left + length < x0 or left > x1 or abs(height - y) > LABEL_GAP for x0, x1, y in taken)
            if free and 0 <= height <= 100 and len(heights) < LABELS:
                heights[int(row)] = float(height)
                taken.append((left, left + length, height))
                break
    return heights


@per_language()
def scatter(dark: bool) -> dict[str, Any]:
    """Chart of _points on fixed axes of 0 to 100 %, mined hollow, refined filled, a line where the shares are equal."""
    colours = theme.palette(dark)

    def axis(title: str) -> alt.Axis:
        return alt.Axis(title=title, values=[0, 25, 50, 75, 100], grid=True, labelColor=colours.muted)

    scale = alt.Scale(domain=[0, 100], nice=False)
    of_bloc, of_china = axis(say("The bloc’s share, %")), axis(say("China’s share, %"))
    x = alt.X("bloc:Q", scale=scale, axis=of_bloc)
    y = alt.Y("china:Q", scale=scale, axis=of_china)
    tooltip = [
        alt.Tooltip("series:N", title=say("Material")),
        alt.Tooltip("china_words:N", title=say("China")),
        alt.Tooltip("bloc_words:N", title=say("The bloc")),
        alt.Tooltip("year:Q", title=say("Year"), format="d"),
    ]
    base = alt.Chart().encode(x=x, y=y)
    points = base.encode(tooltip=tooltip)
    text = alt.Chart().transform_filter("datum.label != ''")
    label_at = alt.Y("label_at:Q", scale=scale, axis=of_china)
    layers = alt.layer(
        base.mark_line(color=colours.muted, strokeDash=[4, 4], strokeWidth=1).encode(
            x=alt.X("bloc:Q", scale=scale), y=alt.Y("bloc:Q", scale=scale, axis=of_china)
        ),
        points.transform_filter("datum.mined").mark_point(size=60, filled=False, color=colours.ink, opacity=0.8),
        points.transform_filter("!datum.mined").mark_point(size=60, filled=True, color=colours.ink, opacity=0.8),
        text.transform_filter(f"datum.bloc <= {TURN}")
        .mark_text(align="left", dx=8)
        .encode(x=x, y=label_at, text="label:N"),
        text.transform_filter(f"datum.bloc > {TURN}")
        .mark_text(align="right", dx=-8)
        .encode(x=x, y=label_at, text="label:N"),
    )
    return charts.finished(layers.properties(height=SQUARE), dark)
