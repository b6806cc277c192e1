"""Measure the app beside the floor of Streamlit, in one run: `python -m bench.measure --only release,drag`."""

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from playwright.sync_api import Page

import bloc
from bench import market as markets
from bench import sessions
from bench.server import APP, FLOOR, Server, serving
from bench.watch import quiet, reset, seen, slider, watched
from bloc.data import DATABASE, connect, read_record
from bloc.scenario import Restriction
from tests.browser import ROOT, chromium_browser, settled

RESULTS = ROOT / "bench" / "results" / "latest.json"
CHANGES, WARM_UP, CALLS = 15, 3, 200
DRAG_S, CROWD_S, CROWDS = 3.0, 30.0, (1, 10, 50)
Numbers = dict[str, float]
T = TypeVar("T")

# Number, what it is, and the figure to reach (None: nothing to reach); "at least" where more is better.
AT_LEAST = frozenset({"answers_s"})
TABLE: dict[str, dict[str, tuple[str, float | None]]] = {
    "release": {
        "text_ms": ("slider released to new text, ms", 100),
        "frame_ms": ("slider released to last frame, ms", 150),
        "kb": ("received per change, kB", 20),
        "cpu_ms": ("server processor per change, ms", 50),
        "busy_ms": ("browser in long tasks per change, ms", None),
    },
    "drag": {
        "answers_s": ("answers a second while dragged", 8),
        "drawn_s": ("frames drawn a second while dragged", None),
        "after_ms": ("text final after release, ms", 150),
        "cpu_ms": ("server processor per answer, ms", 50),
        "map_ms": ("map's words change while held, ms", None),
        "map_drawn": ("map's picture changes while held, 1 = yes", None),
    },
    "switch": {"switch_ms": ("page switched to last frame, ms", None)},
    "cold": {
        "first_s": ("cold start to the heading, s", 5),
        "loaded_mb": ("loaded on a first visit, MB", None),
    },
    "load": {
        name: text
        for number in CROWDS
        for name, text in {
            f"p50_ms_{number}": (f"answer with {number} at once, p50, ms", 100 if number == 50 else None),
            f"p95_ms_{number}": (f"answer with {number} at once, p95, ms", 500 if number == 50 else None),
            f"cpu_ms_{number}": (f"server processor per change, {number} at once, ms", 50),
            f"errors_{number}": (f"errors with {number} at once", 0),
            f"memory_mb_{number}": (f"memory with {number} at once, MB", 350 if number == 50 else None),
        }.items()
    },
    "accounting": {
        "evaluate_ms": ("bloc.evaluate, ms", 5),
        "record_ms": ("read the record, ms", None),
        "database_mb": ("database, MB", None),
        "yardstick_ms": ("a fixed sort of numpy, ms", None),
    },
    "market": markets.TABLE,
}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    section: str
    name: str
    what: str
    floor: float | None
    measured: float
    target: float | None

    @property
    def ratio(self) -> float | None:
        """How many times the floor."""
        return self.measured / self.floor if self.floor else None

    @property
    def reached(self) -> bool | None:
        """Whether the target is met."""
        if self.target is None:
            return None
        return self.measured >= self.target if self.name in AT_LEAST else self.measured <= self.target


@contextmanager
def visit(script: str, query: str = "") -> Iterator[tuple[Page, Server]]:
    """A watched page on a server of its own."""
    with chromium_browser() as browser, serving(script) as server:
        yield watched(browser, f"{server.address}/{query}"), server


def release(script: str) -> Numbers:
    """Move the slider by a key, which counts as released at once: medians of the changes after a warm-up."""
    rows = []
    with visit(script) as (page, server):
        slider(page).focus()
        for each in range(WARM_UP + CHANGES):
            before = server.cpu_ms()
            reset(page)
            page.keyboard.press("ArrowRight")
            quiet(page)
            found = seen(page)
            if each >= WARM_UP and found.texts and found.frames:
                rows.append(
                    {
                        "text_ms": found.texts[0][0] - found.begun,
                        "frame_ms": found.frames[-1][0] - found.begun,
                        "kb": sum(size for _, size in found.frames) / 1000,
                        "cpu_ms": server.cpu_ms() - before,
                        "busy_ms": found.busy,
                    }
                )
    numbers = {name: statistics.median(row[name] for row in rows) for name in rows[0]}
    # The clock of the kernel ticks every 10 ms: the mean, not the median.
    return {**numbers, "cpu_ms": statistics.mean(row["cpu_ms"] for row in rows)}


def drag(script: str) -> Numbers:
    """Drag the slider across its range for three seconds, then see what the map does while the button is held."""
    with visit(script, "?live") as (page, server):
        start, end = _hold(page, "Home"), time.monotonic() + DRAG_S
        before = server.cpu_ms()
        while (left := end - time.monotonic()) > 0:
            page.mouse.move(start[0] + start[2] * 0.95 * (1 - left / DRAG_S), start[1])
            page.wait_for_timeout(15)
        drawn = seen(page).drawn
        page.mouse.up()
        quiet(page)
        found = seen(page)
        cpu_ms = server.cpu_ms() - before
        held = [at for at, _ in found.texts if at <= found.released]
        seconds = (found.released - found.begun) / 1000
        numbers = {
            "answers_s": len(held) / seconds,
            "drawn_s": drawn / seconds,
            "after_ms": max(0.0, found.texts[-1][0] - found.released) if found.texts else float("nan"),
            "cpu_ms": cpu_ms / max(1, len(found.texts)),
        }
        return {**numbers, **(_map_while_held(page) if page.locator(".stDeckGlJsonChart").count() else {})}


def _hold(page: Page, key: str) -> tuple[float, float, float]:
    """Put the slider at an end, press the button on its handle; say where that is and the width in pixels."""
    slider(page).focus()
    page.keyboard.press(key)
    quiet(page, at_most=3000)
    box = slider(page).bounding_box()
    assert box, "the slider is on the page"
    handle = page.locator(".st-key-live_cut [role=slider], .st-key-live_cut [data-testid=stSliderThumb]")
    width = (page.locator(".st-key-live_cut [data-testid=stSlider]").bounding_box() or box)["width"]
    at = (handle.first.bounding_box() if handle.count() else None) or box
    x, y = at["x"] + min(at["width"], 12) / 2, at["y"] + at["height"] / 2
    page.mouse.move(x, y)
    reset(page)
    page.mouse.down()
    return x, y, width


def _map_while_held(page: Page) -> Numbers:
    """Drag from nothing withheld to something: when the map's words change, and whether its picture does."""
    chart = page.locator(".stDeckGlJsonChart").first
    x, y, width = _hold(page, "Home")
    before = chart.screenshot()
    reset(page)
    start = page.evaluate("performance.now()")
    for share in (0.1, 0.2, 0.3):
        page.mouse.move(x + share * width, y)
        page.wait_for_timeout(60)
    quiet(page, 1500, 5000)
    after, found = chart.screenshot(), seen(page)
    page.mouse.up()
    moved = found.maps[0][0] - start if found.maps else float("nan")
    return {"map_ms": moved, "map_drawn": float(before != after)}


def switch(script: str) -> Numbers:
    """Go from page to page by the links at the top."""
    names = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
    if script != APP or len(names) < 2:
        return {}
    times = []
    with visit(script) as (page, _):
        for name in [*names, *names]:
            link = page.locator(f'a[href$="/{"" if name == "overview" else name}"]').first
            if not link.count() or page.url.split("?")[0] == link.evaluate("node => node.href"):
                continue
            reset(page)
            link.click()
            settled(page)
            found = seen(page)
            if found.frames:
                times.append(found.frames[-1][0] - found.begun)
    return {"switch_ms": statistics.median(times)} if times else {}


def cold(script: str) -> Numbers:
    """Start the server and visit it at once; count what the visit loads."""
    with chromium_browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sizes: list[float] = []
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        network.on("Network.webSocketFrameReceived", lambda event: sizes.append(len(event["response"]["payloadData"])))
        with serving(script) as server:
            page.goto(server.address, wait_until="commit")
            page.wait_for_selector("h1", timeout=60_000)
            first = time.monotonic() - server.started
            settled(page)
            page.wait_for_timeout(2000)
    return {"first_s": first, "loaded_mb": sum(sizes) / 1e6}


def load(script: str) -> Numbers:
    """Let more and more sessions move the slider at once."""
    with serving(script) as server:
        return asyncio.run(_load(server))


async def _load(server: Server) -> Numbers:
    crowd: list[sessions.Session] = []
    numbers: Numbers = {}
    for number in CROWDS:
        await sessions.crowd(server.address, crowd, number, 0)
        before = server.cpu_ms()
        await sessions.crowd(server.address, crowd, number, CROWD_S)
        times = [each for session in crowd for each in session.latencies_ms]
        numbers |= {
            f"p50_ms_{number}": float(np.percentile(times, 50)),
            f"p95_ms_{number}": float(np.percentile(times, 95)),
            f"cpu_ms_{number}": (server.cpu_ms() - before) / len(times),
            f"errors_{number}": sum(len(session.errors) for session in crowd),
            f"memory_mb_{number}": server.memory_mb(),
        }
    await sessions.leave(crowd)
    return numbers


def accounting(script: str) -> Numbers:
    """Time the arithmetic without a page, beside a fixed piece of work that tells how busy the machine is."""
    if script != APP:
        return {}
    with connect() as connection:
        record_ms, record = _timed(partial(read_record, connection))
    plain = bloc.Scenario.from_preset("cmm_2026", record=record)
    cuts = [Restriction("CHN", (1 + each % 100) / 100) for each in range(CALLS)]
    scenarios = [bloc.Scenario(plain.members, (cut,)) for cut in cuts]
    bloc.evaluate(record, plain)
    times = [_timed(partial(bloc.evaluate, record, each))[0] for each in scenarios]
    numbers = np.random.default_rng(0).random(200_000)
    return {
        "evaluate_ms": statistics.median(times),
        "record_ms": record_ms,
        "database_mb": DATABASE.stat().st_size / 1e6,
        "yardstick_ms": statistics.median(_timed(partial(np.sort, numbers))[0] for _ in range(50)),
    }


def market(script: str) -> Numbers:
    """Time the market; its floor is a fixed piece of numpy work of the same run."""
    return markets.market(app=script == APP)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - start), result


SECTIONS: dict[str, Callable[[str], Numbers]] = {
    each.__name__: each for each in (release, drag, switch, cold, load, accounting, market)
}


def measure(names: list[str]) -> list[Row]:
    """Rows of the sections asked for; the floor is measured right before the app."""
    rows = []
    for section in names:
        floor, app = SECTIONS[section](FLOOR), SECTIONS[section](APP)
        found = [
            Row(section, name, what, floor.get(name), app[name], target)
            for name, (what, target) in TABLE[section].items()
            if name in app
        ]
        print("\n".join(map(line, found)), flush=True)
        rows += found
    return rows


def line(row: Row) -> str:
    """One line of the table."""
    floor, target, ratio = (_number(each) for each in (row.floor, row.target, row.ratio))
    verdict = {None: "", True: "reached", False: "MISSED"}[row.reached]
    return f"{row.what:46}{floor:>9}{_number(row.measured):>11}{target:>9}{ratio:>9}  {verdict}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.1f}"


def write(rows: list[Row], path: Path = RESULTS) -> None:
    """Write the results with the day and the load of the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {"taken": datetime.now().isoformat(timespec="seconds"), "load": os.getloadavg()[0]}
    results = [asdict(row) | {"ratio": row.ratio, "reached": row.reached} for row in rows]
    path.write_text(json.dumps({**head, "rows": results}, indent=1) + "\n", "utf-8")


def main() -> None:
    """Measure what the command line asks for, print the table, write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, separated by commas")
    names = parser.parse_args().only.split(",")
    if strange := set(names) - set(SECTIONS):
        parser.error(f"{min(strange)!r} is not one of {', '.join(SECTIONS)}")
    print(f"{'what':46}{'floor':>9}{'measured':>11}{'target':>9}{'x floor':>9}")
    write(measure(names))


if __name__ == "__main__":
    main()
