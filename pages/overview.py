"""Where the bloc is short, and what a change does."""

import streamlit as st

from bloc import briefing
from bloc.views import overview, questions, session

session.require_app("overview")
view = overview.prepare(st.session_state["shown"])

with st.session_state["head"]:
    overview.head(view, briefing.finding(view.after))
    questions.draw(view.record)
overview.live_body(overview.first_screen)
