import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import open_page, settled

pytestmark = pytest.mark.browser
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile"


def stands_at(page: Page, step: str) -> None:
    expect(page.locator(".st-key-stage_bar")).to_contain_text(step, timeout=20_000)
    settled(page)


def overflow(page: Page) -> int:
    """How far the stage, its text and the page reach beyond their room. [px]."""
    return page.evaluate("""() => {
      const boxes = [...document.querySelectorAll('.st-key-stage, .st-key-stage_text')];
      const down = boxes.map(box => box.scrollHeight - box.clientHeight);
      return Math.max(document.documentElement.scrollWidth - innerWidth, ...down);
    }""")


def test_keys_step_through_a_storyline_that_stands_in_the_link_and_esc_leaves_on_its_scenario(browser, address):
    page = open_page(browser, f"{address}/story?story=gallium")
    stands_at(page, "1 of 4")
    assert not page.locator(".stAppHeader").is_visible()
    assert not page.locator(".st-key-composer").is_visible()
    for key, step in (("ArrowRight", "2 of 4"), ("PageDown", "3 of 4"), ("ArrowLeft", "2 of 4"), ("End", "4 of 4")):
        page.keyboard.press(key)
        stands_at(page, step)
    assert "story=gallium" in page.url
    assert "step=4" in page.url
    page.keyboard.press("Home")
    stands_at(page, "1 of 4")
    for _ in range(3):
        page.keyboard.press("Space")
    stands_at(page, "4 of 4")
    other = open_page(browser, page.url)
    stands_at(other, "4 of 4")
    assert other.locator("h1").inner_text() == page.locator("h1").inner_text()
    other.context.close()
    page.go_back()
    settled(page)
    assert page.locator("[data-testid=stException]").count() == 0
    page.keyboard.press("End")
    stands_at(page, "4 of 4")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/restrictions\?"), timeout=20_000)
    settled(page)
    assert "cut=50" in page.url
    assert "of=gallium" in page.url
    expect(page.locator("h1")).to_contain_text("50", timeout=20_000)
    page.context.close()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1440, 900)])
def test_a_step_fills_the_screen_and_no_more(browser, address, width, height):
    page = open_page(browser, f"{address}/story?story=ministerial&step=4", width, height)
    page.wait_for_selector(".st-key-stage svg.marks", timeout=30_000)
    assert overflow(page) <= 0
    letters = page.locator("h1").evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert letters >= 0.024 * width
    box = page.locator(".st-key-stage svg.marks").bounding_box()
    assert box["width"] > 0.55 * width
    assert box["y"] + box["height"] < height
    page.context.close()


def test_a_phone_shows_a_step_without_reaching_over_its_side_and_buttons_step(browser, address):
    page = open_page(browser, f"{address}/story?story=ministerial&step=2", 390, 844, user_agent=PHONE)
    stands_at(page, "2 of 5")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.locator(".st-key-story_next button").click()
    stands_at(page, "3 of 5")
    page.context.close()


def test_a_broken_storyline_of_a_visitor_is_named_and_the_good_one_before_it_stays(browser, address):
    page = open_page(browser, f"{address}/story")
    good = b'title = "Mine"\n[[step]]\ntitle = "Of {members}"\ntext = "t"\nscenario = ""\npictures = ["map"]\n'
    field = page.locator("[data-testid=stFileUploaderDropzoneInput]")
    field.set_input_files({"name": "mine.toml", "mimeType": "application/toml", "buffer": good})
    expect(page.locator(".st-key-open_my_story")).to_be_visible(timeout=20_000)
    settled(page)
    field.set_input_files({"name": "bad.toml", "mimeType": "application/toml", "buffer": good.replace(b"map", b"cake")})
    expect(page.locator("[data-testid=stAlert]")).to_contain_text("bad.toml, step 1: the picture 'cake'")
    assert page.locator(".st-key-open_my_story").is_visible()
    page.locator(".st-key-open_my_story button").click()
    stands_at(page, "1 of 1")
    expect(page.locator("h1")).to_contain_text("Of 69")
    page.context.close()


def test_the_questions_of_the_first_visit_go_with_the_first_change_and_lead_to_their_answers(browser, address):
    page = open_page(browser, address)
    row = page.locator(".st-key-questions")
    assert row.bounding_box()["height"] <= 60
    page.locator(".st-key-live_cut input[type=range]").focus()
    page.keyboard.press("Home")
    expect(row).to_have_count(0, timeout=20_000)
    page.context.close()
    page = open_page(browser, address)
    page.locator(".st-key-questions a", has_text="floor under NdPr").click()
    page.wait_for_url(re.compile(r"/prices\?"), timeout=20_000)
    expect(page.locator("h1")).to_contain_text("floor", timeout=30_000)
    assert "price=" in page.url
    page.context.close()
