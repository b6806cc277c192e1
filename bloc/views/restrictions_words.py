"""What a market answers, in words: a multiple of the base price where one can be said, else what goes short."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bloc import words
from bloc.briefing import name_of, targets_of
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.market_outcome import MarketOutcome, groups
from bloc.scenario import Restriction, Scenario
from bloc.settings import STAGES_OF, Settings

# A price is said below this part of the price at which users go without; near that price goods are rationed.
SAID, RATIONED = 0.5, 0.9
# Changes below half a percent are none; from here on a price is a multiple, below it a percentage.
UNCHANGED, MULTIPLE = 0.005, 1.5
# A share of use below this is what the solver leaves open.
NOTHING = 1e-4
MINUS = "−"
GRADES = {
    "A": "A: most of its base year is measured",
    "B": "B: one part of its base year is filled in by a rule",
    "C": "C: several parts of its base year are filled in by rules",
    "D": "D: a base year for comparison only",
}


@dataclass(frozen=True)
class Answer:
    """What a country or a group would pay and get in one market.

    Prices and costs in base prices, `served` over use of the base, each with the ends of its range over assumptions;
    NaN where the solution did not converge. `ceiling` is the price at which users go without.
    """

    base_t: float
    price: float
    price_low: float
    price_high: float
    cost: float
    served: float
    served_low: float
    served_high: float
    ceiling: float

    @property
    def kind(self) -> str:
        """What can be said: price, shortage, rationing, unused (no use in the base) or unsolved."""
        if not self.base_t > 0:
            return "unused"
        if math.isnan(self.cost) or math.isnan(self.served_low):
            return "unsolved"
        if self.cost >= RATIONED * self.ceiling:
            return "rationing"
        return "price" if self.cost < SAID * self.ceiling else "shortage"

    @property
    def highest_said(self) -> float:
        """Multiple beyond which no price is said."""
        return SAID * self.ceiling

    @property
    def moves(self) -> bool:
        """Whether the price or what arrives changes by half a percent or more."""
        return self.kind not in ("unused", "unsolved") and (
            abs(self.price - 1) >= UNCHANGED or abs(self.served - 1) >= UNCHANGED or self.kind != "price"
        )


def answer_of(row: Any, ceiling: float) -> Answer:
    """Answer of a row of market_outcome.users or groups."""
    names = ("base_t", "price", "price_low", "price_high", "cost", "served", "served_low", "served_high")
    return Answer(**{name: float(getattr(row, name)) for name in names}, ceiling=ceiling)


def answers(outcome: MarketOutcome, countries: frozenset[str]) -> dict[str, Answer]:
    """Answer of a group of countries in each chain of an outcome."""
    ceilings = outcome.markets[0].ceiling.ravel()
    rows = groups(outcome, countries).itertuples()
    return {str(row.chain): answer_of(row, float(ceiling)) for row, ceiling in zip(rows, ceilings, strict=True)}


def multiple(value: float) -> str:
    """Multiple of the base price: two decimals where it is near 1, one above."""
    return f"{value:.2f}" if value < 1.495 else f"{value:.1f}"


def change(value: float) -> str:
    """Signed change of a price in percent: +12 %, −3 %, 0 %."""
    percent = round(100 * (value - 1))
    return f"{'+' if percent > 0 else MINUS if percent < 0 else ''}{abs(percent)}{words.NARROW_SPACE}%"


def price_range(answer: Answer) -> str:
    """Ends of the range of a price as multiples; over 4 where the upper end is beyond what is said."""
    low, high = multiple(answer.price_low), multiple(answer.price_high)
    if answer.price_high > answer.highest_said:
        high = f"over {answer.highest_said:g}"
    return low if low == high else f"{low} to {high}"


def price_words(answer: Answer) -> str:
    """Price with its range: 2.5 (1.6 to 3.5); what goes short where no price is said."""
    match answer.kind:
        case "price":
            return f"{multiple(answer.price)} ({price_range(answer)})"
        case "shortage" | "rationing":
            return f"{answer.kind}, {lost_words(answer)} of use"
        case "unused":
            return "no use on record"
        case _:
            return "not solved"


def lost(served: float) -> float:
    """Share of use that is lost; what rounds to nothing is nothing, and so is a gain."""
    return 1 - served if served < 1 - NOTHING else 0.0


def lost_words(answer: Answer) -> str:
    """Share of use that is lost with its range: 20 % (12 to 21 %)."""
    return f"{words.percent(lost(answer.served))} ({lost_range(answer)})"


def lost_range(answer: Answer) -> str:
    """Ends of the range of the use that is lost."""
    low, high = words.percent(lost(answer.served_high)), words.percent(lost(answer.served_low))
    return low if low == high else f"{low} to {high}"


def weight(amount_t: float) -> str:
    """Weight in words; markets of a few tonnes in kilograms: 250 kg, 3.7 t, 12 thousand t."""
    if 0 < abs(amount_t) < 1:
        return f"{float(f'{1000 * amount_t:.2g}'):,.0f}{words.NO_BREAK}kg"
    if abs(amount_t) < 100:
        return f"{words.significant(amount_t)}{words.NO_BREAK}t"
    return words.tonnes(amount_t)


def effect(answer: Answer, who: str, product: str) -> str:
    """What would follow for a country as the end of a sentence that starts with its cause and "would"."""
    whose = f"{words.possessive(who)} {product} price"
    match answer.kind:
        case "rationing":
            short = f"{words.percent(lost(answer.served))} of its use would go without"
            return f"bring rationing of {product} to {who}: {short}, {lost_range(answer)} over assumptions"
        case "shortage":
            short = words.percent(lost(answer.served))
            return f"leave {who} short of {short} of its {product}, {lost_range(answer)} over assumptions"
        case "unsolved":
            return f"move the market of {product} in a way that was not solved"
    if abs(answer.price - 1) < UNCHANGED:
        return f"hardly move {whose}"
    if answer.price >= MULTIPLE or answer.price_high >= MULTIPLE:
        return f"raise {whose} {multiple(answer.price)}-fold, {price_range(answer)} over assumptions"
    verb = "raise" if answer.price > 1 else "lower"
    return f"{verb} {whose} by {words.percent(abs(answer.price - 1))}, {_ends(answer)} over assumptions"


def _ends(answer: Answer) -> str:
    """Ends of the range of a price that is said in percent: without a sign where both go the same way."""
    low, high = answer.price_low - 1, answer.price_high - 1
    if low * high < 0:
        return f"{change(answer.price_low)} to {change(answer.price_high)}"
    ends = [words.percent(abs(each)) for each in sorted((low, high), key=abs)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def cause(record: Record, settings: Settings) -> str:
    """What is done as the start of a sentence; empty where nothing is."""
    cut = Restriction(
        settings.supplier, settings.cut_pct / 100, settings.products, STAGES_OF[settings.stage], settings.targets
    )
    scenario = settings.scenario(record)
    others = any((scenario.tariff, scenario.prices, scenario.floodings, scenario.stocks))
    if others and (settings.cut_pct or settings.applied):
        return "These measures together"
    if others:
        return "These measures"
    if settings.cut_pct and settings.applied:
        number = len(settings.applied)
        return f"This cut and {words.count(number)} recorded {words.plural('control', number)}"
    if settings.cut_pct:
        return _cut_words(record, cut)
    if len(settings.applied) == 1:
        return _record_words(record, settings.applied[0].restriction_id)
    if settings.applied:
        number = len(settings.applied)
        return words.capital(f"{words.count(number)} recorded {words.plural('control', number)}")
    return ""


def _record_words(record: Record, restriction_id: str) -> str:
    facts = record.restrictions
    row = facts[facts.restriction_id == restriction_id].iloc[0]
    whose = words.capital(words.possessive(name_of(record, row.imposing_iso3)))
    to = f" against {name_of(record, row.target_iso3)}" if isinstance(row.target_iso3, str) else ""
    return f"{whose} recorded control on {row.material}{to}"


def _cut_words(record: Record, cut: Restriction) -> str:
    whose = words.possessive(name_of(record, cut.imposing))
    share = f"{round(100 * cut.cut)}{words.NARROW_SPACE}%"
    # 8, 11, 18 and 80 to 89 start with a vowel.
    article = "An" if share[0] == "8" or share.startswith(("11", "18")) else "A"
    goods = words.listing([record.product_sentence_names[each] for each in cut.products], most=3)
    what = f"{goods} exports" if len(cut.products) == 1 else f"exports of {goods}" if cut.products else "exports"
    to = f" to {targets_of(record, cut)}" if cut.targets else ""
    return f"{article} {share} cut of {whose} {what}{to}"


def headline(record: Record, settings: Settings, case: BaseCase, iso3: str, answer: Answer) -> str:
    """The finding: what the scenario would do to one country in one market."""
    product, who = record.product_sentence_names[case.product], name_of(record, iso3)
    if not (because := cause(record, settings)):
        return "Nothing is withheld: every price stays as in 2024"
    if answer.kind == "unused":
        return words.capital(f"{who} has no recorded use of {product} to lose")
    return f"{because} would {effect(answer, who, product)}"


def whole(scenario: Scenario, case: BaseCase) -> Scenario | None:
    """The same scenario with every cut on a chain made whole; None where none is partial."""

    def partial(each: Restriction) -> bool:
        return 0 < each.cut < 1 and concerns(each, case)

    if not any(partial(each) for each in scenario.restrictions):
        return None
    cuts = tuple(replace(each, cut=1.0) if partial(each) else each for each in scenario.restrictions)
    return replace(scenario, restrictions=cuts)


def concerns(restriction: Restriction, case: BaseCase) -> bool:
    """Whether a restriction falls on a stage of a chain."""
    goods = [(case.product, case.product_stage)]
    goods += [(case.ore_product, case.ore_stage)] if case.two_stages else []
    return any(
        (not restriction.products or product in restriction.products)
        and (not restriction.stages or stage in restriction.stages)
        for product, stage in goods
    )


def half_is_dearer(record: Record, iso3: str, now: Answer, then: Answer) -> str:
    """Sentence when the cut as it stands costs a country more than a whole one; empty otherwise."""
    if now.kind != "price" or then.kind != "price" or now.price <= then.price * (1 + UNCHANGED):
        return ""
    who = name_of(record, iso3)
    return (
        f"This cut would cost {who} more than a whole one: its price would be {price_words(now)} times that of the "
        f"base, against {price_words(then)} if all were withheld. What still comes is sold dear, and the seller "
        f"keeps the gain. Use lost would be {lost_words(now)} against {lost_words(then)}."
    )


def over_choices(case: BaseCase, choices: Mapping[str, tuple[BaseCase, Answer]], now: Answer) -> str:
    """Range of a result over the choices for the contested figure behind a chain; empty where none is contested."""
    if not choices or now.kind in ("unused", "unsolved"):
        return ""
    found = [(each.warning.removeprefix("Superseded: ").rstrip("."), answer) for each, answer in choices.values()]
    listed = "; ".join(f"{name}: {price_words(answer)}" for name, answer in found)
    start = f"The result hangs on a contested figure. {case.warning}".rstrip()
    prices = sorted(answer.price for _, answer in [*found, ("", now)] if answer.kind == "price")
    if len(prices) <= len(found):
        return f"{start} With the other choices: {listed}."
    return (
        f"{start} Over the choices the price would be {multiple(prices[0])} to {multiple(prices[-1])} times that of "
        f"the base, before the range over assumptions. With the other choices: {listed}."
    )
