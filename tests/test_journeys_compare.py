"""A visitor holds a scenario, goes on, and sees both side by side."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import open_page, served, settled

pytestmark = pytest.mark.browser


def test_hold_go_on_swap_and_come_back_by_link(browser):
    # The server has just started, and the first thing it is asked for is a deep link to the page.
    with served() as fresh:
        page = open_page(browser, f"{fresh}/compare?v=1&of=gallium")
        members = page.locator("[data-testid=stMetricValue]").first
        title = page.locator("h1")

        page.get_by_role("button", name="Hold the present one as A").click()
        expect(title).to_have_text("A and B are the same scenario: nothing differs", timeout=20_000)

        page.get_by_label("Invite").fill("Indonesia")
        page.keyboard.press("Enter")
        # The open list hides all else from who asks for a button by its name.
        page.keyboard.press("Escape")
        expect(members).to_have_text(re.compile("69 → 70"), timeout=20_000)
        expect(title).to_contain_text("In B the bloc would meet", timeout=20_000)
        settled(page)
        assert page.locator(".stDeckGlJsonChart").count() == 2
        assert "in=IDN" in page.url
        assert "vs=" in page.url

        page.get_by_role("button", name="Swap A and B").click()
        expect(members).to_have_text(re.compile("70 → 69"), timeout=20_000)
        settled(page)
        swapped = title.inner_text()
        page.reload()
        expect(title).to_have_text(swapped, timeout=20_000)
        settled(page)

        page.get_by_role("button", name="Forget A").click()
        expect(members).to_have_text(re.compile("69 → 69"), timeout=20_000)
        settled(page)
        assert "vs=" not in page.url
        assert page.locator("[data-testid=stException]").count() == 0
        page.context.close()
