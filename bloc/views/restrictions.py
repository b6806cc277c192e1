"""The page of restrictions: what is asked, and the parts of the screen in the order they are drawn."""

import time
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import streamlit as st

from bloc import words
from bloc.briefing import name_of
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.language import mark, per_language, recorded, said, say, say_many
from bloc.market_outcome import MarketOutcome, gains
from bloc.outcome import bloc_members
from bloc.scenario import Scenario
from bloc.views import (
    flow_map,
    maps,
    market_session,
    notes,
    overview,
    rerouting,
    restrictions_joining,
    restrictions_members,
    restrictions_minerals,
    restrictions_records,
    restrictions_sellers,
    session,
    supply,
)
from bloc.views.figure import Figure, show
from bloc.views.overview import View
from bloc.views.restrictions_words import (
    GRADES,
    KINDS,
    Answer,
    answers,
    half_is_dearer,
    headline,
    lost,
    lost_range,
    multiple,
    over_choices,
    price_range,
    weight,
    whole,
)

DEFAULT_CHAIN, DEFAULT_COUNTRY, DEFAULT_JOINER = "gallium", "USA", "VNM"
WHOM = {"country": mark("The country asked about"), "members": mark("The members together")}
# What is traded at each stage of a chain.
ROUTES = {"product": mark("Of the product"), "ore": mark("Of the ore")}
HORIZON_KEY, LEAK_KEY = "lever_horizon", "lever_leak"
HORIZONS = {"one_year": mark("Within one year"), "five_years": mark("Within five years")}
LIMITS = mark(
    "A model, not a forecast: each market of 2024 with and without the scenario, one year at a time. Stocks, scrap "
    "outside the market and re-export through third countries are left out unless they are set, so sudden cuts are "
    "overstated. Sellers have no market power beyond the cut. How users and mines answer is assumed for most minerals; "
    "the range says what other assumptions would give. Prices of 2024 already hold the controls of 2024."
)


@dataclass(frozen=True, eq=False)
class Asked:
    """What the page shows: the scenario, the market and the country asked about, and what follows for it."""

    view: View
    scenario: Scenario
    case: BaseCase
    iso3: str
    outcome: MarketOutcome
    answer: Answer

    @property
    def record(self) -> Record:
        """The record."""
        return self.view.record

    @property
    def who(self) -> str:
        """The country as it reads in a sentence."""
        return name_of(self.record, self.iso3)

    @property
    def product(self) -> str:
        """The goods of the market as they read in a sentence."""
        return self.record.product_sentence_names[self.case.product]


@cache
def markets(record: Record) -> dict[str, str]:
    """Name of each market that is offered, by chain, in the order of the names."""
    named = {chain: record.product_names[case.product] for chain, case in market_session.offered().items()}
    return _by_name(named)


def _by_name(named: dict[str, str]) -> dict[str, str]:
    return dict(sorted(named.items(), key=lambda each: words.alphabetical(each[1])))


@cache
def countries(record: Record) -> dict[str, str]:
    """Name of each country that uses something in a market that is offered, in the order of the names."""
    codes = {code for case in market_session.offered().values() for code in case.users} & record.known
    return _by_name({code: record.names[code] for code in codes})


@cache
def joiners(record: Record) -> dict[str, str]:
    """Name of each country that can be added to the bloc."""
    places = record.countries[record.countries.kind.isin(["state", "economy", "territory"])]
    return _by_name(dict(zip(places.iso3, places.name, strict=True)))


def ask(view: View) -> Asked:
    """Choices of the page, and the market asked about solved with its range."""
    record = view.record
    chain = session.choice("chain", markets(record), DEFAULT_CHAIN)
    iso3 = session.choice("country", countries(record), DEFAULT_COUNTRY)
    scenario = view.settings.scenario(record)
    outcome = market_session.outcome_of(record, scenario, (chain,))
    return Asked(view, scenario, market_session.base_cases()[chain], iso3, outcome, _answer(outcome, iso3))


@lru_cache(maxsize=market_session.KEPT)
def _answer(outcome: MarketOutcome, iso3: str) -> Answer:
    return answers(outcome, frozenset([iso3]))[outcome.chains[0]]


def head(asked: Asked) -> None:
    """Finding, what it rests on, and what a link asked for and could not have."""
    st.title(
        notes.plain(headline(asked.record, asked.view.settings, asked.case, asked.iso3, asked.answer)), anchor=False
    )
    members = bloc_members(asked.record, asked.scenario)
    grade = say(
        "The market of {product} is of grade {grade}.", product=asked.product, grade=say(GRADES[asked.case.grade])
    )
    sentences = (
        say("A model of each market against its base year 2024; ranges are across assumptions, not a forecast."),
        words.capital(grade),
        say_many(len(members), "The bloc has {number} member.", "The bloc has {number} members."),
    )
    notes.plain_note(" ".join(sentences))
    notes.problems(st.session_state.pop(session.PROBLEMS, []))


def controls(asked: Asked) -> None:
    """The market and the country asked about, how far supply can adjust, what leaks, and the recorded controls."""
    record, settings = asked.record, asked.view.settings
    for key, value in ((HORIZON_KEY, settings.horizon), (LEAK_KEY, settings.leak_pct)):
        if st.session_state.get(key) != value:
            st.session_state[key] = value
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        choices = (("chain", say("Market"), markets(record)), ("country", say("For whom"), countries(record)))
        for name, label, known in choices:
            st.selectbox(label, list(known), format_func=known.__getitem__, key=session.choice_key(name), width=250)
        st.segmented_control(
            say("Supply and use adjust"),
            list(HORIZONS),
            format_func=said(HORIZONS).__getitem__,
            key=HORIZON_KEY,
            on_change=_moved,
        )
        st.slider(
            say("Leaks through third countries"),
            0,
            100,
            format="%d %%",
            key=LEAK_KEY,
            on_change=_moved,
            width=250,
            help=say("Share of what is withheld that reaches its target all the same: an assumption, 0 by default."),
        )
    restrictions_records.draw(record, settings, asked.case)


def _moved() -> None:
    """Put the horizon and the leakage into the settings; a click on the horizon that is chosen leaves it."""
    present = restrictions_records.present()
    market_session.set_levers(
        horizon=st.session_state[HORIZON_KEY] or present.horizon, leak_pct=st.session_state[LEAK_KEY]
    )


def cards(asked: Asked) -> None:
    """Price, use lost and money for the country asked about, and the price for the members together."""
    members = _answer_of_members(asked.record, asked.scenario, asked.outcome)
    country = asked.record.names[asked.iso3]
    entries = [
        (say("{country}, price, base = 1", country=country), *_price_card(asked.answer)),
        (say("{country}, use lost", country=country), *_lost_card(asked.answer)),
        (say("{country}, change for its users a year", country=country), *_money_card(asked)),
        (say("Members together, price, base = 1"), *_price_card(members)),
    ]
    notes.draw_cards(entries, asked.view.phone)


@lru_cache(maxsize=market_session.KEPT)
def _answer_of_members(record: Record, scenario: Scenario, outcome: MarketOutcome) -> Answer:
    return answers(outcome, bloc_members(record, scenario))[outcome.chains[0]]


def _price_card(answer: Answer) -> tuple[str, str]:
    match answer.kind:
        case _ if answer.kind == "price" and not answer.moves:
            return "1", say("unchanged")
        case "price":
            change = f"1{notes.ARROW}{multiple(answer.price)}"
            return change, say("{range} across assumptions", range=price_range(answer))
        case "shortage" | "rationing":
            highest = words.number(answer.highest_said, "g")
            beyond = say("beyond {price} times the base no price is said", price=highest)
            return words.capital(say(KINDS[answer.kind])), beyond
        case "unused":
            return say("No use"), say("none on record in 2024")
        case _:
            return say("Not solved"), say("the model found no balance")


def _lost_card(answer: Answer) -> tuple[str, str]:
    if answer.kind in ("unused", "unsolved"):
        return _price_card(answer)
    share, use = words.percent(lost(answer.served)), weight(answer.base_t)
    if not answer.moves:
        return words.percent(0), say("of {amount} a year", amount=use)
    change = f"{words.percent(0)}{notes.ARROW}{share}"
    return change, say("{range} of {amount} a year", range=lost_range(answer), amount=use)


def _money_card(asked: Asked) -> tuple[str, str]:
    """What users of the country lose or gain, where a base price is known and a price can be said."""
    if asked.answer.kind != "price":
        return say("Not said"), say("no price is said here")
    if not asked.answer.moves:
        return say("None"), say("unchanged")
    usd, low, high = _users_gain(asked.outcome, asked.iso3)
    if usd != usd:
        return say("Not known"), say("no base price is on record")
    amount, ends = words.short_dollars(abs(usd)), sorted((abs(low), abs(high)))
    return (
        say("{amount} lost", amount=amount) if usd < 0 else say("{amount} gained", amount=amount),
        say("{low} to {high}, 2024 prices", low=words.short_dollars(ends[0]), high=words.short_dollars(ends[1])),
    )


@lru_cache(maxsize=market_session.KEPT)
def _users_gain(outcome: MarketOutcome, iso3: str) -> tuple[float, float, float]:
    rows = gains(outcome, [iso3])
    row: Any = rows[(rows.party == "users") & (rows.side == "members")].iloc[0]
    return float(row.usd), float(row.usd_low), float(row.usd_high)


def remarks(asked: Asked) -> None:
    """What the reader must know of this result: a half cut that costs more, a contested figure."""
    record, scenario, chain = asked.record, asked.scenario, asked.case.chain
    sentences = []
    if everything := whole(scenario, asked.case):
        then = _answer(market_session.outcome_of(record, everything, (chain,)), asked.iso3)
        sentences.append(half_is_dearer(record, asked.iso3, asked.answer, then))
    choices = {
        key: (case, _answer(market_session.outcome_of(record, scenario, (key,)), asked.iso3))
        for key, case in market_session.variants(chain).items()
        if asked.iso3 in case.users
    }
    sentences.append(over_choices(asked.case, choices, asked.answer))
    if not choices and asked.case.warning:
        sentences.append(say("Of the base year: {warning}", warning=recorded(asked.case.warning)))
    for each in filter(None, sentences):
        st.markdown(notes.plain(each))


def effects(asked: Asked) -> None:
    """Every market that moves, and the members it hits."""
    record, phone = asked.record, asked.view.phone
    whom = session.choice("whom", WHOM, "country")
    st.segmented_control(
        say("Effect on"), list(WHOM), format_func=said(WHOM).__getitem__, key=session.choice_key("whom")
    )
    left, right = st.container(key="pair_effects").columns([1.1, 1], gap="large")
    with left:
        group = frozenset([asked.iso3]) if whom == "country" else bloc_members(record, asked.scenario)
        who = asked.who if whom == "country" else say("the members")
        _show(_markets(record, asked.scenario, group, who, phone))
    with right:
        _show(_members(record, asked.scenario, phone))


@lru_cache(maxsize=market_session.KEPT)
def _markets(record: Record, scenario: Scenario, group: frozenset[str], who: str, phone: bool) -> Figure | str:
    return restrictions_minerals.by_mineral(record, scenario, group, who, phone)


@lru_cache(maxsize=market_session.KEPT)
def _members(record: Record, scenario: Scenario, phone: bool) -> Figure | str:
    return restrictions_members.members(record, scenario, phone)


def _show(drawn: Figure | str) -> None:
    if isinstance(drawn, Figure):
        show(drawn)
    else:
        st.markdown(notes.plain(drawn))


def detail(asked: Asked) -> None:
    """One market: who sells to the country before and after, and what is rerouted on the map."""
    chain, view = asked.case.chain, asked.view
    if asked.answer.kind == "unsolved":
        unsolved = say(
            "The market of {product} was not solved under this scenario: nothing is drawn.", product=asked.product
        )
        st.markdown(notes.plain(unsolved))
        return
    left, right = st.container(key="pair_detail").columns([1, 1.25], gap="large")
    with left:
        if asked.answer.kind == "unused":
            unused = say("{country} has no recorded use of {product}.", country=asked.who, product=asked.product)
            st.markdown(notes.plain(words.capital(unused)))
        else:
            show(_suppliers(asked.record, supply.sides(view), asked.outcome, chain, asked.iso3))
    with right:
        stage = _stage(asked)
        rerouted = _rerouting(asked.record, asked.outcome, chain, stage)
        if rerouted.rows.empty:
            st.markdown(notes.plain(f"{rerouted.finding}."))
            return
        size = maps.PHONE if view.phone else flow_map.WIDE
        supply.show_map(rerouted, _deck(asked.outcome, chain, stage, view.dark, size), size.height)


def _stage(asked: Asked) -> str:
    """Stage whose routes are on the map; only chains of two stages have a choice."""
    stage = session.choice("routes", ROUTES, "product")
    if not asked.case.two_stages:
        return "product"
    st.segmented_control(
        say("Routes on the map"), list(ROUTES), format_func=said(ROUTES).__getitem__, key=session.choice_key("routes")
    )
    return stage


@lru_cache(maxsize=market_session.KEPT)
def _suppliers(record: Record, sides: supply.Sides, outcome: MarketOutcome, chain: str, iso3: str) -> Figure:
    return restrictions_sellers.suppliers(record, sides, outcome, chain, iso3)


@lru_cache(maxsize=market_session.KEPT)
def _rerouting(record: Record, outcome: MarketOutcome, chain: str, stage: str) -> Figure:
    return rerouting.rerouting_figure(record, outcome, chain, stage)


@per_language(market_session.KEPT)
def _deck(outcome: MarketOutcome, chain: str, stage: str, dark: bool, size: maps.View) -> maps.CompactDeck:
    where = session.places()
    rows = rerouting.rerouted(outcome, chain, stage)
    drawn = rerouting.drawn_routes(rows, where, rerouting.largest_flow_t(outcome, chain, stage))
    return rerouting.route_deck(drawn, where, dark, size)


def joining(asked: Asked) -> None:
    """Three questions kept apart, and what one more country does to the country asked about."""
    record = asked.record
    joiner = session.choice("adding", joiners(record), DEFAULT_JOINER)
    left, right = st.container(key="pair_joining").columns(2, gap="large")
    with left:
        st.header(say("Three questions, three lists"), anchor=False)
        lists = restrictions_joining.three_lists(record, asked.scenario, asked.view.after, asked.case)
        st.markdown(notes.prose("\n".join(f"- {each}" for each in lists)))
    with right:
        found = _joining(record, asked.scenario, asked.case, asked.iso3, joiner)
        heading = restrictions_joining.verdict(record, found, asked.case, asked.iso3, joiner)
        st.header(notes.plain(heading), anchor=False)
        known = joiners(record)
        st.selectbox(
            say("Country to add"),
            list(known),
            format_func=known.__getitem__,
            key=session.choice_key("adding"),
            width=260,
        )
        cases = restrictions_joining.sentences(record, found, asked.scenario, asked.case, asked.iso3, joiner)
        st.markdown(notes.prose("\n".join(f"- {each}" for each in cases)))
        notes.plain_note(say("In base prices of 2024, or what goes short; range across assumptions in brackets."))


@lru_cache(maxsize=market_session.KEPT)
def _joining(
    record: Record, scenario: Scenario, case: BaseCase, iso3: str, joiner: str
) -> restrictions_joining.Joining:
    return restrictions_joining.joining(record, scenario, case, iso3, joiner)


def replay(view: View) -> None:
    """Where the page shows what was before the last change, go on to the present after a moment."""
    if view.replay:
        time.sleep(overview.REPLAY_SECONDS)
        st.rerun()


def foot(asked: Asked) -> None:
    """What the model leaves out, and the table of every record."""
    notes.plain_note(say(LIMITS))
    with st.expander(say("Every recorded control: state, level, basis, source, and why some cannot be applied")):
        show(restrictions_records.every(asked.record))
