"""The briefing on the screen: what it says beside what it draws, its files, and a scenario read from a file."""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import streamlit as st

from bloc.briefing import Case
from bloc.data import Record
from bloc.exports import charts, document, scenario_file, script, slides, tables, workbook
from bloc.exports.brief import Brief, brief
from bloc.exports.pictures import Picture
from bloc.language import say
from bloc.link import baseline_settings
from bloc.settings import Settings
from bloc.views import briefing_market, controls, notes, session
from bloc.views.charts import WORLD_ADDRESS, world_spec
from bloc.views.figure import Figure, show
from bloc.views.overview import View

UPLOAD = "scenario_file"
READ = "scenario_file_read"
PDF, ZIP = "application/pdf", "application/zip"
OFFICE = "application/vnd.openxmlformats-officedocument"
COLOURS = {"member": "blue", "candidate": "green", "restricting": "orange", "outside": "violet", "unnamed": "gray"}


def of(view: View) -> Brief:
    """Briefing of what is shown, with the address of the app where the browser gives it."""
    return _made(view.record, view.settings, view.before, view.after, st.context.url or "", dt.date.today())


@lru_cache(maxsize=16)
def _made(record: Record, settings: Settings, before: Case, after: Case, address: str, day: dt.date) -> Brief:
    otherwise = briefing_market.headline(record, settings, after)
    made = brief(record, settings, before, after, address, day, otherwise)
    return made.with_section(
        say(briefing_market.HEADING),
        briefing_market.sentences(record, settings, after),
        key=briefing_market.KEY,
        second=say(briefing_market.SECOND),
    )


def files(view: View, made: Brief) -> None:
    """Buttons for every file, each made when it is asked for, and the way in for a scenario."""
    offered: tuple[tuple[str, str, str, Callable[[], Any]], ...] = (
        (say("PDF, two pages"), "briefing.pdf", PDF, lambda: document.pdf(made)),
        (say("PDF to present"), "briefing-slides.pdf", PDF, lambda: document.pdf(made, "slides")),
        ("PowerPoint", "briefing.pptx", f"{OFFICE}.presentationml.presentation", lambda: slides.pptx(made)),
        ("Excel", "briefing.xlsx", f"{OFFICE}.spreadsheetml.sheet", lambda: workbook.xlsx(made)),
        (say("CSV tables"), "briefing-tables.zip", ZIP, lambda: tables.archive(made)),
        (say("PNG and SVG charts"), "briefing-charts.zip", ZIP, lambda: charts.archive(made)),
        (say("Python script"), script.FILE, "text/x-python", lambda: _script(view, made)),
        (say("Scenario file"), "scenario.json", "application/json", lambda: scenario_file.to_json(made)),
    )
    with st.container(horizontal=True, gap="small", key="take_away"):
        for label, name, mime, make in offered:
            st.download_button(label, make, name, mime, key=f"take_{name}", on_click="ignore")
        with st.popover(say("Open a scenario file"), icon=":material/upload:", key="open_scenario"):
            st.file_uploader(
                say("A scenario file (JSON) saved here before"),
                type="json",
                key=UPLOAD,
                max_upload_size=1,
                on_change=_open,
            )


def _script(view: View, made: Brief) -> str:
    """Whole scenarios, with what only the market answers to, though the script prints the accounting."""
    before, after = baseline_settings(view.settings, view.record), view.settings
    return script.python(made, before.scenario(view.record), after.scenario(view.record))


@session.spoken
def _open() -> None:
    """Take the settings of an uploaded file, one step of undo; what cannot be read changes nothing and is said."""
    given = st.session_state.get(UPLOAD)
    if given is None:
        return
    try:
        settings, problems = scenario_file.from_json(given.getvalue(), session.record())
    except scenario_file.ScenarioFileError as error:
        st.session_state[READ] = [str(error)]
        return
    st.session_state[READ] = [say("Not all of the file could be read."), *problems] if problems else []
    controls.change(settings)


def said_of_the_file() -> None:
    """What a file that was just opened asked for and could not have."""
    notes.problems(st.session_state.pop(READ, []), icon=None)


def sections(made: Brief) -> None:
    """What it says, section by section."""
    for section in made.sections:
        st.header(section.heading, anchor=False)
        st.markdown(notes.plain(" ".join(section.sentences)))


def pictures(made: Brief) -> None:
    """What it draws."""
    for picture in made.pictures:
        show(figure(picture))


def figure(picture: Picture) -> Figure:
    """A picture in the frame of the screen."""
    legend = tuple(f":{_colour(picture, meaning)}[■]&nbsp;{text}" for meaning, text in picture.legend.items())
    rows = picture.frame.titled
    return Figure(
        key=f"brief_{picture.key}",
        finding=picture.finding,
        basis=f"{picture.basis} {picture.reading}".strip(),
        rows=rows,
        columns={name: name for name in rows},
        alt=picture.alt,
        drawn=picture.drawn,
        spec=_world if picture.key == "map" else picture.spec,
        legend=legend,
        sources=picture.sources,
    )


def _colour(picture: Picture, meaning: str) -> str:
    return "yellow" if (picture.key, meaning) == ("map", "outside") else COLOURS[meaning]


@lru_cache(maxsize=2)
def _world(dark: bool) -> dict[str, Any]:
    """The map of the files with its polygons by address."""
    spec = world_spec(dark)
    layers = [dict(layer) for layer in spec["layer"]]
    layers[0]["data"] = {"url": WORLD_ADDRESS, "format": {"type": "topojson", "feature": "countries"}}
    return {**spec, "layer": layers}


def table(made: Brief) -> None:
    """The rows that matter, and the stamp."""
    st.header(made.table.title, anchor=False)
    st.table(
        {name: list(cells) for name, cells in zip(made.table.columns, zip(*made.table.rows, strict=True), strict=True)}
    )
    notes.plain_note(made.table.note)


def stamp(made: Brief) -> None:
    """Where it comes from: settings, link, data, sources."""
    from_here = made.stamp
    st.header(say("Where it comes from"), anchor=False)
    notes.plain_note(say("Settings: {settings}", settings=" ".join(from_here.settings)))
    notes.plain_note(f"{from_here.line} {say('Sources: {sources}.', sources=from_here.publishers)}")
    notes.plain_note(say("Link: {link}", link=from_here.shown_link))
