"""Output against need: use or its yardstick, coverage, the stage that binds, the supply a restriction leaves."""

import numpy as np

from bloc.concentration import denominator, largest, ratio
from bloc.matrix import Array


def need_share(use_share: Array, gdp_share: float) -> Array:
    """Share of the members in the need of the world: in its use, and where that is NaN in its GDP, as a yardstick.

    The yardstick is no measurement of use: it stands in where use by country is not known, and flatters nobody evenly.
    """
    return np.where(np.isnan(use_share), gdp_share, use_share)


def need(world: Array, share: Array) -> Array:
    """Need of the members: world output times their share, in the unit of the series, whatever its content basis."""
    return world * share


def n_minus_1_of_use(output: Array, world: Array, world_use: Array) -> Array:
    """N-1 of use: what remains of output without the largest supplier, over world use.

    Above 1 where the rest of the world makes more than is used; NaN where use is unknown. `output` is series by
    countries, all in one unit per series.
    """
    return ratio(denominator(output, world) - largest(output), world_use)


def n_bloc(bloc: Array, world_use: Array) -> Array:
    """N-bloc: output of the members over world use, both in one unit per series; NaN where use is unknown."""
    return ratio(bloc, world_use)


def coverage(output: Array, needed: Array) -> Array:
    """Share of need that output meets, at most 1; NaN where nothing is needed."""
    return np.minimum(self_sufficiency(output, needed), 1.0)


def self_sufficiency(output: Array, needed: Array) -> Array:
    """Output over need, above 1 for a surplus; NaN where nothing is needed."""
    return ratio(output, needed)


def chain_coverage(mined: Array, refined: Array) -> Array:
    """Coverage of a chain on one content basis: refining cannot meet more than the ore it can feed on."""
    return np.minimum(mined, refined)


def bottleneck(mined: Array, refined: Array) -> np.ndarray:
    """Stage that binds a chain: "mine", "refinery", "both" where equally short, "" where both meet the need.

    "unknown" where either is NaN.
    """
    limit = chain_coverage(mined, refined)
    cases = [np.isnan(limit), limit >= 1, np.isclose(mined, refined), mined < refined]
    return np.select(cases, ["unknown", "", "both", "mine"], default="refinery")


def available_share(output: Array, cut: Array, total: Array) -> Array:
    """Share of world supply still on offer when suppliers withhold.

    Parameters
    ----------
    output : array, series by countries
    cut : array, series by countries
        Share each country withholds. [0 to 1]
    total : array by series

    Returns
    -------
    array by series
        1 - sum_i c_i q_i / total. All output is treated as on offer, so 1 minus it is an upper bound on the damage.
    """
    return 1 - (cut * output).sum(axis=1) / total
