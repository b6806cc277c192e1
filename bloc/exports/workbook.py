"""The briefing as a workbook: what it says, its tables, its settings and its sources. No cell starts a formula."""

import io
import math
from typing import Any

import pandas as pd

from bloc.exports.brief import Brief, stamp_rows

# Widths of columns. [characters]
WIDEST, NARROWEST = 60, 11
SHEET_NAME = 31
# Width of a column of sentences [characters], heights of a line and of the head of a table [pt].
WORDS, LINE_HEIGHT, HEAD_HEIGHT = 110, 15, 48
# The format takes no longer property or footer. [characters]
LONGEST_PROPERTY = 255


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
        "number": book.add_format({"num_format": "#,##0"}),
        "plain": book.add_format({"num_format": "0"}),
    }
    _words(book.add_worksheet("Briefing"), brief, looks)
    for name, frame in {"Table": _table(brief), **brief.frames()}.items():
        _frame(book.add_worksheet(name), frame, looks)
    for picture in brief.pictures:
        _frame(book.add_worksheet(f"Chart, {picture.key}"[:SHEET_NAME]), picture.rows, looks)
    _stamp(book.add_worksheet("Settings and sources"), brief, looks)
    for sheet in book.worksheets():
        _printed(sheet, brief)
    book.close()
    return data.getvalue()


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


def _table(brief: Brief) -> pd.DataFrame:
    return pd.DataFrame(brief.table.rows, columns=list(brief.table.columns))


def _frame(sheet: Any, frame: pd.DataFrame, looks: dict[str, Any]) -> None:
    """A table with its head frozen; text stays text, an unknown number is an empty cell."""
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, HEAD_HEIGHT)
    for column, name in enumerate(frame):
        cells = frame[name].tolist()
        longest = max([len(name) // 2, *(len(str(cell)) for cell in cells if isinstance(cell, str))], default=0)
        sheet.set_column(column, column, min(max(longest + 2, NARROWEST), WIDEST))
        sheet.write_string(0, column, name, looks["head"])
        for row, cell in enumerate(cells, 1):
            _cell(sheet, row, column, cell, looks[_look(name)])
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)


def _cell(sheet: Any, row: int, column: int, cell: object, look: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, int | float) and math.isfinite(cell):
        sheet.write_number(row, column, cell, look)


def _look(title: str) -> str:
    if "USD" in title:
        return "number"
    return "share" if "hare" in title or title.startswith("The same") else "plain"


def _stamp(sheet: Any, brief: Brief, looks: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, WORDS, looks["text"])
    for row, (name, value) in enumerate(stamp_rows(brief.stamp)):
        sheet.set_row(row, LINE_HEIGHT * math.ceil(max(len(str(value)), 1) / WORDS))
        sheet.write_string(row, 0, name, looks["head"])
        sheet.write_string(row, 1, str(value), looks["text"])
