"""Who pays for a price: tariffs, floors, guaranteed prices, stocks, and what they would change in one market."""

import streamlit as st

from bloc.language import say
from bloc.views import (
    figure,
    notes,
    overview,
    prices,
    prices_controls,
    prices_examples,
    prices_figures,
    prices_head,
    prices_tariff,
    session,
    supply,
    uncertainty,
)

session.require_app("prices")
view = overview.prepare(st.session_state["shown"])
record = view.record

offered = prices.chains(record)
chain = session.choice("chain", offered, prices.DEFAULT)
priced = prices.prepare(view, chain)
with st.session_state["head"]:
    prices_head.head(view, priced)
prices_controls.problems(priced)
prices_examples.buttons(record)
with st.container(horizontal=True, gap="medium"):
    st.selectbox(
        say("Mineral"), list(offered), format_func=offered.__getitem__, key=session.choice_key("chain"), width=300
    )
    prices_controls.horizon(view.settings)
prices_controls.controls(priced)

prices_head.cards(priced, view.phone)
prices_head.said(priced)
supply.lay_out(prices_figures.figures(priced, view.phone))
# The market asked about is drawn first: a tariff on every mineral takes longer.
raised = st.container()
prices_examples.polysilicon(record)
notes.plain_note(f"{prices_examples.unpublished(record)} {prices.not_offered(record)}")
with raised:
    if drawn := prices_tariff.tariff(record, priced.scenario):
        figure.show(drawn)
uncertainty.draw_on_demand(view, chain)
