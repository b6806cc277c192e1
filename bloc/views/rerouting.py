"""Trade of one market that a scenario moves, as curves: blue where a seller steps in, vermilion where one loses."""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import altair as alt
import pandas as pd
import pydeck as pdk

from bloc import words
from bloc.calibration import OTHER, BaseCase
from bloc.data import Record
from bloc.language import mark, recorded, said, say, say_many
from bloc.market_outcome import MarketOutcome, flows
from bloc.views import flow_map, maps, theme
from bloc.views.figure import Figure
from bloc.views.flow_map import curves, ground, land, on_land, points
from bloc.views.maps import Place
from bloc.views.restrictions_words import place_in_sentence, weight
from bloc.views.theme import rgba

# Routes drawn, each way; a change below this part of world use is no change.
ROUTES, LEAST = 14, 2e-4
# Meaning of a route and its colour in the palette.
GAIN, LOSS = "gains", "loses"
COLOURS = {GAIN: "member", LOSS: "restricting"}
LEGEND = (mark(":blue[■]&nbsp;Sells more than in 2024"), mark(":orange[■]&nbsp;Sells less"))
OF_STAGE = {
    "mine": mark("mined {product}"),
    "smelter": mark("smelted {product}"),
    "refinery": mark("refined {product}"),
}
COLUMNS = {
    "seller_name": mark("Seller"),
    "buyer_name": mark("Buyer"),
    "base_t": mark("Before, t"),
    "flow_t": mark("After, t"),
    "flow_t_low": mark("After, low, t"),
    "flow_t_high": mark("After, high, t"),
    "change_t": mark("Change, t"),
}


def rerouted(outcome: MarketOutcome, chain: str, stage: str = "product") -> pd.DataFrame:
    """Routes between countries whose flow changes, the largest change first.

    Columns of market_outcome.flows, change_t and meaning. What did not converge is left out.
    """
    rows = flows(outcome, chain, stage)
    use_t = float(outcome.cases[outcome.chains.index(chain)].use_t.sum())
    rows = rows.assign(change_t=rows.flow_t - rows.base_t)
    moved = rows[(rows.seller != rows.buyer) & (rows.change_t.abs() >= LEAST * use_t)]
    moved = moved.assign(meaning=[GAIN if each > 0 else LOSS for each in moved.change_t], size=moved.change_t.abs())
    return moved.sort_values(["size", "seller", "buyer"], ascending=[False, True, True], ignore_index=True)


def drawn_routes(rows: pd.DataFrame, where: Mapping[str, Place], largest_t: float) -> pd.DataFrame:
    """The largest routes each way between places of the map, with width [px] and words; others have no place."""
    placed = rows[rows.seller.isin(where) & rows.buyer.isin(where)]
    kept = placed.groupby("meaning", sort=False).head(ROUTES)
    return kept.assign(
        exporter=kept.seller,
        importer=kept.buyer,
        side="refined",
        width=[max(flow_map.THINNEST, flow_map.WIDTH * min(1.0, each / largest_t)) for each in kept["size"]],
        tip=[_change(each) for each in kept.change_t],
        more=[say("Before {amount}", amount=weight(each)) for each in kept.base_t],
        last=[
            say(
                "After {amount}, {low} to {high}",
                amount=weight(row.flow_t),
                low=weight(row.flow_t_low),
                high=weight(row.flow_t_high),
            )
            for row in kept.itertuples()
        ],
    )


def _change(change_t: float) -> str:
    amount = weight(abs(change_t))
    return say("More: {amount}", amount=amount) if change_t > 0 else say("Less: {amount}", amount=amount)


def largest_flow_t(outcome: MarketOutcome, chain: str, stage: str = "product") -> float:
    """Largest flow between two countries in the base: what widths are measured by in every scenario. [t]."""
    rows = flows(outcome, chain, stage)
    return max(float(rows.base_t[rows.seller != rows.buyer].max()), 1e-9)


def rerouting_figure(record: Record, outcome: MarketOutcome, chain: str, stage: str = "product") -> Figure:
    """Who steps in and who loses, with the routes that move as rows."""
    case = outcome.cases[outcome.chains.index(chain)]
    rows = rerouted(outcome, chain, stage)
    goods = _goods(record, case, stage)
    named = rows.assign(seller_name=_names(record, rows.seller), buyer_name=_names(record, rows.buyer))
    where = maps.places(record.countries)
    finding = _finding(record, export_changes(outcome, chain, stage), rows, goods)
    drawn = drawn_routes(rows, where, largest_flow_t(outcome, chain, stage))
    unplaced = rows[~rows.seller.isin(where) | ~rows.buyer.isin(where)]
    return Figure(
        key="rerouting",
        finding=finding,
        basis=_basis(case, stage, goods),
        rows=named[[*COLUMNS, "meaning"]],
        columns=said(COLUMNS),
        drawn=route_rows(drawn, where),
        spec=route_spec,
        alt=say("World map of trade in {goods} that moves. {finding}.", goods=goods, finding=finding),
        legend=tuple(say(each) for each in LEGEND),
        note=_note(rows, drawn, unplaced),
        sources=case.source_ids,
    )


def _goods(record: Record, case: BaseCase, stage: str) -> str:
    """What is traded at a stage of a market, in a sentence."""
    if stage == "ore":
        return say(OF_STAGE[case.ore_stage], product=record.product_sentence_names[case.ore_product])
    return record.product_sentence_names[case.product]


def _basis(case: BaseCase, stage: str, goods: str) -> str:
    if stage == "ore":
        return say(
            "Change of trade in {goods} between countries against 2024, tonnes of {basis} a year, as they become in "
            "the product. Width by change on one scale for this market, disc at the buyer.",
            goods=goods,
            basis=recorded(case.basis),
        )
    return say(
        "Change of trade in {goods} between countries against 2024, tonnes of {basis} a year. Width by change on one "
        "scale for this market, disc at the buyer.",
        goods=goods,
        basis=recorded(case.basis),
    )


def _names(record: Record, codes: pd.Series) -> list[str]:
    return [say("Other countries") if code == OTHER else record.names[code] for code in codes]


def export_changes(outcome: MarketOutcome, chain: str, stage: str = "product") -> pd.Series:
    """Change of what each country sells abroad, the largest loss first. [t]."""
    rows = flows(outcome, chain, stage)
    abroad = rows[rows.seller != rows.buyer]
    return (abroad.flow_t - abroad.base_t).groupby(abroad.seller).sum().sort_values(kind="stable")


def _finding(record: Record, change: pd.Series, rows: pd.DataFrame, goods: str) -> str:
    if rows.empty:
        return say("No trade in {goods} between countries would move", goods=goods)
    return words.capital(_who_moves(record, change))


def _who_moves(record: Record, change: pd.Series) -> str:
    """Who would lose most and who would gain most of the exports."""
    loser, loss = place_in_sentence(record, str(change.index[0])), weight(-change.iloc[0])
    gainer, gain = place_in_sentence(record, str(change.index[-1])), weight(change.iloc[-1])
    if change.iloc[-1] <= 0:
        return say("{country} would export {amount} less, nobody steps in", country=loser, amount=loss)
    if change.iloc[0] >= 0:
        return say("{country} would export {amount} more", country=gainer, amount=gain)
    return say(
        "{loser} would export {loss} less, {gainer} {gain} more", loser=loser, loss=loss, gainer=gainer, gain=gain
    )


def _note(rows: pd.DataFrame, drawn: pd.DataFrame, unplaced: pd.DataFrame) -> str:
    parts = []
    if len(rows):
        parts.append(
            say_many(
                len(drawn),
                "{number} of {all} routes that move are drawn; all are in the file.",
                "{number} of {all} routes that move are drawn; all are in the file.",
                all=len(rows),
            )
        )
    if len(unplaced):
        parts.append(say("Other countries, which publishers do not itemise, have no place on the map."))
    return " ".join([*parts, say("Who sells to whom is estimated from trade, output and use.")])


def route_deck(drawn: pd.DataFrame, where: Mapping[str, Place], dark: bool, view: maps.View) -> maps.CompactDeck:
    """Map of the routes on the screen."""
    colours = theme.palette(dark)
    part = view.radius / maps.WIDE.radius
    paths = [
        {
            "path": _route(row, where),
            "c": rgba(getattr(colours, COLOURS[str(row.meaning)]), 215),
            "w": round(max(flow_map.THINNEST, float(row.width) * part), 1),
            "r": _radius(float(row.width) * part),
            "name": say("{seller} to {buyer}", seller=where[row.exporter].name, buyer=where[row.importer].name),
            "tip": row.tip,
            "more": row.more,
            "last": row.last,
        }
        for row in drawn.itertuples()
    ]
    discs = [{**each, "x": each["path"][-1][0], "y": each["path"][-1][1]} for each in paths]
    layers = [
        land(colours),
        curves("routes", paths),
        pdk.Layer(
            "ScatterplotLayer",
            data=[{name: value for name, value in each.items() if name != "path"} for each in discs],
            id="ends",
            get_position="[x,y]",
            get_fill_color="c",
            radius_units='"pixels"',
            get_radius="r",
            pickable=True,
        ),
    ]
    return maps.deck(layers, view, colours, flow_map.HOVER)


def _radius(width: float) -> float:
    return round(3 + 0.35 * width, 1)


def _route(row: Any, where: Mapping[str, Place]) -> list[list[float]]:
    seller, buyer = where[row.exporter], where[row.importer]
    # What is lost and what is gained on routes between the same regions would lie on each other with one bend.
    bend = 0.16 if row.meaning == LOSS else 0.3
    return flow_map.curve((seller.x, seller.y), (buyer.x, buyer.y), bend)


def route_rows(drawn: pd.DataFrame, where: Mapping[str, Place]) -> pd.DataFrame:
    """Rows of route_spec: the points of each curve in their order and its disc."""
    rows: list[dict[str, Any]] = []
    for at, row in enumerate(drawn.itertuples()):
        common = {"meaning": row.meaning, "flow": at, "width": float(row.width)}
        points = [(x, flow_map.mercator(y)) for x, y in _route(row, where)]
        rows += [{**common, "kind": "curve", "step": step, "x": x, "y": y} for step, (x, y) in enumerate(points)]
        (x, y), area = points[-1], math.pi * _radius(float(row.width)) ** 2
        rows.append({**common, "kind": "disc", "x": x, "y": y, "area": area})
    return pd.DataFrame(rows, columns=["kind", "x", "y", "meaning", "flow", "step", "width", "area"])


@cache
def route_spec(dark: bool) -> dict[str, Any]:
    """The same map for files: chart of route_rows on the land."""
    colours = theme.palette(dark)
    fills = {meaning: getattr(colours, name) for meaning, name in COLOURS.items()}
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(fills), range=list(fills.values())), legend=None)
    curves = (
        points()
        .transform_filter("datum.kind === 'curve'")
        .mark_line(opacity=0.85, strokeCap="round")
        .encode(color=fill, detail="flow:N", order="step:Q", strokeWidth=alt.StrokeWidth("width:Q", scale=None))
    )
    discs = (
        points()
        .transform_filter("datum.kind === 'disc'")
        .mark_circle(opacity=1)
        .encode(color=fill, size=alt.Size("area:Q", scale=None))
    )
    return on_land(alt.layer(ground(colours), curves, discs), colours)
