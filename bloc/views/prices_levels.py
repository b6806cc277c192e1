"""At which levels a floor holds: the price inside, imports left and output at every level tried."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.language import per_language, say
from bloc.minimum_price import BOUGHT, PAID, Levels
from bloc.views import charts, market_session, theme
from bloc.views.figure import Figure
from bloc.views.prices import Priced
from bloc.views.prices_charts import MODEL, NO_PRICE
from bloc.views.prices_effect import SHORT, TRIED, between, said_range, times


def floor_levels(priced: Priced) -> Figure:
    """Price inside, output of members and imports left at every level of a floor."""
    solved = priced.tried
    shown = solved.levels > 0
    most = SHORT * solved.ceiling
    sayable = solved.cost[0] < most
    rows = pd.DataFrame(
        {
            "level": solved.levels,
            "quoted": [priced.quoted.said(each) for each in solved.levels],
            "price": np.where(sayable, solved.price[0], np.nan),
            "price_low": np.where(sayable, solved.price.min(axis=0), np.nan),
            "price_high": np.where(sayable, solved.price.max(axis=0), np.nan),
            "output": solved.output_t[0] / solved.output_t[0, 0] if solved.output_t[0, 0] > 0 else np.nan,
            "imports": solved.imports_t[0] / solved.imports_t[0, 0] if solved.imports_t[0, 0] > 0 else np.nan,
            "state": [_state(solved, at) for at in range(len(solved.levels))],
        }
    )[shown & solved.converged]
    table = rows.assign(
        price_said=[times(each) if each == each else say(NO_PRICE) for each in rows.price],
        price_range=[
            said_range(row.price_low, row.price_high, most) if row.price == row.price else say(NO_PRICE)
            for row in rows.itertuples()
        ],
        output_said=[words.percent(each) for each in rows.output],
        imports_said=[words.percent(each) for each in rows.imports],
    )
    lowest, highest = sorted(solved.highest(each) for each in range(len(solved.price)))[:: len(solved.price) - 1]
    return Figure(
        key="prices_levels",
        finding=_levels_finding(priced, solved.highest(), lowest, highest),
        basis=say(
            "Every level solved with the other measures in place; 2024 = 1. One is {price}.",
            price=priced.quoted.said(1.0),
        ),
        rows=table,
        columns={
            "quoted": say("Floor"),
            "level": say("Floor, 2024 = 1"),
            "price_said": say("Price inside, 2024 = 1"),
            "price_range": say("Range"),
            "imports_said": say("Imports left"),
            "output_said": say("Members’ output"),
            "state": say("The floor"),
        },
        alt=say(
            "Lines of the price inside, imports left and members’ output by the level of a floor under {product}.",
            product=priced.name,
        ),
        drawn=_lines(rows, priced.level("floor")),
        spec=level_lines,
        legend=(
            f":blue[■]&nbsp;{say('Price inside, with range')}",
            f"**- -**&nbsp;{say('The floor')}",
            f":violet[■]&nbsp;{say('Imports from outside, 2024 = 1')}",
            f":green[■]&nbsp;{say('Members’ output')}",
        ),
        note=" ".join(filter(None, [_thresholds(), choices_left_out(priced), say(MODEL)])),
        sources=priced.case.source_ids,
    )


def _thresholds() -> str:
    return say(
        "A floor holds while members pay at least {paid} of it on average and still buy {bought} of what they bought "
        "from outside: our thresholds. Where users come near going without, no price is drawn.",
        paid=words.percent(PAID),
        bought=words.percent(BOUGHT),
    )


def choices_left_out(priced: Priced) -> str:
    """Sentence where a contested figure has other choices that a chart leaves out; empty where it has none."""
    if not market_session.variants(priced.chain):
        return ""
    return say("Other choices for the contested figure are left out here.")


def _state(solved: Levels, at: int) -> str:
    if not solved.converged[at]:
        return say("not solved")
    if not solved.bites[at]:
        return say("does nothing")
    return say("holds") if solved.holds()[at] else say("no longer holds")


def _levels_finding(priced: Priced, point: float, low: float, high: float) -> str:
    goods = priced.quoted.form
    if high <= TRIED[0]:
        return say("No floor under {goods} would hold above the price of 2024", goods=goods)
    multiple, ends = _short(point), between(_short, low, high)
    if point >= TRIED[-1]:
        return say(
            "A floor under {goods} would hold up to {multiple} times the price of 2024 and beyond ({range} across "
            "assumptions)",
            goods=goods,
            multiple=multiple,
            range=ends,
        )
    return say(
        "A floor under {goods} would hold up to {multiple} times the price of 2024 ({range} across assumptions)",
        goods=goods,
        multiple=multiple,
        range=ends,
    )


def _short(level: float) -> str:
    return words.number(level, ".3g")


def _lines(rows: pd.DataFrame, at: float) -> pd.DataFrame:
    """Rows of the lines: the price with its range, what is left of imports, output, and the floor itself."""
    parts = [
        pd.DataFrame(
            {"what": "price", "x": rows.level, "y": rows.price, "low": rows.price_low, "high": rows.price_high}
        ),
        pd.DataFrame({"what": "imports", "x": rows.level, "y": rows.imports}),
        pd.DataFrame({"what": "output", "x": rows.level, "y": rows.output}),
        pd.DataFrame({"what": "floor", "x": rows.level, "y": rows.level}),
    ]
    if at:
        parts.append(pd.DataFrame({"what": ["set"], "x": [at], "y": [0.0]}))
    drawn = pd.concat(parts, ignore_index=True).dropna(subset=["x", "y"])
    top = TRIED[-1]
    drawn = drawn[drawn.x <= top]
    return drawn.assign(
        y=drawn.y.clip(0, top), low=drawn.low.fillna(drawn.y).clip(0, top), high=drawn.high.fillna(drawn.y).clip(0, top)
    )


@per_language()
def level_lines(dark: bool) -> dict[str, Any]:
    """Chart of _lines on one fixed scale: the level of the floor across, multiples of 2024 upwards."""
    colours = theme.palette(dark)
    top = TRIED[-1]
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[1, top], nice=False),
        axis=alt.Axis(title=say("Floor, 2024 price = 1"), values=[1, 2, 3, 4, 5], format="d", grid=False),
    )
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=alt.Axis(title=None, tickCount=6, grid=True))
    base = alt.Chart().encode(x=x)

    def of(what: str) -> alt.Chart:
        return base.transform_filter(f"datum.what === '{what}'")

    band = (
        of("price")
        .mark_area(color=colours.range, opacity=0.6)
        .encode(y=alt.Y("low:Q", scale=alt.Scale(domain=[0, top], nice=False)), y2="high:Q")
    )
    lines = [
        of("floor").mark_line(color=colours.ink, strokeDash=[4, 4], strokeWidth=1.4).encode(y=y),
        of("imports").mark_line(color=colours.outside, strokeWidth=2.4).encode(y=y),
        of("output").mark_line(color=colours.candidate, strokeWidth=2.4).encode(y=y),
        of("price").mark_line(color=colours.member, strokeWidth=2.8).encode(y=y),
    ]
    tips = [
        alt.Tooltip("x:Q", title=say("Floor, 2024 = 1"), format=".2f"),
        alt.Tooltip("y:Q", title=say("Price inside"), format=".2f"),
    ]
    points = of("price").mark_circle(size=46, color=colours.member).encode(y=y, tooltip=tips)
    mark = of("set").mark_rule(color=colours.ink, strokeWidth=1.6)
    word = (
        of("set")
        .mark_text(align="left", dx=5, dy=-6, baseline="bottom", fontSize=12.5)
        .encode(y=y, text=alt.value(say("set here")))
    )
    return charts.finished(alt.layer(band, *lines, points, mark, word).properties(height=330), dark)
