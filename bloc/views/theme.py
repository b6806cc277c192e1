"""Colours by meaning and the defaults of every chart: one place, light and dark."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

FONT = "IBM Plex Sans"


@dataclass(frozen=True)
class Palette:
    """One colour, one meaning, on every page and on the map; the pairs are checked for colour-blind readers."""

    ground: str
    ink: str
    muted: str
    hair: str
    track: str
    member: str
    range: str
    candidate: str
    restricting: str
    outside: str
    land: str


LIGHT = Palette(
    ground="#FFFFFF",
    ink="#17202A",
    muted="#56616D",
    hair="#D5DBE1",
    track="#E9EDF1",
    member="#164E87",
    range="#A9BFD6",
    candidate="#5C9BD1",
    restricting="#C4431A",
    outside="#939DA8",
    land="#D3D9DF",
)
DARK = Palette(
    ground="#10161D",
    ink="#EAEFF4",
    muted="#A3AFBC",
    hair="#34404C",
    track="#222C36",
    member="#5FAEF0",
    range="#2C4A66",
    candidate="#2F6EA6",
    restricting="#FF8455",
    outside="#6C7785",
    land="#3E4B58",
)


def palette(dark: bool) -> Palette:
    """Colours of a theme."""
    return DARK if dark else LIGHT


def meaning(iso3: str, members: Collection[str], withholding: Collection[str]) -> str:
    """What a country is in a scenario: restricting before all else, member or outside."""
    if iso3 in withholding:
        return "restricting"
    return "member" if iso3 in members else "outside"


def meanings(colours: Palette, **more: str) -> dict[str, str]:
    """Colour of each meaning of a bar, and of those a chart adds."""
    return {
        "member": colours.member,
        "restricting": colours.restricting,
        "outside": colours.outside,
        "unnamed": colours.range,
        **more,
    }


def rgba(colour: str, alpha: int = 255) -> list[int]:
    """Colour as the map wants it: red, green, blue, opacity from 0 to 255."""
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)] + [alpha]


def chart_config(colours: Palette) -> dict[str, Any]:
    """Vega-Lite configuration of every chart."""
    return {
        "font": FONT,
        "background": "transparent",
        "padding": {"left": 0, "right": 6, "top": 4, "bottom": 0},
        "view": {"stroke": None},
        "axis": {
            "labelFlush": False,
            "labelFontSize": 13,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "labelColor": colours.muted,
            "titleColor": colours.muted,
            "gridColor": colours.hair,
            "gridWidth": 0.7,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
        },
        "axisY": {
            "labelFlush": False,
            "labelBaseline": "middle",
            "labelColor": colours.ink,
            "labelLimit": 190,
            "labelOverlap": False,
            "grid": False,
        },
        "text": {"font": FONT, "fontSize": 13, "color": colours.ink},
    }
