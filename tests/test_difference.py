"""What differs between two scenarios: true and grammatical for every pair, nothing for a pair of the same."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given

from bloc import difference
from bloc.briefing import Case, case
from bloc.outcome import evaluate
from bloc.scenario import Assumed, Flooding, PriceMeasure, Restriction, Scenario, StockChange
from bloc.settings import Applied, Settings
from tests.test_link import SETTINGS

SPACE = "\u202f"
RAW = re.compile(r"\bnan\b|\bNone\b|\binf\b|[a-z]_[a-z]|  |\.\.")
NOBODY = Settings(preset="usa_only", left_out=("USA",))
# A change of one control at a time, by the aspect it is told under.
ONE = {
    "members": {"invited": ("IDN",)},
    "withheld": {"cut_pct": 50},
    "tariffs": {"tariff_pct": 25},
    "prices": {"prices": (PriceMeasure("cobalt", 2.0, unit="multiple"),)},
    "floodings": {"floodings": (Flooding("CHN", "cobalt"),)},
    "stocks": {"stocks": (StockChange("cobalt", 500.0),)},
    "horizon": {"horizon": "five_years"},
    "assumed": {"assumed": (Assumed("ceiling", 5.0),)},
}


def case_of(record, settings: Settings) -> Case:
    scenario = settings.scenario(record)
    return case(record, scenario, evaluate(record, scenario.accounting()), frozenset([settings.supplier]))


def apart(record, a: Settings, b: Settings) -> tuple[str, ...]:
    return difference.apart(record, a.scenario(record), b.scenario(record))


def findings(record, a: Case, b: Case, names: tuple[str, ...]) -> list[str]:
    changes = difference.coverage(a, b)
    found = [difference.covers(changes), difference.withheld(a, b), difference.gained_and_lost(changes, a, b)]
    return [*found, difference.without_members(a, b), difference.no_number(names) if names else ""]


def assert_finding(text: str) -> None:
    """A finding stands as a heading: a capital, no full stop."""
    assert not text or (text[0].isupper() and text[-1] not in ".;, "), text
    assert not RAW.search(text), text


def assert_sentence(text: str) -> None:
    assert text[0].isupper() or text[0].isdigit(), text
    assert text.endswith("."), text
    assert not RAW.search(text), text


@given(a=SETTINGS, b=SETTINGS)
def test_every_pair_is_told_in_true_words(record, a, b):
    names = apart(record, a, b)
    assert_sentence(difference.apart_in_words(names))
    for line in (*difference.lines(record, a, b), *difference.lines(record, b, a)):
        assert_sentence(line.text)
    first, second = case_of(record, a), case_of(record, b)
    for text in findings(record, first, second, names):
        assert_finding(text)
    for number in difference.numbers(record, first, second):
        for text in (number.label, number.a, number.b, number.said):
            assert text and not RAW.search(text), text


@given(a=SETTINGS)
def test_a_pair_of_the_same_differs_in_nothing(record, a):
    same = case_of(record, a)
    assert apart(record, a, a) == ()
    assert not any(line.differs for line in difference.lines(record, a, a))
    assert difference.coverage(same, same).empty
    assert difference.withheld(same, same) == ""
    assert {each.said for each in difference.numbers(record, same, same)} <= {
        *("unchanged", "not comparable", "no customs heading shows this trade"),
    }


@given(a=SETTINGS, b=SETTINGS)
def test_a_swap_turns_every_sign(record, a, b):
    first, second = case_of(record, a), case_of(record, b)
    assert apart(record, a, b) == apart(record, b, a)
    there, back = difference.coverage(first, second), difference.coverage(second, first)
    assert list(there.change) == [-change for change in back.change]
    for one, other in zip(
        difference.numbers(record, first, second), difference.numbers(record, second, first), strict=True
    ):
        assert (one.a, one.b) == (other.b, other.a)
        assert one.change == -other.change or (math.isnan(one.change) and math.isnan(other.change))
    assert difference.only_here(record, first.members, second.members) == (
        difference.only_here(record, first.members, second.members & first.members)
    )


@pytest.mark.parametrize("name", ONE)
def test_one_change_is_told_under_its_aspect_alone(record, name):
    changed = replace(Settings(), **ONE[name])
    assert apart(record, Settings(), changed) == (name,)
    assert difference.apart_in_words((name,)).startswith(f"A and B differ only in {difference.ASPECTS[name]}.")
    marked = [line.text for line in difference.lines(record, changed, Settings()) if line.differs]
    assert len(marked) == 1


def test_a_recorded_control_and_a_leak_are_what_is_withheld(record):
    applied = replace(Settings(), applied=(Applied("cd_co_quota_2026", 57),))
    assert apart(record, Settings(), applied) == ("withheld",)
    assert apart(record, Settings(), Settings(leak_pct=30)) == ("withheld",)


def test_what_does_nothing_is_no_difference(record):
    assert apart(record, Settings(cut_pct=0), Settings(cut_pct=0, leak_pct=30)) == ()
    assert apart(record, Settings(), Settings(preference_pct=50, tariff_products=("cobalt",))) == ()
    assert apart(record, Settings(cut_pct=0), Settings(cut_pct=0, supplier="COD")) == ()


def test_two_ways_to_the_same_members_are_no_difference(record):
    alone = Settings(preset="usa_only", invited=("JPN",))
    other = Settings(preset="usa_only", invited=("JPN", "CAN"), left_out=("CAN",))
    assert apart(record, alone, other) == ()
    assert not any(line.differs for line in difference.lines(record, alone, other))


def test_only_markets_answer_to_time_and_assumptions(record):
    assert difference.apart_in_words(("horizon", "assumed")) == (
        "A and B differ in the time that supply and use have to adjust and what is assumed of the markets. What the "
        "bloc covers is the same; only markets answer."
    )


def test_indonesia_moves_nickel_most(record):
    changes = difference.coverage(case_of(record, Settings()), case_of(record, Settings(invited=("IDN",))))
    assert difference.covers(changes) == (
        f"In B the bloc would meet 100{SPACE}% of its need of nickel, refined, 63 points more than in A"
    )
    assert difference.largest(changes) > difference.LEADS


def test_without_members_the_finding_says_in_which(record):
    nobody, somebody = case_of(record, NOBODY), case_of(record, Settings(preset="usa_only"))
    assert difference.without_members(nobody, somebody) == "A has no members: there is nothing to set B against"
    assert difference.without_members(somebody, nobody) == "B has no members: there is nothing to set against A"
    assert difference.without_members(nobody, nobody) == "Neither A nor B has members: there is no bloc to compare"
    assert difference.without_members(somebody, somebody) == ""
    assert difference.coverage(nobody, somebody).empty
    assert difference.one_sided(nobody, somebody) > 0


def test_the_four_numbers_say_more_or_less(record):
    more = {
        each.label: each
        for each in difference.numbers(record, case_of(record, Settings(cut_pct=0)), case_of(record, Settings()))
    }
    withheld = more["Withheld from members, 2024 prices"]
    assert withheld.a == "$0"
    assert withheld.said == f"{withheld.b} more"
    assert more["Members"].said == "unchanged"


def test_ranges_overlap_where_they_share_a_value():
    assert difference.overlap((1.0, 2.0), (1.5, 3.0))
    assert difference.overlap((1.0, 2.0), (2.0, 3.0))
    assert not difference.overlap((1.0, 1.4), (1.5, 3.0))
    assert not difference.overlap((1.0, math.nan), (1.0, 2.0))


def test_withholding_more_is_the_same_cuts_none_shallower():
    less, more = (Scenario(("USA",), (Restriction("CHN", cut),)) for cut in (0.25, 0.5))
    assert difference.withholds_more(less, more)
    assert not difference.withholds_more(more, less)
    assert not difference.withholds_more(less, less)
    assert not difference.withholds_more(less, replace(more, tariff=0.1))
    assert not difference.withholds_more(less, replace(more, members=("JPN",)))


def test_trade_that_no_customs_heading_shows_is_not_counted_as_nothing(record):
    unseen = sorted(set(record.product_names) - set(record.headings["product"]))[0]
    a, b = (case_of(record, Settings(products=(unseen,), cut_pct=cut)) for cut in (0, 50))
    withheld = difference.numbers(record, a, b)[-1]
    assert (withheld.a, withheld.b, withheld.said) == ("$0", "not counted", "no customs heading shows this trade")
