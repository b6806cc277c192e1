import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bloc.outcome import evaluate
from bloc.scenario import Scenario
from bloc.summary import coverage_rows
from bloc.views import theme
from bloc.views.charts import SECOND, coverage_frame, coverage_spec, weakest_first

NAN = float("nan")
DEFAULTS = {
    "label": "Cobalt",
    "in_sentence": "cobalt",
    "side": "mined",
    "row": 0,
    "mineral": "cobalt",
    "coverage": 0.4,
    "self_sufficiency": 0.4,
    "coverage_high": 0.4,
    "undisclosed_members": 0,
    "year": 2024,
    "complete": True,
    "need_rule": "output and net imports",
}
both_themes = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
members = st.lists(st.sampled_from(("AUS", "BRA", "CHN", "COD", "COK", "EUU", "IDN", "JPN", "RUS", "USA")), unique=True)


def rows(*given: dict[str, object]) -> pd.DataFrame:
    """Rows of coverage, each as DEFAULTS but for what is given."""
    return pd.DataFrame([{**DEFAULTS, **each} for each in given])


def drawn(**given: object) -> pd.Series:
    """The one row of a ranking of one row."""
    return coverage_frame(rows(given), rows(given)).iloc[0]


def walk(node: object):
    """Every object of a specification."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from walk(each)


def mark(layer: dict) -> str:
    return layer["mark"]["type"]


# The specification.


@both_themes
def test_the_chart_is_plain_json_without_data(dark):
    spec = coverage_spec(dark)
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec
    assert all(each["data"].keys() == {"name"} for each in walk(spec) if "data" in each)
    assert not any(row for rows_inside in spec.get("datasets", {}).values() for row in rows_inside)


@both_themes
def test_the_chart_has_track_range_bar_tick_and_text_in_this_order(dark):
    colours = theme.palette(dark)
    layers = coverage_spec(dark)["layer"]
    assert [mark(each) for each in layers] == ["bar", "bar", "bar", "tick", "text"]
    assert [each["mark"].get("color") for each in layers[:4]] == [
        colours.track,
        colours.range,
        colours.member,
        colours.ink,
    ]


def test_every_scale_is_fixed_whatever_the_data():
    domains = [
        each["encoding"]["x"]["scale"]["domain"] for each in coverage_spec(False)["layer"] if "x" in each["encoding"]
    ]
    assert domains == [[0, SECOND + 122]] * 5


def test_no_scale_is_rounded_up():
    scales = [each["scale"] for each in walk(coverage_spec(False)) if "scale" in each]
    assert all(each["nice"] is False for each in scales)


def test_the_heads_name_the_stage_and_the_unit():
    text = json.dumps(coverage_spec(False))
    assert "Mined, % of need" in text
    assert "Refined, % of need" in text


def test_both_stages_count_from_0_to_100():
    axes = [each["axis"] for each in walk(coverage_spec(False)) if each.get("axis")]
    numbers = next(each for each in axes if len(each.get("values", [])) == 6)
    assert [value - SECOND if value >= SECOND else value for value in numbers["values"]] == [0, 50, 100] * 2
    assert f"datum.value - {SECOND}" in numbers["labelExpr"]


def test_every_field_of_the_chart_is_a_column_of_its_frame(record):
    given = coverage_rows(record, evaluate(record, Scenario(("USA",))))
    fields = {each["field"] for each in walk(coverage_spec(False)) if "field" in each}
    assert fields <= set(coverage_frame(given, given).columns)


def test_every_line_of_a_tooltip_is_titled():
    lines = [line for each in coverage_spec(False)["layer"] for line in each["encoding"].get("tooltip", [])]
    assert lines
    assert all(each["title"] and each["title"] != each["field"] for each in lines)


def test_a_tooltip_tells_scenario_baseline_and_year():
    lines = coverage_spec(False)["layer"][0]["encoding"]["tooltip"]
    assert [each["title"] for each in lines] == [
        *("Material", "Stage", "Scenario, of need", "Baseline, of need", "Need", "Year", "Not counted"),
    ]


def test_rows_are_a_fixed_number_of_pixels_high():
    assert coverage_spec(False, 20)["height"] == {"step": 20}


@both_themes
def test_the_chart_wears_the_colours_of_its_theme_only(dark):
    other = set(vars(theme.palette(not dark)).values()) - set(vars(theme.palette(dark)).values())
    assert [each for each in other if each in json.dumps(coverage_spec(dark))] == []


# The rows.


def test_a_share_is_drawn_from_the_start_of_its_stage():
    row = drawn(coverage=0.4, coverage_high=0.7)
    assert (row.start, row.now, row.bound, row.was, row.track) == (0, 40, 70, 40, 100)
    row = drawn(side="refined", coverage=0.4, coverage_high=0.7)
    assert (row.start, row.now, row.bound, row.was, row.track) == tuple(SECOND + each for each in (0, 40, 70, 40, 100))


def test_the_baseline_is_drawn_where_it_was():
    frame = coverage_frame(rows({"coverage": 0.2}), rows({"coverage": 0.4}))
    assert (frame.was[0], frame.now[0]) == (20, 40)
    assert (frame.baseline[0], frame.scenario[0]) == ("20\u202f%", "40\u202f%")


def test_what_is_unknown_has_no_bar_and_no_number():
    row = drawn(coverage=NAN, self_sufficiency=NAN, coverage_high=NAN)
    assert np.isnan([row.now, row.bound, row.was]).all()
    assert row.text == ""
    assert (row.scenario, row.baseline, row.note) == ("unknown", "unknown", "none")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"coverage": 0.0, "self_sufficiency": 0.0, "coverage_high": 0.0}, "0"),
        ({"coverage": 0.003, "self_sufficiency": 0.003}, "<1"),
        ({"coverage": 0.4, "self_sufficiency": 0.4}, "40"),
        ({"coverage": 1.0, "self_sufficiency": 1.0, "coverage_high": 1.0}, "100"),
        ({"coverage": 1.0, "self_sufficiency": 1.7, "coverage_high": 1.0}, "100+"),
        ({"coverage": 0.4, "self_sufficiency": 0.4, "undisclosed_members": 1}, "≥40"),
        ({"coverage": 0.0, "self_sufficiency": 0.0, "coverage_high": 0.0, "undisclosed_members": 2}, "≥0"),
        ({"coverage": 0.0, "self_sufficiency": 0.0, "coverage_high": 0.93, "complete": False}, "0–93"),
        ({"coverage": 0.2, "self_sufficiency": 0.2, "coverage_high": 0.93, "complete": False}, "20"),
        ({"coverage": 0.0, "self_sufficiency": 0.0, "coverage_high": 0.93, "complete": True}, "0"),
    ],
)
def test_the_number_at_the_end_of_a_track(given, text):
    assert drawn(**given).text == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "40*"),
        ({"undisclosed_members": 1}, "≥40*"),
        ({"self_sufficiency": 1.7}, "100+*"),
        ({"coverage": 0.0, "self_sufficiency": 0.0, "coverage_high": 0.93, "complete": False}, "0–93*"),
        ({"coverage": NAN, "self_sufficiency": NAN, "coverage_high": NAN}, ""),
    ],
)
def test_a_number_whose_need_is_a_yardstick_has_a_sign(given, text):
    assert drawn(need_rule=NAN, **given).text == text


def test_a_bar_tells_what_its_need_rests_on():
    assert drawn().need == "Calibrated use: output and net imports"
    assert drawn(need_rule=NAN).need == "Yardstick: share of GDP"


def test_zero_is_told_from_unknown():
    zero, unknown = drawn(coverage=0.0, self_sufficiency=0.0), drawn(coverage=NAN, self_sufficiency=NAN)
    assert zero.now == zero.start
    assert (zero.text, unknown.text) == ("0", "")


@pytest.mark.parametrize(
    ("given", "note"),
    [
        ({}, "none"),
        ({"undisclosed_members": 1}, "1 member undisclosed"),
        ({"undisclosed_members": 2}, "2 members undisclosed"),
        ({"coverage_high": 0.7}, "up to 70\u202f% if countries not listed are members"),
        (
            {"undisclosed_members": 1, "coverage_high": 0.7},
            "1 member undisclosed; up to 70\u202f% if countries not listed are members",
        ),
    ],
)
def test_what_is_not_counted_is_noted(given, note):
    assert drawn(**given).note == note


def test_less_than_a_quarter_of_need_is_weak():
    assert [bool(drawn(coverage=share).weak) for share in (0, 0.249, 0.25, 1)] == [True, True, False, False]


def test_the_weakest_row_comes_first():
    given = rows(
        {"label": "A", "coverage": 0.9},
        {"label": "A", "coverage": 0.1, "side": "refined"},
        {"label": "B", "coverage": 0.3},
        {"label": "C", "coverage": 0.05, "side": "refined"},
    )
    order = weakest_first(given).groupby(given.label).first()
    assert list(order.sort_values().index) == ["C", "A", "B"]


def test_of_two_rows_as_weak_as_each_other_the_lower_on_average_comes_first():
    given = rows(
        {"label": "A", "coverage": 0.0},
        {"label": "A", "coverage": 0.9, "side": "refined"},
        {"label": "B", "coverage": 0.0},
        {"label": "B", "coverage": 0.2, "side": "refined"},
    )
    order = weakest_first(given).groupby(given.label).first()
    assert list(order.sort_values().index) == ["B", "A"]


def test_a_row_of_which_nothing_is_known_comes_last():
    given = rows({"label": "A", "coverage": NAN}, {"label": "B", "coverage": 1.0})
    order = weakest_first(given)
    assert order[0] > order[1]


def test_both_stages_of_a_material_share_one_place(record):
    order = weakest_first(rows_of := coverage_rows(record, evaluate(record, Scenario(("USA",)))))
    assert (order.groupby(rows_of.label).nunique() == 1).all()


@given(before=members, after=members)
def test_every_ranking_keeps_its_rows_and_stays_on_its_scale(record, before, after):
    old, new = (coverage_rows(record, evaluate(record, Scenario(tuple(each)))) for each in (before, after))
    frame = coverage_frame(old, new)
    assert len(frame) == len(record.series)
    for name in ("start", "now", "bound", "was", "text_at"):
        assert (frame[name].dropna() - frame.start[frame[name].notna()]).between(0, 104).all(), name
    assert not frame.text.str.contains("nan").any()
    assert not frame.order.isna().any()


def test_only_materials_that_are_known_have_a_number(record):
    given = coverage_rows(record, evaluate(record, Scenario(("USA",))))
    frame = coverage_frame(given, given)
    assert ((frame.text != "") == given.coverage.notna()).all()


def test_drawing_leaves_the_rows_as_they_are():
    given = rows({}, {"side": "refined"})
    before = given.copy()
    coverage_frame(given, given)
    pd.testing.assert_frame_equal(given, before)
