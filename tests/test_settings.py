import pytest

from bloc.scenario import Assumed, Flooding, PriceMeasure, Restriction, Scenario, StockChange
from bloc.settings import Applied, Settings, confidences

STARTS = {
    "as it opens": Settings(),
    "one country": Settings(preset="usa_only"),
    "with a union": Settings(preset="us_eu_jp"),
    "the union invited": Settings(preset="quad_cmi", invited=("EUU",)),
    "the union invited without Germany": Settings(preset="quad_cmi", invited=("EUU",), left_out=("DEU",)),
    "a member of the union left out": Settings(preset="us_eu_jp", left_out=("DEU",)),
    "the union left out": Settings(preset="us_eu_jp", left_out=("EUU",)),
    "the union left out where it never was": Settings(preset="usa_only", left_out=("EUU",)),
    "Germany invited and the union left out": Settings(preset="usa_only", invited=("DEU",), left_out=("EUU",)),
    "invited and left out": Settings(preset="msp", invited=("IDN",), left_out=("IDN", "USA")),
    "a member invited": Settings(preset="msp", invited=("USA",)),
    "claims too": Settings(preset="core_four", confidence="claimed"),
    "territories": Settings(preset="msp", territories=True),
}
every_start = pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)


def members(settings, record):
    return set(settings.scenario(record).members)


# A click on the map.


@every_start
def test_a_click_moves_that_country_and_no_other(record, start):
    before = members(start, record)
    for iso3 in sorted(record.known - {"EUU"}):
        assert members(start.toggled(iso3, record), record) == before ^ {iso3}, iso3


@every_start
def test_a_second_click_brings_the_members_back(record, start):
    before = members(start, record)
    for iso3 in sorted(record.known - {"EUU"}):
        assert members(start.toggled(iso3, record).toggled(iso3, record), record) == before, iso3


@pytest.mark.parametrize("preset", ["cmm_2026", "msp", "us_eu_jp", "usa_only"])
def test_a_second_click_on_a_preset_leaves_no_trace_in_the_settings(record, preset):
    start = Settings(preset=preset)
    for iso3 in sorted(record.known - {"EUU"}):
        assert start.toggled(iso3, record).toggled(iso3, record) == start, iso3


def test_a_click_on_a_country_outside_invites_it(record):
    assert Settings().toggled("IDN", record) == Settings(invited=("IDN",))


def test_a_click_on_a_member_of_the_preset_leaves_it_out(record):
    assert Settings().toggled("USA", record) == Settings(left_out=("USA",))


def test_a_click_on_a_guest_takes_the_invitation_back(record):
    assert Settings(invited=("IDN", "VNM")).toggled("IDN", record) == Settings(invited=("VNM",))


def test_a_click_on_germany_with_the_union_left_out_brings_germany_alone_in(record):
    start = Settings(preset="us_eu_jp", left_out=("EUU",))
    assert members(start.toggled("DEU", record), record) == {"DEU", "JPN", "USA"}


def test_a_click_changes_members_only(record):
    start = Settings(preset="msp", cut_pct=60, products=("cobalt",), stage="mine", territories=True, baseline="same")
    clicked = start.toggled("IDN", record)
    assert clicked.reset("invited") == start


# Members.


@pytest.mark.parametrize(
    ("preset", "number"), [("usa_only", 1), ("quad_cmi", 4), ("us_eu_jp", 29), ("msp", 35), ("cmm_2026", 69)]
)
def test_a_preset_has_its_members(record, preset, number):
    assert len(Settings(preset=preset).scenario(record).members) == number


def test_left_out_beats_invited(record):
    assert "IDN" not in members(Settings(invited=("IDN",), left_out=("IDN",)), record)


def test_the_union_invited_adds_its_27(record):
    assert members(Settings(preset="usa_only", invited=("EUU",)), record) == {"USA"} | record.union
    assert len(record.union) == 27


def test_one_member_of_the_union_can_be_left_out(record):
    assert members(Settings(preset="us_eu_jp", left_out=("DEU",)), record) == {"JPN", "USA"} | record.union - {"DEU"}


def test_leaving_out_everybody_leaves_nobody(record):
    assert Settings(left_out=tuple(sorted(record.known))).scenario(record).members == ()


def test_members_of_the_preset_are_those_before_any_change(record):
    given = Settings(preset="quad_cmi", invited=("IDN",), left_out=("USA",))
    assert set(given.preset_members(record)) == {"AUS", "IND", "JPN", "USA"}


def test_surer_memberships_are_fewer(record):
    sizes = {
        least: [len(Settings(preset=each, confidence=least).preset_members(record)) for each in record.presets]
        for least in ("confirmed", "inferred", "claimed")
    }
    assert all(a <= b <= c for a, b, c in zip(*sizes.values(), strict=True))
    assert sum(sizes["confirmed"]) < sum(sizes["claimed"])


def test_kinds_of_membership_are_counted_from_the_surest_down():
    assert confidences("confirmed") == ("confirmed",)
    assert confidences("inferred") == ("confirmed", "inferred")
    assert confidences("claimed") == ("confirmed", "inferred", "claimed")


# The cut.


def test_settings_make_the_scenario_they_say(record):
    given = Settings("usa_only", "inferred", ("IDN",), (), True, "COD", 60, ("cobalt",), "mine", ("USA",))
    cut = Restriction("COD", 0.6, ("cobalt",), ("mine",), ("USA",))
    assert given.scenario(record) == Scenario(("IDN", "USA"), (cut,), territories=True)


def test_no_cut_is_no_restriction(record):
    assert Settings(cut_pct=0, products=("cobalt",)).scenario(record).restrictions == ()


def test_refined_is_both_the_smelter_and_the_refinery(record):
    assert Settings(stage="refined").scenario(record).restrictions[0].stages == ("smelter", "refinery")


# What was changed.


def test_nothing_is_changed_on_the_defaults():
    assert Settings().changed() == ()


CHANGES = {
    "preset": "msp",
    "confidence": "claimed",
    "invited": ("IDN",),
    "left_out": ("USA",),
    "territories": True,
    "supplier": "COD",
    "cut_pct": 0,
    "products": ("cobalt",),
    "stage": "mine",
    "targets": ("USA",),
    "baseline": "same",
    "applied": (Applied("cd_co_quota_2026", 57),),
    "tariff_pct": 25,
    "tariff_products": ("cobalt",),
    "preference_pct": 50,
    "prices": (PriceMeasure("cobalt", 2.0, unit="multiple"),),
    "floodings": (Flooding("CHN", "cobalt", 0.2),),
    "stocks": (StockChange("cobalt", 5000.0),),
    "leak_pct": 30,
    "horizon": "five_years",
    "assumed": (Assumed("ceiling", 4.0),),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_control_that_is_moved_is_named(name):
    assert Settings(**{name: CHANGES[name]}).changed() == (name,)


@pytest.mark.parametrize("name", CHANGES)
def test_a_control_is_reset_alone(name):
    everything = Settings(**CHANGES)
    assert set(everything.reset(name).changed()) == set(CHANGES) - {name}


def test_reset_without_a_name_resets_everything():
    assert Settings(**CHANGES).reset() == Settings()


def test_every_control_is_in_the_table_of_changes():
    assert set(CHANGES) == set(vars(Settings()))
