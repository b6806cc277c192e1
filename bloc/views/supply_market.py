"""Market of a mineral: its prices, what the United States imports and from where, mines and plants."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from bloc import words
from bloc.data import Record
from bloc.language import mark, per_language, recorded, say, say_many
from bloc.views import charts, flow_map, maps, notes, overview, session, supply, supply_prices, theme
from bloc.views.figure import Figure, show
from bloc.views.supply import Sides
from bloc.views.supply_prices import mineral_name

ROW = 25
# Characters of a heading that may run over two lines.
LONGEST = 80
# Qualifiers of a figure of which only one bound is printed.
ONE_BOUND = ("greater_than", "less_than")
# What the record calls the whole of a good, and in which order the forms of a good come.
ALL_FORMS = "all forms"
# What the record calls the countries that are not named.
OTHERS = "Other countries"
MAIN = (ALL_FORMS, "total", "refined")


# Bars in groups, each under its own name: import reliance and import sources.


def _group(marks: list[dict[str, Any]], name: str) -> None:
    marks.append({"order": len(marks), "head": name})


@per_language()
def grouped_bars(dark: bool) -> dict[str, Any]:
    """Chart of bars under headings: order, head, label, low, high, text, meaning, remark; pale from low to high."""
    colours = theme.palette(dark)
    meanings = theme.meanings(colours, figure=colours.muted)
    scale = alt.Scale(domain=[-0.62, 1.42], nice=False, zero=False)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    base = alt.Chart().encode(y=alt.Y("order:O", axis=None))
    tooltip = [
        alt.Tooltip("label:N", title=say("Of")),
        alt.Tooltip("text:N", title=say("Figure")),
        alt.Tooltip("remark:N", title=say("Remark")),
    ]

    def at(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale, axis=None)

    bars = base.transform_filter("isValid(datum.label)")
    layers = alt.layer(
        bars.transform_filter("datum.high > datum.low")
        .mark_bar(size=ROW - 10, color=colours.track, stroke=colours.outside, strokeDash=[3, 3], strokeWidth=1)
        .encode(x=at("low"), x2="high:Q", tooltip=tooltip),
        bars.transform_filter("datum.low > 0 && !datum.estimated")
        .mark_bar(size=ROW - 9)
        .encode(x=at("zero"), x2="low:Q", color=fill, tooltip=tooltip),
        bars.transform_filter("datum.low > 0 && datum.estimated")
        .mark_bar(size=ROW - 9, opacity=0.55)
        .encode(x=at("zero"), x2="low:Q", color=fill, tooltip=tooltip),
        bars.mark_text(align="right", dx=-6, fontSize=13, limit=210).encode(x=at("zero"), text="label:N"),
        bars.mark_text(align="left", dx=6, fontSize=13).encode(x=at("end"), text="text:N", tooltip=tooltip),
        base.transform_filter("isValid(datum.head)")
        .mark_text(align="left", fontSize=13, fontWeight=600, limit=560, dy=3)
        .encode(x=at("left"), text="head:N"),
    )
    return charts.finished(layers.properties(height=alt.Step(ROW)), dark)


def _bar(
    order: int, label: str, low: float, high: float, text: str, meaning: str, remark: str, estimated: bool
) -> dict[str, Any]:
    return {
        "order": order,
        "label": label,
        "low": low,
        "high": high,
        "text": text,
        "meaning": meaning,
        "remark": remark,
        "estimated": estimated,
    }


def _bars(marks: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(marks)
    return frame.assign(zero=0.0, left=-0.62, end=frame[["low", "high"]].max(axis=1).fillna(0.0))


def reliance(record: Record, mineral: str, rows: pd.DataFrame) -> Figure:
    """Net import reliance of the United States by year, bounds as printed."""
    rows = rows.assign(
        what=[_what(record, *row) for row in zip(rows["product"], rows.item, strict=True)],
        product_words=rows["product"].map(record.product_sentence_names),
        said=[_reliance(*row) for row in zip(rows.low, rows.high, rows.qualifier, strict=True)],
    ).sort_values("import_reliance_id")
    marks: list[dict[str, Any]] = []
    for _, group in rows.groupby(["product", "item"], sort=False):
        _group(marks, words.capital(group.what.iloc[0]))
        for row in group.itertuples():
            low, high = _bounds(row.low, row.high, row.qualifier)
            remark = recorded(row.note) or say("as printed")
            marks.append(
                _bar(len(marks), str(row.year), low, high, row.said, "figure", remark, row.qualifier == "estimated")
            )
    first, year = int(rows.year.min()), int(rows.year.max())
    name, latest = mineral_name(record, mineral), rows[rows.year == year]
    return Figure(
        key=f"reliance_{mineral}",
        finding=_reliance_finding(record, latest, mineral, year),
        basis=say(
            "Net imports of the United States as a percentage of its consumption, {start} to {end}, content as the "
            "publisher counts it. A net exporter has no bar.",
            start=first,
            end=year,
        ),
        rows=rows,
        columns={
            "what": say("Goods and consumption"),
            "year": say("Year"),
            "said": say("Net import reliance"),
            "note": say("Remark"),
        },
        drawn=_bars(marks),
        spec=grouped_bars,
        alt=say(
            "Bars of U.S. net import reliance for {product}. {figures}.", product=name, figures=_latest(record, latest)
        ),
        legend=(
            f":gray[■]&nbsp;{say('As printed')}",
            f":gray[▒]&nbsp;{say('Estimated')}",
            f":gray[□]&nbsp;{say('Between the printed bounds')}",
        ),
    )


def _what(record: Record, product: str, item: str) -> str:
    """Goods as the publisher calls them, after the product's name unless that is said already."""
    goods, consumption = _parts(item)
    named = _named(record, product, goods)
    if not consumption:
        return named
    return say("{goods}, {consumption}", goods=named, consumption=recorded(consumption))


def _short(record: Record, product: str, item: str) -> str:
    """Goods without the consumption they are a part of, and without what stands in brackets."""
    goods, _ = _parts(item)
    if goods == ALL_FORMS:
        return record.product_sentence_names[product]
    return _named(record, product, goods).split(" (")[0]


def _parts(item: str) -> tuple[str, str]:
    """Goods of an item of the record, and the consumption they are a part of where it is named."""
    goods, of, consumption = item.rpartition(", of ")
    return (goods, f"of {consumption}") if of else (item, "")


def _named(record: Record, product: str, goods: str) -> str:
    if _english_names().product_in_sentence[product] in goods.lower().split(",")[0].split("(")[0]:
        return recorded(goods)
    return say("{product}, {form}", product=record.product_sentence_names[product], form=recorded(goods))


@cache
def _english_names() -> pd.DataFrame:
    """Names of each product and of its mineral in the language of the items of the record."""
    return session.query("products").set_index("product")


def _reliance(low: float, high: float, qualifier: object) -> str:
    text = _plain_reliance(low, high, qualifier)
    return say("{share}, estimated", share=text) if qualifier == "estimated" and not np.isnan(low) else text


def _plain_reliance(low: float, high: float, qualifier: object) -> str:
    """Reliance in words, without whether it is an estimate."""
    if qualifier == "net_exporter":
        return say("net exporter")
    if qualifier == "greater_than":
        return say("more than {share}", share=words.percent(low / 100))
    if qualifier == "less_than":
        return say("less than {share}", share=words.percent(high / 100))
    if np.isnan(low):
        return say("not available")
    least, most = words.percent(low / 100), words.percent(high / 100)
    return least if low == high else say("{low} to {high}", low=least, high=most)


def _bounds(low: float, high: float, qualifier: object) -> tuple[float, float]:
    """Ends of the bar: an open bound reaches to the end of the scale, an exporter and the unknown have none."""
    if qualifier == "greater_than":
        return low / 100, 1.0
    if qualifier == "less_than":
        return 0.0, high / 100
    return (low / 100, high / 100) if low == low else (np.nan, np.nan)


def _reliance_finding(record: Record, latest: pd.DataFrame, mineral: str, year: int) -> str:
    if len(latest) > 1:
        return _reliances_finding(record, latest, year)
    row, name = latest.iloc[0], mineral_name(record, mineral)
    if row.qualifier == "net_exporter":
        return say("The United States is a net exporter of {product}, {year}", product=name, year=year)
    if row.qualifier not in ONE_BOUND and np.isnan(row.low):
        return say("How much {product} the United States imports is not available", product=name)
    return say(
        "The United States imports {share} of the {product} it uses, {year}",
        share=_plain_reliance(row.low, row.high, row.qualifier),
        product=name,
        year=year,
    )


def _reliances_finding(record: Record, latest: pd.DataFrame, year: int) -> str:
    """The two main figures of a year, or the first alone where both are too long for a heading."""
    ranks = [_main(*row) for row in zip(latest["product"], latest.item, strict=True)]
    ordered = latest.assign(rank=ranks).sort_values("rank", kind="stable")
    two, one = (
        say("U.S. net imports, {year}: {figures}", year=year, figures=_latest(record, ordered.head(count)))
        for count in (2, 1)
    )
    return two if len(two) <= LONGEST else one


def _latest(record: Record, latest: pd.DataFrame) -> str:
    return "; ".join(
        say(
            "{goods} {share}",
            goods=_short(record, row.product, row.item),
            share=_plain_reliance(row.low, row.high, row.qualifier),
        )
        for row in latest.itertuples()
    )


def _main(product: str, item: str) -> tuple[bool, int]:
    """Order of the forms of a good: the mineral by its own name, then all of it, totals, refined goods; scrap last."""
    rank = next((rank for rank, word in enumerate(MAIN) if word in item), len(MAIN) + ("scrap" in item))
    names = _english_names().loc[product]
    return bool(names.product_in_sentence != names.mineral_in_sentence), rank


def import_sources(sides: Sides, mineral: str, rows: pd.DataFrame) -> Figure:
    """Countries the United States imports from, form by form, the other countries last."""
    record = sides.record
    rows = _import_rows(sides, rows)
    marks: list[dict[str, Any]] = []
    for _, group in rows.groupby(["product", "form"], sort=False):
        _group(marks, group.what.iloc[0])
        for row in group.itertuples():
            remark = recorded(row.note) or say("as printed")
            low, high = (0.0, row.share) if row.qualifier == "less_than" else (row.share, row.share)
            seller = _partner(record, row.partner_iso3, row.partner)
            marks.append(_bar(len(marks), seller, low, high, row.said, row.meaning, remark, False))
    first, period = rows.iloc[0], "; ".join(sorted(set(rows.period)))
    return Figure(
        key=f"import_sources_{mineral}",
        finding=words.capital(
            say(
                "{country} sells {share} of U.S. imports: {goods}",
                country=record.sentence_names.get(str(first.partner_iso3), recorded(first.partner)),
                share=first.said,
                goods=_short(record, first["product"], first.form),
            )
        ),
        basis=say("Share of U.S. imports by country, {years}, of each form by itself, as printed.", years=period),
        rows=rows,
        columns={
            "what": say("Form"),
            "partner": say("From"),
            "said": say("Share of imports"),
            "period": say("Years"),
            "note": say("Remark"),
        },
        drawn=_bars(marks),
        spec=grouped_bars,
        alt=_import_alt(record, mineral, rows),
        legend=(*supply.legend(), f":blue[░]&nbsp;{say('Not named')}"),
        leads={"partner": ("country", "partner_iso3")},
    )


def _import_rows(sides: Sides, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with what is said of them: the main form first, in it the largest seller, the other countries last."""
    goods = list(zip(rows["product"], rows.form, strict=True))
    what = pd.Series([_what(sides.record, *row) for row in goods], rows.index)
    sellers = [_partner(sides.record, *row) for row in zip(rows.partner_iso3, rows.partner, strict=True)]
    rows = rows.assign(
        what=what.map(words.capital),
        form_words=what,
        main=[_main(*row) for row in goods],
        rank=rows.groupby(["product", "form"]).import_source_id.transform("min"),
        said=[_share(*row) for row in zip(rows.share, rows.qualifier, strict=True)],
        last=rows.partner == OTHERS,
        meaning=rows.partner_iso3.map(sides.meaning),
    )
    by_name = rows.iloc[sorted(range(len(rows)), key=lambda row: words.alphabetical(sellers[row]))]
    return by_name.sort_values(
        ["main", "rank", "last", "share"], ascending=[True, True, True, False], ignore_index=True
    )


def _partner(record: Record, iso3: object, printed: str) -> str:
    return record.names.get(str(iso3), recorded(printed))


def _import_alt(record: Record, mineral: str, rows: pd.DataFrame) -> str:
    top = [
        say("{country} {share}", country=_partner(record, row.partner_iso3, row.partner), share=row.said)
        for row in rows.head(3).itertuples()
    ]
    return say(
        "Bars of the sources of U.S. imports of {product}, {form}: {shares}.",
        product=mineral_name(record, mineral),
        form=rows.what.iloc[0],
        shares=", ".join(top),
    )


def _share(share: float, qualifier: object) -> str:
    if np.isnan(share):
        return say("not available")
    if qualifier == "less_than":
        return say("less than {share}", share=words.percent(share))
    if qualifier == "greater_than":
        return say("more than {share}", share=words.percent(share))
    return words.percent(share)


# Mines and plants.

STANDING_WORDS = {
    "operating": mark("Operating"),
    "project": mark("In development"),
    "halted": mark("On hold or idle"),
}


def _standing(stage: str, status: str) -> str:
    if status in ("on hold", "care and maintenance"):
        return "halted"
    return "project" if "project" in stage or status == "in development" else "operating"


def _status(stage: str, status: str) -> str:
    return words.capital(say("{stage}, {status}", stage=recorded(stage), status=recorded(status)))


def sites(record: Record, mineral: str, rows: pd.DataFrame) -> Figure:
    """Mines and plants of a mineral by country and standing."""
    rows = rows.assign(
        standing=[_standing(*row) for row in zip(rows.stage, rows.status, strict=True)],
        status_words=[_status(*row) for row in zip(rows.stage, rows.status, strict=True)],
        operator_words=rows.operator.fillna(say("not named")),
    )
    counts = rows.groupby(["iso3", "standing"]).size()
    marks: list[dict[str, Any]] = []
    for iso3 in counts.groupby("iso3").sum().sort_values(ascending=False).index:
        _group(marks, record.names[iso3])
        for standing, label in STANDING_WORDS.items():
            number = int(counts.get((iso3, standing), 0))
            part, remark = number / int(counts.max()), say("sites counted")
            marks.append(_bar(len(marks), say(label), part, part, str(number), "figure", remark, standing == "halted"))
    working = int((rows.standing == "operating").sum())
    name = mineral_name(record, mineral)
    where = words.listing([record.sentence_names[each] for each in sorted(set(rows.iso3))])
    return Figure(
        key=f"sites_{mineral}",
        finding=say(
            "Sites of {product} in {countries}: {working} of {number} operating",
            product=name,
            countries=where,
            working=working,
            number=len(rows),
        ),
        basis=say("Mines and plants by standing, in the words of the two surveys. Number of sites, not output."),
        rows=rows,
        columns={
            "name": say("Site"),
            "operator_words": say("Operator"),
            "iso3": say("Country"),
            "material": say("Material"),
            "status_words": say("Standing"),
        },
        drawn=_bars(marks),
        spec=grouped_bars,
        alt=say(
            "Bars of the number of {product} sites in {countries} by standing: {working} of {number} operating.",
            product=name,
            countries=where,
            working=working,
            number=len(rows),
        ),
        note=say(
            "Only Canada and Australia are on record. A site with several materials stands under the first named."
        ),
        leads=supply.TO_COUNTRY,
    )


# On the page.


def _of(query: str, mineral: str) -> pd.DataFrame:
    rows = session.query(query)
    return rows[rows.mineral == mineral]


def _by_product(
    record: Record, rows: pd.DataFrame, build: Callable[[Record, pd.DataFrame, str], Figure]
) -> list[Figure]:
    return [build(record, group, str(product)) for product, group in rows.groupby("product")]


@per_language(maxsize=supply.KEPT)
def _price_figures(mineral: str) -> list[Figure]:
    """Figures of prices, once per server: no scenario changes them."""
    record, yearly, gaps = (
        session.record(),
        _of("prices", mineral),
        supply_prices.between_places(_of("price_gaps", mineral)),
    )
    # The yearly means of a price that is drawn by the month would only repeat it.
    found = _by_product(record, yearly[yearly.item != supply_prices.MONTHLY], supply_prices.prices)
    found += _by_product(record, _of("prices_by_month", mineral), supply_prices.monthly)
    return [*found, supply_prices.price_gap(record, mineral, gaps)] if len(gaps) else found


@per_language(maxsize=supply.KEPT)
def _reliance_figures(mineral: str) -> list[Figure]:
    rows = _of("import_reliance", mineral)
    return [reliance(session.record(), mineral, rows)] if len(rows) else []


def draw_market(view: overview.View, mineral: str) -> None:
    """From whom the United States imports and how much of its use, then prices."""
    name = mineral_name(view.record, mineral)
    found, imported = list(_price_figures(mineral)), list(_reliance_figures(mineral))
    if len(_of("import_sources", mineral)):
        imported.insert(0, _import_figure(supply.sides(view), mineral))
    lacking = [say("prices")] * (not found) + [say("imports of the United States")] * (not imported)
    if lacking:
        st.header(
            say("Not on record for {product}: {lacking}", product=name, lacking=words.listing(lacking)), anchor=False
        )
    supply.lay_out(imported + found)


@lru_cache(maxsize=supply.KEPT)
def _import_figure(sides: Sides, mineral: str) -> Figure:
    return import_sources(sides, mineral, _of("import_sources", mineral))


@per_language(maxsize=supply.KEPT)
def _site_figures(mineral: str) -> tuple[Figure, Figure] | None:
    rows, record = _of("sites", mineral), session.record()
    if rows.empty:
        return None
    counted = sites(record, mineral, rows)
    return site_picture(record, counted, mineral), counted


def draw_sites(view: overview.View, mineral: str) -> None:
    """Mines and plants on a map, counted beside it."""
    pictures, name = _site_figures(mineral), mineral_name(view.record, mineral)
    if pictures is None:
        st.header(say("No {product} site is on record", product=name), anchor=False)
        notes.note(say("Mines and plants are on record for Canada and Australia only."))
        return
    picture, counted = pictures
    size = maps.PHONE if view.phone else maps.WIDE
    left, right = st.columns([1.35, 1], gap="large")
    with left:
        supply.show_map(picture, _site_deck(mineral, view.dark, size), size.height)
    with right:
        show(counted)


@per_language(maxsize=supply.KEPT)
def _site_deck(mineral: str, dark: bool, size: maps.View) -> maps.CompactDeck:
    rows = sites(session.record(), mineral, _of("sites", mineral)).rows
    return flow_map.site_deck(site_dots(rows), dark, size)


def site_picture(record: Record, counted: Figure, mineral: str) -> Figure:
    """Map of the sites that `counted` counts."""
    rows, name = counted.rows, mineral_name(record, mineral)
    return replace(
        counted,
        key=f"sites_map_{mineral}",
        finding=words.capital(say("{product}: where mines and plants stand", product=name)),
        basis=say("Filled: operating; ring: in development; pale: on hold or idle."),
        drawn=flow_map.site_rows(rows),
        spec=flow_map.site_spec,
        alt=say_many(
            len(rows),
            "World map of {number} {product} site in Canada and Australia.",
            "World map of {number} {product} sites in Canada and Australia.",
            product=name,
        ),
        legend=(
            f"●&nbsp;{say(STANDING_WORDS['operating'])}",
            f"○&nbsp;{say(STANDING_WORDS['project'])}",
            f":violet[●]&nbsp;{say(STANDING_WORDS['halted'])}",
        ),
        note=say("Only Canada and Australia are on record."),
    )


def site_dots(rows: pd.DataFrame) -> pd.DataFrame:
    """Sites with what is said of each on hover."""
    return rows.assign(
        tip=rows.status_words,
        more=[say("Operator: {operator}", operator=each) for each in rows.operator_words],
        last=[words.capital(recorded(each)) for each in rows.material],
    )


def draw(view: overview.View, mineral: str) -> None:
    """Imports of the United States, prices, mines and plants."""
    draw_market(view, mineral)
    draw_sites(view, mineral)
