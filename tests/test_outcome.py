from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bloc.data import connect, run
from bloc.outcome import compare, evaluate
from bloc.scenario import Restriction, Scenario, ScenarioError

COUNTRIES = (
    "AUS",
    "BRA",
    "CAN",
    "CHL",
    "CHN",
    "COD",
    "EUU",
    "FRA",
    "IDN",
    "IND",
    "JPN",
    "KOR",
    "NCL",
    "RUS",
    "USA",
    "ZAF",
)
PRODUCTS = ("cobalt", "copper", "gallium", "lithium", "nickel", "permanent_magnets", "rare_earths_magnet")
members = st.lists(st.sampled_from(COUNTRIES), unique=True)
cuts = st.floats(0, 1)
suppliers = st.sampled_from(COUNTRIES)


def by_stage(frame: pd.DataFrame, column: str) -> dict[str, float]:
    return dict(zip(frame.stage, frame[column], strict=True))


# The record of three countries, worked out by hand.


def test_two_members_mine_30_and_refine_20_of_100(toy):
    indicators = evaluate(toy, Scenario(("FRA", "USA"))).indicators
    assert by_stage(indicators, "bloc_production") == {"mine": 30, "refinery": 20}
    assert by_stage(indicators, "bloc_share") == pytest.approx({"mine": 0.3, "refinery": 0.2})


def test_output_nobody_is_named_for_could_be_the_members(toy):
    indicators = evaluate(toy, Scenario(("FRA", "USA"))).indicators
    assert by_stage(indicators, "bloc_share_high") == pytest.approx({"mine": 0.4, "refinery": 0.2})


def test_without_china_the_members_mine_30_of_50(toy):
    indicators = evaluate(toy, Scenario(("FRA", "USA"))).indicators
    assert by_stage(indicators, "bloc_share_ex_china") == pytest.approx({"mine": 0.6, "refinery": 1.0})


def test_without_their_largest_the_members_mine_10_of_100(toy):
    indicators = evaluate(toy, Scenario(("FRA", "USA"))).indicators
    assert by_stage(indicators, "bloc_top_member_share") == pytest.approx({"mine": 0.2, "refinery": 0.2})
    assert by_stage(indicators, "bloc_n_minus_1_share") == pytest.approx({"mine": 0.1, "refinery": 0.0}, abs=1e-12)


def test_concentration_of_50_20_10_10_is_between_3100_and_3200(toy):
    indicators = evaluate(toy, Scenario()).indicators
    assert by_stage(indicators, "hhi_low") == pytest.approx({"mine": 3100, "refinery": 6800})
    assert by_stage(indicators, "hhi_high") == pytest.approx({"mine": 3200, "refinery": 6800})


def test_china_is_the_largest_supplier_and_half_remains_without_it(toy):
    indicators = evaluate(toy, Scenario()).indicators
    assert by_stage(indicators, "largest_supplier") == {"mine": "CHN", "refinery": "CHN"}
    assert by_stage(indicators, "top3_share") == pytest.approx({"mine": 0.8, "refinery": 1.0})
    assert by_stage(indicators, "n_minus_1") == pytest.approx({"mine": 0.5, "refinery": 0.2})


def test_a_figure_that_is_not_disclosed_is_counted_as_undisclosed_and_not_as_a_producer(toy):
    indicators = evaluate(toy, Scenario(("FRA", "USA"))).indicators
    assert by_stage(indicators, "undisclosed_members") == {"mine": 0, "refinery": 1}
    assert by_stage(indicators, "producing_members") == {"mine": 2, "refinery": 1}


def test_a_country_that_is_not_listed_is_not_undisclosed(toy):
    indicators = evaluate(toy, Scenario(("FRA", "NCL"))).indicators
    assert by_stage(indicators, "undisclosed_members") == {"mine": 0, "refinery": 0}
    assert by_stage(indicators, "undisclosed") == {"mine": 0, "refinery": 1}


def test_members_with_three_quarters_of_world_product_need_75_of_100(toy):
    indicators = evaluate(toy, Scenario(("FRA", "USA"))).indicators
    assert by_stage(indicators, "need") == pytest.approx({"mine": 75, "refinery": 75})
    assert by_stage(indicators, "coverage") == pytest.approx({"mine": 0.4, "refinery": 20 / 75})
    assert indicators.need_rule.isna().all()


def test_members_with_three_tenths_of_world_use_need_30_of_100_at_both_stages(used):
    indicators = evaluate(used, Scenario(("FRA", "USA"))).indicators
    assert by_stage(indicators, "need") == pytest.approx({"mine": 30, "refinery": 30})
    assert by_stage(indicators, "coverage") == pytest.approx({"mine": 1.0, "refinery": 2 / 3})
    assert set(indicators.need_rule) == {"output and net imports"}


def test_use_of_a_territory_counts_with_its_state_only_when_territories_do(used):
    apart = evaluate(used, Scenario(("FRA",))).indicators
    together = evaluate(used, Scenario(("FRA",), territories=True)).indicators
    assert by_stage(apart, "need_share") == pytest.approx({"mine": 0.1, "refinery": 0.1})
    assert by_stage(together, "need_share") == pytest.approx({"mine": 0.15, "refinery": 0.15})


def test_use_of_other_countries_is_nobodys(used):
    everybody = evaluate(used, Scenario(("CHN", "FRA", "NCL", "USA"))).indicators
    assert everybody.need_share.tolist() == pytest.approx([0.95, 0.95])


def test_a_chain_whose_use_is_not_relied_on_keeps_the_yardstick(used):
    unsure = replace(used, use=used.use.assign(grade="D"))
    indicators = evaluate(unsure, Scenario(("FRA", "USA"))).indicators
    assert by_stage(indicators, "need") == pytest.approx({"mine": 75, "refinery": 75})
    assert indicators.need_rule.isna().all()
    assert indicators.n_bloc.isna().all()


def test_the_members_make_30_and_20_t_of_a_world_use_of_125(used):
    indicators = evaluate(used, Scenario(("FRA", "USA"))).indicators
    assert by_stage(indicators, "n_bloc") == pytest.approx({"mine": 0.24, "refinery": 0.16})
    assert by_stage(indicators, "n_minus_1_of_use") == pytest.approx({"mine": 0.4, "refinery": 0.16})


def test_ore_on_another_basis_is_not_set_against_use(used):
    bauxite_like = replace(used, markets=used.markets.assign(ore_content_t_per_t=0.3))
    indicators = evaluate(bauxite_like, Scenario(("FRA", "USA"))).indicators
    assert np.isnan(by_stage(indicators, "n_bloc")["mine"])
    assert by_stage(indicators, "n_bloc")["refinery"] == pytest.approx(0.16)
    assert by_stage(indicators, "need")["mine"] == pytest.approx(30)


def test_world_use_is_put_in_the_unit_of_the_series(used):
    in_thousands = replace(used, series=used.series.assign(tonnes_per_unit=1000.0))
    indicators = evaluate(in_thousands, Scenario(("FRA", "USA"))).indicators
    assert by_stage(indicators, "n_bloc")["mine"] == pytest.approx(30_000 / 125)


def test_the_chain_is_bound_by_refining(toy):
    chain = evaluate(toy, Scenario(("FRA", "USA"))).chains.iloc[0]
    assert chain.coverage == pytest.approx(20 / 75)
    assert chain.bottleneck == "refinery"


def test_china_withholding_two_fifths_leaves_80_percent_of_ore_and_68_of_metal(toy):
    indicators = evaluate(toy, Scenario(("FRA", "USA"), (Restriction("CHN", 0.4),))).indicators
    assert by_stage(indicators, "available_share") == pytest.approx({"mine": 0.8, "refinery": 0.68})


def test_a_cut_of_one_stage_leaves_the_other_alone(toy):
    cut = Restriction("CHN", 0.4, stages=("refinery",))
    outcome = evaluate(toy, Scenario(("FRA", "USA"), (cut,)))
    assert by_stage(outcome.indicators, "available_share") == pytest.approx({"mine": 1.0, "refinery": 0.68})
    assert outcome.exposure.set_index("trade_stage").imports_withheld_usd.to_dict() == {"ore": 0, "refined": 2000}


def test_members_buy_1500_dollars_of_ore_and_6000_of_metal(toy):
    exposed = evaluate(toy, Scenario(("FRA", "USA"))).exposure.set_index("trade_stage")
    assert exposed.imports_usd.to_dict() == {"ore": 1500, "refined": 6000}
    assert exposed.imports_extra_usd.to_dict() == {"ore": 1500, "refined": 5000}


def test_trade_between_members_counts_in_the_total_and_not_from_outside(toy):
    exposed = evaluate(toy, Scenario(("FRA", "USA"))).exposure.set_index("trade_stage")
    assert exposed.china_share_total.to_dict() == pytest.approx({"ore": 2 / 3, "refined": 5 / 6})
    assert exposed.china_share_extra.to_dict() == pytest.approx({"ore": 2 / 3, "refined": 1.0})


def test_imports_withheld_are_the_cut_times_what_is_bought_in_dollars_and_tonnes(toy):
    trade = evaluate(toy, Scenario(("FRA", "USA"), (Restriction("CHN", 0.4),))).trade
    china = trade[trade.iso3 == "CHN"].set_index("trade_stage")
    assert china.imports_withheld_usd.to_dict() == pytest.approx({"ore": 400, "refined": 2000})
    assert china.imports_withheld_t.to_dict() == pytest.approx({"ore": 40, "refined": 20})


def test_a_cut_aimed_at_one_member_withholds_only_what_it_buys(toy):
    cut = Restriction("CHN", 0.4, targets=("USA",))
    exposed = evaluate(toy, Scenario(("FRA", "USA"), (cut,))).exposure.set_index("trade_stage")
    assert exposed.imports_withheld_usd.to_dict() == pytest.approx({"ore": 400, "refined": 800})


def test_members_hold_a_tenth_of_the_reserves(toy):
    reserves = evaluate(toy, Scenario(("FRA", "USA"))).reserves.iloc[0]
    assert reserves.bloc_reserves_t == 10
    assert reserves.reserves_share == pytest.approx(0.1)


def test_china_outside_would_add_65_points_and_new_caledonia_5(toy):
    outsiders = evaluate(toy, Scenario(("FRA", "USA"))).outsiders
    assert outsiders.iso3.tolist() == ["CHN", "NCL"]
    assert outsiders.avg_points_by_mineral.tolist() == pytest.approx([65, 5])
    assert outsiders.best_points.tolist() == pytest.approx([80, 10])


def test_governance_and_trade_terms_weigh_the_concentration(toy):
    # 0.1^2 x 0 x 0.8 + 0.2^2 x 0.5 x 0.8 + 0.1^2 x 0.5 x 1 + 0.5^2 x 1 x 1, and 1.1 for China under its restriction
    free = evaluate(toy, Scenario(("FRA", "USA"))).supply_risk
    cut = evaluate(toy, Scenario(("FRA", "USA"), (Restriction("CHN", 0.4),))).supply_risk
    assert by_stage(free, "herfindahl_governance")["mine"] == pytest.approx(0.271)
    assert by_stage(cut, "herfindahl_governance")["mine"] == pytest.approx(0.296)
    assert by_stage(free, "global_supply_risk")["mine"] == pytest.approx(0.271 * 0.8)


def test_a_buyers_risk_sets_imports_from_outside_against_its_own_output(toy):
    at_risk = by_stage(evaluate(toy, Scenario(("FRA", "USA"))).supply_risk, "geopolrisk")
    assert at_risk["mine"] == pytest.approx(0.31 * 12.5 / (15 + 30))
    assert at_risk["refinery"] == pytest.approx(0.68 * 50 / (50 + 20))


def test_a_buyers_own_output_is_put_in_tonnes(toy):
    in_thousands = replace(toy, series=toy.series.assign(tonnes_per_unit=1000.0))
    at_risk = by_stage(evaluate(in_thousands, Scenario(("FRA", "USA"))).supply_risk, "geopolrisk")
    assert at_risk["mine"] == pytest.approx(0.31 * 12.5 / (15 + 30_000))


def test_reserves_that_exceed_their_world_are_a_share_of_their_sum(toy):
    rounded = replace(toy, reserves=toy.reserves.assign(world_t=50.0))
    reserves = evaluate(rounded, Scenario(("FRA", "USA"))).reserves.iloc[0]
    assert reserves.reserves_share == pytest.approx(10 / 50)
    assert reserves.reserves_share_norm == pytest.approx(10 / 70)


def test_new_caledonia_counts_with_france_only_when_territories_do(toy):
    apart = evaluate(toy, Scenario(("FRA",))).indicators
    together = evaluate(toy, Scenario(("FRA",), territories=True)).indicators
    assert by_stage(apart, "bloc_share")["mine"] == pytest.approx(0.2)
    assert by_stage(together, "bloc_share")["mine"] == pytest.approx(0.3)


def test_every_row_of_supply_says_whether_it_is_a_members(toy):
    supply = evaluate(toy, Scenario(("FRA", "USA"))).supply
    assert sorted(set(supply.iso3[supply.member])) == ["FRA", "USA"]
    assert len(supply) == len(toy.production)


def test_output_of_a_former_state_is_never_a_members(toy):
    toy.production.loc[0, "iso3"] = "SUN"
    outcome = evaluate(toy, Scenario(("CHN", "FRA", "USA")))
    assert not outcome.supply.member[0]
    assert by_stage(outcome.indicators, "bloc_share")["mine"] == pytest.approx(0.3)


def test_a_country_without_a_row_has_no_share_and_a_bound(toy):
    china_mining_left_out = replace(toy, production=toy.production.drop(index=0))
    indicators = evaluate(china_mining_left_out, Scenario(("FRA", "USA"))).indicators
    assert np.isnan(by_stage(indicators, "china_share")["mine"])
    assert by_stage(indicators, "china_share_high")["mine"] == pytest.approx(0.6)


# Errors.


def test_an_unknown_country_is_refused(toy):
    with pytest.raises(ScenarioError, match="^XXX is not a country of the record$"):
        evaluate(toy, Scenario(("USA", "XXX")))


@pytest.mark.parametrize("cut", [Restriction("XXX"), Restriction("CHN", targets=("XXX",))])
def test_an_unknown_supplier_or_target_is_refused(toy, cut):
    with pytest.raises(ScenarioError, match="^XXX is not a country of the record$"):
        evaluate(toy, Scenario(("USA",), (cut,)))


def test_a_former_state_is_refused(toy):
    with pytest.raises(ScenarioError, match="^SUN is not a country of the record$"):
        evaluate(toy, Scenario(("SUN",)))


def test_an_unknown_product_is_refused(toy):
    with pytest.raises(ScenarioError, match="^CHN: 'unobtainium' is not a product of the record$"):
        evaluate(toy, Scenario(("USA",), (Restriction("CHN", 0.4, ("unobtainium",)),)))


# What must hold on the whole record.


@given(members=members, supplier=suppliers, product=st.sampled_from(PRODUCTS), cut=cuts, deeper=cuts)
def test_a_deeper_cut_never_adds_supply_or_trade(record, members, supplier, product, cut, deeper):
    shallow, deep = (
        evaluate(record, Scenario(tuple(members), (Restriction(supplier, share, (product,)),)))
        for share in sorted((cut, deeper))
    )
    assert (deep.indicators.available_share <= shallow.indicators.available_share + 1e-12).all()
    assert (deep.trade.imports_withheld_usd >= shallow.trade.imports_withheld_usd - 1e-6).all()


@given(members=members, invited=suppliers)
def test_another_member_never_lowers_the_share_of_the_bloc(record, members, invited):
    before = evaluate(record, Scenario(tuple(members))).indicators
    after = evaluate(record, Scenario((*members, invited))).indicators
    assert (after.bloc_share >= before.bloc_share - 1e-12).all()


@given(members=members, invited=suppliers)
def test_another_member_never_lowers_need(record, members, invited):
    before = evaluate(record, Scenario(tuple(members))).indicators
    after = evaluate(record, Scenario((*members, invited))).indicators
    assert (after.need >= before.need - 1e-9).all()
    assert after.need_share.between(0, 1 + 1e-12).all()


@given(members=members)
def test_shares_of_members_others_and_unlisted_sum_to_one(record, members):
    outside = record.known - {"EUU"} - set(members) - (record.union if "EUU" in members else frozenset())
    inside = evaluate(record, Scenario(tuple(members))).indicators
    others = evaluate(record, Scenario(tuple(outside))).indicators
    whole = inside.bloc_share_norm + others.bloc_share_norm + inside.other_share
    assert whole.to_numpy() == pytest.approx(1)


@given(members=members.flatmap(lambda given: st.tuples(st.just(given), st.permutations(given))))
def test_the_order_of_members_and_restrictions_is_irrelevant(record, members):
    restrictions = (Restriction("CHN", 0.5), Restriction("CHN", 0.8, ("cobalt",)), Restriction("IDN", 0.3))
    one = evaluate(record, Scenario(tuple(members[0]), restrictions))
    other = evaluate(record, Scenario(tuple(members[1]), restrictions[::-1]))
    for name in ("indicators", "trade", "exposure", "supply_risk"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


@given(members=members, supplier=suppliers)
def test_a_cut_of_nothing_gives_the_record_back(record, members, supplier):
    free = evaluate(record, Scenario(tuple(members)))
    none = evaluate(record, Scenario(tuple(members), (Restriction(supplier, 0),)))
    for name in ("indicators", "trade", "exposure", "supply_risk"):
        pd.testing.assert_frame_equal(getattr(free, name), getattr(none, name))


@given(members=members)
def test_the_share_by_plain_aggregation_is_the_share_of_the_model(record, members):
    codes = sorted(set(members) - {"EUU"} | (record.union if "EUU" in members else set()))
    with connect() as connection:
        aggregate = run(connection, "bloc_share_by_aggregate", members=codes)
    model = evaluate(record, Scenario(tuple(members))).indicators
    both = model.merge(aggregate, on=["product", "stage", "form"], suffixes=("", "_by_aggregate"), validate="1:1")
    assert len(both) == len(record.series)
    assert both.bloc_share.to_numpy() == pytest.approx(both.bloc_share_by_aggregate.to_numpy())


@given(members=members, supplier=suppliers, cut=cuts)
def test_fractions_stay_between_0_and_1(record, members, supplier, cut):
    indicators = evaluate(record, Scenario(tuple(members), (Restriction(supplier, cut),))).indicators
    for name in (
        "bloc_share_norm",
        "bloc_share_high",
        "bloc_share_ex_china",
        "n_minus_1",
        "available_share",
        "coverage",
    ):
        assert indicators[name].dropna().between(-1e-12, 1 + 1e-12).all(), name


def test_an_empty_bloc_produces_nothing_and_needs_nothing(record):
    indicators = evaluate(record, Scenario()).indicators
    assert (indicators.bloc_production == 0).all()
    assert (indicators.bloc_share == 0).all()
    assert indicators.coverage.isna().all()


def test_an_empty_bloc_buys_nothing(record):
    outcome = evaluate(record, Scenario())
    assert outcome.trade.empty
    assert outcome.exposure.china_share_total.isna().all()


def test_with_everyone_a_member_nobody_is_outside(record):
    outcome = evaluate(record, Scenario(tuple(record.known)))
    assert outcome.outsiders.empty
    assert (outcome.exposure.imports_extra_usd == 0).all()
    assert outcome.exposure.china_share_extra.isna().all()
    assert (outcome.indicators.bloc_share_norm + outcome.indicators.other_share).to_numpy() == pytest.approx(1)


def test_a_cut_of_everything_by_a_single_supplier_leaves_nothing(record):
    indicators = evaluate(record, Scenario(("USA",), (Restriction("CHN", 1, ("rare_earths_heavy",)),))).indicators
    assert indicators.available_share[indicators["product"] == "rare_earths_heavy"].tolist() == pytest.approx([0])


def test_a_cut_aimed_at_a_non_member_withholds_nothing_from_the_members(record):
    scenario = Scenario(("JPN", "USA"), (Restriction("CHN", 0.5, targets=("DEU",)),))
    outcome = evaluate(record, scenario)
    assert (outcome.trade.imports_withheld_usd == 0).all()
    assert (outcome.indicators.available_share == 1).all()


def test_the_union_as_a_target_is_each_of_its_members(record):
    by_union = Scenario(("DEU", "USA"), (Restriction("CHN", 0.5, targets=("EUU",)),))
    by_name = Scenario(("DEU", "USA"), (Restriction("CHN", 0.5, targets=tuple(record.union)),))
    pd.testing.assert_frame_equal(evaluate(record, by_union).trade, evaluate(record, by_name).trade)
    assert evaluate(record, by_union).trade.imports_withheld_usd.sum() > 0


def test_the_union_as_a_member_is_each_of_its_members(record):
    union = evaluate(record, Scenario(("EUU",)))
    by_name = evaluate(record, Scenario(tuple(record.union)))
    pd.testing.assert_frame_equal(union.indicators, by_name.indicators)
    assert (union.indicators.bloc_share > 0).any()


def test_the_union_that_withholds_is_each_of_its_members(record):
    by_union = Scenario(("USA",), (Restriction("EUU", 0.5),))
    by_name = Scenario(("USA",), tuple(Restriction(code, 0.5) for code in record.union))
    pd.testing.assert_frame_equal(evaluate(record, by_union).indicators, evaluate(record, by_name).indicators)


def test_the_union_does_not_withhold_from_its_own_members(record):
    cut = Scenario(("EUU", "USA"), (Restriction("EUU", 0.5),))
    aimed = Scenario(("EUU", "USA"), (Restriction("EUU", 0.5, targets=("USA",)),))
    trade = evaluate(record, cut).exposure.imports_withheld_usd
    assert trade.sum() > 0
    pd.testing.assert_series_equal(trade, evaluate(record, aimed).exposure.imports_withheld_usd)


def test_a_supplier_alone_in_the_bloc_withholds_nothing_from_it(record):
    indicators = evaluate(record, Scenario(("CHN",), (Restriction("CHN", 1.0),))).indicators
    assert (indicators.available_share == 1).all()


def test_territories_add_new_caledonia_to_nickel_mining(record):
    apart = Scenario.from_preset("cmm_2026", record=record)
    together = Scenario(apart.members, territories=True)
    shares = []
    for scenario in (apart, together):
        indicators = evaluate(record, scenario).indicators
        mined = indicators[(indicators["product"] == "nickel") & (indicators.stage == "mine")]
        shares += mined.bloc_share.tolist()
    assert shares == pytest.approx([0.137, 0.173], abs=0.001)


def test_evaluating_two_scenarios_leaves_the_record_as_it_is(toy):
    frames = {name: frame.copy() for name, frame in vars(toy).items() if isinstance(frame, pd.DataFrame)}
    evaluate(toy, Scenario(("FRA", "USA"), (Restriction("CHN", 1),), True))
    evaluate(toy, Scenario(("CHN",)))
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(getattr(toy, name), frame)


def test_evaluating_a_scenario_again_gives_the_same_outcome(record):
    scenario = Scenario(("JPN", "USA"), (Restriction("CHN", 0.4),))
    first = evaluate(record, scenario)
    evaluate(record, Scenario(("AUS",), (Restriction("IDN", 1),)))
    for name in vars(first):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(evaluate(record, scenario), name))


# The shape of the outcome.


def test_indicators_have_one_row_per_default_series(record):
    indicators = evaluate(record, Scenario(("USA",))).indicators
    assert not indicators.duplicated(["product", "stage", "form"]).any()
    assert len(indicators) == len(record.series)


@pytest.mark.parametrize(
    ("frame", "columns"),
    [
        ("indicators", ["product", "mineral", "stage", "form", "year", "unit", "bloc_production", "world_production"]),
        ("indicators", ["bloc_share", "bloc_share_high", "bloc_share_ex_china", "china_share", "largest_supplier"]),
        ("indicators", ["largest_share", "top3_share", "hhi_low", "hhi_high", "n_minus_1", "available_share"]),
        ("indicators", ["producing_members", "undisclosed"]),
        ("trade", ["product", "iso3", "imports_withheld_usd", "imports_withheld_t"]),
        ("supply", ["product", "stage", "form", "iso3", "year", "quantity", "qualifier", "member"]),
    ],
)
def test_a_frame_of_the_outcome_has_the_columns_that_are_promised(record, frame, columns):
    assert set(columns) <= set(getattr(evaluate(record, Scenario(("USA",))), frame).columns)


def test_a_comparison_tells_the_outcomes_apart_by_case(toy):
    baseline = evaluate(toy, Scenario(("USA",)))
    outcome = evaluate(toy, Scenario(("FRA", "USA"), (Restriction("CHN", 0.4),)))
    both = compare(baseline, outcome).indicators
    assert both.columns[0] == "case"
    assert both.case.tolist() == ["baseline", "baseline", "scenario", "scenario"]
    assert both.bloc_production.tolist() == [10, 0, 30, 20]


def test_a_comparison_with_itself_has_every_row_twice(toy):
    outcome = evaluate(toy, Scenario(("FRA", "USA")))
    both = compare(outcome, outcome)
    for name in vars(outcome):
        halves = [rows.drop(columns="case").reset_index(drop=True) for _, rows in getattr(both, name).groupby("case")]
        pd.testing.assert_frame_equal(*halves)
