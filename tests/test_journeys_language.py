"""A visitor who reads Spanish: the button, the link, what stays on a switch of page, on a reload, on the way back."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import expect

from tests.browser import cut_words, open_page, settled

pytestmark = pytest.mark.browser
ENGLISH = "Half of need is met"
SPANISH = "El bloque cubre"


def test_a_switch_of_language_keeps_the_scenario_and_stands_in_the_link(browser, address):
    page = open_page(browser, f"{address}/?v=1&bloc=us_eu_jp&in=IDN&cut=60")
    expect(page.locator("h1")).to_contain_text(ENGLISH)
    page.get_by_role("button", name="Español").click()
    expect(page.locator("h1")).to_contain_text(SPANISH, timeout=20_000)
    settled(page)
    expect(page.locator(".st-key-w_preset input")).to_have_value(re.compile("Estados Unidos"))
    assert {"lang=es", "bloc=us_eu_jp", "in=IDN", "cut=60"} <= set(page.url.partition("?")[2].split("&"))
    assert page.locator("html").get_attribute("lang") == "es"
    expect(page.locator(".st-key-live_cut")).to_contain_text("60 %")
    expect(page.locator("[data-testid=stMetricValue]").first).to_have_text("29 → 30")

    page.reload()
    settled(page)
    expect(page.locator("h1")).to_contain_text(SPANISH)

    page.get_by_role("link", name="Suministro de un mineral").click()
    page.wait_for_url("**/supply**")
    settled(page)
    assert "lang=es" in page.url
    assert "cut=60" in page.url
    expect(page.locator("h1")).to_contain_text("cobalto")

    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_contain_text("of the world’s cobalt", timeout=20_000)
    settled(page)
    assert "lang=" not in page.url
    assert page.locator("html").get_attribute("lang") == "en"
    page.context.close()


def test_back_and_forward_and_a_first_visit_by_a_link_speak_the_language_of_the_link(browser, address):
    page = open_page(browser, f"{address}/restrictions?lang=es&v=1&chain=gallium&country=JPN")
    expect(page.locator("h1")).to_contain_text("el precio del galio en Japón")
    page.get_by_role("link", name="Precios", exact=True).click()
    page.wait_for_url("**/prices**")
    settled(page)
    page.go_back()
    page.wait_for_url("**/restrictions**")
    settled(page)
    expect(page.locator("h1")).to_contain_text("el precio del galio en Japón")
    assert "lang=es" in page.url
    page.context.close()


def test_a_dragged_slider_and_undo_answer_in_spanish(browser, address):
    page = open_page(browser, f"{address}/?lang=es")
    handle = page.locator(".st-key-live_cut input[type=range]").bounding_box()
    x, y = handle["x"] + handle["width"] * 0.25, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(x + 4 * step, y)
        page.wait_for_timeout(40)
    moved = re.compile("Si China retuviera el (?!25\\D)\\d+")
    expect(page.locator("[data-testid=stMain]")).to_contain_text(moved, timeout=20_000)
    page.mouse.up()
    settled(page)
    expect(page.locator("[data-testid=stMain]")).to_contain_text(moved)
    page.get_by_role("button", name="Deshacer").click()
    expect(page.locator("[data-testid=stMain]")).to_contain_text(re.compile("retuviera el 25\u202f%"), timeout=20_000)
    page.context.close()


def test_files_are_in_spanish_though_another_thread_makes_them(browser, address):
    page = open_page(browser, f"{address}/briefing?lang=es&v=1&cut=50&of=gallium")
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Tablas CSV").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as files:
        assert files.read("coverage.csv").decode("utf-8").startswith("Material,Etapa")
    page.context.close()
    page = open_page(browser, f"{address}/supply?lang=es&mineral=cobalt")
    page.get_by_role("button", name="Descargar").first.click()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="SVG").first.click()
    assert "Fuente" in download.value.path().read_text("utf-8")
    page.context.close()


def test_a_language_that_is_not_there_is_named_and_the_page_stands(browser, address):
    page = open_page(browser, f"{address}/?lang=tlh")
    expect(page.locator("[data-testid=stAlert]").first).to_contain_text("'tlh'")
    expect(page.locator("h1")).to_contain_text(ENGLISH)
    page.context.close()


@pytest.mark.parametrize("path", ["restrictions", "story"])
def test_a_phone_cuts_no_word_of_a_choice_or_a_card(browser, address, path):
    page = open_page(browser, f"{address}/{path}?lang=es", width=390, height=844)
    assert cut_words(page) == []
    page.context.close()
