"""Two scenarios side by side: the page in every state, its figures, what its buttons set."""

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from bloc import difference, link
from bloc.settings import Settings
from bloc.text import csv_text
from bloc.views import compare, compare_coverage, compare_market, export, market_session
from bloc.views.compare_market import Pair
from bloc.views.restrictions_words import Answer
from tests.test_difference import assert_finding, case_of

ROOT = Path(__file__).parents[1]
RAW = re.compile(r"\bnan\b|\bNone\b|\binf\b|[a-z]_[a-z]|\b[A-Z]{3}\b")
# Codes that are words of their own.
WORDS = {"USD", "GDP", "CSV", "PNG", "SVG", "BMF"}
RARE_EARTHS = {"products": ("rare_earths_magnet", "rare_earths_total"), "targets": ("USA",)}
PAIRS = {
    "Indonesia invited": (Settings(cut_pct=0), Settings(cut_pct=0, invited=("IDN",))),
    "a deeper cut": (Settings(**RARE_EARTHS), Settings(cut_pct=50, **RARE_EARTHS)),
    "a longer time": (Settings(products=("gallium",)), Settings(products=("gallium",), horizon="five_years")),
    "nobody": (Settings(preset="usa_only"), Settings(preset="usa_only", left_out=("USA",), products=("gallium",))),
}


# The page with its composer, without the navigation: the test harness answers no click on a page of several.
SCRIPT = """
from dataclasses import replace
from pathlib import Path
import streamlit as st
from bloc.views import controls, session
st.session_state["head"] = st.container()
session.arrive()
st.session_state["shown"] = controls.composer(session.record(), "compare")
exec(compile(Path({path!r}).read_text(), {path!r}, "exec"))
session.write_address()
"""


def page(**query: str) -> AppTest:
    found = AppTest.from_string(SCRIPT.format(path=str(ROOT / "pages" / "compare.py")), default_timeout=90)
    for name, value in query.items():
        found.query_params[name] = value
    return found.run()


def texts(found: AppTest) -> str:
    elements = [*found.title, *found.header, *found.markdown, *found.metric, *found.error]
    return "\n".join(f"{getattr(each, 'value', '')} {getattr(each, 'label', '')}" for each in elements)


def raw(text: str) -> list[str]:
    return [each for each in RAW.findall(text) if each not in WORDS]


QUERIES = {
    "as the app opens": {},
    "the scenario held is the present one": {"vs": "v=1"},
    "another preset": {"bloc": "g7_cmpa", "vs": "forge", "cut": "0"},
    "only the time": {"of": "gallium", "time": "five_years", "vs": "v=1&of=gallium"},
    "only an assumption": {"of": "gallium", "assume": "ceiling~5~-", "vs": "v=1&of=gallium"},
    "nobody in B": {"bloc": "usa_only", "out": "USA", "of": "gallium"},
    "nobody in A": {"bloc": "usa_only", "of": "gallium", "vs": "v=1&bloc=usa_only&out=USA"},
    "nobody in either": {"bloc": "usa_only", "out": "USA", "cut": "0", "vs": "v=1&bloc=quad_cmi&out=AUS.IND.JPN.USA"},
    "a tariff": {"cut": "0", "tariff": "25", "tariffon": "cobalt", "vs": "same"},
}


@pytest.mark.parametrize("name", QUERIES)
def test_the_page_draws_in_true_words(name):
    found = page(**QUERIES[name])
    assert not found.exception
    assert not found.error
    assert_finding(found.title[0].value.replace("\\", ""))
    assert raw(texts(found).replace("&nbsp;", " ")) == []


def test_where_nothing_differs_the_page_says_so_and_draws_no_difference():
    found = page(vs="v=1")
    assert found.title[0].value == "A and B are the same scenario\\: nothing differs"
    assert [each.value for each in found.header] == ["A\\: the scenario held", "B\\: the present scenario"]
    assert "\\*\\*" not in texts(found)
    assert found.button(key="swap").disabled


def test_what_a_link_cannot_have_is_a_sentence():
    found = page(vs="nonsense", country="QQQ", **{"in": "IDN"})
    said = " ".join(each.value for each in found.error)
    assert "nonsense" in said
    assert "QQQ" in said


def test_the_buttons_hold_swap_start_and_forget():
    found = page(**{"in": "IDN", "cut": "0"})
    assert found.button(key="forget_a").disabled
    found.button(key="swap").click().run()
    assert found.metric[0].value == "70 → 69"
    assert found.query_params["vs"] == "v=1&in=IDN&cut=0"
    found.button(key="start_b").click().run()
    assert found.metric[0].value == "70 → 70"
    found.button(key="forget_a").click().run()
    assert found.metric[0].value == "69 → 70"
    found.button(key="hold_b").click().run()
    assert found.title[0].value.startswith("A and B are the same scenario")


def test_a_swap_and_a_swap_back_is_the_same_pair(record):
    given = Settings(invited=("IDN",), baseline="forge")
    twice = compare.swapped(compare.swapped(given, record), record)
    assert link.baseline_settings(twice, record).scenario(record) == (
        link.baseline_settings(given, record).scenario(record)
    )
    assert twice.scenario(record) == given.scenario(record)


@pytest.mark.parametrize("name", PAIRS)
def test_the_figures_say_true_words_and_make_files(record, name):
    a, b = PAIRS[name]
    first, second = case_of(record, a), case_of(record, b)
    scenarios = a.scenario(record), b.scenario(record)
    figures = [compare_coverage.figure(record, first, second, phone=False)]
    for who, country in ((compare.MEMBERS, ""), ("Japan", "JPN")):
        found = compare_market.pairs(record, *scenarios, country)
        figures.append(compare_market.figure(record, found, who, phone=False, same_members=False))
    for each in figures:
        for text in (each.finding, each.basis, each.alt, each.note):
            assert raw(text) == [], text
        assert_finding(each.finding)
        for column in ("label", "text", "prices", "ranges", "money", "said_a", "said_b"):
            for text in each.drawn.get(column, ()):
                assert raw(text) == [], text
        assert csv_text(each.rows)
        if each.has_chart and len(each.drawn):
            assert export.svg(each.chart(record)).startswith("<svg")


def test_the_pairs_are_what_the_model_gives_and_a_swap_turns_them(record):
    a, b = (settings.scenario(record) for settings in PAIRS["a longer time"])
    there, back = (compare_market.pairs(record, *pair, "JPN") for pair in ((a, b), (b, a)))
    assert [each.case.chain for each in there] == [each.case.chain for each in back]
    for one, other in zip(there, back, strict=True):
        assert one.by_price == pytest.approx(-other.by_price)
        assert one.by_use == pytest.approx(-other.by_use)
        assert one.overlap == other.overlap
    alone = compare_market.pairs(record, a, a, "JPN")
    assert compare_market.largest(alone) == 0
    assert compare_market.finding(record, alone, "Japan") == ""


def answer(price: float, low: float, high: float, served: float, kind: str) -> Answer:
    """An answer of a kind, its range around the point."""
    cost = {"shortage": 5.0, "rationing": 7.9, "unsolved": math.nan}.get(kind, price)
    ends = (price - low * (price - 0.5), price, price + high)
    return Answer(
        base_t=0.0 if kind == "unused" else 10.0, price=ends[1], price_low=ends[0], price_high=ends[2], cost=cost,
        served=served, served_low=served * (1 - low), served_high=served * (1 + high), ceiling=8.0,
    )  # fmt: skip


ANSWERS = st.builds(
    answer,
    st.floats(0.5, 3.9),
    st.floats(0, 1),
    st.floats(0, 3),
    st.floats(0, 1.2),
    st.sampled_from(["price", "shortage", "rationing", "unused", "unsolved"]),
)
MONEY = st.one_of(st.just((math.nan,) * 3), st.floats(-1e11, 1e11).map(lambda usd: (usd, usd - 1e6, usd + 1e6)))


@given(
    answers=st.lists(st.tuples(ANSWERS, ANSWERS, MONEY, MONEY), max_size=20),
    who=st.sampled_from(["the members", "Japan"]),
)
def test_every_pair_of_answers_is_told_in_true_words(record, answers, who):
    cases = list(market_session.offered().values())
    found = [Pair(case, *each) for case, each in zip(cases, answers, strict=False)]
    drawn = compare_market.figure(record, found, who, phone=False)
    for text in (drawn.finding, drawn.basis, drawn.alt, drawn.note, *drawn.drawn.prices, *drawn.drawn.money):
        assert raw(text) == [], text
    assert_finding(drawn.finding)
    for text in (drawn.basis, drawn.alt, drawn.note):
        assert text.endswith("."), text
    swapped = [Pair(each.case, each.b, each.a, each.b_usd, each.a_usd) for each in found]
    for one, other in zip(found, swapped, strict=True):
        assert one.by_price == pytest.approx(-other.by_price)
        assert one.overlap == other.overlap


def pair_of(record, a: Answer, b: Answer) -> tuple[Pair, ...]:
    unknown = (math.nan,) * 3
    return (Pair(market_session.base_cases()["gallium"], a, b, unknown, unknown),)


def test_ranges_that_overlap_are_said_to(record):
    near = pair_of(record, answer(2.0, 0.2, 0.5, 0.9, "price"), answer(2.2, 0.2, 0.5, 0.9, "price"))
    assert compare_market.finding(record, near, "Japan").endswith("; the ranges overlap")
    assert compare_market.overlapping(near) == ("The ranges overlap: the difference may be within what is assumed.")
    far = pair_of(record, answer(1.1, 0.0, 0.1, 0.9, "price"), answer(3.0, 0.1, 0.5, 0.9, "price"))
    assert compare_market.overlapping(far) == "The ranges do not overlap."


def test_a_price_that_stays_is_not_a_multiple(record):
    stays = Answer(10.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 8.0)
    rises = Answer(10.0, 2.5, 1.6, 3.5, 2.5, 0.9, 0.8, 0.95, 8.0)
    assert compare_market.finding(record, pair_of(record, stays, rises), "Japan") == (
        "In B gallium would cost Japan 2.5 (1.6 to 3.5) times the price of 2024, in A what was paid then"
    )
    assert compare_market.finding(record, pair_of(record, rises, stays), "Japan") == (
        "In B gallium would cost Japan what was paid in 2024, in A 2.5 (1.6 to 3.5) times that"
    )


def test_a_shallower_cut_that_costs_more_says_so(record):
    a, b = (Settings(cut_pct=cut, products=("gallium",)).scenario(record) for cut in (50, 100))
    dear, cheap = answer(2.0, 0.2, 0.5, 0.9, "price"), answer(1.5, 0.2, 0.5, 0.8, "price")
    said = compare_market.dearer_when_shallower(record, a, b, pair_of(record, dear, cheap), "Japan")
    assert said.startswith("A withholds less than B, and yet gallium would cost Japan more in A: 2.0 times the price")
    said = compare_market.dearer_when_shallower(record, b, a, pair_of(record, cheap, dear), "Japan")
    assert said.startswith("B withholds less than A, and yet gallium would cost Japan more in B: 2.0 times the price")
    assert compare_market.dearer_when_shallower(record, a, b, pair_of(record, cheap, dear), "Japan") == ""
    assert compare_market.dearer_when_shallower(record, a, a, pair_of(record, dear, cheap), "Japan") == ""


def test_only_what_changes_is_drawn_the_weakest_first(record):
    a, b = (case_of(record, each) for each in PAIRS["Indonesia invited"])
    changes, drawn = difference.coverage(a, b), compare_coverage.figure(record, a, b, phone=False).drawn
    assert len(drawn) == len(changes) > 0
    lowest = drawn.sort_values("order").label.iloc[0]
    weakest = changes.groupby("label").b.min().sort_values()
    assert lowest == weakest.index[0]
    assert all("→" in text or "(" in text for text in drawn.text)


def test_ranges_can_overlap_though_one_is_dearer_whatever_is_assumed_of_both(record):
    a, b = (Settings(cut_pct=cut, products=("cobalt", "tungsten")).scenario(record) for cut in (25, 50))
    there, back = (compare_market.pairs(record, *pair, "JPN") for pair in ((a, b), (b, a)))
    assert any(each.one_way and each.overlap for each in there)
    assert [each.one_way for each in there] == [each.one_way for each in back]
    assert not any(each.one_way for each in compare_market.pairs(record, a, a, "JPN"))
    longer = Settings(cut_pct=50, products=("cobalt", "tungsten"), horizon="five_years").scenario(record)
    assert not any(each.one_way for each in compare_market.pairs(record, a, longer, "JPN"))


@pytest.mark.parametrize(("overlapping", "always"), [(1, 0), (1, 1), (3, 0), (3, 1), (3, 2), (3, 3)])
def test_how_many_go_one_way_is_a_sentence(record, overlapping, always):
    near = pair_of(record, answer(2.0, 0.2, 0.5, 0.9, "price"), answer(2.2, 0.2, 0.5, 0.9, "price"))[0]
    found = [replace(near, one_way=at < always) for at in range(overlapping)]
    ends = {
        (1, 1): "it goes the same way throughout.",
        (3, 1): "one of these goes the same way throughout.",
        (3, 2): "two of these go the same way throughout.",
        (3, 3): "each goes the same way throughout.",
    }
    assert compare_market.overlapping(found).endswith(ends.get((overlapping, always), "within what is assumed."))
