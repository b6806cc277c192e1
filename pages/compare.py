"""Two scenarios side by side: what differs in what is set, in what is covered, in what would be paid."""

import streamlit as st

from bloc.views import compare, overview, session

session.require_app("compare")
view = overview.prepare(st.session_state["shown"])
compared = compare.prepare(view)

# Where the accounting says what matters most the finding stands at once; else it waits for the markets, drawn last.
title = compare.leads(compared)
if title:
    with st.session_state["head"]:
        compare.head(compared, title)
compare.choose(compared)
compare.cards(compared)
compare.sides(compared)
if compared.names:
    compare.coverage(compared)
    if not title:
        with st.session_state["head"]:
            compare.head(compared, compare.finding(compared))
    compare.markets(compared)
