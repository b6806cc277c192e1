import numpy as np
import pytest

from bloc import balance


def test_need_is_the_world_output_times_the_share_of_the_members_in_need():
    assert balance.need(np.array([200.0, 40.0]), np.array([0.25, 0.5])) == pytest.approx([50, 20])


def test_where_use_is_unknown_the_share_of_world_product_stands_in():
    assert balance.need_share(np.array([0.1, np.nan, 0.0]), 0.25) == pytest.approx([0.1, 0.25, 0.0])


def test_without_the_largest_supplier_30_of_100_t_are_left_for_a_use_of_120():
    output = np.array([[70.0, 20.0], [70.0, 20.0]])
    left = balance.n_minus_1_of_use(output, np.array([100.0, 100.0]), np.array([120.0, np.nan]))
    assert left == pytest.approx([0.25, np.nan], nan_ok=True)


def test_suppliers_who_list_more_than_the_published_world_leave_what_the_others_list():
    left = balance.n_minus_1_of_use(np.array([[99.0, 3.0]]), np.array([100.0]), np.array([60.0]))
    assert left == pytest.approx([0.05])


def test_members_who_make_30_t_meet_a_quarter_of_a_world_use_of_120():
    found = balance.n_bloc(np.array([30.0, 30.0]), np.array([120.0, np.nan]))
    assert found == pytest.approx([0.25, np.nan], nan_ok=True)


def test_output_of_30_covers_two_fifths_of_a_need_of_75():
    assert balance.coverage(np.array([30.0]), np.array([75.0])) == pytest.approx([0.4])


def test_coverage_stops_at_one_and_self_sufficiency_does_not():
    output, needed = np.array([150.0]), np.array([75.0])
    assert balance.coverage(output, needed) == pytest.approx([1])
    assert balance.self_sufficiency(output, needed) == pytest.approx([2])


def test_where_nothing_is_needed_coverage_is_undefined():
    assert np.isnan(balance.coverage(np.array([30.0]), np.array([0.0]))).all()
    assert np.isnan(balance.self_sufficiency(np.array([30.0]), np.array([0.0]))).all()


def test_a_chain_covers_no_more_than_its_weaker_stage():
    mined, refined = np.array([0.4, 1.5]), np.array([0.9, 0.3])
    assert balance.chain_coverage(mined, refined) == pytest.approx([0.4, 0.3])


@pytest.mark.parametrize(
    ("mined", "refined", "stage"),
    [(0.4, 0.9, "mine"), (0.9, 0.4, "refinery"), (0.4, 0.4, "both"), (1.0, 1.2, ""), (1.5, 0.9, "refinery")],
)
def test_the_stage_that_binds_is_the_one_that_meets_less_of_the_need(mined, refined, stage):
    assert balance.bottleneck(np.array([mined]), np.array([refined])).tolist() == [stage]


def test_the_stage_that_binds_is_unknown_where_coverage_is_undefined():
    assert balance.bottleneck(np.array([np.nan]), np.array([np.nan])).tolist() == ["unknown"]


def test_a_supplier_of_half_the_world_that_withholds_40_percent_leaves_80_percent():
    left = balance.available_share(np.array([[50.0, 50.0]]), np.array([[0.4, 0.0]]), np.array([100.0]))
    assert left == pytest.approx([0.8])


def test_without_a_cut_all_supply_is_available():
    left = balance.available_share(np.array([[50.0, 50.0]]), np.zeros((1, 2)), np.array([100.0]))
    assert left == pytest.approx([1])


def test_when_everybody_withholds_everything_nothing_is_available():
    left = balance.available_share(np.array([[50.0, 50.0]]), np.ones((1, 2)), np.array([100.0]))
    assert left == pytest.approx([0])
