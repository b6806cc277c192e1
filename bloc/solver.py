"""The prices that clear the markets of market.py: its derivative in closed form and a damped Newton iteration."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bloc.market import RENT_WEIGHT, Active, Channel, State, Trade, complementarity, state
from bloc.market_arrays import Market, MarketError, Policy, Routes
from bloc.matrix import Array

# Residual at which a market counts as cleared, as a share of world supply.
TOLERANCE = 1e-9
MOST_STEPS = 120
# Largest rise of a price in one step, in base prices, and inertia; the next is tried where one fails. With inertia
# (pseudo-time: the residual times it is added to the derivative's diagonal) a step may make things worse for a while.
ATTEMPTS = ((2.0, 0.0), (0.3, 0.0), (2.0, 1.0))
# A fall may be this part of a rise: a longer one jumps over the shut-down, where supply no longer answers.
FALL = 0.3
HALVINGS = 14
# Keeps the derivative regular where neither output nor sales of a seller answer to its price, or two quotas are one.
REGULAR = 1e-9


def responses(stage: Trade, bought_t: Array, slope: Array, channel: Channel) -> Array:
    """How sales of each seller and tonnes under each quota fall as each price and each rent rises. [(m, s+k, s+k)].

    Share s_j, purchases B of a buyer and rise x: -d(s_i B)/dx_j = mu s_i B 1(i=j) - s_i s_j (mu B + dB/dP).
    `slope` is dB/dP of each buyer. [(m, buyers)]
    """
    sellers = stage.shares.shape[1]
    own = np.arange(sellers)
    moved = stage.shares * _raised(stage, channel)
    bought = channel.switching * bought_t
    gain = (bought + slope)[:, None]
    if not channel.limit.shape[1]:
        falls = -(stage.shares * gain) @ moved.swapaxes(1, 2)
        falls[:, own, own] += (moved @ bought[:, :, None])[:, :, 0]
        return falls
    dearer = channel.limited * stage.shares[:, None]
    rows = np.concatenate([stage.shares, under(stage, channel)], axis=1)
    columns = np.concatenate([moved, dearer.sum(axis=2)], axis=1)
    falls = -(rows * gain) @ columns.swapaxes(1, 2)
    direct = dearer * bought[:, None, None]
    falls[:, own, own] += (moved @ bought[:, :, None])[:, :, 0]
    falls[:, :sellers, sellers:] += direct.sum(axis=3).swapaxes(1, 2)
    falls[:, sellers:, :sellers] += (channel.routes * (moved * bought[:, None])[:, None]).sum(axis=3)
    routes = np.broadcast_to(channel.routes, direct.shape)
    falls[:, sellers:, sellers:] += np.einsum("mkrz,mlrz->mkl", routes, direct)
    return falls


def _raised(stage: Trade, channel: Channel) -> Array:
    """Rise of the landed price, in base costs of the buyer, with the price at origin; none where a floor holds."""
    return channel.wedge * ~stage.floor_holds


def under(stage: Trade, channel: Channel) -> Array:
    """Share of each buyer's purchases that falls under each quota. [(m,k,buyers)]."""
    return (channel.routes * stage.shares[:, None]).sum(axis=2)


def jacobian(now: State, market: Market, policy: Policy, active: Active) -> Array:
    """Derivative of the residuals by the prices and rents, in closed form. [(m, n, n)]."""
    miners, refiners, ore_quotas = market.ore_t.shape[1], market.product_t.shape[1], policy.ore.limit.shape[1]
    line = np.arange(now.residual.shape[1])
    mine, refine, rent = np.split(line, [miners, miners + refiners])
    ore_lines = np.concatenate([mine, rent[:ore_quotas]])
    product_lines = np.concatenate([refine, rent[ore_quotas:]])
    kappa = market.landed_ore_share
    # Where the strike holds, what refiners are paid does not follow the price.
    follows = (now.product_price >= policy.strike) | (now.product_price < 0)
    by_price = now.refined_slope * follows / (1 - kappa)
    by_cost = -kappa / (1 - kappa) * now.refined_slope
    out = np.zeros((len(now.residual), len(line), len(line)))
    if miners:
        buys = now.ore_bought_t > 0
        out[:, ore_lines[:, None], ore_lines] = responses(now.ore, now.ore_bought_t, by_cost * buys, active.ore)
        sold = np.concatenate([now.ore.shares, under(now.ore, active.ore)], axis=1)
        out[:, ore_lines[:, None], refine] = -sold * (by_price * buys)[:, None]
        by_ore = now.ore.shares * _raised(now.ore, active.ore)
        by_quota = (active.ore.limited * now.ore.shares[:, None]).sum(axis=2)
        dearer = np.concatenate([by_ore, by_quota], axis=1)
        out[:, refine[:, None], ore_lines] = by_cost[:, :, None] * dearer.swapaxes(1, 2)
    wanted = now.wanted_slope * (now.bought_t > 0)
    out[:, product_lines[:, None], product_lines] = responses(now.product, now.bought_t, wanted, active.product)
    out[:, mine, mine] += now.mined_slope
    out[:, refine, refine] += by_price + now.recycled_slope
    out[:, ore_lines] /= active.ore.world_t[:, :, None]
    out[:, product_lines] /= active.product.world_t[:, :, None]
    for lines, alone in ((mine, ~active.mines), (refine, ~active.refines)):
        out[:, lines] = np.where(alone[:, :, None], np.eye(len(line))[lines], out[:, lines])
    _, by_rent, by_room = complementarity(RENT_WEIGHT * now.rents, now.rooms)
    out[:, rent] *= by_room[:, :, None]
    out[:, rent, rent] += RENT_WEIGHT * by_rent
    out[:, line, line] += REGULAR
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
# From this many chains on they are solved by size: those with few sellers apart from those with many.
LEAST_GROUPED, FEW_SELLERS = 8, 12


def solve(market: Market, policy: Policy = NOTHING, start: Array | None = None) -> Equilibrium:
    """Prices that clear every market: damped Newton, all chains at once, finished chains drop out.

    Parameters
    ----------
    start : (m, n), optional
        `prices` of an equilibrium of the same shape and the same number of quotas, to begin from.

    Raises
    ------
    MarketError
        When the policy, or the start, does not fit the market.
    """
    policy.check(market)
    prices, steps, residual = _by_size(market, policy, start)
    for reach, inertia in ATTEMPTS[1:]:
        failed = np.flatnonzero(~(residual <= TOLERANCE))
        if failed.size:
            again, more, left = _newton(market.take(failed), policy.take(failed), None, reach, inertia)
            prices[failed], residual[failed] = again, left
            steps[failed] += more
    return _equilibrium(prices, market, policy, steps, residual)


def _by_size(market: Market, policy: Policy, start: Array | None) -> tuple[Array, NDArray[np.intp], Array]:
    """The first attempt, chains of like size together: in one batch the small ones would pay for the empty slots."""
    sizes = [_used(each) for each in (market.ore_t, market.product_t + market.recycled_t + market.idle_t, market.use_t)]
    if market.chains < LEAST_GROUPED or {len(each) for each in sizes} != {market.chains}:
        return _newton(market, policy, start, *ATTEMPTS[0])
    kind = 2 * (sizes[0] > 0) + (sizes[1] > FEW_SELLERS)
    sellers = [market.ore_t.shape[1], market.product_t.shape[1]]
    rents = policy.ore.limit.shape[1] + policy.product.limit.shape[1]
    prices = np.zeros((market.chains, sum(sellers) + rents))
    prices[:, : sum(sellers)] = 1.0
    steps, residual = np.zeros(market.chains, int), np.zeros(market.chains)
    for each in np.unique(kind):
        group = np.flatnonzero(kind == each)
        miners, refiners, users = (int(size[group].max()) for size in sizes)
        lines = np.r_[0:miners, sellers[0] : sellers[0] + refiners, sum(sellers) : sum(sellers) + rents]
        own = None if start is None else start[np.ix_(group, lines)]
        ours, wedges = (
            market.take(group).crop(miners, refiners, users),
            policy.take(group).crop(miners, refiners, users),
        )
        prices[np.ix_(group, lines)], steps[group], residual[group] = _newton(ours, wedges, own, *ATTEMPTS[0])
    return prices, steps, residual


def _used(quantity_t: Array) -> NDArray[np.intp]:
    """Slots each chain uses, counted to the last that is not 0. [(m,)]."""
    slots = np.arange(1, quantity_t.shape[1] + 1)
    return (slots * (quantity_t > 0)).max(axis=1, initial=0).astype(int)


def _newton(
    market: Market, policy: Policy, start: Array | None, reach: float, inertia: float
) -> tuple[Array, NDArray[np.intp], Array]:
    """Prices, steps and largest residual of each chain, with no rise in a step above `reach` base prices."""
    size, sellers = max(market.chains, policy.chains), market.ore_t.shape[1] + market.product_t.shape[1]
    prices = np.zeros((size, sellers + policy.ore.limit.shape[1] + policy.product.limit.shape[1]))
    prices[:, :sellers] = 1.0
    if start is not None:
        if start.shape != prices.shape:
            raise MarketError(f"start: shape {start.shape}, prices and rents of this market are {prices.shape}")
        prices[:] = start
    diagonal = np.arange(prices.shape[1])
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
            slopes = jacobian(now, ours, wedges, active)
            slopes[:, diagonal, diagonal] += inertia * worst[:, None]
            move = -np.linalg.solve(slopes, now.residual[:, :, None])[:, :, 0]
            length = np.minimum(1, reach / np.maximum(np.maximum(move, -move / FALL).max(axis=1), 1e-12)) * ~done
            for _ in range(HALVINGS):
                trial = state(at + length[:, None] * move, ours, wedges, active)
                new = np.abs(trial.residual).max(axis=1)
                worse = (new > worst * (1 - 1e-4 * length)) & ~done
                if inertia or not worse.any():
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
    ore_rents, product_rents = np.split(now.rents, [policy.ore.limit.shape[1]], axis=1)

    def drawn(value: Array, seller: NDArray[np.bool_] | bool = True) -> Array:
        shown = converged.reshape(-1, *[1] * (value.ndim - 1)) & np.asarray(seller)
        return np.where(shown, value, np.nan)

    def landed(stage: Trade, base_cost: Array) -> Array:
        return np.broadcast_to(stage.landed * base_cost[:, None], stage.shares.shape)

    def rent(rents: Array, routes: Routes, stage: Trade) -> Array:
        return np.broadcast_to((rents[:, :, None, None] * routes.limited).sum(axis=1), stage.shares.shape)

    return Equilibrium(
        ore_price=drawn(now.ore_price, active.mines),
        product_price=drawn(now.product_price, active.refines),
        ore_landed=drawn(landed(now.ore, market.ore_base_cost)),
        product_landed=drawn(landed(now.product, market.base_cost)),
        ore_rent=drawn(rent(ore_rents, policy.ore, now.ore)),
        product_rent=drawn(rent(product_rents, policy.product, now.product)),
        ore_cost=drawn(now.ore.cost),
        cost=drawn(now.product.cost),
        ore_flow_t=drawn(now.ore.shares * now.ore_bought_t[:, None]),
        flow_t=drawn(now.product.shares * now.bought_t[:, None]),
        mined_t=drawn(now.mined_t),
        refined_t=drawn(now.refined_t),
        recycled_t=drawn(now.recycled_t),
        wanted_t=drawn(now.wanted_t),
        netback=drawn(now.netback, active.works),
        paid=drawn(now.paid, active.refines),
        release_t=drawn(np.broadcast_to(policy.release_t, now.wanted_t.shape)),
        prices=prices,
        steps=steps,
        residual=residual,
        converged=converged,
    )
