"""What a market answers, in words: a multiple of the base price where one can be said, else what goes short."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bloc import words
from bloc.briefing import name_of, targets_of
from bloc.calibration import OTHER, BaseCase
from bloc.data import Record
from bloc.language import mark, recorded, say, say_many
from bloc.market_outcome import MarketOutcome, groups
from bloc.scenario import Restriction, Scenario
from bloc.settings import Settings

# A price is said below this part of the price at which users go without; near that price goods are rationed.
SAID, RATIONED = 0.5, 0.9
# Changes below half a percent are none; from here on a price is a multiple, below it a percentage.
UNCHANGED, MULTIPLE = 0.005, 1.5
# A share of use below this is what the solver leaves open.
NOTHING = 1e-4
MINUS = "−"
# What the warning of a choice that is no longer taken starts with.
SUPERSEDED = "Superseded: "
GRADES = {
    "A": mark("A: most of its base year is measured"),
    "B": mark("B: one part of its base year is filled in by a rule"),
    "C": mark("C: several parts of its base year are filled in by rules"),
    "D": mark("D: a base year for comparison only"),
}
KINDS = {
    "price": mark("price"),
    "shortage": mark("shortage"),
    "rationing": mark("rationing"),
    "unused": mark("no use"),
    "unsolved": mark("not solved"),
}
# What would follow, as the end of a sentence that starts with its cause and "would"; the same as whole sentences.
EFFECTS = {
    "rationing": mark(
        "bring rationing of {product} to {country}: {share} of its use would go without, {range} across assumptions"
    ),
    "shortage": mark("leave {country} short of {share} of its {product}, {range} across assumptions"),
    "unsolved": mark("move the market of {product} in a way that was not solved"),
    "unmoved": mark("hardly move {country:own} {product} price"),
    "multiplied": mark("raise {country:own} {product} price {times}-fold, {range} across assumptions"),
    "raised": mark("raise {country:own} {product} price by {share}, {range} across assumptions"),
    "lowered": mark("lower {country:own} {product} price by {share}, {range} across assumptions"),
}
FINDINGS = {
    "rationing": mark(
        "{cause} would bring rationing of {product} to {country}: {share} of its use would go without, {range} across "
        "assumptions"
    ),
    "shortage": mark("{cause} would leave {country} short of {share} of its {product}, {range} across assumptions"),
    "unsolved": mark("{cause} would move the market of {product} in a way that was not solved"),
    "unmoved": mark("{cause} would hardly move {country:own} {product} price"),
    "multiplied": mark("{cause} would raise {country:own} {product} price {times}-fold, {range} across assumptions"),
    "raised": mark("{cause} would raise {country:own} {product} price by {share}, {range} across assumptions"),
    "lowered": mark("{cause} would lower {country:own} {product} price by {share}, {range} across assumptions"),
}
# A cut of every product, of one, of several: for everybody, and aimed at a list.
CUTS = {
    "every": mark("{share:a} cut of {country:own} exports"),
    "one": mark("{share:a} cut of {country:own} {goods} exports"),
    "several": mark("{share:a} cut of {country:own} exports of {goods}"),
}
AIMED_CUTS = {
    "every": mark("{share:a} cut of {country:own} exports to {targets}"),
    "one": mark("{share:a} cut of {country:own} {goods} exports to {targets}"),
    "several": mark("{share:a} cut of {country:own} exports of {goods} to {targets}"),
}


@dataclass(frozen=True)
class Answer:
    """What a country or a group would pay and get in one market.

    Prices and costs in base prices, `served` over use of the base, each with the ends of its range across assumptions;
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


def multiple(value: float, beside: float | None = None) -> str:
    """Multiple of the base price: two decimals where it, or what it stands beside, is near 1, one above."""
    return words.number(value, ".2f" if (value if beside is None else beside) < 1.495 else ".1f")


def change(value: float) -> str:
    """Signed change of a price in percent: +12 %, −3 %, 0 %."""
    percent = round(100 * (value - 1))
    return f"{'+' if percent > 0 else MINUS if percent < 0 else ''}{abs(percent)}{words.NARROW_SPACE}%"


def place_in_sentence(record: Record, code: str) -> str:
    """A seller or buyer of a market as it reads inside a sentence."""
    return say("countries not named") if code == OTHER else name_of(record, code)


def price_range(answer: Answer) -> str:
    """Ends of the range of a price as multiples, as exact as the price; over 4 where the upper end is beyond that."""
    low, high = multiple(answer.price_low, answer.price), multiple(answer.price_high, answer.price)
    if answer.price_high > answer.highest_said:
        return say("{low} to over {high}", low=low, high=words.number(answer.highest_said, "g"))
    return _between(low, high)


def _between(low: str, high: str) -> str:
    """Range of two numbers in words, or the number where both are one."""
    return low if low == high else say("{low} to {high}", low=low, high=high)


def price_words(answer: Answer) -> str:
    """Price with its range: 2.5 (1.6 to 3.5); what goes short where no price is said."""
    match answer.kind:
        case "price":
            return words.with_range(multiple(answer.price), price_range(answer))
        case "shortage":
            return say("shortage, {share} of use", share=lost_words(answer))
        case "rationing":
            return say("rationing, {share} of use", share=lost_words(answer))
        case "unused":
            return say("no use on record")
        case _:
            return say("not solved")


def lost(served: float) -> float:
    """Share of use that is lost; what rounds to nothing is nothing, and so is a gain."""
    return 1 - served if served < 1 - NOTHING else 0.0


def lost_words(answer: Answer) -> str:
    """Share of use that is lost with its range: 20 % (12 to 21 %)."""
    return words.with_range(words.percent(lost(answer.served)), lost_range(answer))


def lost_range(answer: Answer) -> str:
    """Ends of the range of the use that is lost."""
    return _between(words.percent(lost(answer.served_high)), words.percent(lost(answer.served_low)))


def weight(amount_t: float) -> str:
    """Weight in words; markets of a few tonnes in kilograms: 250 kg, 3.7 t, 12 thousand t."""
    if 0 < abs(amount_t) < 1:
        return say("{amount}\u00a0kg", amount=words.number(float(f"{1000 * amount_t:.2g}"), ",.0f"))
    if abs(amount_t) < 100:
        return say("{amount}\u00a0t", amount=words.significant(amount_t))
    return words.tonnes(amount_t)


def effect(answer: Answer, who: str, product: str) -> str:
    """What would follow for a country as the end of a sentence that starts with its cause and "would"."""
    kind, values = _effect(answer)
    return say(EFFECTS[kind], country=who, product=product, **values)


def _effect(answer: Answer) -> tuple[str, dict[str, str]]:
    """Which of EFFECTS follows, and its numbers in words."""
    match answer.kind:
        case "rationing" | "shortage":
            return answer.kind, {"share": words.percent(lost(answer.served)), "range": lost_range(answer)}
        case "unsolved":
            return "unsolved", {}
    if abs(answer.price - 1) < UNCHANGED:
        return "unmoved", {}
    if answer.price >= MULTIPLE or answer.price_high >= MULTIPLE:
        return "multiplied", {"times": multiple(answer.price), "range": price_range(answer)}
    kind = "raised" if answer.price > 1 else "lowered"
    return kind, {"share": words.percent(abs(answer.price - 1)), "range": _ends(answer)}


def _ends(answer: Answer) -> str:
    """Ends of the range of a price that is said in percent: without a sign where both go the same way."""
    low, high = answer.price_low - 1, answer.price_high - 1
    if low * high < 0:
        return _between(change(answer.price_low), change(answer.price_high))
    nearer, further = (words.percent(abs(each)) for each in sorted((low, high), key=abs))
    return _between(nearer, further)


def cause(record: Record, settings: Settings) -> str:
    """What is done as it reads inside a sentence; empty where nothing is."""
    scenario = settings.scenario(record)
    if any((scenario.tariff, scenario.prices, scenario.floodings, scenario.stocks)):
        return say("these measures together") if settings.cut_pct or settings.applied else say("these measures")
    if settings.cut_pct and settings.applied:
        return _cut_and_records(len(settings.applied))
    if settings.cut_pct:
        return _cut_words(record, settings)
    if len(settings.applied) == 1:
        return _record_words(record, settings.applied[0].restriction_id)
    return _records(len(settings.applied)) if settings.applied else ""


def _cut_and_records(number: int) -> str:
    return say_many(
        number,
        "this cut and {number} recorded control",
        "this cut and {number} recorded controls",
        number=words.count(number),
    )


def _records(number: int) -> str:
    return say_many(number, "{number} recorded control", "{number} recorded controls", number=words.count(number))


def _record_words(record: Record, restriction_id: str) -> str:
    facts = record.restrictions
    row = facts[facts.restriction_id == restriction_id].iloc[0]
    country, material = name_of(record, row.imposing_iso3), recorded(row.material)
    if not isinstance(row.target_iso3, str):
        return say("{country:own} recorded control on {material}", country=country, material=material)
    return say(
        "{country:own} recorded control on {material} against {target}",
        country=country,
        material=material,
        target=name_of(record, row.target_iso3),
    )


def _cut_words(record: Record, settings: Settings) -> str:
    cut = Restriction(settings.supplier, settings.cut_pct / 100, settings.products, targets=settings.targets)
    kind = "several" if len(cut.products) > 1 else "one" if cut.products else "every"
    values = {
        "share": f"{settings.cut_pct}{words.NARROW_SPACE}%",
        "country": name_of(record, cut.imposing),
        "goods": words.listing([record.product_sentence_names[each] for each in cut.products], most=3),
    }
    if cut.targets:
        return say(AIMED_CUTS[kind], targets=targets_of(record, cut), **values)
    return say(CUTS[kind], **values)


def headline(record: Record, settings: Settings, case: BaseCase, iso3: str, answer: Answer) -> str:
    """The finding: what the scenario would do to one country in one market."""
    product, country = record.product_sentence_names[case.product], name_of(record, iso3)
    if not (because := cause(record, settings)):
        return say("Nothing is withheld: every price stays as in 2024")
    if answer.kind == "unused":
        return words.capital(
            say("{country} has no recorded use of {product} to lose", country=country, product=product)
        )
    kind, values = _effect(answer)
    return words.capital(say(FINDINGS[kind], cause=because, country=country, product=product, **values))


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
    return say(
        "This cut would cost {country} more than a whole one: its price would be {price} times that of the base, "
        "against {whole_price} if all were withheld. What still comes is sold dear, and the seller keeps the gain. Use "
        "lost would be {share} against {whole_share}.",
        country=name_of(record, iso3),
        price=price_words(now),
        whole_price=price_words(then),
        share=lost_words(now),
        whole_share=lost_words(then),
    )


def over_choices(case: BaseCase, choices: Mapping[str, tuple[BaseCase, Answer]], now: Answer) -> str:
    """Range of a result over the choices for the contested figure behind a chain; empty where none is contested."""
    if not choices or now.kind in ("unused", "unsolved"):
        return ""
    others = [answer for _, answer in choices.values()]
    prices = sorted(answer.price for answer in (*others, now) if answer.kind == "price")
    parts = [say("The result hangs on a contested figure."), recorded(case.warning)]
    if len(prices) > len(others) and multiple(prices[0]) != multiple(prices[-1]):
        parts.append(_price_over_choices(prices[0], prices[-1]))
    listed = "; ".join(f"{_choice(each)}: {price_words(answer)}" for each, answer in choices.values())
    return " ".join(filter(None, [*parts, say("With the other choices: {choices}.", choices=listed)]))


def _choice(case: BaseCase) -> str:
    return recorded(case.warning.removeprefix(SUPERSEDED)).rstrip(".")


def _price_over_choices(lowest: float, highest: float) -> str:
    return say(
        "Over the choices the price would be {low} to {high} times that of the base, before the range across "
        "assumptions.",
        low=multiple(lowest),
        high=multiple(highest),
    )
