import json
import re

import pytest

from bloc.data import ROOT
from bloc.summary import average_shares, standing
from bloc.views import maps, theme
from bloc.views.maps import PHONE, POLYGONS, SMALLEST_SHARE, STATUSES, WIDE, hover_style, map_summary, statuses

LABEL = "of world refining"
SUPPLY = {"CHN": 0.6, "COD": 0.25, "USA": 0.15, "FRA": 0.001}
MEMBERS = frozenset(["USA", "JPN", "SGP"])
CANDIDATES = frozenset(["IDN", "COK", "USA"])
RESTRICTING = frozenset(["CHN"])


@pytest.fixture(scope="module")
def where(record):
    return maps.places(record.countries)


@pytest.fixture(scope="module")
def status(where):
    return statuses(where, MEMBERS, CANDIDATES, RESTRICTING)


@pytest.fixture(scope="module")
def world():
    return json.loads((ROOT / "static" / "world.geojson").read_text("utf-8"))["features"]


def deck(where, status, supply=SUPPLY, dark=False, view=WIDE) -> dict:
    return json.loads(maps.world_map(where, status, supply, LABEL, dark, view).to_json())


def layer(spec: dict, name: str) -> dict:
    return next(each for each in spec["layers"] if each["id"] == name)


def rows(spec: dict, name: str) -> dict[str, dict]:
    return {each["iso3"]: each for each in layer(spec, name)["data"]}


def fill_of(spec: dict) -> tuple[list[list[int]], list[int]]:
    """Palette and class of each polygon, read from the expression as it is sent."""
    expression = layer(spec, "land")["getFillColor"]
    palette, classes = re.fullmatch(r"@@=\((\[\[.*?\]\])\)\[\((\[[\d,]*\])\)\[properties\.i\]\]", expression).groups()
    return json.loads(palette), json.loads(classes)


# Places and polygons.


def test_the_number_of_polygons_is_that_of_the_file(world):
    assert len(world) == POLYGONS


def test_a_polygon_carries_its_own_number(world):
    assert [each["properties"]["i"] for each in world] == list(range(POLYGONS))


def test_a_polygon_carries_what_is_shown_on_hover(world):
    assert all({"iso3", "name", "tip"} <= each["properties"].keys() for each in world)


def test_every_place_with_a_polygon_has_its_own(where, world):
    for iso3, place in where.items():
        if place.feature is not None:
            assert world[place.feature]["properties"]["iso3"] == iso3


def test_every_polygon_with_a_code_is_of_a_place(where, world):
    coded = {each["properties"]["iso3"]: each["properties"]["i"] for each in world if each["properties"]["iso3"]}
    assert coded == {iso3: place.feature for iso3, place in where.items() if place.feature is not None}


def test_polygons_without_a_code_come_last(world):
    codes = [each["properties"]["iso3"] for each in world]
    assert None not in codes[: codes.index(None)]
    assert set(codes[codes.index(None) :]) == {None}


@pytest.mark.parametrize("iso3", ["COK", "BHR", "SGP", "MLT", "TUV"])
def test_a_small_state_is_a_disc(where, status, iso3):
    assert where[iso3].disc
    assert iso3 in rows(deck(where, status), "small")


@pytest.mark.parametrize("iso3", ["USA", "CHN", "NOR", "IDN", "FRA"])
def test_a_large_country_is_no_disc(where, iso3):
    assert not where[iso3].disc


def test_every_state_can_be_clicked(record, where):
    states = record.countries.iso3[record.countries.kind.isin(["state", "economy"])]
    assert [
        iso3 for iso3 in states if iso3 not in where or not (where[iso3].disc or where[iso3].feature is not None)
    ] == []


def test_places_lie_on_the_map(where):
    assert all(-180 <= place.x <= 180 and -90 <= place.y <= 90 for place in where.values())


# Statuses.


def test_everybody_is_outside_until_told_otherwise(where):
    assert set(statuses(where, frozenset(), frozenset(), frozenset()).values()) == {"outside"}


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        (("candidate",), "candidate"),
        (("member",), "member"),
        (("candidate", "member"), "member"),
        (("member", "restricting"), "restricting"),
        (("candidate", "restricting"), "restricting"),
        (("candidate", "member", "restricting"), "restricting"),
    ],
)
def test_restricting_comes_before_member_and_member_before_candidate(inside, told):
    sets = [frozenset(["USA"]) if name in inside else frozenset() for name in ("member", "candidate", "restricting")]
    assert statuses(["CHN", "USA"], *sets) == {"CHN": "outside", "USA": told}


def test_a_code_without_a_place_is_left_out(where):
    assert "XXX" not in statuses(where, frozenset(["XXX"]), frozenset(), frozenset())


# What is sent.


@pytest.mark.parametrize("view", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_map_is_small_and_holds_no_shapes(record, where, status, dark, view):
    text = maps.world_map(where, status, average_shares(record), LABEL, dark, view).to_json()
    assert len(text.encode()) < 20_000
    assert "coordinates" not in text
    assert "\n" not in text


def test_a_map_asks_no_tile_server(where, status):
    spec = deck(where, status)
    # The mark of a style that was never chosen: for an empty one Streamlit would put tiles from the network.
    assert spec["mapStyle"] == "__MAP_STYLE__"
    assert spec.get("mapProvider") is None
    assert "http" not in json.dumps(spec)


def test_polygons_come_by_address(where, status):
    assert layer(deck(where, status), "land")["data"] == "app/static/world.geojson"
    assert (ROOT / "static" / "world.geojson").is_file()


@pytest.mark.parametrize(
    ("iso3", "name"),
    [("USA", "member"), ("JPN", "member"), ("CHN", "restricting"), ("IDN", "candidate"), ("BRA", "outside")],
)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_polygon_has_the_colour_of_its_status(where, status, iso3, name, dark):
    palette, classes = fill_of(deck(where, status, dark=dark))
    colour = getattr(theme.palette(dark), "land" if name == "outside" else name)
    assert palette[classes[where[iso3].feature]] == theme.rgba(colour)


def test_there_is_one_class_for_every_polygon(where, status):
    palette, classes = fill_of(deck(where, status))
    assert len(palette) == len(STATUSES)
    assert len(classes) == POLYGONS


def test_polygons_without_a_code_are_outside_even_with_everybody_in(where, world):
    classes = fill_of(deck(where, dict.fromkeys(where, "member")))[1]
    assert {classes[each["properties"]["i"]] for each in world if each["properties"]["iso3"] is None} == {0}
    assert {classes[each["properties"]["i"]] for each in world if each["properties"]["iso3"]} == {1}


def test_the_browser_is_told_when_the_colours_change(where, status):
    triggers = [
        json.dumps(layer(deck(where, given, dark=dark), "land")["updateTriggers"])
        for given in (status, dict.fromkeys(where, "outside"))
        for dark in (False, True)
    ]
    assert len(set(triggers)) == 4


def test_the_browser_is_not_told_when_they_do_not(where, status):
    one, other = (layer(deck(where, status, supply), "land") for supply in (SUPPLY, {"COD": 1.0}))
    assert one == other


@pytest.mark.parametrize(("iso3", "name"), [("SGP", "member"), ("COK", "candidate"), ("BHR", "land")])
def test_a_disc_has_the_colour_of_its_status(where, status, iso3, name):
    assert rows(deck(where, status), "small")[iso3]["c"] == theme.rgba(getattr(theme.LIGHT, name))


def test_suppliers_below_the_smallest_share_have_no_circle(where, status):
    assert SUPPLY["FRA"] < SMALLEST_SHARE
    assert list(rows(deck(where, status), "supply")) == ["CHN", "COD", "USA"]


def test_the_area_of_a_circle_is_its_share(where, status):
    circles = rows(deck(where, status), "supply")
    assert circles["COD"]["r"] == WIDE.radius * 0.5
    assert (circles["CHN"]["r"] / circles["USA"]["r"]) ** 2 == pytest.approx(4, rel=0.02)


def test_circles_on_a_phone_are_half_as_wide(where, status):
    assert rows(deck(where, status, view=PHONE), "supply")["COD"]["r"] == WIDE.radius * 0.25


def test_the_small_places_of_the_ministerial_and_the_largest_supplier_are_named(where, status):
    names = [each["t"] for each in layer(deck(where, status), "labels")["data"]]
    assert names == ["Singapore", "Bahrain", "Cook Islands", "China 60 %"]


def test_a_phone_has_no_labels(where, status):
    assert [each["id"] for each in deck(where, status, view=PHONE)["layers"]] == ["land", "small", "supply"]


def test_a_map_without_supply_has_no_circles(where, status):
    spec = deck(where, status, supply={})
    assert layer(spec, "supply")["data"] == []
    assert len(layer(spec, "labels")["data"]) == 3


def test_land_discs_and_circles_can_be_clicked(where, status):
    spec = deck(where, status)
    assert all(layer(spec, name)["pickable"] for name in ("land", "small", "supply"))


# Words of the map.


def test_each_status_is_written_on_hover():
    style = hover_style(
        {"USA": "member", "CHN": "restricting", "IDN": "candidate", "BRA": "outside"}, {"IDN": "Signed: Pax Silica"}
    )
    assert '.status-USA::after{content:"Member"}' in style
    assert '.status-CHN::after{content:"Restricts exports"}' in style
    assert '.status-IDN::after{content:"Signed: Pax Silica"}' in style
    assert "BRA" not in style


def test_places_of_one_status_share_a_rule():
    assert hover_style({"JPN": "member", "USA": "member"}, {}) == (
        '<style>.status-JPN::after,.status-USA::after{content:"Member"}</style>'
    )


def test_quotes_and_backslashes_of_a_tie_stay_inside_its_text():
    style = hover_style({"IDN": "candidate"}, {"IDN": 'Signed: "a\\b"}'})
    assert style == r'<style>.status-IDN::after{content:"Signed: \"a\\b\"}"}</style>'


def test_every_tie_of_the_record_can_be_written(record, where):
    ties = standing(record)
    style = hover_style(statuses(where, frozenset(), frozenset(ties), frozenset()), ties)
    assert style.count("<") == 2
    assert all(json.dumps(each, ensure_ascii=False) in style for each in ties.values())


def test_the_map_in_words_counts_and_names_the_largest_suppliers(record, status):
    assert map_summary(status, record.names, SUPPLY, LABEL) == (
        "World map: 3 members, 2 countries outside that attended, signed, negotiate or observe, 1 restricting exports. "
        "Circles: share of world refining; largest China 60\u202f%, DR Congo 25\u202f%, "
        "United States 15\u202f%."
    )
