import numpy as np
import pytest

from bloc import supply_risk
from bloc.matrix import risk

OUTPUT = np.array([[60.0, 40.0]])
TOTAL = np.array([100.0])
NEUTRAL = np.ones((1, 2))


def test_the_worst_governed_suppliers_leave_the_index_as_it_is():
    weighted = supply_risk.governance_weighted_herfindahl(OUTPUT, TOTAL, np.array([1.0, 1.0]), NEUTRAL)
    assert weighted == pytest.approx([0.52])


def test_governance_weighs_each_supplier():
    weighted = supply_risk.governance_weighted_herfindahl(OUTPUT, TOTAL, np.array([0.5, 0.25]), NEUTRAL)
    assert weighted == pytest.approx([0.22])  # 0.36 x 0.5 + 0.16 x 0.25


def test_perfectly_governed_suppliers_are_no_risk():
    weighted = supply_risk.governance_weighted_herfindahl(OUTPUT, TOTAL, np.zeros(2), NEUTRAL)
    assert weighted == pytest.approx([0])


def test_trade_terms_are_better_inside_and_worse_under_a_restriction():
    factor = supply_risk.trade_factor(np.array([True, False, False]), np.array([[False, False, True]]))
    assert factor == pytest.approx(np.array([[0.8, 1.0, 1.1]]))


def test_a_restriction_by_a_member_counts():
    factor = supply_risk.trade_factor(np.array([True]), np.array([[True]]))
    assert factor == pytest.approx(np.array([[1.1]]))


def test_a_fifth_recycled_takes_a_fifth_off_the_risk():
    assert supply_risk.global_supply_risk(np.array([0.5]), np.array([0.2])) == pytest.approx([0.4])


def test_an_unknown_recycling_rate_leaves_the_risk_unknown():
    assert np.isnan(supply_risk.global_supply_risk(np.array([0.5]), np.array([np.nan]))).all()


def test_a_buyer_is_at_risk_by_what_it_imports_from_unstable_suppliers():
    at_risk = supply_risk.geopolrisk(np.array([0.5]), np.array([60.0]), np.array([30.0]), np.array([40.0]))
    assert at_risk == pytest.approx([0.15])  # 0.5 x 30 / (60 + 40)


def test_a_buyer_that_imports_nothing_is_at_no_risk():
    at_risk = supply_risk.geopolrisk(np.array([0.5]), np.array([0.0]), np.array([0.0]), np.array([40.0]))
    assert at_risk == pytest.approx([0])


def test_a_buyer_without_imports_or_production_has_no_figure():
    zero = np.array([0.0])
    assert np.isnan(supply_risk.geopolrisk(np.array([0.5]), zero, zero, zero)).all()


def test_governance_estimates_become_a_risk_from_0_best_to_1_worst():
    assert risk(np.array([2.5, 0.0, -2.5, -3.0])) == pytest.approx([0, 0.5, 1, 1])


def test_a_country_without_a_governance_score_gets_the_mean_of_those_known():
    assert risk(np.array([2.5, -2.5, np.nan])) == pytest.approx([0, 1, 0.5])
