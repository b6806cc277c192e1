"""The frame every chart comes in: finding, basis, chart, table, sources and files of one set of rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from bloc import words
from bloc.data import Record
from bloc.text import csv_text
from bloc.views import charts, export, notes, session

FACES = {"chart": "Chart", "table": "Table", "sources": "Sources"}
# Publications named in full under a chart.
MOST_CITED = 3


@dataclass(frozen=True, eq=False)
class Figure:
    """One picture and what it is made of.

    key       name of the figure on its page and of its files
    finding   heading: what the picture shows, computed
    basis     unit, content basis and year
    rows      what is drawn, one row per mark: the table, the CSV; its `source_id` column names the sources
    columns   title of each column of the table, in order; units in the title
    drawn     rows as the chart wants them
    spec      chart for a theme without rows (charts.with_rows adds them); takes `dark`
    alt       text for who cannot see it
    legend    coloured squares under the heading, see notes.LEGEND
    note      what the picture leaves out
    """

    key: str
    finding: str
    basis: str
    rows: pd.DataFrame
    columns: Mapping[str, str]
    drawn: pd.DataFrame
    spec: Callable[[bool], dict[str, Any]]
    alt: str
    legend: tuple[str, ...] = ()
    note: str = ""
    sources: tuple[str, ...] = field(default=())

    def source_ids(self) -> list[str]:
        """Sources of the rows drawn, in order of appearance, then those named for the figure."""
        drawn = self.rows.source_id.dropna() if "source_id" in self.rows else []
        return list(dict.fromkeys([*drawn, *self.sources]))

    def table(self, record: Record) -> pd.DataFrame:
        """The rows under their titles, country and product names spelled out, the publisher at the end."""
        shown = self.rows[[name for name in self.columns if name in self.rows]].copy()
        if "iso3" in shown:
            shown["iso3"] = [record.names.get(code, "") for code in shown.iso3]
        if "source_id" in self.rows:
            shown["Source"] = [citation(record, each) for each in self.rows.source_id]
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
        return f"{words.plural('Source', len(cited))}: {'; '.join(cited)}."
    publishers = list(dict.fromkeys(record.publishers.get(each, "not recorded") for each in ids))
    return f"Sources: {len(cited)} publications, of {words.listing(publishers, 3)}; see Sources."


def citation(record: Record, source_id: str) -> str:
    """Publisher, title and edition of a source on one line."""
    if source_id not in record.citations:
        return "not recorded"
    return record.citations[source_id]


def show(figure: Figure) -> None:
    """Draw a figure on the page, on the face the visitor chose."""
    record = session.record()
    st.header(notes.plain(figure.finding), anchor=False)
    notes.plain_note(figure.basis)
    bar = st.container(horizontal=True, vertical_alignment="center", gap="small")
    name = f"as_{figure.key}"
    face = session.choice(name, FACES, "chart")
    with bar:
        st.segmented_control(
            "Show as",
            list(FACES),
            format_func=FACES.__getitem__,
            key=session.choice_key(name),
            label_visibility="collapsed",
        )
        st.space("stretch")
        _downloads(figure, record)
    if face == "table":
        st.dataframe(figure.table(record), hide_index=True, width="stretch", key=f"table_{figure.key}")
    elif face == "sources":
        _sources(figure, record)
    else:
        if figure.legend:
            notes.legend(figure.legend)
        st.vega_lite_chart(
            None,
            charts.with_rows(figure.spec(session.is_dark()), figure.drawn),
            key=f"chart_{figure.key}",
            width="stretch",
            theme=None,
            alt=figure.alt,
        )
    notes.plain_note(" ".join(filter(None, [figure.note, source_line(figure, record)])))


def _downloads(figure: Figure, record: Record) -> None:
    files(figure.key, lambda: csv_text(figure.rows), lambda: figure.chart(record))


def files(key: str, csv: Callable[[], str], chart: Callable[[], dict[str, Any]]) -> None:
    """Files of what is seen, each made when it is asked for."""
    with st.popover("Download", icon=":material/download:", key=f"files_{key}"):
        for label, name, mime, make in (
            ("CSV", "csv", "text/csv", csv),
            ("PNG", "png", "image/png", lambda: export.png(chart())),
            ("SVG", "svg", "image/svg+xml", lambda: export.svg(chart())),
        ):
            st.download_button(label, make, f"{key}.{name}", mime, key=f"{name}_{key}", on_click="ignore")


def _sources(figure: Figure, record: Record) -> None:
    sources = record.sources.set_index("source_id")
    for each in figure.source_ids():
        if each in sources.index:
            row = sources.loc[each]
            address = f"  \n{row.url}" if isinstance(row.url, str) and row.url.startswith("https://") else ""
            licence = f"  \nTerms: {row.licence}" if isinstance(row.licence, str) else ""
            st.markdown(f"{notes.plain(citation(record, each))}{address}{notes.plain(licence)}")
