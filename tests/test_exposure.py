import numpy as np
import pytest

from bloc import exposure
from bloc.exposure import Cut

CHN, FRA, NCL, USA = 0, 1, 2, 3  # columns of the toy record; the union and the former state have none
METAL = 1  # second heading of the toy record
EVERYBODY = np.ones(4, dtype=bool)
# Flows of the toy record: CHN-USA and NCL-FRA ore, CHN-FRA, CHN-USA, FRA-USA and USA-CHN metal.
ALL_GOODS = np.ones(6, dtype=bool)


def importers(*columns: int) -> np.ndarray:
    return np.isin(np.arange(4), columns)


def test_a_cut_takes_its_share_of_every_flow_of_the_supplier(toy):
    withheld = exposure.withheld_share(toy.flows, [Cut(CHN, 0.4, ALL_GOODS, EVERYBODY)])
    assert withheld == pytest.approx([0.4, 0, 0.4, 0.4, 0, 0])


def test_a_cut_aimed_at_one_buyer_leaves_the_others_alone(toy):
    withheld = exposure.withheld_share(toy.flows, [Cut(CHN, 0.4, ALL_GOODS, importers(USA))])
    assert withheld == pytest.approx([0.4, 0, 0, 0.4, 0, 0])


def test_a_cut_of_metal_leaves_ore_alone(toy):
    withheld = exposure.withheld_share(toy.flows, [Cut(CHN, 0.4, toy.flows.heading == METAL, EVERYBODY)])
    assert withheld == pytest.approx([0, 0, 0.4, 0.4, 0, 0])


def test_the_deeper_of_two_cuts_counts_in_either_order(toy):
    cuts = [Cut(CHN, 0.4, ALL_GOODS, EVERYBODY), Cut(CHN, 0.7, ALL_GOODS, importers(USA))]
    expected = pytest.approx([0.7, 0, 0.4, 0.7, 0, 0])
    assert exposure.withheld_share(toy.flows, cuts) == expected
    assert exposure.withheld_share(toy.flows, cuts[::-1]) == expected


def test_no_cut_withholds_nothing(toy):
    assert not exposure.withheld_share(toy.flows, []).any()


def test_an_unknown_quantity_counts_as_nothing_beside_a_known_one():
    total = exposure.total_by(np.array([0, 0, 1]), np.array([3.0, np.nan, 4.0]), 2)
    assert total == pytest.approx([3, 4])


def test_a_group_without_a_number_is_unknown_and_not_zero():
    total = exposure.total_by(np.array([0, 1]), np.array([3.0, np.nan]), 3)
    assert total == pytest.approx([3, np.nan, np.nan], nan_ok=True)


def test_imports_are_put_on_the_content_basis_of_production(toy):
    plain, _ = exposure.content_imports(toy.flows, importers(FRA, USA), np.zeros(4))
    assert plain == pytest.approx([15, 50])  # (100 + 50) t of ore at a tenth; 30 + 20 t of metal


def test_imports_are_weighted_by_the_instability_of_the_supplier(toy):
    instability = np.array([1.0, 0.5, 0.5, 0.0])
    _, risky = exposure.content_imports(toy.flows, importers(FRA, USA), instability)
    assert risky == pytest.approx([12.5, 50])


def test_imports_are_unknown_where_no_heading_has_the_basis_of_the_series(toy):
    toy.headings["content_basis"] = ["gross weight", "contained Co"]
    plain, risky = exposure.content_imports(toy.flows, importers(FRA, USA), np.ones(4))
    assert plain == pytest.approx([np.nan, 50], nan_ok=True)
    assert risky == pytest.approx([np.nan, 50], nan_ok=True)
