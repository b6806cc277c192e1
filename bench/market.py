"""Time the market beside a fixed piece of numpy work in the same run: `python -m bench.market`."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from bloc.assumptions import Assumptions
from bloc.calibration import BaseCase
from bloc.data import load_base_cases, load_market, load_record
from bloc.market_outcome import OFFERED, RANGE, evaluate_market
from bloc.scenario import Restriction, Scenario
from bloc.uncertainty import DRAWS, draw

CHAIN, CALLS, ROUNDS = "rare_earths_magnet", 25, 7
TABLE: dict[str, tuple[str, float | None]] = {
    "one_point_ms": ("one market, ban by its largest refiner, point alone, ms", None),
    "all_point_ms": ("all markets offered, point alone, ms", None),
    "one_ms": ("one market, ban by its largest refiner, with range, ms", 10),
    "all_ms": ("all markets offered, with range, ms", 60),
    "draws_ms": (f"{DRAWS} draws of one market, ms", 200),
}


def market(app: bool = True) -> dict[str, float]:
    """Medians of the market's times, or those of the fixed work that each is held against."""
    if not app:
        return dict.fromkeys(TABLE, _median(fixed_work, CALLS))
    record, cases, table = load_record(), load_base_cases(), Assumptions(load_market().assumptions)
    offered = [case for case in cases.values() if case.grade in OFFERED and not case.variant_of]
    members = Scenario.from_preset("cmm_2026", record=record).members
    whole = Scenario(members, (Restriction("CHN", 1.0),))

    def outcome(asked: list[BaseCase], ranges: Sequence[Mapping[str, str]]) -> None:
        evaluate_market(asked, table, whole, record.union, frozenset(members), ranges)

    def draws() -> None:
        for _ in draw(cases[CHAIN], table, whole, record.union, members):
            pass

    return {
        "one_point_ms": _median(partial(outcome, [cases[CHAIN]], ()), CALLS),
        "all_point_ms": _median(partial(outcome, offered, ()), ROUNDS),
        "one_ms": _median(partial(outcome, [cases[CHAIN]], RANGE), CALLS),
        "all_ms": _median(partial(outcome, offered, RANGE), ROUNDS),
        "draws_ms": _median(draws, ROUNDS),
    }


def fixed_work() -> None:
    """What a solution of all markets is made of: exponentials over routes, and linear systems."""
    random = np.random.default_rng(0)
    systems = random.random((40, 60, 60)) + 60 * np.eye(60)
    routes = random.random((40, 30, 60))
    for _ in range(5):
        np.exp(-routes, out=routes)
        np.linalg.solve(systems, routes[:, 0, :, None])


def _median(work: Callable[[], None], calls: int) -> float:
    """Milliseconds, once it is warm."""
    work()
    return statistics.median(_timed(work) for _ in range(calls))


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    """Print the table alone, without a browser."""
    fixed, found = market(app=False), market()
    for name, (what, target) in TABLE.items():
        ratio = found[name] / fixed[name]
        aim = f"target {target:g}" if target else ""
        print(f"{what:58}{found[name]:8.1f}  {aim:12}fixed work {fixed[name]:.1f}  ratio {ratio:.1f}")


if __name__ == "__main__":
    main()
