"""What a cut or a recorded control does: whose price rises, who steps in, who loses."""

import streamlit as st

from bloc.views import overview, restrictions, session

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
restrictions.replay(view)
