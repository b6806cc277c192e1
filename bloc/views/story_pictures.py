"""The pictures a storyline names: figures of the pages, cut to what is read from the back of a room."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from bloc import words
from bloc.briefing import name_of
from bloc.data import Record
from bloc.language import said, say
from bloc.outcome import bloc_members, evaluate
from bloc.scenario import Scenario
from bloc.story import MEMBERS, Reference
from bloc.views import (
    charts,
    concentration_pairs,
    market_session,
    notes,
    overview,
    prices,
    prices_compared,
    prices_figures,
    prices_levels,
    rerouting,
    restrictions_minerals,
    restrictions_sellers,
    session,
    supply,
    supply_goods,
    supply_history,
    supply_prices,
    supply_trade,
)
from bloc.views.figure import Figure
from bloc.views.overview import View

# Markets drawn; the others stay on their page. Height of a row of the ranking. [px]
MARKETS, RANKING_ROW = 10, 21


def draw(view: View, named: Reference) -> Figure | str:
    """A picture of a step, or a sentence where there is none under its scenario."""
    return PICTURES[named.name](view, *named.arguments)


def page(named: Reference) -> tuple[str, dict[str, str]]:
    """Page that shows a picture among others, and what its own controls are set to."""
    arguments = named.arguments
    match named.name:
        case "map" | "ranking":
            return "pages/overview.py", {}
        case "pairs":
            return "pages/concentration.py", {}
        case "markets":
            country = {} if arguments[0] == MEMBERS else {"country": arguments[0]}
            return "pages/restrictions.py", country
        case "sellers":
            return "pages/restrictions.py", {"chain": arguments[0], "country": arguments[1]}
        case "rerouting":
            return "pages/restrictions.py", {"chain": arguments[0]}
        case "floor_levels" | "payers" | "floor_and_contract":
            return "pages/prices.py", {"priced": arguments[0]}
        case "trade" | "gap":
            return "pages/supply.py", {"mineral": arguments[0], "part": {"trade": "trade", "gap": "market"}[named.name]}
    mineral = session.record().products.set_index("product").mineral[arguments[0]]
    return "pages/supply.py", {"mineral": str(mineral)} | ({"part": "history"} if named.name == "history" else {})


def _map(view: View) -> Figure:
    return replace(overview.map_figure(view), legend=(*said(notes.LEGEND).values(), say("◯&nbsp;Share of refining")))


def _first(figure: Figure, number: int) -> pd.DataFrame:
    """Marks of the first so many names of a chart."""
    kept = figure.drawn.sort_values("order", kind="stable").label.drop_duplicates().head(number)
    return figure.drawn[figure.drawn.label.isin(kept)]


def _ranking(view: View, number: str) -> Figure:
    ranked = overview.ranking_figure(view)
    drawn = _first(ranked, int(number))
    return replace(
        ranked,
        finding=say(
            "The {number} of {total} materials the bloc is shortest of",
            number=drawn.label.nunique(),
            total=ranked.drawn.label.nunique(),
        ),
        drawn=drawn,
        spec=partial(charts.coverage_spec, row_px=RANKING_ROW),
        legend=_coverage_legend(),
    )


def _coverage_legend() -> tuple[str, ...]:
    return (
        say(":blue[■]&nbsp;Scenario"),
        say("**┃**&nbsp;Baseline"),
        f"{notes.plain(charts.YARDSTICK)}&nbsp;{say('Need by yardstick')}",
    )


def _series(record: Record, product: str, side: str) -> int:
    series = record.series
    return int(series.index[(series["product"] == product) & ((series.stage == "mine") == (side == "mined"))][0])


def _supply(view: View, product: str, side: str) -> Figure:
    outcome = evaluate(view.record, Scenario(tuple(view.after.members)))
    return supply.suppliers(supply.sides(view), outcome, _series(view.record, product, side))


def _history(view: View, product: str, side: str) -> Figure | str:
    rows = session.query("supply_history", product=product).assign(product=product)
    rows = rows[(rows.stage == "mine") == (side == "mined")]
    found = supply_history.stages(rows)
    if not found:
        return say("No publication gives this over several years by country.")
    drawn = supply_history.history(supply.sides(view), found[0], False)
    return replace(drawn, legend=drawn.legend[:3])


def _trade(view: View, mineral: str) -> Figure | str:
    record = view.record
    found = supply_goods.goods_of(record, session.query("trade_headings"), mineral)
    if not found or record.trade_year is None:
        return say("No customs heading on record isolates this trade.")
    goods, products = found[0], dict.fromkeys(found[0].headings["product"])
    traded = [session.query("trade_flows", product=each, year=record.trade_year) for each in products]
    scale = supply_goods.scale_of([session.query("trade_scale", product=each) for each in products])
    flows = supply_goods.flows_of(record, goods, pd.concat(traded, ignore_index=True))
    return supply_trade.flow_figure(supply.sides(view), goods, flows, record.trade_year, scale)


def _gap(view: View, mineral: str) -> Figure | str:
    rows = session.query("price_gaps")
    rows = supply_prices.between_places(rows[rows.mineral == mineral])
    if rows.empty:
        return say("No prices inside and outside China are on record together.")
    return supply_prices.price_gap(view.record, mineral, rows)


def _pairs(view: View, number: str) -> Figure:
    drawn = concentration_pairs.pairs(view.record, view.after, view.phone)
    return replace(drawn, drawn=_first(drawn, int(number)))


def _markets(view: View, whom: str) -> Figure | str:
    scenario = view.settings.scenario(view.record)
    group = bloc_members(view.record, scenario) if whom == MEMBERS else frozenset([whom])
    who = say("the members") if whom == MEMBERS else name_of(view.record, whom)
    drawn = restrictions_minerals.by_mineral(view.record, scenario, group, who)
    return drawn if isinstance(drawn, str) else replace(drawn, drawn=_first(drawn, MARKETS))


def _outcome(view: View, chain: str) -> Any:
    return market_session.outcome_of(view.record, view.settings.scenario(view.record), (chain,))


def _sellers(view: View, chain: str, iso3: str) -> Figure | str:
    outcome = _outcome(view, chain)
    if not outcome.point.converged.all():
        return say("This market was not solved under the scenario: nothing is drawn.")
    if iso3 not in outcome.cases[0].users:
        return words.capital(say("{country} has no recorded use of it.", country=name_of(view.record, iso3)))
    return restrictions_sellers.suppliers(view.record, supply.sides(view), outcome, chain, iso3)


def _rerouting(view: View, chain: str) -> Figure:
    return rerouting.rerouting_figure(view.record, _outcome(view, chain), chain)


def _floor_levels(view: View, chain: str) -> Figure:
    return prices_levels.floor_levels(prices.prepare(view, chain))


def _payers(view: View, chain: str) -> Figure | str:
    priced = prices.prepare(view, chain)
    if not priced.effect.converged:
        return say("These measures have no balance in this market: nothing is drawn.")
    return prices_figures.payers(priced)


def _floor_and_contract(view: View, chain: str) -> Figure | str:
    drawn = prices_compared.compared(prices.prepare(view, chain))
    return drawn or say("No floor and no guaranteed price is set here.")


PICTURES: Mapping[str, Callable[..., Figure | str]] = {
    "map": _map,
    "ranking": _ranking,
    "supply": _supply,
    "history": _history,
    "trade": _trade,
    "gap": _gap,
    "pairs": _pairs,
    "markets": _markets,
    "sellers": _sellers,
    "rerouting": _rerouting,
    "floor_levels": _floor_levels,
    "payers": _payers,
    "floor_and_contract": _floor_and_contract,
}
