"""Figures of the prices page: what changes, who pays, at which levels a floor holds, floor against support, tariff."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.language import mark, per_language, recorded, said, say, say_many
from bloc.market import Array
from bloc.market_outcome import MarketOutcome
from bloc.minimum_price import BOUGHT, PAID, Levels
from bloc.scenario import Scenario
from bloc.views import charts, market_session, theme
from bloc.views.figure import Figure
from bloc.views.prices import Priced, measures
from bloc.views.prices_effect import (
    KEPT,
    LEAST,
    SHORT,
    TRIED,
    between,
    change,
    dollars,
    row_of,
    said_range,
    times,
)

# Height of a row with its words above its bar. [px]
ROW = 44
BAR = 10
# Scale of changes: half of it is off the screen for large floors, whose words still stand there. [percent]
CHANGES = (-100, 300)
# Ends of the scale of money, in what members spend on the mineral in the base year: bars move, axes hardly do.
SCALES = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300)
MODEL = mark("Market model, base year 2024, range over assumptions.")
NO_PRICE, NO_GAIN = mark("no price is said"), mark("nothing gained")
WHOSE = {"members": mark("in the bloc"), "others": mark("outside"), "world": mark("in the world")}
# Who pays and gains, by side and party.
WHO = {
    "members": {
        "users": mark("users in the bloc"),
        "miners": mark("miners in the bloc"),
        "refiners": mark("refiners in the bloc"),
        "recyclers": mark("recyclers in the bloc"),
        "duties": mark("duties to treasuries in the bloc"),
        "export taxes": mark("export taxes to treasuries in the bloc"),
        "support": mark("support paid by treasuries in the bloc"),
        "quota rents": mark("quota rents of sellers in the bloc"),
        "stocks": mark("stocks in the bloc"),
        "all": mark("all together in the bloc"),
    },
    "others": {
        "users": mark("users outside"),
        "miners": mark("miners outside"),
        "refiners": mark("refiners outside"),
        "recyclers": mark("recyclers outside"),
        "duties": mark("duties to treasuries outside"),
        "export taxes": mark("export taxes to treasuries outside"),
        "support": mark("support paid by treasuries outside"),
        "quota rents": mark("quota rents of sellers outside"),
        "stocks": mark("stocks outside"),
        "all": mark("all together outside"),
    },
    "world": {"all": mark("all together in the world")},
}
# Lines of the bars of a floor and of a contract, and the sums of money they show.
SIDE_BY_SIDE = {"floor": mark("Floor, {party}: {amount}"), "contract": mark("Contract, {party}: {amount}")}
SUMS = {
    "users": mark("users in the bloc"),
    "treasuries": mark("treasuries of members"),
    "producers": mark("producers in the bloc"),
    "members": mark("members in all"),
}
# Units of the ticks of an axis in dollars, the largest first, and what they are worth.
UNITS = {**words.DOLLARS, "k": 1e3, "": 1.0}


def figures(priced: Priced, narrow: bool = False) -> list[Figure]:
    """Figures of the market, the most asked first; of measures only where some are set and a balance was found."""
    if not priced.effect.converged:
        return []
    found = [floor_levels(priced)]
    if measures(priced):
        found = [payers(priced, narrow), *found, quantities(priced, narrow)]
    return [*found, *filter(None, [compared(priced, narrow)])]


def quantities(priced: Priced, narrow: bool = False) -> Figure:
    """Prices and tonnes with the measures against without them; shorter words where the screen is narrow."""
    effect = priced.effect
    priced_both = all(effect.standing(each) == "priced" for each in (effect.before, effect.after))
    rows = effect.quantities
    rows = rows.assign(
        was=[_level(name, value) for name, value in zip(rows.quantity, rows.before, strict=True)],
        now=[_level(name, value) for name, value in zip(rows.quantity, rows.after, strict=True)],
        said=[change(each) for each in rows.change],
        range=[between(change, low, high) for low, high in zip(rows.change_low, rows.change_high, strict=True)],
    )
    if effect.quantity("price").after_high > effect.highest_said:
        rows.loc[rows.quantity == "price", "range"] = say("{range} times 2024", range=effect.price_range)
    hidden = rows.quantity.eq("price") & (not priced_both)
    rows.loc[hidden, ["before", "after", "after_low", "after_high", "change", "change_low", "change_high"]] = np.nan
    rows.loc[hidden, ["was", "now", "said", "range"]] = say(NO_PRICE)
    text = [_changed(row, kept, narrow) for row, kept in zip(rows.itertuples(), ~hidden, strict=True)]
    outside = rows.quantity.isin(["outside", "imports_t"])
    return Figure(
        key="prices_changes",
        finding=_changes_finding(rows, priced_both),
        basis=say(
            "Change against the same scenario without the measures. Prices: 2024 = 1; tonnes: {basis}.",
            basis=recorded(priced.case.basis),
        ),
        rows=rows.drop(columns=["quantity"]),
        columns={
            "label": say("Quantity"),
            "was": say("Without"),
            "now": say("With"),
            "said": say("Change"),
            "range": say("Range of the change"),
        },
        alt=say("Bars of the change: {bars}.", bars="; ".join(text)),
        drawn=_bars(text, 100 * rows.change, 100 * rows.change_low, 100 * rows.change_high, outside, CHANGES),
        spec=partial(ranged_bars, low=CHANGES[0], high=CHANGES[1], axis="percent"),
        legend=_sides(),
        note=f"{say(MODEL)} {say('Bars end at {most} %; the words do not.', most=CHANGES[1])}",
        sources=priced.case.source_ids,
    )


def _changed(row: Any, known: bool, narrow: bool) -> str:
    """Words of one bar; of an unknown price only that."""
    if not known:
        return f"{row.label}: {row.said}"
    moved = f"{row.said} ({row.range})"
    return f"{row.label}: {moved}" if narrow else f"{row.label}: {row.was} → {row.now}, {moved}"


def _changes_finding(rows: pd.DataFrame, priced_both: bool) -> str:
    price, output = rows.iloc[0], rows[rows.quantity == "output_t"].iloc[0]
    if not priced_both:
        return say("No price can be said here; members’ output {change}", change=output.said)
    return say(
        "The price inside would go from {before} to {after}; members’ output {change}",
        before=price.was,
        after=price.now,
        change=output.said,
    )


def _sides() -> tuple[str, ...]:
    """Legend of bars of members and of others with their ranges."""
    return f":blue[■]&nbsp;{say('Members')}", f":violet[■]&nbsp;{say('Others')}", _range_mark()


def _range_mark() -> str:
    return f"**—**&nbsp;{say('Range over assumptions')}"


def _level(name: str, value: float) -> str:
    return words.tonnes(value) if name.endswith("_t") else times(value)


def _bars(text: list[str], value: Any, low: Any, high: Any, outside: Any, ends: tuple[float, float]) -> pd.DataFrame:
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
    bars = base.mark_bar(size=BAR, yOffset=9).encode(x=alt.X("zero:Q", scale=x, axis=marks), x2="value:Q", color=fill)
    ranges = base.mark_rule(strokeWidth=2, color=colours.ink, yOffset=9).encode(x=alt.X("low:Q", scale=x), x2="high:Q")
    said = base.mark_text(align="left", dy=-8, fontSize=13, limit=520).encode(x=alt.X("at:Q", scale=x), text="text:N")
    return charts.finished(alt.layer(bars, ranges, said).properties(height=alt.Step(ROW)), dark)


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


def _bound(priced: Priced, amounts: Any) -> float:
    """End of the scale of money that holds the amounts."""
    most, spent = float(np.nanmax(np.abs(np.asarray(amounts, float)))), priced.effect.spent_usd
    unit = spent if spent > 0 else 1e6
    return next((step * unit for step in SCALES if step * unit >= most), most)


def payers(priced: Priced, narrow: bool = False) -> Figure:
    """Who pays and who gains, members and others, and the world."""
    effect = priced.effect
    rows = effect.money
    least = LEAST * max(effect.spent_usd, 1.0)
    keep = (rows[["usd", "usd_low", "usd_high"]].abs().max(axis=1) > least) | (rows.party == "all")
    rows = rows[keep].assign(
        whose=rows.side.map(said(WHOSE)),
        said=[dollars(each) for each in rows.usd[keep]],
        range=[between(dollars, low, high) for low, high in zip(rows.usd_low[keep], rows.usd_high[keep], strict=True)],
    )
    rows = pd.concat([rows[rows.side == side] for side in ("members", "others", "world")], ignore_index=True)
    text = [words.capital(f"{_who(row)}: {row.said}{'' if narrow else f' ({row.range})'}") for row in rows.itertuples()]
    end = _bound(priced, rows[["usd_low", "usd_high"]])
    world = say("The world is the sum of all parties. A party whose money does not change is left out.")
    return Figure(
        key="prices_payers",
        finding=_payers_finding(rows),
        basis=say("Change of money a year against the same scenario without the measures, in dollars at 2024 prices."),
        rows=rows[["label", "whose", "usd", "usd_low", "usd_high", "said", "range"]],
        columns={
            "label": say("Who"),
            "whose": say("Whose"),
            "said": say("Dollars a year"),
            "range": say("Range"),
        },
        alt=say("Bars of the money each would gain or lose: {bars}.", bars="; ".join(text)),
        drawn=_bars(text, rows.usd, rows.usd_low, rows.usd_high, rows.side != "members", (-end, end)),
        spec=partial(ranged_bars, low=-end, high=end, axis="money"),
        legend=_sides(),
        note=f"{say(MODEL)} {world}",
        sources=priced.case.source_ids,
    )


def _who(row: Any) -> str:
    """Party of a row with its side, inside a sentence."""
    return say(WHO[row.side][row.party])


def _payers_finding(rows: pd.DataFrame) -> str:
    alone = rows[rows.party != "all"]
    if not (alone.usd.abs() >= 0.5).any():
        return say("Nobody would pay or gain")
    return words.capital(_lost_and_got(alone.loc[alone.usd.idxmin()], alone.loc[alone.usd.idxmax()]))


def _lost_and_got(least: pd.Series, most: pd.Series) -> str:
    """Who loses most and who gains most, where anybody does."""
    loss, gain = words.dollars(abs(least.usd)), words.dollars(abs(most.usd))
    if least.usd < 0 < most.usd:
        return say(
            "{loser} would lose most, {loss}; {gainer} would gain most, {gain}",
            loser=_who(least),
            loss=loss,
            gainer=_who(most),
            gain=gain,
        )
    if least.usd < 0:
        return say("{loser} would lose most, {loss}", loser=_who(least), loss=loss)
    if most.usd > 0:
        return say("{gainer} would gain most, {gain}", gainer=_who(most), gain=gain)
    return say("Nobody would pay or gain")


# At which levels a floor holds.


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
        note=_sentences(_thresholds(), _alone(priced), say(MODEL)),
        sources=priced.case.source_ids,
    )


def _sentences(*found: str) -> str:
    return " ".join(filter(None, found))


def _thresholds() -> str:
    return say(
        "A floor holds while members pay at least {paid} of it on average and still buy {bought} of what they bought "
        "from outside: our thresholds. Where users come near going without, no price is drawn.",
        paid=words.percent(PAID),
        bought=words.percent(BOUGHT),
    )


def _alone(priced: Priced) -> str:
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
            "A floor under {goods} would hold up to {multiple} times the price of 2024 and beyond ({range} over "
            "assumptions)",
            goods=goods,
            multiple=multiple,
            range=ends,
        )
    return say(
        "A floor under {goods} would hold up to {multiple} times the price of 2024 ({range} over assumptions)",
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


# A floor against support at the same level.


def compared(priced: Priced, narrow: bool = False) -> Figure | None:
    """A floor and a contract at one level side by side; None where no level is set or one did not converge."""
    if not priced.compared_level:
        return None
    floor, contract = priced.at("floor"), priced.at("contract")
    if not (floor.converged.all() and contract.converged.all()):
        return None
    text, amounts, meaning = _side_by_side(floor, contract, narrow)
    end = _bound(priced, amounts)
    return Figure(
        key="prices_compared",
        finding=_compared_finding(floor, contract),
        basis=say(
            "Both at {price} of {goods}, each alone, against neither; the rest stays. Dollars a year.",
            price=priced.quoted.said(priced.compared_level),
            goods=priced.quoted.form,
        ),
        rows=pd.DataFrame([_measure(say("Floor"), floor), _measure(say("Contract for difference"), contract)]),
        columns={
            "measure": say("Measure"),
            "price": say("Price to users, 2024 = 1"),
            "users": say("Users"),
            "treasuries": say("Treasuries"),
            "producers": say("Producers"),
            "members": say("Members in all"),
            "gained": say("Output gained"),
            "per_tonne": say("Users and treasuries pay per extra tonne"),
        },
        alt=say("Bars of money under a floor and under a contract: {bars}.", bars="; ".join(text)),
        drawn=_bars(text, amounts[:, 0], amounts[:, 1], amounts[:, 2], meaning, (-end, end)),
        spec=partial(ranged_bars, low=-end, high=end, axis="money"),
        legend=(
            f":blue[■]&nbsp;{say('Floor at the border')}",
            f":green[■]&nbsp;{say('Contract for difference')}",
            _range_mark(),
        ),
        note=_sentences(
            _per_tonne_note(floor, contract),
            say("The contract is for all producers of members."),
            _alone(priced),
            say(MODEL),
        ),
        sources=priced.case.source_ids,
    )


def _side_by_side(floor: Levels, contract: Levels, narrow: bool) -> tuple[list[str], Array, list[str]]:
    """Words, point with range, and meaning of each bar: a floor above a contract for each sum of money."""
    text, bars, meaning = [], [], []
    for name, label in said(SUMS).items():
        for which, solved, colour in (("floor", floor, "member"), ("contract", contract, "candidate")):
            values = getattr(solved, name)[:, 1]
            amount = dollars(values[0]) if narrow else _ranged(dollars, values)
            text.append(say(SIDE_BY_SIDE[which], party=label, amount=amount))
            bars.append((values[0], values.min(), values.max()))
            meaning.append(colour)
    return text, np.array(bars), meaning


def _ranged(in_words: Callable[[float], str], values: Array) -> str:
    """The point with its range in words."""
    return words.with_range(in_words(values[0]), between(in_words, values.min(), values.max()))


def _measure(measure: str, solved: Levels) -> dict[str, object]:
    """Row of one measure at the level compared: words for the table, numbers of the point for the file."""
    gained, paid = _gained_and_paid(solved)
    most = SHORT * solved.ceiling
    price = f"{times(solved.price[0, 1])} ({said_range(solved.price[:, 1].min(), solved.price[:, 1].max(), most)})"
    amounts = {name: getattr(solved, name)[:, 1] for name in SUMS}
    return {
        "measure": measure,
        "price": price if solved.cost[0, 1] < most else say(NO_PRICE),
        **{name: _ranged(dollars, each) for name, each in amounts.items()},
        "gained": _ranged(_tonnes, gained),
        "per_tonne": _per_tonne(paid, gained),
        **{f"{name}_usd": each[0] for name, each in amounts.items()},
        "gained_t": gained[0],
    }


def _gained_and_paid(solved: Levels) -> tuple[Array, Array]:
    """Output gained by the measure and what users and treasuries pay for it, in each solution. [t/yr, USD/yr]."""
    return solved.output_t[:, 1] - solved.output_t[:, 0], -(solved.users[:, 1] + solved.treasuries[:, 1])


def _per_tonne(paid_usd: Array, gained_t: Array) -> str:
    """What is paid per tonne of output gained, with its range where something is gained all over it."""
    if gained_t[0] < LEAST * 10:
        return say(NO_GAIN)
    if (gained_t <= 0).any():
        return say("{amount} (or nothing is gained)", amount=_usd(paid_usd[0] / gained_t[0]))
    return _ranged(_usd, paid_usd / gained_t)


def _per_tonne_at_point(solved: Levels) -> str:
    gained_t, paid_usd = (each[0] for each in _gained_and_paid(solved))
    return say(NO_GAIN) if gained_t < LEAST * 10 else _usd(paid_usd / gained_t)


def _tonnes(amount: float) -> str:
    sign = "−" if amount < -0.5 else ""
    return f"{sign}{words.tonnes(abs(amount))}"


def _usd(amount: float) -> str:
    return f"−{words.dollars(-amount)}" if amount <= -0.5 else words.dollars(amount if amount >= 0.5 else 0.0)


def _per_tonne_note(floor: Levels, contract: Levels) -> str:
    return say(
        "What users and treasuries pay together per extra tonne of output: {floor} under the floor, {contract} under "
        "the contract.",
        floor=_per_tonne_at_point(floor),
        contract=_per_tonne_at_point(contract),
    )


def _compared_finding(floor: Levels, contract: Levels) -> str:
    net = [-(each.users[0, 1] + each.treasuries[0, 1]) for each in (floor, contract)]
    loss, cost = _usd(-floor.users[0, 1]), _usd(-contract.treasuries[0, 1])
    if abs(contract.treasuries[0, 1]) < 1:
        if max(abs(each) for each in net) < 1:
            return say("At this level neither a floor nor a contract would do anything")
        return say("Users would lose {loss} under the floor; a contract at this level would do nothing", loss=loss)
    if net[0] < net[1]:
        return say(
            "Users would lose {loss} under the floor; a contract would cost treasuries {cost}. Both together would pay "
            "less with a floor",
            loss=loss,
            cost=cost,
        )
    return say(
        "Users would lose {loss} under the floor; a contract would cost treasuries {cost}. Both together would pay "
        "less with a contract",
        loss=loss,
        cost=cost,
    )


# What a tariff would raise.


def tariff(record: Record, scenario: Scenario) -> Figure | None:
    """Duty a tariff would raise, mineral by mineral, with the sum; None without a tariff or a market it falls on."""
    taxed = _taxed(scenario)
    if not scenario.tariff or not taxed:
        return None
    raised = _raised(record, scenario, taxed)
    if raised is None:
        return None
    total = raised.sum(axis=0)
    cases = market_session.offered()
    rows = pd.DataFrame(
        {
            "label": [record.product_names[cases[chain].product] for chain in taxed],
            "usd": raised[:, 0],
            "usd_low": raised.min(axis=1),
            "usd_high": raised.max(axis=1),
            "grade": [cases[chain].grade for chain in taxed],
            "source_id": [cases[chain].price_source_id for chain in taxed],
        }
    )
    rows = rows.sort_values("label", key=lambda labels: labels.map(words.alphabetical))
    rows = rows.sort_values("usd", ascending=False, kind="stable", ignore_index=True)
    rows = rows.assign(
        said=[dollars(each) for each in rows.usd],
        range=[between(dollars, row.usd_low, row.usd_high) for row in rows.itertuples()],
    )
    top = rows.head(12)
    text = [f"{row.label}: {row.said} ({row.range})" for row in top.itertuples()]
    end = max(float(top.usd_high.abs().max()), 1.0)
    return Figure(
        key="prices_tariff",
        finding=_tariff_finding(scenario, total),
        basis=say_many(
            len(rows),
            "Duty of members in {number} market, in dollars a year.",
            "Duty of members in {number} markets, in dollars a year.",
            number=words.count(len(rows)),
        ),
        rows=rows,
        columns={
            "label": say("Mineral"),
            "said": say("Duty a year"),
            "range": say("Range"),
            "grade": say("Grade"),
        },
        alt=say("Bars of duty by mineral: {bars}.", bars="; ".join(text)),
        drawn=_bars(text, top.usd, top.usd_low, top.usd_high, np.zeros(len(top), bool), (0.0, end)),
        spec=partial(ranged_bars, low=0.0, high=end, axis="money"),
        legend=(f":blue[■]&nbsp;{say('Members')}", _range_mark()),
        note=_sentences(
            say(
                "Against the same scenario without the tariff; other duties fall where it shrinks imports. Duty on ore "
                "is included, each good counted once."
            ),
            _not_drawn(len(rows) - len(top)),
            say(MODEL),
        ),
    )


def _tariff_finding(scenario: Scenario, total: Array) -> str:
    """What the tariff would raise in all, with its range."""
    raised = np.maximum(total, 0.0)
    return say(
        "The {rate} tariff would raise {amount} a year ({range})",
        rate=f"{100 * scenario.tariff:.0f}{words.NARROW_SPACE}%",
        amount=words.dollars(raised[0]),
        range=between(words.dollars, raised.min(), raised.max()),
    )


def _not_drawn(rest: int) -> str:
    if not rest:
        return ""
    return say_many(rest, "The smallest is in the table.", "The {number} smallest are in the table.")


def _taxed(scenario: Scenario) -> tuple[str, ...]:
    def falls(case: BaseCase) -> bool:
        return not scenario.tariff_products or bool({case.product, case.ore_product} & set(scenario.tariff_products))

    return tuple(chain for chain, case in market_session.offered().items() if falls(case))


@lru_cache(maxsize=KEPT)
def _raised(record: Record, scenario: Scenario, taxed: tuple[str, ...]) -> Array | None:
    """Duty of members with the tariff less without it, by chain and solution. [(chains, solutions), USD/yr]."""
    free = replace(scenario, tariff=0.0, tariff_products=(), preference=1.0)
    found = [market_session.outcome_of(record, each, taxed) for each in (scenario, free)]
    if not all(each.converged.all() for outcome in found for each in outcome.found):
        return None
    return _duties(found[0]) - _duties(found[1])


def _duties(outcome: MarketOutcome) -> Array:
    """Duties of members by chain and solution, on product and ore. [USD/yr].

    Ore that is the product of another chain here, as alumina is, counts there: once.
    """
    rows, products = [], {case.product for case in outcome.cases}
    for row, case in enumerate(outcome.cases):
        users, refiners = (np.isin(side, list(outcome.members)) for side in (case.users, case.refiners))
        counted = case.ore_product == case.product or case.ore_product not in products
        paid = [
            row_of(each.duties, row, len(users))[users].sum()
            + counted * row_of(each.ore_duties, row, len(refiners))[refiners].sum()
            for each in outcome.money
        ]
        rows.append(case.price_usd_per_t * np.array(paid))
    return np.array(rows)
