"""What markets would answer in two scenarios, A and B: prices with ranges, use lost, money; the largest apart first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import altair as alt
import pandas as pd

from bloc import difference, words
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.market_outcome import MarketOutcome, gains
from bloc.outcome import bloc_members
from bloc.scenario import Scenario
from bloc.views import charts, market_session, theme
from bloc.views.figure import Figure, no_chart
from bloc.views.prices_effect import dollars
from bloc.views.restrictions_words import UNCHANGED, Answer, answers, lost_words, multiple, price_range, price_words

# Markets drawn; the others are in the table. A market that differs by less than a hundredth is in the table alone.
DRAWN, LEAST = 14, 0.01
ROW = 32
# Where A and B stand in a row, above and below its middle. [px]
ABOVE, BELOW = -6, 6
# The price scale in base prices, the same for every pair, and where the columns of words beside it start.
LOWEST, HIGHEST = 0.8, 8.0
WORDS = {"prices": (9.6, "A → B"), "ranges": (66.0, "Ranges")}
MONEY = {"money": (180.0, "Money a year, A → B")}
PHONE_WORDS = {"prices": (9.6, "A → B")}
END, MONEY_END, PHONE_END = 220.0, 1400.0, 190.0
BASIS = (
    "Average landed price in base prices of 2024, or the share of use that would be lost. Tick: A, dot: B; bars: "
    "ranges over what the model assumes."
)
OWN_MEMBERS = " The members are those of each scenario."
LEGEND = ("**┃**&nbsp;A", ":orange[●]&nbsp;B, price in base prices", "Bars: range over assumptions")
COLUMNS = {
    "market": "Market",
    "a_said": "A: price, base = 1, or what goes short",
    "b_said": "B: price, base = 1, or what goes short",
    "ranges": "Ranges",
    "direction": "Under the same assumptions",
    "a_price": "A: price",
    "a_price_low": "A: price, low",
    "a_price_high": "A: price, high",
    "b_price": "B: price",
    "b_price_low": "B: price, low",
    "b_price_high": "B: price, high",
    "a_lost": "A: share of use lost",
    "b_lost": "B: share of use lost",
    "grade": "Grade",
}
MONEY_COLUMNS = {
    "a_usd": "A: change for members, USD a year",
    "a_usd_low": "A: change, low",
    "a_usd_high": "A: change, high",
    "b_usd": "B: change for members, USD a year",
    "b_usd_low": "B: change, low",
    "b_usd_high": "B: change, high",
}
PRICES = ("price", "price_low", "price_high")
SOLVED = ("price", "shortage", "rationing")


@dataclass(frozen=True)
class Pair:
    """A market in A and in B for a group of countries; money as point, low, high, NaN where no price is known.

    `one_way` says that under each set of assumptions that makes the ranges, the same for both, the same one is dearer.
    """

    case: BaseCase
    a: Answer
    b: Answer
    a_usd: tuple[float, float, float]
    b_usd: tuple[float, float, float]
    one_way: bool = False

    @property
    def highest_beyond(self) -> bool:
        """Whether a range of a price goes beyond what is said."""
        return any(each.kind == "price" and each.price_high > each.highest_said for each in (self.a, self.b))

    @property
    def comparable(self) -> bool:
        """Whether both were solved for users on record."""
        return self.a.kind in SOLVED and self.b.kind in SOLVED

    @property
    def priced(self) -> bool:
        """Whether a price can be said in both."""
        return self.a.kind == self.b.kind == "price"

    @property
    def by_price(self) -> float:
        """How much dearer B is, in logarithms; 0 where no price is said in both."""
        return math.log(self.b.price / self.a.price) if self.priced else 0.0

    @property
    def by_use(self) -> float:
        """Share of use lost in B less that in A; 0 where they do not compare."""
        return self.a.served - self.b.served if self.comparable else 0.0

    @property
    def effect(self) -> float:
        """Size of the difference: of the price or of the use lost, whichever is more."""
        return max(abs(self.by_price), abs(self.by_use))

    @property
    def overlap(self) -> bool:
        """Whether the ranges have a value in common, of the price where it is said, else of the use lost."""
        if self.priced:
            ranges = [(each.price_low, each.price_high) for each in (self.a, self.b)]
        else:
            ranges = [(each.served_low, each.served_high) for each in (self.a, self.b)]
        return difference.overlap(*ranges)


@lru_cache(maxsize=market_session.KEPT)
def solved(record: Record, a: Scenario, b: Scenario) -> tuple[MarketOutcome, MarketOutcome] | None:
    """Both scenarios in every market that either moves; None where neither moves one."""
    moved = {*market_session.moved_chains(record, a), *market_session.moved_chains(record, b)}
    chains = tuple(chain for chain in market_session.offered() if chain in moved)
    if not chains:
        return None
    return market_session.outcome_of(record, a, chains), market_session.outcome_of(record, b, chains)


@lru_cache(maxsize=market_session.KEPT)
def pairs(record: Record, a: Scenario, b: Scenario, country: str = "") -> tuple[Pair, ...]:
    """Every market that either scenario moves, the largest difference first, for a country or the members of each."""
    if (both := solved(record, a, b)) is None:
        return ()
    groups = [frozenset([country]) if country else bloc_members(record, each) for each in (a, b)]
    first, second = (answers(outcome, group) for outcome, group in zip(both, groups, strict=True))
    money = [{} if country else _money(outcome) for outcome in both]
    unknown, one_way = (math.nan, math.nan, math.nan), difference.one_way(both, groups, a, b)
    found = [
        Pair(
            case,
            first[case.chain],
            second[case.chain],
            money[0].get(case.chain, unknown),
            money[1].get(case.chain, unknown),
            case.chain in one_way,
        )
        for case in both[0].cases
    ]
    return tuple(sorted(found, key=lambda each: (-each.effect, each.case.chain)))


@lru_cache(maxsize=market_session.KEPT)
def _money(outcome: MarketOutcome) -> dict[str, tuple[float, float, float]]:
    """Change of money of the members, all parties together, by chain: point, low, high."""
    rows = gains(outcome)
    rows = rows[(rows.party == "all") & (rows.side == "members")]
    return {row.chain: (row.usd, row.usd_low, row.usd_high) for row in rows.itertuples()}


def largest(found: Sequence[Pair]) -> float:
    """Size of the largest difference; 0 where there is none."""
    return max((each.effect for each in found), default=0.0)


def finding(record: Record, found: Sequence[Pair], who: str, ranged: bool = True) -> str:
    """The market that differs most, for a country or "the members"; empty where none differs by a hundredth.

    Without `ranged` the ends of the ranges are left to the chart below.
    """
    if largest(found) < LEAST:
        return ""
    first = max(found, key=lambda each: each.effect)
    goods = record.product_sentence_names[first.case.product]
    if abs(first.by_price) >= abs(first.by_use):
        new, old = _prices(first.b, first.a, ranged)
        close = "; the ranges overlap" if first.overlap else ""
        return f"In B {goods} would cost {who} {new}, in A {old}{close}"
    old, new = (words.percent(each.served) for each in (first.a, first.b))
    return f"Use of {goods} by {who} would be {new} of that of 2024 in B, {old} in A"


def _prices(first: Answer, second: Answer, ranged: bool) -> list[str]:
    """Two prices of one market, with their ranges or without, as a sentence names them one after the other."""
    one, other = _multiples(first.price, second.price)
    ends = [f" ({price_range(each)})" if ranged else "" for each in (first, second)]
    if _stays(first):
        return ["what was paid in 2024", f"{other} times that{ends[1]}"]
    start = f"{one} times the price of 2024{ends[0]}"
    return [start, "what was paid then" if _stays(second) else f"{other} times{ends[1]}"]


def _stays(answer: Answer) -> bool:
    return max(abs(each - 1) for each in (answer.price, answer.price_low, answer.price_high)) < UNCHANGED


def _multiples(*values: float) -> list[str]:
    """Multiples of the base price, with another decimal where one does not tell them apart."""
    said = [multiple(each) for each in values]
    return said if len(set(said)) == len(said) else [f"{each:.2f}" for each in values]


def heading(record: Record, found: Sequence[Pair], who: str) -> str:
    """Heading of the markets of a country or of "the members": the largest difference, or that there is none."""
    if not found:
        return "Neither A nor B moves a market"
    if not any(each.comparable for each in found):
        return f"No market can be compared for {who}"
    if said := finding(record, found, who, ranged=False):
        return said
    return f"No market differs by 1{words.NARROW_SPACE}% or more for {who}"


def figure(record: Record, found: Sequence[Pair], who: str, phone: bool, same_members: bool = True) -> Figure:
    """Prices of A and B with their ranges, for a country or for the members of each with their money."""
    members = any(not math.isnan(each.a_usd[0]) for each in found)
    drawn = [each for each in found if each.effect >= LEAST][:DRAWN]
    table = _table(record, found)
    columns = {**COLUMNS, **(MONEY_COLUMNS if members else {})}
    return Figure(
        key="compare_members" if who == "the members" else "compare_country",
        finding=heading(record, found, who),
        basis=BASIS + (OWN_MEMBERS if members and not same_members else ""),
        rows=table[[*columns, "source_id"]],
        columns=columns,
        drawn=_marks(record, drawn),
        spec=(lambda dark: spec(dark, phone, members)) if drawn else no_chart,
        alt=_alt(record, drawn, who),
        legend=LEGEND if drawn else (),
        note=_note(record, found, drawn, members),
        widths={"market": 170},
    )


def _ranges(pair: Pair) -> str:
    if not pair.comparable:
        return ""
    if pair.effect < UNCHANGED:
        return "the same"
    return "overlap" if pair.overlap else "apart"


def _direction(pair: Pair) -> str:
    if not pair.one_way or not pair.comparable:
        return ""
    return "B always dearer" if pair.b.cost > pair.a.cost else "A always dearer"


def _table(record: Record, found: Sequence[Pair]) -> pd.DataFrame:
    rows = [
        {
            "market": record.product_names[each.case.product],
            "ranges": _ranges(each),
            "direction": _direction(each),
            "grade": each.case.grade,
            "source_id": each.case.price_source_id or None,
            **_columns("a", each.a, each.a_usd),
            **_columns("b", each.b, each.b_usd),
        }
        for each in found
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS, *MONEY_COLUMNS, "source_id"])


def _columns(side: str, answer: Answer, usd: tuple[float, float, float]) -> dict[str, Any]:
    """Cells of one scenario; a price, or money, is NaN where it is not said."""
    said, solved = answer.kind == "price", answer.kind in SOLVED
    found: dict[str, Any] = {f"{side}_said": price_words(answer)}
    found |= {f"{side}_{name}": getattr(answer, name) if said else math.nan for name in PRICES}
    found |= {f"{side}_lost": 1 - answer.served if solved else math.nan}
    names = ("usd", "usd_low", "usd_high")
    return found | {f"{side}_{name}": value if said else math.nan for name, value in zip(names, usd, strict=True)}


def _marks(record: Record, drawn: Sequence[Pair]) -> pd.DataFrame:
    """Rows of the chart; a price that is not said has no mark."""
    rows = []
    for at, each in enumerate(drawn):
        row: dict[str, Any] = {
            "label": record.product_names[each.case.product],
            "order": at,
            "prices": short(each),
            "ranges": _ranges(each),
            "money": _money_text(each),
            "said_a": price_words(each.a),
            "said_b": price_words(each.b),
            "grade": each.case.grade,
        }
        for name, answer in (("a", each.a), ("b", each.b)):
            said = answer.kind == "price"
            for part in PRICES:
                value = getattr(answer, part)
                row[f"{name}_{part}"] = min(max(value, LOWEST), HIGHEST, answer.highest_said) if said else math.nan
        rows.append(row)
    names = ("label", "order", "prices", "ranges", "money", "said_a", "said_b", "grade")
    ends = [f"{side}_{part}" for side in "ab" for part in PRICES]
    return pd.DataFrame(rows, columns=[*names, *ends])


def short(pair: Pair) -> str:
    """Both answers in few words: 1.3 → 2.5; short of 5 % → 21 %."""
    if pair.priced:
        return " → ".join(_multiples(pair.a.price, pair.b.price)) if abs(pair.by_price) >= UNCHANGED else _lost(pair)
    return " → ".join(_one(each) for each in (pair.a, pair.b))


def _lost(pair: Pair) -> str:
    old, new = (words.percent(max(0.0, 1 - each.served)) for each in (pair.a, pair.b))
    return f"use lost {old} → {new}"


def _one(answer: Answer) -> str:
    if answer.kind == "price":
        return multiple(answer.price)
    return f"short {words.percent(max(0.0, 1 - answer.served))}"


def _money_text(pair: Pair) -> str:
    """Money of the members where a price is known and can be said in both."""
    if math.isnan(pair.a_usd[0]):
        return "price not known"
    return f"{dollars(pair.a_usd[0])} → {dollars(pair.b_usd[0])}" if pair.priced else "no price is said"


def _alt(record: Record, drawn: Sequence[Pair], who: str) -> str:
    said = [f"{record.product_names[each.case.product]} {short(each)}" for each in drawn[:3]]
    return (
        f"Prices of each market for {who} in A and in B, with ranges. Largest difference: {'; '.join(said) or 'none'}."
    )


def _note(record: Record, found: Sequence[Pair], drawn: Sequence[Pair], money: bool) -> str:
    """How sure the differences are, what is not drawn, and what the grades mean."""
    parts = [overlapping(drawn)]
    if rest := len(found) - len(drawn):
        more = "more " if drawn else ""
        parts.append(f"{words.capital(words.count(rest))} {more}{_are(rest)} in the table.")
    unsolved = [record.product_names[each.case.product] for each in found if "unsolved" in (each.a.kind, each.b.kind)]
    if unsolved:
        parts.append(f"Not solved in one of the two and not drawn: {words.listing(unsolved)}.")
    contested = [record.product_names[each.case.product] for each in drawn if market_session.variants(each.case.chain)]
    if contested:
        parts.append(f"A contested figure stands behind {words.listing(contested)}: see Restrictions.")
    if money:
        parts.append("Money: what all in the bloc gain or lose against 2024; its ranges are in the table.")
    if any(each.highest_beyond for each in drawn):
        parts.append("Bars end where no price is said beyond.")
    parts.append("Grade: A most of the base year is measured, B one part, C several parts are filled in by rules.")
    return " ".join(filter(None, parts))


def _are(number: int) -> str:
    return "market is" if number == 1 else "markets are"


def overlapping(drawn: Sequence[Pair]) -> str:
    """Sentence on how many of the differences drawn may be within what is assumed."""
    if not drawn:
        return ""
    over = [each for each in drawn if each.overlap]
    number, may = len(over), f"the difference may be within what is assumed.{_always(over)}"
    if len(drawn) == 1:
        return f"The ranges overlap: {may}" if number else "The ranges do not overlap."
    if not number:
        return "No ranges overlap."
    if number == len(drawn):
        return f"In each market the ranges overlap: {may}"
    one = "market" if number == 1 else "markets"
    return f"In {words.count(number)} {one} of {len(drawn)} the ranges overlap: {may}"


def _always(over: Sequence[Pair]) -> str:
    """Sentence on the overlapping ones of which the same is dearer whatever is assumed of both alike."""
    number = sum(each.one_way for each in over)
    if not number:
        return ""
    which = "it" if len(over) == 1 else "each" if number == len(over) else f"{words.count(number)} of these"
    goes = "goes" if which in ("it", "each") or number == 1 else "go"
    return f" Under the same assumptions for both, {which} {goes} the same way throughout."


def dearer_when_shallower(record: Record, a: Scenario, b: Scenario, found: Sequence[Pair], who: str) -> str:
    """Sentence when the deeper of two cuts that are otherwise the same leaves a price lower; empty otherwise."""
    if difference.withholds_more(a, b):
        less, more = "A", "B"
    elif difference.withholds_more(b, a):
        less, more = "B", "A"
    else:
        return ""
    sign = 1 if more == "B" else -1
    cheaper = [each for each in found if each.priced and sign * each.by_price < -UNCHANGED]
    if not cheaper:
        return ""
    first = min(cheaper, key=lambda each: sign * each.by_price)
    old, new = (first.a, first.b) if less == "A" else (first.b, first.a)
    goods = record.product_sentence_names[first.case.product]
    low, high = _multiples(new.price, old.price)
    return (
        f"{less} withholds less than {more}, and yet {goods} would cost {who} more in {less}: {high} times the price "
        f"of 2024 against {low}. What still comes is sold dear, and the seller keeps the gain. Use lost would be "
        f"{lost_words(old)} in {less} against {lost_words(new)} in {more}."
    )


@cache
def spec(dark: bool, phone: bool, money: bool) -> dict[str, Any]:
    """Chart of the marks: A above B in each row, ranges and points, columns of words beside them."""
    colours = theme.palette(dark)
    columns = PHONE_WORDS if phone else {**WORDS, **MONEY} if money else WORDS
    end = PHONE_END if phone else MONEY_END if money else END
    scale = alt.Scale(type="log", domain=[LOWEST, end], nice=False)
    chosen = " : ".join(f"abs(datum.value - {at}) < 0.01 ? '{head}'" for at, head in columns.values())
    heads = alt.Axis(
        values=[at for at, _ in columns.values()],
        labelExpr=f"{chosen} : ''",
        labelAlign="left",
        labelColor=colours.ink,
        labelFontWeight=600,
        labelOverlap=False,
        orient="top",
        grid=False,
        title=None,
    )
    ticks = alt.Axis(values=[1, 2, 4, 8], format="~g", title=None, grid=True, orient="bottom")
    base = alt.Chart().encode(
        y=alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None),
        tooltip=[
            alt.Tooltip("label:N", title="Market"),
            alt.Tooltip("said_a:N", title="A, price, base = 1"),
            alt.Tooltip("said_b:N", title="B, price, base = 1"),
            alt.Tooltip("ranges:N", title="Ranges"),
            alt.Tooltip("grade:N", title="Grade"),
        ],
    )

    def at(column: str, axis: alt.Axis | None) -> alt.X:
        return alt.X(f"{column}:Q", scale=scale, axis=axis)

    layers = [
        base.mark_bar(size=7, color=colours.outside, opacity=0.45, yOffset=ABOVE).encode(
            x=at("a_price_low", ticks), x2="a_price_high:Q"
        ),
        base.mark_bar(size=7, color=colours.restricting, opacity=0.35, yOffset=BELOW).encode(
            x=at("b_price_low", heads), x2="b_price_high:Q"
        ),
        base.mark_tick(color=colours.ink, thickness=3, size=12, yOffset=ABOVE).encode(x=at("a_price", None)),
        base.mark_circle(color=colours.restricting, size=80, opacity=1, yOffset=BELOW).encode(x=at("b_price", None)),
    ]
    for field, (start, _) in columns.items():
        x = alt.datum(start, type="quantitative", scale=scale, axis=None)
        layers.append(base.mark_text(align="left", fontSize=13).encode(x=x, text=f"{field}:N"))
    drawn = alt.layer(*layers).resolve_axis(x="independent")
    return charts.finished(drawn.properties(height=alt.Step(ROW)), dark)
