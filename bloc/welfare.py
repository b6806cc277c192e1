"""Who pays and who gains: the money that changes hands between the base and an equilibrium of the market.

All in base prices of the product times tonnes; times the base price in USD it is dollars. Surpluses are areas beside
the curves of curves.py, the sum is exact: from an undistorted base no wedge can make the world better off.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from bloc.curves import Curve, restarted
from bloc.market_arrays import Market, Policy
from bloc.matrix import Array
from bloc.solver import Equilibrium

# Points of the Gauss-Legendre rule for areas beside a curve; the shut-down is steep, hence so many.
POINTS, WEIGHTS = np.polynomial.legendre.leggauss(48)


def area(curve: Callable[[Array], Curve], to: Array) -> Array:
    """Integral of a curve from price 1 to `to`, any shape; 0 where `to` is 1, NaN where it is NaN."""
    half = (to - 1) / 2
    points = POINTS.reshape(-1, *[1] * to.ndim)
    return half * np.tensordot(WEIGHTS, curve(1 + half * (1 + points))[0], axes=1)


@dataclass(frozen=True, eq=False)
class Money:
    """Change against the base, by country of its side; a loss is negative. [base prices x t/yr].

    Parameters
    ----------
    buyers : (m,z)
        Users' surplus.
    miners, refiners, recyclers : (m,i), (m,r), (m,r)
        Producers' surplus.
    duties : (m,z)
        Tariffs and what fills the gap to a floor, on the product, by country of use, less those of the base.
    ore_duties : (m,r)
        The same on ore, by country of refining.
    export_taxes, ore_export_taxes : (m,r), (m,i)
    rents, ore_rents : (m,r), (m,i)
        Of quotas, by seller: once, with the gap to a floor where both hold.
    support : (m,r)
        Paid on strikes and subsidies, negative.
    ore_support : (m,i)
    stocks : (m,z)
        Proceeds of releases, cost of purchases, at what users pay.
    drawn : (m,r)
        Value of the ore refiners took from their own stock.
    """

    buyers: Array
    miners: Array
    refiners: Array
    recyclers: Array
    duties: Array
    ore_duties: Array
    export_taxes: Array
    ore_export_taxes: Array
    rents: Array
    ore_rents: Array
    support: Array
    ore_support: Array
    stocks: Array
    drawn: Array

    def world(self) -> Array:
        """Sum over everybody. [(m,)]."""
        return np.sum([np.nansum(getattr(self, each.name), axis=1) for each in fields(self)], axis=0)


def money(market: Market, policy: Policy, found: Equilibrium) -> Money:
    """Money that changes hands at an equilibrium; NaN for chains that did not converge."""
    kappa, refiners_kappa = market.ore_cost_share, market.landed_ore_share
    u, stop = market.utilisation, market.stop
    full_use_t = market.use_t / (1 - market.missing)

    def refinery(netback: Array) -> Curve:
        elasticity = market.refinery_elasticity * (1 - refiners_kappa)
        output_t, slope = market.supply(market.product_t, elasticity, netback, u, stop)
        back_t, back_slope = restarted(market.idle_t, market.restart, netback)
        return output_t + back_t, slope + back_slope

    buyers = area(lambda cost: market.demand(cost, market.demand_elasticity), found.cost)
    miners = area(
        lambda price: market.supply(market.ore_t, market.mine_elasticity, price, u, stop),
        _or_nothing(found.ore_price, found.converged) + policy.ore_subsidy,
    )
    recyclers = area(
        lambda price: market.supply(market.recycled_t, market.recycling_elasticity, price, u, stop),
        _or_nothing(found.product_price, found.converged),
    )
    product = _wedges(
        found.flow_t,
        found.product_price,
        found.product_landed,
        found.product_rent,
        market.product_tariff * policy.product.tariff,
        policy.product.export_tax,
    )
    ore = _wedges(
        found.ore_flow_t,
        found.ore_price,
        found.ore_landed,
        found.ore_rent,
        market.ore_tariff * policy.ore.tariff,
        policy.ore.export_tax,
    )
    base_duties = ((market.product_tariff - 1) * market.product_share * market.use_t[:, None]).sum(axis=1)
    base_ore_duties = ((market.ore_tariff - 1) * market.ore_shares * market.product_t[:, None]).sum(axis=1)
    return Money(
        buyers=-full_use_t * market.base_cost * buyers,
        miners=kappa * miners,
        refiners=(1 - refiners_kappa) * area(refinery, _or_nothing(found.netback, found.converged)),
        recyclers=recyclers,
        duties=product[0] - base_duties,
        ore_duties=kappa * (ore[0] - base_ore_duties),
        export_taxes=product[1],
        ore_export_taxes=kappa * ore[1],
        rents=product[2],
        ore_rents=kappa * ore[2],
        support=-found.refined_t * np.nan_to_num(found.paid - found.product_price + policy.product_subsidy),
        ore_support=-kappa * found.mined_t * policy.ore_subsidy,
        stocks=np.minimum(policy.release_t, found.wanted_t) * found.cost * market.base_cost,
        drawn=refiners_kappa * np.minimum(policy.drawn_t, found.refined_t) * found.ore_cost,
    )


def _or_nothing(price: Array, converged: NDArray[np.bool_]) -> Array:
    """Price of a seller, 0 for one the policy leaves without any buyer: it loses all its surplus."""
    return np.where(converged[:, None] & np.isnan(price), 0.0, price)


def _wedges(
    flow_t: Array, price: Array, landed: Array, rent: Array, tariff: Array, export_tax: Array
) -> tuple[Array, Array, Array]:
    """Duties by buyer, export taxes and rents by seller: all that lies between the price at origin and the landed one.

    A tariff is paid on the price after export tax. Under a quota that binds the seller takes the gap to a floor itself:
    the rent is rho + (F - p), that duty is nil.
    """
    sold = flow_t > 0
    value = np.where(sold, price[:, :, None], 0) * flow_t
    taxed = value * (export_tax - 1)
    tariffs = value * export_tax * (tariff - 1)
    rents = np.where(sold, rent, 0) * flow_t
    gap = np.where(sold, landed, 0) * flow_t - rents - value * export_tax * tariff
    binds = rents > 0
    return (
        (tariffs + np.where(binds, 0, gap)).sum(axis=1),
        taxed.sum(axis=2),
        (rents + np.where(binds, gap, 0)).sum(axis=2),
    )
