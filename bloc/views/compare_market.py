"""What markets would answer in two scenarios, A and B: prices with ranges, use lost, money; the largest apart first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from bloc import difference, words
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.language import mark, per_language, said, say, say_as, say_many
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
WORDS = {"prices": (9.6, mark("A → B")), "ranges": (66.0, mark("Ranges"))}
MONEY = {"money": (180.0, mark("Money a year, A → B"))}
PHONE_WORDS = {"prices": WORDS["prices"]}
END, MONEY_END, PHONE_END = 220.0, 1400.0, 190.0
BASIS = mark(
    "Average landed price in base prices of 2024, or the share of use that would be lost. Tick: A, dot: B; bars: "
    "ranges over what the model assumes."
)
OWN_MEMBERS = mark("The members are those of each scenario.")
LEGEND = (
    mark("**┃**&nbsp;A"),
    mark(":orange[●]&nbsp;B, price in base prices"),
    mark("Bars: range across assumptions"),
)
COLUMNS = {
    "market": mark("Market"),
    "a_said": mark("A: price, base = 1, or what goes short"),
    "b_said": mark("B: price, base = 1, or what goes short"),
    "ranges": mark("Ranges"),
    "direction": mark("Under the same assumptions"),
    "a_price": mark("A: price"),
    "a_price_low": mark("A: price, low"),
    "a_price_high": mark("A: price, high"),
    "b_price": mark("B: price"),
    "b_price_low": mark("B: price, low"),
    "b_price_high": mark("B: price, high"),
    "a_lost": mark("A: share of use lost"),
    "b_lost": mark("B: share of use lost"),
    "grade": mark("Grade"),
}
MONEY_COLUMNS = {
    "a_usd": mark("A: change for members, USD a year"),
    "a_usd_low": mark("A: change, low"),
    "a_usd_high": mark("A: change, high"),
    "b_usd": mark("B: change for members, USD a year"),
    "b_usd_low": mark("B: change, low"),
    "b_usd_high": mark("B: change, high"),
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
    """The market that differs most, for a country or the members; empty where none differs by a hundredth.

    Without `ranged` the ends of the ranges are left to the chart below.
    """
    if largest(found) < LEAST:
        return ""
    first = max(found, key=lambda each: each.effect)
    goods = record.product_sentence_names[first.case.product]
    if abs(first.by_price) >= abs(first.by_use):
        paid = _paid(first, goods, who, ranged)
        return say("{finding}; the ranges overlap", finding=paid) if first.overlap else paid
    old, new = (words.percent(each.served) for each in (first.a, first.b))
    return say(
        "Use of {goods} by {who} would be {new} of that of 2024 in B, {old} in A",
        goods=goods,
        who=who,
        new=new,
        old=old,
    )


def _paid(pair: Pair, goods: str, who: str, ranged: bool) -> str:
    """What a group pays in B and in A, if asked with the ends of the ranges in brackets."""
    new, old = _multiples(pair.b.price, pair.a.price)
    if ranged:
        new, old = words.with_range(new, price_range(pair.b)), words.with_range(old, price_range(pair.a))
    if _stays(pair.b):
        return say(
            "In B {goods} would cost {who} what was paid in 2024, in A {old} times that", goods=goods, who=who, old=old
        )
    if _stays(pair.a):
        return say(
            "In B {goods} would cost {who} {new} times the price of 2024, in A what was paid then",
            goods=goods,
            who=who,
            new=new,
        )
    return say(
        "In B {goods} would cost {who} {new} times the price of 2024, in A {old} times",
        goods=goods,
        who=who,
        new=new,
        old=old,
    )


def _stays(answer: Answer) -> bool:
    return max(abs(each - 1) for each in (answer.price, answer.price_low, answer.price_high)) < UNCHANGED


def _multiples(*values: float) -> list[str]:
    """Multiples of the base price, with another decimal where one does not tell them apart."""
    found = [multiple(each) for each in values]
    return found if len(set(found)) == len(found) else [words.number(each, ".2f") for each in values]


def heading(record: Record, found: Sequence[Pair], who: str) -> str:
    """Heading of the markets of a country or of the members: the largest difference, or that there is none."""
    if not found:
        return say("Neither A nor B moves a market")
    if not any(each.comparable for each in found):
        return say("No market can be compared for {who}", who=who)
    if largest_first := finding(record, found, who, ranged=False):
        return largest_first
    return say("No market differs by {share} or more for {who}", share=words.percent(LEAST), who=who)


def figure(
    record: Record, found: Sequence[Pair], who: str, phone: bool, same_members: bool = True, country: str = ""
) -> Figure:
    """Prices of A and B with their ranges, for a country or for the members of each with their money."""
    members = any(not math.isnan(each.a_usd[0]) for each in found)
    drawn = [each for each in found if each.effect >= LEAST][:DRAWN]
    table = _table(record, found)
    columns = said({**COLUMNS, **(MONEY_COLUMNS if members else {})})
    return Figure(
        key="compare_country" if country else "compare_members",
        finding=heading(record, found, who),
        basis=f"{say(BASIS)} {say(OWN_MEMBERS)}" if members and not same_members else say(BASIS),
        rows=table[[*columns, "source_id"]],
        columns=columns,
        drawn=_marks(record, drawn),
        spec=(lambda dark: spec(dark, phone, members)) if drawn else no_chart,
        alt=_alt(record, drawn, who),
        legend=tuple(say(each) for each in LEGEND) if drawn else (),
        note=_note(record, found, drawn, members),
        widths={"market": 170},
    )


def _ranges(pair: Pair) -> str:
    if not pair.comparable:
        return ""
    if pair.effect < UNCHANGED:
        return say_as("ranges", "the same")
    return say_as("ranges", "overlap") if pair.overlap else say_as("ranges", "apart")


def _direction(pair: Pair) -> str:
    if not pair.one_way or not pair.comparable:
        return ""
    return say("B always dearer") if pair.b.cost > pair.a.cost else say("A always dearer")


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
    priced, solved = answer.kind == "price", answer.kind in SOLVED
    found: dict[str, Any] = {f"{side}_said": price_words(answer)}
    found |= {f"{side}_{name}": getattr(answer, name) if priced else math.nan for name in PRICES}
    found |= {f"{side}_lost": 1 - answer.served if solved else math.nan}
    names = ("usd", "usd_low", "usd_high")
    return found | {f"{side}_{name}": value if priced else math.nan for name, value in zip(names, usd, strict=True)}


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
            priced = answer.kind == "price"
            for part in PRICES:
                value = getattr(answer, part)
                row[f"{name}_{part}"] = min(max(value, LOWEST), HIGHEST, answer.highest_said) if priced else math.nan
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
    return say("use lost {before} → {after}", before=old, after=new)


def _one(answer: Answer) -> str:
    if answer.kind == "price":
        return multiple(answer.price)
    return say("short {share}", share=words.percent(max(0.0, 1 - answer.served)))


def _money_text(pair: Pair) -> str:
    """Money of the members where a price is known and can be said in both."""
    if math.isnan(pair.a_usd[0]):
        return say("price not known")
    return f"{dollars(pair.a_usd[0])} → {dollars(pair.b_usd[0])}" if pair.priced else say("no price is said")


def _alt(record: Record, drawn: Sequence[Pair], who: str) -> str:
    markets = [f"{record.product_names[each.case.product]} {short(each)}" for each in drawn[:3]]
    return say(
        "Prices of each market for {who} in A and in B, with ranges. Largest difference: {markets}.",
        who=who,
        markets="; ".join(markets) or say("none"),
    )


def _note(record: Record, found: Sequence[Pair], drawn: Sequence[Pair], money: bool) -> str:
    """How sure the differences are, what is not drawn, and what the grades mean."""
    unsolved = [each for each in found if "unsolved" in (each.a.kind, each.b.kind)]
    contested = [each for each in drawn if market_session.variants(each.case.chain)]
    parts = [overlapping(drawn)]
    if rest := len(found) - len(drawn):
        parts.append(_in_the_table(rest, bool(drawn)))
    if unsolved:
        parts.append(say("Not solved in one of the two and not drawn: {goods}.", goods=_goods(record, unsolved)))
    if contested:
        parts.append(
            say("A contested figure stands behind {goods}: see Restrictions.", goods=_goods(record, contested))
        )
    if money:
        parts.append(say("Money: what all in the bloc gain or lose against 2024; its ranges are in the table."))
    if any(each.highest_beyond for each in drawn):
        parts.append(say("Bars end where no price is said beyond."))
    parts.append(say("Grade: A most of the base year is measured, B one part, C several parts are filled in by rules."))
    return " ".join(filter(None, parts))


def _goods(record: Record, found: Sequence[Pair]) -> str:
    return words.listing([record.product_names[each.case.product] for each in found])


def _in_the_table(rest: int, more: bool) -> str:
    """How many markets are not drawn, whether beside others or alone."""
    number = words.count(rest)
    if more:
        sentence = say_many(
            rest, "{number} more market is in the table.", "{number} more markets are in the table.", number=number
        )
    else:
        sentence = say_many(
            rest, "{number} market is in the table.", "{number} markets are in the table.", number=number
        )
    return words.capital(sentence)


def overlapping(drawn: Sequence[Pair]) -> str:
    """Sentence on how many of the differences drawn may be within what is assumed."""
    if not drawn:
        return ""
    over = [each for each in drawn if each.overlap]
    if not over:
        return say("The ranges do not overlap.") if len(drawn) == 1 else say("No ranges overlap.")
    return " ".join(filter(None, [_within(len(over), len(drawn)), _always(over)]))


def _within(over: int, drawn: int) -> str:
    if drawn == 1:
        return say("The ranges overlap: the difference may be within what is assumed.")
    if over == drawn:
        return say("In each market the ranges overlap: the difference may be within what is assumed.")
    return say_many(
        over,
        "In {number} market of {total} the ranges overlap: the difference may be within what is assumed.",
        "In {number} markets of {total} the ranges overlap: the difference may be within what is assumed.",
        number=words.count(over),
        total=drawn,
    )


def _always(over: Sequence[Pair]) -> str:
    """Sentence on the overlapping ones of which the same is dearer whatever is assumed of both alike."""
    number = sum(each.one_way for each in over)
    if not number:
        return ""
    if len(over) == 1:
        return say("Under the same assumptions for both, it goes the same way throughout.")
    if number == len(over):
        return say("Under the same assumptions for both, each goes the same way throughout.")
    return say_many(
        number,
        "Under the same assumptions for both, {number} of these goes the same way throughout.",
        "Under the same assumptions for both, {number} of these go the same way throughout.",
        number=words.count(number),
    )


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
    return say(
        "{shallower} withholds less than {deeper}, and yet {goods} would cost {who} more in {shallower}: {high} times "
        "the price of 2024 against {low}. What still comes is sold dear, and the seller keeps the gain. Use lost would "
        "be {lost} in {shallower} against {lost_in_deeper} in {deeper}.",
        shallower=less,
        deeper=more,
        goods=goods,
        who=who,
        high=high,
        low=low,
        lost=lost_words(old),
        lost_in_deeper=lost_words(new),
    )


@per_language()
def spec(dark: bool, phone: bool, money: bool) -> dict[str, Any]:
    """Chart of the marks: A above B in each row, ranges and points, columns of words beside them."""
    colours = theme.palette(dark)
    columns = PHONE_WORDS if phone else {**WORDS, **MONEY} if money else WORDS
    end = PHONE_END if phone else MONEY_END if money else END
    scale = alt.Scale(type="log", domain=[LOWEST, end], nice=False)
    chosen = " : ".join(f"abs(datum.value - {at}) < 0.01 ? {charts.quoted(say(head))}" for at, head in columns.values())
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
            alt.Tooltip("label:N", title=say("Market")),
            alt.Tooltip("said_a:N", title=say("A, price, base = 1")),
            alt.Tooltip("said_b:N", title=say("B, price, base = 1")),
            alt.Tooltip("ranges:N", title=say("Ranges")),
            alt.Tooltip("grade:N", title=say("Grade")),
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
