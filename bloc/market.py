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

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bloc.curves import restarted
from bloc.market_arrays import Market, Policy, Routes
from bloc.matrix import Array

# A seller with less than this share of any buyer's purchases within reach sells nothing.
NO_ACCESS = 1e-14
# Weight of a rent against the room under its quota in the complementarity; any positive number has the same solution.
RENT_WEIGHT = 0.1


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
