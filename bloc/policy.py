"""A scenario as what stands between the sellers and the buyers of each chain: codes and shares become arrays.

Whom a supplier cuts off is a list in the restriction; who pays a tariff or holds a floor are the members. The two are
never mixed. Other countries, what a publisher does not itemise, are never a member and never named as a target.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bloc.calibration import BaseCase
from bloc.market_arrays import Policy, Routes
from bloc.matrix import Array
from bloc.places import spread
from bloc.scenario import HIGHEST_MULTIPLE, Duty, PriceMeasure, Restriction, Scenario, StockChange

Mask = NDArray[np.bool_]
# A cut at least this deep is a ban: a quota of a millionth would only make the solution slow.
WHOLE = 1 - 1e-6


def policy(scenario: Scenario, members: Collection[str], cases: Sequence[BaseCase], union: Collection[str]) -> Policy:
    """Policy on the routes of each chain, padded to the largest.

    Parameters
    ----------
    members : collection of str
        Who levies the tariff and holds the prices: the members, with their territories where they count.
    cases : sequence of BaseCase
        In the order of the market they were stacked into.
    union : collection of str
        Members of the European Union, for which EUU stands.
    """
    shape = tuple(max(len(getattr(case, side)) for case in cases) for side in ("miners", "refiners", "users"))
    miners, refiners, users = shape
    return Policy(
        ore=_routes([_ore_side(case, scenario, members, union) for case in cases], miners, refiners),
        product=_routes([_product_side(case, scenario, members, union) for case in cases], refiners, users),
        strike=_padded([strike(case, scenario, members) for case in cases], refiners),
        product_subsidy=_padded([_subsidy(case, scenario, union) for case in cases], refiners),
        release_t=_padded([_stock(case, scenario, members, union, feed=False) for case in cases], users),
        drawn_t=_padded([_stock(case, scenario, members, union, feed=True) for case in cases], refiners),
    )


class Side:
    """The routes of one stage of one chain, before padding."""

    def __init__(self, sellers: Sequence[str], buyers: Sequence[str], flow_t: Array) -> None:
        self.sellers, self.buyers, self.flow_t = np.array(sellers), np.array(buyers), flow_t
        self.abroad = self.sellers[:, None] != self.buyers
        shape = (len(sellers), len(buyers))
        self.access, self.tariff, self.export_tax, self.floor = (
            np.ones(shape),
            np.ones(shape),
            np.ones(shape),
            np.zeros(shape),
        )
        self.quotas: list[tuple[Mask, float]] = []

    def between(self, sellers: Collection[str], buyers: Collection[str] | None) -> Mask:
        """Routes from some sellers to some buyers, or to every buyer, never at home."""
        to = np.ones(len(self.buyers), bool) if buyers is None else np.isin(self.buyers, list(buyers))
        return self.abroad & np.isin(self.sellers, list(sellers))[:, None] & to

    def withhold(self, routes: Mask, share: float) -> None:
        """Ship at most the rest of what the base ships on the routes; withholding all is a ban.

        Of two cuts on the same routes the deeper counts: two equal quotas would leave their rents undetermined.
        """
        shipped_t = float(self.flow_t[routes].sum())
        if share >= WHOLE:
            self.access[routes] = 0.0
        elif share > 0 and shipped_t > 0:
            limit_t = (1 - share) * shipped_t
            same = [quota for quota, (there, _) in enumerate(self.quotas) if (there == routes).all()]
            if same:
                self.quotas[same[0]] = (routes, min(limit_t, self.quotas[same[0]][1]))
            else:
                self.quotas.append((routes, limit_t))


def _ore_side(case: BaseCase, scenario: Scenario, members: Collection[str], union: Collection[str]) -> Side:
    side = Side(case.miners, case.refiners, case.ore_flow_t)
    _restrict(side, scenario, union, lambda each: _concerns(each, case.ore_product, case.ore_stage))
    _tax(side, scenario, members, (case.ore_product, case.product))
    _charge(side, scenario, union, case.ore_product, case.ore_stage)
    for each in _prices(scenario, "floor"):
        if _of_ore(each, case):
            _hold(side, members, ore_level(each, case))
    return side


def _product_side(case: BaseCase, scenario: Scenario, members: Collection[str], union: Collection[str]) -> Side:
    side = Side(case.refiners, case.users, case.product_flow_t)
    _restrict(side, scenario, union, lambda each: _concerns(each, case.product, case.product_stage))
    _tax(side, scenario, members, (case.product,))
    _charge(side, scenario, union, case.product, case.product_stage)
    for each in _prices(scenario, "floor"):
        if each.product == case.product and not _of_ore(each, case):
            _hold(side, members, level(each, case))
    return side


def _concerns(measure: Restriction | Duty, product: str, stage: str) -> bool:
    return (not measure.products or product in measure.products) and (not measure.stages or stage in measure.stages)


def _restrict(side: Side, scenario: Scenario, union: Collection[str], concerns: Callable[[Restriction], bool]) -> None:
    """Cuts as quotas or bans, less what leaks; taxes on what is still sold. The European Union spares its members."""
    for each in scenario.restrictions:
        if not concerns(each):
            continue
        targets = spread(each.targets, union) if each.targets else None
        own = spread([each.imposing], union)
        routes = side.between(own, targets) & ~side.between(own, own)
        side.withhold(routes, each.cut * (1 - scenario.leakage))
        side.export_tax[routes] *= 1 + each.export_tax


def _tax(side: Side, scenario: Scenario, members: Collection[str], products: Collection[str]) -> None:
    """The members' tariff: in full on outsiders, less the preference on each other."""
    if not scenario.tariff or (scenario.tariff_products and not set(products) & set(scenario.tariff_products)):
        return
    into = side.between(list(side.sellers), members)
    inside = side.between(members, members)
    side.tariff[into & ~inside] *= 1 + scenario.tariff
    side.tariff[inside] *= 1 + scenario.tariff * (1 - scenario.preference)


def _charge(side: Side, scenario: Scenario, union: Collection[str], product: str, stage: str) -> None:
    """Duties of single countries on single suppliers, on top of the members' tariff."""
    for each in scenario.duties:
        if _concerns(each, product, stage):
            routes = side.between(spread([each.supplier], union), spread([each.imposing], union))
            side.tariff[routes] *= 1 + each.rate


def _hold(side: Side, members: Collection[str], floor: float) -> None:
    """No landed price below the floor on what members buy from outside.

    Far above the price at which users go without, a higher floor changes nothing: it is held at 20 base prices.
    """
    floor = min(floor, HIGHEST_MULTIPLE) if np.isfinite(floor) else 0.0
    if floor:
        routes = side.between(list(side.sellers), members) & ~side.between(members, members)
        side.floor[routes] = np.maximum(side.floor[routes], floor)


def _prices(scenario: Scenario, kind: str) -> Iterator[PriceMeasure]:
    return (each for each in scenario.prices if each.kind == kind)


def _of_ore(measure: PriceMeasure, case: BaseCase) -> bool:
    """Whether a price is one of the chain's ore, not of its product."""
    return case.two_stages and (measure.product, measure.stage) == (case.ore_product, case.ore_stage)


def level(measure: PriceMeasure, case: BaseCase) -> float:
    """Level of a price measure in base prices of the product; NaN where dollars meet a chain without a price."""
    return measure.level if measure.unit == "multiple" else measure.level / case.price_usd_per_t


def ore_level(measure: PriceMeasure, case: BaseCase) -> float:
    """Level in base prices of the ore, whose price is its share of the product's."""
    return measure.level if measure.unit == "multiple" else level(measure, case) / case.ore_cost_share


def strike(case: BaseCase, scenario: Scenario, members: Collection[str]) -> Array:
    """Price guaranteed to the members' refiners, 0 to others. [(r,), base prices]."""
    levels = [level(each, case) for each in _prices(scenario, "contract") if each.product == case.product]
    highest = min(max((each for each in levels if np.isfinite(each)), default=0.0), HIGHEST_MULTIPLE)
    return np.where(np.isin(case.refiners, list(members)), highest, 0.0)


def _subsidy(case: BaseCase, scenario: Scenario, union: Collection[str]) -> Array:
    """Paid on each tonne by states that flood the market. [(r,), base prices]."""
    subsidy = np.zeros(len(case.refiners))
    for each in scenario.floodings:
        if each.product == case.product:
            subsidy += each.subsidy * np.isin(case.refiners, list(spread([each.supplier], union)))
    return subsidy


def _stock(case: BaseCase, scenario: Scenario, members: Collection[str], union: Collection[str], feed: bool) -> Array:
    """Tonnes of a stock by holder, in proportion to use, or to refining where it is feed. [(z,) or (r,), t]."""
    places, weight_t = (case.refiners, case.product_t) if feed else (case.users, case.use_t)
    total_t = np.zeros(len(places))
    for each in scenario.stocks:
        if each.feed == feed and each.product == case.product:
            total_t += _spread_over(each, places, weight_t, spread(each.holders, union) or members)
    return total_t


def _spread_over(change: StockChange, places: Sequence[str], weight_t: Array, holders: Collection[str]) -> Array:
    held_t = weight_t * np.isin(places, list(holders))
    return change.quantity_t * held_t / held_t.sum() if held_t.sum() > 0 else np.zeros(len(places))


def _padded(rows: Sequence[Array], length: int) -> Array:
    out = np.zeros((len(rows), length))
    for chain, row in enumerate(rows):
        out[chain, : len(row)] = row
    return out


def _routes(sides: Sequence[Side], sellers: int, buyers: int) -> Routes:
    """Sides of one stage stacked; what nobody uses stays a single shared number."""
    most = max(len(side.quotas) for side in sides)
    limited, limit = np.zeros((len(sides), most, sellers, buyers)), np.full((len(sides), most), np.inf)
    for chain, side in enumerate(sides):
        for quota, (routes, tonnes) in enumerate(side.quotas):
            limited[chain, quota, : routes.shape[0], : routes.shape[1]] = routes
            limit[chain, quota] = tonnes
    plain = Routes()
    stacked = {
        name: _stacked([getattr(side, name) for side in sides], float(getattr(plain, name).ravel()[0]), sellers, buyers)
        for name in ("access", "tariff", "export_tax", "floor")
    }
    return Routes(**stacked, limited=limited, limit=limit)


def _stacked(parts: Sequence[Array], neutral: float, sellers: int, buyers: int) -> Array:
    if all((part == neutral).all() for part in parts):
        return np.full((1, 1, 1), neutral)
    out = np.full((len(parts), sellers, buyers), neutral)
    for chain, part in enumerate(parts):
        out[chain, : part.shape[0], : part.shape[1]] = part
    return out
