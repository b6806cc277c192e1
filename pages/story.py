"""A storyline on the whole screen, step by step; without one, those there are to choose from."""

import streamlit as st

from bloc.views import overview, session, story, story_own

session.require_app("story")
shown = st.session_state["shown"]

stories = story.stories()
asked = session.choice(story.STORY, ["", story_own.NEW.key, *stories], "")
if asked in stories:
    story.present(stories[asked])
else:
    if asked:
        story_own.ask_again()
    with st.session_state["head"]:
        overview.head(overview.prepare(shown), story_own.finding())
    story_own.choose()
    story_own.load()
    story_own.save(shown.settings)
