"""A minimum import price: arithmetic on one entered price, and what members get at many levels of it in the market.

The arithmetic is the rule of the polysilicon proclamation: the duty is the minimum less the entered value. The market
solves one chain at every level at once, with the other measures of a scenario in place; a contract that guarantees
producers the same level is solved the same way.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bloc.assumptions import Assumptions
from bloc.calibration import BaseCase
from bloc.market_arrays import Market, Policy
from bloc.market_outcome import FIELDS, POINT, RANGE, market_of
from bloc.matrix import Array
from bloc.policy import policy
from bloc.scenario import HIGHEST_MULTIPLE, PriceMeasure, Scenario
from bloc.solver import Equilibrium, solve
from bloc.welfare import Money, money

# A floor holds while members pay on average at least this share of it and buy from outside at least this share of what
# they bought in the base (assumptions: neither is published).
PAID, BOUGHT = 0.95, 0.05
# A price at least this far below the level does not count as reached. [base prices]
SAME = 1e-9


def duty(minimum: float, entered: float) -> float:
    """What fills the gap from an entered value to a minimum, 0 from the minimum on. Same unit as both.

    Raises
    ------
    ValueError
        If one of them is negative or not a number.
    """
    for label, value in (("minimum", minimum), ("entered value", entered)):
        if not 0 <= value < np.inf:
            raise ValueError(f"{label}: {value} is not a price of 0 or more")
    return max(minimum - entered, 0.0)


@dataclass(frozen=True, eq=False)
class Levels:
    """One chain at several levels of a floor or a contract; the first level is 0, no such measure.

    Parameters
    ----------
    levels : (n,)
        [base prices]
    price, outside, cost : (s, n)
        Average landed price of members and of others, effective cost of members: the point, then each set of the range.
        [base prices; NaN where nothing is bought or the market did not converge]
    output_t, use_t, imports_t : (s, n)
        Of members: product made, use that arrives, bought from outside. [t/yr]
    users, treasuries, producers, members : (s, n)
        Change against the level of 0: users' surplus, duties and support, surplus of miners, refiners and recyclers,
        and everything together, of members. [USD/yr]
    converged : (n,)
        In every set.
    """

    levels: Array
    price: Array
    outside: Array
    cost: Array
    output_t: Array
    use_t: Array
    imports_t: Array
    users: Array
    treasuries: Array
    producers: Array
    members: Array
    ceiling: float
    converged: NDArray[np.bool_]

    @property
    def bites(self) -> NDArray[np.bool_]:
        """Whether the measure changes what members pay or make, at the point. [(n,)]."""
        made = self.output_t[0]
        grown = np.divide(made, made[0], out=np.ones_like(made), where=made[0] > 0)
        moved = np.abs(self.price[0] - self.price[0, 0]) + np.abs(grown - 1)
        bought = np.abs(self.imports_t[0] - self.imports_t[0, 0]) / max(self.imports_t[0, 0], 1.0)
        return np.asarray(np.nan_to_num(moved) + bought > SAME)

    def holds(self, solution: int = 0) -> NDArray[np.bool_]:
        """Whether a floor holds at each level: it is paid, near enough, and something is still bought at it. [(n,)]."""
        paid = self.price[solution] >= PAID * self.levels
        bought = self.imports_t[solution] >= BOUGHT * self.imports_t[solution, 0]
        return np.asarray(paid & bought & (self.imports_t[solution, 0] > 0))

    def highest(self, solution: int = 0) -> float:
        """Highest level up to which the floor holds without a gap; 0 where none does."""
        held = self.holds(solution)[1:]
        reached = int(np.argmin(held)) if not held.all() else len(held)
        return float(self.levels[1:][reached - 1]) if reached else 0.0


def concerns(measure: PriceMeasure, case: BaseCase) -> bool:
    """Whether a price measure is held on the product of a chain, not on its ore."""
    on_ore = measure.kind == "floor" and case.two_stages and measure.stage == case.ore_stage
    return measure.product == case.product and not on_ore


def at_levels(
    case: BaseCase,
    table: Assumptions,
    scenario: Scenario,
    union: Collection[str],
    members: frozenset[str],
    levels: Sequence[float],
    kind: str = "floor",
) -> Levels:
    """Solve one chain at each level of a floor on imports of its product, or of a contract for its producers, at once.

    Parameters
    ----------
    scenario : Scenario
        Other measures stay; those of the same kind on the product itself give way to the levels.
    levels : sequence of float
        Multiples of the base price, rising; 0 is put before them. [0 to 20]
    kind : str
        floor or contract.

    Raises
    ------
    ValueError
        If a level is beyond what a price measure may be.
    """
    if not all(0 < level <= HIGHEST_MULTIPLE for level in levels):
        raise ValueError(f"levels: {list(levels)} are not all above 0 and at most {HIGHEST_MULTIPLE:g}")
    steps = np.array([0.0, *levels])
    others = tuple(each for each in scenario.prices if not (each.kind == kind and concerns(each, case)))
    plain = replace(scenario, prices=others)
    sets: tuple[Mapping[str, str], ...] = (POINT, *RANGE)
    market = _side_by_side([market_of([case], table, scenario, ends) for ends in sets], len(steps))
    wedges = _levied(case, plain, union, members, np.tile(steps, len(sets)), kind)
    found = solve(market, wedges)
    return _members(case, members, market, found, money(market, wedges, found), steps)


def _side_by_side(markets: Sequence[Market], times: int) -> Market:
    """One market for each set of assumptions, each repeated; the base case is shared by all."""
    stacked: dict[str, Any] = {
        name: np.concatenate([getattr(each, name) for each in markets]).repeat(times, axis=0) for name in FIELDS
    }
    return replace(markets[0], **stacked)


def _levied(
    case: BaseCase, plain: Scenario, union: Collection[str], members: frozenset[str], levels: Array, kind: str
) -> Policy:
    """The other measures of a scenario, the same for all, with the level of each solution on the routes it concerns."""
    wedges = policy(plain, members, [case], union)
    unit = PriceMeasure(case.product, 1.0, kind, "multiple", case.product_stage)
    one = policy(Scenario(tuple(members), prices=(unit,)), members, [case], union)
    if kind == "contract":
        return replace(wedges, strike=levels[:, None] * one.strike)
    floor = np.maximum(wedges.product.floor, levels[:, None, None] * one.product.floor)
    return replace(wedges, product=replace(wedges.product, floor=floor))


def _members(
    case: BaseCase, members: frozenset[str], market: Market, found: Equilibrium, moved: Money, levels: Array
) -> Levels:
    """What members pay, make and get out of stacked solutions, sets by levels."""
    users, sellers, miners = (np.isin(side, list(members)) for side in (case.users, case.refiners, case.miners))
    bought_t = found.flow_t.sum(axis=1)
    spent = bought_t * np.nan_to_num(found.landed)

    def by_set(values: Array) -> Array:
        return values.reshape(-1, len(levels))

    def dollars(*parts: tuple[Array, NDArray[np.bool_]]) -> Array:
        size = len(found.steps)
        total = sum(
            np.broadcast_to(amount, (size, amount.shape[1]))[:, : len(ours)][:, ours].sum(axis=1)
            for amount, ours in parts
        )
        against = by_set(np.asarray(total))
        return (against - against[:, :1]) * case.price_usd_per_t

    surplus = ((moved.miners, miners), (moved.refiners, sellers), (moved.drawn, sellers), (moved.recyclers, sellers))
    taken = (
        *((moved.duties, users), (moved.ore_duties, sellers), (moved.export_taxes, sellers)),
        *((moved.ore_export_taxes, miners), (moved.support, sellers), (moved.ore_support, miners)),
    )
    rest = ((moved.rents, sellers), (moved.ore_rents, miners), (moved.stocks, users))
    return Levels(
        levels=levels,
        price=by_set(_mean(spent[:, users], bought_t[:, users])),
        outside=by_set(_mean(spent[:, ~users], bought_t[:, ~users])),
        cost=by_set(
            _mean(found.cost[:, users] * case.use_t[users], np.broadcast_to(case.use_t, spent.shape)[:, users])
        ),
        output_t=by_set((found.refined_t + found.recycled_t)[:, sellers].sum(axis=1)),
        use_t=by_set(found.served_t[:, users].sum(axis=1)),
        imports_t=by_set(found.flow_t[:, ~sellers][:, :, users].sum(axis=(1, 2))),
        users=dollars((moved.buyers, users)),
        treasuries=dollars(*taken),
        producers=dollars(*surplus),
        members=dollars((moved.buyers, users), *taken, *surplus, *rest),
        ceiling=float(market.ceiling[0, 0]),
        converged=np.asarray(found.converged.reshape(-1, len(levels)).all(axis=0)),
    )


def _mean(amount: Array, weight: Array) -> Array:
    """Mean over the countries of each solution, NaN where nothing is weighed."""
    total = weight.sum(axis=1)
    return np.where(total > 0, amount.sum(axis=1) / np.where(total > 0, total, 1), np.nan)
