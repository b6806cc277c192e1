"""Figures of the prices page: what changes, who pays, at which levels a floor holds, floor against support, tariff."""

from dataclasses import replace
from functools import cache, lru_cache, partial
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.calibration import BaseCase
from bloc.data import Record
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
INSIDE, OUTSIDE = ":blue[■]&nbsp;Members", ":violet[■]&nbsp;Others"
MODEL = "Market model, base year 2024, range over assumptions."
RANGE_MARK = "**—**&nbsp;Range over assumptions"
NO_PRICE, NO_GAIN = "no price is said", "nothing gained"
WHOSE = {"members": "in the bloc", "others": "outside", "world": "in the world"}


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
        rows.loc[rows.quantity == "price", "range"] = f"{effect.price_range} times 2024"
    hidden = ~rows.quantity.ne("price") & (not priced_both)
    rows.loc[hidden, ["before", "after", "after_low", "after_high", "change", "change_low", "change_high"]] = np.nan
    rows.loc[hidden, ["was", "now", "said", "range"]] = NO_PRICE
    text = [
        f"{row.label}: {NO_PRICE}"
        if row.said == NO_PRICE
        else f"{row.label}: {'' if narrow else f'{row.was} → {row.now}, '}{row.said} ({row.range})"
        for row in rows.itertuples()
    ]
    outside = rows.quantity.isin(["outside", "imports_t"])
    drawn = _bars(text, 100 * rows.change, 100 * rows.change_low, 100 * rows.change_high, outside, CHANGES)
    top = rows.iloc[0]
    head = f"The price inside would go from {top.was} to {top.now}" if priced_both else "No price can be said here"
    output = rows[rows.quantity == "output_t"].iloc[0]
    return Figure(
        key="prices_changes",
        finding=f"{head}; members’ output {output.said}",
        basis=f"Change against the same scenario without the measures. Prices: 2024 = 1; tonnes: {priced.case.basis}.",
        rows=rows.drop(columns=["quantity"]),
        columns={
            "label": "Quantity",
            "was": "Without",
            "now": "With",
            "said": "Change",
            "range": "Range of the change",
        },
        alt=f"Bars of the change: {'; '.join(text)}.",
        drawn=drawn,
        spec=partial(ranged_bars, low=CHANGES[0], high=CHANGES[1], axis="percent"),
        legend=(INSIDE, OUTSIDE, RANGE_MARK),
        note=f"{MODEL} Bars end at {CHANGES[1]} %; the words do not.",
        sources=priced.case.source_ids,
    )


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


@cache
def _ranged_bars(dark: bool, axis: str) -> dict[str, Any]:
    colours = theme.palette(dark)
    meanings = theme.meanings(colours, candidate=colours.candidate)
    unit = "+datum.value + ' %'" if axis == "percent" else "format(datum.value, '~s')"
    label = (
        f"datum.value > 0 ? '+' + {unit} : {unit}"
        if axis == "percent"
        else "replace(replace(format(datum.value, '$.2~s'), 'G', ' bn'), 'M', ' m')"
    )
    y = alt.Y("order:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    x = alt.Scale(nice=False)
    marks = alt.Axis(labelExpr=label, title=None, tickCount=5, grid=True)
    base = alt.Chart().encode(y=y)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    bars = base.mark_bar(size=BAR, yOffset=9).encode(x=alt.X("zero:Q", scale=x, axis=marks), x2="value:Q", color=fill)
    ranges = base.mark_rule(strokeWidth=2, color=colours.ink, yOffset=9).encode(x=alt.X("low:Q", scale=x), x2="high:Q")
    said = base.mark_text(align="left", dy=-8, fontSize=13, limit=520).encode(x=alt.X("at:Q", scale=x), text="text:N")
    return charts.finished(alt.layer(bars, ranges, said).properties(height=alt.Step(ROW)), dark)


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
        whose=rows.side.map(WHOSE),
        said=[dollars(each) for each in rows.usd[keep]],
        range=[between(dollars, low, high) for low, high in zip(rows.usd_low[keep], rows.usd_high[keep], strict=True)],
    )
    rows = pd.concat([rows[rows.side == side] for side in ("members", "others", "world")], ignore_index=True)
    text = [f"{row.label} {row.whose}: {row.said}{'' if narrow else f' ({row.range})'}" for row in rows.itertuples()]
    end = _bound(priced, rows[["usd_low", "usd_high"]])
    return Figure(
        key="prices_payers",
        finding=_payers_finding(rows),
        basis="Change of money a year against the same scenario without the measures, in dollars at 2024 prices.",
        rows=rows[["label", "whose", "usd", "usd_low", "usd_high", "said", "range"]],
        columns={"label": "Who", "whose": "Whose", "said": "Dollars a year", "range": "Range"},
        alt=f"Bars of the money each would gain or lose: {'; '.join(text)}.",
        drawn=_bars(text, rows.usd, rows.usd_low, rows.usd_high, rows.side != "members", (-end, end)),
        spec=partial(ranged_bars, low=-end, high=end, axis="money"),
        legend=(INSIDE, OUTSIDE, RANGE_MARK),
        note=f"{MODEL} The world is the sum of all parties. A party whose money does not change is left out.",
        sources=priced.case.source_ids,
    )


def _payers_finding(rows: pd.DataFrame) -> str:
    alone = rows[rows.party != "all"]
    if alone.empty:
        return "Nobody would pay or gain"
    least, most = alone.loc[alone.usd.idxmin()], alone.loc[alone.usd.idxmax()]
    lost = f"{least.label} {least.whose} would lose most, {words.dollars(-least.usd)}" if least.usd < 0 else ""
    got = f"{_inside(most.label)} {most.whose} would gain most, {words.dollars(most.usd)}" if most.usd > 0 else ""
    return words.capital("; ".join(filter(None, [lost, got])) or "Nobody would pay or gain")


def _inside(label: str) -> str:
    return label[:1].lower() + label[1:]


# At which levels a floor holds.


def floor_levels(priced: Priced) -> Figure:
    """Price inside, output of members and imports left at every level of a floor."""
    solved = priced.tried
    shown = solved.levels > 0
    most = SHORT * solved.ceiling
    said = solved.cost[0] < most
    rows = pd.DataFrame(
        {
            "level": solved.levels,
            "quoted": [priced.quoted.said(each) for each in solved.levels],
            "price": np.where(said, solved.price[0], np.nan),
            "price_low": np.where(said, solved.price.min(axis=0), np.nan),
            "price_high": np.where(said, solved.price.max(axis=0), np.nan),
            "output": solved.output_t[0] / solved.output_t[0, 0] if solved.output_t[0, 0] > 0 else np.nan,
            "imports": solved.imports_t[0] / solved.imports_t[0, 0] if solved.imports_t[0, 0] > 0 else np.nan,
            "state": [_state(solved, at) for at in range(len(solved.levels))],
        }
    )[shown & solved.converged]
    table = rows.assign(
        price_said=[times(each) if each == each else NO_PRICE for each in rows.price],
        price_range=[
            said_range(row.price_low, row.price_high, most) if row.price == row.price else NO_PRICE
            for row in rows.itertuples()
        ],
        output_said=[words.percent(each) for each in rows.output],
        imports_said=[words.percent(each) for each in rows.imports],
    )
    lowest, highest = sorted(solved.highest(each) for each in range(len(solved.price)))[:: len(solved.price) - 1]
    return Figure(
        key="prices_levels",
        finding=_levels_finding(priced, solved.highest(), lowest, highest),
        basis=f"Every level solved with the other measures in place; 2024 = 1. One is {priced.quoted.said(1.0)}.",
        rows=table,
        columns={
            "quoted": "Floor",
            "level": "Floor, 2024 = 1",
            "price_said": "Price inside, 2024 = 1",
            "price_range": "Range",
            "imports_said": "Imports left",
            "output_said": "Members’ output",
            "state": "The floor",
        },
        alt=f"Lines of the price inside, imports left and members’ output by the level of a floor under {priced.name}.",
        drawn=_lines(rows, priced.level("floor")),
        spec=level_lines,
        legend=(
            ":blue[■]&nbsp;Price inside, with range",
            "**- -**&nbsp;The floor",
            ":violet[■]&nbsp;Imports from outside, 2024 = 1",
            ":green[■]&nbsp;Members’ output",
        ),
        note=(
            f"A floor holds while members pay at least {words.percent(PAID)} of it on average and still buy "
            f"{words.percent(BOUGHT)} of what they bought from outside: our thresholds. Where users come near going "
            f"without, no price is drawn. {_alone(priced)}{MODEL}"
        ),
        sources=priced.case.source_ids,
    )


def _alone(priced: Priced) -> str:
    others = market_session.variants(priced.chain)
    return "Other choices for the contested figure are left out here. " if others else ""


def _state(solved: Levels, at: int) -> str:
    if not solved.converged[at]:
        return "not solved"
    if not solved.bites[at]:
        return "does nothing"
    return "holds" if solved.holds()[at] else "no longer holds"


def _levels_finding(priced: Priced, point: float, low: float, high: float) -> str:
    if high <= TRIED[0]:
        return f"No floor under {priced.quoted.form} would hold above the price of 2024"
    most = " and beyond" if point >= TRIED[-1] else ""
    said = f"A floor under {priced.quoted.form} would hold up to {_short(point)} times the price of 2024{most}"
    return f"{said} ({between(_short, low, high)} over assumptions)"


def _short(level: float) -> str:
    return f"{level:.3g}"


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


@cache
def level_lines(dark: bool) -> dict[str, Any]:
    """Chart of _lines on one fixed scale: the level of the floor across, multiples of 2024 upwards."""
    colours = theme.palette(dark)
    top = TRIED[-1]
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[1, top], nice=False),
        axis=alt.Axis(title="Floor, 2024 price = 1", values=[1, 2, 3, 4, 5], format="d", grid=False),
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
        alt.Tooltip("x:Q", title="Floor, 2024 = 1", format=".2f"),
        alt.Tooltip("y:Q", title="Price inside", format=".2f"),
    ]
    points = of("price").mark_circle(size=46, color=colours.member).encode(y=y, tooltip=tips)
    mark = of("set").mark_rule(color=colours.ink, strokeWidth=1.6)
    word = (
        of("set")
        .mark_text(align="left", dx=5, dy=-6, baseline="bottom", fontSize=12.5)
        .encode(y=y, text=alt.value("set here"))
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
    level = priced.quoted.said(priced.compared_level)
    rows = pd.DataFrame([_measure(priced, "Floor", floor), _measure(priced, "Contract for difference", contract)])
    text, bars, meaning = [], [], []
    for name, label in (
        ("users", "users in the bloc"),
        ("treasuries", "treasuries of members"),
        ("producers", "producers in the bloc"),
        ("members", "members in all"),
    ):
        for which, solved, colour in (("Floor", floor, "member"), ("Contract", contract, "candidate")):
            values = getattr(solved, name)[:, 1]
            ends = "" if narrow else f" ({between(dollars, values.min(), values.max())})"
            text.append(f"{which}, {label}: {dollars(values[0])}{ends}")
            bars.append((values[0], values.min(), values.max()))
            meaning.append(colour)
    amounts = np.array(bars)
    end = _bound(priced, amounts)
    return Figure(
        key="prices_compared",
        finding=_compared_finding(floor, contract),
        basis=f"Both at {level} of {priced.quoted.form}, each alone, against neither; the rest stays. Dollars a year.",
        rows=rows,
        columns={
            "measure": "Measure",
            "price": "Price to users, 2024 = 1",
            "users": "Users",
            "treasuries": "Treasuries",
            "producers": "Producers",
            "members": "Members in all",
            "gained": "Output gained",
            "per_tonne": "Users and treasuries pay per extra tonne",
        },
        alt=f"Bars of money under a floor and under a contract: {'; '.join(text)}.",
        drawn=_bars(text, amounts[:, 0], amounts[:, 1], amounts[:, 2], meaning, (-end, end)),
        spec=partial(ranged_bars, low=-end, high=end, axis="money"),
        legend=(":blue[■]&nbsp;Floor at the border", ":green[■]&nbsp;Contract for difference", RANGE_MARK),
        note=f"{_per_tonne_note(rows)} The contract is for all producers of members. {_alone(priced)}{MODEL}",
        sources=priced.case.source_ids,
    )


def _measure(priced: Priced, name: str, solved: Levels) -> dict[str, object]:
    """Row of one measure at the level compared: words for the table, numbers of the point for the file."""
    gained = solved.output_t[:, 1] - solved.output_t[:, 0]
    paid = -(solved.users[:, 1] + solved.treasuries[:, 1])
    most = SHORT * solved.ceiling
    price = f"{times(solved.price[0, 1])} ({said_range(solved.price[:, 1].min(), solved.price[:, 1].max(), most)})"
    amounts = {name: getattr(solved, name)[:, 1] for name in ("users", "treasuries", "producers", "members")}
    return {
        "measure": name,
        "price": price if solved.cost[0, 1] < most else NO_PRICE,
        **{name: f"{dollars(each[0])} ({between(dollars, each.min(), each.max())})" for name, each in amounts.items()},
        "gained": f"{_tonnes(gained[0])} ({between(_tonnes, gained.min(), gained.max())})",
        "per_tonne": _per_tonne(paid, gained),
        **{f"{name}_usd": each[0] for name, each in amounts.items()},
        "gained_t": gained[0],
    }


def _per_tonne(paid_usd: Array, gained_t: Array) -> str:
    """What is paid per tonne of output gained, with its range where something is gained all over it."""
    if gained_t[0] < LEAST * 10:
        return NO_GAIN
    each = _usd(paid_usd[0] / gained_t[0])
    if (gained_t <= 0).any():
        return f"{each} (or nothing is gained)"
    ends = paid_usd / gained_t
    return f"{each} ({between(_usd, ends.min(), ends.max())})"


def _tonnes(amount: float) -> str:
    sign = "−" if amount < -0.5 else ""
    return f"{sign}{words.tonnes(abs(amount))}"


def _usd(amount: float) -> str:
    return f"−{words.dollars(-amount)}" if amount <= -0.5 else words.dollars(amount if amount >= 0.5 else 0.0)


def _per_tonne_note(rows: pd.DataFrame) -> str:
    floor, contract = (each.split(" (")[0] for each in rows.per_tonne)
    return (
        f"What users and treasuries pay together per extra tonne of output: {floor} under the floor, {contract} under "
        "the contract."
    )


def _compared_finding(floor: Levels, contract: Levels) -> str:
    net = [-(each.users[0, 1] + each.treasuries[0, 1]) for each in (floor, contract)]
    if max(abs(each) for each in net) < 1 and abs(contract.treasuries[0, 1]) < 1:
        return "At this level neither a floor nor a contract would do anything"
    if abs(contract.treasuries[0, 1]) < 1:
        return f"Users would lose {_usd(-floor.users[0, 1])} under the floor; a contract at this level would do nothing"
    cheaper = "floor" if net[0] < net[1] else "contract"
    return (
        f"Users would lose {_usd(-floor.users[0, 1])} under the floor; a contract would cost treasuries "
        f"{_usd(-contract.treasuries[0, 1])}. Both together would pay less with a {cheaper}"
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
    ).sort_values(["usd", "label"], ascending=[False, True], ignore_index=True)
    rows = rows.assign(
        said=[dollars(each) for each in rows.usd],
        range=[between(dollars, row.usd_low, row.usd_high) for row in rows.itertuples()],
    )
    top = rows.head(12)
    text = [f"{row.label}: {row.said} ({row.range})" for row in top.itertuples()]
    end = max(float(top.usd_high.abs().max()), 1.0)
    percent = f"{100 * scenario.tariff:.0f}{words.NARROW_SPACE}%"
    more = f" The {len(rows) - len(top)} smallest are in the table." if len(rows) > len(top) else ""
    return Figure(
        key="prices_tariff",
        finding=(
            f"The {percent} tariff would raise {words.dollars(max(total[0], 0.0))} a year "
            f"({between(words.dollars, max(total.min(), 0.0), max(total.max(), 0.0))})"
        ),
        basis=f"Duty of members in {words.count(len(rows))} {words.plural('market', len(rows))}, in dollars a year.",
        rows=rows,
        columns={"label": "Mineral", "said": "Duty a year", "range": "Range", "grade": "Grade"},
        alt=f"Bars of duty by mineral: {'; '.join(text)}.",
        drawn=_bars(text, top.usd, top.usd_low, top.usd_high, np.zeros(len(top), bool), (0.0, end)),
        spec=partial(ranged_bars, low=0.0, high=end, axis="money"),
        legend=(INSIDE, RANGE_MARK),
        note=(
            "Against the same scenario without the tariff; other duties fall where it shrinks imports. Duty on ore is "
            f"included, each good counted once.{more} {MODEL}"
        ),
    )


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
