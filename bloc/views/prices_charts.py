"""Charts of the prices page: bars from nought with a range and their words above, in percent or in dollars."""

from collections.abc import Callable
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.language import mark, per_language, say
from bloc.matrix import Array
from bloc.views import charts, theme
from bloc.views.prices_effect import between

# Height of a row with its words above its bar. [px]
ROW = 44
BAR = 10
# Ends of the scale of money, in what members spend on the mineral in the base year: bars move, axes hardly do.
SCALES = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300)
NO_PRICE = mark("no price is said")
MODEL = mark("Market model, base year 2024, range across assumptions.")
# Units of the ticks of an axis in dollars, the largest first, and what they are worth.
UNITS = {**words.DOLLARS, "k": 1e3, "": 1.0}


def range_mark() -> str:
    """Entry of a legend for the line of a range."""
    return f"**—**&nbsp;{say('Range across assumptions')}"


def bars(text: list[str], value: Any, low: Any, high: Any, outside: Any, ends: tuple[float, float]) -> pd.DataFrame:
    """Rows of a chart of bars with ranges: clipped to the scale, nothing where a value is not said."""

    def clipped(values: Any) -> Array:
        return np.clip(np.nan_to_num(np.asarray(values, float)), *ends)

    meaning = outside if isinstance(outside, list) else np.where(np.asarray(outside), "outside", "member")
    return pd.DataFrame(
        {
            "order": range(len(text)),
            "text": text,
            "zero": 0.0,
            "at": ends[0],
            "value": clipped(value),
            "low": clipped(low),
            "high": clipped(high),
            "meaning": meaning,
        }
    )


def ranged_bars(dark: bool, low: float, high: float, axis: str) -> dict[str, Any]:
    """Chart of bars from 0 with a range and the words of each above it; order, text, zero, at, value, low, high.

    Only the ends of the scale differ from one drawing to the next: the rest is made once.
    """
    spec = _ranged_bars(dark, axis)
    return {**spec, "layer": [_on_scale(layer, [low, high]) for layer in spec["layer"]]}


def _on_scale(layer: dict[str, Any], domain: list[float]) -> dict[str, Any]:
    x = layer["encoding"]["x"]
    return {**layer, "encoding": {**layer["encoding"], "x": {**x, "scale": {**x["scale"], "domain": domain}}}}


@per_language()
def _ranged_bars(dark: bool, axis: str) -> dict[str, Any]:
    colours = theme.palette(dark)
    meanings = theme.meanings(colours, candidate=colours.candidate)
    percent = "datum.value > 0 ? '+' + +datum.value + ' %' : +datum.value + ' %'"
    label = percent if axis == "percent" else _in_dollars()
    y = alt.Y("order:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    x = alt.Scale(nice=False)
    marks = alt.Axis(labelExpr=label, title=None, tickCount=5, grid=True)
    base = alt.Chart().encode(y=y)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    filled = base.mark_bar(size=BAR, yOffset=9).encode(x=alt.X("zero:Q", scale=x, axis=marks), x2="value:Q", color=fill)
    ranges = base.mark_rule(strokeWidth=2, color=colours.ink, yOffset=9).encode(x=alt.X("low:Q", scale=x), x2="high:Q")
    said = base.mark_text(align="left", dy=-8, fontSize=13, limit=520).encode(x=alt.X("at:Q", scale=x), text="text:N")
    return charts.finished(alt.layer(filled, ranges, said).properties(height=alt.Step(ROW)), dark)


def _in_dollars() -> str:
    """Expression of a tick in dollars at two significant digits: −$1.5 bn, $250 m, $50k, $0."""
    amount = "abs(datum.value)"
    ticks = [(f"{amount} >= {0.995 * worth:g}", _in_unit(amount, unit, worth)) for unit, worth in UNITS.items()]
    chosen = "".join(f"{reached} ? {tick} : " for reached, tick in ticks[:-1])
    return f"(datum.value < 0 ? '−' : '') + ({chosen}{ticks[-1][1]})"


def _in_unit(amount: str, unit: str, worth: float) -> str:
    """Expression of an amount in a unit of dollars, in millions where the language counts so."""
    figures = {
        "<amount>": f"format({amount} / {worth:g}, '.2~r')",
        "<millions>": f"format({amount} / 1e6, ',.2~r')",
    }
    template = words.short_amount(unit, *figures).replace(words.NO_BREAK, " ")
    marker = next(each for each in figures if each in template)
    before, after = (charts.quoted(each) for each in template.split(marker))
    return f"{before} + {figures[marker]} + {after}"


def end_of_scale(spent_usd: float, amounts: Any) -> float:
    """End of the scale of money that holds the amounts, by what members spend on the mineral in the base year."""
    most = float(np.nanmax(np.abs(np.asarray(amounts, float))))
    unit = spent_usd if spent_usd > 0 else 1e6
    return next((step * unit for step in SCALES if step * unit >= most), most)


def ranged(in_words: Callable[[float], str], values: Array) -> str:
    """The point with its range in words."""
    return words.with_range(in_words(values[0]), between(in_words, values.min(), values.max()))
