"""The base year of the market: identities worked by hand, published anchors, sums that meet."""

import time

import numpy as np
import pytest

from bloc import base_year
from bloc.assumptions import Assumptions
from bloc.base_market import stack
from bloc.base_year import CalibrationError
from bloc.calibration import base_cases, rule_in_words, uses
from bloc.data import connect, load_base_cases, load_market, read_market
from bloc.market_arrays import Market
from bloc.solver import solve
from data import build

CHAINS = 53


@pytest.fixture(scope="module")
def market():
    return load_market()


@pytest.fixture(scope="module")
def cases(market):
    return base_cases(market)


@pytest.fixture(scope="module")
def assumed(market):
    return Assumptions(market.assumptions)


@pytest.fixture(scope="module")
def database():
    with connect() as connection:
        yield connection


def output_share(case, iso3):
    total = case.product_t + case.recycled_t
    return dict(zip(case.refiners, total / total.sum(), strict=True)).get(iso3, 0.0)


def use_share(case, iso3):
    return case.use_by_country.get(iso3, 0.0) / case.use_t.sum()


def bought_from(case, buyer, seller):
    column = case.users.index(buyer)
    return case.product_flow_t[case.refiners.index(seller), column] / case.use_t[column]


def imported_from(case, buyer, seller):
    """Share of a buyer's imports, its purchases at home left out."""
    column = case.users.index(buyer)
    imports = case.product_flow_t[:, column].sum()
    if buyer in case.refiners:
        imports -= case.product_flow_t[case.refiners.index(buyer), column]
    return case.product_flow_t[case.refiners.index(seller), column] / imports


# Identities by hand: three places, the last for other countries.


def test_other_countries_are_the_world_less_those_listed():
    output, unlisted = base_year.with_other_countries(np.array([70.0, 20, 0]), 100)
    assert output.tolist() == [70, 20, 10]
    assert unlisted == pytest.approx(0.1)


def test_a_list_that_exceeds_its_world_leaves_nothing_to_others():
    output, unlisted = base_year.with_other_countries(np.array([80.0, 21, 0]), 100)
    assert (output.tolist(), unlisted) == ([80, 21, 0], 0)


def test_a_country_with_a_share_leaves_the_others_their_proportions():
    assert base_year.with_share(np.array([50.0, 30, 20]), 0, 0.6).tolist() == pytest.approx([60, 24, 16])


def test_refining_is_mine_output_plus_net_imports_of_ore():
    trade = np.array([[0.0, 0, 0], [40, 0, 0], [0, 0, 0]])
    output, clipped = base_year.implied_output(np.array([50.0, 45, 5]), trade)
    assert output.tolist() == [90, 5, 5]
    assert clipped == 0


def test_ore_shipped_beyond_mine_output_is_clipped_and_said():
    trade = np.array([[0.0, 0, 0], [50, 0, 0], [0, 0, 0]])
    output, clipped = base_year.implied_output(np.array([50.0, 45, 5]), trade)
    assert output.tolist() == [100, 0, 5]
    assert clipped == pytest.approx(0.05)


def test_what_ore_does_not_allow_is_recycled():
    primary = base_year.primary_part(np.array([50.0, 50, 0]), np.array([60.0, 10, 10]), 60.0)
    assert primary.tolist() == [50, 10, 0]


def test_primary_output_is_brought_to_mine_output():
    primary = base_year.primary_part(np.array([50.0, 50, 0]), np.array([60.0, 10, 10]), 80.0)
    assert primary.tolist() == [50, 30, 0]


def test_use_is_output_plus_imports_less_exports():
    trade = np.array([[0.0, 30, 0], [0, 0, 0], [0, 10, 0]])
    assert base_year.apparent_use(np.array([80.0, 0, 20]), trade).tolist() == [50, 40, 10]


def test_exports_beyond_output_come_from_other_countries():
    trade = np.array([[0.0, 0, 0], [30, 0, 0], [0, 0, 0]])
    assert base_year.apparent_use(np.array([50.0, 20, 30]), trade).tolist() == [80, 0, 20]


def test_published_use_replaces_the_rule_and_the_rest_scales():
    assert base_year.with_fixed(np.array([50.0, 30, 20]), {0: 40}).tolist() == pytest.approx([40, 36, 24])


def test_what_a_published_list_leaves_goes_to_the_others():
    shares = base_year.listed_use(np.array([60.0, 0, 0]), 100.0, np.array([5.0, 5, 90]))
    assert shares.tolist() == pytest.approx([0.6, 0.4, 0])


def test_a_small_user_that_makes_nothing_is_left_out():
    use = base_year.without_small_users(np.array([99.99, 0.005, 0.005]), np.array([0.0, 1, 0]))
    assert use[1] > 0 and use[2] == 0
    assert use.sum() == pytest.approx(100)


def test_balanced_flows_meet_rows_and_columns():
    generator = np.random.default_rng(0)
    prior = generator.random((4, 6)) + 0.01
    sold, bought = generator.random(4), generator.random(6)
    bought *= sold.sum() / bought.sum()
    flow = base_year.balance(prior, sold, bought)
    assert np.abs(flow.sum(axis=1) - sold).max() < 1e-9
    assert np.abs(flow.sum(axis=0) - bought).max() < 1e-9


def test_flows_that_cannot_balance_are_refused():
    with pytest.raises(CalibrationError, match="do not balance"):
        base_year.balance(np.eye(2), np.array([2.0, 1.0]), np.array([1.0, 2.0]))


def test_without_customs_records_own_output_stays_at_home():
    flow = base_year.flows(np.zeros((3, 3)), np.array([10.0, 0, 50]), np.array([30.0, 30, 0]))
    assert flow[0, 0] > 9
    assert flow[2, 1] > 25


def test_a_buyer_takes_from_each_supplier_the_share_customs_publish():
    flow = np.array([[60.0, 20, 0], [10, 10, 0], [0, 10, 40]])
    bought = base_year.purchases(flow, flow.sum(axis=1), 1, np.array([0.5, 0, 0]))
    assert bought.tolist() == pytest.approx([15, 10, 15])


def test_a_supplier_too_small_for_its_published_share_leaves_the_rest_to_those_with_room():
    flow = np.array([[60.0, 20, 0], [10, 10, 0], [0, 10, 0]])
    bought = base_year.purchases(flow, flow.sum(axis=1), 1, np.array([0, 0, 0.9]))
    assert bought[2] == pytest.approx(6)
    assert bought[1] == pytest.approx(10)
    assert bought.sum() == pytest.approx(40)


# The bundled record.


def test_every_chain_is_calibrated(cases):
    assert len(cases) == CHAINS
    assert {grade: sum(case.grade == grade for case in cases.values()) for grade in "ABCD"} == {
        "A": 10,
        "B": 7,
        "C": 25,
        "D": 11,
    }
    assert sum(case.two_stages for case in cases.values()) == 14
    assert {name for name, case in cases.items() if case.variant_of} == {
        "antimony_implied",
        "gallium_noidle",
        "germanium_60",
        "germanium_wmd",
    }


def test_every_figure_named_is_found(market, database):
    assert market.inputs.amount.notna().all()
    missing = database.execute(
        """
        SELECT chain FROM market_chain
        WHERE (ore_series_id IS NOT NULL AND ore_series_id NOT IN (SELECT series_id FROM series))
        OR (product_series_id IS NOT NULL AND product_series_id NOT IN (SELECT series_id FROM series))
        OR (variant_of IS NOT NULL AND variant_of NOT IN (SELECT chain FROM market_chain))
        """
    ).fetchall()
    assert missing == []


def test_every_heading_has_a_content(market):
    assert market.trade.content_t.notna().all()
    assert set(zip(market.trade.chain, market.trade.stage, strict=True)) >= {("copper", "ore"), ("copper", "product")}


def test_no_series_that_a_chain_needs_is_empty(market, cases):
    assert set(market.chains.chain) == set(cases)


def test_flows_meet_output_and_use(cases):
    for name, case in cases.items():
        total = case.product_t + case.recycled_t
        world = total.sum()
        assert np.abs(case.product_flow_t.sum(axis=1) - total).max() < 1e-9 * world, name
        assert np.abs(case.product_flow_t.sum(axis=0) - case.use_t).max() < 1e-9 * world, name
        assert case.use_t.sum() == pytest.approx(world), name
        if case.two_stages:
            assert np.abs(case.ore_flow_t.sum(axis=1) - case.ore_t).max() < 1e-9 * world, name
            assert np.abs(case.ore_flow_t.sum(axis=0) - case.product_t).max() < 1e-9 * world, name


def test_nothing_is_below_zero_and_nobody_stands_idle_in_the_lists(cases):
    for case in cases.values():
        for amounts in (case.ore_t, case.use_t, case.product_t + case.recycled_t + case.idle_t):
            assert (amounts > 0).all(), case.chain
        for amounts in (case.recycled_t, case.idle_t, case.product_flow_t, case.ore_flow_t):
            assert (amounts >= 0).all(), case.chain


def test_every_case_names_its_sources_its_rule_and_its_basis(cases, record):
    for case in cases.values():
        assert case.source_ids and set(case.source_ids) <= set(record.sources.source_id), case.chain
        assert case.use_rule and case.basis, case.chain
        assert case.product in record.product_names
        assert set(case.miners) | set(case.refiners) | set(case.users) <= record.known | {"ROW"}


def test_a_chain_below_grade_a_says_why(cases):
    assert [case.chain for case in cases.values() if case.grade in "CD" and not case.warning] == []


@pytest.mark.parametrize(
    ("chain", "share"),
    [
        ("rare_earths_magnet", 0.70),
        ("graphite_natural", 0.46),
        ("antimony", 0.55),
        ("tungsten", 0.26),
        ("bismuth", 0.57),
        ("magnesium", 0.06),
        ("barite", 0.21),
        ("fluorspar", 0.10),
    ],
)
def test_the_united_states_buy_from_china_what_customs_publish(cases, chain, share):
    # U.S. Geological Survey, Mineral Commodity Summaries 2026, import sources 2021-24; 71 % for rare earths.
    assert bought_from(cases[chain], "USA", "CHN") == pytest.approx(share, abs=0.012)


def test_gallium_shipped_by_countries_that_make_none_is_traced_to_who_does(cases):
    # Canada and Germany ship but do not produce: 18 % comes straight from China, more than half originates there.
    assert bought_from(cases["gallium"], "USA", "CHN") > 0.5


@pytest.mark.parametrize(
    ("chain", "share"),
    [
        ("lithium", 0.702),
        ("cobalt", 0.784),
        ("nickel", 0.313),
        ("copper", 0.449),
        ("rare_earths_magnet", 0.913),
        ("antimony", 0.788),
        ("antimony_implied", 0.436),
        ("tin", 0.478),
        ("zinc", 0.469),
        ("lead", 0.445),
        ("germanium", 0.70),
        ("germanium_60", 0.60),
        ("germanium_wmd", 0.933),
        ("gallium", 0.988),
        ("ferrochrome", 0.404),
        ("graphite_natural", 0.819),
        ("polysilicon", 0.935),
    ],
)
def test_china_refines_the_share_that_is_published(cases, chain, share):
    assert output_share(cases[chain], "CHN") == pytest.approx(share, abs=0.002)


@pytest.mark.parametrize(
    ("chain", "iso3", "share"),
    [
        ("copper", "CHN", 0.556),
        ("copper", "USA", 0.067),
        ("lithium", "CHN", 0.672),
        ("cobalt", "CHN", 0.70),
        ("tungsten", "CHN", 0.60),
        ("gallium", "CHN", 0.92),
        ("germanium", "CHN", 0.557),
        ("lead", "USA", 0.120),
        ("beryllium", "USA", 0.51),
    ],
)
def test_use_is_what_is_published_where_it_is(cases, chain, iso3, share):
    assert use_share(cases[chain], iso3) == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize(
    ("chain", "iso3", "use_t", "within"),
    [
        ("magnesium", "USA", 46_000, 0.2),  # reported consumption of primary metal, 2024
        ("copper", "USA", 1_860_000, 0.1),  # apparent consumption with old scrap, 2024
    ],
)
def test_use_by_trade_is_near_what_is_published_but_not_put_in(cases, chain, iso3, use_t, within):
    assert cases[chain].use_by_country[iso3] == pytest.approx(use_t, rel=within)


@pytest.mark.parametrize(
    ("chain", "ratio"),
    [("lithium", 1.080), ("cobalt", 0.828), ("nickel", 0.939), ("rare_earths_magnet", 1.076), ("alumina", 0.332)],
)
def test_ore_is_counted_in_the_product_it_becomes(cases, chain, ratio):
    assert cases[chain].stage_ratio == pytest.approx(ratio, abs=0.001)
    assert cases[chain].ore_t.sum() == pytest.approx(cases[chain].product_t.sum())


def test_a_chain_of_one_stage_has_no_ore(cases):
    assert np.isnan(cases["gallium"].stage_ratio)
    assert (cases["gallium"].ore_cost_share, cases["gallium"].ore_product) == (0, "")


@pytest.mark.parametrize(("chain", "share"), [("copper", 0.17), ("tin", 0.21), ("zinc", 0.14), ("lead", 0.61)])
def test_the_recycled_part_is_what_mines_do_not_explain(cases, chain, share):
    case = cases[chain]
    assert case.recycled_t.sum() / (case.product_t + case.recycled_t).sum() == pytest.approx(share, abs=0.006)


def test_gallium_stands_idle_outside_china(cases):
    gallium = cases["gallium"]
    idle = dict(zip(gallium.refiners, gallium.idle_t, strict=True))
    assert idle == pytest.approx({"CHN": 0, "JPN": 7, "KOR": 15, "RUS": 4, "ROW": 79})
    assert sum(case.idle_t.sum() for case in cases.values()) == pytest.approx(105)


@pytest.mark.parametrize(
    ("chain", "price"),
    [
        ("lithium", 62_766),
        ("rare_earths_magnet", 64_327),
        ("tungsten", 52_963),
        ("vanadium", 21_416),
        ("tantalum", 203_907),
        ("manganese", 553),
        ("polysilicon", 18_267),
    ],
)
def test_a_price_stands_on_the_basis_of_its_chain(cases, chain, price):
    assert cases[chain].price_usd_per_t == pytest.approx(price, abs=1)
    assert cases[chain].price_source_id


def test_a_chain_without_a_price_says_so_and_is_not_offered(cases):
    assert {name for name, case in cases.items() if np.isnan(case.price_usd_per_t)} == {
        "graphite_battery",
        "magnesite",
        "uranium",
    }
    assert all(case.grade == "D" for case in cases.values() if np.isnan(case.price_usd_per_t))


def test_other_countries_are_small_where_a_chain_is_offered(cases):
    worst = {name: output_share(case, "ROW") for name, case in cases.items() if case.grade in "AB"}
    assert max(worst.values()) < 0.10


def test_use_shares_of_a_product_sum_to_one(market):
    frame = uses(market)
    assert frame.groupby("product").use_share.sum().to_numpy() == pytest.approx(1)
    assert not frame.duplicated(["product", "iso3"]).any()
    # Four variants have no use of their own; bauxite is used as alumina.
    assert frame["product"].nunique() == CHAINS - 4 + 1


def test_use_is_that_of_the_base_cases(market, cases):
    frame = uses(market)
    for case in cases.values():
        if not case.variant_of:
            of_case = frame[frame["product"] == case.product]
            assert dict(zip(of_case.iso3, of_case.use_t, strict=True)) == case.use_by_country, case.chain
            assert set(of_case.use_rule) == {case.use_rule}
            assert rule_in_words(case.use_rule) == case.use_rule


def test_an_ore_without_a_chain_of_its_own_is_used_as_what_it_becomes(market):
    shares = {name: rows.set_index("iso3").use_share for name, rows in uses(market).groupby("product")}
    assert shares["bauxite"].equals(shares["alumina"])
    assert not shares["chromium"].equals(shares["ferrochrome"])


def test_the_core_edition_leaves_out_the_chains_it_has_no_series_for(tmp_path, cases):
    target = tmp_path / "core.duckdb"
    build.build(target, core=True)
    with connect(target) as connection:
        core = base_cases(read_market(connection))
    assert set(cases) - set(core) == {
        "ferrochrome",
        "germanium",
        "germanium_60",
        "germanium_wmd",
        "rhodium",
        "tin",
        "uranium",
        "zinc",
    }
    assert "Undisclosed and counted as 0 (ore): the United States." in core["lithium"].treatment
    assert "From another publication (ore): the United States." in cases["lithium"].treatment


def test_calibration_takes_less_than_a_second(market):
    start = time.process_time()
    base_cases(market)
    assert time.process_time() - start < 1


def test_base_cases_are_made_once():
    assert load_base_cases() is load_base_cases()


def test_two_runs_agree_to_the_last_digit(market, cases):
    again = base_cases(market)
    assert all(np.array_equal(again[name].product_flow_t, case.product_flow_t) for name, case in cases.items())


# Assumptions and stacking.


def test_every_assumption_lies_within_its_range(assumed):
    for name in assumed.names:
        chain = "lithium" if name == "ore_cost_share" else ""
        for horizon in ("one_year", "five_years"):
            low, high = assumed.bounds(name, horizon, chain)
            assert low <= assumed.value(name, horizon, chain) <= high


def test_only_two_assumptions_rest_on_publications(assumed):
    published = {name for name in assumed.names if name != "ore_cost_share" and assumed.source(name)}
    assert published == {"demand_elasticity", "mine_elasticity_primary"}


def test_every_chain_of_two_stages_has_an_ore_cost_share_of_its_own(cases, assumed):
    for name, case in cases.items():
        assert (case.ore_cost_share > 0) == case.two_stages
        if case.two_stages:
            assert assumed.value("ore_cost_share", "one_year", name) == case.ore_cost_share


def test_an_unknown_assumption_is_named(assumed):
    with pytest.raises(CalibrationError, match="no assumption patience"):
        assumed.value("patience", "one_year")


def test_chains_stack_with_empty_slots_at_zero(cases, assumed):
    stacked = stack([cases["gallium"], cases["copper"]], assumed, "one_year")
    assert isinstance(stacked, Market)
    sellers = len(cases["copper"].refiners)
    assert stacked.product_t.shape == (2, sellers)
    assert stacked.product_t[0, len(cases["gallium"].refiners) :].sum() == 0
    assert stacked.ore_t[0].sum() == 0
    columns = stacked.product_share.sum(axis=1)
    assert ((np.abs(columns - 1) < 1e-12) | (columns == 0)).all()


@pytest.mark.parametrize("horizon", ["one_year", "five_years"])
def test_the_base_year_comes_back_where_nothing_is_assumed(cases, assumed, horizon):
    found = solve(stack(list(cases.values()), assumed, horizon))
    assert found.converged.all()
    assert np.nanmax(np.abs(found.landed - 1)) < 1e-6


def test_a_horizon_sets_what_is_assumed(cases, assumed):
    one, five = (stack([cases["gallium"], cases["copper"]], assumed, horizon) for horizon in ("one_year", "five_years"))
    assert (one.restart[0, 0], five.restart[0, 0]) == (4.0, 1.5)
    assert one.demand_elasticity[:, 0].tolist() == [0.15, 0.15]
    assert five.utilisation[:, 0].tolist() == [0.6, 0.6]
    assert one.mine_elasticity[:, 0].tolist() == [0.05, 0.15]
    # Without a refiner of its own a by-product answers as its mines do.
    assert one.refinery_elasticity[:, 0].tolist() == [0.05, 0.3]


def test_draws_of_one_chain_stack_beside_each_other(cases, assumed):
    drawn = stack(
        [cases["copper"]] * 3, assumed, "one_year", {"switching": np.array([3, 6, 12]), "ore_cost_share": 0.6}
    )
    assert drawn.switching[:, 0].tolist() == [3, 6, 12]
    assert drawn.ore_cost_share[:, 0].tolist() == [0.6, 0.6, 0.6]
