"""The frame every chart comes in: finding, basis, chart, table, sources and files of one set of rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from bloc import link, words
from bloc.data import Record
from bloc.language import bound, mark, recorded, said, say, say_many
from bloc.settings import Settings
from bloc.text import csv_text
from bloc.views import charts, export, notes, session

FACES = {"chart": mark("Chart"), "table": mark("Table"), "sources": mark("Sources")}
# Publications named in full under a chart.
MOST_CITED = 3
# Page of what a visitor clicks on, by the control of that page which takes it.
LEADS = {"mineral": "pages/supply.py", "country": "pages/country.py", "chain": "pages/restrictions.py"}
OPENED = {
    "mineral": mark("Click a bar to open the page of its material."),
    "country": mark("Click a bar to open the page of its country."),
    "chain": mark("Click a bar to open the page of its market."),
}
FOLLOWED = "followed"
# Column of the publisher in a table. [px]
SOURCE_WIDTH = 260


def no_chart(dark: bool) -> dict[str, Any]:
    """In the place of the chart of a figure that is a table alone; nothing asks for it."""
    raise ValueError("A table alone has no chart.")


@dataclass(frozen=True, eq=False)
class Figure:
    """One picture and what it is made of.

    key       name of the figure on its page and of its files
    finding   heading: what the picture shows, computed
    basis     unit, content basis and year
    rows      what is drawn, one row per mark: the table, the CSV; its `source_id` column names the sources
    columns   title of each column of the table, in order; units in the title
    alt       text for who cannot see the chart
    drawn     rows as the chart wants them
    spec      chart for a theme without rows (charts.with_rows adds them); takes `dark`; left out for a table alone
    legend    coloured squares under the heading, see notes.LEGEND
    note      what the picture leaves out
    widths    room of the columns of long text, which would push the others out of sight [px]
    leads     for each column that leads to a page when a cell of it is clicked: the control of that page, a key of
              LEADS, and the column of `rows` with its value. A chart leads there too when `spec` has a selection of
              the name of the control
    """

    key: str
    finding: str
    basis: str
    rows: pd.DataFrame
    columns: Mapping[str, str]
    alt: str = ""
    drawn: pd.DataFrame = field(default_factory=pd.DataFrame)
    spec: Callable[[bool], dict[str, Any]] = no_chart
    legend: tuple[str, ...] = ()
    note: str = ""
    sources: tuple[str, ...] = field(default=())
    widths: Mapping[str, int] = field(default_factory=dict)
    leads: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def has_chart(self) -> bool:
        """Whether there is a chart, or a table alone."""
        return self.spec is not no_chart

    def source_ids(self) -> list[str]:
        """Sources of the rows drawn, in order of appearance, then those named for the figure."""
        drawn = self.rows.source_id.dropna() if "source_id" in self.rows else []
        return list(dict.fromkeys([*drawn, *self.sources]))

    def table(self, record: Record) -> pd.DataFrame:
        """The rows under their titles, names spelled out and words in the language spoken, the publisher at the end."""
        shown = self.rows[[name for name in self.columns if name in self.rows]].copy()
        if "iso3" in shown:
            shown["iso3"] = [record.names.get(code, "") for code in shown.iso3]
        for name in shown.select_dtypes(include=["object", "str", "category"]):
            shown[name] = [recorded(cell) if isinstance(cell, str) else cell for cell in shown[name]]
        if "source_id" in self.rows:
            shown[say("Source")] = [citation(record, each) for each in self.rows.source_id]
        return shown.rename(columns=dict(self.columns))

    def chart(self, record: Record) -> dict[str, Any]:
        """The chart as a file wants it: light, with its rows, heading and sources."""
        return export.standalone(self.spec(False), self.drawn, self.finding, self.basis, source_line(self, record))


def source_line(figure: Figure, record: Record) -> str:
    """Sources of the rows drawn in a sentence; publishers alone when there are more than a line holds."""
    ids = figure.source_ids()
    cited = list(dict.fromkeys(citation(record, each) for each in ids))
    if not cited:
        return ""
    if len(cited) <= MOST_CITED:
        return say_many(len(cited), "Source: {sources}.", "Sources: {sources}.", sources="; ".join(cited))
    publishers = list(dict.fromkeys(record.publishers.get(each, say("not recorded")) for each in ids))
    return say(
        "Sources: {number} publications, of {publishers}; see Sources.",
        number=len(cited),
        publishers=words.listing(publishers, 3),
    )


def citation(record: Record, source_id: str) -> str:
    """Publisher, title and edition of a source on one line."""
    if source_id not in record.citations:
        return say("not recorded")
    return record.citations[source_id]


def show(figure: Figure) -> None:
    """Draw a figure on the page, on the face the visitor chose."""
    record = session.record()
    st.header(notes.plain(figure.finding), anchor=False)
    notes.plain_note(figure.basis)
    bar = st.container(horizontal=True, vertical_alignment="center", gap="small")
    name = f"as_{figure.key}"
    faces = [each for each in FACES if each != "chart" or figure.has_chart]
    face = session.choice(name, faces, faces[0])
    with bar:
        st.segmented_control(
            say("Show as"),
            faces,
            format_func=said(FACES).__getitem__,
            key=session.choice_key(name),
            label_visibility="collapsed",
        )
        st.space("stretch")
        _downloads(figure, record)
    if face == "sources":
        _sources(figure, record)
    elif face == "table":
        _table(figure, record)
    else:
        _chart(figure)
    notes.plain_note(" ".join(filter(None, [_invitation(figure, face), figure.note, source_line(figure, record)])))


def _invitation(figure: Figure, face: str) -> str:
    """What a click on this face does."""
    if not figure.leads or face == "sources":
        return ""
    if face == "chart":
        opened = _selections(figure.spec(session.is_dark()))
        return say(OPENED[opened[0]]) if opened else ""
    columns = words.listing([figure.columns[name] for name in figure.leads])
    return say("Click a cell under {columns} to open its page.", columns=columns)


def _selections(spec: Mapping[str, Any]) -> list[str]:
    """Selections of a chart that lead to a page."""
    return [each["name"] for each in spec.get("params", []) if each["name"] in LEADS]


def _chart(figure: Figure) -> None:
    spec = figure.spec(session.is_dark())
    if figure.legend:
        notes.legend(figure.legend)
    asked = _selections(spec)
    event: Any = st.vega_lite_chart(
        None,
        charts.with_rows(spec, figure.drawn),
        key=_widget("chart", figure),
        width="stretch",
        theme=None,
        alt=figure.alt,
        on_select="rerun" if asked else "ignore",
    )
    follow(event, asked)


def follow(event: Any, selections: Iterable[str]) -> None:
    """Go where a clicked bar of a chart leads; its widget has a key of `clickable`."""
    for control in selections:
        for picked in event["selection"].get(control, []):
            lead_to(control, picked[control])


def _table(figure: Figure, record: Record) -> None:
    table = figure.table(record)
    widths = {figure.columns[name]: width for name, width in figure.widths.items()} | {say("Source"): SOURCE_WIDTH}
    event: Any = st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        key=_widget("table", figure),
        column_config={name: st.column_config.Column(width=widths[name]) for name in table if name in widths},
        alt=say("Table: {finding}", finding=figure.finding),
        on_select="rerun" if figure.leads else "ignore",
        selection_mode="single-cell",
    )
    if not figure.leads:
        return
    leads = {figure.columns[name]: lead for name, lead in figure.leads.items()}
    for row, title in event["selection"]["cells"]:
        if title in leads:
            control, column = leads[title]
            lead_to(control, figure.rows[column].iloc[row])


def _widget(face: str, figure: Figure) -> str:
    """Key of a face; a new one after each click that was followed, or the click would count again on the same page."""
    name = f"{face}_{figure.key}"
    return clickable(name) if figure.leads else name


def clickable(name: str) -> str:
    """Key of a widget whose clicks lead away: a new one after each click that was followed."""
    return f"{name}_{st.session_state.get(FOLLOWED, 0)}"


def lead_to(control: str, value: object) -> None:
    """Switch to the page of what was clicked, the scenario kept; nothing happens where it has no page."""
    if isinstance(value, str) and value:
        settings: Settings = st.session_state.get(session.SETTINGS, Settings())
        st.session_state[FOLLOWED] = st.session_state.get(FOLLOWED, 0) + 1
        st.switch_page(LEADS[control], query_params={**link.to_query(settings), control: value})


def _downloads(figure: Figure, record: Record) -> None:
    files(figure.key, lambda: csv_text(figure.rows), (lambda: figure.chart(record)) if figure.has_chart else None)


def files(key: str, csv: Callable[[], str], chart: Callable[[], dict[str, Any]] | None) -> None:
    """Files of what is seen, each made when it is asked for; of a table alone only the rows."""
    made: list[tuple[str, str, str, Callable[[], Any]]] = [("CSV", "csv", "text/csv", csv)]
    if chart:
        made += [
            ("PNG", "png", "image/png", lambda: export.png(chart())),
            ("SVG", "svg", "image/svg+xml", lambda: export.svg(chart())),
        ]
    with st.popover(say("Download"), icon=":material/download:", key=f"files_{key}"):
        for label, name, mime, make in made:
            st.download_button(label, bound(make), f"{key}.{name}", mime, key=f"{name}_{key}", on_click="ignore")


def _sources(figure: Figure, record: Record) -> None:
    sources = record.sources.set_index("source_id")
    for each in figure.source_ids():
        if each in sources.index:
            row = sources.loc[each]
            address = f"  \n{row.url}" if isinstance(row.url, str) and row.url.startswith("https://") else ""
            terms = say("Terms: {licence}", licence=recorded(row.licence)) if isinstance(row.licence, str) else ""
            licence = f"  \n{terms}" if terms else ""
            st.markdown(f"{notes.plain(citation(record, each))}{address}{notes.plain(licence)}")
