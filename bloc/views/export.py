"""Charts as files: PNG and SVG drawn on the server, stamped with finding, basis and sources."""

import json
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from bloc.views.charts import ROWS, in_language

STATIC = Path(__file__).parents[2] / "static"
# Width of the plot of an exported chart when it would fill its column on the screen. [px]
WIDTH = 640
SCALE = 2
# Characters of a line of basis or sources under the title.
LINE = 105


@cache
def _converter() -> Any:
    """vl-convert with the app's own font; imported here, since it takes memory that only an export needs."""
    import vl_convert

    vl_convert.register_font_directory(str(STATIC))
    return vl_convert


def standalone(spec: dict[str, Any], rows: pd.DataFrame, finding: str, basis: str, sources: str) -> dict[str, Any]:
    """A chart with its rows, its finding as title and its basis and sources below it."""
    whole = {**in_language(spec), "datasets": {ROWS: json.loads(rows.to_json(orient="records"))}}
    if "width" not in whole:
        whole["width"] = WIDTH
    whole["title"] = {
        "text": finding,
        "subtitle": [*textwrap.wrap(basis, LINE), *textwrap.wrap(sources, LINE)],
        "anchor": "start",
        "fontSize": 17,
        "subtitleFontSize": 12,
        "offset": 14,
        "limit": 1.4 * WIDTH,
    }
    whole["background"] = "#FFFFFF"
    whole["padding"] = 16
    return whole


def png(chart: dict[str, Any]) -> bytes:
    """Picture at twice the size of the screen."""
    data: bytes = _converter().vegalite_to_png(chart, scale=SCALE)
    return data


def svg(chart: dict[str, Any]) -> str:
    """Drawing that scales."""
    text: str = _converter().vegalite_to_svg(chart)
    return text
