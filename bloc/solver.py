"""The prices that clear the markets of market.py: its derivative in closed form and a damped Newton iteration."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bloc.market import RENT_WEIGHT, Active, Array, Market, Policy, Routes, State, Trade, state

# Residual at which a market counts as cleared, as a share of world supply.
TOLERANCE = 1e-8
MOST_STEPS = 120
# Largest change of a price in one step, in base prices; the second is tried where the first fails.
REACHES = (2.0, 0.3)
HALVINGS = 14
# Keeps the derivative of a seller regular where neither its output nor its sales answer to its price.
REGULAR = 1e-9


def responses(
    stage: Trade, bought_t: Array, slope: Array, routes: Routes, base_tariff: Array, switching: Array
) -> Array:
    """How sales of each seller and tonnes under each quota fall as each price and each rent rises. [(m, s+k, s+k)].

    Share s_j, purchases B of a buyer and rise x: -d(s_i B)/dx_j = mu s_i B 1(i=j) - s_i s_j (mu B + dB/dP).
    `slope` is dB/dP of each buyer. [(m, buyers)]
    """
    sellers = np.arange(stage.shares.shape[1])
    moved = stage.shares * _raised(stage, routes, base_tariff)
    bought = (switching * bought_t)[:, None]
    gain = (switching * bought_t + slope)[:, None]
    own = (moved * bought).sum(axis=2)
    if not routes.limit.shape[1]:
        falls = -(stage.shares * gain) @ moved.swapaxes(1, 2)
        falls[:, sellers, sellers] += own
        return falls
    limited = np.broadcast_to(routes.limited, (len(moved), *routes.limited.shape[1:2], *moved.shape[1:]))
    dearer = limited * (stage.shares / stage.scale[:, None])[:, None]
    rows = np.concatenate([stage.shares, under(stage, routes)], axis=1)
    columns = np.concatenate([moved, dearer.sum(axis=2)], axis=1)
    falls = -(rows * gain) @ columns.swapaxes(1, 2)
    falls[:, sellers, sellers] += own
    falls[:, : len(sellers), len(sellers) :] += (dearer * bought[:, None]).sum(axis=3).swapaxes(1, 2)
    falls[:, len(sellers) :, : len(sellers)] += (limited * (moved * bought)[:, None]).sum(axis=3)
    falls[:, len(sellers) :, len(sellers) :] += np.einsum("mkrz,mlrz->mkl", limited, dearer * bought[:, None])
    return falls


def _raised(stage: Trade, routes: Routes, base_tariff: Array) -> Array:
    """Rise of the landed price over the buyer's base price as the price at origin rises; none where a floor holds."""
    wedge = base_tariff * routes.tariff * routes.export_tax
    return np.where(stage.floor_holds, 0.0, wedge) / stage.scale[:, None]


def under(stage: Trade, routes: Routes) -> Array:
    """Share of each buyer's purchases that falls under each quota. [(m,k,buyers)]."""
    return (routes.limited * stage.shares[:, None]).sum(axis=2)


def jacobian(now: State, market: Market, policy: Policy, active: Active) -> Array:
    """Derivative of the residuals by the prices and rents, in closed form. [(m, n, n)]."""
    miners, refiners, ore_quotas = market.ore_t.shape[1], market.product_t.shape[1], policy.ore.limit.shape[1]
    line = np.arange(now.residual.shape[1])
    mine, refine, rent = np.split(line, [miners, miners + refiners])
    ore_lines = np.concatenate([mine, rent[:ore_quotas]])
    product_lines = np.concatenate([refine, rent[ore_quotas:]])
    kappa = market.ore_cost_share
    # Where the strike holds, what refiners are paid does not follow the price.
    follows = (now.product_price >= policy.strike) | (now.product_price < 0)
    by_price = now.refined_slope * follows / (1 - kappa)
    by_cost = -kappa / (1 - kappa) * now.refined_slope
    out = np.zeros((len(line), len(now.residual), len(line))).swapaxes(0, 1)
    if miners:
        buys = now.ore_bought_t > 0
        out[:, ore_lines[:, None], ore_lines] = responses(
            now.ore, now.ore_bought_t, by_cost * buys, policy.ore, market.ore_tariff, market.switching
        )
        sold = np.concatenate([now.ore.shares, under(now.ore, policy.ore)], axis=1)
        out[:, ore_lines[:, None], refine] = -sold * (by_price * buys)[:, None]
        by_ore = now.ore.shares * _raised(now.ore, policy.ore, market.ore_tariff)
        by_rent = under(now.ore, policy.ore) / now.ore.scale[:, None]
        dearer = np.concatenate([by_ore, by_rent], axis=1)
        out[:, refine[:, None], ore_lines] = by_cost[:, :, None] * dearer.swapaxes(1, 2)
    wanted = now.wanted_slope * (now.bought_t > 0)
    out[:, product_lines[:, None], product_lines] = responses(
        now.product, now.bought_t, wanted, policy.product, market.product_tariff, market.switching
    )
    out[:, mine, mine] += now.mined_slope
    out[:, refine, refine] += by_price + now.recycled_slope
    out[:, ore_lines] /= active.ore_world_t[:, :, None]
    out[:, product_lines] /= active.product_world_t[:, :, None]
    slack = now.residual[:, rent] >= RENT_WEIGHT * now.rents - 1e-15
    for lines, alone, slope in ((mine, ~active.mines, 1.0), (refine, ~active.refines, 1.0), (rent, slack, RENT_WEIGHT)):
        out[:, lines] = np.where(alone[:, :, None], slope * np.eye(len(line))[lines], out[:, lines])
    sellers = line[: miners + refiners]
    out[:, sellers, sellers] += REGULAR
    return out


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """Prices and tonnes at which every market clears; NaN for who sells nothing, and for a chain that did not converge.

    Parameters
    ----------
    ore_price, product_price : (m,i), (m,r)
        At origin. [base prices of the stage]
    ore_landed, product_landed : (m,i,r), (m,r,z)
    ore_rent, product_rent : (m,i,r), (m,r,z)
        Rent of quotas on each route, inside the landed price.
    ore_cost, cost : (m,r), (m,z)
        Effective cost, what switching costs included. [base costs of the buyer]
    ore_flow_t, flow_t : (m,i,r), (m,r,z)
    mined_t, refined_t, recycled_t : (m,i), (m,r), (m,r)
    wanted_t : (m,z)
        Use at the effective cost, with what goes without counted in; `served_t` is what arrives. [t/yr]
    netback, paid : (m,r)
        What is left to refiners after ore; what they are paid for the product.
    prices : (m,n)
        All prices and rents, to start another solution from.
    steps, residual, converged : (m,)
    """

    ore_price: Array
    product_price: Array
    ore_landed: Array
    product_landed: Array
    ore_rent: Array
    product_rent: Array
    ore_cost: Array
    cost: Array
    ore_flow_t: Array
    flow_t: Array
    mined_t: Array
    refined_t: Array
    recycled_t: Array
    wanted_t: Array
    netback: Array
    paid: Array
    release_t: Array
    prices: Array
    steps: NDArray[np.intp]
    residual: Array
    converged: NDArray[np.bool_]

    @property
    def served_t(self) -> Array:
        """Use that arrives, from sellers or a stock. [(m,z), t/yr]."""
        return self.flow_t.sum(axis=1) + np.minimum(self.release_t, self.wanted_t)

    @property
    def landed(self) -> Array:
        """Average landed price of what each user buys: "the price"; NaN for who buys nothing. [(m,z), base prices]."""
        bought_t = self.flow_t.sum(axis=1)
        paid = (self.flow_t * np.where(self.flow_t > 0, self.product_landed, 0)).sum(axis=1)
        return np.where(bought_t > 0, paid / np.where(bought_t > 0, bought_t, 1), np.nan)


NOTHING = Policy()


def solve(market: Market, policy: Policy = NOTHING, start: Array | None = None) -> Equilibrium:
    """Prices that clear every market: damped Newton, all chains at once, finished chains drop out.

    Parameters
    ----------
    start : (m, n), optional
        `prices` of an equilibrium of the same shape and the same number of quotas, to begin from.
    """
    prices, steps, residual = _newton(market, policy, start, REACHES[0])
    failed = np.flatnonzero(~(residual <= TOLERANCE))
    if failed.size:
        again, more, left = _newton(market.take(failed), policy.take(failed), None, REACHES[1])
        prices[failed], residual[failed] = again, left
        steps[failed] += more
    return _equilibrium(prices, market, policy, steps, residual)


def _newton(market: Market, policy: Policy, start: Array | None, reach: float) -> tuple[Array, NDArray[np.intp], Array]:
    """Prices, steps and largest residual of each chain, with no step above `reach` base prices."""
    size, sellers = max(market.chains, policy.chains), market.ore_t.shape[1] + market.product_t.shape[1]
    prices = np.zeros((size, sellers + policy.ore.limit.shape[1] + policy.product.limit.shape[1]))
    prices[:, :sellers] = 1.0
    if start is not None:
        prices[:] = start
    steps, residual, todo = np.zeros(size, int), np.full(size, np.inf), np.arange(size)
    while todo.size:
        ours, wedges = (market, policy) if len(todo) == size else (market.take(todo), policy.take(todo))
        active = Active.of(ours, wedges)
        at = prices[todo]
        now = state(at, ours, wedges, active)
        worst = np.abs(now.residual).max(axis=1)
        while True:
            done = (worst <= TOLERANCE) | (steps[todo] >= MOST_STEPS)
            # Chains leave in groups: taking the rest apart has its price.
            if done.all() or 3 * done.sum() > len(todo):
                break
            move = -np.linalg.solve(jacobian(now, ours, wedges, active), now.residual[:, :, None])[:, :, 0]
            length = np.minimum(1, reach / np.maximum(np.abs(move).max(axis=1), 1e-12)) * ~done
            for _ in range(HALVINGS):
                trial = state(at + length[:, None] * move, ours, wedges, active)
                new = np.abs(trial.residual).max(axis=1)
                worse = (new > worst * (1 - 1e-4 * length)) & ~done
                if not worse.any():
                    break
                length = np.where(worse, length / 2, length)
            at, now, worst = at + length[:, None] * move, trial, new
            steps[todo] += ~done
        prices[todo], residual[todo] = at, worst
        todo = todo[~done]
    return prices, steps, residual


def _equilibrium(
    prices: Array, market: Market, policy: Policy, steps: NDArray[np.intp], residual: Array
) -> Equilibrium:
    active = Active.of(market, policy)
    now = state(prices, market, policy, active)
    converged = residual <= TOLERANCE

    def drawn(value: Array, seller: NDArray[np.bool_] | bool = True) -> Array:
        shown = converged.reshape(-1, *[1] * (value.ndim - 1)) & np.asarray(seller)
        return np.where(shown, value, np.nan)

    return Equilibrium(
        ore_price=drawn(now.ore_price, active.mines),
        product_price=drawn(now.product_price, active.refines),
        ore_landed=drawn(now.ore.landed),
        product_landed=drawn(now.product.landed),
        ore_rent=drawn(np.broadcast_to(now.ore.rent, now.ore.landed.shape)),
        product_rent=drawn(np.broadcast_to(now.product.rent, now.product.landed.shape)),
        ore_cost=drawn(now.ore.cost),
        cost=drawn(now.product.cost),
        ore_flow_t=drawn(now.ore.shares * now.ore_bought_t[:, None]),
        flow_t=drawn(now.product.shares * now.bought_t[:, None]),
        mined_t=drawn(now.mined_t),
        refined_t=drawn(now.refined_t),
        recycled_t=drawn(now.recycled_t),
        wanted_t=drawn(now.wanted_t),
        netback=drawn(now.netback, active.refines),
        paid=drawn(now.paid, active.refines),
        release_t=drawn(np.broadcast_to(policy.release_t, now.wanted_t.shape)),
        prices=prices,
        steps=steps,
        residual=residual,
        converged=converged,
    )
