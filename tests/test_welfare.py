from dataclasses import fields, replace

import numpy as np
import pytest

from bloc.market_arrays import Policy, Routes
from bloc.solver import solve
from bloc.welfare import money
from tests.markets import one, random_market, random_policy, two_countries, two_stages

ABROAD_TO_HOME = np.array([[[0.0, 1.0], [0.0, 0.0]]])


def settled(market, policy):
    found = solve(market, policy)
    assert found.converged.all()
    return money(market, policy, found)


def quota(limit_t, floor=0.0):
    return Policy(product=Routes(floor=floor * ABROAD_TO_HOME, limited=ABROAD_TO_HOME[:, None], limit=one(limit_t)))


@pytest.mark.parametrize("market", [two_countries(), two_stages()])
def test_no_policy_moves_no_money(market):
    moved = settled(market, Policy())
    for each in fields(moved):
        assert getattr(moved, each.name) == pytest.approx(0, abs=1e-9), each.name


def test_no_policy_moves_no_money_with_base_tariffs():
    moved = settled(random_market(3, 20, tariffs=True), Policy())
    assert moved.world() == pytest.approx(0, abs=1e-9)
    assert moved.duties == pytest.approx(0, abs=1e-9)


def test_no_wedge_makes_the_world_better_off_from_an_undistorted_base():
    market = random_market(11, 300)
    policy = random_policy(12, market, stocks=False)
    found = solve(market, policy)
    world = money(market, policy, found).world()[found.converged]
    scale = market.use_t.sum(axis=1)[found.converged]
    assert found.converged.mean() > 0.99
    assert (world / scale).max() < 1e-4


@pytest.mark.parametrize("lever", ["tariff", "export_tax", "floor"])
@pytest.mark.parametrize("market", [two_countries(), two_stages()])
def test_the_loss_of_the_world_is_of_second_order_for_small_wedges(lever, market):
    def loss(size):
        wedge = ABROAD_TO_HOME * size if lever != "floor" else ABROAD_TO_HOME * (1 + size)
        wedge = wedge if lever == "floor" else 1 + wedge
        return settled(market, Policy(product=Routes(**{lever: wedge}))).world().item() / size**2

    assert loss(0.01) < 0
    assert loss(0.01) == pytest.approx(loss(0.02), rel=0.05)


@pytest.mark.parametrize("lever", ["strike", "product_subsidy"])
def test_the_loss_of_a_small_guarantee_or_subsidy_is_of_second_order(lever):
    def loss(size):
        paid = np.array([[0.0, size + (lever == "strike")]])
        return settled(two_stages(), Policy(**{lever: paid})).world().item() / size**2

    assert loss(0.02) < 0
    assert loss(0.02) == pytest.approx(loss(0.04), rel=0.1)


def test_a_rent_goes_to_the_seller_once():
    market, policy = two_countries(), quota(15.0)
    found = solve(market, policy)
    moved = money(market, policy, found)
    gap = found.product_landed[0, 0, 1] - found.product_price[0, 0]
    assert moved.rents == pytest.approx(np.array([[gap * 15, 0]]), rel=1e-6)
    assert moved.duties == pytest.approx(0, abs=1e-9)


def test_under_a_quota_and_a_floor_the_rent_holds_the_gap_and_the_duty_is_nil():
    market, policy = two_countries(), quota(15.0, floor=1.2)
    found = solve(market, policy)
    moved = money(market, policy, found)
    rho = found.product_rent[0, 0, 1]
    assert rho > 0.1
    assert moved.rents[0, 0] == pytest.approx(15 * (rho + 1.2 - found.product_price[0, 0]), rel=1e-6)
    assert moved.duties == pytest.approx(0, abs=1e-9)


def test_a_tariff_is_still_collected_under_a_quota_that_binds():
    policy = replace(quota(15.0), product=replace(quota(15.0).product, tariff=1 + 0.1 * ABROAD_TO_HOME))
    found = solve(two_countries(), policy)
    moved = money(two_countries(), policy, found)
    assert moved.duties[0, 1] == pytest.approx(15 * 0.1 * found.product_price[0, 0], rel=1e-6)
    assert moved.rents[0, 0] == pytest.approx(15 * found.product_rent[0, 0, 1], rel=1e-6)


def test_a_tariff_with_base_tariffs_on_ore_leaves_the_money_exact():
    # From a distorted base the sum need not fall, but it must be the integral of its own slope.
    market = two_stages(ore_tariff=1 + 0.3 * np.array([[[0, 1.0], [0, 1], [0, 0]]]))

    def world(size):
        return settled(market, Policy(ore=Routes(tariff=np.full((1, 1, 1), 1 + size)))).world().item()

    found = solve(market, Policy(ore=Routes(tariff=np.full((1, 1, 1), 1.02))))
    wedge = market.ore_tariff * 1.02 - 1
    before, after = (solve(market, Policy(ore=Routes(tariff=np.full((1, 1, 1), t)))).ore_flow_t for t in (1.01, 1.03))
    price = found.ore_price[:, :, None]
    slope = 0.4 * (wedge * price * (after - before)).sum() / 0.02
    assert (world(0.03) - world(0.01)) / 0.02 == pytest.approx(slope, rel=1e-3)


def test_a_guarantee_costs_the_gap_times_the_output():
    policy = Policy(strike=np.array([[0.0, 1.5]]))
    found = solve(two_countries(), policy)
    moved = money(two_countries(), policy, found)
    cost = found.refined_t[0, 1] * (1.5 - found.product_price[0, 1])
    assert moved.support == pytest.approx(np.array([[0, -cost]]))


def test_a_seller_without_any_buyer_loses_its_whole_surplus_and_a_refiner_without_ore_too():
    no_ore = Policy(ore=Routes(access=np.array([[[0.0, 1.0]] * 3])))
    found = solve(two_stages(), no_ore)
    assert np.isnan(found.netback[0, 0])
    assert money(two_stages(), no_ore, found).refiners[0, 0] < 0


def test_a_release_is_paid_for_at_what_users_pay():
    policy = Policy(release_t=np.array([[0.0, 12.0]]))
    found = solve(two_countries(), policy)
    assert money(two_countries(), policy, found).stocks[0, 1] == pytest.approx(12 * found.cost[0, 1])
