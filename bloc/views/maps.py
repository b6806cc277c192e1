"""The world as a pydeck map: polygons by address, colours by meaning, circles for supply, discs for small states."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import pydeck as pdk
from pydeck.bindings.json_tools import default_serialize

from bloc import words
from bloc.language import ENGLISH, current, mark, say, say_many
from bloc.views import theme
from bloc.views.theme import Palette, rgba

WORLD = "app/static/world.geojson"
# Number of polygons in that file; the last ones have no code and are never in a bloc.
POLYGONS = 240
# Statuses in the order of the palette the polygons index.
STATUSES = ("outside", "member", "candidate", "restricting")
STATUS_WORDS = {
    "outside": mark("Outside"),
    "member": mark("Member"),
    "candidate": mark("Attended, signed, negotiating or observing"),
    "restricting": mark("Restricts exports"),
}
# Circles below this share of supply are not drawn. Radius in pixels of a supplier of everything.
SMALLEST_SHARE, RADIUS = 0.012, 46


@dataclass(frozen=True)
class View:
    """Where the map starts, by the room it has: deck.gl's zoom does not follow the width of its column."""

    zoom: float
    height: int
    radius: float
    labels: bool
    outside_discs: bool


WIDE, PHONE = View(0.6, 376, RADIUS, True, True), View(-0.52, 200, RADIUS / 2, False, False)


class CompactDeck(pdk.Deck):
    """A deck that does not change once it is made, written once and without indentation: half the bytes."""

    def to_json(self) -> str:
        """JSON of the deck on one line."""
        return self._text

    @cached_property
    def _text(self) -> str:
        return json.dumps(self, default=default_serialize, separators=(",", ":"))


def statuses(
    places: Iterable[str], members: frozenset[str], candidates: frozenset[str], restricting: frozenset[str]
) -> dict[str, str]:
    """Status of every place, by code; restricting is told before member, member before candidate."""
    status = dict.fromkeys(places, "outside")
    for name, codes in (("candidate", candidates), ("member", members), ("restricting", restricting)):
        status.update(dict.fromkeys(codes & status.keys(), name))
    return status


@dataclass(frozen=True)
class Place:
    """Where a country stands on the projected map, in degrees; `feature` is its polygon, None for a point only."""

    name: str
    x: float
    y: float
    feature: int | None
    disc: bool


def places(countries: pd.DataFrame) -> dict[str, Place]:
    """Every place with a position, by code; small states and economies are discs."""
    positioned = countries.dropna(subset=["map_x", "map_y"])
    disc = positioned.small & positioned.kind.isin(["state", "economy"])
    return {
        iso3: Place(name, round(x, 2), round(y, 2), None if pd.isna(feature) else int(feature), bool(small))
        for iso3, name, x, y, feature, small in zip(
            positioned.iso3,
            positioned["name"],
            positioned.map_x,
            positioned.map_y,
            positioned.feature,
            disc,
            strict=True,
        )
    }


def world_map(
    where: Mapping[str, Place],
    status: Mapping[str, str],
    supply: Mapping[str, float],
    supply_label: str,
    dark: bool,
    view: View,
) -> CompactDeck:
    """Map of statuses by code with a circle for each supplier.

    `supply` is the share of supply by code, drawn as the area of a circle; `supply_label` says what it is a share of.
    """
    colours = theme.palette(dark)
    fills = [rgba(getattr(colours, "land" if name == "outside" else name)) for name in STATUSES]
    code = {name: at for at, name in enumerate(STATUSES)}
    classes = [0] * POLYGONS
    for iso3, place in where.items():
        if place.feature is not None:
            classes[place.feature] = code[status[iso3]]
    text = ",".join(map(str, classes))
    polygons = pdk.Layer(
        "GeoJsonLayer",
        data=WORLD,
        id="land",
        filled=True,
        stroked=True,
        pickable=True,
        # An index into the palette by feature: nothing but the classes travels on a change. The parentheses are needed.
        get_fill_color=f"({json.dumps(fills, separators=(',', ':'))})[([{text}])[properties.i]]",
        get_line_color=rgba(colours.ground),
        line_width_units="pixels",
        get_line_width=0.7,
        line_width_min_pixels=0.7,
        update_triggers={"getFillColor": [f"{text}{dark}"]},
    )
    layers = [polygons, _small_states(where, status, fills, code, colours, view)]
    layers.append(_circles(where, supply, supply_label, colours, view))
    if view.labels:
        layers.append(_labels(where, supply, colours))
    hover = "<b class='name-{iso3}'>{name}</b><div>{tip}</div><span class='status-{iso3}'></span>"
    return deck(layers, view, colours, hover)


def deck(layers: list[pdk.Layer], view: View, colours: Palette, hover: str) -> CompactDeck:
    """Layers as a map on no tiles; `hover` is the text of what is under the pointer, with its fields in braces."""
    return CompactDeck(
        layers=layers,
        initial_view_state=pdk.ViewState(latitude=8, longitude=0, zoom=view.zoom, min_zoom=-1, max_zoom=5),
        # Never a map_style: with no provider the default keeps Streamlit from asking a tile server, None does not.
        map_provider=None,
        tooltip={
            "html": hover,
            "style": {
                "backgroundColor": colours.ink,
                "color": colours.ground,
                "fontFamily": theme.FONT,
                "fontSize": "13px",
                "padding": "6px 10px",
                "borderRadius": "4px",
            },
        },
    )


def _small_states(
    where: Mapping[str, Place],
    status: Mapping[str, str],
    fills: list[list[int]],
    code: Mapping[str, int],
    colours: Palette,
    view: View,
) -> pdk.Layer:
    """Discs for states too small to see or click; where there is little room, only those with a status."""
    rows = [
        {"iso3": iso3, "name": place.name, "x": place.x, "y": place.y, "c": fills[code[status[iso3]]], "tip": ""}
        for iso3, place in where.items()
        if place.disc and (view.outside_discs or status[iso3] != "outside")
    ]
    return pdk.Layer(
        "ScatterplotLayer",
        data=rows,
        id="small",
        get_position="[x,y]",
        get_fill_color="c",
        get_line_color=rgba(colours.ground),
        stroked=True,
        line_width_units='"pixels"',
        get_line_width=1,
        radius_units='"pixels"',
        get_radius=4,
        pickable=True,
    )


def _circles(
    where: Mapping[str, Place], supply: Mapping[str, float], label: str, colours: Palette, view: View
) -> pdk.Layer:
    rows = [
        {
            "iso3": iso3,
            "name": where[iso3].name,
            "x": where[iso3].x,
            "y": where[iso3].y,
            "r": round(view.radius * share**0.5, 1),
            "tip": f"{words.number(100 * share, '.1f')} % {label}",
        }
        for iso3, share in sorted(supply.items(), key=lambda each: -each[1])
        if share >= SMALLEST_SHARE
    ]
    return pdk.Layer(
        "ScatterplotLayer",
        data=rows,
        id="supply",
        get_position="[x,y]",
        get_radius="r",
        radius_units='"pixels"',
        get_fill_color=rgba(colours.ground, 105),
        stroked=True,
        line_width_units='"pixels"',
        get_line_width=1.6,
        get_line_color=rgba(colours.ink),
        pickable=True,
    )


# Small places of the ministerial that a reader looks for, and which side of the disc their name stands on.
NAMED = (("SGP", -9, 4, "end"), ("BHR", 9, 2, "start"), ("COK", 9, 0, "start"))


def _labels(where: Mapping[str, Place], supply: Mapping[str, float], colours: Palette) -> pdk.Layer:
    named = [(where[iso3], where[iso3].name, x, y, anchor) for iso3, x, y, anchor in NAMED]
    if supply:
        largest = max(supply, key=supply.__getitem__)
        named.append((where[largest], f"{where[largest].name} {100 * supply[largest]:.0f} %", 0, 0, "middle"))
    rows = [{"x": place.x, "y": place.y, "t": text, "o": [x, y], "a": anchor} for place, text, x, y, anchor in named]
    return pdk.Layer(
        "TextLayer",
        data=rows,
        id="labels",
        get_position="[x,y]",
        get_text="t",
        get_pixel_offset="o",
        get_text_anchor="a",
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


def hover_style(status: Mapping[str, str], ties: Mapping[str, str]) -> str:
    """Style sheet that writes each place's status into the text on hover, whose own words travel with the polygons.

    `ties` says in words how a country outside stands to the groupings.
    """
    said: dict[str, list[str]] = {}
    for iso3, name in status.items():
        if name != "outside":
            text = ties.get(iso3, "") if name == "candidate" else say(STATUS_WORDS[name])
            said.setdefault(text, []).append(f".status-{iso3}::after")
    rules = [f"{','.join(who)}{{content:{_css_text(text)}}}" for text, who in said.items()]
    return "<style>" + "".join(rules) + "</style>"


def hover_names(where: Mapping[str, Place]) -> str:
    """Style sheet that writes the names on hover in another language: English ones travel with the polygons."""
    if current().code == ENGLISH:
        return ""
    named = ",".join(f".name-{iso3}" for iso3 in where)
    rules = [f".name-{iso3}::after{{content:{_css_text(place.name)};font-size:13px}}" for iso3, place in where.items()]
    return f"<style>{named}{{font-size:0}}{''.join(rules)}</style>"


def _css_text(text: str) -> str:
    """Text as a style sheet takes it inside a page: quoted, and never the end of the style."""
    return json.dumps(text, ensure_ascii=False).replace("<", "\\3c ")


def map_summary(status: Mapping[str, str], names: Mapping[str, str], supply: Mapping[str, float], label: str) -> str:
    """Alternative text of the map."""
    counts = Counter(status.values())
    near = say_many(
        counts["candidate"],
        "{number} country outside that attended, signed, negotiate or observe",
        "{number} countries outside that attended, signed, negotiate or observe",
    )
    text = say(
        "World map: {members}, {near}, {restricting} restricting exports.",
        members=say_many(counts["member"], "{number} member", "{number} members"),
        near=near,
        restricting=counts["restricting"],
    )
    largest = sorted(supply, key=lambda iso3: -supply[iso3])[:3]
    if largest:
        suppliers = ", ".join(f"{names[iso3]} {words.percent(supply[iso3])}" for iso3 in largest)
        circles = say("Circles: share {of_what}; largest {suppliers}.", of_what=label, suppliers=suppliers)
        text = f"{text} {circles}"
    return text
