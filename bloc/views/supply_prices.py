"""Prices of a mineral: by the year, by the month, and inside and outside China."""

import textwrap
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.data import Record
from bloc.language import mark, per_language, recorded, say, say_many
from bloc.views import charts, theme
from bloc.views.figure import Figure

# Units as printed, in words.
UNITS = {
    "USD/t": mark("dollars per tonne"),
    "USD/kg": mark("dollars per kilogram"),
    "USD/lb": mark("dollars per pound"),
    "US cents/lb": mark("cents per pound"),
    "USD/troy oz": mark("dollars per troy ounce"),
    "USD/mtu": mark("dollars per metric ton unit"),
    "USD/dmtu": mark("dollars per dry metric ton unit"),
    "ratio": mark("price in China = 1"),
    "CNY/t in China, USD/mtu outside": mark("CNY/t in China, USD/mtu outside"),
}
MONTHLY = "World Bank, mean of the months"
# How a price changed, how the least and the most changed, by the kinds of change.
CHANGE = {
    "fall": mark("down {amount}"),
    "none": mark("unchanged"),
    "rise": mark("up {amount}"),
    "multiple": mark("{amount} times as high"),
}
CHANGES = {
    ("fall", "fall"): mark("down {low} to {high}"),
    ("fall", "none"): mark("down {low} to unchanged"),
    ("fall", "rise"): mark("down {low} to up {high}"),
    ("fall", "multiple"): mark("down {low} to {high} times as high"),
    ("none", "rise"): mark("unchanged to up {high}"),
    ("none", "multiple"): mark("unchanged to {high} times as high"),
    ("rise", "rise"): mark("up {low} to {high}"),
    ("rise", "multiple"): mark("up {low} to {high} times as high"),
    ("multiple", "multiple"): mark("{low} to {high} times as high"),
}
# Of one price: height of a line of its name, of its plot, of the room over the plot and of the axis below all. [px]
LINE, PLOT, OVER, AXIS = 16, 40, 30, 28
# Characters of a line of a name, so that it fits a phone.
WIDE_LINE = 48
# Least trust at which a pair of prices may make the heading.
TRUSTED = ("high", "medium")


def mineral_name(record: Record, mineral: str) -> str:
    """Name of a mineral as it reads inside a sentence."""
    return str(record.products[record.products.mineral == mineral].mineral_in_sentence.iloc[0])


def _unit(unit: str) -> str:
    return say(UNITS[unit]) if unit in UNITS else recorded(unit)


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
    years = say("{low} to {high}", low=rows.year.min(), high=rows.year.max())
    return Figure(
        key=f"prices_{product}",
        finding=say("Price of {product}: {change}, {years}", product=name, change=_changes(rows), years=years),
        basis=say(
            "Yearly prices as published, {years}, each line from zero to its own highest, in its own unit.", years=years
        ),
        rows=rows,
        columns={
            "item": say("What is priced"),
            "year": say("Year"),
            "said": say("Price in its unit"),
            "unit_words": say("Unit"),
            "remark": say("Remark"),
        },
        drawn=marks,
        spec=lambda dark: price_lines(dark, height),
        alt=_price_alt(name, rows),
        legend=(f":gray[●]&nbsp;{say('As printed')}", f":gray[○]&nbsp;{say('Estimated')}"),
        note=_price_note(rows),
    )


def _price_note(rows: pd.DataFrame) -> str:
    note = say("Not corrected for inflation unless the name says so.")
    if unknown := int(rows.low.isna().sum()):
        lacking = say_many(unknown, "{number} figure not available.", "{number} figures not available.")
        return f"{note} {lacking}"
    return note


def _price_remark(low: float, high: float, qualifier: object, note: object) -> str:
    return "; ".join(filter(None, [_standing(low, high, qualifier), recorded(note)]))


def _standing(low: float, high: float, qualifier: object) -> str:
    if qualifier == "estimated":
        return say("estimated")
    if np.isnan(low):
        return say("not available")
    return say("as printed") if low == high else say("range")


def _changes(rows: pd.DataFrame) -> str:
    """How the prices changed between their first and last year: one change, or the least and the most."""
    factors = []
    for _, item in rows[rows.low.notna()].groupby("item"):
        middle = (item.low + item.high).to_numpy() / 2
        if len(middle) > 1 and middle[0] > 0:
            factors.append(float(middle[-1] / middle[0]))
    return _change(min(factors), max(factors)) if factors else say("no change to compare")


def _change(low: float, high: float) -> str:
    least, most = (_kind(low), _amount_of_change(low)), (_kind(high), _amount_of_change(high))
    if least == most:
        return say(CHANGE[least[0]], amount=least[1])
    kinds = (least[0], most[0])
    # Of two falls the smaller comes first.
    first, last = (most[1], least[1]) if kinds == ("fall", "fall") else (least[1], most[1])
    return say(CHANGES[kinds], low=first, high=last)


def _kind(factor: float) -> str:
    if abs(factor - 1) < 0.005:
        return "none"
    if factor < 1:
        return "fall"
    return "multiple" if factor >= 3 else "rise"


def _amount_of_change(factor: float) -> str:
    if _kind(factor) == "none":
        return ""
    return words.significant(factor) if factor >= 3 else words.percent(abs(factor - 1))


def _price_alt(name: str, rows: pd.DataFrame) -> str:
    last = rows[rows.low.notna()].drop_duplicates("item", keep="last")
    latest = [
        say(
            "{price} {amount} {unit}",
            price=recorded(row.item),
            amount=_amounts(row.low, row.high),
            unit=_unit(str(row.unit)),
        )
        for row in last.itertuples()
    ]
    return say(
        "Lines of the yearly price of {product}. Latest: {prices}.",
        product=name,
        prices="; ".join(latest),
    )


def _amount(price: float) -> str:
    """Price as people write it: 15,200, 24.5, 0.85."""
    if price >= 1000:
        return words.number(price, ",.0f")
    return words.number(price, ".3g") if price >= 1 else words.number(price, ".2g")


def _amounts(low: float, high: float) -> str:
    return _amount(low) if low == high else f"{_amount(low)}–{_amount(high)}"


def _price_marks(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Marks of price_lines, each price under its name and unit, and the height of all. [px]."""
    marks: list[dict[str, Any]] = []
    top, first, last = 0, rows.year.min(), rows.year.max()
    for item, group in rows.groupby("item", sort=True):
        title = textwrap.wrap(_title(item, group.unit_words.iloc[0]), WIDE_LINE)
        zero = top + LINE * len(title) + OVER + PLOT
        marks.append({"mark": "name", "y": top, "text": "\n".join(title), "year": first})
        marks.append({"mark": "zero", "y": zero, "year": first, "until": last})
        scale = PLOT / max(float(group.high.max()), 1e-9)
        marks += [_point(row, zero, scale) for row in group[group.low.notna()].itertuples()]
        top = zero + LINE
    return pd.DataFrame(marks), top


def _title(item: object, unit: str) -> str:
    return words.capital(say("{price}, {unit}", price=recorded(item), unit=unit))


def _point(row: Any, zero: float, scale: float) -> dict[str, Any]:
    return {
        "mark": "point",
        "item": row.item,
        "price": recorded(row.item),
        "year": row.year,
        "y": zero - scale * (row.low + row.high) / 2,
        "low": zero - scale * row.low,
        "high": zero - scale * row.high,
        "text": row.said,
        "said": say("{amount} {unit}", amount=row.said, unit=row.unit_words),
        "remark": row.remark,
        "estimated": row.estimated,
    }


@per_language()
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
        alt.Tooltip("price:N", title=say("Price")),
        alt.Tooltip("year:Q", title=say("Year"), format="d"),
        alt.Tooltip("said:N", title=say("Figure")),
        alt.Tooltip("remark:N", title=say("Remark")),
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
        when=[words.short_date(f"{row.year}-{row.month:02d}") for row in months.itertuples()],
    ).sort_values(["year", "month"], ignore_index=True)
    last, top = months.iloc[-1], months.loc[months.price.idxmax()]
    name = record.product_sentence_names[product]
    unit = _unit(str(last.unit))
    labels = np.where(months.index == last.name, "last", np.where(months.index == top.name, "top", ""))
    return Figure(
        key=f"months_{product}",
        finding=_monthly_finding(name, months, last, top),
        basis=say(
            "Monthly price, {unit}, {start} to {end}, as published, not corrected for inflation.",
            unit=unit,
            start=months.when.iloc[0],
            end=last.when,
        ),
        rows=months,
        columns={"item": say("Price"), "when": say("Month"), "price": words.capital(unit)},
        drawn=months[["date", "price", "said", "when"]].assign(label=labels),
        spec=month_line,
        alt=say(
            "Line of the price of {product}: {price} {unit} in {month}, highest {highest} in {highest_month}.",
            product=name,
            price=last.said,
            unit=unit,
            month=last.when,
            highest=top.said,
            highest_month=top.when,
        ),
    )


def _monthly_finding(name: str, months: pd.DataFrame, last: pd.Series, top: pd.Series) -> str:
    below = float(1 - last.price / top.price)
    if below < 0.005:
        return words.capital(
            say(
                "{product} in {month}: at its highest since {year}",
                product=name,
                month=last.when,
                year=months.year.min(),
            )
        )
    return words.capital(
        say(
            "{product} in {month}: {share} below its peak of {peak_month}",
            product=name,
            month=last.when,
            share=words.percent(below),
            peak_month=top.when,
        )
    )


@per_language()
def month_line(dark: bool) -> dict[str, Any]:
    """Chart of a monthly price: date, price, said, when, label."""
    colours = theme.palette(dark)
    x = alt.X("date:T", axis=alt.Axis(title=None, grid=False, format="%Y", tickCount=6))
    y = alt.Y("price:Q", scale=alt.Scale(zero=True), axis=alt.Axis(title=None, grid=True, tickCount=4, format=",~r"))
    base = alt.Chart().encode(x=x, y=y)
    tooltip = [alt.Tooltip("when:N", title=say("Month")), alt.Tooltip("said:N", title=say("Price"))]
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
        when=[words.short_date(each) for each in rows.date],
        label=[_dated(row.form, row.date) for row in rows.itertuples()],
        china_basis=[recorded(each) or say("not given") for each in rows.china_basis],
        outside_basis=[recorded(each) or say("not given") for each in rows.outside_basis],
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
        basis=say(
            "Prices inside and outside China, {unit}, logarithmic scale; place and terms on hover.", unit=_unit(unit)
        ),
        rows=rows,
        columns={
            "form": say("Form"),
            "when": say("Date"),
            "china": say("In China"),
            "china_basis": say("Terms in China"),
            "outside": say("Outside China"),
            "outside_basis": say("Terms outside"),
            "unit_words": say("Unit"),
            "ratio": say("Outside over inside"),
            "trust": say("Trust in the source"),
            "note": say("Remark"),
        },
        drawn=_gap_marks(drawn),
        spec=gap_dots,
        alt=_gap_alt(drawn, name),
        legend=(
            f"○&nbsp;{say('In China')}",
            f"●&nbsp;{say('Outside China')}",
            f":gray[{say('Pale: low trust in the source')}]",
        ),
        note=_gap_note(left),
    )


def _dated(form: str, date: str) -> str:
    return words.capital(say("{form}, {date}", form=recorded(form), date=words.short_date(date)))


def _side(low: float, high: float) -> str:
    return say("not available") if np.isnan(low) else _amounts(low, high)


def _common_unit(rows: pd.DataFrame) -> str:
    return str(rows.unit[rows.unit != "ratio"].mode().iloc[0])


def between_places(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that say something of places; a pair in time is none."""
    return rows[~rows.note.fillna("").str.contains("not a gap between places")]


def _ratio(factor: float) -> str:
    return say("not given") if np.isnan(factor) else words.significant(factor)


def _gap_finding(rows: pd.DataFrame, name: str) -> str:
    """How much more is paid outside at the latest date of a source that can be trusted, else of any."""
    known = rows[rows.outside_over_china.notna()]
    if known.empty:
        return say("Dated prices of {product}, in or outside China", product=name)
    trusted = known[known.trust.isin(TRUSTED)]
    known = trusted if len(trusted) else known
    last = known[known.date == known.date.max()]
    last = last[last.unit != "ratio"] if (last.unit != "ratio").any() else last
    low, high = float(last.outside_over_china.min()), float(last.outside_over_china.max())
    return words.capital(_gap(name, low, high, last.when.iloc[0]))


def _gap(name: str, low: float, high: float, when: str) -> str:
    if abs(low - 1) < 0.05 and abs(high - 1) < 0.05:
        return say("{product}: the same price in and outside China, {date}", product=name, date=when)
    least, most = words.significant(low), words.significant(high)
    return say(
        "{product} outside China at {factor} times the price inside, {date}",
        product=name,
        factor=least if low == high else say("{low} to {high}", low=least, high=most),
        date=when,
    )


def _gap_note(left: pd.DataFrame) -> str:
    if left.empty:
        return ""
    return say("Only in the table, since the units do not compare: {prices}.", prices=words.listing(list(left.label)))


def _gap_alt(drawn: pd.DataFrame, name: str) -> str:
    last = [
        say("{price}: {inside} in China, {outside} outside", price=row.label, inside=row.china, outside=row.outside)
        for row in drawn.tail(4).itertuples()
    ]
    return say(
        "Dots of prices of {product} in and outside China. {prices}.",
        product=name,
        prices="; ".join(last),
    )


def _gap_marks(rows: pd.DataFrame) -> pd.DataFrame:
    """Marks of gap_dots: one dot a side, the middle of what is printed, its range, and the line between the sides."""
    marks: list[dict[str, Any]] = []
    for at, row in enumerate(rows.itertuples()):
        for inside, low, high, terms in (
            (True, row.china_low, row.china_high, row.china_basis),
            (False, row.outside_low, row.outside_high, row.outside_basis),
        ):
            if np.isnan(low):
                continue
            marks.append(
                {
                    "order": at,
                    "label": row.label,
                    "inside": inside,
                    "place": say("In China") if inside else say("Outside China"),
                    "price": (low + high) / 2,
                    "low": low,
                    "high": high,
                    "text": _amounts(low, high),
                    "terms": terms,
                    "faint": row.trust not in TRUSTED,
                    "remark": recorded(row.note) or say("as printed"),
                }
            )
    return pd.DataFrame(marks)


@per_language()
def gap_dots(dark: bool) -> dict[str, Any]:
    """Chart of pairs of prices: label, inside, place, price, low, high."""
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
        alt.Tooltip("label:N", title=say("Price")),
        alt.Tooltip("place:N", title=say("Place")),
        alt.Tooltip("text:N", title=say("Figure")),
        alt.Tooltip("terms:N", title=say("Terms")),
        alt.Tooltip("remark:N", title=say("Remark")),
    ]
    faint = alt.condition("datum.faint", alt.value(0.45), alt.value(1.0))
    layers = [
        base.mark_line(color=colours.hair, strokeWidth=2).encode(x=x, detail="label:N"),
        base.mark_rule(color=colours.muted, strokeWidth=3).encode(
            x=alt.X("low:Q", scale=scale, axis=None), x2="high:Q"
        ),
    ]
    # Above for China, below for outside: two sides at one price stay legible.
    for side, fill, away in (("datum.inside", colours.ground, -13), ("!datum.inside", colours.ink, 14)):
        rows = base.transform_filter(side)
        layers.append(
            rows.mark_point(size=80, filled=True, fill=fill, stroke=colours.ink, strokeWidth=1.8).encode(
                x=x, opacity=faint, tooltip=tooltip
            )
        )
        layers.append(rows.mark_text(dy=away, fontSize=12).encode(x=x, text="text:N", opacity=faint))
    return charts.finished(alt.layer(*layers).properties(height=alt.Step(46)), dark)
