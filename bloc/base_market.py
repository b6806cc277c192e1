"""Base cases and what is assumed of them, padded and stacked to one market."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from bloc.assumptions import Assumptions
from bloc.calibration import BaseCase
from bloc.market_arrays import Market
from bloc.matrix import Array


def padded(arrays: Sequence[Array], *size: int) -> Array:
    """Arrays of different size stacked on a new first axis, filled up with 0."""
    stacked = np.zeros((len(arrays), *size))
    for row, each in zip(stacked, arrays, strict=True):
        row[np.ix_(*map(range, each.shape))] = each
    return stacked


def seller_share(flow: Array) -> Array:
    """Share of each seller in each buyer's purchases; columns sum to 1, or 0 for who buys nothing."""
    bought = flow.sum(axis=-2, keepdims=True)
    return np.divide(flow, bought, out=np.zeros_like(flow), where=bought > 0)


@lru_cache(maxsize=8)
def base_arrays(cases: tuple[BaseCase, ...]) -> dict[str, Array]:
    """Tonnes and shares of chains padded to equal size: what no assumption changes, kept for the next range or draw."""
    size = [max(len(getattr(case, side)) for case in cases) for side in ("miners", "refiners", "users")]
    return {
        "ore_t": padded([case.ore_t for case in cases], size[0]),
        "product_t": padded([case.product_t for case in cases], size[1]),
        "recycled_t": padded([case.recycled_t for case in cases], size[1]),
        "idle_t": padded([case.idle_t for case in cases], size[1]),
        "use_t": padded([case.use_t for case in cases], size[2]),
        "ore_share": seller_share(padded([case.ore_flow_t for case in cases], size[0], size[1])),
        "product_share": seller_share(padded([case.product_flow_t for case in cases], size[1], size[2])),
    }


def stack(
    cases: Sequence[BaseCase], assumed: Assumptions, horizon: str, changed: Mapping[str, float | Array] | None = None
) -> Market:
    """Chains padded to equal size and stacked, with what is assumed for a horizon.

    Parameters
    ----------
    cases : sequence of BaseCase
        m chains, or one chain m times for m draws.
    assumed : Assumptions
    horizon : str
        "one_year" or "five_years".
    changed : mapping, optional
        Values in place of the defaults by name of assumption, a number or m of them. An ore cost share reaches only
        chains of two stages, a mine elasticity only chains of its class.

    Returns
    -------
    Market
        Arrays of m chains; slots a chain does not use are 0. A chain of one stage answers to its price with the
        elasticity of its mines, for there is no refiner in it.
    """
    changed = changed or {}

    def assume(*names: str) -> Array:
        """Column of one assumption, or of one named for each chain."""
        each = names * len(cases) if len(names) == 1 else names
        values = [assumed.value(name, horizon, case.chain) for name, case in zip(each, cases, strict=True)]
        for row, name in enumerate(each):
            if name in changed:
                values[row] = float(np.broadcast_to(changed[name], len(cases))[row])
        return np.array(values)[:, None]

    mine = [assumed.mine_elasticity_name(case.supply_class) for case in cases]
    refinery = ["refinery_elasticity" if case.two_stages else name for case, name in zip(cases, mine, strict=True)]
    cost_share = np.array([case.ore_cost_share for case in cases])
    if "ore_cost_share" in changed:
        cost_share = np.where(cost_share > 0, changed["ore_cost_share"], 0.0)
    base = base_arrays(tuple(cases))
    return Market(
        ore_t=base["ore_t"],
        product_t=base["product_t"],
        recycled_t=base["recycled_t"],
        idle_t=base["idle_t"],
        use_t=base["use_t"],
        ore_share=base["ore_share"],
        product_share=base["product_share"],
        ore_cost_share=cost_share[:, None],
        mine_elasticity=assume(*mine),
        refinery_elasticity=assume(*refinery),
        recycling_elasticity=assume("recycling_elasticity"),
        demand_elasticity=assume("demand_elasticity"),
        switching=assume("switching"),
        ceiling=assume("ceiling"),
        utilisation=assume("utilisation"),
        stop=assume("stop"),
        restart=assume("restart"),
    )
