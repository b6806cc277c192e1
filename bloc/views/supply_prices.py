"""Prices of a mineral: by the year, by the month, and inside and outside China."""

import textwrap
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.data import Record
from bloc.views import charts, theme
from bloc.views.figure import Figure

# Units as printed, in words.
UNITS = {
    "USD/t": "dollars per tonne",
    "USD/kg": "dollars per kilogram",
    "USD/lb": "dollars per pound",
    "US cents/lb": "cents per pound",
    "USD/troy oz": "dollars per troy ounce",
    "USD/mtu": "dollars per metric ton unit",
    "USD/dmtu": "dollars per dry metric ton unit",
    "ratio": "price in China = 1",
}
MONTHLY = "World Bank, mean of the months"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Of one price: height of a line of its name, of its plot, of the room over the plot and of the axis below all. [px]
LINE, PLOT, OVER, AXIS = 16, 40, 30, 28
# Characters of a line of a name, so that it fits a phone.
WIDE_LINE = 48
# Least trust at which a pair of prices may make the heading.
TRUSTED = ("high", "medium")


def mineral_name(record: Record, mineral: str) -> str:
    """Name of a mineral as it reads inside a sentence."""
    found = record.products[record.products.mineral == mineral].mineral_name
    name = str(found.iloc[0])
    return name[:1].lower() + name[1:]


def _unit(unit: str) -> str:
    return UNITS.get(unit, unit)


# Yearly prices.


def prices(record: Record, rows: pd.DataFrame, product: str) -> Figure:
    """Yearly prices of a product: one line a price, each from zero to its own highest, every figure written."""
    rows = rows[rows.low.notna() | rows.qualifier.notna()].assign(
        estimated=rows.qualifier == "estimated",
        said=[_side(*row) for row in zip(rows.low, rows.high, strict=True)],
        remark=[_price_remark(*row) for row in zip(rows.low, rows.high, rows.qualifier, rows.note, strict=True)],
        unit_words=rows.unit.map(_unit),
    )
    marks, height = _price_marks(rows)
    name = record.product_sentence_names[product]
    years = f"{rows.year.min()} to {rows.year.max()}"
    return Figure(
        key=f"prices_{product}",
        finding=f"Price of {name}: {_changes(rows)}, {years}",
        basis=f"Yearly prices as published, {years}, each line from zero to its own highest, in its own unit.",
        rows=rows,
        columns={
            "item": "What is priced",
            "year": "Year",
            "said": "Price in its unit",
            "unit_words": "Unit",
            "remark": "Remark",
        },
        drawn=marks,
        spec=lambda dark: price_lines(dark, height),
        alt=_price_alt(name, rows),
        legend=(":gray[●]&nbsp;As printed", ":gray[○]&nbsp;Estimated"),
        note=_price_note(rows),
    )


def _price_note(rows: pd.DataFrame) -> str:
    unknown = int(rows.low.isna().sum())
    lacking = f" {unknown} {words.plural('figure', unknown)} not available." if unknown else ""
    return f"Not corrected for inflation unless the name says so.{lacking}"


def _price_remark(low: float, high: float, qualifier: object, note: object) -> str:
    standing = "not available" if np.isnan(low) else "as printed" if low == high else "range"
    return "; ".join(
        ["estimated" if qualifier == "estimated" else standing, *([note] if isinstance(note, str) else [])]
    )


def _changes(rows: pd.DataFrame) -> str:
    """How the prices changed between their first and last year: one change, or the least and the most."""
    factors = []
    for _, item in rows[rows.low.notna()].groupby("item"):
        middle = (item.low + item.high).to_numpy() / 2
        if len(middle) > 1 and middle[0] > 0:
            factors.append(float(middle[-1] / middle[0]))
    if not factors:
        return "no change to compare"
    low, high = min(factors), max(factors)
    first, last = _change(low), _change(high)
    if first == last:
        return first
    if low >= 3:
        return f"{words.significant(low)} to {last}"
    if low > 1 and high < 3:
        return f"{first} to {last.removeprefix('up ')}"
    return f"{last} to {first.removeprefix('down ')}" if high < 1 else f"{first} to {last}"


def _change(factor: float) -> str:
    if factor >= 3:
        return f"{words.significant(factor)} times as high"
    if abs(factor - 1) < 0.005:
        return "unchanged"
    return f"{'up' if factor > 1 else 'down'} {words.percent(abs(factor - 1))}"


def _price_alt(name: str, rows: pd.DataFrame) -> str:
    last = rows[rows.low.notna()].drop_duplicates("item", keep="last")
    said = "; ".join(f"{row.item} {_amounts(row.low, row.high)} {_unit(row.unit)}" for row in last.itertuples())
    return f"Lines of the yearly price of {name}. Latest: {said}."


def _amount(price: float) -> str:
    """Price as people write it: 15,200, 24.5, 0.85."""
    if price >= 1000:
        return f"{price:,.0f}"
    return f"{price:.3g}" if price >= 1 else f"{price:.2g}"


def _amounts(low: float, high: float) -> str:
    return _amount(low) if low == high else f"{_amount(low)}–{_amount(high)}"


def _price_marks(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Marks of price_lines, each price under its name and unit, and the height of all. [px]."""
    marks: list[dict[str, Any]] = []
    top, first, last = 0, rows.year.min(), rows.year.max()
    for item, group in rows.groupby("item", sort=True):
        title = textwrap.wrap(f"{words.capital(str(item))}, {group.unit_words.iloc[0]}", WIDE_LINE)
        zero = top + LINE * len(title) + OVER + PLOT
        marks.append({"mark": "name", "y": top, "text": "\n".join(title), "year": first})
        marks.append({"mark": "zero", "y": zero, "year": first, "until": last})
        scale = PLOT / max(float(group.high.max()), 1e-9)
        marks += [_point(row, zero, scale) for row in group[group.low.notna()].itertuples()]
        top = zero + LINE
    return pd.DataFrame(marks), top


def _point(row: Any, zero: float, scale: float) -> dict[str, Any]:
    return {
        "mark": "point",
        "item": row.item,
        "year": row.year,
        "y": zero - scale * (row.low + row.high) / 2,
        "low": zero - scale * row.low,
        "high": zero - scale * row.high,
        "text": row.said,
        "said": f"{row.said} {row.unit_words}",
        "remark": row.remark,
        "estimated": row.estimated,
    }


@cache
def price_lines(dark: bool, height: int) -> dict[str, Any]:
    """Chart of bands, one per price: its name, a line over the years, the figure at each point."""
    colours = theme.palette(dark)
    base = alt.Chart()
    x = alt.X(
        "year:Q",
        scale=alt.Scale(nice=False, zero=False, padding=30),
        axis=alt.Axis(format="d", tickMinStep=1, title=None, grid=False),
    )
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], reverse=True, nice=False), axis=None)
    tooltip = [
        alt.Tooltip("item:N", title="Price"),
        alt.Tooltip("year:Q", title="Year", format="d"),
        alt.Tooltip("said:N", title="Figure"),
        alt.Tooltip("remark:N", title="Remark"),
    ]
    points = base.transform_filter("datum.mark == 'point'")
    layers = alt.layer(
        base.transform_filter("datum.mark == 'zero'").mark_rule(color=colours.hair).encode(x=x, x2="until:Q", y=y),
        points.mark_line(strokeWidth=2, color=colours.muted).encode(x=x, y=y, detail="item:N"),
        points.mark_rule(strokeWidth=6, opacity=0.4, color=colours.muted).encode(
            x=x, y=alt.Y("low:Q", axis=None), y2="high:Q"
        ),
        points.transform_filter("!datum.estimated")
        .mark_point(filled=True, opacity=1, size=52, color=colours.ink)
        .encode(x=x, y=y, tooltip=tooltip),
        points.transform_filter("datum.estimated")
        .mark_point(filled=True, fillOpacity=1, size=52, fill=colours.ground, stroke=colours.ink, strokeWidth=1.6)
        .encode(x=x, y=y, tooltip=tooltip),
        points.mark_text(dy=-14, fontSize=13).encode(x=x, y=y, text="text:N"),
        base.transform_filter("datum.mark == 'name'")
        .mark_text(align="left", baseline="top", fontSize=13, fontWeight=600, lineBreak="\n", lineHeight=LINE)
        .encode(x=alt.value(0), y=y, text="text:N"),
    )
    return charts.finished(layers.properties(height=height + AXIS), dark)


# Monthly prices.


def monthly(record: Record, months: pd.DataFrame, product: str) -> Figure:
    """Monthly price of a product as a line from zero, with the highest and the latest month written."""
    months = months.assign(
        date=[f"{row.year}-{row.month:02d}-15" for row in months.itertuples()],
        said=[_amount(price) for price in months.price],
        when=[f"{MONTHS[row.month - 1]} {row.year}" for row in months.itertuples()],
    ).sort_values(["year", "month"], ignore_index=True)
    last, top = months.iloc[-1], months.loc[months.price.idxmax()]
    name = record.product_sentence_names[product]
    unit = _unit(str(last.unit))
    below = 1 - last.price / top.price
    standing = (
        f"at its highest since {months.year.min()}"
        if below < 0.005
        else f"{words.percent(float(below))} below its peak of {top.when}"
    )
    labels = np.where(months.index == last.name, "last", np.where(months.index == top.name, "top", ""))
    return Figure(
        key=f"months_{product}",
        finding=f"{words.capital(name)} in {last.when}: {standing}",
        basis=(
            f"Monthly price, {unit}, {months.when.iloc[0]} to {last.when}, as published, not corrected for inflation."
        ),
        rows=months,
        columns={"item": "Price", "when": "Month", "price": words.capital(unit)},
        drawn=months[["date", "price", "said", "when"]].assign(label=labels),
        spec=month_line,
        alt=f"Line of the price of {name}: {last.said} {unit} in {last.when}, highest {top.said} in {top.when}.",
    )


@cache
def month_line(dark: bool) -> dict[str, Any]:
    """Chart of a monthly price: date, price, said, when, label."""
    colours = theme.palette(dark)
    x = alt.X("date:T", axis=alt.Axis(title=None, grid=False, format="%Y", tickCount=6))
    y = alt.Y("price:Q", scale=alt.Scale(zero=True), axis=alt.Axis(title=None, grid=True, tickCount=4, format=",~r"))
    base = alt.Chart().encode(x=x, y=y)
    tooltip = [alt.Tooltip("when:N", title="Month"), alt.Tooltip("said:N", title="Price")]
    ends = base.transform_filter("datum.label != ''")
    layers = alt.layer(
        base.mark_line(strokeWidth=1.8, color=colours.ink),
        base.mark_point(size=60, opacity=0, filled=True).encode(tooltip=tooltip),
        ends.mark_point(size=52, filled=True, opacity=1, color=colours.ink).encode(tooltip=tooltip),
        ends.mark_text(dy=-12, align="right", fontSize=13, fontWeight=600).encode(text="said:N"),
    )
    return charts.finished(layers.properties(height=210), dark)


# Prices inside and outside China.


def price_gap(record: Record, mineral: str, rows: pd.DataFrame) -> Figure:
    """Dated prices inside and outside China as dots on one scale, as far as their units allow."""
    rows = rows.assign(
        when=[_date(each) for each in rows.date],
        label=[f"{words.capital(row.form)}, {_date(row.date)}" for row in rows.itertuples()],
        china_basis=rows.china_basis.fillna("not given"),
        outside_basis=rows.outside_basis.fillna("not given"),
        ratio=[_ratio(each) for each in rows.outside_over_china],
        china=[_side(*row) for row in zip(rows.china_low, rows.china_high, strict=True)],
        outside=[_side(*row) for row in zip(rows.outside_low, rows.outside_high, strict=True)],
        unit_words=rows.unit.map(_unit),
    )
    unit = _common_unit(rows)
    drawn, left = rows[rows.unit == unit], rows[rows.unit != unit]
    products = rows["product"].unique()
    name = record.product_sentence_names[products[0]] if len(products) == 1 else mineral_name(record, mineral)
    return Figure(
        key=f"gap_{mineral}",
        finding=_gap_finding(rows, name),
        basis=f"Prices inside and outside China, {_unit(unit)}, logarithmic scale; place and terms on hover.",
        rows=rows,
        columns={
            "form": "Form",
            "when": "Date",
            "china": "In China",
            "china_basis": "Terms in China",
            "outside": "Outside China",
            "outside_basis": "Terms outside",
            "unit_words": "Unit",
            "ratio": "Outside over inside",
            "trust": "Trust in the source",
            "note": "Remark",
        },
        drawn=_gap_marks(drawn),
        spec=gap_dots,
        alt=_gap_alt(drawn, name),
        legend=("○&nbsp;In China", "●&nbsp;Outside China", ":gray[Pale: low trust in the source]"),
        note=_gap_note(left),
    )


def _date(date: str) -> str:
    """Date as precise as the source: 2025, Jun 2025, 24 Jun 2025."""
    parts = date.split("-")
    if len(parts) == 1:
        return date
    month = MONTHS[int(parts[1]) - 1]
    return f"{month} {parts[0]}" if len(parts) == 2 else f"{int(parts[2])} {month} {parts[0]}"


def _side(low: float, high: float) -> str:
    return "not available" if np.isnan(low) else _amounts(low, high)


def _common_unit(rows: pd.DataFrame) -> str:
    return str(rows.unit[rows.unit != "ratio"].mode().iloc[0])


def between_places(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that say something of places; a pair in time is none."""
    return rows[~rows.note.fillna("").str.contains("not a gap between places")]


def _ratio(factor: float) -> str:
    return "not given" if np.isnan(factor) else words.significant(factor)


def _gap_finding(rows: pd.DataFrame, name: str) -> str:
    """How much more is paid outside at the latest date of a source that can be trusted, else of any."""
    known = rows[rows.outside_over_china.notna()]
    if known.empty:
        return f"Dated prices of {name}, in or outside China"
    trusted = known[known.trust.isin(TRUSTED)]
    known = trusted if len(trusted) else known
    last = known[known.date == known.date.max()]
    last = last[last.unit != "ratio"] if (last.unit != "ratio").any() else last
    low, high = float(last.outside_over_china.min()), float(last.outside_over_china.max())
    when = last.when.iloc[0]
    if abs(low - 1) < 0.05 and abs(high - 1) < 0.05:
        return f"{words.capital(name)} costs the same in and outside China, {when}"
    factor = words.significant(low) if low == high else f"{words.significant(low)} to {words.significant(high)}"
    return f"{words.capital(name)} outside China at {factor} times the price inside, {when}"


def _gap_note(left: pd.DataFrame) -> str:
    return f"Only in the table, since the units do not compare: {words.listing(list(left.label))}." if len(left) else ""


def _gap_alt(drawn: pd.DataFrame, name: str) -> str:
    said = "; ".join(f"{row.label}: {row.china} in China, {row.outside} outside" for row in drawn.tail(4).itertuples())
    return f"Dots of prices of {name} in and outside China. {said}."


def _gap_marks(rows: pd.DataFrame) -> pd.DataFrame:
    """Marks of gap_dots: one dot a side, the middle of what is printed, its range, and the line between the sides."""
    marks: list[dict[str, Any]] = []
    for at, row in enumerate(rows.itertuples()):
        for place, low, high, terms in (
            ("In China", row.china_low, row.china_high, row.china_basis),
            ("Outside China", row.outside_low, row.outside_high, row.outside_basis),
        ):
            if np.isnan(low):
                continue
            marks.append(
                {
                    "order": at,
                    "label": row.label,
                    "place": place,
                    "price": (low + high) / 2,
                    "low": low,
                    "high": high,
                    "text": _amounts(low, high),
                    "terms": terms,
                    "faint": row.trust not in TRUSTED,
                    "remark": row.note if isinstance(row.note, str) else "as printed",
                }
            )
    return pd.DataFrame(marks)


@cache
def gap_dots(dark: bool) -> dict[str, Any]:
    """Chart of pairs of prices: label, place, price, low, high."""
    colours = theme.palette(dark)
    scale = alt.Scale(type="log", nice=False, padding=34)
    x = alt.X("price:Q", scale=scale, axis=None)
    base = alt.Chart().encode(
        y=alt.Y(
            "label:N",
            sort=alt.EncodingSortField(field="order", op="min"),
            axis=alt.Axis(title=None, labelLimit=230),
        )
    )
    tooltip = [
        alt.Tooltip("label:N", title="Price"),
        alt.Tooltip("place:N", title="Place"),
        alt.Tooltip("text:N", title="Figure"),
        alt.Tooltip("terms:N", title="Terms"),
        alt.Tooltip("remark:N", title="Remark"),
    ]
    faint = alt.condition("datum.faint", alt.value(0.45), alt.value(1.0))
    layers = [
        base.mark_line(color=colours.hair, strokeWidth=2).encode(x=x, detail="label:N"),
        base.mark_rule(color=colours.muted, strokeWidth=3).encode(
            x=alt.X("low:Q", scale=scale, axis=None), x2="high:Q"
        ),
    ]
    for place, fill in (("In China", colours.ground), ("Outside China", colours.ink)):
        rows = base.transform_filter(f"datum.place == '{place}'")
        layers.append(
            rows.mark_point(size=80, filled=True, fill=fill, stroke=colours.ink, strokeWidth=1.8).encode(
                x=x, opacity=faint, tooltip=tooltip
            )
        )
        # Above for China, below for outside: two sides at one price stay legible.
        layers.append(
            rows.mark_text(dy=-13 if place == "In China" else 14, fontSize=12).encode(x=x, text="text:N", opacity=faint)
        )
    return charts.finished(alt.layer(*layers).properties(height=alt.Step(46)), dark)
