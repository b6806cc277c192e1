"""Storylines to choose from, one of the visitor's own, and the present scenario as a step of it."""

from dataclasses import replace
from functools import cache

import streamlit as st

from bloc import words
from bloc.data import Record
from bloc.language import mark, recorded, said, say, say_many
from bloc.settings import Settings
from bloc.story import LONGEST_TEXT, LONGEST_TITLE, Reference, Step, Story, StoryError, parse, to_toml
from bloc.views import notes, session, story

FILE, SAID, READ = "story_file", "story_said", "story_read"
NEW = Story(key="my_story", title=mark("My story"), about="", steps=())
# What a step of one's own can draw, as it is written in a file.
OFFERED = {
    "map": mark("Map of the bloc"),
    "ranking:14": mark("Where the bloc is short"),
    "pairs:14": mark("Largest miner and largest refiner"),
    "markets:members": mark("Prices the members would pay"),
    "supply": mark("Who supplies one material"),
}
SIDES = {"mined": mark("{product}, mined"), "refined": mark("{product}, refined")}


def finding() -> str:
    """Title of the page: how many storylines there are."""
    number = len(story.stories())
    sentence = say_many(
        number,
        "{number} story to present, a step at a time",
        "{number} stories to present, a step at a time",
        number=words.count(number),
    )
    return words.capital(sentence)


def ask_again() -> None:
    """A storyline of the visitor's own does not outlast the page it was loaded into."""
    st.warning(say("Your own storyline is kept until the page is loaded again. Choose its file below once more."))


def choose() -> None:
    """A button and a line for each storyline."""
    for sentence in story.problems():
        st.error(notes.plain(sentence))
    for key, each in story.stories().items():
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.button(notes.plain(recorded(each.title)), key=f"open_{key}", on_click=story.open_story, args=(key,))
            st.markdown(notes.plain(f"{_steps(len(each.steps))} {recorded(each.about)}"), width="content")
    notes.note(
        say(
            "Arrow keys, page up and down, space, Home and End step; Esc opens the scenario of the step in the app. "
            "Numbers in the texts are computed when a step is shown."
        )
    )


def _steps(number: int) -> str:
    return words.capital(say_many(number, "{number} step.", "{number} steps.", number=words.count(number)))


def load() -> None:
    """A file of the visitor's own; what cannot be read is said, and what was loaded before stays."""
    st.header(say("A storyline of your own"), anchor=False)
    given = st.file_uploader(say("A storyline as a TOML file"), type=["toml"], key=FILE, max_upload_size=1)
    if given is not None and given.file_id != st.session_state.get(READ):
        st.session_state[READ] = given.file_id
        _read(given.name, given.getvalue())
        st.rerun()
    if problem := st.session_state.pop(SAID, ""):
        st.error(notes.plain(problem))


def _read(name: str, data: bytes) -> None:
    try:
        # Under a key that is none of the app's.
        st.session_state[story.OWN] = replace(parse(data, name, session.record()), key=NEW.key)
    except StoryError as error:
        kept = say("What was loaded before stays.") if story.OWN in st.session_state else ""
        st.session_state[SAID] = f"{error} {kept}".rstrip()


def save(settings: Settings) -> None:
    """The present scenario as a step of the visitor's storyline, to download."""
    st.header(say("The present scenario as a step"), anchor=False)
    record = session.record()
    with st.container(horizontal=True, gap="medium"):
        title = st.text_input(say("Title of the step"), say("What this scenario shows"), max_chars=LONGEST_TITLE)
        picture = st.selectbox(say("Picture"), list(OFFERED), format_func=said(OFFERED).__getitem__, width=300)
        if picture == "supply":
            known = _series(record)
            picture = st.selectbox(say("Material"), list(known), format_func=known.__getitem__, width=260)
    text = st.text_area(
        say("Text; a number goes by its name, like {example}", example="{coverage:lithium:refined}"),
        say("{number} refined materials would reach half of need.", number="{half_met:refined}"),
        max_chars=LONGEST_TEXT,
        height=90,
    )
    try:
        longer = with_step(st.session_state.get(story.OWN) or _new(), title, text, settings, picture, record)
    except StoryError as error:
        st.error(notes.plain(str(error)))
        return
    st.download_button(
        say("Download the storyline with this step as its number {number}", number=len(longer.steps)),
        to_toml(longer),
        f"{longer.key}.toml",
        "application/toml",
        key="story_download",
        on_click=_keep,
        args=(longer,),
    )
    notes.note(say("The step also stays in this session, so that the next one follows it."))


def _new() -> Story:
    return replace(NEW, title=say(NEW.title))


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
    found = {}
    for row in series.itertuples():
        side = "mined" if row.stage == "mine" else "refined"
        found[f"supply:{row.product}:{side}"] = say(SIDES[side], product=record.product_names[row.product])
    return dict(sorted(found.items(), key=lambda each: words.alphabetical(each[1])))
