import numpy as np
import pytest

from bloc.calibration import BaseCase
from bloc.policy import policy
from bloc.scenario import Duty, Flooding, PriceMeasure, Restriction, Scenario, StockChange

UNION = frozenset({"DEU", "FRA"})
MEMBERS = frozenset({"USA", "DEU", "FRA"})


def base_case(**changed) -> BaseCase:
    """China and France mine and refine cobalt for themselves, Germany and the United States: 100 t each way."""
    values = {
        "chain": "cobalt",
        "product": "cobalt",
        "ore_product": "cobalt",
        "product_stage": "refinery",
        "ore_stage": "mine",
        "variant_of": "",
        "grade": "A",
        "basis": "contained Co",
        "price_usd_per_t": 20_000.0,
        "price_source_id": "S",
        "supply_class": "primary",
        "ore_cost_share": 0.5,
        "miners": ("CHN", "FRA"),
        "refiners": ("CHN", "FRA"),
        "users": ("CHN", "DEU", "FRA", "USA", "ROW"),
        "ore_t": np.array([80.0, 20.0]),
        "product_t": np.array([80.0, 20.0]),
        "recycled_t": np.zeros(2),
        "idle_t": np.zeros(2),
        "use_t": np.array([40.0, 20.0, 10.0, 20.0, 10.0]),
        "ore_flow_t": np.array([[75.0, 5.0], [5.0, 15.0]]),
        "product_flow_t": np.array([[40.0, 12.0, 2.0, 18.0, 8.0], [0.0, 8.0, 8.0, 2.0, 2.0]]),
        "mined_t": 100.0,
        "use_rule": "trade",
        "warning": "",
        "treatment": "",
        "source_ids": ("S",),
    }
    return BaseCase(**{**values, **changed})


def wedges(case: BaseCase | None = None, **levers):
    return policy(Scenario(tuple(MEMBERS), **levers), MEMBERS, [case or base_case()], UNION)


def product(**levers):
    return wedges(**levers).product


def test_nothing_done_is_nothing_between_sellers_and_buyers():
    plain = wedges()
    for routes in (plain.ore, plain.product):
        assert routes.limited.shape[1] == 0
        assert (routes.access == 1).all() and (routes.tariff == 1).all() and (routes.floor == 0).all()
    assert not plain.strike.any() and not plain.release_t.any() and not plain.product_subsidy.any()


def test_a_cut_is_a_quota_on_what_the_base_ships_abroad():
    routes = product(restrictions=(Restriction("CHN", 0.25),))
    np.testing.assert_array_equal(routes.limited[0, 0], [[0, 1, 1, 1, 1], [0, 0, 0, 0, 0]])
    assert routes.limit[0, 0] == pytest.approx(0.75 * (12 + 2 + 18 + 8))


def test_a_cut_concerns_the_stages_it_names():
    mined = wedges(restrictions=(Restriction("CHN", 0.5, stages=("mine",)),))
    assert mined.product.limited.shape[1] == 0
    assert mined.ore.limit[0, 0] == pytest.approx(0.5 * 5)


def test_of_two_cuts_on_the_same_routes_the_deeper_counts():
    routes = product(restrictions=(Restriction("CHN", 0.25), Restriction("CHN", 0.5, ("cobalt",))))
    assert routes.limit.shape == (1, 1)
    assert routes.limit[0, 0] == pytest.approx(0.5 * 40)


def test_a_cut_of_other_products_does_nothing():
    assert product(restrictions=(Restriction("CHN", 1.0, products=("gallium",)),)).access.shape == (1, 1, 1)


def test_a_cut_of_all_is_a_ban_but_never_at_home():
    access = product(restrictions=(Restriction("CHN", 1.0),)).access[0]
    np.testing.assert_array_equal(access, [[1, 0, 0, 0, 0], [1, 1, 1, 1, 1]])


def test_a_target_is_a_list_of_its_own_with_the_union_spread():
    access = product(restrictions=(Restriction("CHN", 1.0, targets=("EUU",)),)).access[0]
    np.testing.assert_array_equal(access[0], [1, 0, 0, 1, 1])


def test_the_union_keeps_selling_to_its_own_members():
    access = product(restrictions=(Restriction("EUU", 1.0),)).access[0]
    np.testing.assert_array_equal(access, [[1, 1, 1, 1, 1], [0, 1, 1, 0, 0]])


def test_who_joins_the_bloc_is_no_new_target():
    restrictions = (Restriction("CHN", 1.0, targets=("USA",)),)
    with_one, with_three = (
        policy(Scenario(tuple(members), restrictions), members, [base_case()], UNION).product.access
        for members in (frozenset({"USA"}), MEMBERS)
    )
    np.testing.assert_array_equal(with_one, with_three)


def test_what_leaks_past_a_ban_makes_it_a_quota():
    routes = product(restrictions=(Restriction("CHN", 1.0, targets=("USA",)),), leakage=0.3)
    assert (routes.access == 1).all()
    assert routes.limit[0, 0] == pytest.approx(0.3 * 18)


def test_an_export_tax_is_collected_on_what_is_still_sold():
    routes = product(restrictions=(Restriction("CHN", 0.0, export_tax=0.2),))
    np.testing.assert_allclose(routes.export_tax[0], [[1, 1.2, 1.2, 1.2, 1.2], [1, 1, 1, 1, 1]])
    assert routes.limited.shape[1] == 0


def test_a_tariff_falls_on_outsiders_and_inside_on_what_is_not_waived():
    tariff = product(tariff=0.2, preference=0.75).tariff[0]
    np.testing.assert_allclose(tariff, [[1, 1.2, 1.2, 1.2, 1], [1, 1.05, 1, 1.05, 1]])


def test_a_tariff_on_other_products_does_nothing():
    assert product(tariff=0.2, tariff_products=("gallium",)).tariff.shape == (1, 1, 1)


def test_a_duty_falls_on_one_supplier_of_one_country():
    tariff = product(duties=(Duty("USA", "CHN", 0.25, ("cobalt",), ("refinery",)),)).tariff[0]
    np.testing.assert_allclose(tariff, [[1, 1, 1, 1.25, 1], [1, 1, 1, 1, 1]])


def test_a_floor_in_dollars_is_a_multiple_of_the_price_on_imports_from_outside():
    floor = product(prices=(PriceMeasure("cobalt", 40_000.0),)).floor[0]
    np.testing.assert_allclose(floor, [[0, 2, 2, 2, 0], [0, 0, 0, 0, 0]])


def test_a_floor_on_ore_is_against_the_ores_share_of_the_price():
    routes = wedges(prices=(PriceMeasure("cobalt", 20_000.0, stage="mine"),))
    np.testing.assert_allclose(routes.ore.floor[0], [[0, 2], [0, 0]])
    assert not routes.product.floor.any()


def test_a_price_beyond_every_bound_is_held_at_twenty_times_the_base():
    prices = (PriceMeasure("cobalt", 9e9), PriceMeasure("cobalt", 9e9, "contract"))
    held = wedges(prices=prices)
    assert held.product.floor.max() == 20
    assert held.strike.max() == 20


def test_dollars_do_nothing_where_no_price_is_known():
    routes = wedges(base_case(price_usd_per_t=float("nan")), prices=(PriceMeasure("cobalt", 40_000.0),))
    assert not routes.product.floor.any()


def test_a_contract_guarantees_the_members_refiners_alone():
    strike = wedges(prices=(PriceMeasure("cobalt", 1.5, "contract", "multiple"),)).strike[0]
    np.testing.assert_allclose(strike, [0, 1.5])


def test_a_price_of_the_ore_holds_no_price_of_what_is_made_of_it():
    aluminium = base_case(chain="aluminum", product="aluminum", ore_product="alumina", ore_stage="refinery")
    alumina = (PriceMeasure("alumina", 1.5, "contract", "multiple"), PriceMeasure("alumina", 1.5, unit="multiple"))
    held = wedges(aluminium, prices=alumina)
    assert not held.strike.any()
    assert not held.product.floor.any()
    assert held.ore.floor[0, 0, 1] == 1.5


def test_flooding_is_paid_to_the_suppliers_refiners():
    np.testing.assert_allclose(wedges(floodings=(Flooding("CHN", "cobalt", 0.2),)).product_subsidy[0], [0.2, 0])


def test_a_stock_is_sold_to_the_members_by_their_use():
    np.testing.assert_allclose(wedges(stocks=(StockChange("cobalt", 10.0),)).release_t[0], [0, 4, 2, 4, 0])


def test_a_feed_stock_is_drawn_by_the_holders_refiners():
    drawn = wedges(stocks=(StockChange("cobalt", 8.0, ("CHN",), feed=True),))
    np.testing.assert_allclose(drawn.drawn_t[0], [8, 0])
    assert not drawn.release_t.any()


def test_a_holder_that_uses_nothing_gets_nothing():
    assert not wedges(stocks=(StockChange("cobalt", 10.0, ("AUS",)),)).release_t.any()


def test_chains_of_different_size_are_padded_and_keep_their_quotas():
    one_stage = {"ore_product": "", "ore_stage": "", "miners": (), "ore_t": np.zeros(0), "ore_flow_t": np.zeros((0, 2))}
    small = base_case(chain="gallium", product="gallium", ore_cost_share=0.0, **one_stage)
    found = policy(Scenario((), (Restriction("CHN", 0.25, ("gallium",)),)), frozenset(), [base_case(), small], UNION)
    assert found.product.limit.shape == (2, 1)
    assert np.isinf(found.product.limit[0, 0]) and not found.product.limited[0].any()
    assert found.product.limit[1, 0] == pytest.approx(30)
