"""What differs between two scenarios, A and B, in values and in words: what is set, who is in, what is covered.

What is accounted and what a market would answer stand apart: no number here holds both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bloc import measures, words
from bloc.briefing import NOTABLE, Case, counted, names_of, withheld_usd
from bloc.data import Record
from bloc.language import mark, say, say_many
from bloc.market_outcome import MarketOutcome, groups
from bloc.matrix import Array
from bloc.outcome import bloc_members
from bloc.scenario import Scenario
from bloc.settings import Settings

# In what two scenarios can differ, as it ends "A and B differ in".
ASPECTS = {
    "members": mark("who is in the bloc"),
    "withheld": mark("what is withheld"),
    "tariffs": mark("the tariffs on imports"),
    "prices": mark("the prices that members hold"),
    "floodings": mark("the sales that are subsidised"),
    "stocks": mark("what stocks buy or release"),
    "horizon": mark("the time that supply and use have to adjust"),
    "assumed": mark("what is assumed of the markets"),
}
# What the accounting does not see: members and what is withheld it does.
MARKET_ONLY = frozenset(ASPECTS) - {"members", "withheld"}
# A change of coverage from here on goes before any change of a price in the finding.
LEADS = 0.05
MOST_NAMED = 8
COVERS = {
    "mined": mark("In B the bloc would meet {share} of its need of {product}, mined, {difference} than in A"),
    "refined": mark("In B the bloc would meet {share} of its need of {product}, refined, {difference} than in A"),
}


def apart(record: Record, a: Scenario, b: Scenario) -> tuple[str, ...]:
    """In what two scenarios differ, as keys of ASPECTS; empty when they come to the same.

    What is set but does nothing counts as nothing: a preference without a tariff, a leak where nothing is withheld.
    """
    first, second = _standing(record, a), _standing(record, b)
    return tuple(name for name in ASPECTS if first[name] != second[name])


def _standing(record: Record, scenario: Scenario) -> dict[str, object]:
    return {
        "members": bloc_members(record, scenario),
        "withheld": (scenario.restrictions, scenario.restrictions and scenario.leakage),
        "tariffs": (
            scenario.tariff and (scenario.tariff, scenario.tariff_products, scenario.preference),
            scenario.duties,
        ),
        "prices": scenario.prices,
        "floodings": scenario.floodings,
        "stocks": scenario.stocks,
        "horizon": scenario.horizon,
        "assumed": scenario.assumed,
    }


def apart_in_words(names: tuple[str, ...]) -> str:
    """Sentence of what differs, and what that leaves as it is."""
    if not names:
        return say("A and B come to the same: nothing differs.")
    differing = _listed(names, len(ASPECTS))
    if len(names) == 1:
        sentence = say("A and B differ only in {aspect}.", aspect=differing)
    else:
        sentence = say("A and B differ in {aspects}.", aspects=differing)
    if MARKET_ONLY.issuperset(names):
        return f"{sentence} {say('What the bloc covers is the same; only markets answer.')}"
    return sentence


def _listed(names: tuple[str, ...], most: int) -> str:
    return words.listing([say(ASPECTS[each]) for each in names], most)


@dataclass(frozen=True)
class Line:
    """A setting as a sentence, and whether the other scenario has it not."""

    text: str
    differs: bool


def lines(record: Record, settings: Settings, other: Settings) -> tuple[Line, ...]:
    """All that makes a scenario, each as a sentence, against those of another.

    Two ways to the same members, or to the same measures, are no difference.
    """
    names = apart(record, settings.scenario(record), other.scenario(record))
    found = []
    for in_words, differ in ((measures.bloc, "members" in names), (measures.measures, set(names) - {"members"})):
        others = in_words(record, other)
        found += [Line(text, bool(differ) and text not in others) for text in in_words(record, settings)]
    return tuple(found)


def only_here(record: Record, members: frozenset[str], others: frozenset[str]) -> str:
    """Members that the other scenario has not, the largest producers first; empty where there is none."""
    return names_of(record, members - others, MOST_NAMED) if members - others else ""


@dataclass(frozen=True)
class Number:
    """One of the four numbers of a scenario in A and in B; `change` is B less A, NaN where one is not known."""

    label: str
    a: str
    b: str
    change: float
    said: str


def numbers(record: Record, a: Case, b: Case) -> tuple[Number, ...]:
    """Members, coverage at both stages on average, and what would be withheld at prices of the trade year."""
    first, second = a.summary, b.summary
    shares = [
        Number(label, words.percent(old), words.percent(new), new - old, words.points(old, new))
        for label, old, new in (
            (say("Mined, % of need, average"), first.mined.average, second.mined.average),
            (say("Refined, % of need, average"), first.refined.average, second.refined.average),
        )
    ]
    old_usd, new_usd = withheld_usd(record, a), withheld_usd(record, b)
    change = new_usd - old_usd
    return (
        Number(
            say("Members"),
            str(first.members),
            str(second.members),
            second.members - first.members,
            _more(second.members - first.members),
        ),
        *shares,
        Number(
            say("Withheld from members, {year} prices", year=second.trade_year or say("year unknown")),
            counted(old_usd),
            counted(new_usd),
            change,
            say("no customs heading shows this trade") if math.isnan(change) else money_apart(change),
        ),
    )


def _more(change: int) -> str:
    if not change:
        return say("unchanged")
    if change > 0:
        return say_many(change, "{number} more", "{number} more")
    return say_many(-change, "{number} fewer", "{number} fewer")


def money_apart(change: float) -> str:
    """Difference of two amounts in words: $1.2 bn more, unchanged, less than a dollar apart counts as nothing."""
    if math.isnan(change):
        return say("not comparable")
    if abs(change) < 1:
        return say("unchanged")
    amount = words.dollars(abs(change))
    return say("{amount} more", amount=amount) if change > 0 else say("{amount} less", amount=amount)


def coverage(a: Case, b: Case) -> pd.DataFrame:
    """Rows of the ranking whose coverage changes by more than half a point, with `a`, `b` and `change`.

    The index is the position among the rows of a case. A row of which only one scenario has a recorded need is not
    among them.
    """
    before, after = a.rows.coverage.to_numpy(float), b.rows.coverage.to_numpy(float)
    change = after - before
    rows = b.rows[["label", "in_sentence", "side", "mineral", "year"]].assign(a=before, b=after, change=change)
    return rows[np.abs(np.nan_to_num(change)) > NOTABLE]


def one_sided(a: Case, b: Case) -> int:
    """How many rows have a recorded need in one scenario alone."""
    return int((a.rows.coverage.isna() != b.rows.coverage.isna()).sum())


def without_members(a: Case, b: Case) -> str:
    """Finding when a scenario has no members; empty otherwise."""
    if not a.members and not b.members:
        return say("Neither A nor B has members: there is no bloc to compare")
    if not a.members:
        return say("A has no members: there is nothing to set B against")
    if not b.members:
        return say("B has no members: there is nothing to set against A")
    return ""


def largest(changes: pd.DataFrame) -> float:
    """Largest change of coverage either way; 0 where nothing changes."""
    return float(changes.change.abs().max()) if len(changes) else 0.0


def covers(changes: pd.DataFrame) -> str:
    """Finding about the row whose coverage changes most; empty where none changes."""
    if changes.empty:
        return ""
    row = changes.loc[changes.change.abs().idxmax()]
    return say(
        COVERS[row.side], share=words.percent(row.b), product=row.in_sentence, difference=_points(float(row.change))
    )


def _points(change: float) -> str:
    rounded = round(100 * abs(change))
    if change > 0:
        more = say_many(rounded, "{number} point more", "{number} points more")
        return more if rounded else say("less than a point more")
    less = say_many(rounded, "{number} point less", "{number} points less")
    return less if rounded else say("less than a point less")


def gained_and_lost(changes: pd.DataFrame, a: Case, b: Case) -> str:
    """Heading of the coverage that changes: how many rows gain and lose."""
    if without_members(a, b):
        return say("Without members there is no coverage to compare")
    gained, lost = int((changes.change > 0).sum()), int((changes.change < 0).sum())
    if not gained + lost:
        return say("No material is covered better or worse")
    if gained and lost:
        return say_many(
            gained,
            "Of {total} mined and refined series, {number} is covered better and {worse} worse in B than in A",
            "Of {total} mined and refined series, {number} are covered better and {worse} worse in B than in A",
            total=len(a.rows),
            number=words.count(gained),
            worse=words.count(lost),
        )
    return _better(gained, len(a.rows)) if gained else _worse(lost, len(a.rows))


def _better(gained: int, total: int) -> str:
    return say_many(
        gained,
        "Of {total} mined and refined series, {number} is covered better in B than in A",
        "Of {total} mined and refined series, {number} are covered better in B than in A",
        total=total,
        number=words.count(gained),
    )


def _worse(lost: int, total: int) -> str:
    return say_many(
        lost,
        "Of {total} mined and refined series, {number} is covered worse in B than in A",
        "Of {total} mined and refined series, {number} are covered worse in B than in A",
        total=total,
        number=words.count(lost),
    )


def withheld(a: Case, b: Case) -> str:
    """Finding about the purchases withheld; empty where they are the same."""
    change = b.summary.withheld_usd - a.summary.withheld_usd
    if not abs(change) >= 1:
        return ""
    amount = words.dollars(abs(change))
    if change > 0:
        return say(
            "In B {amount} more of the members’ purchases would be withheld than in A, before any response",
            amount=amount,
        )
    return say(
        "In B {amount} less of the members’ purchases would be withheld than in A, before any response", amount=amount
    )


def no_number(names: tuple[str, ...]) -> str:
    """Finding when scenarios differ but nothing that is counted moves."""
    return say(
        "A and B differ in {aspects}, which changes neither what is covered nor what is withheld",
        aspects=_listed(names, 2),
    )


def overlap(a: tuple[float, float], b: tuple[float, float]) -> bool:
    """Whether two ranges (low, high) have a value in common; never where an end is not known."""
    return a[0] <= b[1] and b[0] <= a[1]


def one_way(
    both: tuple[MarketOutcome, MarketOutcome], members: Sequence[frozenset[str]], a: Scenario, b: Scenario
) -> frozenset[str]:
    """Chains in which the same scenario is dearer for a group under each set of assumptions of the range.

    Ranges of two scenarios can overlap although one is dearer whatever is assumed, as long as it is assumed of both.
    Empty where the two differ in what they assume.
    """
    if (a.horizon, a.assumed) != (b.horizon, b.assumed):
        return frozenset()
    change = np.stack(
        [
            _costs(both[1], members[1], solution) - _costs(both[0], members[0], solution)
            for solution in range(len(both[0].found))
        ]
    )
    same = np.asarray((change > 0).all(axis=0) | (change < 0).all(axis=0))
    return frozenset(chain for chain, holds in zip(both[0].chains, same, strict=True) if holds)


def _costs(outcome: MarketOutcome, members: frozenset[str], solution: int) -> Array:
    """Effective cost of a group in each chain in one solution of an outcome."""
    alone = replace(outcome, markets=(outcome.markets[solution],), found=(outcome.found[solution],))
    return groups(alone, members).cost.to_numpy(float)


def withholds_more(a: Scenario, b: Scenario) -> bool:
    """Whether B withholds more than A and is otherwise the same: the same cuts, none shallower, one deeper."""
    pairs = list(zip(a.restrictions, b.restrictions, strict=False))
    if len(a.restrictions) != len(b.restrictions) or _without_cuts(a) != _without_cuts(b):
        return False
    return all(old.cut <= new.cut for old, new in pairs) and any(old.cut < new.cut for old, new in pairs)


def _without_cuts(scenario: Scenario) -> Scenario:
    whole = tuple(replace(each, cut=1.0) for each in scenario.restrictions)
    return replace(scenario, restrictions=whole)
