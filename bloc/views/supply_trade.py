"""Trade of a mineral in one year: its largest flows on a map, and who sells and buys as a flow diagram."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from bloc import words
from bloc.data import Record
from bloc.language import mark, per_language, recorded, said, say, say_many
from bloc.views import charts, flow_map, maps, notes, overview, session, supply, theme
from bloc.views.figure import Figure, show
from bloc.views.supply import Sides

FIRST_YEAR, NEW_NOMENCLATURE = 2002, 2007
# Sellers and buyers drawn on their own; the rest are one node without a code.
NAMED, OTHERS = 8, ""
HUB = 0.10
# Value under which the record holds no flow.
LEFT_OUT_USD = 1_000
SIDES = {"ore": mark("Ore"), "refined": mark("Refined goods")}
LARGEST = {
    "ore": mark("Largest flow of {goods}, {year}: {seller} to {buyer}, ore"),
    "refined": mark("Largest flow of {goods}, {year}: {seller} to {buyer}, refined goods"),
}
# Height of the plot and least room of a node, so that names do not touch [px]; width of a node as a part of the
# distance of two columns; points of a band.
HEIGHT, ROOM, NODE, POINTS = 430.0, 19.0, 0.02, 9


@dataclass(frozen=True, eq=False)
class Goods:
    """Customs headings drawn together: those of a mineral, or one bundle under its own name."""

    key: str
    name: str
    headings: pd.DataFrame
    bundle: bool


def goods_of(record: Record, headings: pd.DataFrame, mineral: str) -> list[Goods]:
    """What is traded of a mineral, then each bundle that holds it."""
    known = record.products[record.products.mineral == mineral].mineral_in_sentence
    if known.empty:
        return []
    own = headings[(headings.mineral == mineral) & ~headings.bundle]
    found = [Goods(mineral, str(known.iloc[0]), own, False)] if len(own) else []
    # Descriptions are English in every language; a mineral is called there as its key says.
    named = headings.description.str.lower().str.contains(mineral.replace("_", " "), regex=False)
    mixed = headings.bundle & ((headings.mineral == mineral) | named)
    for product, rows in headings[mixed].groupby("product"):
        found.append(Goods(str(product), record.product_sentence_names[str(product)], rows, True))
    return found


def missing(record: Record, headings: pd.DataFrame, mineral: str) -> str:
    """Sentence on the goods of a mineral that no heading on record isolates, empty when there are none."""
    alone = headings["product"][~headings.bundle]
    series = record.series[(record.series.mineral == mineral) & ~record.series["product"].isin(alone)]
    unseen = [record.product_sentence_names[each] for each in dict.fromkeys(series["product"])]
    return say("No customs heading on record isolates {goods}.", goods=words.listing(unseen)) if unseen else ""


def flows_of(record: Record, goods: Goods, traded: pd.DataFrame) -> pd.DataFrame:
    """Flows by side, exporter and importer from flows by heading: value, weights given, value without a weight."""
    side = dict(zip(goods.headings.hs6, np.where(goods.headings.trade_stage == "ore", "ore", "refined"), strict=True))
    rows = traded[traded.hs6.isin(side)]
    rows = rows.assign(
        side=rows.hs6.map(side), value=rows.value_usd.astype(float), unweighed=rows.gross_t.isna() * rows.value_usd
    )
    flows = rows.groupby(["side", "exporter", "importer"], as_index=False).agg(
        value=("value", "sum"),
        gross_t=("gross_t", "sum"),
        unweighed=("unweighed", "sum"),
        source_id=("source_id", "min"),
    )
    flows = flows.assign(
        share=flows.value / max(float(flows.value.sum()), 1.0),
        tonnes=[_weight(*row) for row in zip(flows.gross_t, flows.unweighed, flows.value, strict=True)],
        seller=[record.names[code] for code in flows.exporter],
        buyer=[record.names[code] for code in flows.importer],
    )
    return flows.sort_values(["value", "exporter", "importer", "side"], ascending=[False, True, True, True])


def _weight(gross_t: float, unweighed: float, value: float) -> str:
    """Weight of goods in words: a sum over flows of which some are not weighed is a lower bound."""
    if unweighed >= value:
        return say("weight not given")
    amount = words.tonnes(float(gross_t))
    return say("at least {amount} gross", amount=amount) if unweighed > 0 else say("{amount} gross", amount=amount)


def hubs(flows: pd.DataFrame) -> list[str]:
    """Countries that both buy and sell more than a tenth of world trade on one side, ore or refined."""
    found: dict[str, None] = {}
    for _, rows in flows.groupby("side"):
        total = float(rows.value.sum())
        sold, bought = rows.groupby("exporter").value.sum() / total, rows.groupby("importer").value.sum() / total
        found.update(dict.fromkeys(sorted(set(sold.index[sold > HUB]) & set(bought.index[bought > HUB]))))
    return list(found)


@dataclass(frozen=True)
class Scale:
    """What widths are measured by, the same in every year: the largest flow and the fullest column, in US dollars."""

    largest_usd: float
    fullest_usd: float


def scale_of(rows: list[pd.DataFrame]) -> Scale:
    """Scale of goods from the rows of trade_scale of each of their products: no year's flows exceed it."""
    by_year = pd.concat(rows).query(f"year >= {FIRST_YEAR}").groupby("year")[["largest_usd", "fullest_usd"]].sum()
    return Scale(**by_year.max())


def diagram(sides: Sides, goods: Goods, flows: pd.DataFrame, year: int, scale: Scale) -> Figure:
    """Sellers left, buyers right; where ore and refined goods are both traded, refiners between them."""
    members = sides.members
    columns, links = _links(sides.record, flows)
    shares = links.value / float(flows.value.sum())
    links = links.assign(share=shares, year=year)
    sold = float(flows.share[flows.exporter.isin(members)].sum())
    bought = float(flows.share[flows.importer.isin(members)].sum())
    both = len(columns) == 3
    return Figure(
        key=f"trade_{goods.key}",
        finding=say(
            "The bloc buys {bought} of traded {goods}, sells {sold}",
            bought=words.percent(bought),
            goods=goods.name,
            sold=words.percent(sold),
        ),
        basis=_basis(float(flows.value.sum()), year, both),
        rows=links,
        columns={**_flow_titles(year), "share": say("Share of all trade shown"), "tonnes": say("Weight of goods")},
        drawn=_drawn(columns, links, sides, scale),
        spec=lambda dark: flow_diagram(dark, len(columns)),
        alt=_alt(goods, links, year),
        legend=(*supply.legend(), f":gray[░]&nbsp;{say('Others, mixed')}"),
        note=say(
            "Weights are of goods, not of content. Flows under {amount} dollars are left out.",
            amount=words.number(LEFT_OUT_USD, ","),
        ),
        leads={"seller": ("country", "exporter"), "buyer": ("country", "importer")},
    )


def _flow_titles(year: int) -> dict[str, str]:
    return {
        "kind": say("Goods"),
        "seller": say("Seller"),
        "buyer": say("Buyer"),
        "value": say("Value in {year}, USD", year=year),
    }


def _basis(value: float, year: int, both: bool) -> str:
    traded = say("Value of trade in {year}: {value}.", year=year, value=words.dollars(value))
    reading = say("Blue: a member buys. Heights compare across years.")
    return f"{traded} {_columns_in_words(both)} {reading}"


def _columns_in_words(both: bool) -> str:
    if both:
        return say("Left: sellers of ore; middle: buyers of ore, sellers of refined goods; right: their buyers.")
    return say("Left: sellers; right: buyers.")


def _links(record: Record, flows: pd.DataFrame) -> tuple[list[pd.Series], pd.DataFrame]:
    """Nodes of each column with their values, largest first and the others last, and the links between them."""
    ore, refined = flows[flows.side == "ore"], flows[flows.side == "refined"]
    if len(ore) and len(refined):
        middle = pd.concat([ore.groupby("importer").value.sum(), refined.groupby("exporter").value.sum()], axis=1)
        sizes = [ore.groupby("exporter").value.sum(), middle.max(axis=1), refined.groupby("importer").value.sum()]
        stages = [ore, refined]
    else:
        sizes = [flows.groupby("exporter").value.sum(), flows.groupby("importer").value.sum()]
        stages = [flows]
    kept = [_largest(each) for each in sizes]
    links = pd.concat(
        [_between(record, rows, kept[at], kept[at + 1], at, len(sizes)) for at, rows in enumerate(stages)],
        ignore_index=True,
    )
    return [_column(links, names, at) for at, names in enumerate(kept)], links


def _largest(sizes: pd.Series) -> list[str]:
    ordered = (
        sizes.rename_axis("code").reset_index(name="value").sort_values(["value", "code"], ascending=[False, True])
    )
    return [str(code) for code in ordered.code[:NAMED]]


def _between(
    record: Record, rows: pd.DataFrame, sellers: list[str], buyers: list[str], at: int, columns: int
) -> pd.DataFrame:
    """Flows of one side with all but the largest sellers and buyers put together."""
    rows = rows.assign(
        exporter=rows.exporter.where(rows.exporter.isin(sellers), OTHERS),
        importer=rows.importer.where(rows.importer.isin(buyers), OTHERS),
    )
    links = rows.groupby(["exporter", "importer"], as_index=False).agg(
        value=("value", "sum"),
        gross_t=("gross_t", "sum"),
        unweighed=("unweighed", "sum"),
        side=("side", "first"),
        source_id=("source_id", "min"),
    )
    left, right = (
        (say("Other sellers") if at == 0 else say("Other refiners")),
        (say("Other buyers") if at == columns - 2 else say("Other refiners")),
    )
    return links.assign(
        column=at,
        kind=links.side.map(said(SIDES)),
        seller=[record.names.get(code, left) for code in links.exporter],
        buyer=[record.names.get(code, right) for code in links.importer],
        tonnes=[_weight(*row) for row in zip(links.gross_t, links.unweighed, links.value, strict=True)],
    ).sort_values(["value", "seller", "buyer"], ascending=[False, True, True], ignore_index=True)


def _column(links: pd.DataFrame, names: list[str], at: int) -> pd.Series:
    """Value of each node of a column: what leaves it or what reaches it, whichever is more."""
    leaving = links[links.column == at].groupby("exporter").value.sum()
    reaching = links[links.column == at - 1].groupby("importer").value.sum()
    sizes = pd.concat([leaving, reaching], axis=1).max(axis=1)
    return sizes.reindex([*names, OTHERS]).dropna()


def _drawn(columns: list[pd.Series], links: pd.DataFrame, sides: Sides, measure: Scale) -> pd.DataFrame:
    """Marks of the diagram: a rectangle and a name per node, the points of a band per link."""
    # A node is given its height and at most its least room: the fullest column of any year just fits.
    scale = (HEIGHT - (NAMED + 1) * ROOM) / measure.fullest_usd
    tops = [_tops(column, scale) for column in columns]
    names = _node_names(links)
    rows: list[dict[str, Any]] = []
    for at, column in enumerate(columns):
        for code, value in column.items():
            top = tops[at][str(code)]
            meaning = _meaning(str(code), sides)
            name = names[(at, str(code))]
            rows.append(_node(at, len(columns), top, float(value) * scale, meaning, name, float(value)))
    return pd.DataFrame(rows + _bands(columns, links, tops, scale, sides.members))


def _tops(column: pd.Series, scale: float) -> dict[str, float]:
    """Upper edge of each node, in the middle of its room."""
    room = np.maximum(column.to_numpy() * scale + 5, ROOM)
    spare = (HEIGHT - room.sum()) / max(1, len(column))
    starts = np.concatenate([[0.0], np.cumsum(room + spare)[:-1]])
    edges = starts + (room + spare - column.to_numpy() * scale) / 2
    return dict(zip(column.index, edges, strict=True))


def _node_names(links: pd.DataFrame) -> dict[tuple[int, str], str]:
    names: dict[tuple[int, str], str] = {}
    for row in links.itertuples():
        names[(row.column, row.exporter)] = row.seller
        names[(row.column + 1, row.importer)] = row.buyer
    return names


def _meaning(code: str, sides: Sides) -> str:
    return "mixed" if code == OTHERS else sides.meaning(code)


def _bought(importer: str, members: Collection[str]) -> str:
    """Meaning of a flow: that of its buyer, whether it withholds or not."""
    if importer == OTHERS:
        return "mixed"
    return "member" if importer in members else "outside"


def _node(at: int, columns: int, top: float, height: float, meaning: str, name: str, value: float) -> dict[str, Any]:
    left = _edge(at, columns)
    return {
        "mark": "node",
        "x": left,
        "x2": left + NODE,
        "y": top,
        "y2": top + max(height, 1.0),
        "middle": top + height / 2,
        "meaning": meaning,
        "name": name,
        "side": "last" if at == columns - 1 else "first",
        "text": words.short_dollars(value),
        "link": "",
    }


def _edge(at: int, columns: int) -> float:
    """Left side of the nodes of a column: the first and the last stand at the rims, the others are centred."""
    return at - NODE * at / (columns - 1)


def _bands(
    columns: list[pd.Series],
    links: pd.DataFrame,
    tops: list[dict[str, float]],
    scale: float,
    members: frozenset[str],
) -> list[dict[str, Any]]:
    """Points of each link as a band, stacked at both ends in the order of the nodes it leads to."""
    order = [{code: rank for rank, code in enumerate(column.index)} for column in columns]
    upper = dict.fromkeys(links.index, 0.0)
    lower = dict.fromkeys(links.index, 0.0)
    for at in range(len(columns) - 1):
        here = links[links.column == at]
        ranks = here.assign(a=here.exporter.map(order[at]), b=here.importer.map(order[at + 1]))
        for side, by, place, into in (
            ("exporter", ["a", "b"], tops[at], upper),
            ("importer", ["b", "a"], tops[at + 1], lower),
        ):
            reached = dict(place)
            for row in ranks.sort_values(by).itertuples():
                code = getattr(row, side)
                into[row.Index] = reached[code]
                reached[code] += row.value * scale
    at_points = np.linspace(0, 1, POINTS)
    smooth = at_points**2 * (3 - 2 * at_points)
    rows = []
    for row in links.itertuples():
        start, end = _edge(row.column, len(columns)) + NODE, _edge(row.column + 1, len(columns))
        common = {
            "mark": "band",
            "meaning": _bought(row.importer, members),
            "name": _from_to(row),
            "text": words.short_dollars(row.value),
            "kind": row.kind,
            "tonnes": row.tonnes,
            "link": f"{row.column} {row.exporter} {row.importer}",
        }
        for along, across in zip(at_points, smooth, strict=True):
            y = upper[row.Index] + across * (lower[row.Index] - upper[row.Index])
            rows.append({**common, "x": start + along * (end - start), "y": y, "y2": y + row.value * scale})
    return rows


def _alt(goods: Goods, links: pd.DataFrame, year: int) -> str:
    top = _first_three(links[(links.exporter != OTHERS) & (links.importer != OTHERS)])
    return say(
        "Flow diagram of trade in {goods}, {year}, sellers to buyers. Largest: {flows}.",
        goods=goods.name,
        year=year,
        flows=top,
    )


def _first_three(flows: pd.DataFrame) -> str:
    return ", ".join(f"{_from_to(row)} {words.dollars(row.value)}" for row in flows.head(3).itertuples())


def _from_to(flow: Any) -> str:
    return say("{seller} to {buyer}", seller=flow.seller, buyer=flow.buyer)


def about_headings(goods: Goods) -> str:
    """Headings with their years, what they mix, and where their runs break."""
    headings = "; ".join(_heading(row) for row in goods.headings.itertuples())
    parts = [
        say_many(
            len(goods.headings), "Customs heading: {headings}.", "Customs headings: {headings}.", headings=headings
        )
    ]
    noted = goods.headings.dropna(subset="note").groupby("note", sort=False).hs6.agg(", ".join)
    parts += [f"{codes}: {_inside(recorded(note))}." for note, codes in noted.items()]
    if goods.bundle:
        parts.append(say("Shown under the heading’s own name: no part of it can be told apart."))
    if (goods.headings.first_year < NEW_NOMENCLATURE).any():
        parts.append(say("The edition of the nomenclature changes between 2006 and 2007: no trend across it."))
    return " ".join(parts)


def _heading(row: Any) -> str:
    described = {"goods": recorded(row.description), "code": row.hs6, "year": row.first_year}
    if row.tonnes_from == row.tonnes_from:
        return say(
            "{goods} ({code}), values from {year}, weights from {weights_year}",
            weights_year=int(row.tonnes_from),
            **described,
        )
    return say("{goods} ({code}), values from {year}, no weights", **described)


def _inside(note: str) -> str:
    """Note as it reads inside a sentence."""
    return f"{note[:1].lower()}{note[1:]}"


@per_language()
def flow_diagram(dark: bool, columns: int) -> dict[str, Any]:
    """Chart of a diagram of two or three columns: bands, nodes and their names."""
    colours = theme.palette(dark)
    meanings = theme.meanings(colours, mixed=colours.hair)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, columns - 1], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, HEIGHT], reverse=True, nice=False), axis=None)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    tooltip = [
        alt.Tooltip("name:N", title=say("Flow")),
        alt.Tooltip("kind:N", title=say("Goods")),
        alt.Tooltip("text:N", title=say("Value")),
        alt.Tooltip("tonnes:N", title=say("Weight")),
    ]
    base = alt.Chart()
    bands = (
        base.transform_filter("datum.mark == 'band'")
        .mark_area(opacity=0.42)
        .encode(x=x, y=y, y2="y2:Q", detail="link:N", color=fill, tooltip=tooltip)
    )
    nodes = (
        base.transform_filter("datum.mark == 'node'")
        .mark_rect()
        .encode(
            x=x,
            x2="x2:Q",
            y=y,
            y2="y2:Q",
            color=fill,
            tooltip=[alt.Tooltip("name:N", title=say("Country")), alt.Tooltip("text:N", title=say("Value"))],
        )
    )
    return charts.finished(alt.layer(bands, nodes, *_names(base, x, colours)).properties(height=HEIGHT), dark)


def _names(base: Any, x: Any, colours: theme.Palette) -> list[Any]:
    """Name of each node inside the plot, on a rim of the ground so that it reads over the bands."""
    y = alt.Y("middle:Q", scale=alt.Scale(domain=[0, HEIGHT], reverse=True, nice=False), axis=None)
    found = []
    for side, align, shift in (("first", "left", 14), ("last", "right", -8)):
        rows = base.transform_filter(f"datum.mark == 'node' && datum.side == '{side}'")
        for rim in (True, False):
            style: Mapping[str, Any] = {"stroke": colours.ground, "strokeWidth": 3.5} if rim else {}
            found.append(
                rows.mark_text(align=align, baseline="middle", dx=shift, fontSize=13, **style).encode(
                    x=x, y=y, text="name:N"
                )
            )
    return found


def draw(view: overview.View, mineral: str) -> None:
    """Maps and diagrams of a mineral's trade with the slider of years, or a sentence where there is no trade."""
    found, lacking = _goods(view.record, mineral)
    if not found or view.record.trade_year is None:
        st.header(say("No trade on record"), anchor=False)
        notes.note(notes.plain(lacking or say("No customs heading on record isolates this mineral.")))
        return
    years = [str(year) for year in range(FIRST_YEAR, view.record.trade_year + 1)]
    year = session.choice("trade_year", years, years[-1])
    st.select_slider(say("Year of trade"), years, key=session.choice_key("trade_year"))
    if lacking:
        notes.note(notes.plain(lacking))
    for goods in found:
        _draw(view, goods, int(year))


@lru_cache(maxsize=supply.KEPT)
def _goods(record: Record, mineral: str) -> tuple[list[Goods], str]:
    headings = session.query("trade_headings")
    return goods_of(record, headings, mineral), missing(record, headings, mineral)


@lru_cache(maxsize=supply.KEPT)
def _flows(record: Record, goods: Goods, year: int) -> pd.DataFrame:
    """Flows of goods in a year: no scenario changes them."""
    products = dict.fromkeys(goods.headings["product"])
    traded = [session.query("trade_flows", product=each, year=year) for each in products]
    return flows_of(record, goods, pd.concat(traded, ignore_index=True))


@lru_cache(maxsize=supply.KEPT)
def _scale(goods: Goods) -> Scale:
    return scale_of([session.query("trade_scale", product=each) for each in dict.fromkeys(goods.headings["product"])])


@lru_cache(maxsize=supply.KEPT)
def _figures(sides: Sides, goods: Goods, year: int) -> tuple[Figure, Figure]:
    """The map and the diagram of goods in a year."""
    flows, scale = _flows(sides.record, goods, year), _scale(goods)
    return flow_figure(sides, goods, flows, year, scale), diagram(sides, goods, flows, year, scale)


@lru_cache(maxsize=supply.KEPT)
def _deck(sides: Sides, goods: Goods, year: int, dark: bool, size: maps.View) -> maps.CompactDeck:
    flows = _flows(sides.record, goods, year)
    drawn = largest(flows, _scale(goods))
    return flow_map.flow_deck(drawn, session.places(), sides.members, hubs(flows), dark, size)


def _draw(view: overview.View, goods: Goods, year: int) -> None:
    if _flows(view.record, goods, year).empty:
        st.header(say("No trade in {goods} on record for {year}", goods=goods.name, year=year), anchor=False)
        notes.note(say("Values start in {year}.", year=goods.headings.first_year.min()))
        return
    sides = supply.sides(view)
    flow_picture, flow_chart = _figures(sides, goods, year)
    size = maps.PHONE if view.phone else flow_map.WIDE
    left, right = st.columns([1.35, 1], gap="large")
    with left:
        supply.show_map(flow_picture, _deck(sides, goods, year, view.dark, size), size.height)
    with right:
        show(flow_chart)


def largest(flows: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """The flows that are drawn on the map, with their width and what is said of each on hover."""
    drawn = flows.head(flow_map.FLOWS)
    return drawn.assign(
        width=flow_map.WIDTH * drawn.value / scale.largest_usd,
        tip=drawn.side.map(said(SIDES)),
        more=drawn.value.map(words.short_dollars),
        last=drawn.tonnes,
    )


def flow_figure(sides: Sides, goods: Goods, flows: pd.DataFrame, year: int, scale: Scale) -> Figure:
    """Map of the largest flows as curves in the buyer's colour, hubs ringed and named."""
    drawn, ringed = largest(flows, scale), hubs(flows)
    headings = about_headings(goods)
    counted = say("Goods are counted where they cross a border, whoever owns them.")
    return Figure(
        key=f"flows_{goods.key}",
        finding=_largest_flow(goods, flows, year),
        basis=_map_basis(flows, drawn, year),
        rows=drawn.assign(year=year, kind=drawn.tip, importer_is_member=drawn.importer.isin(sides.members))[
            ["year", "kind", "seller", "buyer", "value", "share", "tonnes", "importer_is_member", "source_id"]
        ],
        columns={**_flow_titles(year), "share": say("Share of all trade"), "tonnes": say("Weight of goods")},
        drawn=flow_map.flow_rows(drawn, maps.places(sides.record.countries), sides.members, ringed),
        spec=flow_map.flow_spec,
        alt=say_many(
            len(drawn),
            "World map of the {number} largest flow of {goods} in {year}. Largest: {flows}.",
            "World map of the {number} largest flows of {goods} in {year}. Largest: {flows}.",
            goods=goods.name,
            year=year,
            flows=_first_three(drawn),
        ),
        legend=(
            f":blue[■]&nbsp;{say('Bought by a member')}",
            f":violet[■]&nbsp;{say('Bought outside')}",
            f"◯&nbsp;{say('Hub: over {share} both ways', share=words.percent(HUB))}",
        ),
        note=f"{_hubs_in_words(sides.record, ringed)} {counted} {headings}",
    )


def _largest_flow(goods: Goods, flows: pd.DataFrame, year: int) -> str:
    first = flows.iloc[0]
    values = {"goods": goods.name, "year": year, "seller": first.seller, "buyer": first.buyer}
    if flows.side.nunique() == 1:
        return say("Largest flow of {goods}, {year}: {seller} to {buyer}", **values)
    return say(LARGEST[first.side], **values)


def _map_basis(flows: pd.DataFrame, drawn: pd.DataFrame, year: int) -> str:
    return say_many(
        len(drawn),
        "The {number} largest of {total} flows by value, {share} of {value} traded in {year}. Width by value on one "
        "scale for all years, disc at the buyer. Blue: a member buys.",
        "The {number} largest of {total} flows by value, {share} of {value} traded in {year}. Width by value on one "
        "scale for all years, disc at the buyer. Blue: a member buys.",
        total=words.number(len(flows), ","),
        share=words.percent(float(drawn.share.sum())),
        value=words.dollars(float(flows.value.sum())),
        year=year,
    )


def _hubs_in_words(record: Record, ringed: list[str]) -> str:
    if not ringed:
        return say("No country is a hub of it.")
    named = words.listing([record.sentence_names[code] for code in ringed])
    return say(
        "Hubs, which both buy and sell more than {share} of it: {countries}.",
        share=words.percent(HUB),
        countries=named,
    )
