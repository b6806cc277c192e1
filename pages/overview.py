"""Where the bloc is short, and what a change does."""

import streamlit as st

from bloc import briefing
from bloc.views import overview, session

session.require_app("overview")
view = overview.prepare(st.session_state["shown"])

with st.session_state["head"]:
    overview.head(view, briefing.finding(view.after))
overview.live_body(overview.first_screen)
