"""Who pays for a price: one market under the measures of a scenario, in words and four numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import streamlit as st

from bloc import words
from bloc.briefing import members_in_words, name_of
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.language import mark, recorded, say, say_many
from bloc.minimum_price import Levels, concerns
from bloc.policy import level
from bloc.scenario import HIGHEST_MULTIPLE, PriceMeasure, Scenario
from bloc.settings import Settings
from bloc.views import market_session, notes, session
from bloc.views.overview import View
from bloc.views.prices_effect import (
    TREASURIES,
    TRIED,
    Effect,
    between,
    change,
    dollars,
    effect_of,
    levels_of,
    times,
    without_measures,
)

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
GRADES = {
    "A": mark("Grade A: most of the base year is recorded."),
    "B": mark("Grade B: one part of the base year is filled in by a rule."),
    "C": mark("Grade C: several parts of the base year are filled in by rules."),
}
PARTIES = {
    "users": mark("users in the bloc"),
    "treasuries": mark("treasuries of members"),
    "producers": mark("producers in the bloc"),
    "stocks": mark("holders of stocks"),
}
NOT_OFFERED = {
    "floor": mark("The floor for {product} moves no market here: {product} is not offered."),
    "contract": mark("The guaranteed price for {product} moves no market here: {product} is not offered."),
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


# Words.


def measures(priced: Priced) -> list[str]:
    """Measures of the page on this market, each as the object of a sentence."""
    return [said for _, said in _measures(priced)]


def _measures(priced: Priced) -> list[tuple[str, str]]:
    """The same, each behind its kind."""
    return [*_on_prices(priced), *_on_trade(priced), *_on_stocks(priced)]


def _on_prices(priced: Priced) -> Iterator[tuple[str, str]]:
    case, form = priced.case, priced.quoted.form
    if at := priced.level("floor"):
        yield "floor", say("a floor of {price} under {goods}", price=priced.quoted.said(at), goods=form)
    if at := priced.level("contract"):
        yield "contract", say("a guaranteed price of {price} for {goods}", price=priced.quoted.said(at), goods=form)
    goods = (case.product, case.ore_product)
    if any(each.product in goods and not concerns(each, case) for each in priced.scenario.prices):
        yield "ore", say("a floor under the ore of {product}", product=priced.name)


def _on_trade(priced: Priced) -> Iterator[tuple[str, str]]:
    if priced.taxed:
        rate = f"{priced.settings.tariff_pct}{words.NARROW_SPACE}%"
        yield "tariff", say("a tariff of {rate} on {product}", rate=rate, product=priced.name)
    for each in priced.scenario.floodings:
        if each.product == priced.case.product:
            supplier = name_of(priced.record, each.supplier)
            share = words.percent(each.subsidy)
            yield "flooding", say("a subsidy of {share} by {supplier}", share=share, supplier=supplier)


def _on_stocks(priced: Priced) -> Iterator[tuple[str, str]]:
    for each in priced.scenario.stocks:
        if each.product == priced.case.product:
            amount = words.tonnes(abs(each.quantity_t))
            if each.quantity_t < 0:
                yield "stock", say("buying {amount} of {product}", amount=amount, product=priced.name)
            else:
                yield "stock", say("releasing {amount} of {product}", amount=amount, product=priced.name)


def standing_cut(priced: Priced) -> str:
    """What is withheld in both of the solutions compared; empty where nothing is."""
    found = _standing(priced)
    return words.listing(found) if found else ""


def _standing(priced: Priced) -> list[str]:
    """What is withheld by all, and that there are duties, each as the subject of a sentence."""
    scenario = priced.scenario
    withheld = [each for each in scenario.restrictions if not each.products or priced.case.product in each.products]
    imposing = dict.fromkeys(each.imposing for each in withheld)
    found = []
    if imposing:
        suppliers = words.listing([name_of(priced.record, each) for each in imposing])
        found.append(
            say_many(len(imposing), "what {suppliers} withholds", "what {suppliers} withhold", suppliers=suppliers)
        )
    if scenario.duties:
        found.append(say("recorded duties"))
    return found


def parties(priced: Priced) -> Mapping[str, float]:
    """Change of money of the members by party, as a headline names them in PARTIES. [USD/yr]."""
    effect = priced.effect
    return {
        "users": effect.usd("users"),
        "treasuries": effect.usd(*TREASURIES),
        "producers": effect.usd("miners", "refiners", "recyclers"),
        "stocks": effect.usd("stocks"),
    }


def finding(priced: Priced) -> str:
    """Headline: who pays most for the measures, and who gains most; the highest floor that holds where none is set."""
    if not priced.effect.converged:
        return say("The market of {product} finds no balance under these measures", product=priced.name)
    found = _measures(priced)
    if not found:
        return _nothing_set(priced)
    what = _briefly([said for _, said in found])
    if does_nothing(priced):
        return words.capital(
            say_many(len(found), "{measures} would do nothing", "{measures} would do nothing", measures=what)
        )
    if [kind for kind, _ in found] == ["tariff"]:
        return words.capital(_tariff_raises(priced, what))
    return words.capital(_who_pays(priced, what))


def _briefly(found: list[str]) -> str:
    """Measures in a headline: the first and how many more where there are more than two."""
    rest = len(found) - 1
    if rest < 2:
        return words.listing(found)
    more = say_many(rest, "{number} more measure", "{number} more measures", number=words.count(rest))
    return words.listing([found[0], more])


def _tariff_raises(priced: Priced, tariff: str) -> str:
    amounts = parties(priced)
    return say(
        "{tariff} would raise {amount} a year; users in the bloc would lose {loss}",
        tariff=tariff,
        amount=words.dollars(max(amounts["treasuries"], 0.0)),
        loss=words.dollars(max(-amounts["users"], 0.0)),
    )


def _who_pays(priced: Priced, what: str) -> str:
    amounts = parties(priced)
    payer, gainer = min(amounts, key=lambda each: amounts[each]), max(amounts, key=lambda each: amounts[each])
    if amounts[payer] >= 0:
        return say(
            "{party} would gain most from {measures}: {amount} a year",
            party=say(PARTIES[gainer]),
            measures=what,
            amount=words.dollars(amounts[gainer]),
        )
    party, amount = say(PARTIES[payer]), words.dollars(-amounts[payer])
    if priced.level("floor") and not holds(priced):
        return say(
            "{party} would pay for {measures}: {amount} a year; it would no longer hold",
            party=party,
            measures=what,
            amount=amount,
        )
    return say("{party} would pay for {measures}: {amount} a year", party=party, measures=what, amount=amount)


def _nothing_set(priced: Priced) -> str:
    goods, highest = priced.quoted.form, priced.tried.highest()
    if highest <= 1:
        return say("No floor under {goods} would hold: members would supply each other below it", goods=goods)
    price, multiple = priced.quoted.said(highest), words.number(highest, ".3g")
    if highest >= TRIED[-1]:
        return say(
            "A floor under {goods} would hold up to {price} and beyond, {multiple} times the price of 2024",
            goods=goods,
            price=price,
            multiple=multiple,
        )
    return say(
        "A floor under {goods} would hold up to {price}, {multiple} times the price of 2024",
        goods=goods,
        price=price,
        multiple=multiple,
    )


def does_nothing(priced: Priced) -> bool:
    """Whether the measures move neither a price nor a tonne of this market."""
    rows = priced.effect.quantities
    return bool((rows.change.fillna(0).abs() < 1e-6).all() and (priced.effect.money.usd.abs() < 1).all())


def holds(priced: Priced) -> bool:
    """Whether the floor that is set holds at the point."""
    return bool(priced.set_floor.holds()[1])


def sentences(priced: Priced) -> list[str]:
    """What follows, a sentence each, the most asked first."""
    if not priced.effect.converged or not measures(priced):
        return []
    if does_nothing(priced):
        return [_why_nothing(priced)]
    return [*filter(None, [_price(priced), _floor(priced), _tonnes(priced), _contract(priced), _rent(priced)])]


def _why_nothing(priced: Priced) -> str:
    at = priced.level("floor")
    paid = float(priced.effect.quantity("price").before)
    if at and at <= paid * (1 + 1e-9):
        return say(
            "The floor of {price} is at or below what imports land at, {average} on average: it would change nothing.",
            price=priced.quoted.said(at),
            average=priced.quoted.said(paid),
        )
    return say("The measures change neither a price nor a tonne of this market.")


def price_words(priced: Priced) -> str:
    """Price inside the bloc with its range, or what goes short where no price can be said."""
    effect = priced.effect
    standing = effect.standing(effect.after)
    if standing != "priced":
        short, low, high = (max(0.0, each) for each in effect.shortage)
        share, ends = words.percent(short), between(words.percent, low, high)
        if standing == "rationed":
            return say("rationing, short of {share} of use ({range})", share=share, range=ends)
        return say("shortage of {share} of use ({range})", share=share, range=ends)
    return say(
        "{multiple} times that of 2024 ({range} over assumptions)",
        multiple=times(effect.quantity("price").after),
        range=effect.price_range,
    )


def _price(priced: Priced) -> str:
    inside, outside = priced.effect.quantity("price"), priced.effect.quantity("outside")
    if priced.effect.standing(priced.effect.after) != "priced":
        return say("The bloc would face {shortage}.", shortage=price_words(priced))
    if round(inside.before, 2) == 1:
        return say(
            "The price inside the bloc would be {price}; outside {outside}.",
            price=price_words(priced),
            outside=times(outside.after),
        )
    return say(
        "The price inside the bloc would be {price}, against {before} without the measures; outside {outside}.",
        price=price_words(priced),
        before=times(inside.before),
        outside=times(outside.after),
    )


def _floor(priced: Priced) -> str:
    at = priced.level("floor")
    if not at:
        return ""
    solved = priced.set_floor
    if not solved.bites[1]:
        return say("The floor is at or below what imports land at: it would do nothing.")
    if not solved.imports_t[0, 0] > 0:
        return say("Nothing comes from outside: a floor at the border has nothing to hold.")
    left = words.percent(solved.imports_t[0, 1] / solved.imports_t[0, 0])
    if solved.price[0, 1] > at:
        return say(
            "The floor is below what members would pay on average, {multiple} times that of 2024. It would raise only "
            "the cheapest imports; {share} of what comes from outside without it would still come.",
            multiple=times(solved.price[0, 1]),
            share=left,
        )
    return _held(bool(solved.holds()[1]), words.percent(solved.price[0, 1] / at), left)


def _held(holds: bool, paid: str, left: str) -> str:
    """Whether a floor holds, with the share of it that is paid and the share of imports that is left."""
    if holds:
        return say(
            "The floor holds: members would pay {paid} of it on average, since their own producers sell below it, and "
            "{share} of what comes from outside without it would still come.",
            paid=paid,
            share=left,
        )
    return say(
        "The floor no longer holds: members would pay {paid} of it on average, since their own producers sell below "
        "it, and {share} of what comes from outside without it would still come.",
        paid=paid,
        share=left,
    )


def _tonnes(priced: Priced) -> str:
    output, use = priced.effect.quantity("output_t"), priced.effect.quantity("use_t")
    made, used = (f"{change(row.change)} ({between(change, row.change_low, row.change_high)})" for row in (output, use))
    return say("The change of members’ output would be {output}, of their use {use}.", output=made, use=used)


def _contract(priced: Priced) -> str:
    if not priced.level("contract"):
        return ""
    return say(
        "The guarantee pays producers at most the gap up to the strike, and nothing where the price is higher; "
        "treasuries pay it, users do not."
    )


def _rent(priced: Priced) -> str:
    if not priced.level("floor") or priced.effect.after.point.product_rent[0].max() <= 0:
        return ""
    return say("Where the floor and a quota bind together, the gap is counted once: as the seller’s rent, not as duty.")


def grade(priced: Priced) -> str:
    """Grade of the market, what hangs on a contested figure, base year and limits."""
    case, contested = priced.case, len(market_session.variants(priced.chain))
    parts = [
        say(GRADES[case.grade]),
        recorded(case.warning),
        _choices(contested) if contested else "",
        say("Base year 2024. Ranges are over assumptions, which the Method page lists; they are no forecast error."),
        say("Stocks, re-export and scrap are left out, so that sudden changes are overstated."),
    ]
    return " ".join(filter(None, parts))


def _choices(contested: int) -> str:
    return say_many(
        contested,
        "The ranges include {number} other choice for the contested figure.",
        "The ranges include {number} other choices for the contested figure.",
        number=words.count(contested),
    )


# The four numbers.


def cards(priced: Priced, phone: bool) -> None:
    """Price inside, members' output, what users and what treasuries gain or lose; each with its range."""
    if not priced.effect.converged or not measures(priced):
        return
    notes.draw_cards(_cards(priced), phone)


def _cards(priced: Priced) -> list[tuple[str, str, str]]:
    effect = priced.effect
    output = effect.quantity("output_t")
    made = say(
        "{range}; {amount} a year",
        range=between(change, output.change_low, output.change_high),
        amount=words.tonnes(output.after),
    )
    return [
        (say("Price inside, 2024 = 1"), *_price_card(effect)),
        (say("Members’ output"), change(output.change), made),
        (say("Users in the bloc, a year"), *_amount(effect, ("users",))),
        (say("Treasuries of members, a year"), *_amount(effect, TREASURIES)),
    ]


def _price_card(effect: Effect) -> tuple[str, str]:
    """Price inside before and after with its range, or what goes short where no price can be said."""
    if any(effect.standing(each) != "priced" for each in (effect.before, effect.after)):
        short, low, high = (max(0.0, each) for each in effect.shortage)
        ends = between(words.percent, low, high)
        return (
            say("{share} short", share=words.percent(short)),
            say("{range} of use; no price is said", range=ends),
        )
    price, outside = effect.quantity("price"), effect.quantity("outside")
    return (
        f"{times(price.before)}{notes.ARROW}{times(price.after)}",
        say("{range}; outside {price}", range=effect.price_range, price=times(outside.after)),
    )


def _amount(effect: Effect, names: tuple[str, ...]) -> tuple[str, str]:
    rows = effect.money[effect.money.party.isin(names) & (effect.money.side == "members")]
    if len(rows) == 1:
        return dollars(rows.usd.iloc[0]), between(dollars, rows.usd_low.iloc[0], rows.usd_high.iloc[0])
    cost = float(rows[rows.party == "support"].usd.iloc[0])
    taken = float(rows[rows.party != "support"].usd.sum())
    detail = say("taken in {taken}, support {support}", taken=dollars(taken), support=dollars(cost))
    return dollars(float(rows.usd.sum())), detail


def head(view: View, priced: Priced) -> None:
    """Finding, whose market it is, and what it is compared with."""
    st.title(notes.prose(finding(priced)), anchor=False)
    notes.note(words.capital(_compared_with(priced, members_in_words(view.record, priced.effect.after.members))))
    notes.problems(st.session_state.pop(session.PROBLEMS, []))


def _compared_with(priced: Priced, members: str) -> str:
    standing = _standing(priced)
    if not standing:
        return say(
            "{members}; market of {product}. Compared with the same scenario without the measures of this page.",
            members=members,
            product=priced.name,
        )
    return say(
        "{members}; market of {product}. Compared with the same scenario without the measures of this page, both with "
        "{standing}.",
        members=members,
        product=priced.name,
        standing=words.listing(standing),
    )


def said(priced: Priced) -> None:
    """What follows, in a paragraph, and how far to trust it."""
    if not priced.effect.converged:
        st.error(
            say("These measures have no balance in this market: nothing is drawn. Undo the last change, or ease it.")
        )
        return
    if found := sentences(priced):
        st.markdown(notes.plain(" ".join(found)))
    elif not measures(priced):
        st.markdown(say("Nothing is set here yet: take an example, move a slider or type a number."))
    notes.plain_note(grade(priced))


def on_product(case: BaseCase, kind: str, amount: float, unit: str) -> PriceMeasure:
    """A price measure on the product of a chain."""
    return PriceMeasure(case.product, amount, kind, unit, case.product_stage)
