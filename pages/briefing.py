"""The scenario on one page, written and drawn, to take to a meeting."""

import streamlit as st

from bloc.views import briefing_page, overview, session

session.require_app("briefing")
view = overview.prepare(st.session_state["shown"])
made = briefing_page.of(view)

with st.session_state["head"]:
    overview.head(view, made.title)
briefing_page.said_of_the_file()
briefing_page.files(view, made)

said, drawn = st.container(key="pair_briefing").columns([1, 1.2], gap="large")
with said:
    briefing_page.sections(made)
with drawn:
    briefing_page.pictures(made)
briefing_page.table(made)
briefing_page.stamp(made)
