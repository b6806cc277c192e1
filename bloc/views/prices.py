"""One market under the measures of a scenario: what is quoted of it, what is set, what that changes."""

from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from bloc import words
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.language import mark, say
from bloc.minimum_price import Levels, concerns
from bloc.policy import level
from bloc.scenario import HIGHEST_MULTIPLE, PriceMeasure, Scenario
from bloc.settings import Settings
from bloc.views import market_session, session
from bloc.views.overview import View
from bloc.views.prices_effect import Effect, effect_of, levels_of, without_measures

DEFAULT = "rare_earths_magnet"
# What people quote where the basis of a chain is not it; the rest is quoted by its own name.
FORMS = {
    "lithium": mark("lithium carbonate"),
    "rare_earths_magnet": mark("NdPr oxide"),
    "vanadium": mark("vanadium pentoxide"),
    "tantalum": mark("tantalum pentoxide"),
}
# Units of prices as published that are those of goods sold by the tonne.
BY_THE_TONNE = ("USD/t", "USD/mtu", "US cents/lb")
NOT_OFFERED = {
    "floor": mark("The floor for {product} moves no market here: no market of {product} is offered."),
    "contract": mark("The guaranteed price for {product} moves no market here: no market of {product} is offered."),
}
NO_PRICE_KNOWN = {
    "floor": mark("The floor for {product} is in dollars, and no price of {product} is known: give a multiple."),
    "contract": mark(
        "The guaranteed price for {product} is in dollars, and no price of {product} is known: give a multiple."
    ),
}
TOO_HIGH = {
    "floor": mark(
        "The floor for {product} is {multiple} times the price of 2024, above the bound of {most} times; it was left "
        "out."
    ),
    "contract": mark(
        "The guaranteed price for {product} is {multiple} times the price of 2024, above the bound of {most} times; it "
        "was left out."
    ),
}


@dataclass(frozen=True)
class Quoted:
    """The product people quote a price of: its content of what the chain counts, and by the kilogram or the tonne."""

    form: str
    content: float
    kilograms: bool
    base_usd_per_t: float
    source_id: str

    @property
    def unit(self) -> str:
        """Unit of the price people quote."""
        return say("USD/kg") if self.kilograms else say("USD/t")

    @property
    def unit_of_form(self) -> str:
        """The same with what is quoted: USD/kg of NdPr oxide."""
        return say("USD/kg of {goods}", goods=self.form) if self.kilograms else say("USD/t of {goods}", goods=self.form)

    @property
    def base(self) -> float:
        """Price of the base year, NaN where none is known. [unit]."""
        return self.amount(self.base_usd_per_t)

    def amount(self, usd_per_t: float) -> float:
        """Dollars per tonne of content as people quote it. [unit]."""
        return usd_per_t * self.content / (1000 if self.kilograms else 1)

    def usd_per_t(self, amount: float) -> float:
        """Dollars per tonne of content of a quoted price."""
        return amount * (1000 if self.kilograms else 1) / self.content

    def said(self, multiple: float) -> str:
        """Multiple of the base price in the unit people quote; the multiple itself where there is no price."""
        if np.isnan(self.base):
            return say("{multiple} times the base price", multiple=words.number(multiple, ".3g"))
        return priced_at(multiple * self.base, self.kilograms)

    def conversion(self) -> str:
        """How the quoted price becomes one of content; empty where they are one."""
        if self.content == 1 or np.isnan(self.base):
            return ""
        values = {
            "goods": self.form,
            "content": words.number(self.content, "g"),
            "price": plain(self.base),
            "price_of_content": plain(self.base / self.content),
        }
        if self.kilograms:
            return say(
                "A kilogram of {goods} holds {content} kg of what the market counts: {price} USD/kg of {goods} in 2024 "
                "is {price_of_content} USD/kg of content.",
                **values,
            )
        return say(
            "A tonne of {goods} holds {content} t of what the market counts: {price} USD/t of {goods} in 2024 is "
            "{price_of_content} USD/t of content.",
            **values,
        )


def priced_at(amount: float, kilograms: bool) -> str:
    """Price with its unit: 110 USD/kg."""
    return say("{price} USD/kg", price=plain(amount)) if kilograms else say("{price} USD/t", price=plain(amount))


def plain(amount: float) -> str:
    """Price at four significant digits at most, with thousands marked."""
    return words.number(float(f"{amount:.4g}"), ",.6g" if abs(amount) < 1e6 else ",.0f")


@cache
def quoted(record: Record, chain: str) -> Quoted:
    """What people quote for the product of a chain."""
    case = market_session.base_cases()[chain]
    rows = session.query("quoted_prices")
    rows = rows[(rows.chain == chain) & (rows.role == "price")]
    form = say(FORMS[chain]) if chain in FORMS else record.product_sentence_names[case.product]
    if rows.empty:
        return Quoted(form, 1.0, True, case.price_usd_per_t, case.price_source_id)
    row = rows.iloc[0]
    content = float(row.content_t_per_t) if chain in FORMS else 1.0
    return Quoted(form, content, row.unit not in BY_THE_TONNE, case.price_usd_per_t, str(row.source_id))


def chains(record: Record) -> dict[str, str]:
    """Names of the chains whose market is shown, by key, in the order of the names."""
    named = {key: record.product_names[case.product] for key, case in market_session.offered().items()}
    return dict(sorted(named.items(), key=lambda each: words.alphabetical(each[1])))


def not_offered(record: Record) -> str:
    """Sentence on the chains that have no market here, and why."""
    cases = market_session.base_cases()
    left = [
        record.product_sentence_names[case.product]
        for key, case in cases.items()
        if key not in market_session.offered() and not case.variant_of
    ]
    return say(
        "Not offered, because too much of the base year is missing (grade D): {goods}. For these there is the "
        "accounting only.",
        goods=words.listing(sorted(left, key=words.alphabetical), most=len(left)),
    )


def within_bounds(record: Record, scenario: Scenario) -> tuple[Scenario, list[str]]:
    """The scenario without the price measures a market cannot take, and a sentence for each of them."""
    problems = [_beyond(record, each) for each in scenario.prices]
    kept = tuple(each for each, problem in zip(scenario.prices, problems, strict=True) if not problem)
    return replace(scenario, prices=kept), list(filter(None, problems))


def _beyond(record: Record, measure: PriceMeasure) -> str:
    """Why a market cannot take a price measure; empty where it can."""
    case = next((each for each in market_session.offered().values() if each.product == measure.product), None)
    name = record.product_sentence_names.get(measure.product) or say("a product")
    if case is None:
        return say(NOT_OFFERED[measure.kind], product=name)
    at = level(measure, case)
    if np.isnan(at):
        return say(NO_PRICE_KNOWN[measure.kind], product=name)
    if at <= HIGHEST_MULTIPLE * (1 + 1e-9):
        return ""
    multiple, most = words.number(at, ",.3g"), words.number(HIGHEST_MULTIPLE, "g")
    return say(TOO_HIGH[measure.kind], product=name, multiple=multiple, most=most)


@dataclass(frozen=True, eq=False)
class Priced:
    """What the page is about: one market, the measures on it and what they change."""

    record: Record
    settings: Settings
    scenario: Scenario
    chain: str
    problems: tuple[str, ...]

    @cached_property
    def case(self) -> BaseCase:
        """The chain in its base year."""
        return market_session.base_cases()[self.chain]

    @cached_property
    def quoted(self) -> Quoted:
        """What people quote for it."""
        return quoted(self.record, self.chain)

    @property
    def name(self) -> str:
        """Name of the product inside a sentence."""
        return self.record.product_sentence_names[self.case.product]

    @cached_property
    def effect(self) -> Effect:
        """What the measures change."""
        return effect_of(self.record, self.scenario, self.chain)

    @cached_property
    def without(self) -> Scenario:
        """What the page compares with."""
        return without_measures(self.scenario)

    def level(self, kind: str) -> float:
        """Highest level of a kind of price measure on the product, 0 where there is none. [base prices]."""
        found = [
            level(each, self.case) for each in self.scenario.prices if each.kind == kind and concerns(each, self.case)
        ]
        return max(found, default=0.0)

    @property
    def compared_level(self) -> float:
        """Level at which a floor and a contract stand side by side, 0 where none is set. [base prices]."""
        return self.level("floor") or self.level("contract")

    @property
    def tried(self) -> Levels:
        """A floor at every level tried; the same wherever the floor stands that is set."""
        return levels_of(self.record, self._without("floor"), self.chain, "floor")

    @property
    def set_floor(self) -> Levels:
        """The floor that is set, its level after 0."""
        return levels_of(self.record, self._without("floor"), self.chain, "floor", (self.level("floor"),))

    def at(self, kind: str) -> Levels:
        """A floor or a contract at the level compared, without the other."""
        plain = self._without("floor", "contract")
        return levels_of(self.record, plain, self.chain, kind, (self.compared_level,))

    def _without(self, *kinds: str) -> Scenario:
        """The scenario without some kinds of price measures on the product."""
        others = tuple(each for each in self.scenario.prices if not (each.kind in kinds and concerns(each, self.case)))
        return replace(self.scenario, prices=others)

    @property
    def taxed(self) -> bool:
        """Whether the members' tariff falls on this market."""
        goods = {self.case.product, self.case.ore_product} - {""}
        return bool(self.scenario.tariff) and (
            not self.scenario.tariff_products or bool(goods & set(self.scenario.tariff_products))
        )


def prepare(view: View, chain: str) -> Priced:
    """Market of a chain under what is shown."""
    scenario, problems = within_bounds(view.record, view.settings.scenario(view.record))
    return Priced(view.record, view.settings, scenario, chain, tuple(problems))


def on_product(case: BaseCase, kind: str, amount: float, unit: str) -> PriceMeasure:
    """A price measure on the product of a chain."""
    return PriceMeasure(case.product, amount, kind, unit, case.product_stage)
