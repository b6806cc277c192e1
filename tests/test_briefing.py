import re
from dataclasses import dataclass, replace

import numpy as np
import pytest

from bloc import words
from bloc.briefing import (
    Case,
    case,
    cut_effect,
    finding,
    gains_and_losses,
    members_in_words,
    moved_members,
    name_of,
    names_of,
    need_basis,
    not_reliance,
    paragraph,
    targets_of,
    verdict,
    weakest,
)
from bloc.data import Record
from bloc.link import baseline_settings
from bloc.outcome import evaluate
from bloc.places import spread
from bloc.scenario import Restriction
from bloc.settings import Applied, Settings

# Codes that people say: countries and unions known by their capitals.
SPOKEN = {"UAE"}


def edges(record: Record) -> dict[str, dict[str, object]]:
    """Settings at the edge, each to be combined with every preset."""
    everybody = tuple(sorted(record.known))
    return {
        "as it opens": {},
        "no cut": {"cut_pct": 0},
        "a cut of 1 %": {"cut_pct": 1},
        "a cut of half": {"cut_pct": 50},
        "a cut of everything": {"cut_pct": 100},
        "aimed at one": {"targets": ("USA",)},
        "aimed at three": {"targets": ("EUU", "JPN", "USA"), "cut_pct": 40},
        "aimed at many": {"targets": everybody},
        "a product without a heading": {"products": ("gallium",)},
        "all of a product without a heading": {"products": ("gallium",), "cut_pct": 100},
        "a product from one country": {"products": ("rare_earths_heavy",), "cut_pct": 100},
        "a product": {"products": ("cobalt",)},
        "products": {"products": ("cobalt", "lithium", "nickel")},
        "every product": {"products": tuple(record.product_names)},
        "mine": {"stage": "mine"},
        "refined": {"stage": "refined", "products": ("copper",)},
        "territories": {"territories": True},
        "a record": {"applied": (Applied("cd_co_quota_2026", 57),)},
        "every record": {"applied": tuple(Applied(each, 50) for each in sorted(record.applicable)), "cut_pct": 0},
        "nobody": {"left_out": everybody},
        "nobody without a cut": {"left_out": everybody, "cut_pct": 0},
        "one member": {"left_out": tuple(sorted(record.known - {"USA"})), "invited": ("USA",)},
        "one member without need": {"left_out": tuple(sorted(record.known - {"COK"})), "invited": ("COK",)},
        "one member whose GDP is unknown": {
            "left_out": tuple(sorted(record.known - {"TWN"})),
            "invited": ("TWN",),
        },
        "one member with little use": {"left_out": tuple(sorted(record.known - {"PRK"})), "invited": ("PRK",)},
        "one small member": {"left_out": tuple(sorted(record.known - {"ISL"})), "invited": ("ISL",)},
        "one territory": {"left_out": tuple(sorted(record.known - {"GRL"})), "invited": ("GRL",)},
        "everybody": {"invited": everybody},
        "one in": {"invited": ("IDN",)},
        "one out": {"left_out": ("USA",)},
        "one for another": {"invited": ("CHN",), "left_out": ("USA",)},
        "five in, two out": {"invited": ("CHN", "COK", "IDN", "RUS", "VNM", "ZWE"), "left_out": ("JPN", "USA")},
        "a member withholds": {"supplier": "USA", "cut_pct": 100},
        "the union withholds": {"supplier": "EUU"},
        "a supplier of nothing": {"supplier": "COK"},
        "the same members": {"invited": ("IDN",), "baseline": "same"},
        "another preset": {"baseline": "msp"},
        "held, with a cut": {"baseline": "v=1&bloc=g7_cmpa&cut=50"},
        "held, the same": {"baseline": "v=1&cut=50", "cut_pct": 50},
        "held, with a cut that is lifted": {"baseline": "v=1&cut=50", "cut_pct": 0},
        "held, nobody": {"baseline": "v=1&bloc=usa_only&out=USA"},
        "held, everybody": {"baseline": "v=1&in=" + ".".join(everybody)},
        "confirmed only": {"confidence": "confirmed"},
        "claims too": {"confidence": "claimed"},
    }


@dataclass(frozen=True)
class Briefing:
    """A baseline and a scenario with what is said of them."""

    name: str
    settings: Settings
    before: Case
    after: Case
    finding: str
    paragraph: str
    members: str


@pytest.fixture(scope="module")
def told(record):
    """What is said of settings: outcomes are evaluated once for all that share them."""
    known: dict[object, Case] = {}

    def case_of(settings: Settings) -> Case:
        suppliers = spread([settings.supplier], record.union)
        scenario = settings.scenario(record)
        key = (scenario, suppliers)
        if key not in known:
            known[key] = case(record, scenario, evaluate(record, scenario), suppliers)
        return known[key]

    def tell(settings: Settings, name: str = "") -> Briefing:
        before, after = case_of(baseline_settings(settings, record)), case_of(settings)
        text = paragraph(record, before, after)
        return Briefing(
            name, settings, before, after, finding(after), text, words.capital(members_in_words(record, after.members))
        )

    return tell


@pytest.fixture(scope="module")
def briefings(record, told):
    """Every preset at every edge."""
    return [
        told(Settings(**{"preset": preset, **edge}), f"{preset}, {name}")
        for preset in record.presets
        for name, edge in edges(record).items()
    ]


def texts(briefings: list[Briefing]) -> list[tuple[str, str]]:
    return [(each.name, text) for each in briefings for text in (each.finding, each.paragraph, each.members)]


def plain(text: str) -> str:
    return text.replace(words.NARROW_SPACE, " ").replace(words.NO_BREAK, " ")


def said_of(number: int, whole: int) -> str:
    return {0: "none", whole: "all"}.get(number, str(number))


# Every preset at every edge.


@pytest.mark.parametrize(
    "wrong",
    [
        r"\bnan\b",
        r"\binf\b",
        r"\bNone\b",
        r"(?<!\d)1 (countries|territories|points|members|materials)\b",
        r"\bonly (0|none|all)\b",
        r"  ",
        r" [,.;:]",
        r"\.\.",
        r",,",
        r"_",
        r"\{|\}",
        r"(above|below|least) [<>]",
        r"above 100",
        r"-\d",
        r"\b(country|territory|point) (come|go) ",
        r"unchanged higher|unchanged lower",
    ],
)
def test_no_text_contains(briefings, wrong):
    found = [(name, text) for name, text in texts(briefings) if re.search(wrong, plain(text))]
    assert found == []


def test_countries_are_called_by_name_and_never_by_code(record, briefings):
    known = set(record.names) - SPOKEN
    found = {code for _, text in texts(briefings) for code in re.findall(r"\b[A-Z]{3}\b", text)}
    assert found & known == set()


def test_no_product_is_called_by_its_key(record, briefings):
    keys = {each for each in record.product_names if "_" in each}
    assert [name for name, text in texts(briefings) if any(key in text for key in keys)] == []


def test_every_text_starts_with_a_capital_or_a_number(briefings):
    assert [text for _, text in texts(briefings) if not (text[0].isupper() or text[0].isdigit())] == []


def test_every_sentence_of_the_paragraph_starts_with_a_capital(briefings):
    sentences = [part for each in briefings for part in re.split(r"(?<=\.) ", each.paragraph)]
    assert [each for each in sentences if not each[0].isupper()] == []


def test_the_paragraph_ends_with_a_period(briefings):
    assert [each.name for each in briefings if not each.paragraph.endswith(".")] == []


def test_a_headline_has_no_period_and_90_characters_at_most(briefings):
    assert [each.finding for each in briefings if each.finding.endswith(".") or len(each.finding) > 90] == []


def test_emphasis_is_closed(briefings):
    assert [each.name for each in briefings if each.paragraph.count("**") % 2] == []


def test_the_headline_counts_what_the_outcome_has(briefings):
    for each in briefings:
        if "materials" not in each.finding:
            continue
        indicators = each.after.outcome.indicators
        mined = indicators[indicators.stage == "mine"].coverage
        refined = indicators[indicators.stage != "mine"].coverage
        stages = [stage for stage in (mined.dropna(), refined.dropna()) if len(stage)]
        counts = [(said_of(int((stage >= 0.5).sum()), len(stage)), str(len(stage))) for stage in stages]
        said = re.findall(r"(none|all|\d+)(?: of)? (\d+) (?:mined|refined)", each.finding)
        assert said == counts, each.name


def test_the_averages_and_their_changes_are_those_of_the_outcomes(briefings):
    quoted = 0
    for each in briefings:
        said = re.search(r"mining covers (.+?) of need, (.+?), and refining (.+?), ([^,.]+)", each.paragraph)
        if said is None:
            continue
        quoted += 1
        expected = []
        for mined in (True, False):
            old, new = (
                np.nanmean(one.outcome.indicators.coverage[(one.outcome.indicators.stage == "mine") == mined])
                for one in (each.before, each.after)
            )
            expected += [words.percent(new), words.points(old, new)]
        assert list(said.groups()) == expected, each.name
    assert quoted > 50


def test_the_largest_gain_and_loss_are_those_of_the_rows(briefings):
    quoted = 0
    for each in briefings:
        change = each.after.rows.coverage - each.before.rows.coverage
        for word, extreme in (("gain", change.max()), ("loss", change.min())):
            said = re.search(
                rf"largest {word} is \*\*([^*]+), (mined|refined)\*\*, from (.+?) to (.+?) of", each.paragraph
            )
            if said is None:
                continue
            quoted += 1
            what, side, old, new = said.groups()
            rows = each.after.rows[(each.after.rows.in_sentence == what) & (each.after.rows.side == side)]
            assert len(rows) == 1
            assert change[rows.index[0]] == extreme
            assert (old, new) == tuple(
                words.percent(one.rows.coverage[rows.index[0]]) for one in (each.before, each.after)
            )
    assert quoted > 100


def test_who_comes_and_who_goes_agrees_in_number(briefings):
    for each in briefings:
        came, went = each.after.members - each.before.members, each.before.members - each.after.members
        if not each.after.members:
            continue
        for moved, one, several, where in ((came, "comes", "come", "in"), (went, "goes", "go", "out")):
            verb = one if len(moved) == 1 else several
            assert (f" {verb} {where}" in each.paragraph) == bool(moved), each.name


def test_a_number_of_members_is_named_in_every_move(briefings):
    for each in briefings:
        if each.after.members and each.after.members != each.before.members:
            now, then = len(each.after.members), len(each.before.members)
            start = f"The bloc stays at {now} " if now == then else f"The bloc goes from {then} to {now} "
            assert each.paragraph.startswith(start), each.name


def test_with_no_change_the_paragraph_says_that_nothing_is_changed(briefings):
    for each in briefings:
        same = each.before.scenario.restrictions == each.after.scenario.restrictions
        same = same and each.before.members == each.after.members and bool(each.after.members)
        assert ("Nothing is changed against the baseline." in each.paragraph) == same, each.name


def test_what_is_withheld_is_quoted_as_the_outcome_has_it(briefings):
    for each in briefings:
        if " would stop " in each.paragraph:
            amount = each.after.outcome.trade.imports_withheld_usd.sum()
            assert f" would stop {words.dollars(amount)} of the members’ purchases at 2024 prices" in each.paragraph


def test_an_effect_of_a_cut_is_always_before_rerouting_and_prices(briefings):
    for each in briefings:
        assert (" would stop " in each.paragraph) == ("before rerouting or any response of prices" in each.paragraph)


def test_without_a_cut_no_sentence_speaks_of_withholding(briefings):
    quiet = [each for each in briefings if not each.after.scenario.restrictions and each.after.members]
    assert quiet
    assert [each.name for each in quiet if "withholding" in each.paragraph or "would" in each.paragraph] == []


# Single sentences.


def test_the_app_opens_on_the_members_and_the_cut(told):
    text = plain(told(Settings()).paragraph)
    assert text.startswith("The members are those of the baseline. Weakest when refined: graphite, gallium and ")
    assert "China withholding 25 % of its exports of critical minerals from everybody would stop $" in text


def test_nobody_in_the_bloc_is_said_and_what_to_do(record, told):
    empty = told(Settings(left_out=tuple(sorted(record.known))))
    assert empty.finding == "Without members there is no bloc to supply"
    assert empty.paragraph == "Nobody is in the bloc. Choose a preset, invite a country, or click one on the map."
    assert empty.members == "0 countries"


def test_members_without_a_recorded_gdp_have_no_need(record, told):
    alone = told(Settings(left_out=tuple(sorted(record.known - {"COK"})), invited=("COK",)))
    assert alone.finding == "These members have no recorded need to set their output against"
    assert alone.members == "The Cook Islands alone"


def test_what_need_rests_on_is_counted(record, told):
    usual = told(Settings()).after
    by_use = usual.outcome.indicators.need_rule.notna().sum()
    assert plain(need_basis(usual)) == (
        f"Need is use as estimated for {by_use} of {len(record.series)} figures; for the others it is the members’ "
        f"share of world GDP, {plain(words.percent(usual.summary.gdp_share))}, of world output."
    )


def test_an_empty_bloc_needs_no_word_on_need(record, told):
    assert need_basis(told(Settings(left_out=tuple(sorted(record.known)))).after) == ""


def test_use_is_known_of_a_member_whose_gdp_is_not(record, told):
    alone = told(Settings(left_out=tuple(sorted(record.known - {"TWN"})), invited=("TWN",)))
    assert "Half of need is met for" in alone.finding
    assert "the members’ share of world GDP, which is not on record. For " in need_basis(alone.after)
    assert need_basis(alone.after).endswith(" figures no need of these members is on record.")


def test_members_who_need_one_stage_alone_are_told_so(record, told):
    usual = told(Settings()).after
    none = replace(usual.summary.refined, needed=0, half_met=0)
    alone = replace(usual, summary=replace(usual.summary, refined=none))
    assert finding(alone).endswith(" mined materials; no need of refined ones is recorded")


def test_without_any_use_on_record_need_is_a_yardstick(told):
    usual = told(Settings()).after
    unknown = replace(usual, summary=replace(usual.summary, use_series=0))
    assert need_basis(unknown).startswith("Need is a yardstick: the members’ share of world GDP, ")
    whole = replace(usual, summary=replace(usual.summary, use_series=len(usual.rows)))
    assert need_basis(whole) == "Need is use as estimated."


@pytest.mark.parametrize("territories", [True, False])
def test_import_reliance_of_the_united_states_is_left_to_who_publishes_it(record, told, territories):
    alone = told(Settings(preset="usa_only", territories=territories)).after
    assert "U.S. Geological Survey" in not_reliance(record, alone)
    assert not_reliance(record, told(Settings()).after) == ""
    assert not_reliance(record, told(Settings(left_out=tuple(sorted(record.known)))).after) == ""


def test_nothing_changed_and_nothing_withheld(told):
    assert told(Settings(cut_pct=0)).paragraph.startswith("Nothing is changed against the baseline. Weakest")


def test_a_scenario_against_itself_is_unchanged_although_it_has_a_cut(told):
    text = told(Settings(cut_pct=50, baseline="v=1&cut=50")).paragraph
    assert text.startswith("Nothing is changed against the baseline.")
    assert "China withholding 50" in text


def test_a_cut_that_is_lifted_is_not_called_no_change(told):
    text = told(Settings(cut_pct=0, baseline="v=1&cut=50")).paragraph
    assert text.startswith("The members are those of the baseline, and nothing is withheld.")


def test_one_country_comes_in(told):
    text = told(Settings(preset="quad_cmi", invited=("IDN",))).paragraph
    assert text.startswith("The bloc goes from 4 to 5 countries: Indonesia comes in.")


def test_one_for_another_leaves_the_number(told):
    text = told(Settings(preset="quad_cmi", invited=("CHN",), left_out=("USA",))).paragraph
    assert text.startswith("The bloc stays at 4 countries: China comes in, the United States goes out.")


def test_two_come_in_and_two_go_out_in_the_plural(record, told):
    each = told(Settings(preset="quad_cmi", invited=("BRA", "IDN", "VNM"), left_out=("JPN", "USA")))
    assert moved_members(record, each.before, each.after) == (
        "The bloc goes from 4 to 5 countries: Brazil, Indonesia and Vietnam come in, "
        "the United States and Japan go out."
    )


def test_nobody_moved_needs_no_sentence(record, told):
    each = told(Settings())
    assert moved_members(record, each.before, each.after) == ""
    assert gains_and_losses(each.before, each.after) == ""
    assert verdict(each.before, each.after) == ""


def test_no_cut_needs_no_sentence(record, told):
    assert cut_effect(record, told(Settings(cut_pct=0)).after) == ""


def test_with_everybody_in_nothing_is_far_below_need(record, told):
    assert "none above" in plain(weakest(told(Settings(invited=tuple(sorted(record.known)))).after))


def test_materials_that_nobody_in_the_bloc_refines_are_named_so(told):
    assert weakest(told(Settings(preset="usa_only")).after).endswith(
        "none of which has a recorded refiner in the bloc."
    )


def test_a_stage_without_a_customs_heading_is_not_given_a_price(record, told):
    text = cut_effect(record, told(Settings(products=("cobalt",), stage="mine")).after)
    assert "the trade figures used here do not show these goods" in text
    assert "$" in cut_effect(record, told(Settings(products=("cobalt",))).after)


def test_a_product_without_a_customs_heading_is_not_given_a_price(record, told):
    text = cut_effect(record, told(Settings(products=("gallium",))).after)
    assert "the trade figures used here do not show these goods" in text
    assert "$" not in text


def test_a_cut_of_one_product_tells_what_stays_on_offer(record, told):
    assert "At least 80 % of world supply would stay on offer." in plain(
        cut_effect(record, told(Settings(products=("cobalt",))).after)
    )


def test_a_cut_of_a_single_suppliers_everything_leaves_next_to_nothing(record, told):
    text = cut_effect(record, told(Settings(products=("rare_earths_heavy",), cut_pct=100)).after)
    assert text.startswith("China withholding all of its exports of heavy rare earths from everybody")
    assert text.endswith("Next to nothing of world supply might stay on offer.")


def test_several_cuts_at_once_are_one_sentence_with_one_amount(record, told):
    applied = (Applied("cd_co_quota_2026", 57), Applied("cn_antimony_us_ban_2024", 100))
    after = told(Settings(cut_pct=0, applied=applied)).after
    text = cut_effect(record, after)
    assert plain(text).startswith("China and DR Congo withholding exports of antimony and cobalt would stop $")
    assert text.count("$") == 1
    assert words.dollars(after.summary.withheld_usd) in text


def test_a_cut_by_a_supplier_of_nothing_withholds_nothing(record, told):
    text = cut_effect(record, told(Settings(supplier="COK")).after)
    assert text.endswith("would withhold nothing that the members are recorded to buy.")


@pytest.mark.parametrize(("stage", "says"), [("mine", " as ores and concentrates "), ("refined", " in refined form ")])
def test_a_cut_of_one_stage_says_which(record, told, stage, says):
    assert says in cut_effect(record, told(Settings(stage=stage)).after)


@pytest.mark.parametrize(
    ("targets", "says"),
    [
        ((), "everybody"),
        (("USA",), "the United States"),
        (("EUU", "JPN", "USA"), "the European Union, Japan and the United States"),
    ],
)
def test_whom_a_cut_is_aimed_at(record, targets, says):
    assert targets_of(record, Restriction("CHN", 0.5, targets=targets)) == says


def test_the_largest_producers_are_named_first(record):
    assert names_of(record, frozenset(["COK", "CHN", "AUS"])) == "China, Australia and the Cook Islands"


def test_a_country_takes_its_article_inside_a_sentence(record):
    assert [name_of(record, code) for code in ("USA", "COD", "EUU", "ARE")] == [
        "the United States",
        "DR Congo",
        "the European Union",
        "the UAE",
    ]


@pytest.mark.parametrize(
    ("codes", "says"),
    [
        ((), "0 countries"),
        (("USA",), "the United States alone"),
        (("GRL",), "Greenland alone"),
        (("JPN", "USA"), "the United States and Japan"),
        (("AUS", "JPN", "USA"), "the United States, Australia and Japan"),
        (("AUS", "CAN", "JPN", "USA"), "4 countries"),
        (("ABW", "BMU", "GRL", "NCL"), "4 territories"),
        (("AUS", "DNK", "GRL", "JPN"), "4 countries and territories"),
    ],
)
def test_few_members_are_named_and_many_counted_as_countries_and_territories(record, codes, says):
    assert members_in_words(record, frozenset(codes)) == says


def test_the_union_is_named_when_all_of_it_is_in(record):
    whole = record.union | {"JPN", "USA"}
    assert members_in_words(record, whole) == "29 countries, the 27 of the European Union among them"
    assert members_in_words(record, whole - {"DEU"}) == "28 countries"
