"""What the market model gives in each trial, beside what was published.

Runs are computed when asked for. The range of a run is the one every page shows, and the range of a trial spans all of
its runs.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bloc import words
from bloc.calibration import BaseCase
from bloc.language import say
from bloc.matrix import Array
from bloc.scenario import Scenario
from bloc.trials import BASE_YEAR, CHINA, MONEY, PRICE, RATIO, SHARE, Facts, Run, Trial, trials
from bloc.uncertainty import Solutions, cheap_range, price_in_words

UNITED_STATES = ("USA",)


@dataclass(frozen=True, eq=False)
class Answer:
    """What the model gives in a run: the point and its range."""

    label: str
    value: float
    low: float
    high: float


def answer(facts: Facts, trial: Trial, each: Run, members: Collection[str]) -> Answer:
    """Compute one run of a trial."""
    case = facts.cases[each.chain]
    if trial.kind == SHARE:
        left = without_largest(case, each.of_others)
        return Answer(each.label, left, left, left)
    found = cheap_range(case, facts.table, each.scenario, facts.record.union, members)
    values = _measured(trial, found, members)
    return Answer(each.label, float(values[0]), float(values.min()), float(values.max()))


def _measured(trial: Trial, found: Solutions, members: Collection[str]) -> Array:
    if trial.kind == RATIO:
        return found.price(UNITED_STATES) / found.price(CHINA)
    if trial.kind == MONEY:
        return found.support(members)
    return found.price(members if trial.by_members else UNITED_STATES)


def without_largest(case: BaseCase, of_others: bool) -> float:
    """Refined and recycled output without the largest supplier, over use: of all, or of the others alone."""
    output_t = dict(zip(case.refiners, case.product_t + case.recycled_t, strict=True))
    largest = max(output_t, key=lambda code: output_t[code])
    use_t = case.use_t.sum() - of_others * case.use_by_country.get(largest, 0.0)
    return float((sum(output_t.values()) - output_t[largest]) / use_t)


def results(facts: Facts, asked: Sequence[Trial] | None = None) -> pd.DataFrame:
    """Every trial with its published figure and ours.

    Columns: key, title, material, chain, kind, measured; published in words with published_low and published_high;
    ours with ours_low and ours_high, over all runs; runs, each with its value; answers, as a tuple of Answer; reason;
    source_ids.
    """
    members = frozenset(Scenario.from_preset("cmm_2026", record=facts.record).members)
    rows = []
    for trial in asked if asked is not None else trials(facts):
        answers = tuple(answer(facts, trial, each, members) for each in trial.runs)
        rows.append(
            {
                "key": trial.key,
                "title": trial.title,
                "material": trial.material,
                "chain": trial.runs[0].chain,
                "kind": trial.kind,
                "measured": trial.measured,
                "published": trial.published.printed,
                "published_low": trial.published.low,
                "published_high": trial.published.high,
                "ours": answers[0].value,
                "ours_low": min(each.low for each in answers),
                "ours_high": max(each.high for each in answers),
                "answers": answers,
                "reason": trial.reason,
                "source_ids": trial.published.source_ids,
            }
        )
    return pd.DataFrame(rows)


def import_dependence(facts: Facts) -> pd.DataFrame:
    """Net imports of the United States over its use in the base year, beside net import reliance as published.

    Columns: chain, published_low and published_high (0 for a net exporter, 1 where only a lower bound is printed),
    ours, qualifier, source_id. One row per chain offered whose product has a printed figure for the base year.
    """
    printed = facts.import_reliance[facts.import_reliance.year == BASE_YEAR]
    rows = []
    for case in facts.cases.values():
        figures = printed[(printed["product"] == case.product) & (printed.low.notna() | printed.high.notna())]
        if case.variant_of or figures.empty or "USA" not in case.users:
            continue
        made_t = dict(zip(case.refiners, case.product_t + case.recycled_t, strict=True)).get("USA", 0.0)
        ours = max(0.0, 1 - made_t / case.use_by_country["USA"])
        low, high = figures.low.fillna(0).min() / 100, figures.high.fillna(100).max() / 100
        rows.append((case.chain, case.grade, low, high, ours, figures.source_id.iloc[0]))
    columns = ["chain", "grade", "published_low", "published_high", "ours", "source_id"]
    return pd.DataFrame(rows, columns=columns)


# Words, for the screen and for the command line.


def in_words(facts: Facts, kind: str, value: float) -> str:
    """A number of a trial: a price as far as one is said, a ratio, a share, dollars."""
    if kind == SHARE:
        return words.percent(value)
    if kind == MONEY:
        return words.dollars(value)
    return price_in_words(value, facts.table.value("ceiling", "one_year") if kind == PRICE else np.inf)


def published_in_words(facts: Facts, kind: str, low: float, high: float) -> str:
    """The published figure in the unit of ours."""
    if np.isnan(low):
        return say("none yet")
    if np.isinf(high):
        return say("{value} or more", value=in_words(facts, kind, low))
    if low <= (1.0 if kind == RATIO else 0.0):
        return say("{value} or less", value=in_words(facts, kind, high))
    return range_in_words(facts, kind, low, high) or in_words(facts, kind, low)


def range_in_words(facts: Facts, kind: str, low: float, high: float) -> str:
    """A range of ours, "" where it is a point."""
    first, last = in_words(facts, kind, low), in_words(facts, kind, high)
    return "" if first == last else say("{low} to {high}", low=first, high=last)


def runs_in_words(facts: Facts, kind: str, answers: Sequence[Answer]) -> str:
    """Every run of a trial with its value."""
    return "; ".join(f"{each.label}: {in_words(facts, kind, each.value)}" for each in answers)


def report(facts: Facts) -> str:
    """Every trial as plain text."""
    lines = [
        f"Base year {BASE_YEAR}. A price is a multiple of the price before. Ranges across assumptions and runs.",
        "",
    ]
    for row in results(facts).itertuples():
        span = range_in_words(facts, row.kind, row.ours_low, row.ours_high)
        lines += [
            row.title,
            f"  published  {published_in_words(facts, row.kind, row.published_low, row.published_high)}"
            f" (printed: {row.published})",
            f"  ours       {in_words(facts, row.kind, row.ours)}" + (f" (range {span})" if span else ""),
            f"  runs       {runs_in_words(facts, row.kind, row.answers)}",
            f"  why        {row.reason}",
        ]
    return "\n".join(lines)
