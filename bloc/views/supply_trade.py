"""Trade of a mineral in one year: its largest flows on a map, and who sells and buys as a flow diagram."""

from functools import lru_cache

import pandas as pd
import streamlit as st

from bloc import words
from bloc.data import Record
from bloc.language import mark, said, say, say_many
from bloc.views import flow_map, maps, notes, overview, session, supply
from bloc.views.figure import Figure, show
from bloc.views.supply import Sides
from bloc.views.supply_diagram import diagram
from bloc.views.supply_goods import (
    FIRST_YEAR,
    HUB,
    SIDES,
    Goods,
    Scale,
    about_headings,
    first_three,
    flow_titles,
    flows_of,
    goods_of,
    hubs,
    missing,
    scale_of,
)

LARGEST = {
    "ore": mark("Largest flow of {goods}, {year}: {seller} to {buyer}, ore"),
    "refined": mark("Largest flow of {goods}, {year}: {seller} to {buyer}, refined goods"),
}


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
        columns={**flow_titles(year), "share": say("Share of all trade"), "tonnes": say("Weight of goods")},
        drawn=flow_map.flow_rows(drawn, maps.places(sides.record.countries), sides.members, ringed),
        spec=flow_map.flow_spec,
        alt=say_many(
            len(drawn),
            "World map of the {number} largest flow of {goods} in {year}. Largest: {flows}.",
            "World map of the {number} largest flows of {goods} in {year}. Largest: {flows}.",
            goods=goods.name,
            year=year,
            flows=first_three(drawn),
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
