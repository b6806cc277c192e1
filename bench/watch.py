"""What a page does, by its own clock: when text changes, frames arrive and the browser draws."""

from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page

from tests.browser import settled

# `begun` is the key or button going down, `released` the button going up; every time is performance.now() of the page.
WATCH = r"""
(() => {
  const now = () => performance.now();
  const w = window.bench = {};
  w.reset = () => Object.assign(w, { begun: 0, released: 0, texts: [], maps: [], frames: [], drawn: 0, busy: 0 });
  w.reset();
  w.answer = () => [...document.querySelectorAll('[data-testid=stMetricValue]')].map(e => e.textContent).join(' | ');
  w.map = () => document.querySelector('.stDeckGlJsonChart [aria-label], [aria-label]:has(.stDeckGlJsonChart)')
    ?.getAttribute('aria-label') ?? '';
  w.idle = () => document.querySelector('[data-test-script-state="notRunning"]') !== null;
  let text = '', map = '';
  const look = () => {
    const seen = w.answer(), words = w.map();
    if (seen && seen !== text) { text = seen; w.texts.push([now(), seen]); }
    if (words && words !== map) { map = words; w.maps.push([now(), words]); }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true,
    attributes: true, attributeFilter: ['aria-label'] });
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', e => w.frames.push([now(), e.data.byteLength ?? e.data.size ?? e.data.length]));
    }
  };
  new PerformanceObserver(list => list.getEntries().forEach(e => { w.busy += e.duration }))
    .observe({ type: 'longtask' });
  const frame = () => { w.drawn += 1; requestAnimationFrame(frame) };
  requestAnimationFrame(frame);
  for (const name of ['keydown', 'pointerdown']) document.addEventListener(name, () => { w.begun ||= now() }, true);
  document.addEventListener('pointerup', () => { w.released = now() }, true);
  // Resolves once the text has changed, no script runs and no frame has come for a while.
  w.quiet = (pause, atMost) => new Promise(resolve => {
    const start = now();
    const check = () => {
      const last = Math.max(w.frames.at(-1)?.[0] ?? 0, w.texts.at(-1)?.[0] ?? 0, w.released, w.begun);
      if ((w.texts.length && w.idle() && now() - last > pause) || now() - start > atMost) resolve();
      else setTimeout(check, 25);
    };
    check();
  });
})();
"""


@dataclass(frozen=True)
class Seen:
    """What was seen since the last reset. Times in ms of the page's clock, `busy` is the time in long tasks."""

    begun: float
    released: float
    texts: list[tuple[float, str]]
    maps: list[tuple[float, str]]
    frames: list[tuple[float, int]]
    drawn: int
    busy: float


def watched(browser: Browser, address: str) -> Page:
    """Visit an address with the watch in the page, and wait until it stands."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector("h1", timeout=60_000)
    settled(page)
    page.wait_for_timeout(2500)
    return page


def slider(page: Page) -> Locator:
    """The slider that is measured."""
    return page.locator(".st-key-live_cut input[type=range]")


def reset(page: Page) -> None:
    """Forget what was seen."""
    page.evaluate("bench.reset()")


def seen(page: Page) -> Seen:
    """What was seen since the last reset."""
    names = ", ".join(Seen.__dataclass_fields__)
    return Seen(**page.evaluate(f"(({{ {names} }}) => ({{ {names} }}))(bench)"))


def quiet(page: Page, pause: int = 400, at_most: int = 15_000) -> None:
    """Wait until a change has been answered in full."""
    page.evaluate("([pause, atMost]) => bench.quiet(pause, atMost)", [pause, at_most])
