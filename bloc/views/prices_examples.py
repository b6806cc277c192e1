"""Worked examples of measures on prices, with their sources, and the arithmetic of the polysilicon minimum."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from bloc import words
from bloc.data import Record
from bloc.minimum_price import duty
from bloc.scenario import PriceMeasure
from bloc.views import market_session, notes, session
from bloc.views.figure import citation
from bloc.views.prices import plain
from bloc.views.prices_controls import NO_MEASURES, Bound, typed

POLYSILICON = "polysilicon_mip"
# What is announced without a level, and how it is called.
UNPUBLISHED = {
    "open_ref_prices": "reference prices for germanium, gallium, antimony and tungsten",
    "acm_min_prices": "minimum prices of the plurilateral agreement",
    "vance_ref_prices": "reference prices with adjustable tariffs",
    "price_gap_subsidy": "price-gap subsidies",
    "eu_cfd": "contracts for difference of the European Union",
}
# A price typed for the arithmetic. [USD/kg]
ENTERED = Bound("entered value", 0.0, 1000.0, "USD/kg")


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
    level = f"{plain(strike.usd_per_t / 1000)} USD/kg"
    source = citation(record, strike.source_id)
    return [
        Example(
            "ndpr_contract",
            f"NdPr: {level} guaranteed",
            f"In force for one firm in the United States; the model pays it to every producer of members. {source}.",
            strike.product,
            {"prices": (contract,)},
        ),
        Example(
            "ndpr_floor",
            f"NdPr: {level} at the border",
            f"The level of the U.S. guarantee as a floor under imports; nobody has enacted it. {source}.",
            strike.product,
            {"prices": (floor,)},
        ),
        Example(
            "tariff",
            f"25{words.NARROW_SPACE}% on non-members",
            "A tariff on every mineral, duty-free inside the bloc: an illustration, no law.",
            "",
            {"tariff_pct": 25},
        ),
        Example(
            "gallium_reference",
            "Gallium: twice the price of 2024",
            "Reference prices for gallium, germanium, antimony and tungsten are planned, but no level is published: "
            f"the multiple is ours. {citation(record, 'P154')}.",
            "gallium",
            {"prices": (PriceMeasure("gallium", 2.0, "floor", "multiple", "refinery"),)},
        ),
    ]


def buttons(record: Record) -> None:
    """A button for each example."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(":small[:gray[Worked examples]]", width="content")
        for each in examples(record):
            st.button(each.label, help=notes.plain(each.help), key=f"example_{each.key}", on_click=_apply, args=(each,))


def _apply(example: Example) -> None:
    if example.chain:
        st.session_state[session.choice_key("chain")] = example.chain
    market_session.set_levers(**{**NO_MEASURES, "cut_pct": 0, "applied": (), **example.levers})


def unpublished(record: Record) -> str:
    """Sentence on the announced measures whose level nobody has published."""
    levers = record.instrument_levers
    known = [said for key, said in UNPUBLISHED.items() if (levers.instrument_id == key).any()]
    return (
        f"Announced without a published level: {words.listing(known, len(known))}. Here they can be tried as multiples "
        "of the price of 2024 only."
    )


# Polysilicon: arithmetic on one price, no market.


class Numbers:
    """Texts that are a number within a bound, as the known values of a control whose value stands in the link."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound

    def __contains__(self, text: object) -> bool:
        """Whether a text can be read."""
        try:
            return bool(isinstance(text, str) and text.strip() and typed(text, self.bound) >= self.bound.low)
        except ValueError:
            return False

    def __iter__(self) -> Iterator[str]:
        """None is listed: there are too many."""
        return iter(())

    def __len__(self) -> int:
        """Not counted."""
        return 0


def recorded_prices(record: Record) -> pd.DataFrame:
    """Prices of polysilicon outside and inside China on the latest day that has both: place, usd_per_kg, date."""
    rows = session.query("price_gaps")
    rows = rows[(rows["product"] == "polysilicon") & rows.outside_low.notna() & rows.china_low.notna()]
    row = rows.sort_values("date").iloc[-1]
    return pd.DataFrame(
        [
            ("outside China", row.outside_low, row.date, row.source_id),
            ("inside China", row.china_low, row.date, row.source_id),
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
    if entered <= 0:
        return f"At an entered value of nothing the duty would be the whole minimum, {least:.2f} USD/kg."
    owed = duty(least, entered)
    if not owed:
        return f"At {entered:.2f} USD/kg the minimum of {least:.2f} USD/kg does nothing: no duty is owed."
    share = owed / entered
    rate = f"{100 * share:.0f}{words.NARROW_SPACE}%" if share < 1 else f"{share:.1f} times"
    return (
        f"At {entered:.2f} USD/kg the duty is {least:.2f} − {entered:.2f} = {owed:.2f} USD/kg, {rate} "
        f"{'of ' if share < 1 else ''}the entered value; the price landed is {least:.2f} USD/kg."
    )


def polysilicon(record: Record) -> None:
    """The enacted minimum import price: the duty on a price one can type, two recorded prices to start from."""
    least, status, source = minimum(record)
    prices = recorded_prices(record)
    first = f"{prices.usd_per_kg[0]:.2f}"
    st.header(f"Enacted: a minimum of {least:g} USD/kg for polysilicon, {status}", anchor=False)
    key = session.choice_key("entered")
    if (shown := st.session_state.get(key)) is not None:
        _refuse(shown)
    value = session.choice("entered", Numbers(ENTERED), first)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.text_input("Entered value, USD/kg", key=key, width=200)
        for row in prices.itertuples():
            st.button(
                f"{words.capital(row.place)}: {row.usd_per_kg:.2f}",
                key=f"entered_{row.Index}",
                on_click=_enter,
                args=(f"{row.usd_per_kg:.2f}",),
            )
    st.markdown(notes.plain(levied(least, typed(value, ENTERED))))
    cited = "; ".join(dict.fromkeys([citation(record, source), *(citation(record, each) for each in prices.source_id)]))
    notes.plain_note(
        "Arithmetic on one price, no market: no tonnes of polysilicon by country are on record (grade D). The duty is "
        "the minimum less the entered value. Wafers, cells and modules have minimums of their own and are left out. "
        f"Recorded prices of {prices.date[0]}; the one inside China includes value-added tax. Sources: {cited}."
    )


def _refuse(shown: str) -> None:
    try:
        if not shown.strip():
            raise ValueError(
                f"The entered value is empty; a number from 0 to {ENTERED.high:g} {ENTERED.unit} is needed."
            )
        typed(shown, ENTERED)
    except ValueError as error:
        st.error(notes.plain(str(error)))


def _enter(value: str) -> None:
    st.session_state[session.choice_key("entered")] = value
