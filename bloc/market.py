"""The market of a mineral's chain, mine to refiner to user: who sells to whom, and at what price, under trade policy.

Prices are multiples of the base price, quantities tonnes of content a year. Every array begins with the axis of chains
(or of draws of one chain), of length m, or 1 where all share it; then come i miners, r refiners and recyclers,
z users, k quotas. A chain of one stage has an ore cost share of 0. Where nothing is assumed the base comes back.

    landed price     w = max(p T, F) + rent                 T base tariff, tariffs and export taxes, F price floor
    split            s_i = (1-d) a_i e^{-mu x_i} / Z        x_i rise of w over its base, d = e^{-mu(C-1)}
    effective cost   P = 1 - ln(Z)/mu                       Z = (1-d) sum_j a_j e^{-mu x_j} + d, at most the ceiling C
    use              D = D0/(1-d) demand(P)
    netback          v1 = p1 + b,  v2 = (max(p2, K) + b - kappa P_ore)/(1 - kappa)      K strike, b subsidy
    ore clears       supply(v1) = sum_r s_ir (Q_r - drawn_r)
    product clears   Q_r + recycled_r = sum_z s_rz (D_z - release_z)
    quota            rent >= 0 with limit - shipped >= 0, one of them 0

Rises and effective costs are in base costs of the buyer, its base tariffs included; kappa is counted with the tariff
the refiner pays on ore.
To first order the split is that of GSIM (Joseph Francois and H. Keith Hall, Global Simulation Analysis of
Industry-Level Trade Policy, World Bank, 2003, pages 4-7), additive in tonnes; as switching grows one price per
connected market remains (Takashi Takayama and George Judge, Equilibrium among spatially separated markets, Econometrica
32, 1964, pages 510-524; both recalled, pages not checked).
With switching at least as large as the elasticity of demand there is one solution.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
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
# Weight of a rent against the room under its quota in the complementarity; any positive number has the same solution.
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
        return self._part({name: value[chains] for name, value in self.arrays().items() if len(value) > 1})

    def first(self, slots: dict[str, tuple[int, ...]]) -> Self:
        """The same with only the first slots along the last axes of some arrays; what all share stays shared."""
        cut = {name: getattr(self, name)[(..., *(slice(most) for most in lengths))] for name, lengths in slots.items()}
        return self._part(cut)

    def _part(self, arrays: Mapping[str, object]) -> Self:
        """The same with some fields cut down: parts of what was checked when it was made are not checked again."""
        part = object.__new__(type(self))
        part.__dict__.update(self.__dict__, **arrays)
        return part


# Lowest and highest value of every array; infinity where none is set.
MARKET_BOUNDS = {
    **dict.fromkeys(("product_t", "recycled_t", "use_t", "ore_t", "idle_t"), (0.0, 1e15)),
    **dict.fromkeys(("product_share", "ore_share"), (0.0, 1.0 + 1e-6)),
    **dict.fromkeys(
        ("mine_elasticity", "refinery_elasticity", "recycling_elasticity", "demand_elasticity"), (0.0, 1e3)
    ),
    **dict.fromkeys(("ore_tariff", "product_tariff"), (0.01, 100.0)),
    "ore_cost_share": (0.0, 0.999),
    "switching": (0.1, 1e4),
    "ceiling": (1.01, 1e4),
    "utilisation": (0.01, 0.999),
    "stop": (0.0, 0.999),
    "restart": (1.0, 1e4),
}
# The sides whose slots stand along the last axes of an array.
MARKET_SIDES = {
    **dict.fromkeys(("product_t", "recycled_t", "idle_t"), ("refiners",)),
    **dict.fromkeys(("product_share", "product_tariff"), ("refiners", "users")),
    **dict.fromkeys(("ore_share", "ore_tariff"), ("miners", "refiners")),
    "ore_t": ("miners",),
    "use_t": ("users",),
}
POLICY_SIDES = {
    **dict.fromkeys(("strike", "product_subsidy", "drawn_t"), ("refiners",)),
    "ore_subsidy": ("miners",),
    "release_t": ("users",),
}
ROUTE_BOUNDS = {
    **dict.fromkeys(("access", "limited"), (0.0, 1.0)),
    **dict.fromkeys(("tariff", "export_tax"), (0.01, 100.0)),
    "floor": (0.0, 1e4),
    "limit": (0.0, np.inf),
}
POLICY_BOUNDS = {
    "strike": (0.0, 1e4),
    **dict.fromkeys(("ore_subsidy", "product_subsidy"), (-1e4, 1e4)),
    "release_t": (-1e15, 1e15),
    "drawn_t": (0.0, 1e15),
}


def _within(arrays: _Stacked, bounds: dict[str, tuple[float, float]]) -> None:
    """Refuse values out of bounds, NaN among them."""
    for name, (low, high) in bounds.items():
        value = getattr(arrays, name)
        if not ((value >= low) & (value <= high)).all():
            raise MarketError(f"{name}: {value.min():g} to {value.max():g} is not within [{low:g}, {high:g}]")


def _one_axis(arrays: _Stacked) -> None:
    """Refuse arrays that do not agree on the number of chains."""
    lengths = {name: len(value) for name, value in arrays.arrays().items()}
    for name, length in lengths.items():
        if length not in (1, max(lengths.values())):
            raise MarketError(f"{name}: {length} chains, others have {max(lengths.values())}; 1 is shared by all")


def _widths(arrays: _Stacked, wanted: dict[str, tuple[int, ...]], stage: str = "") -> None:
    """Refuse arrays whose sellers or buyers are neither those of the market nor 1 for all."""
    for name, width in wanted.items():
        shape = getattr(arrays, name).shape
        if len(shape) != len(width) + 1 or any(
            have not in (1, want) for have, want in zip(shape[1:], width, strict=True)
        ):
            raise MarketError(f"{stage}{name}: shape {shape}, after the axis of chains {width} or 1 is needed")


def _base_cost(share: Array, tariff: Array) -> Array:
    """Average landed price of each buyer in the base; 1 for who buys nothing."""
    if tariff.shape[1:] == (1, 1):
        return tariff[:, :, 0]
    bought = share.sum(axis=1)
    return np.where(bought > 0, (share * tariff).sum(axis=1) / np.where(bought > 0, bought, 1.0), 1.0)


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
        Share of each seller in each buyer's purchases; columns sum to 1, or 0 for who buys nothing. The base comes back
        where product_t + recycled_t is what they say is sold; where not, prices clear the difference.
    ore_t, ore_share : (m,i), (m,i,r)
        The same for the ore; left out for a chain of one stage.
    ore_cost_share : (m,1)
        Ore's share of the product's price, kappa, both at origin. [0 to below 1]
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
        _within(self, MARKET_BOUNDS)
        self._check()

    def _check(self) -> None:
        _one_axis(self)
        miners, refiners, users = self.ore_t.shape[1], self.product_t.shape[1], self.use_t.shape[1]
        for name, sellers, buyers in (("product_share", refiners, users), ("ore_share", miners, refiners)):
            share = getattr(self, name)
            if share.shape[1:] != (sellers, buyers):
                raise MarketError(f"{name}: shape {share.shape}, sellers by buyers is {(sellers, buyers)}")
            bought = share.sum(axis=1)
            if (np.minimum(np.abs(bought - 1), np.abs(bought)) > 1e-6).any():
                raise MarketError(
                    f"{name}: a buyer's shares sum to {bought.min():g} or {bought.max():g}, not to 1 or 0"
                )
        _widths(self, {"recycled_t": (refiners,), "idle_t": (refiners,), "ore_tariff": (miners, refiners)})
        _widths(self, {"product_tariff": (refiners, users)})
        if (self.landed_ore_share > 0.999).any():
            raise MarketError(f"ore_cost_share: {self.landed_ore_share.max():g} with the base tariff is above 0.999")

    @property
    def ore_shares(self) -> Array:
        """Base share of each miner in each refiner's purchases. [(m,i,r)]."""
        assert self.ore_share is not None
        return self.ore_share

    @property
    def ore_base_cost(self) -> Array:
        """What a refiner pays for ore in the base, tariff included. [(m,r) or (m,1), base prices at origin]."""
        return _base_cost(self.ore_shares, self.ore_tariff)

    @property
    def base_cost(self) -> Array:
        """What a user pays in the base, tariff included. [(m,z) or (m,1), base prices at origin]."""
        return _base_cost(self.product_share, self.product_tariff)

    @property
    def landed_ore_share(self) -> Array:
        """Ore's share of the product's price for each refiner, its tariff included. [(m,r) or (m,1)]."""
        return self.ore_cost_share * self.ore_base_cost

    def crop(self, miners: int, refiners: int, users: int) -> Self:
        """The same with fewer slots: those beyond must be unused."""
        by_side = {"miners": miners, "refiners": refiners, "users": users}
        return self.first({name: tuple(by_side[side] for side in sides) for name, sides in MARKET_SIDES.items()})

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
    tariff, export_tax : multiplier of the price, collected on the buyer's and on the seller's side
        A tariff below 1 is a preference on the base tariff.
    floor : least landed price, a duty fills the gap; 0 none [base prices]
    limited, limit : (m,k,sellers,buyers) 1 on the routes of each quota, and (m,k) its tonnes
    """

    access: Array = field(default_factory=lambda: np.ones((1, 1, 1)))
    tariff: Array = field(default_factory=lambda: np.ones((1, 1, 1)))
    export_tax: Array = field(default_factory=lambda: np.ones((1, 1, 1)))
    floor: Array = field(default_factory=lambda: np.zeros((1, 1, 1)))
    limited: Array = field(default_factory=lambda: np.zeros((1, 0, 1, 1)))
    limit: Array = field(default_factory=lambda: np.zeros((1, 0)))

    def __post_init__(self) -> None:
        """Refuse values out of bounds."""
        _within(self, ROUTE_BOUNDS)
        _one_axis(self)

    def crop(self, sellers: int, buyers: int) -> Self:
        """The same for a stage of fewer slots."""
        return self.first(dict.fromkeys(("access", "tariff", "export_tax", "floor", "limited"), (sellers, buyers)))

    def check(self, stage: str, sellers: int, buyers: int) -> None:
        """Refuse shapes that do not fit the stage."""
        quotas = self.limit.shape[1]
        if self.limited.shape[1] != quotas:
            raise MarketError(f"{stage}limited: shape {self.limited.shape}, but limit has {quotas} quotas")
        _widths(self, dict.fromkeys(("access", "tariff", "export_tax", "floor"), (sellers, buyers)), stage)
        _widths(self, {"limited": (quotas, sellers, buyers)}, stage)


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

    def __post_init__(self) -> None:
        """Refuse values out of bounds."""
        _within(self, POLICY_BOUNDS)
        _one_axis(self)

    def check(self, market: Market) -> None:
        """Refuse shapes that do not fit the market, or another number of chains."""
        miners, refiners, users = market.ore_t.shape[1], market.product_t.shape[1], market.use_t.shape[1]
        self.ore.check("ore.", miners, refiners)
        self.product.check("product.", refiners, users)
        _widths(self, dict.fromkeys(("strike", "product_subsidy", "drawn_t"), (refiners,)))
        _widths(self, {"ore_subsidy": (miners,), "release_t": (users,)})
        known = {market.chains, super().chains, self.ore.chains, self.product.chains} - {1}
        if len(known) > 1:
            raise MarketError(f"policy: arrays of {min(known)} and of {max(known)} chains; 1 is shared by all")

    @property
    def chains(self) -> int:
        """Number of chains or draws the policy tells apart."""
        return max(super().chains, self.ore.chains, self.product.chains)

    def take(self, chains: NDArray[np.intp]) -> Self:
        """The same for some of the chains."""
        return super().take(chains)._part({"ore": self.ore.take(chains), "product": self.product.take(chains)})

    def crop(self, miners: int, refiners: int, users: int) -> Self:
        """The same for a market of fewer slots."""
        by_side = {"miners": miners, "refiners": refiners, "users": users}
        cut = self.first({name: tuple(by_side[side] for side in sides) for name, sides in POLICY_SIDES.items()})
        return cut._part({"ore": self.ore.crop(miners, refiners), "product": self.product.crop(refiners, users)})


@dataclass(frozen=True, eq=False)
class Channel:
    """One stage as a policy leaves it: who may sell to whom, in base costs of the buyer. What no price changes.

    Parameters
    ----------
    log_weight : (m, sellers, buyers)
        ln((1-d) a), minus infinity where the route is closed.
    wedge, base, floor : (m, sellers, buyers) or 1 for all
        Landed price per price at origin; base landed price; floor.
    limited : (m, k, sellers, buyers)
        Rise of the landed price with each quota's rent.
    routes : (m, k, sellers, buyers)
        1 on the routes of each quota.
    limit : (m, k)
    switching, without : (m,1)
        mu; logarithm of the weight of going without, -mu(C-1), minus infinity without a ceiling.
    world_t : (m,1)
        Base supply, to measure residuals by.
    """

    log_weight: Array
    wedge: Array
    base: Array
    floor: Array
    limited: Array
    routes: Array
    limit: Array
    switching: Array
    without: Array
    world_t: Array

    @classmethod
    def of(
        cls, share: Array, routes: Routes, tariff: Array, cost: Array, switching: Array, without: Array, base_t: Array
    ) -> Self:
        """From base shares of the sellers in the market, base tariffs and what buyers pay in the base."""
        scale = cost[:, None]
        with np.errstate(divide="ignore"):
            log_weight = np.log(share) + np.log1p(-np.exp(without))[:, :, None]
        return cls(
            log_weight=log_weight,
            wedge=tariff * routes.tariff * routes.export_tax / scale,
            base=tariff / scale,
            floor=routes.floor / scale,
            limited=routes.limited / scale[:, None],
            routes=routes.limited,
            limit=routes.limit,
            switching=switching,
            without=without,
            world_t=np.maximum(base_t.sum(axis=1, keepdims=True), 1e-12),
        )


def split(log_weight: Array, rise: Array, switching: Array, without: Array) -> tuple[Array, Array]:
    """Shares of sellers in each buyer's purchases and the buyer's effective cost, when landed prices have risen.

    Parameters
    ----------
    log_weight, rise : (m, sellers, buyers)
        Logarithm of base shares, those of a `Channel`; rise of the landed price over the buyer's base cost. [-]
    switching, without : (m,1)
        mu; logarithm of the weight of going without. What is unserved is 1 less the sum of the shares.

    Returns
    -------
    shares (m, sellers, buyers), effective cost (m, buyers), 1 in the base and for who has no seller and no ceiling.
    """
    weight = log_weight - switching[:, :, None] * rise
    # Measured from the heaviest, against overflow.
    top = np.maximum(weight.max(axis=1, initial=-np.inf), without)
    top = np.where(np.isneginf(top), 0.0, top)
    weight -= top[:, None]
    np.exp(weight, out=weight)
    total = weight.sum(axis=1) + np.exp(without - top)
    some = np.where(total > 0, total, 1.0)
    weight /= some[:, None]
    return weight, np.where(total > 0, 1 - (top + np.log(some)) / switching, 1.0)


@dataclass(frozen=True, eq=False)
class Active:
    """The market under a policy before any price: the sellers that have something to sell and someone to sell it to."""

    ore: Channel
    product: Channel
    ore_t: Array
    product_t: Array
    recycled_t: Array
    idle_t: Array
    full_use_t: Array
    mines: NDArray[np.bool_]
    works: NDArray[np.bool_]
    refines: NDArray[np.bool_]

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
        mu = market.switching
        return cls(
            ore=Channel.of(
                ore_share * mines[:, :, None],
                policy.ore,
                market.ore_tariff,
                market.ore_base_cost,
                mu,
                np.full_like(mu, -np.inf),
                market.ore_t,
            ),
            product=Channel.of(
                product_share * refines[:, :, None],
                policy.product,
                market.product_tariff,
                market.base_cost,
                mu,
                -mu * (market.ceiling - 1),
                market.product_t + market.recycled_t,
            ),
            ore_t=market.ore_t * mines,
            product_t=market.product_t * works,
            recycled_t=market.recycled_t * refines,
            idle_t=market.idle_t * works,
            full_use_t=market.use_t / (1 - market.missing),
            mines=mines,
            works=works,
            refines=refines,
        )


@dataclass(frozen=True, eq=False)
class Trade:
    """One stage at some prices: shares, the buyers' effective cost, where a floor holds."""

    landed: Array
    floor_holds: NDArray[np.bool_]
    shares: Array
    cost: Array


def trade(price: Array, rents: Array, channel: Channel) -> Trade:
    """Landed prices, in base costs of the buyer, and what buyers make of them; a rent falls on its quota's routes."""
    landed = price[:, :, None] * channel.wedge
    floor_holds = np.zeros((1, 1, 1), bool)
    if channel.floor.any():
        floor_holds = landed < channel.floor
        landed = np.maximum(landed, channel.floor)
    if rents.shape[1]:
        landed = landed + (rents[:, :, None, None] * channel.limited).sum(axis=1)
    return Trade(
        landed, floor_holds, *split(channel.log_weight, landed - channel.base, channel.switching, channel.without)
    )


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
    rooms: Array
    residual: Array


def state(prices: Array, market: Market, policy: Policy, active: Active) -> State:
    """All quantities at prices (m, i + r + quotas of ore + quotas of product), and the residuals, over world supply."""
    miners, refiners, ore_quotas = market.ore_t.shape[1], market.product_t.shape[1], policy.ore.limit.shape[1]
    ore_price, product_price, ore_rents, product_rents = np.split(
        prices, np.cumsum([miners, refiners, ore_quotas]), axis=1
    )
    ore, product = trade(ore_price, ore_rents, active.ore), trade(product_price, product_rents, active.product)
    kappa = market.landed_ore_share
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
    wanted_t = active.full_use_t * ratio
    ore_bought_t = np.maximum(refined_t - policy.drawn_t, 0)
    bought_t = np.maximum(wanted_t - policy.release_t, 0)
    rents = prices[:, miners + refiners :]
    rooms = _joined(len(prices), room(ore, ore_bought_t, active.ore), room(product, bought_t, active.product))
    residual = _joined(
        len(prices),
        np.where(active.mines, mined_t - sold(ore, ore_bought_t), 0) / active.ore.world_t,
        np.where(active.refines, refined_t + recycled_t - sold(product, bought_t), 0) / active.product.world_t,
        complementarity(RENT_WEIGHT * rents, rooms)[0],
    )
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
        active.full_use_t * ratio_slope,
        rents,
        rooms,
        residual,
    )


def _joined(chains: int, *parts: Array) -> Array:
    return np.concatenate([np.broadcast_to(part, (chains, part.shape[1])) for part in parts], axis=1)


def sold(stage: Trade, bought_t: Array) -> Array:
    """Tonnes each seller sells. [(m, sellers), t/yr]."""
    return (stage.shares @ bought_t[:, :, None])[:, :, 0]


def room(stage: Trade, bought_t: Array, channel: Channel) -> Array:
    """What may still be shipped under each quota, over world supply; counted up to that supply. [(m,k)]."""
    if not channel.limit.shape[1]:
        return np.zeros((1, 0))
    shipped_t = (channel.routes * (stage.shares * bought_t[:, None])[:, None]).sum(axis=(2, 3))
    return np.minimum((channel.limit - shipped_t) / channel.world_t, 1.0)


def complementarity(rent: Array, room: Array) -> tuple[Array, Array, Array]:
    """Rent + room - sqrt(rent^2 + room^2), and its slopes by both.

    It is 0 exactly where one of them is 0 and neither is negative (Andreas Fischer, A special Newton-type optimization
    method, Optimization 24, 1992; recalled, pages not checked).
    """
    length = np.hypot(rent, room)
    some = np.where(length > 0, length, 1.0)
    return rent + room - length, 1 - rent / some, 1 - room / some
