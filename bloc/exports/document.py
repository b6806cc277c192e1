"""The briefing as a PDF, on paper or on a screen, set by typst. What is said travels as data, never as markup."""

import json
from pathlib import Path
from typing import Any

from bloc.exports import charts
from bloc.exports.brief import Brief
from bloc.exports.pictures import LEGEND, Picture
from bloc.views import export, theme

# Templates by format: two sheets of A4, or pages of 16:9 to show.
TEMPLATES = {"a4": "page.typ", "slides": "slides.typ"}


def pdf(brief: Brief, layout: str = "a4") -> bytes:
    """PDF of a briefing; `layout` is a4 or slides."""
    # Imported here, since it takes memory that only an export needs.
    import typst

    template = Path(__file__).with_name(TEMPLATES[layout]).read_bytes()
    # Files by name, which typst takes and its types do not name.
    files: Any = {"main.typ": template, "brief.json": json.dumps(content(brief)).encode()}
    for picture in brief.pictures:
        files[f"{picture.key}.svg"] = export.svg(charts.drawing(picture)).encode()
    data: bytes = typst.compile(files, font_paths=[str(export.STATIC)], ignore_system_fonts=True, format="pdf")
    return data


def content(brief: Brief) -> dict[str, Any]:
    """The briefing as the templates read it."""
    colours = theme.LIGHT
    stamp = brief.stamp
    return {
        "title": brief.title,
        "subtitle": brief.subtitle,
        "sections": [each._asdict() for each in brief.sections],
        "pictures": [
            {
                "file": f"{picture.key}.svg",
                "finding": picture.finding,
                "basis": picture.basis,
                "reading": picture.reading,
                "alt": picture.alt,
                "legend": [[colour(picture, name), LEGEND[name]] for name in picture.legend],
            }
            for picture in brief.pictures
        ],
        "table": {
            "title": brief.table.title,
            "columns": brief.table.columns,
            "rows": brief.table.rows,
            "note": brief.table.note,
        },
        "stamp": {
            "line": stamp.line,
            "settings": stamp.settings,
            "sources": stamp.sources,
            "publishers": stamp.publishers,
            "link": stamp.link,
            "shown": stamp.shown_link,
            "absolute": stamp.link.startswith("http"),
            "date": [stamp.made.year, stamp.made.month, stamp.made.day],
        },
        "colours": {name: getattr(colours, name) for name in ("ink", "muted", "hair", "track", "member")},
    }


def colour(picture: Picture, meaning: str) -> str:
    """Colour of a meaning as a picture draws it: outside is land on a map, a bar elsewhere."""
    colours = theme.LIGHT
    return (
        colours.land
        if (picture.key, meaning) == ("map", "outside")
        else theme.meanings(colours, candidate=colours.candidate)[meaning]
    )
