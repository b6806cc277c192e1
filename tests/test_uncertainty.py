"""Draws over what the market assumes, each assumption alone, and what they say of a chain."""

import numpy as np
import pytest

from bloc.assumptions import Assumptions
from bloc.data import load_base_cases, load_market
from bloc.market_outcome import evaluate_market, gains, groups
from bloc.outcome import bloc_members
from bloc.scenario import Assumed, Restriction, Scenario
from bloc.uncertainty import (
    Solutions,
    acting,
    cheap_range,
    draw,
    drawn_values,
    latin_hypercube,
    quantiles,
    ranges,
    swings,
    tornado,
    triangular,
)

UNITED_STATES = ("USA",)
CUT = Scenario(("USA",), (Restriction("CHN", 0.5, ("gallium",)),))


@pytest.fixture(scope="module")
def table():
    return Assumptions(load_market().assumptions)


@pytest.fixture(scope="module")
def gallium():
    return load_base_cases()["gallium"]


@pytest.fixture(scope="module")
def drawn(gallium, table) -> Solutions:
    return list(draw(gallium, table, CUT, (), ("USA",), number=120, batch=50))[-1]


def test_a_triangle_ends_at_its_ends_and_has_its_peak_where_its_area_says():
    shares = np.array([0.0, 0.25, 1.0])
    assert triangular(shares, 1.0, 2.0, 5.0) == pytest.approx([1.0, 2.0, 5.0])


@pytest.mark.parametrize("peak", [1.0, 5.0])
def test_a_triangle_may_peak_at_an_end(peak):
    values = triangular(np.linspace(0, 1, 11), 1.0, peak, 5.0)
    assert (np.diff(values) > 0).all()
    assert (values[0], values[-1]) == pytest.approx((1.0, 5.0))


def test_a_latin_hypercube_takes_one_number_from_each_slice_of_every_dimension():
    cube = latin_hypercube(40, 3, seed=1)
    assert (np.sort(np.floor(cube * 40), axis=0) == np.arange(40)[:, None]).all()


def test_draws_stay_within_the_range_of_each_assumption_and_gather_at_its_value(gallium, table):
    known = ranges(gallium, table, CUT)
    for name, values in drawn_values(known, 400).items():
        value, low, high = known[name]
        assert values.min() >= low
        assert values.max() <= high
        assert np.median(values) == pytest.approx(value, rel=0.35)


def test_the_same_seed_gives_the_same_draws(gallium, table):
    known = ranges(gallium, table, CUT)
    first, again, other = (drawn_values(known, 50, seed)["switching"] for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_only_what_acts_in_a_chain_is_drawn(table):
    cases = load_base_cases()
    assert "ore_cost_share" not in acting(cases["gallium"])
    assert "restart" in acting(cases["gallium"])
    assert "restart" not in acting(cases["copper"])
    assert "recycling_elasticity" in acting(cases["copper"])
    # In a chain of one stage the mines answer for the only stage there is.
    assert acting(cases["gallium"])["mine_elasticity_byproduct"] == ("mine_elasticity", "refinery_elasticity")


def test_batches_grow_and_do_not_change_the_draws(gallium, table, drawn):
    parts = list(draw(gallium, table, CUT, (), ("USA",), number=120, batch=50))
    whole = list(draw(gallium, table, CUT, (), ("USA",), number=120, batch=120))
    assert [len(each) for each in parts] == [50, 100, 120]
    assert whole[-1].price(UNITED_STATES) == pytest.approx(parts[-1].price(UNITED_STATES), rel=1e-5)


def test_all_draws_of_a_cut_are_solved(drawn):
    assert drawn.converged.all()


def test_the_quantiles_stand_in_order_around_the_point(gallium, table, drawn):
    low, middle, high = quantiles(drawn.price(UNITED_STATES))
    outcome = evaluate_market([gallium], table, CUT, (), frozenset({"USA"}))
    assert 1 < low < middle < high
    assert low < groups(outcome, UNITED_STATES).price[0] < high


def test_quantiles_of_nothing_are_unknown():
    assert np.isnan(quantiles(np.full(3, np.nan))).all()


def test_nothing_withheld_moves_nothing_in_any_draw(gallium, table):
    last = list(draw(gallium, table, Scenario(("USA",)), (), ("USA",), number=20))[-1]
    assert last.price(UNITED_STATES) == pytest.approx(1)
    assert last.served(UNITED_STATES) == pytest.approx(1)
    assert last.gain_usd(UNITED_STATES) == pytest.approx(0, abs=1)


def test_the_point_of_a_tornado_is_that_of_every_other_page(record, table):
    case = load_base_cases()["rare_earths_magnet"]
    scenario = Scenario(("USA", "AUS"), (Restriction("CHN", 0.25, ("rare_earths_magnet",)),))
    members = bloc_members(record, scenario)
    found = tornado(case, table, scenario, record.union, members)
    outcome = evaluate_market([case], table, scenario, record.union, members)
    usd = gains(outcome).query("party == 'all' and side == 'members'").usd.iloc[0]
    assert found.price(members)[-1] == pytest.approx(groups(outcome, members).price[0])
    assert found.served(members)[-1] == pytest.approx(groups(outcome, members).served[0])
    assert found.gain_usd(members)[-1] == pytest.approx(usd)


def test_the_range_is_that_of_every_other_page(record, table):
    for chain in ("gallium", "tungsten"):
        case = load_base_cases()[chain]
        scenario = Scenario((), (Restriction("CHN", 0.5, (chain,)),))
        price = cheap_range(case, table, scenario, record.union, ()).price(UNITED_STATES)
        row = groups(evaluate_market([case], table, scenario, record.union, frozenset()), UNITED_STATES).iloc[0]
        assert (price[0], price.min(), price.max()) == pytest.approx((row.price, row.price_low, row.price_high))


def test_the_widest_swing_stands_first_and_moves_one_assumption_alone(gallium, table):
    found = tornado(gallium, table, CUT, (), ("USA",))
    rows = swings(found, "price", UNITED_STATES)
    assert rows.swing.is_monotonic_decreasing
    assert rows.name[0] in ("demand_elasticity", "restart")
    low, high = (found.values["restart"] == ranges(gallium, table, CUT)["restart"][end] for end in (1, 2))
    assert (low.sum(), high.sum()) == (1, 1)


def test_a_value_set_by_the_visitor_is_where_draws_gather(gallium, table):
    scenario = Scenario(("USA",), assumed=(Assumed("switching", 10.0),))
    assert ranges(gallium, table, scenario)["switching"] == (10.0, 3.0, 12.0)


def test_a_market_at_its_ceiling_is_said_to_ration(gallium, table):
    scenario = Scenario((), (Restriction("CHN", 1.0, ("gallium",)),), assumed=(Assumed("restart", 15.0),))
    found = tornado(gallium, table, scenario, (), ())
    assert found.rationed(UNITED_STATES).any()
    assert not tornado(gallium, table, Scenario(), (), ()).rationed(UNITED_STATES).any()


def test_a_group_that_uses_nothing_has_no_price(drawn):
    assert np.isnan(drawn.price(("ATA",))).all()
    assert np.isnan(drawn.served(("ATA",))).all()
    assert not drawn.rationed(("ATA",)).any()
