"""Output against need: the yardstick of need, coverage, the stage that binds, the supply a restriction leaves."""

import numpy as np

from bloc.concentration import ratio
from bloc.matrix import Array


def need(world: Array, gdp_share: float) -> Array:
    """Need of the members as a yardstick: world output times their share of world GDP, in the unit of the series.

    Not a measurement of use: it stands in until use by country is known, and flatters nobody evenly.
    """
    return world * gdp_share


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
