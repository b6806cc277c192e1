"""The page of restrictions: words and figures of every market, numbers against the model, recorded controls."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from bloc import market_outcome
from bloc.market_outcome import evaluate_market
from bloc.outcome import bloc_members
from bloc.scenario import Restriction
from bloc.settings import Applied, Settings
from bloc.views import (
    market_session,
    rerouting,
    restrictions,
    restrictions_joining,
    restrictions_members,
    restrictions_minerals,
    restrictions_records,
    restrictions_sellers,
    session,
)
from bloc.views import restrictions_words as said
from bloc.views.figure import Figure
from bloc.views.restrictions_words import Answer
from bloc.views.supply import Sides

ROOT = Path(__file__).parents[1]
RAW = re.compile(r"\bnan\b|\bNone\b|\binf\b|[a-z]_[a-z]|\b[A-Z]{3}\b")
# Codes that are words of their own.
WORDS = {"USD", "FTI", "SMM", "UAE", "GDP"}
CHAINS = sorted(market_session.offered())
SETTINGS = {
    "as the app opens": Settings(),
    "a whole cut to two": Settings(cut_pct=100, targets=("JPN", "USA")),
    "nothing": Settings(cut_pct=0),
    "leaks, five years": Settings(supplier="COD", cut_pct=60, leak_pct=30, horizon="five_years"),
}
KINDS = ("price", "shortage", "rationing", "unused", "unsolved")


def answer(**changed: float) -> Answer:
    plain = Answer(
        base_t=10.0, price=2.0, price_low=1.5, price_high=3.0, cost=2.0, served=0.9, served_low=0.85, served_high=0.95,
        ceiling=8.0,
    )  # fmt: skip
    return replace(plain, **changed)


def of_kind(kind: str) -> Answer:
    changed = {
        "price": {},
        "shortage": {"cost": 5.0, "price": 5.0},
        "rationing": {"cost": 7.9, "price": float("nan"), "served": 0.3},
        "unused": {"base_t": 0.0},
        "unsolved": {"cost": float("nan")},
    }
    return answer(**changed[kind])


def assert_true_words(text: str) -> None:
    assert [each for each in RAW.findall(text) if each not in WORDS] == [], text


def assert_true_figure(figure: Figure) -> None:
    for text in (figure.finding, figure.basis, figure.alt, figure.note):
        assert_true_words(text)
    for name in ("label", "text", "price_text", "lost_text", "said", "market", "range"):
        if name in figure.drawn:
            for text in figure.drawn[name]:
                assert_true_words(str(text))


def outcome_of(record, settings: Settings, chain: str):
    return market_session.outcome_of(record, settings.scenario(record), (chain,))


@pytest.mark.parametrize("name", SETTINGS)
def test_every_market_says_true_words(record, name):
    settings = SETTINGS[name]
    scenario = settings.scenario(record)
    members = bloc_members(record, scenario)
    sides = Sides(record, members, frozenset({settings.supplier}))
    for chain in CHAINS:
        outcome, case = outcome_of(record, settings, chain), market_session.base_cases()[chain]
        found = said.answers(outcome, frozenset(["JPN"]))[chain]
        assert_true_words(said.headline(record, settings, case, "JPN", found))
        for stage in ("product", "ore") if case.two_stages else ("product",):
            assert_true_figure(rerouting.rerouting_figure(record, outcome, chain, stage))
        if found.kind not in ("unused", "unsolved"):
            assert_true_figure(restrictions_sellers.suppliers(record, sides, outcome, chain, "JPN"))


@pytest.mark.parametrize("name", SETTINGS)
def test_the_figures_over_all_markets_say_true_words(record, name):
    scenario = SETTINGS[name].scenario(record)
    for found in (
        restrictions_minerals.by_mineral(record, scenario, frozenset(["JPN"]), "Japan"),
        restrictions_members.members(record, scenario, phone=False),
    ):
        if isinstance(found, str):
            assert_true_words(found)
        else:
            assert_true_figure(found)


def test_without_members_the_page_says_so(record):
    nobody = Settings(preset="usa_only", left_out=("USA",)).scenario(record)
    assert restrictions_members.members(record, nobody, phone=True) == (
        "Without members there is no bloc to be exposed."
    )


def test_the_answer_is_what_the_model_gives(record):
    settings = Settings(products=("gallium",))
    case = market_session.base_cases()["gallium"]
    scenario = settings.scenario(record)
    solved = evaluate_market([case], market_session.table(), scenario, record.union, bloc_members(record, scenario))
    users = market_outcome.users(solved)
    japan = users[users.iso3 == "JPN"].iloc[0]
    found = said.answers(outcome_of(record, settings, "gallium"), frozenset(["JPN"]))["gallium"]
    assert found.price == pytest.approx(japan.price)
    assert (found.price_low, found.price_high) == pytest.approx((japan.price_low, japan.price_high))
    assert found.served == pytest.approx(japan.served)
    assert said.headline(record, settings, case, "JPN", found) == (
        f"A 25\u202f% cut of China’s gallium exports would raise Japan’s gallium price {japan.price:.1f}-fold, "
        f"{japan.price_low:.1f} to {japan.price_high:.1f} across assumptions"
    )


def test_the_rows_over_all_markets_are_those_of_the_model(record):
    scenario = Settings().scenario(record)
    chains = market_session.moved_chains(record, scenario)
    whole = market_outcome.groups(market_session.outcome_of(record, scenario, chains), ["JPN"]).set_index("chain")
    rows = restrictions_minerals.moved_rows(record, scenario, frozenset(["JPN"])).set_index("chain")
    assert set(rows.index) == set(chains)
    said_of = rows[rows.price.notna()]
    pd.testing.assert_series_equal(said_of.price, whole.price[said_of.index], check_names=False)
    assert rows.effect.is_monotonic_decreasing


def test_what_a_country_buys_and_what_it_goes_without_add_up(record):
    settings = Settings(cut_pct=60, products=("tungsten",))
    outcome = outcome_of(record, settings, "tungsten")
    sides = Sides(record, frozenset({"JPN"}), frozenset({"CHN"}))
    drawn = restrictions_sellers.suppliers(record, sides, outcome, "tungsten", "JPN").drawn
    assert drawn.was.sum() == pytest.approx(1, abs=0.01)
    assert drawn.now.sum() == pytest.approx(1, abs=0.01)
    assert (drawn.low <= drawn.now + 1e-9).all()
    assert (drawn.now <= drawn.high + 1e-9).all()


def test_who_loses_on_the_map_is_who_withholds(record):
    outcome = outcome_of(record, Settings(cut_pct=50, products=("gallium",)), "gallium")
    rows = rerouting.rerouted(outcome, "gallium")
    assert set(rows.seller[rows.meaning == "loses"]) == {"CHN"}
    assert ((rows.change_t > 0) == (rows.meaning == "gains")).all()
    change = rerouting.export_changes(outcome, "gallium")
    case = outcome.cases[0]
    row = case.refiners.index("CHN")
    exports_t = case.product_flow_t[row].sum() - case.product_flow_t[row, case.users.index("CHN")]
    assert change["CHN"] == pytest.approx(-0.5 * exports_t, rel=1e-3)


def test_routes_of_the_ore_show_who_withholds_it(record):
    settings = Settings(supplier="COD", cut_pct=60, products=("cobalt",))
    outcome = outcome_of(record, settings, "cobalt")
    assert rerouting.export_changes(outcome, "cobalt", "ore").index[0] == "COD"
    assert rerouting.rerouting_figure(record, outcome, "cobalt", "ore").finding.startswith("DR Congo would export")


def test_members_stand_with_what_the_model_gives_them(record):
    scenario = Settings(products=("magnesium",)).scenario(record)
    rows = restrictions_members.exposed(record, scenario)
    outcome = market_session.outcome_of(record, scenario, market_session.moved_chains(record, scenario))
    users = market_outcome.users(outcome).query("chain == 'magnesium'").set_index("iso3")
    germany = rows[(rows.iso3 == "DEU") & (rows.chain == "magnesium")].iloc[0]
    assert germany.price == pytest.approx(users.price["DEU"])
    assert germany.extra_usd == pytest.approx(
        users.base_t["DEU"] * outcome.cases[0].price_usd_per_t * (users.cost["DEU"] - 1)
    )
    assert set(rows.iso3) <= bloc_members(record, scenario)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_is_named_and_said(kind):
    found = of_kind(kind)
    assert found.kind == kind
    for text in (said.price_words(found), said.effect(found, "Japan", "gallium")):
        assert_true_words(text)


def test_no_price_is_said_beyond_half_the_ceiling():
    assert said.price_words(answer(price_high=5.0)) == "2.0 (1.5 to over 4)"
    assert "5.0" not in said.price_words(of_kind("shortage"))
    assert said.effect(of_kind("shortage"), "Japan", "gallium") == (
        "leave Japan short of 10\u202f% of its gallium, 5\u202f% to 15\u202f% across assumptions"
    )


@pytest.mark.parametrize(
    ("price", "low", "high", "words"),
    [
        (2.47, 1.56, 3.45, "raise Japan’s gallium price 2.5-fold, 1.6 to 3.5 across assumptions"),
        (1.12, 1.08, 1.16, "raise Japan’s gallium price by 12\u202f%, 8\u202f% to 16\u202f% across assumptions"),
        (0.91, 0.84, 0.96, "lower Japan’s gallium price by 9\u202f%, 4\u202f% to 16\u202f% across assumptions"),
        (0.98, 0.95, 1.02, "lower Japan’s gallium price by 2\u202f%, −5\u202f% to +2\u202f% across assumptions"),
        (1.43, 1.3, 1.8, "raise Japan’s gallium price 1.43-fold, 1.30 to 1.80 across assumptions"),
        (1.001, 1.0, 1.01, "hardly move Japan’s gallium price"),
    ],
)
def test_a_change_of_price_is_a_multiple_or_a_percentage(price, low, high, words):
    found = answer(price=price, price_low=low, price_high=high, cost=price)
    assert said.effect(found, "Japan", "gallium") == words


def test_a_half_cut_that_costs_more_than_a_whole_one_is_said(record):
    dear, cheap = answer(price=3.0, cost=3.0), answer(price=2.5, cost=2.5)
    assert said.half_is_dearer(record, "JPN", dear, cheap).startswith("This cut would cost Japan more than a whole one")
    assert said.half_is_dearer(record, "JPN", cheap, dear) == ""
    assert said.half_is_dearer(record, "JPN", dear, of_kind("rationing")) == ""


def test_a_whole_cut_is_made_only_of_partial_ones_on_the_market(record):
    case = market_session.base_cases()["gallium"]
    partial = Settings(products=("gallium",)).scenario(record)
    assert said.whole(partial, case).restrictions == (Restriction("CHN", 1.0, ("gallium",)),)
    assert said.whole(Settings(products=("tin",)).scenario(record), case) is None
    assert said.whole(Settings(cut_pct=100).scenario(record), case) is None


def test_a_cut_on_one_member_still_has_markets_to_show(record):
    scenario = Settings(cut_pct=50, targets=("USA",)).scenario(record)
    drawn = restrictions_members.members(record, scenario, phone=False).drawn
    assert drawn.label[0] == "United States"
    assert len(drawn) >= restrictions_members.ROWS


# Adding a country.


def test_who_is_in_the_bloc_changes_no_price_while_members_levy_nothing(record):
    scenario = Settings(products=("gallium",)).scenario(record)
    case = market_session.base_cases()["gallium"]
    found = restrictions_joining.joining(record, scenario, case, "JPN", "VNM")
    assert found.joined.price == pytest.approx(found.without.price, rel=1e-9)
    assert found.everybody
    assert restrictions_joining.verdict(record, found, case, "JPN", "VNM") == (
        "Adding Vietnam would neither help nor hurt Japan in gallium: the cut is on everybody"
    )


def test_a_cut_that_follows_a_large_user_into_the_bloc_hurts(record):
    scenario = Settings(products=("antimony",), targets=("JPN",), cut_pct=100).scenario(record)
    case = market_session.base_cases()["antimony"]
    found = restrictions_joining.joining(record, scenario, case, "JPN", "KOR")
    assert not found.everybody
    assert found.extended.cost > found.listed.cost


@pytest.mark.parametrize("targets", [(), ("JPN",), ("JPN", "VNM")])
@pytest.mark.parametrize("tariff_pct", [0, 25])
def test_every_case_of_adding_a_country_is_said_in_true_words(record, targets, tariff_pct):
    scenario = Settings(products=("gallium",), targets=targets, tariff_pct=tariff_pct).scenario(record)
    case = market_session.base_cases()["gallium"]
    found = restrictions_joining.joining(record, scenario, case, "JPN", "VNM")
    accounted = session.case_of(Settings(), frozenset({"CHN"}))
    for text in (
        restrictions_joining.verdict(record, found, case, "JPN", "VNM"),
        *restrictions_joining.sentences(record, found, scenario, case, "JPN", "VNM"),
        *restrictions_joining.three_lists(record, scenario, accounted, case),
    ):
        assert_true_words(text)


# Recorded controls.


def test_every_applicable_record_alone_gives_a_scenario_that_solves(record):
    for each in sorted(record.applicable):
        applied = Applied(each, restrictions_records.level_pct(record, each))
        scenario = Settings(cut_pct=0, applied=(applied,)).scenario(record)
        assert scenario.restrictions or scenario.duties
        chains = market_session.moved_chains(record, scenario)
        if chains:
            solved = market_session.outcome_of(record, scenario, chains, ranged=False)
            assert solved.point.converged.all(), each


def test_every_record_has_a_state_and_either_a_level_or_a_reason(record):
    rows = restrictions_records.recorded(record)
    assert set(rows.restriction_id) == set(record.restrictions.restriction_id)
    able, rest = rows[rows.applicable], rows[~rows.applicable]
    assert set(able.restriction_id) == record.applicable
    assert able.basis.isin(["stated", "computed", "assumed"]).all()
    assert (rest.reason != "").all()
    assert rows.state_words.isin(["", "Nan"]).sum() == 0
    for text in [*able.label, *rows.state_words, *rows.level_words, *rows.reason]:
        assert_true_words(text)
    shown = restrictions_records.every(record)
    assert set(rest.reason) <= set(shown.rows.reason)


def test_the_first_record_sets_an_untouched_cut_to_zero_and_leaves_a_chosen_one(record):
    offered = ("cn_ga_lic_2023", "cn_gallium_us_ban_2024")
    first = restrictions_records.with_records(record, Settings(), {"cn_ga_lic_2023"}, offered)
    assert first == {"applied": (Applied("cn_ga_lic_2023", 25),), "cut_pct": 0}
    chosen = Settings(cut_pct=40)
    assert "cut_pct" not in restrictions_records.with_records(record, chosen, {"cn_ga_lic_2023"}, offered)
    standing = Settings(applied=(Applied("cn_ga_lic_2023", 10), Applied("cd_co_quota_2026", 57)))
    both = restrictions_records.with_records(record, standing, set(offered), offered)["applied"]
    assert both == (
        Applied("cd_co_quota_2026", 57), Applied("cn_ga_lic_2023", 10), Applied("cn_gallium_us_ban_2024", 100),
    )  # fmt: skip
    left = restrictions_records.with_records(record, standing, set(), offered)["applied"]
    assert left == (Applied("cd_co_quota_2026", 57),)


# The page.


def page(**query: str) -> AppTest:
    found = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    found.session_state[session.GO] = ("restrictions", {name: [value] for name, value in query.items()})
    return found.run()


def texts(found: AppTest) -> str:
    elements = [*found.title, *found.header, *found.markdown, *found.metric, *found.error, *found.info]
    return "\n".join(f"{getattr(each, 'value', '')} {getattr(each, 'label', '')}" for each in elements)


def test_the_page_opens_on_its_finding_in_numbers():
    found = page(country="JPN", of="gallium", v="1")
    assert not found.exception
    assert re.match(r"A 25.% cut of China’s gallium exports would raise Japan’s gallium price", found.title[0].value)
    assert "nan" not in texts(found).lower().replace("finance", "")


@pytest.mark.parametrize(
    "query",
    [
        {"v": "1", "cut": "0"},
        {"v": "1", "bloc": "usa_only", "out": "USA"},
        {"v": "1", "cut": "100", "chain": "rare_earths_magnet", "country": "DEU", "whom": "members"},
        {"v": "1", "by": "COD", "cut": "60", "chain": "cobalt", "records": "all", "adding": "IDN", "routes": "ore"},
        {"v": "1", "cut": "0", "rec": "cn_ga_lic_2023~25", "country": "USA", "time": "five_years", "leak": "30"},
        {"v": "1", "chain": "barite", "country": "VNM", "tariff": "25"},
    ],
)
def test_every_state_of_the_page_draws_without_exception(query):
    found = page(**query)
    assert not found.exception
    assert not found.error
    assert found.title[0].value


def test_a_wrong_parameter_is_named_in_a_sentence():
    found = page(chain="unobtainium", country="XXX")
    assert not found.exception
    warned = " ".join(each.value for each in found.error)
    assert "unobtainium" in warned
    assert "XXX" in warned


def test_an_applied_record_stands_with_its_slider_and_a_button_to_take_it_out():
    found = page(v="1", cut="0", rec="cn_ga_lic_2023~40")
    assert found.slider(key="level_cn_ga_lic_2023").value == 40
    assert found.button(key="drop_cn_ga_lic_2023").label == "Remove"


def test_only_markets_that_are_offered_can_be_asked_about(record):
    assert set(restrictions.markets(record)) == set(CHAINS)
    assert "JPN" in restrictions.countries(record)
