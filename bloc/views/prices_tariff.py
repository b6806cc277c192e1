"""What a tariff would raise, mineral by mineral."""

from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
import pandas as pd

from bloc import words
from bloc.calibration import BaseCase
from bloc.data import Record
from bloc.language import say, say_many
from bloc.market_outcome import MarketOutcome
from bloc.matrix import Array
from bloc.scenario import Scenario
from bloc.views import market_session
from bloc.views.figure import Figure
from bloc.views.prices_charts import MODEL, bars, range_mark, ranged_bars
from bloc.views.prices_effect import KEPT, between, dollars, row_of


def tariff(record: Record, scenario: Scenario) -> Figure | None:
    """Duty a tariff would raise, mineral by mineral, with the sum; None without a tariff or a market it falls on."""
    taxed = _taxed(scenario)
    if not scenario.tariff or not taxed:
        return None
    raised = _raised(record, scenario, taxed)
    if raised is None:
        return None
    total = raised.sum(axis=0)
    cases = market_session.offered()
    rows = pd.DataFrame(
        {
            "label": [record.product_names[cases[chain].product] for chain in taxed],
            "usd": raised[:, 0],
            "usd_low": raised.min(axis=1),
            "usd_high": raised.max(axis=1),
            "grade": [cases[chain].grade for chain in taxed],
            "source_id": [cases[chain].price_source_id for chain in taxed],
        }
    )
    rows = rows.sort_values("label", key=lambda labels: labels.map(words.alphabetical))
    rows = rows.sort_values("usd", ascending=False, kind="stable", ignore_index=True)
    rows = rows.assign(
        said=[dollars(each) for each in rows.usd],
        range=[between(dollars, row.usd_low, row.usd_high) for row in rows.itertuples()],
    )
    top = rows.head(12)
    text = [f"{row.label}: {row.said} ({row.range})" for row in top.itertuples()]
    end = max(float(top.usd_high.abs().max()), 1.0)
    return Figure(
        key="prices_tariff",
        finding=_tariff_finding(scenario, total),
        basis=say_many(
            len(rows),
            "Duty of members in {number} market, in dollars a year.",
            "Duty of members in {number} markets, in dollars a year.",
            number=words.count(len(rows)),
        ),
        rows=rows,
        columns={
            "label": say("Mineral"),
            "said": say("Duty a year"),
            "range": say("Range"),
            "grade": say("Grade"),
        },
        alt=say("Bars of duty by mineral: {bars}.", bars="; ".join(text)),
        drawn=bars(text, top.usd, top.usd_low, top.usd_high, np.zeros(len(top), bool), (0.0, end)),
        spec=partial(ranged_bars, low=0.0, high=end, axis="money"),
        legend=(f":blue[■]&nbsp;{say('Members')}", range_mark()),
        note=" ".join(
            filter(
                None,
                [
                    say(
                        "Against the same scenario without the tariff; other duties fall where it shrinks imports. "
                        "Duty on ore is included, each good counted once."
                    ),
                    _not_drawn(len(rows) - len(top)),
                    say(MODEL),
                ],
            )
        ),
    )


def _tariff_finding(scenario: Scenario, total: Array) -> str:
    """What the tariff would raise in all, with its range."""
    raised = np.maximum(total, 0.0)
    return say(
        "The {rate} tariff would raise {amount} a year ({range})",
        rate=f"{100 * scenario.tariff:.0f}{words.NARROW_SPACE}%",
        amount=words.dollars(raised[0]),
        range=between(words.dollars, raised.min(), raised.max()),
    )


def _not_drawn(rest: int) -> str:
    if not rest:
        return ""
    return say_many(rest, "The smallest is in the table.", "The {number} smallest are in the table.")


def _taxed(scenario: Scenario) -> tuple[str, ...]:
    def falls(case: BaseCase) -> bool:
        return not scenario.tariff_products or bool({case.product, case.ore_product} & set(scenario.tariff_products))

    return tuple(chain for chain, case in market_session.offered().items() if falls(case))


@lru_cache(maxsize=KEPT)
def _raised(record: Record, scenario: Scenario, taxed: tuple[str, ...]) -> Array | None:
    """Duty of members with the tariff less without it, by chain and solution. [(chains, solutions), USD/yr]."""
    free = replace(scenario, tariff=0.0, tariff_products=(), preference=1.0)
    found = [market_session.outcome_of(record, each, taxed) for each in (scenario, free)]
    if not all(each.converged.all() for outcome in found for each in outcome.found):
        return None
    return _duties(found[0]) - _duties(found[1])


def _duties(outcome: MarketOutcome) -> Array:
    """Duties of members by chain and solution, on product and ore. [USD/yr].

    Ore that is the product of another chain here, as alumina is, counts there: once.
    """
    rows, products = [], {case.product for case in outcome.cases}
    for row, case in enumerate(outcome.cases):
        users, refiners = (np.isin(side, list(outcome.members)) for side in (case.users, case.refiners))
        counted = case.ore_product == case.product or case.ore_product not in products
        paid = [
            row_of(each.duties, row, len(users))[users].sum()
            + counted * row_of(each.ore_duties, row, len(refiners))[refiners].sum()
            for each in outcome.money
        ]
        rows.append(case.price_usd_per_t * np.array(paid))
    return np.array(rows)
