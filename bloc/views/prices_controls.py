"""Widgets of the prices page: a slider and a typed number for each lever, both showing the settings of the scenario."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from bloc import words
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.language import mark, number_marks, recorded, said, say, say_as
from bloc.minimum_price import concerns
from bloc.scenario import HIGHEST_MULTIPLE, HIGHEST_TAX, Flooding, PriceMeasure, StockChange
from bloc.settings import Settings
from bloc.views import market_session, notes, session
from bloc.views.prices import Priced, Quoted, on_product, plain, quoted

SAID = "prices_said"
# A slider ends here; higher ones are typed, up to the bound of the lever. [base prices, percent]
HIGHEST_SLID = 6.0
STEP = 0.05
HIGHEST_TARIFF_SLID = 100
WIDTH = 275
HORIZONS = {"one_year": mark("One year"), "five_years": mark("Five years")}
KINDS = {"floor": mark("Floor under imports"), "contract": mark("Guaranteed price (contract)")}
BATTERY = ("cobalt", "graphite_battery", "graphite_natural", "lithium", "manganese", "nickel")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# Decimal mark and thousands mark of a number in a link.
LINK_MARKS = (".", ",")
NAME = {"floor": mark("the floor"), "contract": mark("the guaranteed price")}


@dataclass(frozen=True)
class Bound:
    """What may be typed: what it is inside a sentence, least, most, and in what."""

    what: str
    low: float
    high: float
    unit: str


def typed(text: str, bound: Bound) -> float:
    """Number a visitor typed with the marks of the language; nothing typed is 0.

    Raises
    ------
    ValueError
        With a sentence that names what was typed and the bound.
    """
    return _within(in_figures(text), text, bound)


def linked(text: str, bound: Bound) -> float:
    """Number of a link, which is the same in every language; otherwise as one that is typed."""
    return _within(_figures(text, *LINK_MARKS), text, bound)


def in_figures(text: str) -> str:
    """A number typed with the marks of the language as a link writes it; other text as it is."""
    given = _figures(text, *number_marks())
    return given if NUMBER.fullmatch(given) else text


def _figures(text: str, decimal: str, thousands: str) -> str:
    """A text without room and marks of thousands, its decimal mark a point."""
    given = "".join(text.split()).replace("−", "-")
    if re.fullmatch(rf"-?\d{{1,3}}({re.escape(thousands)}\d{{3}})+({re.escape(decimal)}\d+)?", given):
        given = given.replace(thousands, "")
    return given.replace(decimal, ".")


def _within(figures: str, text: str, bound: Bound) -> float:
    if not figures.strip():
        return 0.0
    value = float(figures) if NUMBER.fullmatch(figures) and len(figures) <= 30 else np.nan
    if not bound.low <= value <= bound.high:
        shown = text.strip() if len(text.strip()) <= 40 else f"{text.strip()[:40]}…"
        raise ValueError(_refusal(shown, bound))
    return value


def _refusal(shown: str, bound: Bound) -> str:
    return words.capital(
        say(
            "{lever} “{text}” is not a number from {low} to {high} {unit}; what was set before is kept.",
            lever=bound.what,
            text=shown,
            low=_number(bound.low),
            high=_number(bound.high),
            unit=bound.unit,
        )
    )


def _number(value: float) -> str:
    return plain(value).replace("-", "−")


def _tell(sentence: str) -> None:
    st.session_state.setdefault(SAID, []).append(sentence)


def problems(priced: Priced) -> None:
    """What was typed or linked and could not be, in sentences."""
    if found := [*priced.problems, *st.session_state.pop(SAID, [])]:
        st.error(notes.plain(" ".join(found)))


def _settings() -> Settings:
    present: Settings = st.session_state.get(session.SETTINGS, Settings())
    return present


def showing(key: str, value: Any) -> str:
    """Key of a widget that shows a value of the settings; a value is not set again under the pointer."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def _percent(what: str, high: float = 100) -> Bound:
    return Bound(what, 0, high, say("percent"))


def _none() -> str:
    """What stands in a field in which nothing is typed."""
    return say_as("empty field", "none")


@session.spoken
def _read(key: str, bound: Bound, act: Callable[[float], None]) -> None:
    """For callbacks of typed numbers: act on the number, or say why not."""
    try:
        value = typed(st.session_state[key], bound)
    except ValueError as error:
        _tell(str(error))
        return
    act(value)


def controls(priced: Priced) -> None:
    """Levers of the page in rows that wrap: floor, guaranteed price, tariff, stock; then flooding, preference."""
    with st.container(border=True, key="price_measures"):
        with st.container(horizontal=True, gap="medium"):
            for kind in KINDS:
                with st.container(width=WIDTH):
                    _price(priced, kind)
            for draw in (_tariff, _stock):
                with st.container(width=WIDTH):
                    draw(priced)
        more = st.expander(
            say("Flooding by a supplier, preference inside the bloc"),
            expanded=_has_more(priced.settings),
            icon=":material/tune:",
        )
        with more.container(horizontal=True, gap="medium"):
            for draw in (_flooding, _preference):
                with st.container(width=WIDTH):
                    draw(priced)
        with st.container(horizontal=True, gap="small"):
            st.button(
                say("Clear all of these"), on_click=clear, disabled=not _anything(priced.settings), key="clear_prices"
            )
            if priced.settings.cut_pct or priced.settings.applied:
                st.button(
                    say("Set aside what is withheld"),
                    on_click=market_session.set_levers,
                    kwargs={"cut_pct": 0, "applied": ()},
                    key="cut_aside",
                    help=say(
                        "Export cuts stay in both of the solutions compared; without them the measures stand alone."
                    ),
                )


def _anything(settings: Settings) -> bool:
    return any(getattr(settings, name) != value for name, value in NO_MEASURES.items())


def _has_more(settings: Settings) -> bool:
    return bool(settings.floodings or settings.preference_pct != 100)


NO_MEASURES: dict[str, Any] = {
    name: getattr(Settings(), name)
    for name in ("tariff_pct", "tariff_products", "preference_pct", "prices", "floodings", "stocks")
}


def clear() -> None:
    """For callbacks: nothing of what this page sets."""
    market_session.set_levers(**NO_MEASURES)


# Floor and guaranteed price.


def _price(priced: Priced, kind: str) -> None:
    chain, unit = priced.chain, priced.quoted
    at = priced.level(kind)
    slid = min(round(at / STEP) * STEP, HIGHEST_SLID)
    st.slider(
        say(KINDS[kind]),
        0.0,
        HIGHEST_SLID,
        step=STEP,
        format="%.2f ×",
        key=showing(f"slid_{kind}", round(slid, 2)),
        on_change=_slide_price,
        args=(kind, chain),
        help=say("Times the price of 2024; 0 is none."),
    )
    known = not np.isnan(unit.base)
    value = "" if not at else words.number(at * unit.base if known else at, ".6g")
    st.text_input(
        _price_label(unit),
        key=showing(f"typed_{kind}", value),
        on_change=_type_price,
        args=(kind, chain),
        placeholder=_none(),
        help=unit.conversion() or ("" if known else say("No price is on record: multiples only.")),
    )


def _price_label(unit: Quoted) -> str:
    if np.isnan(unit.base):
        return say("Times the price of 2024, typed")
    if unit.kilograms:
        return say("USD/kg of {goods}, typed", goods=unit.form)
    return say("USD/t of {goods}, typed", goods=unit.form)


def _others(kind: str, case: BaseCase) -> tuple[PriceMeasure, ...]:
    return tuple(each for each in _settings().prices if not (each.kind == kind and concerns(each, case)))


def _set_price(kind: str, case: BaseCase, amount: float, unit: str) -> None:
    held = (on_product(case, kind, amount, unit),) if amount else ()
    market_session.set_levers(prices=tuple(sorted((*_others(kind, case), *held))))


def _slide_price(kind: str, chain: str) -> None:
    _set_price(kind, market_session.base_cases()[chain], float(st.session_state[f"slid_{kind}"]), "multiple")


def price_bound(kind: str, unit: Quoted) -> Bound:
    """What may be typed for a floor or a guaranteed price: up to 20 times the base price."""
    if np.isnan(unit.base):
        return Bound(say(NAME[kind]), 0.0, HIGHEST_MULTIPLE, say("times the price of 2024"))
    return Bound(say(NAME[kind]), 0.0, HIGHEST_MULTIPLE * unit.base, unit.unit_of_form)


@session.spoken
def _type_price(kind: str, chain: str) -> None:
    case, unit = market_session.base_cases()[chain], quoted(session.record(), chain)

    def act(amount: float) -> None:
        if np.isnan(unit.base):
            _set_price(kind, case, amount, "multiple")
        else:
            _set_price(kind, case, unit.usd_per_t(amount), "usd_per_t")

    _read(f"typed_{kind}", price_bound(kind, unit), act)


# Tariff.


def tariff_groups(record: Record, case: BaseCase) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Groups a tariff may fall on: name and products."""
    rare = sorted(record.products["product"][record.products.mineral == "rare_earths"])
    return {
        "this": (say("Only {product}", product=record.product_sentence_names[case.product]), (case.product,)),
        "all": (say("Every mineral"), ()),
        "rare_earths": (say("Rare earths"), tuple(rare)),
        "battery": (say("Battery materials"), BATTERY),
    }


def _tariff(priced: Priced) -> None:
    settings = priced.settings
    st.slider(
        say("Tariff of members on non-members"),
        0,
        HIGHEST_TARIFF_SLID,
        step=1,
        format="%d %%",
        key=showing("slid_tariff", min(settings.tariff_pct, HIGHEST_TARIFF_SLID)),
        on_change=lambda: market_session.set_levers(tariff_pct=int(st.session_state["slid_tariff"])),
    )
    st.text_input(
        say("Percent, typed"),
        key=showing("typed_tariff", str(settings.tariff_pct) if settings.tariff_pct else ""),
        on_change=_read,
        args=(
            "typed_tariff",
            _percent(say("the tariff"), 100 * HIGHEST_TAX),
            lambda value: market_session.set_levers(tariff_pct=round(value)),
        ),
        placeholder=_none(),
    )
    groups = tariff_groups(priced.record, priced.case)
    present = next((key for key, (_, goods) in groups.items() if goods == settings.tariff_products), "other")
    names = priced.record.product_sentence_names
    labels = {key: label for key, (label, _) in groups.items()}
    if present == "other":
        labels["other"] = words.capital(words.listing([names[each] for each in settings.tariff_products]))
    st.selectbox(
        say("It falls on"),
        list(labels),
        format_func=labels.__getitem__,
        key=showing("tariff_on", present),
        on_change=_tariff_on,
        args=(priced.chain,),
        help=say(
            "Battery materials are {goods}. Only markets that are offered answer.",
            goods=words.listing([names[each] for each in BATTERY], len(BATTERY)),
        ),
    )


@session.spoken
def _tariff_on(chain: str) -> None:
    groups = tariff_groups(session.record(), market_session.base_cases()[chain])
    if (key := st.session_state["tariff_on"]) in groups:
        market_session.set_levers(tariff_products=tuple(sorted(groups[key][1])))


# Stock, flooding, preference.


def used_t(priced: Priced) -> float:
    """What members use of the product in the base year. [t/yr]."""
    inside = np.isin(priced.case.users, list(priced.effect.after.members))
    return float(priced.case.use_t[inside].sum())


def _stock(priced: Priced) -> None:
    use_t, product = used_t(priced), priced.case.product
    held_t = -sum(each.quantity_t for each in priced.settings.stocks if each.product == product and not each.feed)
    share = 100 * held_t / use_t if use_t else 0.0
    st.slider(
        say("Stock of members: release or buy"),
        -100,
        100,
        step=1,
        format="%d %%",
        key=showing("slid_stock", int(np.clip(round(share), -100, 100))),
        on_change=_slide_stock,
        args=(product, use_t),
        help=say("Share of the members’ use of a year: below 0 it is released, above 0 bought."),
    )
    st.text_input(
        say("Tonnes bought, typed"),
        key=showing("typed_stock", words.number(held_t, ".6g") if held_t else ""),
        on_change=_read,
        args=(
            "typed_stock",
            Bound(
                say("the stock change"),
                -use_t,
                use_t,
                say("t, the members’ use of {product} in a year", product=priced.name),
            ),
            lambda value: _set_stock(product, value),
        ),
        placeholder=_none(),
        help=say("Tonnes of {goods} bought in the year; with a minus, released.", goods=recorded(priced.case.basis)),
    )


def _set_stock(product: str, bought_t: float) -> None:
    others = tuple(each for each in _settings().stocks if each.product != product or each.feed)
    held = (StockChange(product, -bought_t),) if bought_t else ()
    market_session.set_levers(stocks=tuple(sorted((*others, *held))))


def _slide_stock(product: str, use_t: float) -> None:
    _set_stock(product, float(f"{st.session_state['slid_stock'] / 100 * use_t:.4g}"))


def _flooding(priced: Priced) -> None:
    case, record = priced.case, priced.record
    present = [each for each in priced.settings.floodings if each.product == case.product]
    order = np.argsort(-(case.product_t + case.recycled_t))
    makers = [case.refiners[at] for at in order if case.refiners[at] in record.known]
    suppliers = list(dict.fromkeys([*(each.supplier for each in present), *makers]))
    subsidy = present[0].subsidy if present else 0.0
    if present:
        st.session_state["flooding_by"] = present[0].supplier
    elif st.session_state.get("flooding_by") not in suppliers:
        st.session_state["flooding_by"] = suppliers[0]
    st.selectbox(
        say("Flooding: who pays its producers to sell more"),
        suppliers,
        format_func=record.names.__getitem__,
        key="flooding_by",
        on_change=_set_flooding,
        args=(case.product, subsidy),
    )
    st.slider(
        say("Its subsidy, share of the price of 2024"),
        0,
        100,
        step=1,
        format="%d %%",
        key=showing("slid_flooding", round(100 * subsidy)),
        on_change=_slide_flooding,
        args=(case.product,),
    )
    st.text_input(
        say("Percent, typed"),
        key=showing("typed_flooding", words.number(100 * subsidy, ".6g") if subsidy else ""),
        on_change=_read,
        args=(
            "typed_flooding",
            _percent(say("the subsidy")),
            lambda value: _set_flooding(case.product, value / 100),
        ),
        placeholder=_none(),
    )


def _set_flooding(product: str, subsidy: float) -> None:
    others = tuple(each for each in _settings().floodings if each.product != product)
    held = (Flooding(st.session_state["flooding_by"], product, subsidy),) if subsidy else ()
    market_session.set_levers(floodings=tuple(sorted((*others, *held))))


def _slide_flooding(product: str) -> None:
    _set_flooding(product, st.session_state["slid_flooding"] / 100)


def _preference(priced: Priced) -> None:
    settings = priced.settings
    st.slider(
        say("Share of the tariff waived inside"),
        0,
        100,
        step=1,
        format="%d %%",
        key=showing("slid_preference", settings.preference_pct),
        on_change=lambda: market_session.set_levers(preference_pct=int(st.session_state["slid_preference"])),
        help=say("100 % is duty-free among members."),
    )
    st.text_input(
        say("Percent, typed"),
        key=showing("typed_preference", str(settings.preference_pct)),
        on_change=_read,
        args=(
            "typed_preference",
            _percent(say("the preference")),
            lambda value: market_session.set_levers(preference_pct=round(value)),
        ),
    )


def horizon(settings: Settings) -> None:
    """How long supply and use have to adjust."""
    st.segmented_control(
        say("Time to adjust"),
        list(HORIZONS),
        format_func=said(HORIZONS).__getitem__,
        key=showing("price_horizon", settings.horizon),
        on_change=_set_horizon,
    )


def _set_horizon() -> None:
    if st.session_state["price_horizon"]:
        market_session.set_levers(horizon=st.session_state["price_horizon"])
