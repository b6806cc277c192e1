"""The pictures of a briefing as files: drawings to be placed, and PNG and SVG stamped to stand alone."""

import io
import json
import textwrap
import zipfile
from typing import Any

from bloc.exports.brief import Brief, in_its_language
from bloc.exports.pictures import Picture
from bloc.language import say
from bloc.views import export, theme
from bloc.views.charts import ROWS, in_language

# Width of the plot that makes drawings equally wide with their labels. [px]
PLOT = {"map": 760, "coverage": 590}
OTHER_PLOT = 560


def drawing(picture: Picture) -> dict[str, Any]:
    """The chart alone with its rows, light, without a title."""
    return {
        **in_language(picture.spec(False)),
        "width": PLOT.get(picture.key, OTHER_PLOT),
        "datasets": {ROWS: json.loads(picture.drawn.to_json(orient="records"))},
        "background": "#FFFFFF",
        "padding": 2,
    }


def stamped(brief: Brief, picture: Picture) -> dict[str, Any]:
    """The chart with its finding above and what it measures, the settings, the date and the sources below it."""
    stamp = brief.stamp
    says = [
        f"{picture.basis} {picture.reading}".strip(),
        " ".join(stamp.settings),
        f"{stamp.line} {say('Sources: {sources}.', sources=picture.publishers)}",
        stamp.shown_link,
    ]
    chart = export.standalone(picture.spec(False), picture.drawn, picture.finding, "", "")
    lines = [line for text in says for line in textwrap.wrap(text, export.LINE)]
    return {**chart, "title": {**chart["title"], "subtitle": lines, "subtitleColor": theme.LIGHT.muted}}


@in_its_language
def archive(brief: Brief) -> bytes:
    """PNG and SVG of every picture in one file."""
    # Imported here, since it takes memory that only an export needs.
    import vl_convert

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for picture in brief.pictures:
            # Drawn once: the picture is made of the drawing, in the typeface that drawing it has made known.
            drawn = export.svg(stamped(brief, picture))
            files.writestr(f"{picture.key}.svg", drawn)
            files.writestr(f"{picture.key}.png", vl_convert.svg_to_png(drawn, scale=export.SCALE))
    return packed.getvalue()
