"""What stands behind supply: reserves, recycling and by-product status, capacity, announced projects."""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from bloc import words
from bloc.data import Record
from bloc.outcome import restricting
from bloc.views import charts, notes, session, supply, theme
from bloc.views.figure import Figure, source_line
from bloc.views.overview import View
from bloc.views.supply_history import TONNES, beside

LIST = ["label", "share", "meaning", "remark", "order", "text"]
LEGEND = (notes.LEGEND["member"], notes.LEGEND["restricting"], ":violet[■]&nbsp;Outside")


def draw(view: View, mineral: str) -> None:
    """Draw reserves, capacity and projects of a mineral as charts, recycling and the rest as tables."""
    products = list(view.record.products["product"][view.record.products.mineral == mineral])
    figures = reserves(view, products)
    if not figures:
        notes.note("No reserves by country are recorded for this mineral.")
    ventures = session.query("supply_projects")
    stated = session.query("supply_capacity")
    beside(figures + capacities(view, stated, products) + projects(view, ventures, products))
    if (table := capacity_list(view, stated, products)) is not None:
        _table(view.record, table)
    rates = session.query("supply_recycling")
    if (table := recycling(view.record, rates, products)) is not None:
        _table(view.record, table)
    else:
        notes.note("No recycling rate or by-product status is recorded for this mineral.")
    if (table := project_list(view, ventures, products)) is not None:
        _table(view.record, table)
    else:
        notes.note("No announced project is recorded for this mineral.")


def _table(record: Record, figure: Figure) -> None:
    """Draw a figure that is a table and nothing else."""
    st.header(notes.plain(figure.finding), anchor=False)
    notes.note(figure.basis)
    st.dataframe(figure.table(record), hide_index=True, width="stretch", key=f"table_{figure.key}")
    cited = source_line(figure, record).replace("see Sources", "see the table")
    notes.note(notes.plain(f"{figure.note} {cited}".strip()))


def _bars(view: View, rows: pd.DataFrame, other: float) -> pd.DataFrame:
    """Rows with iso3, name, share and remark as the ranking of supply.supplier_bars wants them."""
    withholding = restricting(view.record, view.after.scenario)
    known = rows[rows.share.notna()]
    bars: list[tuple[str, float, str, str, str]] = []
    for row in known.head(supply.NAMED).itertuples():
        meaning = "member" if row.iso3 in view.after.members else "outside"
        meaning = "restricting" if row.iso3 in withholding else meaning
        bars.append((row.name, float(row.share), meaning, row.remark or "as printed", words.percent(row.share)))
    rest = known.iloc[supply.NAMED :]
    if len(rest):
        share = float(rest.share.sum())
        label = f"{len(rest)} other {words.plural('country', len(rest))}"
        bars.append((label, share, "outside", "summed", words.percent(share)))
    if other > 0.005:
        bars.append(("Not itemised", other, "unnamed", "world less the countries listed", words.percent(other)))
    for row in rows[rows.share.isna()].itertuples():
        bars.append((row.name, 0.0, "undisclosed", row.remark or "not disclosed", "not disclosed"))
    frame = pd.DataFrame(bars, columns=["label", "share", "meaning", "remark", "text"])
    return frame.assign(order=range(len(frame)))[LIST]


def _prepared(record: Record, rows: pd.DataFrame, tonnes: str, total: float) -> pd.DataFrame:
    rows = rows.assign(
        name=[record.names[iso3] for iso3 in rows.iso3],
        share=rows[tonnes] / total,
        remark=[supply.QUALIFIERS.get(each, "") if isinstance(each, str) else "" for each in rows.qualifier],
        tonnes_words=[words.tonnes(each) if each == each else "not disclosed" for each in rows[tonnes]],
    )
    rows["share_words"] = [words.percent(each) if each == each else "not disclosed" for each in rows.share]
    return rows.sort_values([tonnes, "iso3"], ascending=[False, True], ignore_index=True)


def _ranking(view: View, rows: pd.DataFrame, other: float, **texts: Any) -> Figure:
    return Figure(
        rows=rows,
        columns={
            "iso3": "Country",
            "tonnes_words": "Amount",
            "share_words": "Share of the world",
            "remark": "Remark",
            "year": "Year",
        },
        drawn=_bars(view, rows, other),
        spec=supply.supplier_bars,
        legend=LEGEND,
        **texts,
    )


# Reserves.


def reserves(view: View, products: list[str]) -> list[Figure]:
    """Who holds the reserves of each product that has a list of them."""
    lists = view.record.reserves[view.record.reserves["product"].isin(products)]
    return [reserve(view, rows) for _, rows in lists.groupby("reserve_id", sort=True)]


def reserve(view: View, rows: pd.DataFrame) -> Figure:
    """Ranking of the holders of one list of reserves, its world total said as the bound that it is."""
    record, head = view.record, rows.iloc[0]
    listed = float(rows.reserves_t.sum())
    published = float(head.world_t) if head.world_t == head.world_t else None
    total = max(published or 0.0, listed)
    rows = _prepared(record, rows, "reserves_t", total)
    name = record.product_sentence_names[head["product"]]
    bound = "more than " if head.world_qualifier == "greater_than" else ""
    world = f"the world’s {bound}{words.tonnes(total)}" if published else f"the {words.tonnes(total)} listed"
    bloc = float(rows.share[rows.iso3.isin(view.after.members)].sum())
    first = rows.iloc[0]
    largest = words.capital(record.sentence_names[first.iso3])
    return _ranking(
        view,
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
        drawn=rows,
        spec=lambda dark: {},
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


def capacities(view: View, rows: pd.DataFrame, products: list[str]) -> list[Figure]:
    """Rankings of capacity, for the forms with a world total and several countries."""
    lists = rows[rows["product"].isin(products)].groupby(["product", "form"], sort=True)
    return [figure for _, one in lists if (figure := capacity(view, one)) is not None]


def capacity(view: View, rows: pd.DataFrame) -> Figure | None:
    """Ranking of capacity of one form in its latest year; None without a world total."""
    world = rows.quantity_t[rows.area == "World"]
    countries = rows[rows.iso3.notna()].drop_duplicates("iso3")
    if world.isna().all() or countries.quantity_t.notna().sum() < 2:
        return None
    head, listed = countries.iloc[0], float(countries.quantity_t.sum())
    total = max(float(world.max()), listed)
    shown = _prepared(view.record, countries, "quantity_t", total)
    first, year = shown.iloc[0], int(head.year)
    largest = words.capital(view.record.sentence_names[first.iso3])
    return _ranking(
        view,
        shown,
        1 - listed / total,
        key=f"capacity_{head.capacity_id}",
        finding=f"{largest} has {words.percent(float(first.share))} of the capacity for {head.form}",
        basis=f"Capacity a year, {head.form}, {year}; share of the world’s {words.tonnes(total)}.",
        alt=f"Bars of capacity for {head.form}: "
        + ", ".join(f"{row.name} {row.share_words}" for row in shown.head(3).itertuples()),
        note="Capacity is what plants could make, not what they made.",
    )


def capacity_list(view: View, rows: pd.DataFrame, products: list[str]) -> Figure | None:
    """Capacities of the forms without a ranking, as a table; None without any."""
    lists = rows[rows["product"].isin(products)].groupby(["product", "form"], sort=True)
    left = [one for _, one in lists if capacity(view, one) is None]
    if not left:
        return None
    rows = pd.concat(left, ignore_index=True).assign(
        tonnes_words=lambda each: [words.tonnes(t) if t == t else "not disclosed" for t in each.quantity_t],
        remark=lambda each: [supply.QUALIFIERS.get(q, "") if isinstance(q, str) else "" for q in each.qualifier],
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
        drawn=rows,
        spec=lambda dark: {},
        alt="Table of capacities.",
    )


# Projects.


def projects(view: View, rows: pd.DataFrame, products: list[str]) -> list[Figure]:
    """Announced capacity by project, for each product with several projects that state tonnes."""
    rows = rows[rows["product"].isin(products) & rows.capacity_t_per_year.notna()]
    return [ventures(view, one, str(product)) for product, one in rows.groupby("product", sort=True) if len(one) > 1]


def ventures(view: View, rows: pd.DataFrame, product: str) -> Figure:
    """Announced capacity of each project of a product, by year of start; feed beside product, never added."""
    record, name = view.record, view.record.product_sentence_names[product]
    rows = _said(view, rows).sort_values(["start_year", "name"], na_position="last", ignore_index=True)
    inside = int(rows.iso3.isin(view.after.members).sum())
    drawn = pd.DataFrame(
        {
            "label": rows["name"],
            "tonnes": rows.capacity_t_per_year,
            "meaning": [_venture(view, row) for row in rows.itertuples()],
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
        drawn=drawn,
        spec=venture_chart,
        alt=f"Bars of announced capacity for {name} by project: "
        + "; ".join(f"{row.label} {row.text}" for row in drawn.head(3).itertuples()),
        legend=(*LEGEND[:1], ":violet[■]&nbsp;Outside", ":blue[░]&nbsp;Feed or concentrate"),
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


def _said(view: View, rows: pd.DataFrame) -> pd.DataFrame:
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


def _venture(view: View, row: Any) -> str:
    if not row.counts_as_product:
        return "feed"
    return "member" if row.iso3 in view.after.members else "outside"


def project_list(view: View, rows: pd.DataFrame, products: list[str]) -> Figure | None:
    """Every project of a mineral as a table; None without any."""
    rows = rows[rows["product"].isin(products)]
    if rows.empty:
        return None
    inside, number = int(rows.iso3.isin(view.after.members).sum()), len(rows)
    return Figure(
        key=f"project_list_{products[0]}",
        finding=f"{words.capital(words.count(number))} {words.plural('project', number)} on record, "
        f"{words.count(inside)} in the bloc",
        basis="As announced by the companies or their governments; capacity in tonnes a year on the basis stated.",
        rows=_said(view, rows),
        columns=COLUMNS,
        drawn=rows,
        spec=lambda dark: {},
        alt="Table of projects.",
    )


@cache
def venture_chart(dark: bool) -> dict[str, Any]:
    """Chart of projects: a bar each, its tonnes and start at the end."""
    colours = theme.palette(dark)
    meanings = {"member": colours.member, "outside": colours.outside, "feed": colours.range}
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
