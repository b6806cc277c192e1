"""How much of a supply comes from whom: shares, Herfindahl-Hirschman index, supply without the largest.

Every function takes `output`, quantities by series (rows) and country (columns), and `world` or `total` by series.
"""

import numpy as np

from bloc.matrix import Array, Mask


def denominator(output: Array, world: Array) -> Array:
    """The larger of the published world and the sum of the countries listed, by series.

    Published totals are rounded: in 12 default series the parts exceed the whole by up to 3 %.
    """
    return np.maximum(world, output.sum(axis=1))


def other(output: Array, world: Array) -> Array:
    """World less the countries listed, never below 0: the output that no country is named for."""
    return np.maximum(world - output.sum(axis=1), 0.0)


def total_of(output: Array, countries: Mask) -> Array:
    """What a set of countries supplies of each series."""
    return output @ countries.astype(float)


def ratio(part: Array, whole: Array) -> Array:
    """Part over whole; NaN where the whole is 0 or unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def largest(output: Array, rank: int = 1) -> Array:
    """Sum of the `rank` largest outputs of each series."""
    return np.partition(output, -rank, axis=1)[:, -rank:].sum(axis=1)


def largest_supplier(output: Array, names: np.ndarray) -> np.ndarray:
    """Name of the largest supplier of each series; None where nobody has a number."""
    found = names[output.argmax(axis=1)].astype(object)
    found[output.max(axis=1) <= 0] = None
    return found


def herfindahl(output: Array, world: Array) -> tuple[Array, Array]:
    """Herfindahl-Hirschman index of each supply split by country, with its bounds.

    Parameters
    ----------
    output : array, series by countries
        Non-negative quantities, any one unit per series.
    world : array by series
        Published world total in the same unit.

    Returns
    -------
    low, high : arrays by series
        On the 0 to 10 000 scale: 10 000 for a single supplier, 10 000 / n for n equal ones. `low` takes unlisted output
        as many small suppliers, `high` as one country.

    Raises
    ------
    ValueError
        If a quantity is negative.

    Notes
    -----
    HHI = 10 000 sum_i (q_i / max(W, sum_j q_j))^2
    """
    if (output < 0).any():
        raise ValueError(f"negative supply: {output[output < 0].tolist()}")
    total = denominator(output, world)
    low = 10_000 * (output**2).sum(axis=1) / total**2
    return low, low + 10_000 * (other(output, world) / total) ** 2


def without_largest(output: Array, world: Array) -> Array:
    """N-1 of output: share of the world that remains without the largest supplier. 0 for a single supplier."""
    return 1 - output.max(axis=1) / denominator(output, world)
