"""Storylines to choose from, one of the visitor's own, and the present scenario as a step of it."""

from dataclasses import replace
from functools import cache

import streamlit as st

from bloc import words
from bloc.data import Record
from bloc.settings import Settings
from bloc.story import LARGEST, LONGEST_TEXT, LONGEST_TITLE, Reference, Step, Story, StoryError, parse, to_toml
from bloc.views import notes, session, story

FILE, SAID, READ = "story_file", "story_said", "story_read"
NEW = Story(key="my_story", title="My story", about="", steps=())
# What a step of one's own can draw, as it is written in a file.
OFFERED = {
    "map": "Map of the bloc",
    "ranking:14": "Where the bloc is short",
    "pairs:14": "Largest miner and largest refiner",
    "markets:members": "Prices the members would pay",
    "supply": "Who supplies one material",
}


def finding() -> str:
    """Title of the page: how many storylines there are."""
    number = len(story.stories())
    return f"{words.capital(words.count(number))} {words.plural('story', number)} to present, a step at a time"


def choose() -> None:
    """A button and a line for each storyline."""
    for sentence in story.problems():
        st.error(notes.plain(sentence))
    for key, each in story.stories().items():
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.button(notes.plain(each.title), key=f"open_{key}", on_click=story.open_story, args=(key,))
            steps = f"{words.capital(words.count(len(each.steps)))} {words.plural('step', len(each.steps))}."
            st.markdown(notes.plain(f"{steps} {each.about}"), width="content")
    notes.note(
        "Arrow keys, page up and down, space, Home and End step; Esc opens the scenario of the step in the app. "
        "Numbers in the texts are computed when a step is shown."
    )


def load() -> None:
    """A file of the visitor's own; what cannot be read is said, and what was loaded before stays."""
    st.header("A storyline of your own", anchor=False)
    given = st.file_uploader(f"A TOML file of {LARGEST // 1000} kB at most", type=["toml"], key=FILE, max_upload_size=1)
    if given is not None and given.file_id != st.session_state.get(READ):
        st.session_state[READ] = given.file_id
        _read(given.name, given.getvalue())
        st.rerun()
    if said := st.session_state.pop(SAID, ""):
        st.error(notes.plain(said))


def _read(name: str, data: bytes) -> None:
    kept = " What was loaded before stays." if story.OWN in st.session_state else ""
    try:
        # Under a key that is none of the app's.
        st.session_state[story.OWN] = replace(parse(data, name, session.record()), key=NEW.key)
    except StoryError as error:
        st.session_state[SAID] = f"{error}{kept}"


def save(settings: Settings) -> None:
    """The present scenario as a step of the visitor's storyline, to download."""
    st.header("The present scenario as a step", anchor=False)
    record = session.record()
    with st.container(horizontal=True, gap="medium"):
        title = st.text_input("Title of the step", "What this scenario shows", max_chars=LONGEST_TITLE)
        picture = st.selectbox("Picture", list(OFFERED), format_func=OFFERED.__getitem__, width=300)
        if picture == "supply":
            known = _series(record)
            picture = st.selectbox("Material", list(known), format_func=known.__getitem__, width=260)
    text = st.text_area(
        "Text; a number goes by its name, like {coverage:lithium:refined}",
        "{half_met:refined} refined materials would reach half of need.",
        max_chars=LONGEST_TEXT,
        height=90,
    )
    try:
        longer = with_step(st.session_state.get(story.OWN, NEW), title, text, settings, picture, record)
    except StoryError as error:
        st.error(notes.plain(str(error)))
        return
    st.download_button(
        f"Download the storyline with this step as its number {len(longer.steps)}",
        to_toml(longer),
        f"{longer.key}.toml",
        "application/toml",
        key="story_download",
        on_click=_keep,
        args=(longer,),
    )
    notes.note("The step also stays in this session, so that the next one follows it.")


def with_step(present: Story, title: str, text: str, settings: Settings, picture: str, record: Record) -> Story:
    """A storyline with one more step, checked as a file would be.

    Raises
    ------
    StoryError
        If the step cannot be shown, or there are too many.
    """
    name, *arguments = picture.split(":")
    step = Step(title, text, settings, (Reference(name, tuple(arguments)),))
    return parse(to_toml(present.with_step(step)).encode(), f"{present.key}.toml", record)


def _keep(longer: Story) -> None:
    st.session_state[story.OWN] = longer


@cache
def _series(record: Record) -> dict[str, str]:
    """Pictures of who supplies what, by the name of the material and its side."""
    series = record.series
    found = {
        f"supply:{row.product}:{'mined' if row.stage == 'mine' else 'refined'}": (
            f"{record.product_names[row.product]}, {'mined' if row.stage == 'mine' else 'refined'}"
        )
        for row in series.itertuples()
    }
    return dict(sorted(found.items(), key=lambda each: each[1]))
