"""A minimum import price: the duty by hand, and the market at many levels against one solution at a time."""

import numpy as np
import pytest

from bloc.assumptions import Assumptions
from bloc.data import load_base_cases, load_market
from bloc.market_outcome import evaluate_market, gains, groups, sellers
from bloc.minimum_price import at_levels, concerns, duty
from bloc.outcome import bloc_members
from bloc.scenario import PriceMeasure, Restriction, Scenario

# USD 110/kg of neodymium and praseodymium oxide, of which 0.855 is metal, over the price of 2024, 55 USD/kg.
NDPR = 110_000 / 0.855


@pytest.fixture(scope="module")
def table():
    return Assumptions(load_market().assumptions)


@pytest.fixture(scope="module")
def ministerial(record):
    return Scenario.from_preset("cmm_2026", record=record)


@pytest.fixture(scope="module")
def solve_levels(record, table, ministerial):
    def solved(chain, levels, kind="floor", **changed):
        scenario = Scenario(ministerial.members, **changed)
        members = bloc_members(record, scenario)
        return at_levels(load_base_cases()[chain], table, scenario, record.union, members, levels, kind)

    return solved


# The arithmetic, by hand.


@pytest.mark.parametrize(
    ("minimum", "entered", "owed"),
    [(21, 18.27, 2.73), (21, 7.32, 13.68), (21, 21, 0), (21, 25, 0), (21, 0, 21), (0, 5, 0)],
)
def test_the_duty_is_the_minimum_less_the_entered_value(minimum, entered, owed):
    assert duty(minimum, entered) == pytest.approx(owed)


@pytest.mark.parametrize("pair", [(-1, 5), (21, -1), (float("nan"), 5), (21, float("inf"))])
def test_a_price_that_cannot_be_is_refused_by_name(pair):
    with pytest.raises(ValueError, match="is not a price of 0 or more"):
        duty(*pair)


# The market at many levels.


@pytest.mark.parametrize("kind", ["floor", "contract"])
def test_every_level_at_once_gives_what_one_solution_gives(record, table, ministerial, solve_levels, kind):
    case = load_base_cases()["rare_earths_magnet"]
    level = NDPR / case.price_usd_per_t
    found = solve_levels("rare_earths_magnet", (1.5, level, 4.0), kind)
    scenario = Scenario(ministerial.members, prices=(PriceMeasure("rare_earths_magnet", NDPR, kind),))
    members = bloc_members(record, scenario)
    alone = evaluate_market([case], table, scenario, record.union, members)
    row, money = groups(alone, members).iloc[0], gains(alone)
    ours = money[money.side == "members"].set_index("party").usd
    made = sellers(alone)
    made = made[made.member & (made.stage == "product")]
    assert found.price[0, 2] == pytest.approx(row.price, rel=1e-6)
    assert found.cost[0, 2] == pytest.approx(row.cost, rel=1e-6)
    assert found.use_t[0, 2] == pytest.approx(row.served * row.base_t, rel=1e-6)
    assert found.output_t[0, 2] == pytest.approx(made.output_t.sum(), rel=1e-6)
    assert found.users[0, 2] == pytest.approx(ours["users"], rel=1e-5)
    assert found.treasuries[0, 2] == pytest.approx(ours["duties"] + ours["support"], rel=1e-5)
    assert found.producers[0, 2] == pytest.approx(ours[["miners", "refiners", "recyclers"]].sum(), rel=1e-5)
    assert found.members[0, 2] == pytest.approx(ours["all"], rel=1e-3, abs=1e3)


def test_the_range_of_the_levels_is_that_of_the_market(record, table, ministerial, solve_levels):
    case = load_base_cases()["rare_earths_magnet"]
    found = solve_levels("rare_earths_magnet", (NDPR / case.price_usd_per_t,))
    scenario = Scenario(ministerial.members, prices=(PriceMeasure("rare_earths_magnet", NDPR),))
    members = bloc_members(record, scenario)
    row = groups(evaluate_market([case], table, scenario, record.union, members), members).iloc[0]
    assert found.price[:, 1].min() == pytest.approx(row.price_low, rel=1e-6)
    assert found.price[:, 1].max() == pytest.approx(row.price_high, rel=1e-6)


def test_no_level_and_a_level_at_or_below_the_price_do_nothing(solve_levels):
    found = solve_levels("rare_earths_magnet", (0.5, 1.0, 1.01))
    assert found.bites.tolist() == [False, False, False, True]
    assert np.allclose(found.users[:, :3], 0, atol=1)
    assert np.allclose(found.treasuries[:, :3], 0, atol=1)


def test_a_contract_below_the_price_costs_nothing(solve_levels):
    found = solve_levels("silicon_metal", (0.5, 0.99), "contract")
    assert np.allclose(found.treasuries, 0, atol=1)


def test_a_floor_of_two_base_prices_holds_in_a_year_and_not_in_five(solve_levels):
    assert solve_levels("rare_earths_magnet", (2.0,)).holds().tolist()[1]
    assert not solve_levels("rare_earths_magnet", (2.0,), horizon="five_years").holds().tolist()[1]


def test_a_higher_floor_never_brings_more_imports_nor_less_output(solve_levels):
    for chain in ("rare_earths_magnet", "copper", "silicon_metal"):
        found = solve_levels(chain, tuple(np.arange(1.0, 5.1, 0.5)))
        assert (np.diff(found.imports_t, axis=1) <= 1e-6 * found.imports_t[:, :1]).all()
        assert (np.diff(found.output_t, axis=1) >= -1e-6 * found.output_t[:, :1]).all()


def test_where_imports_vanish_the_floor_no_longer_holds(solve_levels):
    found = solve_levels("copper", (1.05, 5.0))
    assert found.holds()[1:].tolist() == [True, False]
    assert found.imports_t[0, 2] < 0.01 * found.imports_t[0, 0]
    assert found.highest() == 1.05


def test_other_measures_stay_while_the_level_is_tried(solve_levels):
    cut = Restriction("CHN", 0.25)
    alone, with_cut = (solve_levels("rare_earths_magnet", (1.5,), restrictions=each) for each in ((), (cut,)))
    assert alone.price[0, 0] == pytest.approx(1)
    assert with_cut.price[0, 0] > 1.3


def test_where_a_quota_binds_too_the_gap_to_the_floor_is_rent_and_no_duty(solve_levels):
    found = solve_levels("rare_earths_magnet", (1.5,), restrictions=(Restriction("CHN", 0.25),))
    assert found.treasuries[0, 1] == pytest.approx(0, abs=1)
    assert solve_levels("rare_earths_magnet", (1.5,)).treasuries[0, 1] > 1e8


def test_a_measure_on_the_product_gives_way_and_one_on_the_ore_stays():
    case = load_base_cases()["lithium"]
    assert concerns(PriceMeasure("lithium", 2.0, "floor", "multiple", "refinery"), case)
    assert concerns(PriceMeasure("lithium", 2.0, "contract", "multiple", "mine"), case)
    assert not concerns(PriceMeasure("lithium", 2.0, "floor", "multiple", "mine"), case)
    assert not concerns(PriceMeasure("cobalt", 2.0), case)


def test_a_level_beyond_the_bound_is_refused(solve_levels):
    with pytest.raises(ValueError, match="at most 20"):
        solve_levels("lithium", (21.0,))
