"""What stands behind supply: reserves, recycling and by-product status, capacity, announced projects."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import altair as alt
import pandas as pd

from bloc import words
from bloc.data import Record
from bloc.views import charts, notes, session, supply, theme
from bloc.views.figure import Figure, show
from bloc.views.overview import View
from bloc.views.supply import LEGEND, Sides
from bloc.views.supply_history import TONNES


def draw(view: View, mineral: str) -> None:
    """Draw reserves, capacity and projects of a mineral as charts, recycling and the rest as tables."""
    ranked, ventured, tables = _figures(supply.sides(view), mineral)
    supply.lay_out([*ranked, *ventured], _show)
    for table in tables:
        show(table)
    drawn = {figure.key.split("_")[0] for figure in (*ranked, *tables)}
    lacking = [said for key, said in LACKING.items() if key not in drawn]
    if lacking:
        notes.note(f"Not on record for this mineral: {words.listing(lacking)}.")


LACKING = {
    "reserves": "reserves by country",
    "recycling": "a recycling rate or by-product status",
    "project": "an announced project",
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
        tonnes_words=[words.tonnes(each) if each == each else "not disclosed" for each in rows[tonnes]],
    )
    rows["share_words"] = [words.percent(each) if each == each else "not disclosed" for each in rows.share]
    return rows.sort_values([tonnes, "iso3"], ascending=[False, True], ignore_index=True)


def _ranking(sides: Sides, rows: pd.DataFrame, other: float, **texts: Any) -> Figure:
    return Figure(
        rows=rows,
        columns={
            "iso3": "Country",
            "tonnes_words": "Amount",
            "share_words": "Share of the world",
            "remark": "Remark",
            "year": "Year",
        },
        drawn=supply.bars(sides, rows, other),
        leads=supply.TO_COUNTRY,
        spec=supply.supplier_bars,
        legend=LEGEND,
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
    bound = "more than " if head.world_qualifier == "greater_than" else ""
    world = f"the world’s {bound}{words.tonnes(total)}" if published else f"the {words.tonnes(total)} listed"
    bloc = float(rows.share[rows.iso3.isin(sides.members)].sum())
    first = rows.iloc[0]
    largest = words.capital(record.sentence_names[first.iso3])
    return _ranking(
        sides,
        rows,
        1 - listed / total,
        key=f"reserves_{head.reserve_id}",
        finding=f"{largest} holds {words.percent(float(first.share))} of {name} reserves, "
        f"the bloc {words.percent(bloc)}",
        basis=f"Reserves, {head.form}, {head.basis}, {head.year}; share of {world}.",
        alt=f"Bars of reserves of {name}: "
        + ", ".join(f"{row.name} {row.share_words}" for row in rows.head(3).itertuples()),
        note=" ".join([_years_left(record, head, total if published else None, bound)] + _lower_bound(bound)),
    )


def _lower_bound(bound: str) -> list[str]:
    return ["The world total is a lower bound, so each share is an upper one."] if bound else []


def _years_left(record: Record, head: pd.Series, world_t: float | None, bound: str) -> str:
    """How long reserves last at the present output, where both are counted on one basis."""
    series = record.series[(record.series["product"] == head["product"]) & (record.series.stage == "mine")]
    if world_t is None:
        return "No world total of reserves is published, so years of output are left out."
    if series.empty:
        return "No mine output of this product is on record, so years of output are left out."
    same = series[(series.basis == head.basis) & series.unit.isin(list(TONNES))]
    if same.empty:
        return f"Years of output are left out: reserves count {head.basis}, mine output {series.basis.iloc[0]}."
    output = float(same.world.iloc[0]) * TONNES[str(same.unit.iloc[0])]
    return f"World reserves are {bound}{world_t / output:,.0f} years of the mine output of {same.year.iloc[0]}."


# Recycling.


def recycling(record: Record, rows: pd.DataFrame, products: list[str]) -> Figure | None:
    """Recycling, substitution and by-product status of the products of a mineral, as a table."""
    rows = rows[rows["product"].isin(products)]
    if rows.empty:
        return None

    def said(share: float) -> str:
        return words.percent(share) if share == share else "not recorded"

    rows = rows.assign(
        name=[record.product_names[each] for each in rows["product"]],
        eu_words=[said(each) for each in rows.eu_rate],
        global_words=[said(each) for each in rows.global_rate],
        by_product_words=[said(each) for each in rows.companionality],
        class_words=rows.supply_class.fillna("not recorded"),
        host_words=rows.host_metals.fillna("none named"),
        substitution_words=rows.substitution_difficulty.fillna("not recorded"),
    )
    return Figure(
        key=f"recycling_{products[0]}",
        finding=_recycling_finding(record, rows),
        basis="Recycled scrap as a share of input; by-product: share of output won beside other metals.",
        rows=rows,
        columns={
            "name": "Material",
            "eu_words": "Recycled, of input in the European Union",
            "global_words": "Recycled, of world use",
            "class_words": "Won as",
            "by_product_words": "By-product, of output",
            "host_words": "Host metals",
            "substitution_words": "Hard to replace",
        },
        alt="Table of recycling rates and by-product status.",
        note="The two rates are defined differently and not to be compared.",
    )


def _recycling_finding(record: Record, rows: pd.DataFrame) -> str:
    known = rows[rows.eu_rate.notna()].sort_values("eu_rate", ascending=False, kind="stable")
    if known.empty:
        first = rows.iloc[0]
        return f"{first['name']}: {first.global_words} of world use is recycled"
    first = known.iloc[0]
    name = words.capital(record.product_sentence_names[first["product"]])
    status = f"; {words.percent(first.companionality)} is by-product" if first.companionality > 0 else ""
    return f"{name}: {words.percent(first.eu_rate)} of EU input is recycled{status}"


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
    first, year = shown.iloc[0], int(head.year)
    largest = words.capital(sides.record.sentence_names[first.iso3])
    return _ranking(
        sides,
        shown,
        1 - listed / total,
        key=f"capacity_{head.capacity_id}",
        finding=f"{largest} has {words.percent(float(first.share))} of the capacity for {head.form}",
        basis=f"Capacity a year, {head.form}, {year}; share of the world’s {words.tonnes(total)}.",
        alt=f"Bars of capacity for {head.form}: "
        + ", ".join(f"{row.name} {row.share_words}" for row in shown.head(3).itertuples()),
        note="Capacity is what plants could make, not what they made.",
    )


def capacity_list(sides: Sides, rows: pd.DataFrame, products: list[str]) -> Figure | None:
    """Capacities of the forms without a ranking, as a table; None without any."""
    lists = rows[rows["product"].isin(products)].groupby(["product", "form"], sort=True)
    left = [one for _, one in lists if capacity(sides, one) is None]
    if not left:
        return None
    rows = pd.concat(left, ignore_index=True).assign(
        tonnes_words=lambda each: [words.tonnes(t) if t == t else "not disclosed" for t in each.quantity_t],
        remark=lambda each: supply.remarks(each.qualifier),
    )
    number = len(rows)
    return Figure(
        key=f"capacity_list_{products[0]}",
        finding=f"{words.capital(words.count(number))} further {words.plural('figure', number)} of capacity on record",
        basis="Capacity in tonnes a year, each as its source states it; not added up.",
        rows=rows,
        columns={
            "form": "Capacity for",
            "area": "Country or area",
            "year": "Year",
            "tonnes_words": "Capacity a year",
            "remark": "Remark",
        },
        alt="Table of capacities.",
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
            "status": rows.status,
            "remark": rows.remark,
        }
    )
    return Figure(
        key=f"projects_{product}",
        finding=f"{words.capital(name)}: {inside} of {len(rows)} projects with stated capacity are in the bloc",
        basis="Tonnes a year at full output as announced, each on the basis it states, earliest start first.",
        rows=rows,
        columns=COLUMNS,
        widths=WIDTHS,
        leads=supply.TO_COUNTRY,
        drawn=drawn,
        spec=venture_chart,
        alt=f"Bars of announced capacity for {name} by project: "
        + "; ".join(f"{row.label} {row.text}" for row in drawn.head(3).itertuples()),
        legend=(*LEGEND, ":blue[░]&nbsp;Feed or concentrate"),
        note="The projects state different bases, so they are not added up. Announced is not built.",
    )


COLUMNS = {
    "name": "Project",
    "iso3": "Country",
    "stage": "Stage",
    "output_words": "Output",
    "tonnes_words": "Capacity a year",
    "remark": "Basis",
    "start_words": "Start",
    "status": "Status",
    "backers_words": "Backers",
}


WIDTHS: Mapping[str, int] = {"output_words": 170, "remark": 190, "backers_words": 180}


def _said(sides: Sides, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        tonnes_words=[words.tonnes(each) if each == each else "not stated" for each in rows.capacity_t_per_year],
        start_words=[f"from {int(each)}" if pd.notna(each) else "undated" for each in rows.start_year],
        output_words=rows.output.fillna("not stated"),
        backers_words=rows.backers.fillna("not recorded"),
        remark=[
            (basis if isinstance(basis, str) else "basis not stated") + ("" if counts else "; not added to product")
            for basis, counts in zip(rows.basis, rows.counts_as_product, strict=True)
        ],
    )


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
        finding=f"{words.capital(words.count(number))} {words.plural('project', number)} on record, "
        f"{words.count(inside)} in the bloc",
        basis="As announced by the companies or their governments; capacity in tonnes a year on the basis stated.",
        rows=_said(sides, rows),
        columns=COLUMNS,
        widths=WIDTHS,
        leads=supply.TO_COUNTRY,
        alt="Table of projects.",
    )


@cache
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
        alt.Tooltip("label:N", title="Project"),
        alt.Tooltip("country:N", title="Country"),
        alt.Tooltip("text:N", title="Capacity a year"),
        alt.Tooltip("remark:N", title="Basis"),
        alt.Tooltip("status:N", title="Status"),
    ]
    bars = room.mark_bar(size=supply.ROW - 11).encode(x=x, color=fill, tooltip=tooltip)
    ends = room.mark_text(align="left", dx=5).encode(x=x, text="text:N")
    return charts.finished(alt.layer(bars, ends).properties(height=alt.Step(supply.ROW)), dark)
