"""A storyline on the whole screen, step by step; without one, those there are to choose from."""

import streamlit as st

from bloc.views import overview, session, story, story_own

session.require_app("story")
shown = st.session_state["shown"]

asked = session.choice(story.STORY, ["", *story.stories()], "")
if asked:
    story.present(story.stories()[asked])
else:
    with st.session_state["head"]:
        overview.head(overview.prepare(shown), story_own.finding())
    story_own.choose()
    story_own.load()
    story_own.save(shown.settings)
