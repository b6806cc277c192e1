"""Maps of what moves and where it is dug: flows as curves between countries, hubs, mines and plants as discs."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pydeck as pdk

from bloc.views import maps, theme
from bloc.views.maps import Place
from bloc.views.theme import Palette, rgba

# Flows drawn; width of the largest and of the thinnest. [px]
FLOWS, WIDTH, THINNEST = 25, 12.0, 1.2
# This map stands beside a higher picture than that of the first screen.
WIDE = replace(maps.WIDE, zoom=0.8, height=430)
# How far a curve leaves the straight line, as a part of its length; ore keeps nearer so that it can be told apart.
BEND = {"ore": 0.16, "refined": 0.26}
# Length beyond which a curve bends no further. [degrees]
LONG = 70.0
POINTS = 24
HUB = {"tip": "Hub", "more": "Over 10 % of what is sold", "last": "Over 10 % of what is bought"}
TINT = 107
# Three fields, since markup inside a field is shown as it is.
HOVER = "<b>{name}</b><br/>{tip}<br/>{more}<br/>{last}"


def curve(start: tuple[float, float], end: tuple[float, float], bend: float) -> list[list[float]]:
    """Points of a quadratic curve between two places of the projected map, arched to the north."""
    first, last = np.array(start), np.array(end)
    span = last - first
    arch = np.array([-span[1], span[0]]) * bend * min(1.0, LONG / max(1.0, float(np.hypot(*span))))
    middle = (first + last) / 2 + (arch if arch[1] >= 0 else -arch)
    at = np.linspace(0, 1, POINTS)[:, None]
    points = (1 - at) ** 2 * first + 2 * (1 - at) * at * middle + at**2 * last
    return [[round(float(x), 2), round(float(y), 2)] for x, y in points]


def flow_map(
    flows: pd.DataFrame,
    where: Mapping[str, Place],
    members: Collection[str],
    hubs: Collection[str],
    dark: bool,
    view: maps.View,
) -> pdk.Deck:
    """Map of flows: side, exporter, importer, width and three lines on hover; in the colour of the buyer."""
    colours = theme.palette(dark)
    paths = [_path(row, where, members, colours, view) for row in flows.itertuples() if _placed(row, where)]
    rings = [
        {"name": where[iso3].name, "x": where[iso3].x, "y": where[iso3].y, **HUB} for iso3 in hubs if iso3 in where
    ]
    layers = [
        _land(colours),
        pdk.Layer(
            "PathLayer",
            data=paths,
            id="flows",
            get_path="path",
            get_color="c",
            get_width="w",
            width_units='"pixels"',
            width_min_pixels=1,
            cap_rounded=True,
            joint_rounded=True,
            pickable=True,
        ),
        _discs("buyers", [{**each, "x": each["path"][-1][0], "y": each["path"][-1][1]} for each in paths], colours),
        _rings(rings, colours),
        _names(rings, colours),
    ]
    return maps.deck(layers, view, colours, HOVER)


def _placed(row: Any, where: Mapping[str, Place]) -> bool:
    return row.exporter in where and row.importer in where


def _path(
    row: Any, where: Mapping[str, Place], members: Collection[str], colours: Palette, view: maps.View
) -> dict[str, Any]:
    seller, buyer = where[row.exporter], where[row.importer]
    width = max(THINNEST, row.width * view.radius / maps.WIDE.radius)
    return {
        "path": curve((seller.x, seller.y), (buyer.x, buyer.y), BEND[row.side]),
        "c": rgba(colours.member if row.importer in members else colours.outside, 215),
        "w": round(width, 1),
        "r": round(3 + 0.35 * width, 1),
        "name": f"{seller.name} to {buyer.name}",
        "tip": row.tip,
        "more": row.more,
        "last": row.last,
    }


# Standing of a mine or plant: whether its disc is filled, and in which colour of the palette.
STANDINGS = {"operating": (True, "ink"), "project": (False, "ink"), "halted": (True, "outside")}


def site_map(sites: pd.DataFrame, dark: bool, view: maps.View) -> pdk.Deck:
    """Map of mines and plants: name, standing, map_x, map_y and three lines on hover."""
    colours = theme.palette(dark)
    rows = []
    for row in sites.itertuples():
        filled, colour = STANDINGS[str(row.standing)]
        rows.append(
            {
                "x": row.map_x,
                "y": row.map_y,
                "name": row.name,
                "tip": row.tip,
                "more": row.more,
                "last": row.last,
                "f": rgba(getattr(colours, colour) if filled else colours.ground, 235 if filled else 190),
                "l": rgba(colours.ground if filled else getattr(colours, colour)),
            }
        )
    dots = pdk.Layer(
        "ScatterplotLayer",
        data=rows,
        id="sites",
        get_position="[x,y]",
        get_fill_color="f",
        get_line_color="l",
        stroked=True,
        line_width_units='"pixels"',
        get_line_width=1.4,
        radius_units='"pixels"',
        get_radius=4.5,
        pickable=True,
    )
    return maps.deck([_land(colours), dots], view, colours, HOVER)


def _land(colours: Palette) -> pdk.Layer:
    """Countries pale, so that what is drawn on them leads."""
    return pdk.Layer(
        "GeoJsonLayer",
        data=maps.WORLD,
        id="land",
        filled=True,
        stroked=True,
        pickable=False,
        get_fill_color=rgba(colours.land, TINT),
        get_line_color=rgba(colours.ground),
        line_width_units="pixels",
        get_line_width=0.7,
        line_width_min_pixels=0.7,
    )


def _discs(name: str, rows: list[dict[str, Any]], colours: Palette) -> pdk.Layer:
    return pdk.Layer(
        "ScatterplotLayer",
        data=[{key: value for key, value in row.items() if key != "path"} for row in rows],
        id=name,
        get_position="[x,y]",
        get_fill_color="c",
        get_line_color=rgba(colours.ground),
        stroked=True,
        line_width_units='"pixels"',
        get_line_width=1.2,
        radius_units='"pixels"',
        get_radius="r",
        pickable=True,
    )


def _rings(rows: list[dict[str, Any]], colours: Palette) -> pdk.Layer:
    return pdk.Layer(
        "ScatterplotLayer",
        data=rows,
        id="hubs",
        get_position="[x,y]",
        filled=False,
        stroked=True,
        get_line_color=rgba(colours.ink),
        line_width_units='"pixels"',
        get_line_width=2,
        radius_units='"pixels"',
        get_radius=13,
        pickable=True,
    )


def _names(rows: list[dict[str, Any]], colours: Palette) -> pdk.Layer:
    return pdk.Layer(
        "TextLayer",
        data=rows,
        id="names",
        get_position="[x,y]",
        get_text="name",
        get_pixel_offset="[0,24]",
        get_size=12,
        size_units='"pixels"',
        get_color=rgba(colours.ink),
        font_family=f'"{theme.FONT}"',
        font_weight=600,
        background=True,
        get_background_color=rgba(colours.ground, 205),
        background_padding=[3, 0, 3, 0],
        character_set='"auto"',
    )
