from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bloc.curves import constant_elasticity_supply, linear_demand, linear_supply
from bloc.market import Active, state
from bloc.market_arrays import MarketError, Policy, Routes
from bloc.solver import jacobian, solve
from tests.markets import one, one_stage, random_market, random_policy, two_countries, two_stages

# Routes of two countries: abroad and home, sellers down, buyers across.
ABROAD_TO_HOME = np.array([[[0.0, 1.0], [0.0, 0.0]]])
BETWEEN = np.array([[[0.0, 1.0], [1.0, 0.0]]])


def on_product(**levers):
    return Policy(product=Routes(**levers))


def quota(limit_t, routes=ABROAD_TO_HOME):
    return Routes(limited=routes[:, None], limit=one(limit_t))


def same(found, wanted, tolerance=1e-6):
    for name in ("product_price", "cost", "flow_t", "ore_flow_t", "wanted_t"):
        assert getattr(found, name) == pytest.approx(getattr(wanted, name), abs=tolerance, nan_ok=True), name


def bisect(falling, low, high):
    """Where a falling function is nothing."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return middle


# The base


@pytest.mark.parametrize(
    "market", [two_countries(), two_stages(), random_market(1, 40), random_market(2, 40, tariffs=True)]
)
def test_without_a_policy_the_base_comes_back_without_a_step(market):
    found = solve(market)
    assert found.steps.tolist() == [0] * market.chains
    assert found.flow_t == pytest.approx(market.product_share * market.use_t[:, None], rel=1e-9)
    assert np.nanmax(np.abs(found.product_price - 1)) == 0
    assert found.cost == pytest.approx(1)


@pytest.mark.parametrize("quotas", [0, 1])
def test_every_result_has_the_shape_of_its_sellers_and_buyers(quotas):
    chains = random_market(1, 3)
    policy = on_product(limited=np.zeros((3, quotas, 5, 6)), limit=np.ones((3, quotas)))
    found = solve(chains, policy)
    for name in ("product_landed", "product_rent", "flow_t"):
        assert getattr(found, name).shape == (3, 5, 6), name
    for name in ("ore_landed", "ore_rent", "ore_flow_t"):
        assert getattr(found, name).shape == (3, 4, 5), name
    assert found.cost.shape == found.wanted_t.shape == found.served_t.shape == (3, 6)
    assert found.netback.shape == found.refined_t.shape == found.ore_cost.shape == (3, 5)


# To first order: Francois and Hall


def gsim(market, wedge):
    """Price changes of Francois and Hall for small wedges (m=1, one stage, any base tariff), from their elasticities.

    Own elasticity of a buyer's demand -(theta eta + (1 - theta) mu), cross elasticity theta (mu - eta).
    """
    mu, eta, eps = market.switching.item(), market.demand_elasticity.item(), market.refinery_elasticity.item()
    share, use_t = market.product_share[0], market.use_t[0]
    level = np.broadcast_to(market.product_tariff, market.product_share.shape)[0]
    level = level / (share * level).sum(axis=0)
    sellers = len(share)
    matrix, right = np.diag(eps * market.product_t[0]), np.zeros(sellers)
    for z in range(share.shape[1]):
        elasticity = (mu - eta) * share[None, :, z] - mu * np.eye(sellers)
        response = (share[:, z] * use_t[z])[:, None] * elasticity * level[None, :, z]
        matrix = matrix - response
        right += response @ wedge[:, z]
    return np.linalg.solve(matrix, right)


def test_a_small_tariff_moves_prices_as_francois_and_hall_by_hand():
    # Home buys 30 t from each. mu 6, eta 0.15, eps 0.3; own -(0.075 + 3), cross 0.5 (6 - 0.15) = 2.925.
    # Abroad: 0.3 x 70 p = -0.15 x 40 p + 30 (-3.075 (p + t) + 2.925 q); home: 0.3 x 30 q = 30 (2.925 (p+t) - 3.075 q).
    by_hand = np.linalg.solve([[21 + 6 + 92.25, -87.75], [-87.75, 9 + 92.25]], [-92.25, 87.75])
    tariff = 1e-5
    found = solve(two_countries(), on_product(tariff=1 + tariff * ABROAD_TO_HOME))
    assert (found.product_price[0] - 1) / tariff == pytest.approx(by_hand, rel=1e-3)


@pytest.mark.parametrize("tariffs", [False, True])
def test_small_wedges_move_prices_as_francois_and_hall(tariffs):
    draw = np.random.default_rng(5)
    base = two_countries(product_tariff=1 + 0.3 * BETWEEN) if tariffs else two_countries()
    flow_t = draw.uniform(1, 9, (1, 4, 5))
    case = one_stage(flow_t, product_tariff=draw.uniform(1, 1.4, (1, 4, 5)) if tariffs else np.ones((1, 1, 1)))
    for market, shape in ((base, (2, 2)), (case, (4, 5))):
        wedge = 1e-5 * draw.random(shape)
        found = solve(market, on_product(tariff=1 + wedge[None]))
        assert found.product_price[0] - 1 == pytest.approx(gsim(market, wedge), abs=2e-8)


# With large switching: Takayama and Judge


def connected(**changed):
    return two_countries(supply=linear_supply, demand=linear_demand, switching=one(2000), **changed)


def test_as_switching_grows_one_price_remains_that_of_the_spatial_equilibrium():
    subsidy = 0.4
    price = bisect(
        lambda p: 100 * (1 - 0.15 * (p - 1)) - 70 * (1 + 0.3 * (p + subsidy - 1)) - 30 * (1 + 0.3 * (p - 1)), 0, 2
    )
    found = solve(connected(), Policy(product_subsidy=np.array([[subsidy, 0.0]])))
    assert found.product_price[0] == pytest.approx([price, price], abs=2e-3)
    assert found.refined_t[0] == pytest.approx(
        [70 * (1 + 0.3 * (price + subsidy - 1)), 30 * (1 + 0.3 * (price - 1))], rel=1e-3
    )


def test_two_blocs_apart_by_a_tariff_have_the_two_prices_of_the_spatial_equilibrium():
    tariff = 1.1
    price = bisect(
        lambda p: (
            40 * (1 - 0.15 * (p - 1))
            + 60 * (1 - 0.15 * (tariff * p - 1))
            - 70 * (1 + 0.3 * (p - 1))
            - 30 * (1 + 0.3 * (tariff * p - 1))
        ),
        0,
        2,
    )
    found = solve(connected(), on_product(tariff=1 + 0.1 * ABROAD_TO_HOME))
    assert found.product_price[0] == pytest.approx([price, tariff * price], abs=2e-3)


def test_two_blocs_apart_by_a_ban_have_each_its_own_price():
    abroad = bisect(lambda p: 40 * (1 - 0.15 * (p - 1)) - 70 * (1 + 0.3 * (p - 1)), -5, 5)
    home = bisect(lambda p: 60 * (1 - 0.15 * (p - 1)) - 30 * (1 + 0.3 * (p - 1)), -5, 5)
    market = connected(ceiling=one(20))
    found = solve(market, on_product(access=1 - ABROAD_TO_HOME))
    assert found.product_price[0] == pytest.approx([abroad, home], abs=2e-3)


# Balance, order, derivative


def test_tonnes_balance_to_a_billionth_of_supply_whatever_the_policy():
    market = random_market(21, 200, tariffs=True)
    policy = random_policy(22, market)
    found = solve(market, policy)
    sold_t = found.refined_t + found.recycled_t
    world_t = market.use_t.sum(axis=1, keepdims=True)
    good = found.converged
    assert np.abs((sold_t - found.flow_t.sum(axis=2)) / world_t)[good].max() < 1e-9
    ore_t = np.maximum(found.refined_t - policy.drawn_t, 0) * (found.ore_flow_t.sum(axis=1) > 0)
    assert np.abs(ore_t - found.ore_flow_t.sum(axis=1))[good].max() < 1e-9 * world_t.max()
    assert (found.served_t <= found.wanted_t + 1e-9)[good].all()
    shipped_t = (policy.product.limited * found.flow_t[:, None]).sum(axis=(2, 3))
    assert ((shipped_t - policy.product.limit) / world_t)[good].max() < 1e-9


def test_a_quota_on_ore_ships_its_limit_and_both_stages_balance():
    market, policy = two_stages(), Policy(ore=quota(2.0, np.array([[[0.0, 1.0]] + [[0.0, 0.0]] * 2])))
    found = solve(market, policy)
    assert found.refined_t == pytest.approx(found.flow_t.sum(axis=2), rel=1e-7)
    assert found.mined_t == pytest.approx(found.ore_flow_t.sum(axis=2), rel=1e-7)
    assert found.ore_flow_t[0, 0, 1] == pytest.approx(2, abs=1e-5)


def test_the_order_of_countries_does_not_matter():
    market, order = random_market(31, 60), np.array([3, 0, 4, 1, 2])
    access = 1.0 - (np.random.default_rng(1).random((60, 5, 6)) < 0.2)
    turned = replace(
        market,
        **{name: getattr(market, name)[:, order] for name in ("product_t", "recycled_t", "idle_t", "product_share")},
        ore_share=market.ore_shares[:, :, order],
    )
    found, again = solve(market, on_product(access=access)), solve(turned, on_product(access=access[:, order]))
    both = found.converged & again.converged
    assert both.all()
    assert again.product_price == pytest.approx(found.product_price[:, order], abs=1e-5, nan_ok=True)
    assert again.cost == pytest.approx(found.cost, abs=1e-5)


def test_the_derivative_is_that_of_finite_differences_with_every_lever_on():
    market = random_market(41, 40, tariffs=True)
    policy = random_policy(42, market)
    active = Active.of(market, policy)
    lines = 4 + 5 + 1 + 2
    prices = np.random.default_rng(43).uniform(0.6, 1.9, (40, lines))
    prices[:, 9:] *= 0.3
    within = np.concatenate([active.mines, active.refines, np.ones((40, 3), bool)], axis=1)
    exact = jacobian(state(prices, market, policy, active), market, policy, active)
    for line in range(lines):
        step = np.zeros(lines)
        step[line] = 1e-6
        up, down = (state(prices + side * step, market, policy, active).residual for side in (1, -1))
        wrong = np.abs(exact[:, :, line] - (up - down) / 2e-6)
        # Who is out of the market stays at price 1: its line says so instead.
        assert wrong[within].max() < 2e-6


# Edges


@given(floor=st.floats(0, 1))
def test_a_floor_at_or_under_the_landed_price_does_nothing(floor):
    found = solve(two_stages(), on_product(floor=np.full((1, 1, 1), floor)))
    assert found.steps.tolist() == [0]


@given(limit_t=st.floats(30, 1e6))
def test_a_quota_of_the_base_or_more_does_nothing(limit_t):
    found = solve(two_stages(), Policy(product=quota(limit_t)))
    assert found.product_price == pytest.approx(1, abs=1e-6)
    assert solve(two_stages(), Policy(product=quota(np.inf))).steps.tolist() == [0]


@pytest.mark.parametrize("tariff", [0.0, 0.3])
def test_a_quota_of_nothing_equals_a_ban(tariff):
    market = two_stages(product_tariff=1 + tariff * ABROAD_TO_HOME)
    none, banned = solve(market, Policy(product=quota(0.0))), solve(market, on_product(access=1 - ABROAD_TO_HOME))
    assert none.product_price == pytest.approx(banned.product_price, abs=1e-5)
    assert none.cost == pytest.approx(banned.cost, abs=1e-5)
    assert none.flow_t == pytest.approx(banned.flow_t, abs=1e-4)


def test_a_ban_by_the_only_refiner_leaves_the_others_at_the_ceiling():
    market = two_stages(
        product_t=np.array([[100.0, 0.0]]),
        product_share=np.array([[[1.0, 1.0], [0.0, 0.0]]]),
        ore_t=np.array([[50.0, 30.0, 20.0]]),
        ore_share=np.array([[[0.5, 0.0], [0.3, 0.0], [0.2, 0.0]]]),
    )
    found = solve(market, on_product(access=1 - ABROAD_TO_HOME))
    assert found.converged.all()
    assert found.cost[0, 1] == pytest.approx(8)
    assert found.served_t[0, 1] == 0
    assert np.isnan(found.landed[0, 1])


def test_with_no_elasticity_the_price_goes_to_the_ceiling_and_the_rest_is_unserved():
    market = two_countries(refinery_elasticity=one(0), demand_elasticity=one(0))
    found = solve(market, on_product(access=1 - ABROAD_TO_HOME))
    assert found.converged.all()
    assert 7.5 < found.cost[0, 1] <= 8
    assert found.served_t[0, 1] == pytest.approx(30, rel=1e-3)


def test_without_any_producer_everyone_goes_without():
    market = two_countries(product_t=np.zeros((1, 2)), product_share=np.zeros((1, 2, 2)))
    found = solve(market)
    assert found.converged.all()
    assert found.cost == pytest.approx(8)
    assert found.served_t == pytest.approx(0)


def test_a_release_beyond_use_is_capped_at_use():
    found = solve(two_countries(), Policy(release_t=np.array([[0.0, 500.0]])))
    assert found.converged.all()
    assert found.served_t[0, 1] == pytest.approx(found.wanted_t[0, 1])
    assert found.flow_t[0, :, 1] == pytest.approx(0)


@pytest.mark.parametrize("lever", ["tariff", "export_tax", "access"])
def test_routes_of_one_have_no_effect(lever):
    assert solve(two_stages(), on_product(**{lever: np.ones((1, 2, 2))})).steps.tolist() == [0]


def test_a_tiny_country_behind_a_tariff_moves_nothing():
    flow_t = np.array([[[40.0, 30.0, 1e-6], [1e-6, 30.0, 0.0], [1e-7, 1e-7, 0.0]]])
    market = one_stage(flow_t)
    tariff = np.ones((1, 3, 3))
    tariff[:, :2, 2] = tariff[:, 2, :2] = 1.25
    found = solve(market, on_product(tariff=tariff))
    assert found.product_price[0, :2] == pytest.approx([1, 1], abs=1e-6)


# Levers


def test_a_floor_and_a_quota_that_both_bind_land_at_the_floor_and_the_rent():
    policy = Policy(product=replace(quota(15.0), floor=1.2 * ABROAD_TO_HOME))
    found = solve(two_countries(), policy)
    assert found.flow_t[0, 0, 1] == pytest.approx(15, abs=1e-5)
    assert found.product_landed[0, 0, 1] == pytest.approx(1.2 + found.product_rent[0, 0, 1])
    without_floor = solve(two_countries(), Policy(product=quota(15.0)))
    assert found.product_landed[0, 0, 1] == pytest.approx(without_floor.product_landed[0, 0, 1], abs=1e-5)


@given(strike=st.floats(0.1, 3), glut=st.floats(0, 3))
def test_a_guarantee_pays_at_most_the_strike(strike, glut):
    found = solve(
        two_countries(),
        Policy(strike=np.array([[0.0, strike]]), product_subsidy=np.array([[glut, 0.0]]), release_t=one(0)),
    )
    gap = (found.paid - found.product_price)[0, 1]
    assert found.converged.all()
    assert -1e-12 <= gap <= strike + 1e-12
    assert found.paid[0, 1] >= min(strike, strike + found.product_price[0, 1]) - 1e-9


def test_idle_capacity_comes_back_around_its_restart_price():
    ban = on_product(access=1 - ABROAD_TO_HOME)
    without = solve(two_countries(), ban)
    idle = solve(two_countries(idle_t=np.array([[0.0, 20.0]]), restart=one(3)), ban)
    assert without.product_price[0, 1] > 3
    assert idle.product_price[0, 1] < without.product_price[0, 1]
    assert idle.refined_t[0, 1] > without.refined_t[0, 1] + 5


def test_ore_from_a_stock_lowers_the_ore_bought_and_its_price():
    found = solve(two_stages(), Policy(drawn_t=np.array([[20.0, 0.0]])))
    assert found.ore_flow_t[0, :, 0].sum() == pytest.approx(found.refined_t[0, 0] - 20, abs=1e-5)
    assert (found.ore_price < 1).all()


def test_a_half_cut_can_cost_the_buyer_more_than_a_whole_one():
    # A rent is paid on what still comes; after a whole cut a third country with spare supply serves the buyer,
    # whose average price has no rent in it.
    flow_t = np.array([[[600.0, 70.0, 130.0], [0.0, 5.0, 5.0], [0.0, 25.0, 165.0]]])
    market = one_stage(flow_t)
    routes = np.zeros((1, 3, 3))
    routes[0, 0, 1] = 1
    prices = [solve(market, Policy(product=quota(70 * (1 - cut), routes))).landed[0, 1] for cut in (0.5, 0.75, 1.0)]
    assert max(prices[:2]) > prices[2] > 1


# Many at once


@pytest.mark.parametrize("tariffs", [False, True])
def test_two_thousand_random_policies_all_converge(tariffs):
    market = random_market(0, 1000, tariffs)
    found = solve(market, random_policy(100, market))
    assert found.converged.all()
    assert np.median(found.steps) <= 10


def test_another_equilibrium_as_a_start_gives_the_same_answer_in_fewer_steps():
    market = two_stages()
    cold = solve(market, Policy(product=quota(10.0)))
    warm = solve(market, Policy(product=quota(10.0)), start=solve(market, Policy(product=quota(11.0))).prices)
    same(warm, cold, 1e-4)
    assert warm.steps[0] < cold.steps[0]


def test_a_start_of_another_shape_is_refused():
    with pytest.raises(MarketError, match=r"start: shape \(1, 5\).*\(1, 6\)"):
        solve(two_stages(), Policy(product=quota(10.0)), start=np.ones((1, 5)))


def test_arrays_of_length_one_are_shared_by_all_draws():
    switching = one(3, 6, 12)
    policy = on_product(access=1 - ABROAD_TO_HOME)
    together = solve(two_stages(switching=switching), policy)
    assert together.cost.shape == (3, 2)
    for draw in range(3):
        alone = solve(two_stages(switching=switching[draw : draw + 1]), policy)
        assert together.cost[draw] == pytest.approx(alone.cost[0], abs=1e-5)


def test_a_policy_of_many_draws_runs_on_a_market_of_one():
    tariff = np.array([1.0, 1.1, 1.2])[:, None, None]
    found = solve(two_stages(supply=constant_elasticity_supply), on_product(tariff=1 + (tariff - 1) * ABROAD_TO_HOME))
    assert found.converged.all()
    assert (np.diff(found.landed[:, 1]) > 0).all()
    assert found.steps[0] == 0
