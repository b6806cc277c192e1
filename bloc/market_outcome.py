"""What a scenario does to the market of each chain: prices, tonnes and money, each with its range.

A range spans what follows when use and supply answer less and more than by default; it is a range of assumptions, not
a forecast error. Codes come in, codes go out: the arrays of the solver are turned into tidy frames here and only here.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from bloc.assumptions import Assumptions
from bloc.base_market import stack
from bloc.calibration import BaseCase
from bloc.market_arrays import Market, Policy
from bloc.matrix import Array
from bloc.policy import policy
from bloc.scenario import Scenario
from bloc.solver import Equilibrium, solve
from bloc.welfare import Money, money

# Assumptions of the solver that carry a range, by the field of Market they stand in.
FIELDS = (
    *("demand_elasticity", "mine_elasticity", "refinery_elasticity", "recycling_elasticity", "switching", "ceiling"),
    *("utilisation", "stop", "restart", "ore_cost_share"),
)
ANSWERS = ("mine_elasticity", "refinery_elasticity", "recycling_elasticity")
# The cheap range: each set is one solution beside the point.
RANGE: tuple[Mapping[str, str], ...] = (
    {"demand_elasticity": "low"},
    {"demand_elasticity": "high"},
    dict.fromkeys(ANSWERS, "low"),
    dict.fromkeys(ANSWERS, "high"),
)
OFFERED = ("A", "B", "C")


def assumption_of(name: str, case: BaseCase) -> str:
    """Name in the table of assumptions of what stands in a field: mines by class, one stage answers as its mines do."""
    if name == "mine_elasticity" or (name == "refinery_elasticity" and not case.two_stages):
        return f"mine_elasticity_{case.supply_class.replace('-', '')}"
    return name


def assumed(name: str, case: BaseCase, table: Assumptions, scenario: Scenario) -> tuple[float, float, float]:
    """Value of an assumption in a chain with its low and high end; one put in its place is kept within the range.

    The chain's own value goes before one for every chain. An ore cost share is 0 in a chain of one stage.
    """
    if name == "ore_cost_share" and not case.two_stages:
        return 0.0, 0.0, 0.0
    key = assumption_of(name, case)
    value = table.value(key, scenario.horizon, case.chain)
    low, high = table.bounds(key, scenario.horizon, case.chain)
    for each in sorted(scenario.assumed, key=lambda each: bool(each.chain)):
        if each.name == key and each.chain in ("", case.chain):
            value = min(max(each.value, low), high)
    return value, low, high


POINT: Mapping[str, str] = {}


def market_of(
    cases: Sequence[BaseCase], table: Assumptions, scenario: Scenario, ends: Mapping[str, str] = POINT
) -> Market:
    """Chains stacked with the assumptions of a scenario, some of them at an end of their range."""
    at = {"low": 1, "high": 2}
    values: dict[str, Any] = {
        name: np.array([[assumed(name, case, table, scenario)[at.get(ends.get(name, ""), 0)]] for case in cases])
        for name in FIELDS
    }
    return replace(stack(cases, table, scenario.horizon), **values)


@dataclass(frozen=True, eq=False)
class MarketOutcome:
    """Some chains under a scenario: the point, then one solution for each set of the range."""

    cases: tuple[BaseCase, ...]
    members: frozenset[str]
    wedges: Policy
    markets: tuple[Market, ...]
    found: tuple[Equilibrium, ...]

    @cached_property
    def money(self) -> tuple[Money, ...]:
        """Money that changes hands in each solution; computed when first asked for."""
        pairs = zip(self.markets, self.found, strict=True)
        return tuple(money(market, self.wedges, each) for market, each in pairs)

    @property
    def point(self) -> Equilibrium:
        """The solution under the assumptions of the scenario."""
        return self.found[0]

    @property
    def chains(self) -> tuple[str, ...]:
        """Keys of the chains, in order."""
        return tuple(case.chain for case in self.cases)


def evaluate_market(
    cases: Sequence[BaseCase],
    table: Assumptions,
    scenario: Scenario,
    union: Collection[str],
    members: frozenset[str],
    ranges: Sequence[Mapping[str, str]] = RANGE,
) -> MarketOutcome:
    """Solve the markets of some chains under a scenario, at the point and at the ends of the range.

    Parameters
    ----------
    members : frozenset of str
        The bloc with its territories where they count; it stands in the frames. Tariffs and floors are theirs.
    """
    wedges = policy(scenario, members, cases, union)
    markets = (market_of(cases, table, scenario), *(market_of(cases, table, scenario, ends) for ends in ranges))
    point = solve(markets[0], wedges)
    found = (point, *(solve(market, wedges, point.prices) for market in markets[1:]))
    return MarketOutcome(tuple(cases), members, wedges, markets, found)


def moved(
    cases: Sequence[BaseCase],
    table: Assumptions,
    scenario: Scenario,
    union: Collection[str],
    members: frozenset[str],
) -> list[BaseCase]:
    """Chains a scenario moves at all; in the others the base is the answer."""
    found = solve(market_of(cases, table, scenario), policy(scenario, members, cases, union))
    return [case for case, steps in zip(cases, found.steps, strict=True) if steps]


# Tidy frames.


def _with_range(outcome: MarketOutcome, name: str, of: Callable[[Equilibrium], Array]) -> dict[str, Array]:
    """A quantity at the point, and its lowest and highest over the range; NaN wherever one did not converge."""
    values = np.stack([of(each) for each in outcome.found])
    return {name: values[0], f"{name}_low": values.min(axis=0), f"{name}_high": values.max(axis=0)}


def _frame(outcome: MarketOutcome, side: str, columns: Mapping[str, Array], base_t: Sequence[Array]) -> pd.DataFrame:
    """One row per chain and place of a side, from arrays (m, places)."""
    chain = np.repeat(outcome.chains, [len(row) for row in base_t])
    iso3 = np.concatenate([np.array(getattr(case, side), dtype=object) for case in outcome.cases])
    cut = {
        name: np.concatenate([values[row][: len(base)] for row, base in enumerate(base_t)])
        for name, values in columns.items()
    }
    frame = pd.DataFrame({"chain": chain, "iso3": iso3, "base_t": np.concatenate(list(base_t)), **cut})
    frame.insert(2, "member", frame.iso3.isin(outcome.members))
    return frame


def users(outcome: MarketOutcome) -> pd.DataFrame:
    """What each country pays and gets, one row per chain and user.

    Columns: chain, iso3, member, base_t (use in the base), price (average landed), cost (effective, with what switching
    costs), served (use that arrives over that of the base), each with _low and _high; prices in base prices.
    """
    use_t = [case.use_t for case in outcome.cases]
    base_t = np.zeros(outcome.point.wanted_t.shape)
    for row, use in enumerate(use_t):
        base_t[row, : len(use)] = use
    some = np.where(base_t > 0, base_t, 1)
    columns = {
        **_with_range(outcome, "price", lambda each: each.landed),
        **_with_range(outcome, "cost", lambda each: each.cost),
        **_with_range(outcome, "served", lambda each: each.served_t / some),
    }
    return _frame(outcome, "users", columns, use_t)


def sellers(outcome: MarketOutcome) -> pd.DataFrame:
    """What each country mines, refines and recycles, and gets for it.

    Columns: chain, iso3, member, base_t, output_t and price at origin, each with _low and _high; stage, ore or product.
    """
    ore = _frame(
        outcome,
        "miners",
        {
            **_with_range(outcome, "output_t", lambda each: each.mined_t),
            **_with_range(outcome, "price", lambda each: each.ore_price),
        },
        [case.ore_t for case in outcome.cases],
    )
    product = _frame(
        outcome,
        "refiners",
        {
            **_with_range(outcome, "output_t", lambda each: each.refined_t + each.recycled_t),
            **_with_range(outcome, "price", lambda each: each.product_price),
        },
        [case.product_t + case.recycled_t for case in outcome.cases],
    )
    return pd.concat([ore.assign(stage="ore"), product.assign(stage="product")], ignore_index=True)


def flows(outcome: MarketOutcome, chain: str, stage: str = "product") -> pd.DataFrame:
    """Who sells to whom in one chain: seller, buyer, base_t, flow_t with _low and _high, landed price. [t/yr]."""
    row = outcome.chains.index(chain)
    case = outcome.cases[row]
    ore = stage == "ore"
    sold_by, bought_by = (case.miners, case.refiners) if ore else (case.refiners, case.users)
    base_t = case.ore_flow_t if ore else case.product_flow_t
    shape = np.s_[row, : len(sold_by), : len(bought_by)]
    columns = _with_range(outcome, "flow_t", lambda each: (each.ore_flow_t if ore else each.flow_t)[shape])
    landed = (outcome.point.ore_landed if ore else outcome.point.product_landed)[shape]
    return pd.DataFrame(
        {
            "seller": np.repeat(sold_by, len(bought_by)),
            "buyer": np.tile(bought_by, len(sold_by)),
            "base_t": base_t.ravel(),
            **{name: values.ravel() for name, values in columns.items()},
            "landed": landed.ravel(),
        }
    )


def groups(outcome: MarketOutcome, countries: Collection[str]) -> pd.DataFrame:
    """What a group of countries pays and gets in each chain, as users are listed; base_t 0 where it uses none.

    Columns: chain, base_t, price (average landed over what the group buys), served, each with _low and _high, and
    converged.
    """
    inside = np.zeros(outcome.point.wanted_t.shape, bool)
    base_t = np.zeros(outcome.point.wanted_t.shape)
    for row, case in enumerate(outcome.cases):
        inside[row, : len(case.users)] = np.isin(case.users, list(countries))
        base_t[row, : len(case.users)] = case.use_t
    base_t = base_t * inside

    def price(each: Equilibrium) -> Array:
        bought_t = each.flow_t.sum(axis=1) * inside
        spent = np.where(bought_t > 0, bought_t * np.nan_to_num(each.landed), 0).sum(axis=1)
        total_t = bought_t.sum(axis=1)
        return np.where(total_t > 0, spent / np.where(total_t > 0, total_t, 1), np.nan)

    def served(each: Equilibrium) -> Array:
        total_t = base_t.sum(axis=1)
        return np.where(total_t > 0, (each.served_t * inside).sum(axis=1) / np.where(total_t > 0, total_t, 1), np.nan)

    def cost(each: Equilibrium) -> Array:
        total_t = base_t.sum(axis=1)
        return np.where(total_t > 0, (each.cost * base_t).sum(axis=1) / np.where(total_t > 0, total_t, 1), np.nan)

    return pd.DataFrame(
        {
            "chain": outcome.chains,
            "base_t": base_t.sum(axis=1),
            **_with_range(outcome, "price", price),
            **_with_range(outcome, "cost", cost),
            **_with_range(outcome, "served", served),
            "converged": np.all([each.converged for each in outcome.found], axis=0),
        }
    )


# Who gains or pays, the arrays of Money each stands in, and the side of the chain whose countries they are.
PARTIES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "users": (("buyers", "users"),),
    "miners": (("miners", "miners"),),
    "refiners": (("refiners", "refiners"), ("drawn", "refiners")),
    "recyclers": (("recyclers", "refiners"),),
    "duties": (("duties", "users"), ("ore_duties", "refiners")),
    "export taxes": (("export_taxes", "refiners"), ("ore_export_taxes", "miners")),
    "quota rents": (("rents", "refiners"), ("ore_rents", "miners")),
    "support": (("support", "refiners"), ("ore_support", "miners")),
    "stocks": (("stocks", "users"),),
}


def gains(outcome: MarketOutcome, countries: Collection[str] | None = None) -> pd.DataFrame:
    """Change of money against the base by party, for a group of countries or the members and all others.

    Returns one row per chain, party and side (members, others, world); usd with _low and _high, NaN where the chain has
    no price. The world is the sum over parties and sides.
    """
    inside = outcome.members if countries is None else frozenset(countries)
    rows = []
    for row, case in enumerate(outcome.cases):
        totals = np.zeros((2, len(outcome.found)))
        for party, parts in PARTIES.items():
            amounts = np.zeros((2, len(outcome.found)))
            for name, side in parts:
                codes = getattr(case, side)
                ours = np.isin(codes, list(inside))
                for solution, each in enumerate(outcome.money):
                    values = np.broadcast_to(getattr(each, name), (len(outcome.cases), getattr(each, name).shape[1]))
                    amount = values[row, : len(codes)]
                    amounts[:, solution] += (amount[ours].sum(), amount[~ours].sum())
            totals += amounts
            for side, amount in zip(("members", "others"), amounts * case.price_usd_per_t, strict=True):
                rows.append((case.chain, party, side, amount[0], amount.min(), amount.max()))
        for side, amount in zip(("members", "others"), totals * case.price_usd_per_t, strict=True):
            rows.append((case.chain, "all", side, amount[0], amount.min(), amount.max()))
        world = totals.sum(axis=0) * case.price_usd_per_t
        rows.append((case.chain, "all", "world", world[0], world.min(), world.max()))
    return pd.DataFrame(rows, columns=["chain", "party", "side", "usd", "usd_low", "usd_high"])
