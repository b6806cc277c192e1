"""Maps of what moves and where it is dug: flows as curves between countries, hubs, mines and plants as discs."""

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pydeck as pdk

from bloc.language import mark, said, say
from bloc.views import charts, maps, theme
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
# The polygons that the browser fetches, and the size of a map in a file. [px]
WORLD = Path(__file__).parents[2] / "static" / "world.geojson"
WIDTH_FILE, HEIGHT_FILE = 860, 430
HUB = {
    "tip": mark("Hub"),
    "more": mark("Over 10 % of what is sold"),
    "last": mark("Over 10 % of what is bought"),
}
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


def flow_deck(
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
        {"name": where[iso3].name, "x": where[iso3].x, "y": where[iso3].y, **said(HUB)}
        for iso3 in hubs
        if iso3 in where
    ]
    layers = [
        land(colours),
        curves("flows", paths),
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
    width = max(THINNEST, row.width * view.radius / maps.WIDE.radius)
    return {
        "path": _route(row, where),
        "c": rgba(colours.member if row.importer in members else colours.outside, 215),
        "w": round(width, 1),
        "r": _radius(width),
        "name": say("{seller} to {buyer}", seller=where[row.exporter].name, buyer=where[row.importer].name),
        "tip": row.tip,
        "more": row.more,
        "last": row.last,
    }


def _route(row: Any, where: Mapping[str, Place]) -> list[list[float]]:
    seller, buyer = where[row.exporter], where[row.importer]
    return curve((seller.x, seller.y), (buyer.x, buyer.y), BEND[row.side])


def _radius(width: float) -> float:
    """Radius in pixels of the disc at the end of a curve."""
    return round(3 + 0.35 * width, 1)


# Standing of a mine or plant: whether its disc is filled, and in which colour of the palette.
STANDINGS = {"operating": (True, "ink"), "project": (False, "ink"), "halted": (True, "outside")}


def site_deck(sites: pd.DataFrame, dark: bool, view: maps.View) -> pdk.Deck:
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
    return maps.deck([land(colours), dots], view, colours, HOVER)


def curves(name: str, paths: list[dict[str, Any]]) -> pdk.Layer:
    """Layer of curves, each with its path, colour c and width w in pixels."""
    return pdk.Layer(
        "PathLayer",
        data=paths,
        id=name,
        get_path="path",
        get_color="c",
        get_width="w",
        width_units='"pixels"',
        width_min_pixels=1,
        cap_rounded=True,
        joint_rounded=True,
        pickable=True,
    )


def land(colours: Palette) -> pdk.Layer:
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


# The same maps for files: deck.gl draws in the browser only.


def flow_rows(
    flows: pd.DataFrame, where: Mapping[str, Place], members: Collection[str], hubs: Collection[str]
) -> pd.DataFrame:
    """Rows of flow_spec: the points of each curve in their order, its disc, the rings and names of the hubs."""
    rows: list[dict[str, Any]] = []
    for at, row in enumerate(flows.itertuples()):
        if not _placed(row, where):
            continue
        width = max(THINNEST, float(row.width))
        common = {"meaning": "member" if row.importer in members else "outside", "flow": at, "width": width}
        route = [(x, mercator(y)) for x, y in _route(row, where)]
        rows += [{**common, "kind": "curve", "step": step, "x": x, "y": y} for step, (x, y) in enumerate(route)]
        (x, y), area = route[-1], math.pi * _radius(width) ** 2
        rows.append({**common, "kind": "disc", "x": x, "y": y, "area": area})
    rows += [
        {"kind": "hub", "x": where[iso3].x, "y": mercator(where[iso3].y), "name": where[iso3].name}
        for iso3 in hubs
        if iso3 in where
    ]
    return pd.DataFrame(rows, columns=["kind", "x", "y", "meaning", "flow", "step", "width", "area", "name"])


def site_rows(sites: pd.DataFrame) -> pd.DataFrame:
    """Rows of site_spec: where each site stands and its standing."""
    return pd.DataFrame({"x": sites.map_x, "y": sites.map_y.map(mercator), "standing": sites.standing})


def mercator(latitude: float) -> float:
    """Height of a latitude on the map as deck.gl draws it, in degrees of longitude at the equator."""
    return math.degrees(math.asinh(math.tan(math.radians(latitude))))


@cache
def flow_spec(dark: bool) -> dict[str, Any]:
    """Chart of flow_rows."""
    colours = theme.palette(dark)
    meanings = {"member": colours.member, "outside": colours.outside}
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    places = points()
    routes = (
        places.transform_filter("datum.kind === 'curve'")
        .mark_line(opacity=0.85, strokeCap="round")
        .encode(
            color=fill,
            detail="flow:N",
            order="step:Q",
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
        )
    )
    discs = (
        places.transform_filter("datum.kind === 'disc'")
        .mark_circle(opacity=1, stroke=colours.ground, strokeWidth=1.2)
        .encode(color=fill, size=alt.Size("area:Q", scale=None))
    )
    hubs = places.transform_filter("datum.kind === 'hub'")
    rings = hubs.mark_point(size=math.pi * 13**2, stroke=colours.ink, strokeWidth=2)
    names = hubs.mark_text(dy=24, fontWeight=600).encode(text="name:N")
    return on_land(alt.layer(ground(colours), routes, discs, rings, names), colours)


@cache
def site_spec(dark: bool) -> dict[str, Any]:
    """Chart of site_rows."""
    colours = theme.palette(dark)
    layers = [ground(colours)]
    for standing, (filled, colour) in STANDINGS.items():
        ink = getattr(colours, colour)
        layers.append(
            points()
            .transform_filter(f"datum.standing === '{standing}'")
            .mark_circle(
                size=60,
                opacity=0.9,
                fill=ink if filled else colours.ground,
                stroke=colours.ground if filled else ink,
                strokeWidth=1.4,
            )
        )
    return on_land(alt.layer(*layers), colours)


def points() -> alt.Chart:
    """Marks at x and y of the rows of a drawing."""
    return alt.Chart(alt.NamedData(name=charts.ROWS)).encode(longitude="x:Q", latitude="y:Q")


def ground(colours: Palette) -> alt.Chart:
    """Countries pale, for files."""
    shapes = alt.Data(values=_flat_world(), format=alt.JsonDataFormat(type="json", property="features"))
    return alt.Chart(shapes).mark_geoshape(
        fill=colours.land, fillOpacity=TINT / 255, stroke=colours.ground, strokeWidth=0.7
    )


@cache
def _flat_world() -> dict[str, Any]:
    """Polygons as deck.gl draws them."""
    world: dict[str, Any] = json.loads(WORLD.read_text("utf-8"))
    for each in world["features"]:
        each["geometry"]["coordinates"] = _flat(each["geometry"]["coordinates"])
    return world


def _flat(coordinates: list[Any]) -> list[Any]:
    if isinstance(coordinates[0], list):
        return [_flat(each) for each in coordinates]
    return [coordinates[0], round(mercator(coordinates[1]), 3)]


def on_land(chart: Any, colours: Palette) -> dict[str, Any]:
    """A chart on the projected world, as a file wants it."""
    # No sphere: the places are on the plane already, and north is up.
    flat = chart.project(type="identity", reflectY=True).properties(width=WIDTH_FILE, height=HEIGHT_FILE)
    spec: dict[str, Any] = flat.to_dict(validate=False)
    spec["config"] = theme.chart_config(colours)
    return spec
