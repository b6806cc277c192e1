"""The market of a mineral's chain, mine to refiner to user: who sells to whom, and at what price, under trade policy.

Prices are multiples of the base price, quantities tonnes of content a year. Every array begins with the axis of chains
(or of draws of one chain), of length m, or 1 where all share it; then come i miners, r refiners and recyclers,
z users, k quotas. A chain of one stage has an ore cost share of 0. Where nothing is assumed the base comes back.

    landed price     w = max(p T, F) + rent                 T base tariff, tariffs and export taxes, F price floor
    split            s_i = (1-d) a_i e^{-mu x_i} / Z        x_i rise of the landed price, d = e^{-mu(C-1)}
    effective cost   P = 1 - ln(Z)/mu                       Z = (1-d) sum_j a_j e^{-mu x_j} + d, at most the ceiling C
    use              D = D0/(1-d) demand(P)
    netback          v1 = p1 + b,  v2 = (max(p2, K) + b - kappa P_ore)/(1 - kappa)      K strike, b subsidy
    ore clears       supply(v1) = sum_r s_ir (Q_r - drawn_r)
    product clears   Q_r + recycled_r = sum_z s_rz (D_z - release_z)
    quota            rent >= 0 with limit - shipped >= 0, one of them 0

To first order the split is that of GSIM (Joseph Francois and H. Keith Hall, Global Simulation Analysis of
Industry-Level Trade Policy, World Bank, 2003, pages 4-7), additive in tonnes; as switching grows one price per
connected market remains (Takashi Takayama and George Judge, Equilibrium among spatially separated markets, Econometrica
32, 1964, pages 510-524; both recalled, pages not checked).
With switching at least as large as the elasticity of demand there is one solution.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# A quantity over a price, with its slope.
Curve = tuple[Array, Array]

# Below this netback the logarithm of supply is held: the shut-down has long taken over.
THIN = 0.1
# Steepness of the shut-down around the stop, and of the return of idle capacity around its restart price (assumptions).
STOP_RATE = 15.0
RESTART_RATE = 12.0
# A seller with less than this share of any buyer's purchases within reach sells nothing.
NO_ACCESS = 1e-14
# Weight of the rent against the room under a quota in the complementarity; any positive number gives the same solution.
RENT_WEIGHT = 0.1


class MarketError(ValueError):
    """Arrays that do not make a market; the message names the one and the bound."""


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x), without overflow. [0 to 1]."""
    return 0.5 * (1 + np.tanh(0.5 * x))


def capacity_supply(base_t: Array, elasticity: Array, netback: Array, utilisation: Array, stop: Array) -> Curve:
    """Output that meets its capacity above and shuts down below, and its slope. [t/yr].

    S = (S0/u) sigma(logit u + eps/(1-u) ln v) K(v),   K = sigma(15(v - stop)) / sigma(15(1 - stop))

    At netback 1 it is the base with elasticity eps; it never exceeds base / utilisation; half is idle at the stop.
    """
    held = np.maximum(netback, THIN)
    running = sigmoid(np.log(utilisation / (1 - utilisation)) + elasticity / (1 - utilisation) * np.log(held))
    alive = sigmoid(STOP_RATE * (netback - stop))
    output_t = base_t / utilisation * running * alive / sigmoid(STOP_RATE * (1 - stop))
    steepness = (1 - running) * elasticity / (1 - utilisation) / held * (netback > THIN) + STOP_RATE * (1 - alive)
    return output_t, output_t * steepness


def linear_supply(base_t: Array, elasticity: Array, netback: Array, utilisation: Array, stop: Array) -> Curve:
    """S = S0 (1 + eps (v - 1)), not below 0, and its slope; for worked examples. [t/yr]."""
    ratio = 1 + elasticity * (netback - 1)
    return base_t * np.maximum(ratio, 0), base_t * elasticity * (ratio > 0)


def constant_elasticity_supply(
    base_t: Array, elasticity: Array, netback: Array, utilisation: Array, stop: Array
) -> Curve:
    """S = S0 v^eps, 0 below a netback of nothing, and its slope; for worked examples. [t/yr]."""
    held = np.maximum(netback, 1e-9)
    output_t = base_t * held**elasticity
    return output_t, output_t * elasticity / held


def exponential_demand(cost: Array, elasticity: Array) -> Curve:
    """Use as a multiple of the base at an effective cost, e^{-eta(P-1)}, and its slope. [-]."""
    ratio = np.exp(-elasticity * (cost - 1))
    return ratio, -elasticity * ratio


def linear_demand(cost: Array, elasticity: Array) -> Curve:
    """1 - eta (P - 1), not below 0, and its slope; for worked examples. [-]."""
    ratio = 1 - elasticity * (cost - 1)
    return np.maximum(ratio, 0), -elasticity * (ratio > 0)


def constant_elasticity_demand(cost: Array, elasticity: Array) -> Curve:
    """P^-eta and its slope; for worked examples. [-]."""
    held = np.maximum(cost, 1e-9)
    ratio = held**-elasticity
    return ratio, -elasticity * ratio / held


def restarted(idle_t: Array, restart: Array, netback: Array) -> Curve:
    """Idle capacity that comes back, and its slope; nothing up to netback 1. [t/yr].

    idle (sigma(12 ln(v/v_r)) - sigma(-12 ln v_r)): half of it at the restart price v_r.
    """
    higher = np.maximum(netback, 1.0)
    running = sigmoid(RESTART_RATE * np.log(higher / restart))
    returned_t = idle_t * (running - sigmoid(-RESTART_RATE * np.log(restart)))
    return returned_t, idle_t * RESTART_RATE * running * (1 - running) / higher * (netback > 1)


class _Stacked:
    """Arrays that share the axis of chains."""

    def arrays(self) -> dict[str, Array]:
        """The fields that are arrays."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray) and value.ndim}

    @property
    def chains(self) -> int:
        """Number of chains or draws."""
        return max(len(value) for value in self.arrays().values())

    def take(self, chains: NDArray[np.intp]) -> Self:
        """The same for some of the chains; what all share stays shared."""
        picked = {name: value[chains] for name, value in self.arrays().items() if len(value) > 1}
        return replace(self, **picked)  # type: ignore[type-var]


@dataclass(frozen=True, eq=False)
class Market(_Stacked):
    """Base case of m chains of equal shape; slots a chain does not use are 0.

    Parameters
    ----------
    product_t, recycled_t : (m,r)
        Output of refiners and of recyclers. [t/yr]
    use_t : (m,z)
        Use, all of it served in the base. [t/yr]
    product_share : (m,r,z)
        Share of each seller in each buyer's purchases; columns sum to 1, or 0 for who buys nothing.
    ore_t, ore_share : (m,i), (m,i,r)
        The same for the ore; left out for a chain of one stage.
    ore_cost_share : (m,1)
        Ore's share of the product's price, kappa. [0 to below 1]
    mine_elasticity, refinery_elasticity, recycling_elasticity, demand_elasticity : (m,1)
        That of refiners is on the product price. [-]
    switching : (m,1)
        How readily buyers change supplier, mu; at least the elasticity of demand for one solution. [-]
    ceiling : (m,1)
        Cost at which users go without. [base prices, above 1]
    utilisation, stop : (m,1)
        Output over reachable capacity; netback at which half of output stops. [0 to 1]
    idle_t, restart : (m,r), (m,1)
        Capacity that stands still in the base, and the netback at which half of it runs. [t/yr; base prices]
    ore_tariff, product_tariff : (m,i,r), (m,r,z)
        Landed price over price at origin in the base, 1 where there is no tariff.
    supply, demand : functions
        Curves to plug in; the defaults are those the app uses.
    """

    product_t: Array
    use_t: Array
    product_share: Array
    recycled_t: Array = field(default_factory=lambda: np.zeros((1, 1)))
    ore_t: Array = field(default_factory=lambda: np.zeros((1, 0)))
    ore_share: Array | None = None
    ore_cost_share: Array = field(default_factory=lambda: np.zeros((1, 1)))
    mine_elasticity: Array = field(default_factory=lambda: np.full((1, 1), 0.15))
    refinery_elasticity: Array = field(default_factory=lambda: np.full((1, 1), 0.3))
    recycling_elasticity: Array = field(default_factory=lambda: np.full((1, 1), 0.3))
    demand_elasticity: Array = field(default_factory=lambda: np.full((1, 1), 0.15))
    switching: Array = field(default_factory=lambda: np.full((1, 1), 6.0))
    ceiling: Array = field(default_factory=lambda: np.full((1, 1), 8.0))
    utilisation: Array = field(default_factory=lambda: np.full((1, 1), 0.85))
    stop: Array = field(default_factory=lambda: np.full((1, 1), 0.3))
    idle_t: Array = field(default_factory=lambda: np.zeros((1, 1)))
    restart: Array = field(default_factory=lambda: np.full((1, 1), 4.0))
    ore_tariff: Array = field(default_factory=lambda: np.ones((1, 1, 1)))
    product_tariff: Array = field(default_factory=lambda: np.ones((1, 1, 1)))
    supply: Callable[[Array, Array, Array, Array, Array], Curve] = capacity_supply
    demand: Callable[[Array, Array], Curve] = exponential_demand

    def __post_init__(self) -> None:
        """Refuse shapes and values that make no market."""
        if self.ore_share is None:
            object.__setattr__(self, "ore_share", np.zeros((1, self.ore_t.shape[1], self.product_t.shape[1])))
        wanted = {
            "product_share": (self.product_t.shape[1], self.use_t.shape[1]),
            "ore_share": (self.ore_t.shape[1], self.product_t.shape[1]),
        }
        for name, shape in wanted.items():
            if getattr(self, name).shape[1:] != shape:
                raise MarketError(f"{name}: shape {getattr(self, name).shape}, sellers by buyers is {shape}")
        for name in ("product_t", "recycled_t", "use_t", "ore_t", "idle_t"):
            if (getattr(self, name) < 0).any():
                raise MarketError(f"{name}: {getattr(self, name).min()} t is below 0")
        bounds = {"ore_cost_share": (0, 0.999), "utilisation": (0.01, 0.999), "switching": (0.1, 1e4)}
        for name, (low, high) in bounds.items():
            value = getattr(self, name)
            if (value < low).any() or (value > high).any():
                raise MarketError(f"{name}: {value.min()} to {value.max()} is not within [{low}, {high}]")
        if (self.ceiling <= 1).any():
            raise MarketError(f"ceiling: {self.ceiling.min()} is not above 1, the base price")

    @property
    def ore_shares(self) -> Array:
        """Base share of each miner in each refiner's purchases. [(m,i,r)]."""
        assert self.ore_share is not None
        return self.ore_share

    @property
    def missing(self) -> Array:
        """Weight of going without, d = e^{-mu(C-1)}. [(m,1)]."""
        return np.exp(-self.switching * (self.ceiling - 1))


@dataclass(frozen=True, eq=False)
class Routes(_Stacked):
    """Policy on the routes from the sellers to the buyers of one stage, each (m, sellers, buyers) or a number.

    Parameters
    ----------
    access : 1 open, 0 banned
    tariff, export_tax : multiplier of the price, collected on the buyer's and on the seller's side [1 or more]
    floor : least landed price, a duty fills the gap; 0 none [base prices]
    limited, limit : (m,k,sellers,buyers) 1 on the routes of each quota, and (m,k) its tonnes
    """

    access: Array = field(default_factory=lambda: np.ones((1, 1, 1)))
    tariff: Array = field(default_factory=lambda: np.ones((1, 1, 1)))
    export_tax: Array = field(default_factory=lambda: np.ones((1, 1, 1)))
    floor: Array = field(default_factory=lambda: np.zeros((1, 1, 1)))
    limited: Array = field(default_factory=lambda: np.zeros((1, 0, 1, 1)))
    limit: Array = field(default_factory=lambda: np.zeros((1, 0)))


@dataclass(frozen=True, eq=False)
class Policy(_Stacked):
    """What stands between sellers and buyers; the empty one changes nothing.

    Parameters
    ----------
    ore, product : Routes
    strike : (m,r)
        Price guaranteed to refiners, 0 none; users do not pay it. [base prices]
    ore_subsidy, product_subsidy : (m,i), (m,r)
        Paid on each tonne of output: a seller that floods the market. [base prices of the stage]
    release_t : (m,z)
        Sold to users from a stock; negative, bought for it. [t/yr]
    drawn_t : (m,r)
        Ore a refiner takes from its own stock before it buys. [t/yr]
    """

    ore: Routes = field(default_factory=Routes)
    product: Routes = field(default_factory=Routes)
    strike: Array = field(default_factory=lambda: np.zeros((1, 1)))
    ore_subsidy: Array = field(default_factory=lambda: np.zeros((1, 1)))
    product_subsidy: Array = field(default_factory=lambda: np.zeros((1, 1)))
    release_t: Array = field(default_factory=lambda: np.zeros((1, 1)))
    drawn_t: Array = field(default_factory=lambda: np.zeros((1, 1)))

    @property
    def chains(self) -> int:
        """Number of chains or draws the policy tells apart."""
        return max(super().chains, self.ore.chains, self.product.chains)

    def take(self, chains: NDArray[np.intp]) -> Self:
        """The same for some of the chains."""
        return replace(super().take(chains), ore=self.ore.take(chains), product=self.product.take(chains))


def split(share: Array, rise: Array, switching: Array, ceiling: Array | float = np.inf) -> tuple[Array, Array]:
    """Shares of sellers in each buyer's purchases and the buyer's effective cost, when landed prices have risen.

    Parameters
    ----------
    share, rise : (m, sellers, buyers)
        Base shares; rise of the landed price over the buyer's base price. [-]
    switching : (m,1)
    ceiling : (m,1) or infinite
        Cost at which a buyer goes without; what is unserved is 1 less the sum of the shares.

    Returns
    -------
    shares (m, sellers, buyers), effective cost (m, buyers), 1 in the base and for who has no seller and no ceiling.
    """
    missing = np.exp(-switching * (ceiling - 1))
    # Measured from the lowest rise, against overflow.
    lowest = np.where(share > 0, rise, np.inf).min(axis=1, initial=np.inf)
    lowest = np.minimum(lowest, np.minimum(ceiling - 1, 1e3))
    weight = (1 - missing)[:, :, None] * share
    weight = weight * np.exp(-switching[:, :, None] * np.maximum(rise - lowest[:, None], 0))
    total = weight.sum(axis=1) + np.exp(-switching * (ceiling - 1 - lowest))
    some = np.where(total > 0, total, 1.0)
    return weight / some[:, None], np.where(total > 0, 1 + lowest - np.log(some) / switching, 1.0)


@dataclass(frozen=True, eq=False)
class Active:
    """Base quantities and shares of the sellers that have something to sell and someone to sell it to."""

    ore_share: Array
    product_share: Array
    ore_t: Array
    product_t: Array
    recycled_t: Array
    idle_t: Array
    mines: NDArray[np.bool_]
    refines: NDArray[np.bool_]
    ore_world_t: Array
    product_world_t: Array

    @classmethod
    def of(cls, market: Market, policy: Policy) -> Self:
        """A refiner without any ore, or a seller without any buyer, is out of the market."""
        ore_share = market.ore_shares * policy.ore.access
        product_share = market.product_share * policy.product.access
        has_buyer = product_share.sum(axis=2) > NO_ACCESS
        fed = (market.product_t > 0) & ((ore_share.sum(axis=1) > NO_ACCESS) | (market.ore_cost_share == 0))
        refines = (fed | (market.recycled_t > 0)) & has_buyer
        works = fed & has_buyer
        mines = (market.ore_t > 0) & ((ore_share * works[:, None]).sum(axis=2) > NO_ACCESS)
        return cls(
            ore_share=ore_share * mines[:, :, None],
            product_share=product_share * refines[:, :, None],
            ore_t=market.ore_t * mines,
            product_t=market.product_t * works,
            recycled_t=market.recycled_t * refines,
            idle_t=market.idle_t * refines,
            mines=mines,
            refines=refines,
            ore_world_t=_world(market.ore_t),
            product_world_t=_world(market.product_t + market.recycled_t),
        )


def _world(quantity_t: Array) -> Array:
    return np.maximum(quantity_t.sum(axis=1, keepdims=True), 1e-12)


@dataclass(frozen=True, eq=False)
class Trade:
    """One stage at some prices: landed prices, shares, effective cost, tonnes bought."""

    landed: Array
    floor_holds: NDArray[np.bool_]
    shares: Array
    cost: Array
    scale: Array
    rent: Array


def trade(
    price: Array,
    rents: Array,
    share: Array,
    routes: Routes,
    base_tariff: Array,
    switching: Array,
    ceiling: Array | float,
) -> Trade:
    """Landed prices and what buyers make of them; a rent falls on every route of its quota."""
    rent = (rents[:, :, None, None] * routes.limited).sum(axis=1) if rents.shape[1] else np.zeros((1, 1, 1))
    before_floor = price[:, :, None] * (base_tariff * routes.tariff * routes.export_tax)
    landed = np.maximum(before_floor, routes.floor) + rent
    scale = np.where(share.sum(axis=1) > 0, (share * base_tariff).sum(axis=1) / _some(share.sum(axis=1)), 1.0)
    shares, cost = split(share, (landed - base_tariff) / scale[:, None], switching, ceiling)
    return Trade(landed, before_floor < routes.floor, shares, cost, scale, rent)


def _some(value: Array) -> Array:
    return np.where(value > 0, value, 1.0)


@dataclass(frozen=True, eq=False)
class State:
    """Every quantity at some prices, with what does not clear."""

    ore: Trade
    product: Trade
    ore_price: Array
    product_price: Array
    paid: Array
    netback: Array
    mined_t: Array
    refined_t: Array
    recycled_t: Array
    ore_bought_t: Array
    bought_t: Array
    wanted_t: Array
    mined_slope: Array
    refined_slope: Array
    recycled_slope: Array
    wanted_slope: Array
    rents: Array
    residual: Array


def state(prices: Array, market: Market, policy: Policy, active: Active) -> State:
    """All quantities at prices (m, i + r + quotas of ore + quotas of product), and the residuals, over world supply."""
    miners, refiners = market.ore_t.shape[1], market.product_t.shape[1]
    quotas = miners + refiners + policy.ore.limit.shape[1]
    ore_price, product_price = prices[:, :miners], prices[:, miners : miners + refiners]
    ore_rents, product_rents = prices[:, miners + refiners : quotas], prices[:, quotas:]
    kappa = market.ore_cost_share
    ore = trade(ore_price, ore_rents, active.ore_share, policy.ore, market.ore_tariff, market.switching, np.inf)
    product = trade(
        product_price,
        product_rents,
        active.product_share,
        policy.product,
        market.product_tariff,
        market.switching,
        market.ceiling,
    )
    # A guarantee pays at most the strike, also where a glut makes the price negative.
    paid = np.maximum(product_price, policy.strike + np.minimum(product_price, 0))
    netback = (paid + policy.product_subsidy - kappa * ore.cost) / (1 - kappa)
    u, stop = market.utilisation, market.stop
    mined_t, mined_slope = market.supply(active.ore_t, market.mine_elasticity, ore_price + policy.ore_subsidy, u, stop)
    refined_t, refined_slope = market.supply(
        active.product_t, market.refinery_elasticity * (1 - kappa), netback, u, stop
    )
    if active.idle_t.any():
        returned_t, returned_slope = restarted(active.idle_t, market.restart, netback)
        refined_t, refined_slope = refined_t + returned_t, refined_slope + returned_slope
    recycled_t, recycled_slope = market.supply(active.recycled_t, market.recycling_elasticity, product_price, u, stop)
    ratio, ratio_slope = market.demand(product.cost, market.demand_elasticity)
    full_use_t = market.use_t / (1 - market.missing)
    wanted_t = full_use_t * ratio
    ore_bought_t = np.maximum(refined_t - policy.drawn_t, 0)
    bought_t = np.maximum(wanted_t - policy.release_t, 0)
    sold_ore_t = (ore.shares * ore_bought_t[:, None]).sum(axis=2)
    sold_t = (product.shares * bought_t[:, None]).sum(axis=2)
    residual = [
        np.where(active.mines, mined_t - sold_ore_t, 0) / active.ore_world_t,
        np.where(active.refines, refined_t + recycled_t - sold_t, 0) / active.product_world_t,
        _complementarity(ore_rents, ore, ore_bought_t, policy.ore, active.ore_world_t),
        _complementarity(product_rents, product, bought_t, policy.product, active.product_world_t),
    ]
    size = len(prices)
    return State(
        ore,
        product,
        ore_price,
        product_price,
        paid,
        netback,
        mined_t,
        refined_t,
        recycled_t,
        ore_bought_t,
        bought_t,
        wanted_t,
        mined_slope,
        refined_slope,
        recycled_slope,
        full_use_t * ratio_slope,
        prices[:, miners + refiners :],
        np.concatenate([np.broadcast_to(part, (size, part.shape[1])) for part in residual], axis=1),
    )


def _complementarity(rents: Array, stage: Trade, bought_t: Array, routes: Routes, world_t: Array) -> Array:
    """Zero where the rent or the room under the quota is zero and neither is negative. [(m,k)]."""
    if not rents.shape[1]:
        return rents
    return np.minimum(RENT_WEIGHT * rents, (routes.limit - shipped(stage, bought_t, routes)) / world_t)


def shipped(stage: Trade, bought_t: Array, routes: Routes) -> Array:
    """Tonnes on the routes of each quota. [(m,k), t/yr]."""
    return (routes.limited * (stage.shares * bought_t[:, None])[:, None]).sum(axis=(2, 3))
