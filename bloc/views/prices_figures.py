"""Figures of one market under measures: what changes, and who pays and who gains."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from bloc import words
from bloc.language import mark, recorded, said, say
from bloc.views.figure import Figure
from bloc.views.prices import Priced
from bloc.views.prices_charts import MODEL, NO_PRICE, bars, end_of_scale, range_mark, ranged_bars
from bloc.views.prices_compared import compared
from bloc.views.prices_effect import LEAST, between, change, dollars, times
from bloc.views.prices_levels import floor_levels
from bloc.views.prices_words import measures

# Scale of changes: half of it is off the screen for large floors, whose words still stand there. [percent]
CHANGES = (-100, 300)
WHOSE = {"members": mark("in the bloc"), "others": mark("outside"), "world": mark("in the world")}
# Who pays and gains, by side and party.
WHO = {
    "members": {
        "users": mark("users in the bloc"),
        "miners": mark("miners in the bloc"),
        "refiners": mark("refiners in the bloc"),
        "recyclers": mark("recyclers in the bloc"),
        "duties": mark("duties to treasuries in the bloc"),
        "export taxes": mark("export taxes to treasuries in the bloc"),
        "support": mark("support paid by treasuries in the bloc"),
        "quota rents": mark("quota rents of sellers in the bloc"),
        "stocks": mark("stocks in the bloc"),
        "all": mark("all together in the bloc"),
    },
    "others": {
        "users": mark("users outside"),
        "miners": mark("miners outside"),
        "refiners": mark("refiners outside"),
        "recyclers": mark("recyclers outside"),
        "duties": mark("duties to treasuries outside"),
        "export taxes": mark("export taxes to treasuries outside"),
        "support": mark("support paid by treasuries outside"),
        "quota rents": mark("quota rents of sellers outside"),
        "stocks": mark("stocks outside"),
        "all": mark("all together outside"),
    },
    "world": {"all": mark("all together in the world")},
}


def figures(priced: Priced, narrow: bool = False) -> list[Figure]:
    """Figures of the market, the most asked first; of measures only where some are set and a balance was found."""
    if not priced.effect.converged:
        return []
    found = [floor_levels(priced)]
    if measures(priced):
        found = [payers(priced, narrow), *found, quantities(priced, narrow)]
    return [*found, *filter(None, [compared(priced, narrow)])]


def quantities(priced: Priced, narrow: bool = False) -> Figure:
    """Prices and tonnes with the measures against without them; shorter words where the screen is narrow."""
    effect = priced.effect
    priced_both = all(effect.standing(each) == "priced" for each in (effect.before, effect.after))
    rows = effect.quantities
    rows = rows.assign(
        was=[_level(name, value) for name, value in zip(rows.quantity, rows.before, strict=True)],
        now=[_level(name, value) for name, value in zip(rows.quantity, rows.after, strict=True)],
        said=[change(each) for each in rows.change],
        range=[between(change, low, high) for low, high in zip(rows.change_low, rows.change_high, strict=True)],
    )
    if effect.quantity("price").after_high > effect.highest_said:
        rows.loc[rows.quantity == "price", "range"] = say("{range} times 2024", range=effect.price_range)
    hidden = rows.quantity.eq("price") & (not priced_both)
    rows.loc[hidden, ["before", "after", "after_low", "after_high", "change", "change_low", "change_high"]] = np.nan
    rows.loc[hidden, ["was", "now", "said", "range"]] = say(NO_PRICE)
    text = [_changed(row, kept, narrow) for row, kept in zip(rows.itertuples(), ~hidden, strict=True)]
    outside = rows.quantity.isin(["outside", "imports_t"])
    return Figure(
        key="prices_changes",
        finding=_changes_finding(rows, priced_both),
        basis=say(
            "Change against the same scenario without the measures. Prices: 2024 = 1; tonnes: {basis}.",
            basis=recorded(priced.case.basis),
        ),
        rows=rows.drop(columns=["quantity"]),
        columns={
            "label": say("Quantity"),
            "was": say("Without"),
            "now": say("With"),
            "said": say("Change"),
            "range": say("Range of the change"),
        },
        alt=say("Bars of the change: {bars}.", bars="; ".join(text)),
        drawn=bars(text, 100 * rows.change, 100 * rows.change_low, 100 * rows.change_high, outside, CHANGES),
        spec=partial(ranged_bars, low=CHANGES[0], high=CHANGES[1], axis="percent"),
        legend=_sides(),
        note=f"{say(MODEL)} {say('Bars end at {most} %; the words do not.', most=CHANGES[1])}",
        sources=priced.case.source_ids,
    )


def _changed(row: Any, known: bool, narrow: bool) -> str:
    """Words of one bar; of an unknown price only that."""
    if not known:
        return f"{row.label}: {row.said}"
    moved = f"{row.said} ({row.range})"
    return f"{row.label}: {moved}" if narrow else f"{row.label}: {row.was} → {row.now}, {moved}"


def _changes_finding(rows: pd.DataFrame, priced_both: bool) -> str:
    price, output = rows.iloc[0], rows[rows.quantity == "output_t"].iloc[0]
    if not priced_both:
        return say("No price can be said here; members’ output {change}", change=output.said)
    if price.was == price.now:
        return say(
            "The price inside would stay at {price}; members’ output {change}",
            price=price.now,
            change=output.said,
        )
    return say(
        "The price inside would go from {before} to {after}; members’ output {change}",
        before=price.was,
        after=price.now,
        change=output.said,
    )


def _sides() -> tuple[str, ...]:
    """Legend of bars of members and of others with their ranges."""
    return f":blue[■]&nbsp;{say('Members')}", f":violet[■]&nbsp;{say('Others')}", range_mark()


def _level(name: str, value: float) -> str:
    return words.tonnes(value) if name.endswith("_t") else times(value)


def payers(priced: Priced, narrow: bool = False) -> Figure:
    """Who pays and who gains, members and others, and the world."""
    effect = priced.effect
    rows = effect.money
    least = LEAST * max(effect.spent_usd, 1.0)
    keep = (rows[["usd", "usd_low", "usd_high"]].abs().max(axis=1) > least) | (rows.party == "all")
    rows = rows[keep].assign(
        whose=rows.side.map(said(WHOSE)),
        said=[dollars(each) for each in rows.usd[keep]],
        range=[between(dollars, low, high) for low, high in zip(rows.usd_low[keep], rows.usd_high[keep], strict=True)],
    )
    rows = pd.concat([rows[rows.side == side] for side in ("members", "others", "world")], ignore_index=True)
    text = [words.capital(f"{_who(row)}: {row.said}{'' if narrow else f' ({row.range})'}") for row in rows.itertuples()]
    end = end_of_scale(effect.spent_usd, rows[["usd_low", "usd_high"]])
    world = say("The world is the sum of all parties. A party whose money does not change is left out.")
    return Figure(
        key="prices_payers",
        finding=_payers_finding(rows),
        basis=say("Change of money a year against the same scenario without the measures, in dollars at 2024 prices."),
        rows=rows[["label", "whose", "usd", "usd_low", "usd_high", "said", "range"]],
        columns={
            "label": say("Who"),
            "whose": say("Whose"),
            "said": say("Dollars a year"),
            "range": say("Range"),
        },
        alt=say("Bars of the money each would gain or lose: {bars}.", bars="; ".join(text)),
        drawn=bars(text, rows.usd, rows.usd_low, rows.usd_high, rows.side != "members", (-end, end)),
        spec=partial(ranged_bars, low=-end, high=end, axis="money"),
        legend=_sides(),
        note=f"{say(MODEL)} {world}",
        sources=priced.case.source_ids,
    )


def _who(row: Any) -> str:
    """Party of a row with its side, inside a sentence."""
    return say(WHO[row.side][row.party])


def _payers_finding(rows: pd.DataFrame) -> str:
    alone = rows[rows.party != "all"]
    if not (alone.usd.abs() >= 0.5).any():
        return say("Nobody would pay or gain")
    return words.capital(_lost_and_got(alone.loc[alone.usd.idxmin()], alone.loc[alone.usd.idxmax()]))


def _lost_and_got(least: pd.Series, most: pd.Series) -> str:
    """Who loses most and who gains most, where anybody does."""
    loss, gain = words.dollars(abs(least.usd)), words.dollars(abs(most.usd))
    if least.usd < 0 < most.usd:
        return say(
            "{loser} would lose most, {loss}; {gainer} would gain most, {gain}",
            loser=_who(least),
            loss=loss,
            gainer=_who(most),
            gain=gain,
        )
    if least.usd < 0:
        return say("{loser} would lose most, {loss}", loser=_who(least), loss=loss)
    if most.usd > 0:
        return say("{gainer} would gain most, {gain}", gainer=_who(most), gain=gain)
    return say("Nobody would pay or gain")
