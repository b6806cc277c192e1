from dataclasses import FrozenInstanceError

import pytest

from bloc.scenario import Restriction, Scenario, ScenarioError

EVERY_CONFIDENCE = ("confirmed", "inferred", "claimed")


@pytest.mark.parametrize("cut", [40, -0.1, 1.01, float("nan"), "0.4", None])
def test_a_cut_outside_0_to_1_is_refused_with_its_bound(cut):
    with pytest.raises(ScenarioError, match=rf"^CHN: cut {cut} is not a fraction in \[0, 1\]$"):
        Restriction("CHN", cut)


def test_a_cut_is_a_quarter_unless_said_otherwise():
    assert Restriction("CHN").cut == 0.25


@pytest.mark.parametrize("cut", [0, 1])
def test_a_cut_may_be_nothing_or_everything(cut):
    assert Restriction("CHN", cut).cut == float(cut)


@pytest.mark.parametrize("code", ["China", "chn", "CH", ""])
def test_a_supplier_that_is_no_country_code_is_refused(code):
    with pytest.raises(ScenarioError, match=f"^supplier: '{code}' is not a country code of three capital letters$"):
        Restriction(code)


def test_a_target_that_is_no_country_code_is_refused():
    with pytest.raises(ScenarioError, match="^target: 'Japan' is not a country code"):
        Restriction("CHN", targets=("Japan",))


def test_a_member_that_is_no_country_code_is_refused():
    with pytest.raises(ScenarioError, match="^member: 'us' is not a country code"):
        Scenario(("us",))


def test_an_unknown_stage_is_refused_with_the_stages_there_are():
    with pytest.raises(ScenarioError, match="^CHN: stage 'mining' is not one of mine, smelter, refinery$"):
        Restriction("CHN", stages=("mining",))


def test_a_single_code_may_stand_for_a_list():
    assert Scenario("USA").members == ("USA",)


def test_the_order_of_members_is_irrelevant():
    assert Scenario(("USA", "JPN", "USA")) == Scenario(("JPN", "USA"))


def test_the_order_inside_a_restriction_is_irrelevant():
    one = Restriction("CHN", 0.5, ("gallium", "cobalt"), ("refinery", "mine"), ("USA", "JPN"))
    other = Restriction("CHN", 0.5, ("cobalt", "gallium"), ("mine", "refinery"), ("JPN", "USA"))
    assert one == other


def test_equal_scenarios_are_one_key_of_a_cache():
    one = Scenario(("USA", "JPN"), (Restriction("CHN", 1),))
    other = Scenario(("JPN", "USA"), (Restriction("CHN", 1.0),))
    assert {one: "seen"}[other] == "seen"


def test_scenarios_that_differ_in_a_cut_differ():
    assert Scenario(("USA",), (Restriction("CHN", 0.5),)) != Scenario(("USA",), (Restriction("CHN", 0.6),))


def test_a_scenario_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Scenario(("USA",)).territories = True


def test_countries_are_invited_and_left_out(toy):
    assert Scenario(("USA", "JPN")).with_members(("IDN",), ("JPN",), toy).members == ("IDN", "USA")


def test_a_country_both_invited_and_left_out_is_out(toy):
    assert Scenario(("USA",)).with_members(("IDN",), ("IDN",), toy).members == ("USA",)


def test_leaving_out_the_union_leaves_out_its_members(toy):
    assert Scenario(("FRA", "USA")).with_members(left_out=("EUU",), record=toy).members == ("USA",)


def test_a_country_of_the_union_can_be_left_out(toy):
    assert Scenario(("EUU", "USA")).with_members(left_out=("FRA",), record=toy).members == ("USA",)


def test_new_members_leave_restrictions_and_territories_as_they_are(toy):
    cut = (Restriction("CHN"),)
    assert Scenario(("USA",), cut, True).with_members(("JPN",), (), toy) == Scenario(("JPN", "USA"), cut, True)


def test_without_restrictions_the_members_stay():
    scenario = Scenario(("USA",), (Restriction("CHN"),), True)
    assert scenario.without_restrictions() == Scenario(("USA",), (), True)


def test_a_preset_counts_confirmed_and_inferred_members_unless_said_otherwise(toy):
    assert Scenario.from_preset("pair", record=toy).members == ("FRA", "USA")


def test_a_preset_of_confirmed_members_leaves_out_the_inferred(toy):
    assert Scenario.from_preset("pair", ["confirmed"], toy).members == ("USA",)


def test_a_preset_with_claimed_members_has_them_too(toy):
    assert Scenario.from_preset("pair", EVERY_CONFIDENCE, toy).members == ("CHN", "FRA", "USA")


def test_an_observer_is_not_in_a_preset(toy):
    assert "NCL" not in Scenario.from_preset("pair", EVERY_CONFIDENCE, toy).members


def test_a_preset_of_no_confidence_is_empty(toy):
    assert Scenario.from_preset("pair", [], toy) == Scenario()


def test_an_unknown_preset_is_refused_with_those_there_are(toy):
    with pytest.raises(ScenarioError, match="^preset 'nato' is not one of pair$"):
        Scenario.from_preset("nato", record=toy)


def test_an_unknown_confidence_is_refused_with_those_there_are(toy):
    with pytest.raises(ScenarioError, match="^confidence 'rumoured' is not one of confirmed, inferred, claimed$"):
        Scenario.from_preset("pair", ["rumoured"], toy)


@pytest.mark.parametrize(
    ("preset", "members"),
    [
        ("cmm_2026", 69),  # 54 attending states, the United States, 14 more of the European Union
        ("forge", 34),
        ("msp", 35),
        ("pax_silica", 45),
        ("us_eu_jp", 29),
        ("acm_plurilateral", 30),
        ("us_bilateral_cm", 55),
        ("quad_cmi", 4),
        ("g7_cmpa", 31),
        ("usa_only", 1),
        ("eu27", 27),
    ],
)
def test_a_preset_has_as_many_members_as_its_texts_name(record, preset, members):
    assert len(Scenario.from_preset(preset, record=record).members) == members


def test_the_ministerial_without_the_unions_seat_has_55_states(record):
    rows = record.memberships.query("grouping_id == 'cmm_2026' and in_preset and iso3 != 'EUU'")
    assert rows.iso3.nunique() == 55


def test_the_partners_of_the_union_and_japan_are_the_27_and_two_more(record):
    members = Scenario.from_preset("us_eu_jp", record=record).members
    assert set(members) == record.union | {"USA", "JPN"}


def test_only_the_united_states_and_korea_are_confirmed_in_forge(record):
    assert Scenario.from_preset("forge", ["confirmed"], record).members == ("KOR", "USA")


def test_two_states_of_forge_are_only_claimed(record):
    assert len(Scenario.from_preset("forge", EVERY_CONFIDENCE, record).members) == 36


def test_the_core_four_are_a_claim_and_empty_without_it(record):
    assert Scenario.from_preset("core_four", record=record).members == ()
    assert Scenario.from_preset("core_four", EVERY_CONFIDENCE, record).members == ("AUS", "JPN", "KOR", "USA")


def test_observers_and_negotiators_are_outside_pax_silica(record):
    members = Scenario.from_preset("pax_silica", EVERY_CONFIDENCE, record).members
    assert {"CAN", "TWN", "BGD"}.isdisjoint(members)
