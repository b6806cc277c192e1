"""How sure a result of the market is: draws over all that is assumed at once, and each assumption alone.

The base year is the same in every draw; a figure of it that is contested has a chain of its own (`variant_of`), to be
solved beside. So a spread is what follows from behaviour nobody has measured: it is not the chance of anything.

Each assumption is drawn from a triangle that peaks at its value and ends at the ends of its range: the value is the
most plausible, and nothing beyond the ends is, which is all the record says. Ranges that are factors (half to double)
are drawn on a logarithmic scale, shares of a whole as they are. A Latin hypercube takes one value from each of n
equally likely slices of every assumption (M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21, 1979, pages
239-245; recalled, pages not checked), so that a few hundred draws do.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bloc import words
from bloc.assumptions import Assumptions
from bloc.calibration import BaseCase
from bloc.language import say
from bloc.market_arrays import Market, Policy
from bloc.market_outcome import FIELDS, PARTIES, RANGE, assumed, assumption_of, market_of
from bloc.matrix import Array
from bloc.policy import policy
from bloc.scenario import Scenario
from bloc.solver import Equilibrium, solve
from bloc.welfare import Money, money

# A batch of half the draws shows progress and costs little; five of them take half as long again.
DRAWS, BATCH, SEED = 500, 250, 2024
LEVELS = (0.05, 0.5, 0.95)
SHARES = frozenset({"utilisation", "stop", "ore_cost_share"})
RESULTS = ("price", "served", "output_t", "gain_usd")
# Cost over the ceiling up to which a price is said, and from which a market is said to ration.
SAID, RATIONING = 0.5, 0.9
TIMES = f"×{words.NO_BREAK}"
Range = tuple[float, float, float]


def acting(case: BaseCase) -> dict[str, tuple[str, ...]]:
    """Assumptions that act in a chain, each with the fields of the market it stands in.

    What has nothing to act on is left out: recycling without scrap, a restart price without idle plants.
    """
    idle = {
        "ore_cost_share": not case.two_stages,
        "recycling_elasticity": not case.recycled_t.any(),
        "restart": not case.idle_t.any(),
    }
    found: dict[str, tuple[str, ...]] = {}
    for name in FIELDS:
        if not idle.get(name):
            key = assumption_of(name, case)
            found[key] = (*found.get(key, ()), name)
    return found


def ranges(case: BaseCase, table: Assumptions, scenario: Scenario) -> dict[str, Range]:
    """Value, low and high end of every assumption that acts in a chain; those without a range are left out."""
    found = {key: assumed(names[0], case, table, scenario) for key, names in acting(case).items()}
    return {key: (value, low, high) for key, (value, low, high) in found.items() if low < high}


def triangular(share: Array, low: float, peak: float, high: float) -> Array:
    """Value below which a share of a triangular distribution lies. [low to high]."""
    rising = share * (high - low) < peak - low
    up = low + np.sqrt(share * (high - low) * (peak - low))
    down = high - np.sqrt((1 - share) * (high - low) * (high - peak))
    return np.where(rising, up, down)


def latin_hypercube(draws: int, dimensions: int, seed: int) -> Array:
    """Numbers between 0 and 1, one from each of the n slices of every dimension. [(n, dimensions)]."""
    random = np.random.default_rng(seed)
    slices = random.permuted(np.tile(np.arange(draws), (dimensions, 1)), axis=1).T
    return (slices + random.random((draws, dimensions))) / draws


def drawn_values(known: Mapping[str, Range], draws: int = DRAWS, seed: int = SEED) -> dict[str, Array]:
    """Values of each assumption in n draws; the same seed gives the same draws."""
    cube = latin_hypercube(draws, len(known), seed)
    found = {}
    for column, (name, (value, low, high)) in zip(cube.T, known.items(), strict=True):
        if name in SHARES:
            found[name] = triangular(column, low, value, high)
        else:
            found[name] = np.exp(triangular(column, *np.log([low, value, high])))
    return found


def market_with(case: BaseCase, table: Assumptions, scenario: Scenario, values: Mapping[str, Array]) -> Market:
    """One chain n times: the base once, shared by all, and values of assumptions with the axis of draws."""
    names = acting(case)
    columns: dict[str, Any] = {name: value[:, None] for key, value in values.items() for name in names[key]}
    return replace(market_of([case], table, scenario), **columns)


@dataclass(frozen=True, eq=False)
class Solutions:
    """Results of n solutions of one chain by country; NaN where one did not converge.

    Parameters
    ----------
    values : mapping
        Value of each assumption that differs. [(n,)]
    spent, bought_t, served_t, cost : (n,z)
        Paid for what is bought, in base prices times tonnes; tonnes bought and served; effective cost. Of users.
    made_t, mined_t : (n,r), (n,i)
    users_usd, refiners_usd, miners_usd : (n,z), (n,r), (n,i)
        Change of money against the base; NaN where the chain has no price.
    support_usd : (n,r)
        Paid to refiners on contracts and subsidies, a part of the change; negative.
    ceiling : (n,)
    converged : (n,)
    """

    case: BaseCase
    values: Mapping[str, Array] = field(repr=False)
    spent: Array = field(repr=False)
    bought_t: Array = field(repr=False)
    served_t: Array = field(repr=False)
    cost: Array = field(repr=False)
    made_t: Array = field(repr=False)
    mined_t: Array = field(repr=False)
    users_usd: Array = field(repr=False)
    refiners_usd: Array = field(repr=False)
    miners_usd: Array = field(repr=False)
    support_usd: Array = field(repr=False)
    ceiling: Array = field(repr=False)
    converged: NDArray[np.bool_] = field(repr=False)

    def __len__(self) -> int:
        """Number of solutions."""
        return len(self.converged)

    def joined(self, more: Self) -> Self:
        """These and more of the same chain."""
        arrays: dict[str, Any] = {
            each.name: np.concatenate([getattr(self, each.name), getattr(more, each.name)])
            for each in fields(self)
            if each.name not in ("case", "values")
        }
        values = {name: np.concatenate([value, more.values[name]]) for name, value in self.values.items()}
        return replace(self, values=values, **arrays)

    def price(self, countries: Collection[str]) -> Array:
        """Average landed price over what a group buys; NaN where it buys nothing. [(n,), base prices]."""
        bought_t = self._of(self.bought_t, self.case.users, countries)
        spent = self._of(self.spent, self.case.users, countries)
        return np.where(bought_t > 0, spent / np.where(bought_t > 0, bought_t, 1), np.nan)

    def served(self, countries: Collection[str]) -> Array:
        """Use of a group that arrives, over that of the base; NaN where it uses nothing. [(n,)]."""
        use_t = self._of(self.case.use_t[None], self.case.users, countries)[0]
        served_t = self._of(self.served_t, self.case.users, countries)
        return served_t / use_t if use_t > 0 else np.full(len(self), np.nan)

    def output_t(self, countries: Collection[str]) -> Array:
        """What a group refines and recycles. [(n,), t/yr]."""
        return self._of(self.made_t, self.case.refiners, countries)

    def gain_usd(self, countries: Collection[str]) -> Array:
        """Change of money against the base over users, producers and treasuries of a group. [(n,), USD/yr]."""
        sides = (("users_usd", "users"), ("refiners_usd", "refiners"), ("miners_usd", "miners"))
        parts = [self._of(getattr(self, name), getattr(self.case, side), countries) for name, side in sides]
        return np.sum(parts, axis=0)

    def support(self, countries: Collection[str]) -> Array:
        """What treasuries of a group pay on contracts and subsidies. [(n,), USD/yr]."""
        return -self._of(self.support_usd, self.case.refiners, countries)

    def rationed(self, countries: Collection[str]) -> NDArray[np.bool_]:
        """Whether the effective cost of a group, weighted with its use, is at or near the ceiling. [(n,)]."""
        use_t = self._of(self.case.use_t[None], self.case.users, countries)
        cost = self._of(self.cost * self.case.use_t, self.case.users, countries)
        return cost >= RATIONING * self.ceiling * np.where(use_t > 0, use_t, np.inf)

    def result(self, name: str, countries: Collection[str]) -> Array:
        """One of RESULTS."""
        values: Array = getattr(self, name)(countries)
        return values

    @staticmethod
    def _of(values: Array, places: Collection[str], countries: Collection[str]) -> Array:
        total: Array = values[:, np.isin(list(places), list(countries))].sum(axis=1)
        return total


def solutions(case: BaseCase, values: Mapping[str, Array], market: Market, wedges: Policy, start: Array) -> Solutions:
    """Solve one chain n times and keep what results are made of."""
    found = solve(market, wedges, np.repeat(start, len(next(iter(values.values()))), axis=0))
    bought_t = found.flow_t.sum(axis=1)
    amounts = money(market, wedges, found)
    return Solutions(
        case=case,
        values=values,
        spent=np.where(bought_t > 0, found.landed * bought_t, bought_t),
        bought_t=bought_t,
        served_t=found.served_t,
        cost=found.cost,
        made_t=found.refined_t + found.recycled_t,
        mined_t=found.mined_t,
        users_usd=_gains(case, amounts, found, "users"),
        refiners_usd=_gains(case, amounts, found, "refiners"),
        miners_usd=_gains(case, amounts, found, "miners"),
        support_usd=np.where(found.converged[:, None], amounts.support * case.price_usd_per_t, np.nan),
        ceiling=np.broadcast_to(market.ceiling[:, 0], len(found.converged)),
        converged=found.converged,
    )


def _gains(case: BaseCase, amounts: Money, found: Equilibrium, side: str) -> Array:
    """Dollars by country of one side of the chain; NaN where a solution did not converge."""
    total = np.zeros((len(found.converged), len(getattr(case, side))))
    for name, of in (part for party in PARTIES.values() for part in party):
        if of == side:
            total = total + getattr(amounts, name)
    return np.where(found.converged[:, None], total * case.price_usd_per_t, np.nan)


def draw(
    case: BaseCase,
    table: Assumptions,
    scenario: Scenario,
    union: Collection[str],
    members: Collection[str],
    number: int = DRAWS,
    batch: int = BATCH,
    seed: int = SEED,
) -> Iterator[Solutions]:
    """Solve one chain with n draws of what is assumed; yields all solutions so far after each batch.

    An assumption that the scenario puts in the place of a default peaks there. Later draws start from the solution of
    the scenario, which changes nothing but the time they take.
    """
    wedges = policy(scenario, members, [case], union)
    start = solve(market_of([case], table, scenario), wedges).prices
    values = drawn_values(ranges(case, table, scenario), number, seed)
    so_far: Solutions | None = None
    for first in range(0, number, batch):
        part = {name: value[first : first + batch] for name, value in values.items()}
        found = solutions(case, part, market_with(case, table, scenario, part), wedges, start)
        so_far = so_far.joined(found) if so_far else found
        yield so_far


def price_in_words(price: float, ceiling: float) -> str:
    """A price as a multiple of the base: × 2.5; over half the ceiling only that, near the ceiling rationing."""
    if np.isnan(price):
        return say("unknown")
    if price >= RATIONING * ceiling:
        return say("rationing")
    if price > SAID * ceiling:
        return say("over {price}", price=TIMES + words.number(SAID * ceiling, "g"))
    return TIMES + words.number(price, ".1f" if price >= 2 else ".2f")


def quantiles(values: Array, levels: Collection[float] = LEVELS) -> tuple[float, ...]:
    """Quantiles of the solutions that have the result; NaN where none has."""
    known = values[~np.isnan(values)]
    if not known.size:
        return tuple(np.nan for _ in levels)
    return tuple(float(each) for each in np.quantile(known, list(levels)))


def cheap_range(
    case: BaseCase, table: Assumptions, scenario: Scenario, union: Collection[str], members: Collection[str]
) -> Solutions:
    """Solve one chain at the point, which comes first, and at the ends of the range that every page shows."""
    values = {name: np.full(1 + len(RANGE), value) for name, (value, _, _) in ranges(case, table, scenario).items()}
    for row, ends in enumerate(RANGE, 1):
        for name, (_, low, high) in ranges(case, table, scenario).items():
            for moved in (ends[each] for each in acting(case)[name] if each in ends):
                values[name][row] = high if moved == "high" else low
    return _solved(case, table, scenario, union, members, values)


def tornado(
    case: BaseCase, table: Assumptions, scenario: Scenario, union: Collection[str], members: Collection[str]
) -> Solutions:
    """Solve one chain with each assumption alone at its low, then at its high end, and last with none moved.

    Returns
    -------
    Solutions, 2 k + 1 of them for k assumptions in the order of `ranges`.
    """
    known = ranges(case, table, scenario)
    values = {name: np.full(2 * len(known) + 1, value) for name, (value, _, _) in known.items()}
    for row, (name, (_, low, high)) in enumerate(known.items()):
        values[name][2 * row : 2 * row + 2] = low, high
    return _solved(case, table, scenario, union, members, values)


def _solved(
    case: BaseCase,
    table: Assumptions,
    scenario: Scenario,
    union: Collection[str],
    members: Collection[str],
    values: Mapping[str, Array],
) -> Solutions:
    """Solutions under a scenario for values of its assumptions, each begun from the scenario's own."""
    wedges = policy(scenario, members, [case], union)
    start = solve(market_of([case], table, scenario), wedges).prices
    return solutions(case, values, market_with(case, table, scenario, values), wedges, start)


def swings(found: Solutions, result: str, countries: Collection[str]) -> pd.DataFrame:
    """What each assumption alone does to a result, the largest swing first.

    Columns: name; value, low, high of the assumption; at_value, at_low, at_high of the result; swing, the difference of
    its highest and lowest. NaN where a solution is missing, those last.
    """
    outcome = found.result(result, countries)
    names = list(found.values)
    ends = np.array(
        [[found.values[name][each] for each in (-1, 2 * row, 2 * row + 1)] for row, name in enumerate(names)]
    )
    at = np.column_stack([np.full(len(names), outcome[-1]), outcome[:-1:2], outcome[1::2]])
    frame = pd.DataFrame(np.hstack([ends, at]), columns=["value", "low", "high", "at_value", "at_low", "at_high"])
    frame.insert(0, "name", names)
    frame["swing"] = np.ptp(at, axis=1)
    return frame.sort_values(["swing", "name"], ascending=[False, True], na_position="last", ignore_index=True)
