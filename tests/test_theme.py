import re
import tomllib
from itertools import combinations

import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE

from bloc.data import ROOT
from bloc.views.notes import LEGEND
from bloc.views.theme import DARK, FONT, LIGHT, chart_config, palette, rgba

THEMES = {"light": LIGHT, "dark": DARK}
SIGHT = (None, "deuteranomaly", "protanomaly", "tritanomaly")
ON_BARS = ("member", "candidate", "restricting", "outside")
ON_THE_MAP = ("member", "candidate", "restricting", "land")
BAR_FLOOR = {"light": 14, "dark": 13}
MAP_FLOOR = 18
# The key of the configuration that each colour of the palette stands in.
CONFIGURED = {
    "backgroundColor": "ground",
    "textColor": "ink",
    "borderColor": "hair",
    "primaryColor": "member",
    "blueTextColor": "member",
    "greenTextColor": "candidate",
    "orangeTextColor": "restricting",
    "violetTextColor": "outside",
    "yellowTextColor": "land",
    "grayTextColor": "muted",
}
every_theme = pytest.mark.parametrize("theme", THEMES)


def seen(colour: str, sight: str | None) -> np.ndarray:
    """Colour as sRGB from 0 to 1, as a reader without one kind of cone sees it."""
    plain = np.array(rgba(colour)[:3]) / 255
    if sight is None:
        return plain
    space = {"name": "sRGB1+CVD", "cvd_type": sight, "severity": 100}
    return np.clip(cspace_convert(plain, space, "sRGB1"), 0, 1)


def distances(theme: str, names: tuple[str, ...], sight: str | None) -> dict[tuple[str, str], float]:
    """Distance of each pair of colours in CAM02-UCS, where 1 is just noticeable."""
    colours = {name: seen(getattr(THEMES[theme], name), sight) for name in names}
    return {
        pair: float(deltaE(colours[pair[0]], colours[pair[1]], input_space="sRGB1", uniform_space="CAM02-UCS"))
        for pair in combinations(names, 2)
    }


def luminance(colour: str) -> float:
    parts = np.array(rgba(colour)[:3]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """Ratio of the Web Content Accessibility Guidelines, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def configuration() -> dict:
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@every_theme
@pytest.mark.parametrize("sight", SIGHT)
def test_meanings_on_bars_are_told_apart_by_every_reader(theme, sight):
    near = {pair: each for pair, each in distances(theme, ON_BARS, sight).items() if each < BAR_FLOOR[theme]}
    assert near == {}


@every_theme
@pytest.mark.parametrize("sight", SIGHT)
def test_meanings_on_the_map_are_told_apart_by_every_reader(theme, sight):
    assert {pair: each for pair, each in distances(theme, ON_THE_MAP, sight).items() if each < MAP_FLOOR} == {}


@every_theme
@pytest.mark.parametrize("text", ["ink", "muted"])
def test_text_is_readable_on_the_ground(theme, text):
    colours = THEMES[theme]
    assert contrast(getattr(colours, text), colours.ground) >= 4.5


@every_theme
@pytest.mark.parametrize("text", ["ink", "muted"])
def test_text_is_readable_on_inputs(theme, text):
    assert contrast(getattr(THEMES[theme], text), configuration()[theme]["secondaryBackgroundColor"]) >= 4.5


@every_theme
@pytest.mark.parametrize("mark", ON_BARS)
def test_a_mark_stands_out_from_the_ground(theme, mark):
    colours = THEMES[theme]
    assert contrast(getattr(colours, mark), colours.ground) >= 2.7


@every_theme
def test_a_bar_stands_out_from_its_track(theme):
    colours = THEMES[theme]
    assert contrast(colours.member, colours.track) >= 4.5


@every_theme
def test_the_tick_of_the_baseline_stands_out_from_bar_range_and_track(theme):
    colours = THEMES[theme]
    assert all(contrast(colours.ink, each) >= 1.9 for each in (colours.member, colours.range, colours.track))


@every_theme
@pytest.mark.parametrize("key", CONFIGURED)
def test_the_configured_theme_has_the_colours_of_the_palette(theme, key):
    assert configuration()[theme][key] == getattr(THEMES[theme], CONFIGURED[key])


@every_theme
def test_colours_are_six_digits_after_a_hash(theme):
    assert all(re.fullmatch(r"#[0-9A-F]{6}", each) for each in vars(THEMES[theme]).values())


@every_theme
def test_no_two_meanings_share_a_colour(theme):
    assert len(set(vars(THEMES[theme]).values())) == len(vars(THEMES[theme]))


def test_the_words_of_the_legend_have_the_colours_of_the_map():
    words = {name: re.match(r":(\w+)\[", text).group(1) for name, text in LEGEND.items()}
    assert {name: CONFIGURED[f"{word}TextColor"] for name, word in words.items()} == {
        "member": "member",
        "candidate": "candidate",
        "restricting": "restricting",
        "outside": "land",
    }


def test_a_palette_is_chosen_by_the_theme():
    assert (palette(False), palette(True)) == (LIGHT, DARK)


def test_a_colour_of_the_map_is_four_numbers():
    assert rgba("#164E87") == [22, 78, 135, 255]
    assert rgba("#FFFFFF", 105) == [255, 255, 255, 105]


@every_theme
def test_charts_write_in_the_font_and_ink_of_the_app(theme):
    config = chart_config(THEMES[theme])
    assert config["font"] == config["text"]["font"] == configuration()["font"] == FONT
    assert config["text"]["color"] == THEMES[theme].ink
    assert config["axis"]["labelFontSize"] >= 12


def test_the_files_of_the_font_are_in_the_repository():
    for face in configuration()["fontFaces"]:
        assert (ROOT / face["url"].removeprefix("app/")).is_file()
