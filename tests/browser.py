"""Start the app as a visitor meets it, and a browser to visit it with."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import ARGUMENTS, chromium

ROOT = Path(__file__).parents[1]
# Software WebGL redraws the map so slowly that a click counts as a drag: the clock stands still while the button is
# down.
STILL_CLOCK = """
const real = Date.now;
let held = null;
window.holdClock = on => { held = on ? real() : null };
Date.now = () => held ?? real();
"""
STYLED = "[...document.querySelectorAll('style')].some(each => each.textContent.includes('st-key-cards'))"
CUT = """
() => {
  const wanted = 'h1, h2, h3, h4, h5, h6, label, button, [data-testid^=stMetric], [data-testid=stWidgetLabel]';
  const found = new Set();
  for (const root of document.querySelectorAll(wanted))
    for (const node of [root, ...root.querySelectorAll('*')])
      if (['hidden', 'clip'].includes(getComputedStyle(node).overflowX) && node.textContent.trim() &&
          node.clientWidth > 1 && node.scrollWidth > node.clientWidth + 1)
        found.add(node.textContent.trim().slice(0, 80));
  return [...found];
}
"""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(root: Path = ROOT, log: Path | None = None) -> Iterator[str]:
    """Address of a server that has just started, and its end."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    with (log or Path(os.devnull)).open("w") as output:
        server = subprocess.Popen(command, cwd=root, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_for(address: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Wait until an address answers, or fail when the server ends first."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with status {server.returncode}")
        with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.2)
    raise TimeoutError(f"{address} did not answer in {seconds:.0f} s")


@contextlib.contextmanager
def chromium_browser() -> Iterator[Browser]:
    """A headless Chromium; a FileNotFoundError says what to do where there is none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def open_page(browser: Browser, address: str, width: int = 1440, height: int = 900, **context: object) -> Page:
    """Visit an address and wait until the finding stands."""
    page = browser.new_context(viewport={"width": width, "height": height}, **context).new_page()  # type: ignore[arg-type]
    page.add_init_script(STILL_CLOCK)
    visit(page, address)
    return page


def visit(page: Page, address: str) -> None:
    """Go to an address as a new visitor of the app, with what the browser has kept, and wait for the finding."""
    page.goto(address)
    page.wait_for_selector("h1", timeout=60_000)
    settled(page)


def settled(page: Page) -> None:
    """Wait until no run of the script is under way and every part of the page stands.

    A part that the browser is still fetching is held by a grey bar of another height: what stands below it moves, out
    from under a pointer.
    """
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=60_000)
    page.wait_for_timeout(250)
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=60_000)
    page.wait_for_selector("[data-testid=stSkeleton]", state="detached", timeout=60_000)


def cut_words(page: Page) -> list[str]:
    """Words of headings, labels, buttons and cards that are cut off, their first 80 letters."""
    # The app's own style is drawn by a part of Streamlit that loads last.
    page.wait_for_function(STYLED)
    found: list[str] = page.evaluate(CUT)
    return found
