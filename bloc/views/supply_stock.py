"""What stands behind supply: reserves, recycling and by-product status, capacity, announced projects."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from bloc import words
from bloc.data import Record
from bloc.language import mark, per_language, recorded, said, say, say_many
from bloc.views import charts, notes, session, supply, theme
from bloc.views.figure import Figure, show
from bloc.views.overview import View
from bloc.views.supply import Sides
from bloc.views.supply_history import TONNES


def draw(view: View, mineral: str) -> None:
    """Draw reserves, capacity and projects of a mineral as charts, recycling and the rest as tables."""
    ranked, ventured, tables = _figures(supply.sides(view), mineral)
    supply.lay_out([*ranked, *ventured], _show)
    for table in tables:
        show(table)
    drawn = {figure.key.split("_")[0] for figure in (*ranked, *tables)}
    lacking = [say(what) for key, what in LACKING.items() if key not in drawn]
    if lacking:
        notes.note(say("Not on record for this mineral: {lacking}.", lacking=words.listing(lacking)))


LACKING = {
    "reserves": mark("reserves by country"),
    "recycling": mark("a recycling rate or by-product status"),
    "project": mark("an announced project"),
}


def _show(figure: Figure) -> None:
    (supply.show_ranking if figure.spec is supply.supplier_bars else show)(figure)


@lru_cache(maxsize=supply.KEPT)
def _figures(sides: Sides, mineral: str) -> tuple[list[Figure], list[Figure], list[Figure]]:
    """Rankings, bars of projects and tables of a mineral."""
    products = list(sides.record.products["product"][sides.record.products.mineral == mineral])
    stated, announced = session.query("supply_capacity"), session.query("supply_projects")
    tables = [
        capacity_list(sides, stated, products),
        recycling(sides.record, session.query("supply_recycling"), products),
        project_list(sides, announced, products),
    ]
    return (
        reserves(sides, products) + capacities(sides, stated, products),
        projects(sides, announced, products),
        [table for table in tables if table is not None],
    )


def _prepared(record: Record, rows: pd.DataFrame, tonnes: str, total: float) -> pd.DataFrame:
    rows = rows.assign(
        name=[record.names[iso3] for iso3 in rows.iso3],
        share=rows[tonnes] / total,
        remark=supply.remarks(rows.qualifier),
        tonnes_words=[_tonnes(each) for each in rows[tonnes]],
    )
    rows["share_words"] = [words.percent(each) if each == each else say("not disclosed") for each in rows.share]
    return rows.sort_values([tonnes, "iso3"], ascending=[False, True], ignore_index=True)


def _tonnes(amount: float) -> str:
    return words.tonnes(amount) if amount == amount else say("not disclosed")


def _largest_of(rows: pd.DataFrame) -> str:
    """The three largest of a ranking with their shares."""
    return ", ".join(
        say("{country} {share}", country=row.name, share=row.share_words) for row in rows.head(3).itertuples()
    )


def _ranking(sides: Sides, rows: pd.DataFrame, other: float, **texts: Any) -> Figure:
    return Figure(
        rows=rows,
        columns={
            "iso3": say("Country"),
            "tonnes_words": say("Amount"),
            "share_words": say("Share of the world"),
            "remark": say("Remark"),
            "year": say("Year"),
        },
        drawn=supply.bars(sides, rows, other),
        leads=supply.TO_COUNTRY,
        spec=supply.supplier_bars,
        legend=supply.legend(),
        **texts,
    )


# Reserves.


def reserves(sides: Sides, products: list[str]) -> list[Figure]:
    """Who holds the reserves of each product that has a list of them."""
    lists = sides.record.reserves[sides.record.reserves["product"].isin(products)]
    return [reserve(sides, rows) for _, rows in lists.groupby("reserve_id", sort=True)]


def reserve(sides: Sides, rows: pd.DataFrame) -> Figure:
    """Ranking of the holders of one list of reserves, its world total said as the bound that it is."""
    record, head = sides.record, rows.iloc[0]
    listed = float(rows.reserves_t.sum())
    published = float(head.world_t) if head.world_t == head.world_t else None
    total = max(published or 0.0, listed)
    rows = _prepared(record, rows, "reserves_t", total)
    name = record.product_sentence_names[head["product"]]
    at_least = head.world_qualifier == "greater_than"
    bloc = float(rows.share[rows.iso3.isin(sides.members)].sum())
    first = rows.iloc[0]
    return _ranking(
        sides,
        rows,
        1 - listed / total,
        key=f"reserves_{head.reserve_id}",
        finding=words.capital(
            say(
                "{country} holds {share} of {product} reserves, the bloc {bloc_share}",
                country=record.sentence_names[first.iso3],
                share=words.percent(float(first.share)),
                product=name,
                bloc_share=words.percent(bloc),
            )
        ),
        basis=_reserves_basis(head, total, published is not None, at_least),
        alt=say("Bars of reserves of {product}: {shares}", product=name, shares=_largest_of(rows)),
        note=_reserves_note(record, head, total if published else None, at_least),
    )


def _reserves_basis(head: pd.Series, total: float, published: bool, at_least: bool) -> str:
    named = {
        "form": recorded(head.form),
        "basis": recorded(head.basis),
        "year": head.year,
        "amount": words.tonnes(total),
    }
    if not published:
        return say("Reserves, {form}, {basis}, {year}; share of the {amount} listed.", **named)
    if at_least:
        return say("Reserves, {form}, {basis}, {year}; share of the world’s more than {amount}.", **named)
    return say("Reserves, {form}, {basis}, {year}; share of the world’s {amount}.", **named)


def _reserves_note(record: Record, head: pd.Series, world_t: float | None, at_least: bool) -> str:
    years = _years_left(record, head, world_t, at_least)
    if at_least:
        return f"{years} {say('The world total is a lower bound, so each share is an upper one.')}"
    return years


def _years_left(record: Record, head: pd.Series, world_t: float | None, at_least: bool) -> str:
    """How long reserves last at the present output, where both are counted on one basis."""
    series = record.series[(record.series["product"] == head["product"]) & (record.series.stage == "mine")]
    if world_t is None:
        return say("No world total of reserves is published, so years of output are left out.")
    if series.empty:
        return say("No mine output of this product is on record, so years of output are left out.")
    same = series[(series.basis == head.basis) & series.unit.isin(list(TONNES))]
    if same.empty:
        return say(
            "Years of output are left out: reserves count {reserves_basis}, mine output {output_basis}.",
            reserves_basis=recorded(head.basis),
            output_basis=recorded(series.basis.iloc[0]),
        )
    output = float(same.world.iloc[0]) * TONNES[str(same.unit.iloc[0])]
    return _years_of_output(world_t / output, int(same.year.iloc[0]), at_least)


def _years_of_output(years: float, year: int, at_least: bool) -> str:
    written = words.number(years, ",.0f")
    if at_least:
        return say_many(
            round(years),
            "World reserves are more than {number} year of the mine output of {year}.",
            "World reserves are more than {number} years of the mine output of {year}.",
            number=written,
            year=year,
        )
    return say_many(
        round(years),
        "World reserves are {number} year of the mine output of {year}.",
        "World reserves are {number} years of the mine output of {year}.",
        number=written,
        year=year,
    )


# Recycling.


def recycling(record: Record, rows: pd.DataFrame, products: list[str]) -> Figure | None:
    """Recycling, substitution and by-product status of the products of a mineral, as a table."""
    rows = rows[rows["product"].isin(products)]
    if rows.empty:
        return None
    rows = rows.assign(
        name=[record.product_names[each] for each in rows["product"]],
        eu_words=[_rate(each) for each in rows.eu_rate],
        global_words=[_rate(each) for each in rows.global_rate],
        by_product_words=[_rate(each) for each in rows.companionality],
        class_words=rows.supply_class.fillna(say("not recorded")),
        host_words=rows.host_metals.fillna(say("none named")),
        substitution_words=rows.substitution_difficulty.fillna(say("not recorded")),
    )
    return Figure(
        key=f"recycling_{products[0]}",
        finding=_recycling_finding(record, rows),
        basis=say("Recycled scrap as a share of input; by-product: share of output won beside other metals."),
        rows=rows,
        columns={
            "name": say("Material"),
            "eu_words": say("Recycled, of input in the European Union"),
            "global_words": say("Recycled, of world use"),
            "class_words": say("Won as"),
            "by_product_words": say("By-product, of output"),
            "host_words": say("Host metals"),
            "substitution_words": say("Hard to replace"),
        },
        alt=say("Table of recycling rates and by-product status."),
        note=say("The two rates are defined differently and not to be compared."),
    )


def _rate(share: float) -> str:
    return words.percent(share) if share == share else say("not recorded")


def _recycling_finding(record: Record, rows: pd.DataFrame) -> str:
    known = rows[rows.eu_rate.notna()].sort_values("eu_rate", ascending=False, kind="stable")
    if known.empty:
        return _world_recycling_finding(rows.iloc[0])
    first = known.iloc[0]
    name, recycled = record.product_sentence_names[first["product"]], words.percent(first.eu_rate)
    if not first.companionality > 0:
        return words.capital(say("{product}: {share} of EU input is recycled", product=name, share=recycled))
    return words.capital(
        say(
            "{product}: {share} of EU input is recycled; {by_product_share} is by-product",
            product=name,
            share=recycled,
            by_product_share=words.percent(first.companionality),
        )
    )


def _world_recycling_finding(row: pd.Series) -> str:
    if row.global_rate != row.global_rate:
        return say("{product}: how much of world use is recycled is not recorded", product=row["name"])
    return say("{product}: {share} of world use is recycled", product=row["name"], share=words.percent(row.global_rate))


# Capacity.


def capacities(sides: Sides, rows: pd.DataFrame, products: list[str]) -> list[Figure]:
    """Rankings of capacity, for the forms with a world total and several countries."""
    lists = rows[rows["product"].isin(products)].groupby(["product", "form"], sort=True)
    return [figure for _, one in lists if (figure := capacity(sides, one)) is not None]


def capacity(sides: Sides, rows: pd.DataFrame) -> Figure | None:
    """Ranking of capacity of one form in its latest year; None without a world total."""
    world = rows.quantity_t[rows.area == "World"]
    countries = rows[rows.iso3.notna()].drop_duplicates("iso3")
    if world.isna().all() or countries.quantity_t.notna().sum() < 2:
        return None
    head, listed = countries.iloc[0], float(countries.quantity_t.sum())
    total = max(float(world.max()), listed)
    shown = _prepared(sides.record, countries, "quantity_t", total)
    first, form = shown.iloc[0], recorded(head.form)
    return _ranking(
        sides,
        shown,
        1 - listed / total,
        key=f"capacity_{head.capacity_id}",
        finding=words.capital(
            say(
                "{country} has {share} of the capacity for {goods}",
                country=sides.record.sentence_names[first.iso3],
                share=words.percent(float(first.share)),
                goods=form,
            )
        ),
        basis=say(
            "Capacity a year, {goods}, {year}; share of the world’s {amount}.",
            goods=form,
            year=int(head.year),
            amount=words.tonnes(total),
        ),
        alt=say("Bars of capacity for {goods}: {shares}", goods=form, shares=_largest_of(shown)),
        note=say("Capacity is what plants could make, not what they made."),
    )


def capacity_list(sides: Sides, rows: pd.DataFrame, products: list[str]) -> Figure | None:
    """Capacities of the forms without a ranking, as a table; None without any."""
    lists = rows[rows["product"].isin(products)].groupby(["product", "form"], sort=True)
    left = [one for _, one in lists if capacity(sides, one) is None]
    if not left:
        return None
    rows = pd.concat(left, ignore_index=True).assign(
        tonnes_words=lambda each: [_tonnes(amount) for amount in each.quantity_t],
        remark=lambda each: supply.remarks(each.qualifier),
    )
    number = len(rows)
    return Figure(
        key=f"capacity_list_{products[0]}",
        finding=words.capital(
            say_many(
                number,
                "{number} further figure of capacity on record",
                "{number} further figures of capacity on record",
                number=words.count(number),
            )
        ),
        basis=say("Capacity in tonnes a year, each as its source states it; not added up."),
        rows=rows,
        columns={
            "form": say("Capacity for"),
            "area": say("Country or area"),
            "year": say("Year"),
            "tonnes_words": say("Capacity a year"),
            "remark": say("Remark"),
        },
        alt=say("Table of capacities."),
    )


# Projects.


def projects(sides: Sides, rows: pd.DataFrame, products: list[str]) -> list[Figure]:
    """Announced capacity by project, for each product with several projects that state tonnes."""
    rows = rows[rows["product"].isin(products) & rows.capacity_t_per_year.notna()]
    return [ventures(sides, one, str(product)) for product, one in rows.groupby("product", sort=True) if len(one) > 1]


def ventures(sides: Sides, rows: pd.DataFrame, product: str) -> Figure:
    """Announced capacity of each project of a product, by year of start; feed beside product, never added."""
    record, name = sides.record, sides.record.product_sentence_names[product]
    rows = _said(sides, rows).sort_values(["start_year", "name"], na_position="last", ignore_index=True)
    inside = int(rows.iso3.isin(sides.members).sum())
    drawn = pd.DataFrame(
        {
            "label": rows["name"],
            "tonnes": rows.capacity_t_per_year,
            "meaning": [_venture(sides, row) for row in rows.itertuples()],
            "order": range(len(rows)),
            "text": [f"{row.tonnes_words}, {row.start_words}" for row in rows.itertuples()],
            "country": [record.names[iso3] for iso3 in rows.iso3],
            "status": rows.status.map(recorded),
            "remark": rows.remark,
        }
    )
    return Figure(
        key=f"projects_{product}",
        finding=words.capital(
            say(
                "{product}: {number} of {total} projects with stated capacity are in the bloc",
                product=name,
                number=inside,
                total=len(rows),
            )
        ),
        basis=say("Tonnes a year at full output as announced, each on the basis it states, earliest start first."),
        rows=rows,
        columns=said(COLUMNS),
        widths=WIDTHS,
        leads=supply.TO_COUNTRY,
        drawn=drawn,
        spec=venture_chart,
        alt=say(
            "Bars of announced capacity for {product} by project: {projects}",
            product=name,
            projects="; ".join(f"{row.label} {row.text}" for row in drawn.head(3).itertuples()),
        ),
        legend=(*supply.legend(), f":blue[░]&nbsp;{say('Feed or concentrate')}"),
        note=say("The projects state different bases, so they are not added up. Announced is not built."),
    )


COLUMNS = {
    "name": mark("Project"),
    "iso3": mark("Country"),
    "stage": mark("Stage"),
    "output_words": mark("Output"),
    "tonnes_words": mark("Capacity a year"),
    "remark": mark("Basis"),
    "start_words": mark("Start"),
    "status": mark("Status"),
    "backers_words": mark("Backers"),
}


WIDTHS: Mapping[str, int] = {"output_words": 170, "remark": 190, "backers_words": 180}


def _said(sides: Sides, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        tonnes_words=[words.tonnes(each) if each == each else say("not stated") for each in rows.capacity_t_per_year],
        start_words=[_start(each) for each in rows.start_year],
        output_words=[recorded(each) or say("not stated") for each in rows.output],
        backers_words=[recorded(each) or say("not recorded") for each in rows.backers],
        remark=[_basis(*each) for each in zip(rows.basis, rows.counts_as_product, strict=True)],
    )


def _start(year: float) -> str:
    return say("from {year}", year=int(year)) if pd.notna(year) else say("undated")


def _basis(basis: object, counts: bool) -> str:
    named = recorded(basis) or say("basis not stated")
    return named if counts else say("{basis}; not added to product", basis=named)


def _venture(sides: Sides, row: Any) -> str:
    return sides.meaning(row.iso3) if row.counts_as_product else "feed"


def project_list(sides: Sides, rows: pd.DataFrame, products: list[str]) -> Figure | None:
    """Every project of a mineral as a table; None without any."""
    rows = rows[rows["product"].isin(products)]
    if rows.empty:
        return None
    inside, number = int(rows.iso3.isin(sides.members).sum()), len(rows)
    return Figure(
        key=f"project_list_{products[0]}",
        finding=words.capital(
            say_many(
                number,
                "{number} project on record, {inside} in the bloc",
                "{number} projects on record, {inside} in the bloc",
                number=words.count(number),
                inside=words.count(inside),
            )
        ),
        basis=say("As announced by the companies or their governments; capacity in tonnes a year on the basis stated."),
        rows=_said(sides, rows),
        columns=said(COLUMNS),
        widths=WIDTHS,
        leads=supply.TO_COUNTRY,
        alt=say("Table of projects."),
    )


@per_language()
def venture_chart(dark: bool) -> dict[str, Any]:
    """Chart of projects: a bar each, its tonnes and start at the end."""
    colours = theme.palette(dark)
    meanings = theme.meanings(colours, feed=colours.range)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    axis = alt.Axis(labelLimit=230)
    base = alt.Chart().encode(
        y=alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None, axis=axis)
    )
    room = base.transform_joinaggregate(most="max(tonnes)").transform_calculate(part="datum.tonnes / datum.most")
    x = alt.X("part:Q", scale=alt.Scale(domain=[0, 2.4]), axis=None)
    tooltip = [
        alt.Tooltip("label:N", title=say("Project")),
        alt.Tooltip("country:N", title=say("Country")),
        alt.Tooltip("text:N", title=say("Capacity a year")),
        alt.Tooltip("remark:N", title=say("Basis")),
        alt.Tooltip("status:N", title=say("Status")),
    ]
    bars = room.mark_bar(size=supply.ROW - 11).encode(x=x, color=fill, tooltip=tooltip)
    ends = room.mark_text(align="left", dx=5).encode(x=x, text="text:N")
    return charts.finished(alt.layer(bars, ends).properties(height=alt.Step(supply.ROW)), dark)
