from dataclasses import fields, replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from bloc import link
from bloc.data import Record, load_record
from bloc.link import DEFAULTS, PARAMETER, aim, baseline_settings, from_query, from_text, to_query, to_text
from bloc.scenario import CONFIDENCES, HORIZONS, Assumed, Flooding, PriceMeasure, StockChange
from bloc.settings import STAGES_OF, Applied, Settings

LISTS = ("invited", "left_out", "products", "targets")
HOSTILE = (
    "x" * 100_000,
    "<script>alert(1)</script>",
    "**bold** [a](javascript:b) $x$",
    "a\x00b\n\r\tc\x1b[31m",
    "\u202egnp.exe",
    "9" * 5000,
    "0" * 5000 + "9" * 5000,
    "00100000",
    "٣",
    "²",
    "-5",
    "1e2",
    "25.0",
    " 25",
    "",
    "-",
    ".",
    "..",
    "USA." * 5000,
    "v=",
    "v=1&vs=v=1&cut=900",
    "%",
    "%ff%00",
    "\ud800",
    "CHN;DROP TABLE countries",
    "usa",
    "SUN",
    "nan",
    "None",
)


def several(choices: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(choices), unique=True, max_size=6).map(lambda given: tuple(sorted(given)))


def controls(record: Record) -> dict[str, st.SearchStrategy]:
    """What each control but the baseline can stand on."""
    codes, products = sorted(record.known), sorted(record.product_names)
    return {
        "preset": st.sampled_from(list(record.presets)),
        "confidence": st.sampled_from(CONFIDENCES),
        "invited": several(codes),
        "left_out": several(codes),
        "territories": st.booleans(),
        "supplier": st.sampled_from(codes),
        "cut_pct": st.integers(0, 100),
        "products": several(products),
        "stage": st.sampled_from(list(STAGES_OF)),
        "targets": several(codes),
        "applied": measures(st.builds(Applied, st.sampled_from(sorted(record.applicable)), st.integers(0, 100))),
        "tariff_pct": st.integers(0, 500),
        "tariff_products": several(products),
        "preference_pct": st.integers(0, 100),
        "prices": measures(
            st.builds(PriceMeasure, st.sampled_from(products), st.floats(0, 20), unit=st.just("multiple"))
        ),
        "floodings": measures(st.builds(Flooding, st.sampled_from(codes), st.sampled_from(products), st.floats(0, 1))),
        "stocks": measures(
            st.builds(StockChange, st.sampled_from(products), st.floats(0, 1e6), several(codes), st.booleans())
        ),
        "leak_pct": st.integers(0, 100),
        "horizon": st.sampled_from(HORIZONS),
        "assumed": measures(
            st.builds(Assumed, st.sampled_from(sorted(record.assumption_names)), st.floats(0, 20), st.just(""))
        ),
    }


def measures(each: st.SearchStrategy) -> st.SearchStrategy[tuple]:
    """A few measures of one kind, as a link orders them; numbers of twelve digits, as a link writes them."""
    return st.lists(each.map(rounded), unique_by=aim, max_size=3).map(lambda given: tuple(sorted(given)))


def rounded(measure):
    numbers = {each.name: getattr(measure, each.name) for each in fields(measure) if each.type is float}
    return replace(measure, **{name: float(f"{value:.12g}") for name, value in numbers.items()})


def every_setting(record: Record) -> st.SearchStrategy[Settings]:
    """Settings with every baseline there is: the two words, a preset, settings that are held."""
    plain = st.builds(Settings, **controls(record))
    baselines = st.one_of(st.sampled_from(["", "same", *record.presets]), plain.map(to_text))
    return st.builds(Settings, **controls(record), baseline=baselines)


SETTINGS = every_setting(load_record())


# There and back.


@effort(max_examples=200)
@given(given=SETTINGS)
def test_a_link_gives_back_the_settings_it_was_made_from(record, given):
    assert from_query(to_query(given), record) == (given, [])


@given(given=SETTINGS)
def test_settings_as_text_come_back_without_their_baseline(record, given):
    assert from_text(to_text(given), record) == (given.reset("baseline"), [])


@given(given=SETTINGS)
def test_a_link_holds_text_only_and_always_its_version(given):
    query = to_query(given)
    assert query["v"] == "1"
    assert all(isinstance(value, str) and value for value in query.values())
    assert set(query) <= {"v", *PARAMETER.values()}


def test_settings_on_their_defaults_make_a_link_of_the_version_alone():
    assert to_query(Settings()) == {"v": "1"}


def test_an_address_without_parameters_is_the_default(record):
    assert from_query({}, record) == (Settings(), [])


def test_codes_come_in_any_order_and_once(record):
    read, problems = from_query({"v": "1", "in": "VNM.IDN.VNM"}, record)
    assert (read.invited, problems) == (("IDN", "VNM"), [])


def test_two_lists_in_another_order_make_the_same_link(record):
    one, other = (from_query({"in": codes}, record)[0] for codes in ("IDN.VNM", "VNM.IDN"))
    assert to_query(one) == to_query(other)


def test_every_control_has_a_parameter_of_its_own():
    assert list(PARAMETER) == list(vars(Settings()))
    assert len(set(PARAMETER.values())) == len(PARAMETER)
    assert "v" not in PARAMETER.values()


# Versions.


def test_the_defaults_of_version_1_never_change():
    assert vars(DEFAULTS["1"]) == {
        "preset": "cmm_2026",
        "confidence": "inferred",
        "invited": (),
        "left_out": (),
        "territories": False,
        "supplier": "CHN",
        "cut_pct": 25,
        "products": (),
        "stage": "",
        "targets": (),
        "baseline": "",
        "applied": (),
        "tariff_pct": 0,
        "tariff_products": (),
        "preference_pct": 100,
        "prices": (),
        "floodings": (),
        "stocks": (),
        "leak_pct": 0,
        "horizon": "one_year",
        "assumed": (),
    }


def test_the_parameters_of_version_1_never_change():
    assert PARAMETER == {
        "preset": "bloc",
        "confidence": "sure",
        "invited": "in",
        "left_out": "out",
        "territories": "terr",
        "supplier": "by",
        "cut_pct": "cut",
        "products": "of",
        "stage": "at",
        "targets": "to",
        "baseline": "vs",
        "applied": "rec",
        "tariff_pct": "tariff",
        "tariff_products": "tariffon",
        "preference_pct": "pref",
        "prices": "price",
        "floodings": "flood",
        "stocks": "stock",
        "leak_pct": "leak",
        "horizon": "time",
        "assumed": "assume",
    }


def test_the_app_opens_on_the_defaults_of_the_present_version():
    assert DEFAULTS[link.VERSION] == Settings()


def test_an_old_link_keeps_its_meaning_when_a_later_version_has_other_defaults(record, monkeypatch):
    later = Settings(preset="forge", cut_pct=60, invited=("IDN",), supplier="COD", baseline="same")
    monkeypatch.setitem(DEFAULTS, "2", later)
    monkeypatch.setattr(link, "VERSION", "2")
    assert from_query({"v": "1", "out": "USA"}, record) == (Settings(left_out=("USA",)), [])


def test_an_old_baseline_keeps_its_meaning_when_a_later_version_has_other_defaults(record, monkeypatch):
    monkeypatch.setitem(DEFAULTS, "2", Settings(preset="forge", cut_pct=60))
    monkeypatch.setattr(link, "VERSION", "2")
    read, problems = from_query({"v": "1", "vs": "v=1&terr=1"}, record)
    assert problems == []
    assert baseline_settings(read, record) == Settings(territories=True)


def test_a_list_that_a_later_default_fills_can_be_emptied_in_a_link(record, monkeypatch):
    monkeypatch.setitem(DEFAULTS, "2", Settings(invited=("IDN",)))
    monkeypatch.setattr(link, "VERSION", "2")
    query = to_query(Settings())
    assert query == {"v": "2", "in": "-"}
    assert from_query(query, record) == (Settings(), [])


def test_a_version_that_is_not_known_is_named_and_read_as_the_present_one(record):
    read, problems = from_query({"v": "99", "cut": "60"}, record)
    assert read == Settings(cut_pct=60)
    assert problems == ["Version '99' is not known; it was read as version 1."]


# Bad values: a sentence, the default, and the rest kept.

BAD = {
    "bloc": ("cmm_2062", "The bloc 'cmm_2062' is not known; the default is shown."),
    "sure": ("rumour", "The certainty 'rumour' is not known; the default is shown."),
    "in": ("XXX", "The country 'XXX' is not known; it was left out."),
    "out": ("XXX", "The country 'XXX' is not known; it was left out."),
    "terr": ("yes", "The territories 'yes' is not known; the default is shown."),
    "by": ("XXX", "The supplier 'XXX' is not known; the default is shown."),
    "cut": ("140", "A cut of '140' is not a whole number from 0 to 100; the default is shown."),
    "of": ("unobtainium", "The product 'unobtainium' is not known; it was left out."),
    "at": ("moon", "The stage 'moon' is not known; the default is shown."),
    "to": ("XXX", "The country 'XXX' is not known; it was left out."),
    "vs": ("yesterday", "What to compare with, 'yesterday', is not known; the preset is shown instead."),
    "rec": (
        "cd_co_quota_2026~140",
        "The measure 'cd_co_quota_2026~140' was left out: cd_co_quota_2026: 140 is not a whole number from 0 to 100.",
    ),
    "tariff": ("600", "A tariff of '600' is not a whole number from 0 to 500; the default is shown."),
    "tariffon": ("unobtainium", "The product 'unobtainium' is not known; it was left out."),
    "pref": ("140", "A preference of '140' is not a whole number from 0 to 100; the default is shown."),
    "price": (
        "cobalt~9~floor~euros~refinery",
        "The measure 'cobalt~9~floor~euros~refinery' "
        "was left out: cobalt: unit: 'euros' is not one of usd_per_t, multiple.",
    ),
    "flood": (
        "CHN~cobalt~2",
        "The measure 'CHN~cobalt~2' was left out: CHN cobalt: subsidy: 2.0 is not a number in [0, 1].",
    ),
    "stock": (
        "cobalt~5000~XXX~0",
        "The measure 'cobalt~5000~XXX~0' was left out: 'XXX' is not a country of the record.",
    ),
    "leak": ("x", "A leakage of 'x' is not a whole number from 0 to 100; the default is shown."),
    "time": ("a_century", "The horizon 'a_century' is not known; the default is shown."),
    "assume": ("luck~1~-", "The measure 'luck~1~-' was left out: 'luck' is not known."),
}
GOOD = {"bloc": "msp", "cut": "60", "in": "IDN", "terr": "1", "of": "cobalt"}


def test_every_parameter_has_a_bad_value_below():
    assert set(BAD) == set(PARAMETER.values())


@pytest.mark.parametrize("parameter", BAD)
def test_a_bad_value_is_named_in_a_sentence(record, parameter):
    assert from_query({"v": "1", parameter: BAD[parameter][0]}, record) == (Settings(), [BAD[parameter][1]])


@pytest.mark.parametrize("parameter", BAD)
def test_beside_a_bad_value_the_rest_is_kept(record, parameter):
    rest = {name: value for name, value in GOOD.items() if name != parameter}
    assert from_query({**rest, parameter: BAD[parameter][0]}, record)[0] == from_query(rest, record)[0]


def test_each_of_several_bad_values_has_its_sentence(record):
    assert len(from_query({name: bad for name, (bad, _) in BAD.items()}, record)[1]) == len(BAD)


@pytest.mark.parametrize(("text", "cut"), [("0", 0), ("00", 0), ("7", 7), ("007", 7), ("100", 100), ("000100", 100)])
def test_a_cut_is_a_whole_number_of_percent(record, text, cut):
    assert from_query({"cut": text}, record) == (Settings(cut_pct=cut), [])


@pytest.mark.parametrize("text", ["101", "-1", "1e2", "25.0", " 25", "+5", "٣", "²", "", "9" * 5000, "00100000"])
def test_a_cut_that_is_no_whole_number_up_to_100_is_the_default(record, text):
    read, problems = from_query({"cut": text}, record)
    assert read == Settings()
    assert len(problems) == 1
    assert problems[0].endswith("is not a whole number from 0 to 100; the default is shown.")


def test_known_codes_beside_unknown_ones_are_kept(record):
    read, problems = from_query({"in": "IDN.XXX.VNM.YYY.XXX"}, record)
    assert read.invited == ("IDN", "VNM")
    assert problems == ["The countries 'XXX' and 'YYY' are not known; they were left out."]


def test_ten_thousand_unknown_codes_are_one_short_sentence(record):
    problems = from_query({"in": ".".join(f"X{each}" for each in range(10_000))}, record)[1]
    assert problems == ["The countries 'X0', 'X1', 'X2', 'X3' and 9996 more are not known; they were left out."]


def test_a_former_state_is_not_a_country_of_a_link(record):
    assert from_query({"in": "SUN"}, record)[0].invited == ()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("parameter", ["v", *PARAMETER.values()])
def test_hostile_text_gives_settings_that_hold_and_short_sentences(record, parameter, text):
    read, problems = from_query({parameter: text}, record)
    read.scenario(record)
    baseline_settings(read, record).scenario(record)
    assert all(len(each) < 600 and each.isprintable() and each.endswith(".") for each in problems)


@effort(max_examples=300)
@given(query=st.dictionaries(st.sampled_from(["v", *PARAMETER.values()]), st.text(max_size=40)))
def test_any_text_under_any_parameter_gives_settings_that_make_a_scenario(record, query):
    read, _ = from_query(query, record)
    read.scenario(record)
    baseline_settings(read, record).scenario(record)
    assert from_query(to_query(read), record) == (read, [])


@given(text=st.text(st.sampled_from("v=1&cutinoufsbylc.-%0129IDNUSAEU"), max_size=60))
def test_any_text_held_as_a_baseline_gives_settings_that_make_a_scenario(record, text):
    read, _ = from_query({"vs": "v=" + text}, record)
    baseline_settings(read, record).scenario(record)
    assert from_query(to_query(read), record) == (read, [])


def test_parameters_the_app_does_not_know_are_left_alone(record):
    assert from_query({"utm_source": "<b>", "embed": "true", "cut": "60"}, record) == (Settings(cut_pct=60), [])


# What the settings are compared with.


def test_a_baseline_that_is_held_has_no_baseline(record):
    read, problems = from_query({"vs": "v=1&cut=50&vs=msp"}, record)
    assert problems == []
    assert read.baseline == "v=1&cut=50"
    assert baseline_settings(read, record) == Settings(cut_pct=50)


def test_baselines_in_baselines_three_hundred_deep_are_left_alone(record):
    text = "v=1&cut=140"
    for _ in range(300):
        text = "v=1&vs=" + quote(text)
    read, problems = from_query({"vs": text}, record)
    assert (read.baseline, problems) == ("v=1", [])


def test_a_bad_value_in_a_held_baseline_is_named_and_the_rest_of_it_kept(record):
    read, problems = from_query({"vs": "v=1&cut=140&bloc=msp"}, record)
    assert baseline_settings(read, record) == Settings(preset="msp")
    assert problems == ["A cut of '140' is not a whole number from 0 to 100; the default is shown."]


def test_as_it_stands_is_the_preset_with_nothing_withheld(record):
    given = Settings(preset="msp", invited=("IDN",), left_out=("USA",), cut_pct=60, products=("cobalt",), stage="mine")
    assert baseline_settings(given, record) == Settings(preset="msp", cut_pct=0)


def test_the_same_members_is_the_settings_with_nothing_withheld(record):
    given = Settings(preset="msp", invited=("IDN",), cut_pct=60, targets=("USA",), baseline="same")
    assert baseline_settings(given, record) == Settings(preset="msp", invited=("IDN",), cut_pct=0)


def test_another_preset_is_that_preset_as_it_stands(record):
    given = Settings(preset="msp", invited=("IDN",), cut_pct=60, baseline="quad_cmi")
    assert baseline_settings(given, record) == Settings(preset="quad_cmi", cut_pct=0)


def test_settings_that_are_held_keep_their_cut(record):
    held = Settings(preset="g7_cmpa", cut_pct=50, invited=("IDN",), products=("cobalt",))
    assert baseline_settings(Settings(baseline=to_text(held)), record) == held


def test_one_measure_is_set_once_and_another_level_of_it_is_named(record):
    settings, problems = from_query({"rec": "cn_ga_lic_2023~10~~cn_ga_lic_2023~90"}, record)
    assert [each.level_pct for each in settings.applied] == [10]
    assert problems == ["The measure 'cn_ga_lic_2023~90' was left out: another one of the same is set before it."]
    settings, problems = from_query(
        {"price": "gallium~1~floor~multiple~refinery~~gallium~2~floor~multiple~refinery"}, record
    )
    assert [each.level for each in settings.prices] == [1.0]
    assert len(problems) == 1


def test_a_link_with_more_measures_than_are_read_says_so(record):
    levels = "~~".join(f"gallium~{level}~floor~multiple~refinery" for level in range(1, 151))
    _, problems = from_query({"price": levels}, record)
    assert problems[-1] == "Only the first 100 measures of a kind were read."


@pytest.mark.parametrize("number", ["1_0", "\uff11\uff12", "0x10", "inf", "nan", "1e9999"])
def test_a_number_is_written_in_plain_digits(record, number):
    settings, problems = from_query({"price": f"gallium~{number}~floor~multiple~refinery"}, record)
    assert settings.prices == ()
    assert len(problems) == 1
