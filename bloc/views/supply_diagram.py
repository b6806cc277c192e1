"""Who sells to whom as a diagram of bands, ore and refined goods: nodes, bands and names on one scale."""

from collections.abc import Collection, Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.data import Record
from bloc.language import per_language, said, say
from bloc.views import charts, supply, theme
from bloc.views.figure import Figure
from bloc.views.supply import Sides
from bloc.views.supply_goods import SIDES, Goods, Scale, first_three, flow_titles, from_to, weight

# Sellers and buyers drawn on their own; the rest are one node without a code.
NAMED, OTHERS = 8, ""
# Value under which the record holds no flow.
LEFT_OUT_USD = 1_000
# Height of the plot and least room of a node, so that names do not touch [px]; width of a node as a part of the
# distance of two columns; points of a band.
HEIGHT, ROOM, NODE, POINTS = 430.0, 19.0, 0.02, 9


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
        columns={**flow_titles(year), "share": say("Share of all trade shown"), "tonnes": say("Weight of goods")},
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
        tonnes=[weight(*row) for row in zip(links.gross_t, links.unweighed, links.value, strict=True)],
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
            "name": from_to(row),
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
    top = first_three(links[(links.exporter != OTHERS) & (links.importer != OTHERS)])
    return say(
        "Flow diagram of trade in {goods}, {year}, sellers to buyers. Largest: {flows}.",
        goods=goods.name,
        year=year,
        flows=top,
    )


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
