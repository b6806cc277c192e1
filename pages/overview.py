"""Where the bloc is short, and what a change does."""

import streamlit as st

from bloc import briefing
from bloc.views import overview, session

session.require_app("overview")
view = overview.prepare(st.session_state["shown"])

with st.session_state["head"]:
    overview.head(view, briefing.finding(view.after))
overview.cards(view)

left, right = st.columns([1.5, 1], gap="large")
with left:
    overview.world(view)
    st.header("What you changed, what happened", anchor=False)
    st.markdown(overview.prose(briefing.paragraph(view.record, view.before, view.after)))
    overview.invitations(view)
with right:
    overview.ranking(view)
overview.finish(view)
