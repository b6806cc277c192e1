import math
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from bloc.views import maps
from tests.browser import open_page, served, settled, visit

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    visited = open_page(browser, address)
    yield visited
    visited.context.close()


def card(page: Page, number: int) -> str:
    return page.locator("[data-testid=stMetricValue]").nth(number).inner_text()


def expect_card(page: Page, number: int, text: str) -> None:
    expect(page.locator("[data-testid=stMetricValue]").nth(number)).to_have_text(re.compile(text), timeout=20_000)


def slider(page: Page):
    return page.locator(".st-key-live_cut input[type=range]")


def map_text(page: Page) -> str:
    label = page.locator(".stDeckGlJsonChart").first.evaluate(
        "node => (node.closest('[aria-label]') ?? node.querySelector('[aria-label]'))?.getAttribute('aria-label')"
    )
    return label or ""


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").first.click()
    settled(page)


def mercator(latitude: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


def click_country(page: Page, record, iso3: str) -> None:
    """Click where the map draws a country: deck.gl's Web Mercator view around 8 north, 0 east."""
    place = maps.places(record.countries)[iso3]
    page.locator(".stDeckGlJsonChart").scroll_into_view_if_needed()
    box = page.locator(".stDeckGlJsonChart").bounding_box()
    world = 512 * 2**maps.WIDE.zoom
    x = box["x"] + box["width"] / 2 + place.x / 360 * world
    y = box["y"] + box["height"] / 2 - (mercator(place.y) - mercator(8)) * world / (2 * math.pi)
    page.mouse.move(x, y)
    page.wait_for_timeout(1500)
    page.evaluate("holdClock(true)")
    page.mouse.down()
    page.mouse.up()
    page.wait_for_timeout(800)
    page.evaluate("holdClock(false)")
    settled(page)


def test_moving_the_cut_moves_the_number_the_map_and_the_link(page):
    slider(page).focus()
    page.keyboard.press("Home")
    expect_card(page, 3, r"\$0 → \$0")
    assert "0 restricting exports" in map_text(page)
    slider(page).focus()
    page.keyboard.press("End")
    expect_card(page, 3, r"\$0 → \$10.5")
    settled(page)
    assert "1 restricting exports" in map_text(page)
    assert "cut=100" in page.url


def test_nothing_is_asked_of_another_host(browser, address):
    visited = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    foreign: list[str] = []
    visited.on(
        "request",
        lambda request: (
            foreign.append(request.url) if not request.url.startswith((address, "data:", "blob:")) else None
        ),
    )
    visited.goto(address)
    visited.wait_for_selector("h1", timeout=60_000)
    settled(visited)
    visited.wait_for_timeout(2000)
    visited.context.close()
    assert foreign == []


def test_back_reload_and_undo_bring_back_what_was(page):
    slider(page).focus()
    page.keyboard.press("End")
    expect_card(page, 3, r"10.5")
    settled(page)
    page.go_back()
    expect_card(page, 3, r"2.6")
    page.go_forward()
    expect_card(page, 3, r"10.5")
    page.reload()
    page.wait_for_selector("h1")
    expect_card(page, 3, r"10.5")
    settled(page)
    slider(page).focus()
    page.keyboard.press("ArrowLeft")
    expect_card(page, 3, r"10.4")
    settled(page)
    press(page, "undo")
    expect_card(page, 3, r"10.5")
    press(page, "redo")
    expect_card(page, 3, r"10.4")
    press(page, "reset")
    expect_card(page, 3, r"2.6")


def test_the_numbers_follow_a_slider_while_it_is_dragged_and_the_link_on_release(page):
    page.evaluate(
        """() => { window.seen = new Set(); const note = () => {
            window.seen.add(document.querySelectorAll('[data-testid=stMetricValue]')[3]?.innerText);
            requestAnimationFrame(note); }; note(); }"""
    )
    handle = slider(page).bounding_box()
    x, y = handle["x"] + handle["width"] * 0.25, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(x + 3 * step, y)
        page.wait_for_timeout(60)
    during = page.evaluate("window.seen.size")
    assert during >= 6, "answers while dragging"
    assert "cut=" not in page.url
    page.mouse.up()
    page.wait_for_timeout(500)
    settled(page)
    assert "cut=" in page.url


def test_a_click_on_the_map_puts_a_country_in_and_a_second_one_out(page, record):
    click_country(page, record, "TUN")
    expect_card(page, 0, r"69 → 70")
    assert "in=TUN" in page.url
    click_country(page, record, "TUN")
    expect_card(page, 0, r"69 → 69")


def test_a_territory_that_counts_with_its_state_says_so_when_it_is_clicked(browser, address, record):
    visited = open_page(browser, f"{address}/?v=1&bloc=g7_cmpa&terr=1")
    before = card(visited, 0)
    click_country(visited, record, "NCL")
    said = visited.locator("[data-testid=stToast]")
    expect(said).to_contain_text("New Caledonia counts with France while territories count with their states")
    assert card(visited, 0) == before
    assert "NCL" not in visited.url
    visited.context.close()


def test_a_measure_is_kept_when_the_box_of_measures_closes(page):
    more = page.get_by_role("button", name="More measures")
    more.click()
    page.get_by_label("Who withholds").fill("Indonesia")
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=stMetricLabel]").nth(3)).to_contain_text("Withheld by Indonesia", timeout=20_000)
    more.click()
    expect(page.get_by_label("Who withholds")).to_have_count(0, timeout=20_000)
    settled(page)
    slider(page).focus()
    page.keyboard.press("End")
    expect_card(page, 3, r"→")
    settled(page)
    assert "by=IDN" in page.url
    assert "cut=100" in page.url
    more.click()
    expect(page.get_by_label("Who withholds")).to_be_visible(timeout=20_000)
    assert page.get_by_role("button", name="Indonesia withholds").is_visible()


@pytest.mark.parametrize("iso3", ["COK", "SGP", "BHR"])
def test_a_small_state_can_be_clicked(page, record, iso3):
    click_country(page, record, iso3)
    expect_card(page, 0, r"69 → 68")
    assert f"out={iso3}" in page.url


def test_a_chip_takes_its_measure_back(browser, address):
    visited = open_page(browser, f"{address}/?v=1&to=USA&of=gallium")
    visited.get_by_role("button", name="From the United States").click()
    settled(visited)
    assert "to=" not in visited.url
    assert "of=gallium" in visited.url
    visited.context.close()


def test_another_page_keeps_the_scenario_and_its_link(page):
    slider(page).focus()
    page.keyboard.press("End")
    expect_card(page, 3, r"10.5")
    settled(page)
    page.get_by_role("link", name="Supply of one mineral").click()
    page.wait_for_url("**/supply**")
    settled(page)
    expect(page.locator("h1")).to_contain_text("cobalt", timeout=20_000)
    settled(page)
    assert "cut=100" in page.url
    page.go_back()
    expect_card(page, 3, r"10.5")


def test_a_wrong_link_says_what_is_wrong_and_opens_all_the_same(browser, address):
    visited = open_page(browser, f"{address}/?v=1&cut=900&in=IDN.QQQ")
    warning = visited.locator("[data-testid=stAlert]").inner_text()
    assert "'900'" in warning
    assert "'QQQ'" in warning
    expect_card(visited, 0, r"69 → 70")
    visited.context.close()


def test_a_deep_link_on_a_server_that_has_just_started_is_restored(browser):
    with served() as fresh:
        visited = open_page(browser, f"{fresh}/overview?v=1&bloc=us_eu_jp&cut=60")
        expect_card(visited, 0, r"29 → 29")
        visited.context.close()


def test_a_phone_gets_the_finding_before_the_controls(browser, address):
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile"
    visited = open_page(browser, address, 390, 844, user_agent=agent)
    width = visited.evaluate("document.scrollingElement.scrollWidth")
    assert width <= 390
    assert visited.locator("[data-testid=stExpander]").is_visible()
    visited.context.close()


def test_back_leads_from_one_page_to_the_other_with_its_own_controls(browser, address):
    visited = open_page(browser, f"{address}/restrictions?v=1&chain=cobalt&cut=60")
    visited.get_by_role("link", name="Prices", exact=True).click()
    visited.wait_for_url("**/prices**")
    settled(visited)
    assert "chain=cobalt" in visited.url
    visited.go_back()
    visited.wait_for_url("**/restrictions**")
    settled(visited)
    assert {"v=1", "chain=cobalt", "cut=60"} == set(visited.url.partition("?")[2].split("&"))
    expect(visited.locator("h1")).to_contain_text("cobalt price")
    visited.context.close()


def test_back_brings_the_page_though_the_run_before_it_ends_first(browser, address):
    """On the way back the browser asks for two runs at once, which a busy server does one after the other."""
    visited = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    late = []

    def delay(page_side):
        server = page_side.connect_to_server()

        def sent(message):
            asked = BackMsg.FromString(message).rerun_script
            wanted = asked.is_history_navigation and "cut=100" in asked.query_string
            if wanted:
                late.append(lambda: server.send(message))
            else:
                server.send(message)

        page_side.on_message(sent)

    visited.route_web_socket(re.compile("_stcore/stream"), delay)
    visit(visited, address)
    slider(visited).focus()
    visited.keyboard.press("End")
    expect_card(visited, 3, r"10.5")
    settled(visited)
    visited.get_by_role("link", name="Supply of one mineral").click()
    expect(visited.locator("h1")).to_contain_text("cobalt", timeout=20_000)
    settled(visited)
    visited.go_back()
    visited.wait_for_timeout(1500)
    late.pop()()
    expect_card(visited, 3, r"10.5")
    visited.context.close()


def test_back_undoes_a_choice_of_a_page(browser, address):
    visited = open_page(browser, f"{address}/concentration")
    visited.locator(".st-key-choice_side").get_by_text("Refined", exact=True).click()
    settled(visited)
    assert "side=refined" in visited.url
    visited.go_back()
    settled(visited)
    visited.wait_for_timeout(500)
    assert "side=" not in visited.url
    visited.go_forward()
    settled(visited)
    visited.wait_for_timeout(500)
    assert "side=refined" in visited.url
    visited.context.close()


def test_one_step_back_leads_from_the_answer_to_the_questions(browser, address):
    visited = open_page(browser, address)
    visited.get_by_role("link", name="What would inviting Indonesia add?").click()
    visited.wait_for_url("**/country**")
    settled(visited)
    visited.go_back()
    expect(visited.get_by_role("link", name="Who would pay for a floor under NdPr?")).to_be_visible(timeout=20_000)
    visited.context.close()


def test_a_box_shows_the_country_that_was_chosen_on_another_page(browser, address):
    visited = open_page(browser, f"{address}/restrictions?v=1&cut=50&of=gallium&chain=gallium&country=JPN")
    visited.get_by_role("link", name="Compare").click()
    visited.wait_for_url("**/compare**")
    settled(visited)
    expect(visited.locator(".st-key-choice_country input")).to_have_value("Japan")
    visited.context.close()
