"""What a cut or a recorded control does: whose price rises, who steps in, who loses."""

import streamlit as st

from bloc.views import overview, restrictions, session, uncertainty

session.require_app("restrictions")
view = overview.prepare(st.session_state["shown"])

asked = restrictions.ask(view)
with st.session_state["head"]:
    restrictions.head(asked)
restrictions.controls(asked)
restrictions.cards(asked)
restrictions.remarks(asked)
# The market asked about is drawn first: all the others take longer.
others = st.container()
restrictions.detail(asked)
restrictions.joining(asked)
restrictions.foot(asked)
with others:
    restrictions.effects(asked)
uncertainty.draw_on_demand(view, asked.case.chain, frozenset({asked.iso3}), asked.who)
restrictions.replay(view)
