"""The Method page and the section "How sure": figures of real markets, their words, and nothing raw on the screen."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from bloc.data import load_base_cases
from bloc.outcome import bloc_members
from bloc.scenario import Restriction, Scenario
from bloc.uncertainty import draw as solve_draws
from bloc.views import export, market_session, method, method_published, uncertainty
from tests.browser import chromium_browser, open_page, served

ROOT = Path(__file__).parents[1]
RAW = re.compile(r"\bnan\b|\bNone\b|<NA>|\binf\b|\w_\w")


@pytest.fixture(scope="module")
def subject(record) -> uncertainty.Subject:
    scenario = replace(
        Scenario.from_preset("cmm_2026", record=record), restrictions=(Restriction("CHN", 0.5, ("germanium",)),)
    )
    return uncertainty.Subject(record, scenario, "germanium", bloc_members(record, scenario), "the bloc")


@pytest.fixture(scope="module")
def drawn(subject):
    members = bloc_members(subject.record, subject.scenario)
    case = load_base_cases()["germanium"]
    found = list(solve_draws(case, market_session.table(), subject.scenario, subject.record.union, members, 60))[-1]
    return uncertainty.summary(found, uncertainty._tornado(subject), subject.countries)


@pytest.fixture(scope="module")
def figures(subject, drawn, record):
    rows = method_published.table()
    return {
        **{of: uncertainty.each_alone(subject, of) for of in uncertainty.TITLES},
        "draws": uncertainty.drawn_at_once(subject, drawn),
        "contested": uncertainty.contested(subject),
        "published": method_published.prices(rows),
        "without largest": method_published.shares(rows),
        "imports": method_published.imports(record),
    }


NAMES = [*uncertainty.TITLES, "draws", "contested", "published", "without largest", "imports"]


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_says_what_it_shows_and_holds_nothing_raw(figures, name, record):
    figure = figures[name]
    assert not RAW.search(" ".join([figure.finding, figure.basis, figure.note, figure.alt]))
    assert not figure.rows.empty
    shown = figure.table(record)
    assert not any(RAW.search(str(value)) for value in shown.select_dtypes(["object", "string"]).to_numpy().ravel())
    assert set(figure.source_ids()) <= set(record.sources.source_id)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "imports"])
def test_a_chart_can_be_drawn_as_a_file(figures, name, record):
    assert export.svg(figures[name].chart(record)).startswith("<svg")


def test_the_tornado_is_drawn_widest_first_around_the_result_as_set(figures):
    marks = figures["price"].drawn
    width = marks.end - marks.start
    assert width.is_monotonic_decreasing
    assert ((marks.start <= marks.point) & (marks.point <= marks.end)).all()


def test_draws_are_placed_within_their_row(figures):
    marks = figures["draws"].drawn[["base", "point", "p5", "p50", "p95"]]
    assert marks.min(axis=1).tolist() == [0] * len(marks)
    assert marks.max(axis=1).tolist() == pytest.approx([1] * len(marks))
    assert (marks.p5 <= marks.p50).all()
    assert (marks.p50 <= marks.p95).all()


def test_a_contested_figure_opens_with_the_one_every_page_uses(figures):
    rows = figures["contested"].rows
    assert rows.choice.tolist() == ["As used on every page", "China refines 60 %", "China refines 93 %"]
    assert rows.price.is_monotonic_increasing is False
    assert rows.price.iloc[1] < rows.price.iloc[0] < rows.price.iloc[2]


def test_a_price_near_the_ceiling_is_called_rationing(subject):
    assert uncertainty.said(subject, "price", 7.5) == "rationing"
    assert uncertainty.said(subject, "price", 4.5) == "over ×\u00a04"
    assert uncertainty.said(subject, "gain_usd", -2e9) == "−$2\u00a0bn"
    assert uncertainty.said(subject, "price", np.nan) == "unknown"


def test_a_group_that_uses_nothing_is_told_so(subject):
    nobody = replace(subject, countries=frozenset({"ATA"}), who="Antarctica")
    assert uncertainty.each_alone(nobody, "price").drawn.empty
    assert uncertainty.unknown(nobody, "price").startswith("Price paid: unknown for Antarctica.")


def test_the_table_of_published_results_gives_a_reason_for_every_gap(figures):
    rows = figures["published"].rows
    assert len(rows) >= 13
    assert rows.reason.str.len().gt(10).all()
    assert all(title in method_published.reasons(method_published.table()) for title in rows.title)


def test_the_finding_counts_the_chains_of_the_record():
    cases = load_base_cases()
    offered = sum(case.grade in "ABC" and not case.variant_of for case in cases.values())
    assert f"{offered} of " in method.finding(cases)


def section_alone():
    import streamlit as st

    from bloc.views import market_session, method, session

    match st.session_state["asked"]:
        case "model":
            method.model(session.record(), market_session.base_cases())
        case _:
            method.limits()


@pytest.mark.parametrize("section", ["model", "limits"])
def test_a_section_is_drawn_in_words(section):
    page = AppTest.from_function(section_alone, default_timeout=60)
    page.session_state["asked"] = section
    page.run()
    assert not page.exception
    assert not any(RAW.search(each.value) for each in page.markdown)


def test_every_symbol_of_the_market_has_its_equation():
    equations = " ".join(line for _, lines, _ in method.EQUATIONS for line in lines)
    for symbol in (r"\mu", r"\eta", r"\varepsilon", r"\kappa", r"\rho", "C-1", "K", "T_{ij}", "F_{ij}"):
        assert symbol in equations


def test_the_page_is_found_by_its_address():
    assert '"method": st.Page("pages/method.py"' in (ROOT / "app.py").read_text("utf-8")
    assert len((ROOT / "pages" / "method.py").read_text("utf-8").splitlines()) <= 100


@pytest.mark.browser
def test_the_draws_are_solved_on_demand_and_a_changed_assumption_is_flagged():
    with served() as address, chromium_browser() as browser:
        page = open_page(browser, f"{address}/method?v=1&cut=50&section=sure&chain=germanium&assume=switching~9~")
        page.get_by_role("button", name="Draw all assumptions").click()
        page.wait_for_selector("text=in nine draws of ten", timeout=30_000)
        assert "switching 9 instead of 6" in page.locator("[data-testid=stMain]").inner_text()
        page.get_by_role("button", name="See the assumptions").click()
        page.wait_for_selector("text=Reset all", timeout=20_000)
        page.wait_for_url("**section=assumptions**", timeout=20_000)
        page.context.close()
