"""Arrays of the market: the base case, the routes and the policy of many chains, checked when they are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bloc.curves import Curve, capacity_supply, exponential_demand
from bloc.matrix import Array


class MarketError(ValueError):
    """Arrays that do not make a market; the message names the one and the bound."""


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
