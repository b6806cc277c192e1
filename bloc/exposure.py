"""What the members buy, from whom, and what of it a restriction would withhold. Trade value and gross weight."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from bloc.matrix import Array, Flows, Index, Mask


class Cut(NamedTuple):
    """A supplier (column) withholds a share of the flows marked in `goods` from the importers marked in `targets`."""

    exporter: int
    share: float
    goods: Mask
    targets: Mask


def withheld_share(flows: Flows, cuts: Iterable[Cut]) -> Array:
    """Share of each flow that is withheld, from 0 to 1; the deepest cut where several meet."""
    withheld = np.zeros(len(flows.value_usd))
    for cut in cuts:
        hit = np.flatnonzero((flows.exporter == cut.exporter) & cut.goods)
        hit = hit[cut.targets[flows.importer[hit]]]
        withheld[hit] = np.maximum(withheld[hit], cut.share)
    return withheld


def total_by(group: Index, quantity: Array, groups: int) -> Array:
    """Sum of a quantity by group. A NaN counts as nothing; a group without a number is NaN."""
    known = ~np.isnan(quantity)
    total = np.bincount(group[known], weights=quantity[known], minlength=groups)
    return np.where(np.bincount(group[known], minlength=groups) > 0, total, np.nan)


def content_imports(flows: Flows, inside: Mask, instability: Array) -> tuple[Array, Array]:
    """Imports from outside the bloc on the content basis of each series, plain and weighted by instability.

    In tonnes a year; NaN for a series that no heading can be put on the basis of.
    """
    extra = np.flatnonzero(inside[flows.importer] & ~inside[flows.exporter])
    heading, tonnes = flows.heading[extra], np.nan_to_num(flows.gross_t[extra])
    size = flows.content.shape[1]
    plain = flows.content @ np.bincount(heading, weights=tonnes, minlength=size)
    risky = flows.content @ np.bincount(heading, weights=tonnes * instability[flows.exporter[extra]], minlength=size)
    meets = flows.content.any(axis=1)
    return np.where(meets, plain, np.nan), np.where(meets, risky, np.nan)
