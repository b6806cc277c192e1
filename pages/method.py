"""How the numbers come about: the model, what it assumes, how sure it is, what it was held against, its limits."""

import streamlit as st

from bloc.language import said, say
from bloc.views import assumptions, market_session, method, method_published, overview, session, uncertainty

session.require_app("method")
view = overview.prepare(st.session_state["shown"])
record, cases = view.record, market_session.base_cases()

section = session.choice(assumptions.SECTION, method.SECTIONS, "model")
with st.session_state["head"]:
    overview.head(view, method.finding(cases))
st.segmented_control(
    say("About"),
    list(method.SECTIONS),
    format_func=said(method.SECTIONS).__getitem__,
    key=session.choice_key(assumptions.SECTION),
)

match section:
    case "model":
        method.model(record, cases)
    case "assumptions":
        assumptions.panel(record, view.settings)
    case "sure":
        chains = method.chains(record, market_session.offered())
        chain = session.choice("chain", chains, "gallium")
        st.selectbox(
            say("Market"), list(chains), format_func=chains.__getitem__, key=session.choice_key("chain"), width=320
        )
        uncertainty.draw(view, chain)
    case "published":
        method_published.draw(view.phone)
    case "limits":
        method.limits()
