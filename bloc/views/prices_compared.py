"""A floor and a guaranteed price at one level, side by side: who pays, and what is gained for it."""

from functools import partial

import numpy as np
import pandas as pd

from bloc import words
from bloc.language import mark, said, say
from bloc.matrix import Array
from bloc.minimum_price import Levels
from bloc.views.figure import Figure
from bloc.views.prices import Priced
from bloc.views.prices_charts import MODEL, NO_PRICE, bars, end_of_scale, range_mark, ranged, ranged_bars
from bloc.views.prices_effect import LEAST, SHORT, dollars, said_range, times
from bloc.views.prices_levels import choices_left_out

NO_GAIN = mark("nothing gained")
# Lines of the bars of a floor and of a contract, and the sums of money they show.
SIDE_BY_SIDE = {"floor": mark("Floor, {party}: {amount}"), "contract": mark("Contract, {party}: {amount}")}
SUMS = {
    "users": mark("users in the bloc"),
    "treasuries": mark("treasuries of members"),
    "producers": mark("producers in the bloc"),
    "members": mark("members in all"),
}


def compared(priced: Priced, narrow: bool = False) -> Figure | None:
    """A floor and a contract at one level side by side; None where no level is set or one did not converge."""
    if not priced.compared_level:
        return None
    floor, contract = priced.at("floor"), priced.at("contract")
    if not (floor.converged.all() and contract.converged.all()):
        return None
    text, amounts, meaning = _side_by_side(floor, contract, narrow)
    end = end_of_scale(priced.effect.spent_usd, amounts)
    return Figure(
        key="prices_compared",
        finding=_compared_finding(floor, contract),
        basis=say(
            "Both at {price} of {goods}, each alone, against neither; the rest stays. Dollars a year.",
            price=priced.quoted.said(priced.compared_level),
            goods=priced.quoted.form,
        ),
        rows=pd.DataFrame([_measure(say("Floor"), floor), _measure(say("Contract for difference"), contract)]),
        columns={
            "measure": say("Measure"),
            "price": say("Price to users, 2024 = 1"),
            "users": say("Users"),
            "treasuries": say("Treasuries"),
            "producers": say("Producers"),
            "members": say("Members in all"),
            "gained": say("Output gained"),
            "per_tonne": say("Users and treasuries pay per extra tonne"),
        },
        alt=say("Bars of money under a floor and under a contract: {bars}.", bars="; ".join(text)),
        drawn=bars(text, amounts[:, 0], amounts[:, 1], amounts[:, 2], meaning, (-end, end)),
        spec=partial(ranged_bars, low=-end, high=end, axis="money"),
        legend=(
            f":blue[■]&nbsp;{say('Floor at the border')}",
            f":green[■]&nbsp;{say('Contract for difference')}",
            range_mark(),
        ),
        note=" ".join(
            filter(
                None,
                [
                    _per_tonne_note(floor, contract),
                    say("The contract is for all producers of members."),
                    choices_left_out(priced),
                    say(MODEL),
                ],
            )
        ),
        sources=priced.case.source_ids,
    )


def _side_by_side(floor: Levels, contract: Levels, narrow: bool) -> tuple[list[str], Array, list[str]]:
    """Words, point with range, and meaning of each bar: a floor above a contract for each sum of money."""
    text, amounts, meaning = [], [], []
    for name, label in said(SUMS).items():
        for which, solved, colour in (("floor", floor, "member"), ("contract", contract, "candidate")):
            values = getattr(solved, name)[:, 1]
            amount = dollars(values[0]) if narrow else ranged(dollars, values)
            text.append(say(SIDE_BY_SIDE[which], party=label, amount=amount))
            amounts.append((values[0], values.min(), values.max()))
            meaning.append(colour)
    return text, np.array(amounts), meaning


def _measure(measure: str, solved: Levels) -> dict[str, object]:
    """Row of one measure at the level compared: words for the table, numbers of the point for the file."""
    gained, paid = _gained_and_paid(solved)
    most = SHORT * solved.ceiling
    price = f"{times(solved.price[0, 1])} ({said_range(solved.price[:, 1].min(), solved.price[:, 1].max(), most)})"
    amounts = {name: getattr(solved, name)[:, 1] for name in SUMS}
    return {
        "measure": measure,
        "price": price if solved.cost[0, 1] < most else say(NO_PRICE),
        **{name: ranged(dollars, each) for name, each in amounts.items()},
        "gained": ranged(_tonnes, gained),
        "per_tonne": _per_tonne(paid, gained),
        **{f"{name}_usd": each[0] for name, each in amounts.items()},
        "gained_t": gained[0],
    }


def _gained_and_paid(solved: Levels) -> tuple[Array, Array]:
    """Output gained by the measure and what users and treasuries pay for it, in each solution. [t/yr, USD/yr]."""
    return solved.output_t[:, 1] - solved.output_t[:, 0], -(solved.users[:, 1] + solved.treasuries[:, 1])


def _per_tonne(paid_usd: Array, gained_t: Array) -> str:
    """What is paid per tonne of output gained, with its range where something is gained all over it."""
    if gained_t[0] < LEAST * 10:
        return say(NO_GAIN)
    if (gained_t <= 0).any():
        return say("{amount} (or nothing is gained)", amount=_usd(paid_usd[0] / gained_t[0]))
    return ranged(_usd, paid_usd / gained_t)


def _per_tonne_at_point(solved: Levels) -> str:
    gained_t, paid_usd = (each[0] for each in _gained_and_paid(solved))
    return say(NO_GAIN) if gained_t < LEAST * 10 else _usd(paid_usd / gained_t)


def _tonnes(amount: float) -> str:
    sign = "−" if amount < -0.5 else ""
    return f"{sign}{words.tonnes(abs(amount))}"


def _usd(amount: float) -> str:
    return f"−{words.dollars(-amount)}" if amount <= -0.5 else words.dollars(amount if amount >= 0.5 else 0.0)


def _per_tonne_note(floor: Levels, contract: Levels) -> str:
    return say(
        "What users and treasuries pay together per extra tonne of output: {floor} under the floor, {contract} under "
        "the contract.",
        floor=_per_tonne_at_point(floor),
        contract=_per_tonne_at_point(contract),
    )


def _compared_finding(floor: Levels, contract: Levels) -> str:
    net = [-(each.users[0, 1] + each.treasuries[0, 1]) for each in (floor, contract)]
    loss, cost = _usd(-floor.users[0, 1]), _usd(-contract.treasuries[0, 1])
    if abs(contract.treasuries[0, 1]) < 1:
        if max(abs(each) for each in net) < 1:
            return say("At this level neither a floor nor a contract would do anything")
        return say("Users would lose {loss} under the floor; a contract at this level would do nothing", loss=loss)
    if net[0] < net[1]:
        return say(
            "Users would lose {loss} under the floor; a contract would cost treasuries {cost}. Both together would pay "
            "less with a floor",
            loss=loss,
            cost=cost,
        )
    return say(
        "Users would lose {loss} under the floor; a contract would cost treasuries {cost}. Both together would pay "
        "less with a contract",
        loss=loss,
        cost=cost,
    )
