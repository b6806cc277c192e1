from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bloc.assumptions import Assumptions
from bloc.calibration import BaseCase
from bloc.data import Record, load_base_cases, load_market
from bloc.market_outcome import (
    FIELDS,
    OFFERED,
    MarketOutcome,
    assumed,
    evaluate_market,
    flows,
    gains,
    groups,
    moved,
    sellers,
    users,
)
from bloc.scenario import Assumed, Flooding, PriceMeasure, Restriction, Scenario, StockChange
from bloc.settings import Applied, Settings

BLOC = ("EUU", "JPN", "KOR", "USA")


@pytest.fixture(scope="module")
def cases() -> dict[str, BaseCase]:
    return load_base_cases()


@pytest.fixture(scope="module")
def table() -> Assumptions:
    return Assumptions(load_market().assumptions)


@pytest.fixture(scope="module")
def run(record: Record, cases, table):
    """Evaluate some chains under levers, for a bloc of the United States, Europe, Japan and Korea."""
    members = frozenset({"JPN", "KOR", "USA"} | record.union)

    def evaluate(*chains: str, **levers) -> MarketOutcome:
        scenario = Scenario(BLOC, **levers)
        return evaluate_market([cases[chain] for chain in chains], table, scenario, record.union, members)

    return evaluate


def of(frame: pd.DataFrame, iso3: str) -> pd.Series:
    return frame.set_index("iso3").loc[iso3]


CUT = {"restrictions": (Restriction("CHN", 0.25),)}


def test_with_nothing_done_the_base_comes_back(run, cases):
    outcome = run(*cases)
    assert all((each.steps == 0).all() for each in outcome.found)
    bought = users(outcome)
    np.testing.assert_allclose(bought[["price", "cost", "served"]], 1, atol=1e-7)
    sold = sellers(outcome)
    np.testing.assert_allclose(sold.output_t, sold.base_t, rtol=1e-7)
    np.testing.assert_allclose(gains(outcome).usd.dropna(), 0, atol=1)


def test_what_goes_in_comes_out(run):
    outcome = run("rare_earths_magnet", "gallium", **CUT)
    bought, sold = users(outcome), sellers(outcome)
    for chain, rows in sold[sold.stage == "product"].groupby("chain"):
        use = bought[bought.chain == chain]
        assert rows.output_t.sum() == pytest.approx((use.served * use.base_t).sum(), rel=1e-6)
        assert flows(outcome, chain).flow_t.sum() == pytest.approx(rows.output_t.sum(), rel=1e-6)


def test_a_cut_in_gallium_raises_prices_outside_and_lowers_them_at_home(run):
    bought = users(run("gallium", **CUT))
    assert of(bought, "JPN").price > 1.5
    assert of(bought, "JPN").served < 1
    assert of(bought, "CHN").price < 1


def test_a_range_holds_its_point(run):
    outcome = run("gallium", "tungsten", "antimony", **CUT)
    for frame, names in ((users(outcome), ("price", "cost", "served")), (sellers(outcome), ("output_t", "price"))):
        for name in names:
            known = frame[frame[name].notna()]
            assert (known[f"{name}_low"] <= known[name] + 1e-9).all()
            assert (known[name] <= known[f"{name}_high"] + 1e-9).all()


def test_five_years_ease_what_one_year_cannot(run):
    one, five = (of(users(run("tungsten", **CUT, horizon=each)), "USA").price for each in ("one_year", "five_years"))
    assert 1 < five < one


def test_what_leaks_eases_a_ban(run):
    ban = {"restrictions": (Restriction("CHN", 1.0, targets=("USA",)),)}
    shut, leaking = (of(users(run("gallium", **ban, leakage=each)), "USA").price for each in (0.0, 0.5))
    assert leaking < shut


def test_a_group_of_one_pays_what_the_country_pays(run):
    outcome = run("gallium", **CUT)
    single, grouped = of(users(outcome), "JPN"), groups(outcome, ["JPN"]).iloc[0]
    for name in ("price", "price_low", "price_high", "cost", "served", "served_low", "base_t"):
        assert grouped[name] == pytest.approx(single[name])


def test_a_group_that_uses_nothing_has_no_price(run):
    row = groups(run("gallium", **CUT), ["LIE"]).iloc[0]
    assert row.base_t == 0
    assert np.isnan(row.price) and np.isnan(row.served)


def test_the_world_is_the_sum_of_its_parties(run):
    money = gains(run("rare_earths_magnet", **CUT, tariff=0.25))
    parties = money[money.party != "all"].usd.sum()
    sides = money[(money.party == "all") & (money.side != "world")].usd.sum()
    world = money[money.side == "world"].usd.iloc[0]
    assert parties == pytest.approx(world)
    assert sides == pytest.approx(world)


@pytest.mark.parametrize(
    "levers",
    [
        CUT,
        {"restrictions": (Restriction("CHN", 1.0, targets=("USA",)),)},
        {"restrictions": (Restriction("CHN", 0.0, export_tax=0.3),)},
        {"tariff": 0.25},
        {"prices": (PriceMeasure("rare_earths_magnet", 2.0, unit="multiple"),)},
        {"prices": (PriceMeasure("rare_earths_magnet", 2.0, "contract", "multiple"),)},
        {"floodings": (Flooding("CHN", "rare_earths_magnet", 0.2),)},
    ],
)
def test_no_wedge_makes_the_world_richer(run, levers):
    money = gains(run("rare_earths_magnet", **levers))
    assert money[money.side == "world"].usd.iloc[0] <= 0


def test_a_contract_costs_the_treasury_and_not_the_users(run):
    contract = (PriceMeasure("rare_earths_magnet", 2.0, "contract", "multiple"),)
    money = gains(run("rare_earths_magnet", prices=contract)).set_index(["party", "side"]).usd
    assert money["support", "members"] < 0
    assert money["users", "members"] >= 0
    assert money["refiners", "members"] > 0


def test_a_floor_raises_what_members_pay_and_what_their_refiners_make(run):
    outcome = run("rare_earths_magnet", prices=(PriceMeasure("rare_earths_magnet", 2.0, unit="multiple"),))
    assert groups(outcome, outcome.members).price.iloc[0] > 1.5
    sold = sellers(outcome)
    inside = sold[sold.member & (sold.stage == "product")]
    assert inside.output_t.sum() > inside.base_t.sum()


def test_a_release_lowers_the_price_of_a_cut(run):
    alone = users(run("gallium", **CUT))
    helped = users(run("gallium", **CUT, stocks=(StockChange("gallium", 10.0, ("JPN",)),)))
    assert of(helped, "JPN").cost < of(alone, "JPN").cost


def test_joining_the_bloc_moves_nothing_for_whom_the_cut_is_not_meant(record, cases, table):
    cut = (Restriction("CHN", 0.25, ("gallium",), targets=("JPN",)),)
    prices = [
        of(
            users(evaluate_market([cases["gallium"]], table, Scenario(members, cut), record.union, frozenset(members))),
            "JPN",
        ).price
        for members in (("JPN", "USA"), ("JPN", "USA", "VNM"))
    ]
    assert prices[0] == prices[1]


def test_only_chains_a_lever_reaches_move(record, cases, table):
    offered = [case for case in cases.values() if case.grade in OFFERED and not case.variant_of]
    cut = Scenario(BLOC, (Restriction("CHN", 0.25, ("gallium",)),))
    assert [case.chain for case in moved(offered, table, cut, record.union, frozenset(BLOC))] == ["gallium"]


def test_every_offered_chain_converges_under_a_ban_by_its_largest_seller(run, cases):
    for case in cases.values():
        if case.grade in OFFERED:
            largest = case.refiners[int(np.argmax(case.product_t))]
            if largest != "ROW":
                outcome = run(case.chain, restrictions=(Restriction(largest, 1.0),))
                assert all(each.converged.all() for each in outcome.found), case.chain


def test_two_records_on_the_same_goods_do_not_stop_the_solver(record, cases, table):
    applied = tuple(Applied(each, 25) for each in ("cn_dysprosium_lic_2025", "cn_terbium_lic_2025"))
    scenario = Settings(cut_pct=30, applied=applied).scenario(record)
    outcome = evaluate_market([cases["rare_earths_magnet"]], table, scenario, record.union, frozenset(BLOC))
    assert all(each.converged.all() for each in outcome.found)


def test_every_record_at_once_converges(record, cases, table):
    scenario = Settings(applied=tuple(Applied(each, 40) for each in sorted(record.applicable))).scenario(record)
    offered = [case for case in cases.values() if case.grade in OFFERED and not case.variant_of]
    outcome = evaluate_market(offered, table, scenario, record.union, frozenset(BLOC))
    assert all(each.converged.all() for each in outcome.found)


def test_chains_solved_together_are_as_each_solved_alone(run, cases):
    chains = ("lead", "gallium", "copper", "niobium", "lithium", "zinc", "bismuth", "barite", "selenium")
    together = run(*chains, **CUT, tariff=0.1, prices=(PriceMeasure("copper", 1.5, unit="multiple"),))
    for row, chain in enumerate(chains):
        alone = run(chain, **CUT, tariff=0.1, prices=(PriceMeasure("copper", 1.5, unit="multiple"),))
        users_of = len(cases[chain].users)
        for one, all_of in zip(alone.found, together.found, strict=True):
            np.testing.assert_allclose(all_of.cost[row, :users_of], one.cost[0], rtol=1e-6)


# Assumptions.


def test_a_value_of_the_chain_goes_before_one_for_all(cases, table):
    given = (Assumed("ceiling", 5.0), Assumed("ceiling", 6.0, "gallium"))
    scenario = Scenario((), assumed=given)
    assert assumed("ceiling", cases["gallium"], table, scenario)[0] == 6
    assert assumed("ceiling", cases["cobalt"], table, scenario)[0] == 5


def test_a_value_beyond_its_range_is_held_at_the_end(cases, table):
    value, low, high = assumed("ceiling", cases["gallium"], table, Scenario((), assumed=(Assumed("ceiling", 900.0),)))
    assert value == high
    assert low < high


def test_every_assumption_lies_within_its_range(cases, table):
    for case in cases.values():
        for name in FIELDS:
            for horizon in ("one_year", "five_years"):
                value, low, high = assumed(name, case, table, Scenario((), horizon=horizon))
                assert low <= value <= high, (case.chain, name)


def test_a_chain_of_one_stage_answers_as_its_mines_do(cases, table):
    gallium = cases["gallium"]
    mines, refiners = (
        assumed(name, gallium, table, Scenario(())) for name in ("mine_elasticity", "refinery_elasticity")
    )
    assert mines == refiners


def test_a_lower_ceiling_bounds_the_cost(run):
    outcome = run("gallium", restrictions=(Restriction("CHN", 1.0),), assumed=(Assumed("ceiling", 4.0),))
    assert users(outcome).cost.max() <= 4 + 1e-9


def test_the_empty_scenario_moves_nothing(record, cases, table):
    assert moved(list(cases.values()), table, Scenario(BLOC), record.union, frozenset(BLOC)) == []


def test_a_case_without_a_price_has_no_dollars(run, cases, record, table):
    priceless = replace(cases["gallium"], price_usd_per_t=float("nan"))
    outcome = evaluate_market([priceless], table, Scenario(BLOC, CUT["restrictions"]), record.union, frozenset(BLOC))
    assert gains(outcome).usd.isna().all()
    assert users(outcome).price.notna().any()
