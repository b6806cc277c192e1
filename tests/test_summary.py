from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bloc.outcome import evaluate
from bloc.scenario import Restriction, Scenario
from bloc.summary import Stage, average_shares, coverage_rows, import_weights, layout, stage, standing, summarise

NAN = float("nan")
CHINA = frozenset(["CHN"])
members = st.lists(st.sampled_from(("AUS", "BRA", "CHN", "COD", "COK", "EUU", "IDN", "JPN", "RUS", "USA")), unique=True)


@pytest.fixture
def named(toy):
    """The record of three countries with the words that rows of the ranking take."""
    return replace(
        toy,
        products=toy.products.assign(mineral_name="Cobalt", product_name="Cobalt", product_in_sentence="cobalt"),
        groupings=pd.DataFrame(
            [("pair", "Pair", 1.0), ("club", "Club", NAN), ("eu27", "European Union", NAN)],
            columns=["grouping_id", "short_name", "preset_order"],
        ),
    )


# Rows of the ranking.


def test_every_default_series_stands_in_the_layout_once(record):
    rows = layout(record)
    placed = [at for at in (*rows.mined, *rows.refined) if at >= 0]
    assert sorted(placed) == list(range(len(record.series)))


def test_mined_series_stand_on_the_left_and_refined_ones_on_the_right(record):
    rows = layout(record)
    stages = record.series.stage
    assert {stages[at] for at in rows.mined if at >= 0} == {"mine"}
    assert {stages[at] for at in rows.refined if at >= 0} == {"refinery", "smelter"}


def test_no_row_is_empty(record):
    rows = layout(record)
    assert not ((rows.mined < 0) & (rows.refined < 0)).any()


def test_labels_are_unique(record):
    rows = layout(record)
    assert rows.label.is_unique
    assert rows.in_sentence.is_unique


def test_labels_start_with_a_capital_and_hold_no_key(record):
    rows = layout(record)
    assert rows.label.str[0].str.isupper().all()
    assert not rows.label.str.contains("_").any()


def test_both_sides_of_a_row_are_of_one_mineral(record):
    both = layout(record).query("mined >= 0 and refined >= 0")
    minerals = record.series.mineral
    assert [minerals[at] for at in both.mined] == list(both.mineral) == [minerals[at] for at in both.refined]


def test_ore_and_metal_of_one_product_share_a_row(record):
    row = layout(record).set_index("label").loc["Cobalt"]
    assert record.series["product"][[row.mined, row.refined]].tolist() == ["cobalt", "cobalt"]


def test_bauxite_meets_its_alumina_and_not_aluminium(record):
    rows = layout(record).set_index("label")
    products = record.series["product"]
    assert products[rows.loc["Bauxite, alumina", "refined"]] == "alumina"
    assert rows.loc["Aluminium", "mined"] == -1


def test_the_layout_of_one_product_is_one_row(named):
    assert layout(named).to_dict("records") == [
        {
            **{"mineral": "cobalt", "mined": 0, "refined": 1, "label": "Cobalt", "in_sentence": "cobalt"},
            **{"mined_in_sentence": "cobalt", "refined_in_sentence": "cobalt"},
        }
    ]


# Averages.


def test_a_stage_averages_what_is_known():
    found = stage(np.array([0.2, 0.6, NAN, 1.0]), np.array([1.0, 3.0, 9.0, 0.0]), np.array([True, True, True, False]))
    assert found == Stage(3, pytest.approx(0.4), pytest.approx(0.5), weighted_series=2, half_met=1, needed=2)


def test_exactly_half_of_need_counts_as_half_met():
    assert stage(np.array([0.5, 0.4999]), np.ones(2), np.array([True, True])).half_met == 1


def test_a_stage_of_which_nothing_is_known_has_no_average():
    found = stage(np.array([NAN, 0.7]), np.ones(2), np.array([True, False]))
    assert np.isnan(found.average)
    assert np.isnan(found.weighted)
    assert (found.series, found.weighted_series, found.half_met, found.needed) == (1, 0, 0, 0)


def test_a_stage_nobody_imports_for_has_no_weighted_average():
    found = stage(np.array([0.2, 0.6]), np.zeros(2), np.array([True, True]))
    assert found.average == pytest.approx(0.4)
    assert np.isnan(found.weighted)


def test_two_members_of_the_toy_meet_two_fifths_mined_and_four_fifteenths_refined(named):
    scenario = Scenario(("FRA", "USA"))
    found = summarise(named, scenario, evaluate(named, scenario), CHINA)
    assert found.members == 2
    assert found.gdp_share == pytest.approx(0.75)
    assert found.mined.average == pytest.approx(0.4)
    assert found.refined.average == pytest.approx(20 / 75)
    assert (found.mined.half_met, found.refined.half_met) == (0, 0)
    assert (found.need_share, found.use_series) == (pytest.approx(0.75), 0)


def test_where_use_is_known_the_same_members_need_three_tenths_and_meet_it_mined(used, named):
    known = replace(named, use=used.use, markets=used.markets)
    scenario = Scenario(("FRA", "USA"))
    found = summarise(known, scenario, evaluate(known, scenario), CHINA)
    assert (found.gdp_share, found.need_share) == (pytest.approx(0.75), pytest.approx(0.3))
    assert (found.mined.average, found.refined.average) == (pytest.approx(1.0), pytest.approx(2 / 3))
    assert found.use_series == 2


def test_what_is_withheld_stands_beside_what_is_bought_from_the_supplier(named):
    scenario = Scenario(("FRA", "USA"), (Restriction("CHN", 0.4),))
    found = summarise(named, scenario, evaluate(named, scenario), CHINA)
    assert found.withheld_usd == pytest.approx(0.4 * 6000)
    assert found.bought_from_suppliers_usd == 6000
    assert found.trade_year == 2024


def test_what_is_bought_is_counted_for_every_supplier_that_is_named(named):
    scenario = Scenario(("USA",))
    outcome = evaluate(named, scenario)
    assert summarise(named, scenario, outcome, frozenset(["CHN", "FRA"])).bought_from_suppliers_usd == 4000
    assert summarise(named, scenario, outcome, frozenset()).bought_from_suppliers_usd == 0


def test_territories_that_count_are_counted(named):
    scenario = Scenario(("FRA",), territories=True)
    assert summarise(named, scenario, evaluate(named, scenario), CHINA).members == 2


def test_a_series_weighs_what_its_members_import_of_it(named):
    assert import_weights(named, evaluate(named, Scenario(("FRA", "USA")))).tolist() == [1500, 6000]


def test_a_series_without_imports_weighs_nothing(named):
    assert import_weights(named, evaluate(named, Scenario())).tolist() == [0, 0]


def test_a_product_without_a_customs_heading_weighs_nothing(record):
    weights = import_weights(record, evaluate(record, Scenario(("USA",))))
    assert (weights[(record.series["product"] == "gallium").to_numpy()] == 0).all()
    assert (weights >= 0).all()
    assert weights.sum() > 0


def test_an_empty_bloc_has_no_averages_and_no_members(record):
    found = summarise(record, Scenario(), evaluate(record, Scenario()), CHINA)
    assert (found.members, found.gdp_share, found.withheld_usd) == (0, 0, 0)
    assert np.isnan(found.mined.average)
    assert np.isnan(found.refined.average)


# Coverage of both stages.


def test_the_toy_has_one_row_per_stage_with_its_bound(named):
    rows = coverage_rows(named, evaluate(named, Scenario(("FRA", "USA"))))
    assert rows[["label", "side", "row"]].values.tolist() == [["Cobalt", "mined", 0], ["Cobalt", "refined", 1]]
    assert rows.coverage.tolist() == pytest.approx([30 / 75, 20 / 75])
    assert rows.coverage_high.tolist() == pytest.approx([40 / 75, 20 / 75])
    assert rows.undisclosed_members.tolist() == [0, 1]
    assert rows.need_rule.isna().all()
    assert rows.year.tolist() == [2025, 2024]


@given(given=members)
def test_the_bound_is_never_below_the_coverage(record, given):
    rows = coverage_rows(record, evaluate(record, Scenario(tuple(given))))
    known = rows[rows.coverage.notna()]
    assert (known.coverage_high >= known.coverage).all()
    assert known.coverage_high.between(0, 1).all()
    assert known.coverage.between(0, 1).all()


@given(given=members)
def test_there_is_one_row_per_default_series_whoever_is_in(record, given):
    rows = coverage_rows(record, evaluate(record, Scenario(tuple(given))))
    assert sorted(rows.row) == list(range(len(record.series)))
    assert not rows.duplicated(["label", "side"]).any()


def test_one_side_of_a_row_is_named_without_a_comma(record):
    rows = coverage_rows(record, evaluate(record, Scenario(("USA",)))).set_index(["label", "side"])
    assert rows.in_sentence["Bauxite, alumina", "mined"] == "bauxite"
    assert rows.in_sentence["Bauxite, alumina", "refined"] == "alumina"
    assert rows.in_sentence["Copper, smelter", "refined"] == "copper at the smelter"
    assert not rows.in_sentence.str.contains(",").any()


def test_the_names_of_one_side_are_unique(record):
    rows = coverage_rows(record, evaluate(record, Scenario(("USA",))))
    assert not rows.duplicated(["in_sentence", "side"]).any()


# Shares of output.


def test_average_shares_of_the_toy_are_those_of_its_one_series(toy):
    assert average_shares(toy) == pytest.approx({"CHN": 0.8, "FRA": 0.2, "NCL": 0.0, "USA": 0.0})
    assert average_shares(toy, refined=False) == pytest.approx({"CHN": 0.5, "FRA": 0.2, "NCL": 0.1, "USA": 0.1})


@pytest.mark.parametrize("refined", [True, False])
def test_average_shares_sum_to_one_at_most(record, refined):
    shares = average_shares(record, refined)
    assert 0.8 < sum(shares.values()) <= 1 + 1e-12
    assert min(shares.values()) >= 0


def test_china_refines_the_most(record):
    shares = average_shares(record)
    assert max(shares, key=shares.__getitem__) == "CHN"


# How countries stand to the groupings.


@pytest.mark.parametrize(
    ("iso3", "words"),
    [
        ("USA", "Member: Ministerial of February 2026"),
        ("DEU", "Member: FORGE"),
        ("IDN", "Signed: U.S. bilateral instruments"),
        ("COK", "Signed: U.S. bilateral instruments"),
        ("BGD", "Negotiating: Pax Silica"),
        ("BHR", "Attended: Ministerial of February 2026"),
        ("TWN", "Observer: Pax Silica"),
    ],
)
def test_a_country_is_told_by_its_closest_tie(record, iso3, words):
    assert standing(record)[iso3] == words


@pytest.mark.parametrize("iso3", ["CHN", "RUS", "IRN", "EUU"])
def test_a_country_without_a_tie_and_the_union_itself_are_not_told(record, iso3):
    assert iso3 not in standing(record)


def test_every_tie_is_a_word_and_a_grouping(record):
    named = set(record.groupings.short_name)
    for tie in standing(record).values():
        word, grouping = tie.split(": ", 1)
        assert word in {"Member", "Signed", "Negotiating", "Attended", "Observer"}
        assert grouping in named


def test_the_union_is_spread_and_a_membership_comes_before_observing(named):
    ties = standing(named)
    assert ties == {"USA": "Member: Pair", "FRA": "Member: Pair", "CHN": "Member: Pair", "NCL": "Observer: Pair"}


def test_a_preset_is_named_before_another_grouping_of_the_same_role(named):
    row = {"grouping_id": "club", "iso3": "USA", "role": "member", "in_preset": True, "confidence": "confirmed"}
    both = replace(named, memberships=pd.concat([pd.DataFrame([row]), named.memberships], ignore_index=True))
    assert standing(both)["USA"] == "Member: Pair"


def test_membership_of_the_union_is_no_tie_of_its_own(named):
    row = {"grouping_id": "eu27", "iso3": "NCL", "role": "member", "in_preset": True, "confidence": "confirmed"}
    both = replace(named, memberships=pd.concat([named.memberships, pd.DataFrame([row])], ignore_index=True))
    assert standing(both)["NCL"] == "Observer: Pair"
