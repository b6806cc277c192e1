"""The briefing as a PDF, on paper or on a screen, set by typst. What is said travels as data, never as markup."""

import json
import re
from pathlib import Path
from typing import Any

from bloc.exports import charts
from bloc.exports.brief import PRODUCT, Brief, Stamp, in_its_language
from bloc.exports.pictures import Picture
from bloc.language import say
from bloc.views import export, theme

# Templates by format: two sheets of A4, or pages of 16:9 to show.
TEMPLATES = {"a4": "page.typ", "slides": "slides.typ"}


@in_its_language
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
    return {
        # Without its region: es of es-MX.
        "language": re.split("[-_]", brief.language)[0],
        "title": brief.title,
        "subtitle": brief.subtitle,
        "sections": [{"heading": each.heading, "sentences": each.sentences} for each in brief.sections],
        "pictures": [
            {
                "file": f"{picture.key}.svg",
                "finding": picture.finding,
                "basis": picture.basis,
                "reading": picture.reading,
                "alt": picture.alt,
                "legend": [[colour(picture, meaning), text] for meaning, text in picture.legend.items()],
            }
            for picture in brief.pictures
        ],
        "table": {
            "title": brief.table.title,
            "columns": brief.table.columns,
            "rows": brief.table.rows,
            "note": brief.table.note,
        },
        "stamp": _stamp(brief.stamp),
        # The template puts numbers in the place of both names.
        "page": say("{page} of {pages}"),
        "colours": {name: getattr(colours, name) for name in ("ink", "muted", "hair", "track", "member")},
    }


def _stamp(stamp: Stamp) -> dict[str, Any]:
    return {
        "product": PRODUCT,
        "line": stamp.line,
        "heading": say("Where it comes from"),
        "settings": say("Settings: {settings}", settings=" ".join(stamp.settings)),
        "sources": say("Sources: {sources}.", sources="; ".join(stamp.sources)),
        "restores": say("Link that restores everything:"),
        "bare": say("Settings as a link, to be put behind the address of the app: {link}", link=stamp.shown_link),
        "link": stamp.link,
        "shown": stamp.shown_link,
        "absolute": stamp.link.startswith("http"),
        "date": [stamp.made.year, stamp.made.month, stamp.made.day],
    }


def colour(picture: Picture, meaning: str) -> str:
    """Colour of a meaning as a picture draws it: outside is land on a map, a bar elsewhere."""
    colours = theme.LIGHT
    return (
        colours.land
        if (picture.key, meaning) == ("map", "outside")
        else theme.meanings(colours, candidate=colours.candidate)[meaning]
    )
