"""Markets and policies made by hand or at random, for the tests of market.py, solver.py and welfare.py."""

from dataclasses import replace

import numpy as np

from bloc.market_arrays import Market, Policy, Routes
from bloc.matrix import Array


def one(*values: float) -> Array:
    """One number a chain, as a column."""
    return np.array(values, dtype=float)[:, None]


def one_stage(flow_t: Array, **changed: object) -> Market:
    """The market whose base is these flows. [(m, sellers, buyers), t/yr]."""
    market = Market(product_t=flow_t.sum(axis=2), use_t=flow_t.sum(axis=1), product_share=shares_of(flow_t))
    return replace(market, **changed)


def two_countries(**changed: object) -> Market:
    """Abroad sells 70 t, home 30 t; home uses 60 t and buys half of it abroad. One stage."""
    return one_stage(np.array([[[40.0, 30.0], [0.0, 30.0]]]), **changed)


def two_stages(**changed: object) -> Market:
    """Three miners, two refiners, two users: abroad mines 50 t and refines 70 t, home refines 30 t."""
    ore_flow_t = np.array([[[45.0, 5.0], [15.0, 15.0], [10.0, 10.0]]])
    market = two_countries(
        ore_t=ore_flow_t.sum(axis=2),
        ore_share=shares_of(ore_flow_t),
        ore_cost_share=one(0.4),
    )
    return replace(market, **changed)


def shares_of(flow_t: Array) -> Array:
    """Share of each seller in each buyer's purchases, 0 for who buys nothing."""
    bought_t = flow_t.sum(axis=1, keepdims=True)
    return flow_t / np.where(bought_t > 0, bought_t, 1)


def random_market(seed: int, chains: int, tariffs: bool = False) -> Market:
    """Four miners, five sellers, six users; absent routes, recyclers, idle plants, every fourth of one stage."""
    draw = np.random.default_rng(seed)
    flow_t = draw.lognormal(0, 2, (chains, 5, 6)) * (draw.random((chains, 5, 6)) < 0.8)
    flow_t[:, 0] += 0.1
    sold_t = flow_t.sum(axis=2)
    recycled_t = sold_t * draw.choice([0, 0.2, 1], sold_t.shape, p=[0.6, 0.3, 0.1])
    product_t = sold_t - recycled_t
    kappa = draw.uniform(0, 0.9, (chains, 1)) * (np.arange(chains) % 4 > 0)[:, None]
    ore_share = shares_of(draw.lognormal(0, 2, (chains, 4, 5)) * (draw.random((chains, 4, 5)) < 0.8) + 1e-3)
    ore_share = ore_share * (kappa > 0)[:, None]

    def levied(shape: tuple[int, ...]) -> Array:
        return np.where(draw.random(shape) < 0.4 * tariffs, draw.uniform(1.05, 1.4, shape), 1.0)

    return Market(
        product_t=product_t,
        recycled_t=recycled_t,
        use_t=flow_t.sum(axis=1),
        product_share=shares_of(flow_t),
        ore_t=(ore_share * product_t[:, None]).sum(axis=2),
        ore_share=ore_share,
        ore_cost_share=0.7 * kappa if tariffs else kappa,
        mine_elasticity=draw.uniform(0.02, 0.8, (chains, 1)),
        refinery_elasticity=draw.uniform(0.05, 1, (chains, 1)),
        recycling_elasticity=draw.uniform(0.05, 1, (chains, 1)),
        demand_elasticity=draw.uniform(0.02, 1, (chains, 1)),
        switching=draw.uniform(2, 25, (chains, 1)),
        ceiling=draw.uniform(4, 15, (chains, 1)),
        utilisation=draw.uniform(0.5, 0.95, (chains, 1)),
        idle_t=product_t * draw.choice([0, 1], product_t.shape, p=[0.8, 0.2]),
        restart=draw.uniform(1.5, 4, (chains, 1)),
        ore_tariff=levied((chains, 4, 5)),
        product_tariff=levied((chains, 5, 6)),
    )


def random_routes(draw: np.random.Generator, flow_t: Array, quotas: int) -> Routes:
    """Bans, tariffs, export taxes, floors and quotas, each in half of the chains and there on some of the routes."""
    chains, sellers, buyers = flow_t.shape

    def some(chance: float) -> Array:
        return (draw.random(flow_t.shape) < chance) & (draw.random((chains, 1, 1)) < 0.5)

    limited = np.zeros((chains, quotas, sellers, buyers))
    for quota in range(quotas):
        limited[:, quota, quota] = (draw.random((chains, buyers)) < 0.6) & (draw.random((chains, 1)) < 0.5)
    shipped_t = (limited * flow_t[:, None]).sum(axis=(2, 3))
    return Routes(
        access=1.0 - some(0.15),
        tariff=np.where(some(0.3), draw.uniform(1, 2, flow_t.shape), 1.0),
        export_tax=np.where(some(0.2), draw.uniform(1, 1.5, flow_t.shape), 1.0),
        floor=np.where(some(0.1), draw.uniform(0.5, 3, flow_t.shape), 0.0),
        limited=limited,
        limit=shipped_t * draw.uniform(0, 1.2, (chains, quotas)),
    )


def random_policy(seed: int, market: Market, stocks: bool = True) -> Policy:
    """Every lever in half of the chains, there on some of the sellers, buyers and routes."""
    draw = np.random.default_rng(seed)

    def some(like: Array, low: float, high: float) -> Array:
        here = (draw.random(like.shape) < 0.3) & (draw.random((len(like), 1)) < 0.5)
        return np.where(here, draw.uniform(low, high, like.shape), 0.0)

    return Policy(
        ore=random_routes(draw, market.ore_shares * market.product_t[:, None], 1),
        product=random_routes(draw, market.product_share * market.use_t[:, None], 2),
        strike=some(market.product_t, 0.5, 3),
        ore_subsidy=some(market.ore_t, 0, 0.5),
        product_subsidy=some(market.product_t, 0, 0.5),
        release_t=market.use_t * some(market.use_t, -0.3, 0.5) * stocks,
        drawn_t=market.product_t * some(market.product_t, 0, 0.5) * stocks,
    )
