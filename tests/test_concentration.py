import numpy as np
import pytest

from bloc import concentration

WORLD = np.array([100.0])


def supply(*quantities: float) -> np.ndarray:
    return np.array([quantities], dtype=float)


def test_two_suppliers_of_80_and_20_have_an_index_of_6800():
    low, high = concentration.herfindahl(supply(80, 20), WORLD)
    assert low == pytest.approx([6800])
    assert high == pytest.approx([6800])


def test_a_single_supplier_has_an_index_of_10000():
    assert concentration.herfindahl(supply(100, 0), WORLD)[0] == pytest.approx([10_000])


def test_four_equal_suppliers_have_an_index_of_2500():
    assert concentration.herfindahl(supply(25, 25, 25, 25), WORLD)[0] == pytest.approx([2500])


def test_unlisted_output_counts_as_nothing_in_the_lower_bound_and_as_one_country_in_the_upper():
    low, high = concentration.herfindahl(supply(60, 20), WORLD)
    assert low == pytest.approx([4000])
    assert high == pytest.approx([4400])


def test_the_index_stays_below_10000_when_the_parts_exceed_the_published_world():
    low, high = concentration.herfindahl(supply(102, 1), WORLD)
    assert low[0] <= high[0] <= 10_000


def test_a_negative_supply_is_refused_with_its_figure():
    with pytest.raises(ValueError, match="-5"):
        concentration.herfindahl(supply(80, -5), WORLD)


def test_the_denominator_is_the_larger_of_world_and_listed():
    output = np.array([[60.0, 20.0], [80.0, 23.0]])
    assert concentration.denominator(output, np.array([100.0, 100.0])) == pytest.approx([100, 103])


def test_other_output_is_world_less_listed_and_never_negative():
    output = np.array([[60.0, 20.0], [80.0, 23.0]])
    assert concentration.other(output, np.array([100.0, 100.0])) == pytest.approx([20, 0])


def test_a_set_of_countries_supplies_the_sum_of_its_columns():
    assert concentration.total_of(supply(60, 20, 5), np.array([True, False, True])) == pytest.approx([65])


def test_a_share_of_nothing_is_undefined():
    ratio = concentration.ratio(np.array([1.0, 1.0, 1.0]), np.array([4.0, 0.0, np.nan]))
    assert ratio == pytest.approx([0.25, np.nan, np.nan], nan_ok=True)


def test_the_three_largest_outputs_add_up():
    assert concentration.largest(supply(5, 40, 10, 30), rank=3) == pytest.approx([80])


def test_the_largest_supplier_is_named():
    names = np.array(["CHL", "CHN", "PER"], dtype=object)
    assert concentration.largest_supplier(supply(20, 50, 10), names).tolist() == ["CHN"]


def test_nobody_is_the_largest_supplier_of_nothing():
    names = np.array(["CHL", "CHN"], dtype=object)
    assert concentration.largest_supplier(supply(0, 0), names).tolist() == [None]


def test_without_a_supplier_of_70_30_of_100_remain():
    assert concentration.without_largest(supply(70, 20), WORLD) == pytest.approx([0.3])


def test_nothing_remains_without_a_single_supplier():
    assert concentration.without_largest(supply(100, 0), WORLD) == pytest.approx([0])
