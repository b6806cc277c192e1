"""Take every page in four sizes and two themes into look/, and say what does not fit: `python -m bench.look`."""

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser import ROOT, chromium_browser, cut_words, served, settled

LOOK = ROOT / "look"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
SIZES: dict[str, dict[str, Any]] = {
    "1440": {"viewport": {"width": 1440, "height": 900}},
    "1920": {"viewport": {"width": 1920, "height": 1080}},
    "phone": {"viewport": {"width": 390, "height": 844}, "user_agent": PHONE},
    # Twice as large on the first screen: the same pixels, half the room.
    "zoom200": {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2},
}
THEMES = ("light", "dark")
OVERFLOW = """
() => {
  const main = document.querySelector('[data-testid=stMain]') ?? document.scrollingElement;
  const widest = Math.max(document.documentElement.scrollWidth, main.getBoundingClientRect().left + main.scrollWidth);
  if (widest <= innerWidth) return [];
  const inside = node => { for (let up = node.parentElement; up && up !== main; up = up.parentElement)
    if (getComputedStyle(up).overflowX !== 'visible') return true; return false };
  const out = [...main.querySelectorAll('*')].filter(node => node.getBoundingClientRect().right > innerWidth + 1 &&
    !inside(node)).slice(-3).map(node => node.dataset.testid || node.className || node.tagName);
  return [`${widest} px wide, ${out.join(', ')}`];
}
"""


@dataclass
class Found:
    """What is wrong with one picture."""

    foreign: list[str] = field(default_factory=list)
    overflow: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    clipped: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Each finding once, with its kind."""
        return [f"{kind}: {each}" for kind, all_of in vars(self).items() for each in dict.fromkeys(all_of)]


def pages() -> dict[str, str]:
    """Address of every page by name; the overview is the start."""
    names = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
    return {name: "" if name == "overview" else name for name in names}


def take(browser: Browser, address: str, size: str, theme: str, path: Path) -> Found:
    """Visit a page in one size and theme, take its picture and say what is wrong."""
    context = browser.new_context(color_scheme=theme, **SIZES[size])  # type: ignore[arg-type]
    page, found = context.new_page(), Found()
    origin = "/".join(address.split("/")[:3])
    own = (origin, origin.replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda each: None if each.url.startswith(own) else found.foreign.append(each.url))
    page.on("console", lambda each: found.errors.append(each.text[:200]) if each.type == "error" else None)
    page.on("pageerror", lambda error: found.errors.append(str(error)[:200]))
    page.goto(address)
    page.wait_for_selector("h1", timeout=60_000)
    settled(page)
    found.overflow = page.evaluate(OVERFLOW)
    found.clipped = cut_words(page)
    stretch(page)
    page.screenshot(path=path)
    context.close()
    return found


def stretch(page: Page) -> None:
    """Make the window as high as the page, which scrolls inside its frame, and wait until the map has drawn."""
    size = page.viewport_size
    assert size, "the window has a size"
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    page.wait_for_timeout(2500)
    settled(page)


def main() -> None:
    """Take the pictures; exit with status 1 when something is wider than the window or asked of another host."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names of pages, separated by commas")
    parser.add_argument("--lang", default="", help="language of the pages, English when left out")
    options = parser.parse_args()
    only, asked = options.only, f"?lang={options.lang}" if options.lang else ""
    wanted = {name: path for name, path in pages().items() if not only or name in only.split(",")}
    LOOK.mkdir(exist_ok=True)
    wrong = False
    with served() as address, chromium_browser() as browser:
        for name, path in wanted.items():
            for size in SIZES:
                for theme in THEMES:
                    picture = LOOK / f"{name}{options.lang and '-' + options.lang}-{size}-{theme}.png"
                    found = take(browser, f"{address}/{path}{asked}", size, theme, picture)
                    wrong = wrong or bool(found.foreign or found.overflow)
                    print("\n  ".join([picture.stem, *found.lines()]), flush=True)
    sys.exit(int(wrong))


if __name__ == "__main__":
    main()
