"""What tariffs, floors, support and stocks change in one market: two solutions of it side by side, as frames."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from bloc import words
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.language import mark, said, say
from bloc.market_outcome import PARTIES as PARTY_SIDES
from bloc.market_outcome import MarketOutcome
from bloc.matrix import Array
from bloc.minimum_price import Levels, at_levels
from bloc.outcome import bloc_members
from bloc.scenario import Scenario
from bloc.views import market_session

# What this page sets; with all of it left out a scenario is what the page compares with.
MEASURES = ("tariff", "tariff_products", "preference", "prices", "floodings", "stocks")
# Shares of the ceiling: from half of it on a price is not said, near it users are rationed.
SHORT, RATIONED = 0.5, 0.9
# Levels at which a floor is tried. [base prices]
TRIED = tuple(1 + 0.25 * step for step in range(17))
KEPT = 64
QUANTITIES = {
    "price": mark("Price inside the bloc"),
    "outside": mark("Price outside"),
    "output_t": mark("Members’ output"),
    "mined_t": mark("Members’ ore"),
    "use_t": mark("Members’ use"),
    "imports_t": mark("Imports from outside"),
}
PARTIES = {
    "users": mark("Users"),
    "miners": mark("Miners"),
    "refiners": mark("Refiners"),
    "recyclers": mark("Recyclers"),
    "duties": mark("Duties to treasuries"),
    "export taxes": mark("Export taxes to treasuries"),
    "support": mark("Support paid by treasuries"),
    "quota rents": mark("Quota rents of sellers"),
    "stocks": mark("Stocks"),
    "all": mark("All together"),
}
SIDES = ("members", "others", "world")
TREASURIES = ("duties", "export taxes", "support")
# Money below this share of what members spend on the mineral is not worth a bar.
LEAST = 1e-5


def without_measures(scenario: Scenario) -> Scenario:
    """The same members, restrictions, horizon and assumptions, without what this page sets."""
    plain = Scenario()
    return replace(scenario, **{name: getattr(plain, name) for name in MEASURES})


@dataclass(frozen=True, eq=False)
class Effect:
    """One chain, with its other choices for a contested figure, without the measures of the page and with them."""

    before: MarketOutcome
    after: MarketOutcome

    @property
    def case(self) -> BaseCase:
        """The chain on screen."""
        return self.after.cases[0]

    @property
    def converged(self) -> bool:
        """Whether every solution of both was found."""
        return all(each.converged.all() for each in (*self.before.found, *self.after.found))

    @cached_property
    def quantities(self) -> pd.DataFrame:
        """One row per quantity: before, after and change, the last two with _low and _high.

        Columns: quantity, label, before, after, change (after over before less 1). [base prices or t/yr]
        """
        before, after = measured(self.before), measured(self.after)
        rows = []
        for name, label in QUANTITIES.items():
            if not self.case.two_stages and name == "mined_t":
                continue
            was, now = before[name], after[name]
            change = np.where(was > 0, now / np.where(was > 0, was, 1) - 1, np.nan)
            rows.append((name, say(label), was[0], *_ends(now), *_ends(change)))
        ends = [f"{name}{end}" for name in ("after", "change") for end in ("", "_low", "_high")]
        return pd.DataFrame(rows, columns=["quantity", "label", "before", *ends])

    def quantity(self, name: str) -> pd.Series:
        """Row of a quantity."""
        return self.quantities.set_index("quantity").loc[name]

    @cached_property
    def money(self) -> pd.DataFrame:
        """Change of money by party and side: party, label, side, usd with _low and _high. [USD/yr].

        The world is the sum over parties and sides.
        """
        before, after = _gained(self.before), _gained(self.after)
        changed = {key: after[key] - before[key] for key in after}
        rows = [(*key, *_ends(values)) for key, values in changed.items()]
        sums = [(side, [values for key, values in changed.items() if key[1] == side]) for side in SIDES[:2]]
        sums.append(("world", list(changed.values())))
        rows += [("all", side, *_ends(np.sum(parts, axis=0))) for side, parts in sums]
        frame = pd.DataFrame(rows, columns=["party", "side", "usd", "usd_low", "usd_high"])
        return frame.assign(label=frame.party.map(said(PARTIES)))

    def usd(self, *parties: str, side: str = "members") -> float:
        """Change of money of some parties of a side. [USD/yr]."""
        rows = self.money[self.money.party.isin(parties) & (self.money.side == side)]
        return float(rows.usd.sum())

    @property
    def spent_usd(self) -> float:
        """What members spend on the mineral in the base year. [USD/yr]."""
        inside = np.isin(self.case.users, list(self.after.members))
        return float(self.case.use_t[inside].sum() * self.case.price_usd_per_t)

    def standing(self, outcome: MarketOutcome) -> str:
        """priced, short or rationed: how near users inside are to going without, at the point."""
        near = measured(outcome)["cost"][0] / float(outcome.markets[0].ceiling[0, 0])
        return "rationed" if near >= RATIONED else "short" if near >= SHORT else "priced"

    @property
    def highest_said(self) -> float:
        """Multiple from which on no price is said."""
        return SHORT * float(self.after.markets[0].ceiling[0, 0])

    @property
    def price_range(self) -> str:
        """Range of the price inside in words; open where its upper end is beyond what is said."""
        row = self.quantity("price")
        return said_range(row.after_low, row.after_high, self.highest_said)

    @property
    def shortage(self) -> tuple[float, float, float]:
        """Share of the members' use of the base that does not arrive, with its ends."""
        inside = np.isin(self.case.users, list(self.after.members))
        base_t = self.case.use_t[inside].sum()
        served = measured(replace(self.after, cases=self.after.cases[:1]))["use_t"] / base_t
        point, low, high = _ends(1 - served)
        return point, low, high


def _ends(values: Array) -> tuple[float, float, float]:
    """Point, lowest and highest; NaN wherever one did not converge."""
    return float(values[0]), float(values.min()), float(values.max())


def measured(outcome: MarketOutcome) -> dict[str, Array]:
    """What members pay, make and get in every solution of every chain; the first is the point of the first chain."""
    found: dict[str, list[float]] = {name: [] for name in ("cost", *QUANTITIES)}
    for row, case in enumerate(outcome.cases):
        users, sellers, miners = (
            np.isin(side, list(outcome.members)) for side in (case.users, case.refiners, case.miners)
        )
        shape = np.s_[row, : len(case.refiners), : len(case.users)]
        for each in outcome.found:
            flow_t, landed = each.flow_t[shape], np.nan_to_num(each.landed[row, : len(case.users)])
            bought_t = flow_t.sum(axis=0)
            made_t = (each.refined_t + each.recycled_t)[row, : len(case.refiners)]
            found["price"].append(_mean(landed[users], bought_t[users]))
            found["outside"].append(_mean(landed[~users], bought_t[~users]))
            found["cost"].append(_mean(each.cost[row, : len(case.users)][users], case.use_t[users]))
            found["output_t"].append(made_t[sellers].sum())
            found["mined_t"].append(each.mined_t[row, : len(case.miners)][miners].sum())
            found["use_t"].append(each.served_t[row, : len(case.users)][users].sum())
            found["imports_t"].append(flow_t[~sellers][:, users].sum())
    return {name: np.array(values) for name, values in found.items()}


def _mean(values: Array, weight: Array) -> float:
    total = float(weight.sum())
    return float((values * weight).sum() / total) if total > 0 else np.nan


def _gained(outcome: MarketOutcome) -> dict[tuple[str, str], Array]:
    """Change of money against the base by party and side, in every solution of every chain. [USD/yr]."""
    found: dict[tuple[str, str], list[float]] = {(party, side): [] for party in PARTY_SIDES for side in SIDES[:2]}
    for row, case in enumerate(outcome.cases):
        inside = {side: np.isin(getattr(case, side), list(outcome.members)) for side in ("miners", "refiners", "users")}
        for each in outcome.money:
            for party, parts in PARTY_SIDES.items():
                amounts = [(row_of(getattr(each, name), row, len(inside[side])), inside[side]) for name, side in parts]
                for side, ours in zip(SIDES[:2], (True, False), strict=True):
                    total = sum(float(amount[within == ours].sum()) for amount, within in amounts)
                    found[party, side].append(total * case.price_usd_per_t)
    return {key: np.array(values) for key, values in found.items()}


def row_of(values: Array, row: int, length: int) -> Array:
    """One chain's part of an array over chains, or of one that all share."""
    shared = values[row if len(values) > 1 else 0]
    return shared[:length] if len(shared) > 1 or length <= 1 else np.broadcast_to(shared, (length,))


@lru_cache(maxsize=KEPT)
def effect_of(record: Record, scenario: Scenario, chain: str) -> Effect:
    """What the measures of a scenario change in a chain, over its assumptions and the other choices for it."""
    chains = (chain, *market_session.variants(chain))
    return Effect(
        market_session.outcome_of(record, without_measures(scenario), chains),
        market_session.outcome_of(record, scenario, chains),
    )


@lru_cache(maxsize=KEPT)
def levels_of(record: Record, scenario: Scenario, chain: str, kind: str, levels: tuple[float, ...] = TRIED) -> Levels:
    """A floor or a contract on a chain's product at many levels, the other measures in place."""
    case = market_session.base_cases()[chain]
    members = bloc_members(record, scenario)
    return at_levels(case, market_session.table(), scenario, record.union, members, levels, kind)


def between(in_words: Callable[[float], str], low: float, high: float) -> str:
    """A range in words; one value where both read the same."""
    least, most = in_words(low), in_words(high)
    return least if least == most else say("{low} to {high}", low=least, high=most)


def said_range(low: float, high: float, most: float) -> str:
    """Range of a price as multiples; over 4 where its end is beyond what is said."""
    if high <= most:
        return between(times, low, high)
    bound = words.number(most, "g")
    return say("over {bound}", bound=bound) if low > most else say("{low} to over {high}", low=times(low), high=bound)


def times(value: float) -> str:
    """Price as a multiple of that of the base year."""
    return say("not known") if np.isnan(value) else words.number(value, ".2f")


def dollars(amount: float, written: Callable[[float], str] = words.short_dollars) -> str:
    """Amount with its sign: +$1.03 bn, −$339 m, $0."""
    if np.isnan(amount):
        return say("not known")
    sign = "" if abs(amount) < 0.5 else "+" if amount > 0 else "−"
    return f"{sign}{written(abs(amount))}"


def change(share: float) -> str:
    """Change as a percentage with its sign: +11 %, −13 %, unchanged."""
    if np.isnan(share):
        return say("not known")
    if abs(share) < 0.0005:
        return say("unchanged")
    percent = words.number(abs(100 * share), ".0f" if abs(share) >= 0.0095 else ".1f")
    return f"{'+' if share > 0 else '−'}{percent}{words.NARROW_SPACE}%"
