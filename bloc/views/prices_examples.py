"""Worked examples of measures on prices, with their sources, and the arithmetic of the polysilicon minimum."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from bloc import words
from bloc.data import Record
from bloc.language import mark, marks, recorded, say
from bloc.minimum_price import duty
from bloc.scenario import PriceMeasure
from bloc.views import market_session, notes, session
from bloc.views.figure import citation
from bloc.views.prices import priced_at
from bloc.views.prices_controls import NO_MEASURES, Bound, in_figures, linked, showing, typed

POLYSILICON = "polysilicon_mip"
# What is announced without a level, and how it is called.
UNPUBLISHED = {
    "open_ref_prices": mark("reference prices for germanium, gallium, antimony and tungsten"),
    "acm_min_prices": mark("minimum prices of the plurilateral agreement"),
    "vance_ref_prices": mark("reference prices with adjustable tariffs"),
    "price_gap_subsidy": mark("price-gap subsidies"),
    "eu_cfd": mark("contracts for difference of the European Union"),
}
# Highest price that may be typed for the arithmetic. [USD/kg]
HIGHEST_ENTERED = 1000.0
# Key of its field, and of what is said of a text that cannot be.
TYPED, REFUSED = "typed_entered", "entered_refused"
# Buttons of the recorded prices of polysilicon, by where they were paid.
RECORDED = {"outside": mark("Outside China: {price}"), "inside": mark("Inside China: {price}")}


@dataclass(frozen=True)
class Example:
    """A scenario of one click: what it sets, the market it is about, and where it comes from."""

    key: str
    label: str
    help: str
    chain: str
    levers: dict[str, Any]


def examples(record: Record) -> list[Example]:
    """Scenarios of one click; each sets aside what is withheld, so that the measure stands alone."""
    levers = record.instrument_levers
    [strike] = levers[levers.instrument_id == "mp_dod_floor"].itertuples()
    contract = PriceMeasure(strike.product, strike.usd_per_t_of_content, "contract", "usd_per_t", strike.stage)
    floor = PriceMeasure(strike.product, strike.usd_per_t_of_content, "floor", "usd_per_t", strike.stage)
    price = priced_at(strike.usd_per_t / 1000, kilograms=True)
    source = citation(record, strike.source_id)
    return [
        Example(
            "ndpr_contract",
            say("NdPr: {price} guaranteed", price=price),
            say(
                "In force for one firm in the United States; the model pays it to every producer of members. {source}.",
                source=source,
            ),
            strike.product,
            {"prices": (contract,)},
        ),
        Example(
            "ndpr_floor",
            say("NdPr: {price} at the border", price=price),
            say(
                "The level of the U.S. guarantee as a floor under imports; nobody has enacted it. {source}.",
                source=source,
            ),
            strike.product,
            {"prices": (floor,)},
        ),
        Example(
            "tariff",
            say("{rate} on non-members", rate=f"25{words.NARROW_SPACE}%"),
            say("A tariff on every mineral, duty-free inside the bloc: an illustration, no law."),
            "",
            {"tariff_pct": 25},
        ),
        Example(
            "gallium_reference",
            say("Gallium: twice the price of 2024"),
            say(
                "Reference prices for gallium, germanium, antimony and tungsten are planned, but no level is "
                "published: the multiple is ours. {source}.",
                source=citation(record, "P154"),
            ),
            "gallium",
            {"prices": (PriceMeasure("gallium", 2.0, "floor", "multiple", "refinery"),)},
        ),
    ]


def buttons(record: Record) -> None:
    """A button for each example."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f":small[:gray[{say('Worked examples')}]]", width="content")
        for each in examples(record):
            st.button(each.label, help=notes.plain(each.help), key=f"example_{each.key}", on_click=_apply, args=(each,))


def _apply(example: Example) -> None:
    if example.chain:
        st.session_state[session.choice_key("chain")] = example.chain
    market_session.set_levers(**{**NO_MEASURES, "cut_pct": 0, "applied": (), **example.levers})


def unpublished(record: Record) -> str:
    """Sentence on the announced measures whose level nobody has published."""
    levers = record.instrument_levers
    known = [say(message) for key, message in UNPUBLISHED.items() if (levers.instrument_id == key).any()]
    return say(
        "Announced without a published level: {measures}. Here they can be tried as multiples of the price of 2024 "
        "only.",
        measures=words.listing(known, len(known)),
    )


# Polysilicon: arithmetic on one price, no market.


class Numbers:
    """Texts that are a number within a bound, as the known values of a control whose value stands in the link."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound

    def __contains__(self, text: object) -> bool:
        """Whether a text can be read."""
        try:
            return bool(isinstance(text, str) and text.strip() and linked(text, self.bound) >= self.bound.low)
        except ValueError:
            return False

    def __iter__(self) -> Iterator[str]:
        """None is listed: there are too many."""
        return iter(())

    def __len__(self) -> int:
        """Not counted."""
        return 0


def recorded_prices(record: Record) -> pd.DataFrame:
    """Prices of polysilicon outside and inside China on the latest day that has both.

    Columns: place, a key of RECORDED; usd_per_kg, date, source_id.
    """
    rows = session.query("price_gaps")
    rows = rows[(rows["product"] == "polysilicon") & rows.outside_low.notna() & rows.china_low.notna()]
    row = rows.sort_values("date").iloc[-1]
    return pd.DataFrame(
        [
            ("outside", row.outside_low, row.date, row.source_id),
            ("inside", row.china_low, row.date, row.source_id),
        ],
        columns=["place", "usd_per_kg", "date", "source_id"],
    )


def minimum(record: Record) -> tuple[float, str, str]:
    """The enacted minimum for polysilicon, its standing and its source. [USD/kg]."""
    levers = record.instrument_levers
    [row] = levers[levers.instrument_id == POLYSILICON].itertuples()
    return row.usd_per_t / 1000, row.status, row.source_id


def levied(least: float, entered: float) -> str:
    """What an entered value pays under a minimum, in a sentence. [both USD/kg]."""
    minimum = words.number(least, ".2f")
    if entered <= 0:
        return say(
            "At an entered value of nothing the duty would be the whole minimum, {minimum} USD/kg.", minimum=minimum
        )
    owed, value = duty(least, entered), words.number(entered, ".2f")
    if not owed:
        return say(
            "At {value} USD/kg the minimum of {minimum} USD/kg does nothing: no duty is owed.",
            value=value,
            minimum=minimum,
        )
    amounts = {"value": value, "minimum": minimum, "duty": words.number(owed, ".2f")}
    share = owed / entered
    if share < 1:
        return say(
            "At {value} USD/kg the duty is {minimum} − {value} = {duty} USD/kg, {share} of the entered value; the "
            "price landed is {minimum} USD/kg.",
            **amounts,
            share=f"{100 * share:.0f}{words.NARROW_SPACE}%",
        )
    return say(
        "At {value} USD/kg the duty is {minimum} − {value} = {duty} USD/kg, {multiple} times the entered value; the "
        "price landed is {minimum} USD/kg.",
        **amounts,
        multiple=words.number(share, ".1f"),
    )


def polysilicon(record: Record) -> None:
    """The enacted minimum import price: the duty on a price one can type, two recorded prices to start from."""
    least, status, source = minimum(record)
    prices = recorded_prices(record)
    st.header(
        say(
            "Enacted: a minimum of {minimum} USD/kg for polysilicon, {status}",
            minimum=words.number(least, "g"),
            status=recorded(status),
        ),
        anchor=False,
    )
    value = _entered(prices)
    st.markdown(notes.plain(levied(least, linked(value, entered_bound()))))
    cited = "; ".join(dict.fromkeys([citation(record, source), *(citation(record, each) for each in prices.source_id)]))
    notes.plain_note(
        say(
            "Arithmetic on one price, no market: no tonnes of polysilicon by country are on record (grade D). The duty "
            "is the minimum less the entered value. Wafers, cells and modules have minimums of their own and are left "
            "out. Recorded prices of {date}; the one inside China includes value-added tax. Sources: {sources}.",
            date=words.on_date(prices.date[0]),
            sources=cited,
        )
    )


def _entered(prices: pd.DataFrame) -> str:
    """The entered value as a link writes it, of a field with a button for each recorded price."""
    value = session.choice("entered", Numbers(entered_bound()), f"{prices.usd_per_kg[0]:.2f}")
    if refused := st.session_state.pop(REFUSED, ""):
        st.error(notes.plain(refused))
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.text_input(say("Entered value, USD/kg"), key=showing(TYPED, marks(value)), width=200, on_change=_type)
        for row in prices.itertuples():
            st.button(
                say(RECORDED[row.place], price=words.number(row.usd_per_kg, ".2f")),
                key=f"entered_{row.Index}",
                on_click=_enter,
                args=(f"{row.usd_per_kg:.2f}",),
            )
    return value


def entered_bound() -> Bound:
    """What may be typed for the arithmetic."""
    return Bound(say("the entered value"), 0.0, HIGHEST_ENTERED, say("USD/kg"))


@session.spoken
def _type() -> None:
    """For callbacks: keep what was typed as a link writes it, or say why not."""
    text, bound = st.session_state[TYPED], entered_bound()
    if not text.strip():
        st.session_state[REFUSED] = say(
            "The entered value is empty; a number from 0 to {high} {unit} is needed.",
            high=words.number(bound.high, "g"),
            unit=bound.unit,
        )
        return
    try:
        typed(text, bound)
    except ValueError as error:
        st.session_state[REFUSED] = str(error)
        return
    st.session_state[session.choice_key("entered")] = in_figures(text)


def _enter(value: str) -> None:
    st.session_state[session.choice_key("entered")] = value
