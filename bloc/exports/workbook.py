"""The briefing as a workbook: what it says, its tables, its settings and its sources. No cell starts a formula."""

import io
import math
import re
from typing import Any

import pandas as pd

from bloc.exports.brief import LONGEST_PROPERTY, Brief, in_its_language, stamp_rows
from bloc.exports.frame import Column, Frame
from bloc.language import say

# Widths of columns. [characters]
WIDEST, NARROWEST = 60, 11
# The longest name of a sheet, and what none may hold.
SHEET_NAME, NOT_IN_NAMES = 31, re.compile(r"[\[\]:*?/\\]")
# Width of a column of sentences [characters], heights of a line and of the head of a table [pt].
WORDS, LINE_HEIGHT, HEAD_HEIGHT = 110, 15, 48


@in_its_language
def xlsx(brief: Brief) -> bytes:
    """Workbook of a briefing."""
    # Imported here, since it takes memory that only an export needs.
    import xlsxwriter  # type: ignore[import-untyped]

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": brief.title[:LONGEST_PROPERTY], "comments": brief.stamp.line[:LONGEST_PROPERTY]})
    looks = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "share": book.add_format({"num_format": "0.0%"}),
        "usd": book.add_format({"num_format": "#,##0"}),
        "plain": book.add_format({"num_format": "0"}),
    }
    _words(_sheet(book, say("Briefing")), brief, looks)
    for frame in (_table(brief), *brief.frames().values(), *(picture.frame for picture in brief.pictures)):
        _frame(_sheet(book, frame.title), frame, looks)
    _stamp(_sheet(book, say("Settings and sources")), brief, looks)
    for sheet in book.worksheets():
        _printed(sheet, brief)
    book.close()
    return data.getvalue()


def _sheet(book: Any, title: str) -> Any:
    """New sheet under a title, as far as the format takes it for a name; a name that is taken gets a number."""
    taken = {each.get_name().casefold() for each in book.worksheets()}
    name, number = NOT_IN_NAMES.sub(" ", title)[:SHEET_NAME], 2
    while name.casefold() in taken:
        name = f"{name[: SHEET_NAME - 3]} {number}"
        number += 1
    return book.add_worksheet(name)


def _printed(sheet: Any, brief: Brief) -> None:
    """A sheet as wide as its paper, A4, with the stamp at the foot."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L&8{brief.stamp.line}&R&8&A, &P"[:LONGEST_PROPERTY])


def _words(sheet: Any, brief: Brief, looks: dict[str, Any]) -> None:
    sheet.set_column(0, 0, WORDS, looks["text"])
    lines = [(brief.title, looks["title"]), (brief.subtitle, looks["text"]), (brief.stamp.line, looks["text"])]
    for section in brief.sections:
        lines += [("", looks["text"]), (section.heading, looks["head"])]
        lines += [(sentence, looks["text"]) for sentence in section.sentences]
    for row, (text, look) in enumerate(lines):
        sheet.set_row(row, LINE_HEIGHT * math.ceil(max(len(text), 1) / (WORDS * (0.7 if row == 0 else 1))))
        sheet.write_string(row, 0, text, look)


def _table(brief: Brief) -> Frame:
    columns = {str(at): Column(title) for at, title in enumerate(brief.table.columns)}
    return Frame(say("Table"), pd.DataFrame(brief.table.rows, columns=list(columns)), columns)


def _frame(sheet: Any, frame: Frame, looks: dict[str, Any]) -> None:
    """A table with its head frozen; text stays text, an unknown number is an empty cell."""
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, HEAD_HEIGHT)
    for at, (name, column) in enumerate(frame.columns.items()):
        cells = frame.rows[name].tolist()
        longest = max([len(column.title) // 2, *(len(str(cell)) for cell in cells if isinstance(cell, str))], default=0)
        sheet.set_column(at, at, min(max(longest + 2, NARROWEST), WIDEST))
        sheet.write_string(0, at, column.title, looks["head"])
        for row, cell in enumerate(cells, 1):
            _cell(sheet, row, at, cell, looks[column.kind])
    if len(frame.rows):
        sheet.autofilter(0, 0, len(frame.rows), len(frame.columns) - 1)


def _cell(sheet: Any, row: int, column: int, cell: object, look: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, int | float) and math.isfinite(cell):
        sheet.write_number(row, column, cell, look)


def _stamp(sheet: Any, brief: Brief, looks: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, WORDS, looks["text"])
    for row, (name, value) in enumerate(stamp_rows(brief.stamp)):
        sheet.set_row(row, LINE_HEIGHT * math.ceil(max(len(str(value)), 1) / WORDS))
        sheet.write_string(row, 0, name, looks["head"])
        sheet.write_string(row, 1, str(value), looks["text"])
