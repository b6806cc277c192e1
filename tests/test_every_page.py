"""Every page in every state a link can put it in: drawn by a real server, no exception, nothing raw on the screen."""

import re

import pytest
from playwright.sync_api import Browser, Page

from bloc.views import method, supply
from tests.browser import open_page, visit

pytestmark = pytest.mark.browser
RAW = re.compile(r"\bnan\b|\bNone\b|Traceback|Error\b")
PLACES = [
    *(f"supply?mineral=nickel&part={part}" for part in supply.PARTS),
    "supply?mineral=rare_earths",
    "supply?mineral=germanium&part=trade",
    "supply?mineral=helium&part=ahead",
    "supply?mineral=boron&part=history",
    "concentration?side=mined&materials=critical",
    *(f"method?section={section}&v=1&cut=50" for section in method.SECTIONS),
    "concentration?use=wind",
    "restrictions",
    "restrictions?records=all",
    "restrictions?chain=cobalt&by=COD&cut=60&routes=ore",
    "prices",
    "prices?chain=rare_earths_magnet&v=1&cut=0&price=rare_earths_magnet~2~floor~multiple~refinery",
    "compare?in=IDN",
    "compare?bloc=g7_cmpa&vs=forge",
    "story",
    "story?story=gallium&step=3",
    "briefing",
    "briefing?v=1&in=IDN&cut=50&of=rare_earths_total&to=USA",
    "country?country=CHN",
    "country?country=COK",
    "country?country=FRA&v=1&out=FRA",
    "supply?lang=es&mineral=nickel&part=trade",
    "restrictions?lang=es&chain=cobalt&by=COD&cut=60",
    "story?lang=es&story=ministerial&step=2",
]


@pytest.fixture(scope="module")
def window(browser: Browser, address: str) -> Page:
    """One window for all places: it keeps the files of the app."""
    return open_page(browser, address)


@pytest.mark.parametrize("place", PLACES)
def test_a_page_draws_without_exception_or_raw_values(window, address, place):
    visit(window, f"{address}/{place}")
    assert window.locator("[data-testid=stException]").count() == 0
    assert window.locator("[data-testid=stAlert]").count() == 0
    assert RAW.findall(window.locator("[data-testid=stMain]").inner_text()) == []


def test_an_unknown_mineral_of_a_link_is_named(browser, address):
    visited = open_page(browser, f"{address}/supply?mineral=unobtainium")
    assert "unobtainium" in visited.locator("[data-testid=stAlert]").inner_text()
    visited.context.close()


def test_one_click_on_a_bar_of_the_ranking_leads_to_its_material_and_keeps_the_scenario(browser, address):
    visited = open_page(browser, f"{address}/?v=1&cut=60")
    ranking = visited.locator(".stVegaLiteChart").first
    ranking.scroll_into_view_if_needed()
    box = ranking.bounding_box()
    for share in (0.3, 0.35, 0.4, 0.45):
        # A row without a bar, where nothing is known, leads nowhere.
        visited.mouse.click(box["x"] + 0.37 * box["width"], box["y"] + share * box["height"])
        visited.wait_for_timeout(1500)
        if "/supply" in visited.url:
            break
    visited.wait_for_url("**/supply**", timeout=20_000)
    assert "cut=60" in visited.url
    assert "mineral=" in visited.url
    visited.context.close()


def test_one_click_on_a_row_leads_to_its_mineral_and_keeps_the_scenario(browser, address):
    visited = open_page(browser, f"{address}/concentration?v=1&cut=60")
    table = visited.locator("[data-testid=stDataFrame]").first.bounding_box()
    visited.mouse.click(table["x"] + 16, table["y"] + 55)
    visited.wait_for_url("**/supply**", timeout=20_000)
    assert "cut=60" in visited.url
    assert "mineral=" in visited.url
    visited.context.close()
