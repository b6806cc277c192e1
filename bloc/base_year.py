"""Identities that fill in a base year: output, use, and flows between places, in tonnes of content.

Vectors run over places, the last for other countries; matrices are sellers by buyers.
"""

from collections.abc import Mapping

import numpy as np

from bloc.matrix import Array

# Other countries below this share of the world are rounding; implied refining below it is noise. (Assumptions.)
ROUNDING = 0.002
# Users below this share of world use who produce nothing are left out, a third of a percent of use on average.
SMALLEST_USER = 2e-4
# At most this share of a producer's output goes abroad by customs records; hubs ship more than they make. (Assumption.)
LARGEST_EXPORT = 0.95
# Every flow is possible: this share of the prior is everybody selling to everybody, with and without customs records.
# (Assumptions.)
GRAVITY, GRAVITY_WITHOUT_TRADE = 0.02, 0.05
# A buyer at home counts this many times in that part. (Assumption.)
HOME = 8.0
# A supplier named by customs sells at most this share of its output to the United States, any supplier the second.
LARGEST_NAMED, LARGEST_SALE = 0.6, 0.97
# Flows of the record balance in 4 to 410 steps; beyond a thousand, sums that cannot meet would overflow.
BALANCED, MOST_STEPS = 1e-11, 1000


class CalibrationError(ValueError):
    """The record does not make a base case; the message says what is missing or does not meet."""


def share(amount: Array) -> Array:
    """Share of each in the sum; 0 where the sum is 0. [0 to 1]."""
    total = amount.sum()
    return amount / total if total else np.zeros(len(amount))


def with_other_countries(output: Array, world_t: float) -> tuple[Array, float]:
    """Output in which other countries, in the last place, have the world less those listed; and their share of it.

    [t/yr; 0 to 1]. A list that exceeds its world, or falls short by a rounding, leaves them nothing.
    """
    unlisted = world_t - output.sum()
    if unlisted <= ROUNDING * world_t:
        return output, 0.0
    return output + unlisted * (np.arange(len(output)) == len(output) - 1), unlisted / world_t


def with_share(output: Array, place: int, share: float) -> Array:
    """Output in which one country has a share of the whole and the others keep their proportions."""
    others = output.copy()
    others[place] = 0
    scaled = others * (1 - share) / others.sum()
    scaled[place] = share
    return scaled * output.sum()


def with_rest(output: Array, world_t: float, weight: Array) -> Array:
    """Output in which what the world leaves goes to countries by weight. [t/yr]."""
    return output + (world_t - output.sum()) * weight / weight.sum()


def intake(ore: Array, ore_trade: Array) -> Array:
    """Ore a country has to refine: mine output plus net imports of content, not below 0. [t/yr]."""
    return np.maximum(ore + ore_trade.sum(axis=0) - ore_trade.sum(axis=1), 0)


def implied_output(ore: Array, ore_trade: Array) -> tuple[Array, float]:
    """Refining implied by ore: the intake, without countries under 0.2 %; and the share of mine output clipped."""
    output = intake(ore, ore_trade)
    clipped = (output.sum() - ore.sum()) / ore.sum()
    return np.where(output < ROUNDING * output.sum(), 0, output), clipped


def primary_part(refined: Array, ore_intake: Array, mined_t: float) -> Array:
    """Part of refined output made from ore: what the intake allows, brought to world mine output. [t/yr]."""
    primary = np.minimum(refined, ore_intake)
    missing = mined_t - primary.sum()
    room = refined - primary
    return primary * mined_t / primary.sum() if missing < 0 else primary + room * missing / room.sum()


def apparent_use(output: Array, trade: Array) -> Array:
    """Output plus imports less exports, not below 0. [t/yr].

    What named countries ship beyond their output stands in the output of other countries, and is taken off their use.
    """
    use = output + trade.sum(axis=0) - trade.sum(axis=1)
    beyond_output = -use[use < 0].sum()
    use = np.maximum(use, 0)
    use[-1] = max(use[-1] - beyond_output, 0)
    return use


def listed_use(listed: Array, world_t: float, others: Array) -> Array:
    """Share of each country in use by a published list; what its world leaves goes to the others in proportion."""
    unlisted = np.where(listed > 0, 0, others)
    unlisted[-1] = 0
    return share(listed + max(world_t - listed.sum(), 0) * share(unlisted))


def with_fixed(use: Array, fixed: Mapping[int, float]) -> Array:
    """Use in which some countries are given and the others share the rest of the same total. [t/yr]."""
    known = list(fixed)
    others = use.copy()
    others[known] = 0
    scaled = others * (use.sum() - sum(fixed.values())) / others.sum()
    scaled[known] = list(fixed.values())
    return scaled


def without_small_users(use: Array, output: Array) -> Array:
    """Use without countries that use little and make nothing; the total stays. [t/yr]."""
    kept = np.where((use < SMALLEST_USER * use.sum()) & (output == 0), 0, use)
    return kept * use.sum() / kept.sum()


def balance(prior: Array, sold: Array, bought: Array) -> Array:
    """Flows nearest the prior in proportion whose rows are what is sold and whose columns what is bought. [t/yr].

    Iterated proportional fitting (RAS): flow = u_i prior_ij v_j. Sums differ by less than 1e-11 of the whole.
    The prior is positive between everyone who sells and everyone who buys, so that a solution exists.

    Raises
    ------
    CalibrationError
        If the sums do not meet.
    """
    by_seller = np.ones(len(sold))
    for step in range(MOST_STEPS):
        by_buyer = bought / (by_seller @ prior)
        reached = prior @ by_buyer
        if step % 4 == 0 and np.abs(by_seller * reached - sold).max() <= BALANCED * sold.sum():
            return by_seller[:, None] * prior * by_buyer
        by_seller = sold / reached
    raise CalibrationError(f"flows do not balance within {MOST_STEPS} steps")


def flow_prior(trade: Array, sold: Array, bought: Array) -> Array:
    """What flows are expected to look like before they are balanced. [t/yr].

    With customs records: exports as recorded, at most 95 % of output, the rest at home. Without: own output is used
    at home first, and surpluses go to deficits in proportion. In both, a little of everything, more of it at home.
    """
    gravity = np.outer(sold, share(bought))
    np.fill_diagonal(gravity, HOME * gravity.diagonal())
    if not trade.any():
        home = np.minimum(sold, bought)
        lacking = bought - home
        return np.diag(home) + np.outer(sold - home, share(lacking)) + GRAVITY_WITHOUT_TRADE * gravity
    exports = trade * (sold > 0)[:, None]
    np.fill_diagonal(exports, 0)
    shipped = exports.sum(axis=1)
    exports *= np.minimum(1, LARGEST_EXPORT * sold / np.maximum(shipped, 1e-12))[:, None]
    home = np.maximum(sold - exports.sum(axis=1), (1 - LARGEST_EXPORT) * sold) * (bought > 0)
    return exports + np.diag(home) + GRAVITY * gravity


def flows(trade: Array, sold: Array, bought: Array) -> Array:
    """Balanced flows between all places; 0 where one sells or the other buys nothing. [t/yr]."""
    return balanced(flow_prior(trade, sold, bought), sold, bought) if sold.any() else np.zeros(trade.shape)


def balanced(prior: Array, sold: Array, bought: Array) -> Array:
    """Balance between those who sell and those who buy; the others stay at 0. [t/yr]."""
    sellers, buyers = np.flatnonzero(sold), np.flatnonzero(bought)
    grid = np.ix_(sellers, buyers)
    flow = np.zeros(prior.shape)
    flow[grid] = balance(prior[grid], sold[sellers], bought[buyers])
    return flow


def purchases(flow: Array, sold: Array, buyer: int, shares: Array) -> Array:
    """What one buyer takes from each seller, given the shares of its imports that customs publish. [t/yr].

    Suppliers that produce get their published share; those that only ship on are left out, and what they ship is
    spread over the other producers as before.
    """
    wanted = flow[:, buyer].sum()
    own = np.zeros(len(sold))
    own[buyer] = flow[buyer, buyer]
    named = np.where(sold > 0, np.minimum(shares * (wanted - own.sum()), LARGEST_NAMED * sold), 0)
    named[buyer] = 0
    unnamed = np.where(named + own > 0, 0, flow[:, buyer])
    unnamed[buyer] = 0
    if not unnamed.any():
        unnamed = named
    bought = own + named + (wanted - own.sum() - named.sum()) * share(unnamed)
    bought = np.minimum(bought, np.where(np.arange(len(sold)) == buyer, bought, LARGEST_SALE * sold))
    room = LARGEST_SALE * sold - bought
    room[buyer] = 0
    return bought + (wanted - bought.sum()) * share(np.maximum(room, 0))


def with_purchases(flow: Array, sold: Array, buyer: int, shares: Array) -> Array:
    """Flows in which one buyer's purchases follow the published shares and all others are balanced anew. [t/yr]."""
    column = purchases(flow, sold, buyer, shares)
    others = flow.copy()
    others[:, buyer] = 0
    left, wanted = sold - column, others.sum(axis=0)
    # A trace of everything, for sellers whose only buyer is taken out.
    rest = balanced(others + 1e-9 * np.outer(left, share(wanted)), left, wanted)
    rest[:, buyer] = column
    return rest
