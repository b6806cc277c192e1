"""Who pays for a price: one market under the measures of a scenario, in words and four numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import streamlit as st

from bloc import words
from bloc.briefing import members_in_words, name_of
from bloc.calibration import BaseCase
from bloc.data import Record
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
    "lithium": "lithium carbonate",
    "rare_earths_magnet": "NdPr oxide",
    "vanadium": "vanadium pentoxide",
    "tantalum": "tantalum pentoxide",
}
# Units of prices as published that are those of goods sold by the tonne.
BY_THE_TONNE = ("USD/t", "USD/mtu", "US cents/lb")
GRADES = {
    "A": "most of the base year is recorded",
    "B": "one part of the base year is filled in by a rule",
    "C": "several parts of the base year are filled in by rules",
}
LIMITS = "Stocks, re-export and scrap are left out, so that sudden changes are overstated."


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
        return "USD/kg" if self.kilograms else "USD/t"

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
            return f"{multiple:.3g} times the base price"
        return f"{plain(multiple * self.base)} {self.unit}"

    def conversion(self) -> str:
        """How the quoted price becomes one of content; empty where they are one."""
        if self.content == 1 or np.isnan(self.base):
            return ""
        per = "kg" if self.kilograms else "t"
        return (
            f"A {'kilogram' if self.kilograms else 'tonne'} of {self.form} holds {self.content:g} {per} of what the "
            f"market counts: {plain(self.base)} {self.unit} of {self.form} in 2024 is "
            f"{plain(self.base / self.content)} {self.unit} of content."
        )


def plain(amount: float) -> str:
    """Price at four significant digits at most, with thousands marked."""
    return f"{float(f'{amount:.4g}'):,.6g}" if abs(amount) < 1e6 else f"{float(f'{amount:.4g}'):,.0f}"


@cache
def quoted(record: Record, chain: str) -> Quoted:
    """What people quote for the product of a chain."""
    case = market_session.base_cases()[chain]
    rows = session.query("quoted_prices")
    rows = rows[(rows.chain == chain) & (rows.role == "price")]
    form = FORMS.get(chain, record.product_sentence_names[case.product])
    if rows.empty:
        return Quoted(form, 1.0, True, case.price_usd_per_t, case.price_source_id)
    row = rows.iloc[0]
    content = float(row.content_t_per_t) if chain in FORMS else 1.0
    return Quoted(form, content, row.unit not in BY_THE_TONNE, case.price_usd_per_t, str(row.source_id))


def chains(record: Record) -> dict[str, str]:
    """Names of the chains whose market is shown, by key, in the order of the names."""
    named = {key: record.product_names[case.product] for key, case in market_session.offered().items()}
    return dict(sorted(named.items(), key=lambda each: each[1]))


def not_offered(record: Record) -> str:
    """Sentence on the chains that have no market here, and why."""
    cases = market_session.base_cases()
    left = sorted(
        record.product_sentence_names[case.product]
        for key, case in cases.items()
        if key not in market_session.offered() and not case.variant_of
    )
    return (
        f"Not offered, because too much of the base year is missing (grade D): {words.listing(left, most=len(left))}. "
        "For these there is the accounting only."
    )


def within_bounds(record: Record, scenario: Scenario) -> tuple[Scenario, list[str]]:
    """The scenario without the price measures a market cannot take, and a sentence for each of them."""
    by_product = {case.product: case for case in market_session.offered().values()}
    kept, said = [], []
    for each in scenario.prices:
        case, name = by_product.get(each.product), record.product_sentence_names.get(each.product, "a product")
        kind = "floor" if each.kind == "floor" else "guaranteed price"
        if case is None:
            said.append(f"The {kind} for {name} moves no market here: {name} is not offered.")
        elif np.isnan(at := level(each, case)):
            said.append(f"The {kind} for {name} is in dollars, and no price of {name} is known: give a multiple.")
        elif at > HIGHEST_MULTIPLE * (1 + 1e-9):
            said.append(
                f"The {kind} for {name} is {at:,.3g} times the price of 2024, above the bound of "
                f"{HIGHEST_MULTIPLE:g} times; it was left out."
            )
            continue
        kept.append(each)
    return replace(scenario, prices=tuple(kept)), said


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
    record, scenario, case, form = priced.record, priced.scenario, priced.case, priced.quoted.form
    found = []
    if at := priced.level("floor"):
        found.append(f"a floor of {priced.quoted.said(at)} under {form}")
    if at := priced.level("contract"):
        found.append(f"a guaranteed price of {priced.quoted.said(at)} for {form}")
    on_ore = [
        each
        for each in scenario.prices
        if each.product in (case.product, case.ore_product) and not concerns(each, case)
    ]
    if on_ore:
        found.append(f"a floor under the ore of {priced.name}")
    if priced.taxed:
        found.append(f"a tariff of {priced.settings.tariff_pct}{words.NARROW_SPACE}% on {priced.name}")
    for flooding in scenario.floodings:
        if flooding.product == case.product:
            share = words.percent(flooding.subsidy)
            found.append(f"a subsidy of {share} by {name_of(record, flooding.supplier)}")
    for stock in scenario.stocks:
        if stock.product == case.product:
            verb = "buying" if stock.quantity_t < 0 else "releasing"
            found.append(f"{verb} {words.tonnes(abs(stock.quantity_t))} of {priced.name}")
    return found


def standing_cut(priced: Priced) -> str:
    """What is withheld in both of the solutions compared; empty where nothing is."""
    scenario = priced.scenario
    withheld = [each for each in scenario.restrictions if not each.products or priced.case.product in each.products]
    if not withheld and not scenario.duties:
        return ""
    who = words.listing(list(dict.fromkeys(name_of(priced.record, each.imposing) for each in withheld)))
    whose = (
        f"what {who} {'withholds' if len({each.imposing for each in withheld}) == 1 else 'withhold'}"
        if withheld
        else ""
    )
    return " and ".join(filter(None, [whose, "recorded duties" if scenario.duties else ""]))


def parties(priced: Priced) -> Mapping[str, float]:
    """Change of money of the members by party, as a headline names them. [USD/yr]."""
    effect = priced.effect
    return {
        "users in the bloc": effect.usd("users"),
        "treasuries of members": effect.usd(*TREASURIES),
        "producers in the bloc": effect.usd("miners", "refiners", "recyclers"),
        "holders of stocks": effect.usd("stocks"),
    }


def finding(priced: Priced) -> str:
    """Headline: who pays most for the measures, and who gains most; the highest floor that holds where none is set."""
    found = measures(priced)
    if not priced.effect.converged:
        return f"The market of {priced.name} finds no balance under these measures"
    if not found:
        return _nothing_set(priced)
    more = f"{words.count(len(found) - 1)} more measures"
    what = f"{found[0]} and {more}" if len(found) > 2 else words.listing(found)
    if does_nothing(priced):
        return words.capital(f"{what} would do nothing")
    amounts = parties(priced)
    if found[0].startswith("a tariff") and len(found) == 1:
        raised, lost = max(amounts["treasuries of members"], 0.0), max(-amounts["users in the bloc"], 0.0)
        return words.capital(
            f"{what} would raise {words.dollars(raised)} a year; users in the bloc would lose {words.dollars(lost)}"
        )
    payer, gainer = min(amounts, key=lambda each: amounts[each]), max(amounts, key=lambda each: amounts[each])
    if amounts[payer] >= 0:
        return words.capital(f"{gainer} would gain most from {what}: {words.dollars(amounts[gainer])} a year")
    headline = f"{payer} would pay for {what}: {words.dollars(-amounts[payer])} a year"
    return words.capital(
        headline + ("; it would no longer hold" if priced.level("floor") and not holds(priced) else "")
    )


def _nothing_set(priced: Priced) -> str:
    highest = priced.tried.highest()
    if highest <= 1:
        return f"No floor under {priced.quoted.form} would hold: members would supply each other below it"
    more = " and beyond" if highest >= TRIED[-1] else ""
    return (
        f"A floor under {priced.quoted.form} would hold up to {priced.quoted.said(highest)}{more}, "
        f"{highest:.3g} times the price of 2024"
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
        return (
            f"The floor of {priced.quoted.said(at)} is at or below what imports land at, "
            f"{priced.quoted.said(paid)} on average: it would change nothing."
        )
    return "The measures change neither a price nor a tonne of this market."


def price_words(priced: Priced) -> str:
    """Price inside the bloc with its range, or what goes short where no price can be said."""
    effect = priced.effect
    standing = effect.standing(effect.after)
    if standing != "priced":
        short, low, high = (max(0.0, each) for each in effect.shortage)
        lacking = f"{words.percent(short)} of use ({between(words.percent, low, high)})"
        return f"rationing, short of {lacking}" if standing == "rationed" else f"shortage of {lacking}"
    row = effect.quantity("price")
    return f"{times(row.after)} times that of 2024 ({effect.price_range} over assumptions)"


def _price(priced: Priced) -> str:
    inside, outside = priced.effect.quantity("price"), priced.effect.quantity("outside")
    if priced.effect.standing(priced.effect.after) != "priced":
        return f"The bloc would face {price_words(priced)}."
    was = "" if times(inside.before) == "1.00" else f", against {times(inside.before)} without the measures"
    return f"The price inside the bloc would be {price_words(priced)}{was}; outside {times(outside.after)}."


def _floor(priced: Priced) -> str:
    at = priced.level("floor")
    if not at:
        return ""
    solved = priced.set_floor
    if not solved.bites[1]:
        return "The floor is at or below what imports land at: it would do nothing."
    if not solved.imports_t[0, 0] > 0:
        return "Nothing comes from outside: a floor at the border has nothing to hold."
    paid, left = solved.price[0, 1] / at, solved.imports_t[0, 1] / solved.imports_t[0, 0]
    if paid > 1:
        said = times(solved.price[0, 1])
        return (
            f"The floor is below what members would pay on average, {said} times that of 2024. It would raise only "
            f"the cheapest imports; {words.percent(left)} of what comes from outside without it would still come."
        )
    state = "holds" if solved.holds()[1] else "no longer holds"
    return (
        f"The floor {state}: members would pay {words.percent(paid)} of it on average, since their own producers sell "
        f"below it, and {words.percent(left)} of what comes from outside without it would still come."
    )


def _tonnes(priced: Priced) -> str:
    output, use = priced.effect.quantity("output_t"), priced.effect.quantity("use_t")
    made, used = (f"{change(row.change)} ({between(change, row.change_low, row.change_high)})" for row in (output, use))
    return f"The change of members’ output would be {made}, of their use {used}."


def _contract(priced: Priced) -> str:
    if not priced.level("contract"):
        return ""
    return (
        "The guarantee pays producers at most the gap up to the strike, and nothing where the price is higher; "
        "treasuries pay it, users do not."
    )


def _rent(priced: Priced) -> str:
    if not priced.level("floor") or priced.effect.after.point.product_rent[0].max() <= 0:
        return ""
    return "Where the floor and a quota bind together, the gap is counted once: as the seller’s rent, not as duty."


def grade(priced: Priced) -> str:
    """Grade of the market, what hangs on a contested figure, base year and limits."""
    case = priced.case
    contested = market_session.variants(priced.chain)
    parts = [
        f"Grade {case.grade}: {GRADES[case.grade]}.",
        case.warning,
        f"The ranges include {words.count(len(contested))} other {words.plural('choice', len(contested))} for the "
        "contested figure."
        if contested
        else "",
        "Base year 2024. Ranges are over assumptions, which the Method page lists; they are no forecast error.",
        LIMITS,
    ]
    return " ".join(filter(None, parts))


# The four numbers.


def cards(priced: Priced, phone: bool) -> None:
    """Price inside, members' output, what users and what treasuries gain or lose; each with its range."""
    if not priced.effect.converged or not measures(priced):
        return
    entries = _cards(priced)
    if phone:
        with st.container(horizontal=True, gap="small"):
            for label, value, detail in entries:
                st.markdown(f"**{notes.prose(value)}**  \n{label}  \n:small[:gray[{notes.prose(detail)}]]", width=160)
        return
    columns = st.container(key="cards").columns(4, gap="small")
    for column, (label, value, detail) in zip(columns, entries, strict=True):
        column.metric(label, value, detail, delta_color="off", delta_arrow="off", border=True)


def _cards(priced: Priced) -> list[tuple[str, str, str]]:
    effect = priced.effect
    price, outside, output = (effect.quantity(name) for name in ("price", "outside", "output_t"))
    standings = effect.standing(effect.before), effect.standing(effect.after)
    if standings == ("priced", "priced"):
        value = f"{times(price.before)}{notes.ARROW}{times(price.after)}"
        detail = f"{effect.price_range}; outside {times(outside.after)}"
    else:
        short, low, high = (max(0.0, each) for each in effect.shortage)
        value = f"{words.percent(short)} short"
        detail = f"{between(words.percent, low, high)} of use; no price is said"
    return [
        ("Price inside, 2024 = 1", value, detail),
        (
            "Members’ output",
            change(output.change),
            f"{between(change, output.change_low, output.change_high)}; {words.tonnes(output.after)} a year",
        ),
        ("Users in the bloc, a year", *_amount(effect, ("users",))),
        ("Treasuries of members, a year", *_amount(effect, TREASURIES)),
    ]


def _amount(effect: Effect, names: tuple[str, ...]) -> tuple[str, str]:
    rows = effect.money[effect.money.party.isin(names) & (effect.money.side == "members")]
    if len(rows) == 1:
        return dollars(rows.usd.iloc[0]), f"{between(dollars, rows.usd_low.iloc[0], rows.usd_high.iloc[0])}"
    cost = float(rows[rows.party == "support"].usd.iloc[0])
    taken = float(rows[rows.party != "support"].usd.sum())
    return dollars(float(rows.usd.sum())), f"taken in {dollars(taken)}, support {dollars(cost)}"


def head(view: View, priced: Priced) -> None:
    """Finding, whose market it is, and what it is compared with."""
    st.title(notes.prose(finding(priced)), anchor=False)
    members = words.capital(members_in_words(view.record, priced.effect.after.members))
    stays = f"; {cut} stays in both" if (cut := standing_cut(priced)) else ""
    notes.note(
        f"{members}; market of {priced.name}. Compared with the same scenario without the measures of this page{stays}."
    )
    notes.problems(st.session_state.pop(session.PROBLEMS, []))


def said(priced: Priced) -> None:
    """What follows, in a paragraph, and how far to trust it."""
    if not priced.effect.converged:
        st.error("These measures have no balance in this market: nothing is drawn. Undo the last change, or ease it.")
        return
    if found := sentences(priced):
        st.markdown(notes.plain(" ".join(found)))
    elif not measures(priced):
        st.markdown("Nothing is set here yet: take an example, move a slider or type a number.")
    notes.plain_note(grade(priced))


def on_product(case: BaseCase, kind: str, amount: float, unit: str) -> PriceMeasure:
    """A price measure on the product of a chain."""
    return PriceMeasure(case.product, amount, kind, unit, case.product_stage)
