import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bloc.curves import (
    capacity_supply,
    constant_elasticity_demand,
    constant_elasticity_supply,
    exponential_demand,
    linear_demand,
    linear_supply,
    restarted,
)
from bloc.market import complementarity, split
from bloc.market_arrays import Market, MarketError, Policy, Routes
from bloc.solver import solve
from tests.markets import one, two_countries, two_stages

SUPPLIES = (capacity_supply, linear_supply, constant_elasticity_supply)
DEMANDS = (exponential_demand, linear_demand, constant_elasticity_demand)


@pytest.mark.parametrize("supply", SUPPLIES)
def test_every_supply_is_the_base_at_the_base_price_with_its_elasticity(supply):
    output_t, slope = supply(one(100), one(0.3), one(1), one(0.85), one(-3.0))
    assert output_t == pytest.approx(100)
    assert slope == pytest.approx(30)


@pytest.mark.parametrize("demand", DEMANDS)
def test_every_demand_is_the_base_at_the_base_cost_with_its_elasticity(demand):
    ratio, slope = demand(one(1), one(0.3))
    assert (ratio.item(), slope.item()) == pytest.approx((1, -0.3))


@pytest.mark.parametrize("supply", SUPPLIES)
@given(netback=st.floats(0.15, 8), elasticity=st.floats(0, 1))
def test_the_slope_of_every_supply_is_its_derivative(supply, netback, elasticity):
    at = one(netback - 1e-6, netback, netback + 1e-6)
    output_t, slope = supply(one(100), one(elasticity), at, one(0.85), one(0.3))
    rises = (output_t[1:] - output_t[:-1]) / 1e-6
    # On a corner the slope is that of one of the two sides.
    assert np.abs(rises - slope[1]).min() < 1e-3 * (1 + slope[1].item())


def test_output_never_exceeds_capacity_and_half_of_it_is_idle_at_the_stop():
    high = capacity_supply(one(85), one(0.5), one(1000), one(0.85), one(0.3))[0].item()
    assert 99 < high <= 100 * (1 + 1e-4)
    assert capacity_supply(one(85), one(0), one(0.3), one(0.85), one(0.3))[0].item() == pytest.approx(42.5, rel=1e-4)


def test_idle_capacity_is_half_back_at_its_restart_price_and_not_at_all_at_the_base_price():
    back_t = restarted(one(10), one(4), one(0.5, 1, 2, 4, 12))[0].ravel()
    assert back_t == pytest.approx([0, 0, 0, 5, 10], abs=0.01)


def test_shares_with_a_seller_that_becomes_dearer_by_hand():
    # Weights 0.5 and 0.5 e^-0.6; the cost is 1 - ln(0.5 + 0.5 e^-0.6)/6.
    shares, cost = split(np.log([[[0.5], [0.5]]]), np.array([[[0.0], [0.1]]]), one(6), one(-np.inf))
    assert shares.ravel() == pytest.approx([1 / (1 + np.exp(-0.6)), np.exp(-0.6) / (1 + np.exp(-0.6))])
    assert cost.item() == pytest.approx(1 - np.log(0.5 + 0.5 * np.exp(-0.6)) / 6)


def test_a_buyer_without_any_seller_goes_without_at_the_ceiling():
    shares, cost = split(np.full((1, 2, 1), -np.inf), np.zeros((1, 2, 1)), one(6), one(-6 * 7))
    assert shares.sum() == 0
    assert cost.item() == pytest.approx(8)


@given(rise=st.floats(-5, 500), switching=st.floats(0.1, 1e4), ceiling=st.floats(1.1, 15))
def test_the_effective_cost_never_exceeds_the_ceiling(rise, switching, ceiling):
    without = one(-switching * (ceiling - 1))
    log_weight = np.log([[[0.5], [0.5]]]) + np.log1p(-np.exp(without))
    shares, cost = split(log_weight, np.array([[[rise], [0.0]]]) + max(rise, 0), one(switching), without)
    assert cost.item() <= ceiling * (1 + 1e-9)
    assert 0 <= shares.sum() <= 1 + 1e-9


def test_rent_and_room_are_complementary_where_one_is_nothing():
    value = complementarity(one(0, 2, 0, 1, -1), one(3, 0, 0, 1, 0))[0].ravel()
    assert value[:3].tolist() == [0, 0, 0]
    assert value[3] > 0 > value[4]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"product_t": np.array([[-5.0, 30.0]])}, "product_t: -5 to 30 is not within"),
        ({"use_t": np.array([[np.nan, 60.0]])}, "use_t: nan"),
        ({"product_share": np.ones((1, 3, 2)) / 3}, "product_share: shape"),
        ({"product_share": np.full((1, 2, 2), 0.4)}, "product_share: a buyer's shares sum to 0.8"),
        ({"ore_cost_share": one(1.2)}, r"ore_cost_share: 1.2 to 1.2 is not within \[0, 0.999\]"),
        ({"ceiling": one(1)}, "ceiling: 1 to 1"),
        ({"utilisation": one(1)}, "utilisation: 1 to 1"),
        ({"switching": one(0)}, "switching: 0 to 0"),
        ({"demand_elasticity": one(-0.1)}, "demand_elasticity: -0.1"),
        ({"product_tariff": np.zeros((1, 1, 1))}, "product_tariff: 0 to 0"),
        ({"idle_t": np.zeros((1, 3))}, "idle_t: shape"),
        ({"switching": one(6, 6), "ceiling": one(8, 8, 8)}, "switching: 2 chains, others have 3"),
    ],
)
def test_arrays_that_make_no_market_are_refused_with_their_name_and_the_bound(changed, message):
    with pytest.raises(MarketError, match=message):
        two_countries(**changed)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: Policy(product=Routes(access=np.full((1, 1, 1), 2.0))), "access: 2 to 2"),
        (lambda: Policy(product=Routes(floor=np.full((1, 1, 1), -1.0))), "floor: -1 to -1"),
        (lambda: Policy(product=Routes(limited=np.ones((1, 1, 1, 1)), limit=one(-3))), "limit: -3 to -3"),
        (lambda: Policy(drawn_t=one(-3)), "drawn_t: -3 to -3"),
        (lambda: Policy(release_t=np.zeros((1, 5))), "release_t: shape"),
        (lambda: Policy(product=Routes(tariff=np.ones((1, 2, 5)))), "product.tariff: shape"),
        (lambda: Policy(ore=Routes(limited=np.ones((1, 2, 1, 1)), limit=one(3))), "ore.limited: shape"),
    ],
)
def test_a_policy_that_does_not_fit_is_refused_with_its_name_and_the_bound(wrong, message):
    with pytest.raises(MarketError, match=message):
        solve(two_countries(), wrong())


def test_a_policy_of_another_number_of_chains_is_refused():
    market = two_countries(switching=one(3, 6, 12))
    with pytest.raises(MarketError, match="2 and of 3 chains"):
        solve(market, Policy(strike=np.ones((2, 2))))


def test_taking_some_chains_keeps_what_all_share():
    market = two_stages(switching=one(3, 6, 12)).take(np.array([2, 0]))
    assert isinstance(market, Market)
    assert market.switching.ravel().tolist() == [12, 3]
    assert market.product_t.shape == (1, 2)
    policy = Policy(product=Routes(tariff=np.array([1.0, 1.1, 1.2])[:, None, None])).take(np.array([1]))
    assert policy.product.tariff.item() == 1.1
    assert policy.product.access.shape == (1, 1, 1)


def test_what_a_buyer_pays_in_the_base_is_the_average_landed_price():
    market = two_countries(product_tariff=np.array([[[1.0, 1.2], [1.0, 1.0]]]))
    assert market.base_cost.ravel() == pytest.approx([1, 1.1])
    assert replace(market, product_tariff=np.ones((1, 1, 1))).base_cost.ravel().tolist() == [1]


def test_every_example_of_the_document_prints_what_it_says(capsys):
    text = (Path(__file__).parents[1] / "docs" / "market.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, flags=re.DOTALL)
    assert len(examples) == text.count("```python") == 7
    names: dict[str, object] = {}
    for code, printed in examples:
        exec(code, names)
        assert capsys.readouterr().out == printed
