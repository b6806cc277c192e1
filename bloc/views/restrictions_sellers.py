"""Who sells to a country before and after, in one market."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from bloc import words
from bloc.briefing import name_of
from bloc.calibration import OTHER
from bloc.data import Record
from bloc.language import mark, per_language, recorded, said, say
from bloc.market_outcome import MarketOutcome, flows, users
from bloc.views import charts, market_session, theme
from bloc.views.figure import Figure
from bloc.views.restrictions_words import lost, place_in_sentence, weight
from bloc.views.supply import COUNTRY, LEGEND, ROW, Sides

# Sellers drawn on their own; the rest are one row.
NAMED = 7
# A change below this part of use is none.
LEAST = 0.002
COLUMNS = {
    "seller_name": mark("Seller"),
    "base_t": mark("Before, t"),
    "flow_t": mark("After, t"),
    "flow_t_low": mark("After, low, t"),
    "flow_t_high": mark("After, high, t"),
    "landed": mark("Landed price, base = 1"),
}
# Who sells to a country, by whether one seller covers less of its use and whether another covers more.
SHIFTS = {
    (True, True): mark(
        "of {country:own} {product} {loser} would cover {share}, not {former_share}, {gainer} {gained_share}, not "
        "{former_gained_share}"
    ),
    (True, False): mark("of {country:own} {product} {loser} would cover {share}, not {former_share}, nobody steps in"),
    (False, True): mark("of {country:own} {product} {gainer} would cover {gained_share}, not {former_gained_share}"),
}


def seller_name(record: Record, code: str) -> str:
    """Name of a seller; what publishers do not itemise is named as such."""
    return say("Other countries") if code == OTHER else record.names[code]


@lru_cache(maxsize=market_session.KEPT)
def sellers_to(outcome: MarketOutcome, chain: str, iso3: str) -> pd.DataFrame:
    """Flows of the product to one country, the largest first; those of a thousandth of use are left out."""
    rows = flows(outcome, chain)
    rows = rows[rows.buyer == iso3]
    size = rows[["base_t", "flow_t"]].max(axis=1)
    rows = rows.assign(size=size)[size > 1e-3 * float(rows.base_t.sum())]
    return rows.sort_values(["size", "seller"], ascending=[False, True], ignore_index=True)


def suppliers(record: Record, sides: Sides, outcome: MarketOutcome, chain: str, iso3: str) -> Figure:
    """Bars of what each seller ships to a country, the tick before, the bar after, the line its range."""
    case = outcome.cases[outcome.chains.index(chain)]
    rows = sellers_to(outcome, chain, iso3)
    use_t = case.use_by_country[iso3]
    product, who = record.product_sentence_names[case.product], name_of(record, iso3)
    rows = rows.assign(seller_name=[seller_name(record, code) for code in rows.seller])
    table = rows[["seller_name", "seller", "base_t", "flow_t", "flow_t_low", "flow_t_high", "landed"]]
    return Figure(
        key="suppliers",
        finding=_finding(record, rows, who, product, use_t),
        basis=say(
            "Where the {product} used in {country} comes from, its own output included; tonnes of {basis} a year, 2024 "
            "and in the scenario. Use in 2024: {amount}. The scale runs to that use.",
            product=product,
            country=who,
            basis=recorded(case.basis),
            amount=weight(use_t),
        ),
        rows=table,
        columns=said(COLUMNS),
        drawn=_marks(rows, sides, outcome, chain, iso3, use_t),
        spec=spec,
        alt=_alt(rows, who, product),
        legend=_legend(),
        note=say("Sellers of less than a thousandth of use are left out. Use of most countries is estimated."),
        sources=case.source_ids,
        leads={"seller_name": (COUNTRY, "seller")},
    )


def _finding(record: Record, rows: pd.DataFrame, who: str, product: str, use_t: float) -> str:
    change = (rows.flow_t - rows.base_t) / use_t
    falls, rises = bool(change.min() < -LEAST), bool(change.max() > LEAST)
    if not falls and not rises:
        return words.capital(say("{country} would buy its {product} where it does now", country=who, product=product))
    loser, gainer = rows.loc[change.idxmin()], rows.loc[change.idxmax()]
    values = {
        "country": who,
        "product": product,
        "loser": _seller(record, loser),
        "gainer": _seller(record, gainer),
        "share": words.percent(loser.flow_t / use_t),
        "former_share": words.percent(loser.base_t / use_t),
        "gained_share": words.percent(gainer.flow_t / use_t),
        "former_gained_share": words.percent(gainer.base_t / use_t),
    }
    # A rise that is not seen in the shares as they are said is none beside a fall.
    seen = values["gained_share"] != values["former_gained_share"]
    return words.capital(say(SHIFTS[falls, rises and (seen or not falls)], **values))


def _legend() -> tuple[str, ...]:
    before, ends = say("Before"), say("Range across assumptions")
    return (*(say(each) for each in LEGEND), f"**┃**&nbsp;{before}", f"**—**&nbsp;{ends}")


def _seller(record: Record, row: Any) -> str:
    if row.seller == row.buyer:
        return say("its own output")
    return place_in_sentence(record, row.seller)


def _marks(
    rows: pd.DataFrame, sides: Sides, outcome: MarketOutcome, chain: str, iso3: str, use_t: float
) -> pd.DataFrame:
    """A row per seller, the rest as one, and what goes without; shares of the use before."""
    first, rest = rows.head(NAMED), rows.iloc[NAMED:]
    marks = [
        _mark(
            row.seller_name,
            row.seller,
            sides.meaning(row.seller if row.seller != OTHER else None),
            row.base_t / use_t,
            row.flow_t / use_t,
            row.flow_t_low / use_t,
            row.flow_t_high / use_t,
        )
        for row in first.itertuples()
    ]
    if len(rest):
        after = float(rest.flow_t.sum()) / use_t
        marks.append(_mark(say("Other sellers"), "", "unnamed", float(rest.base_t.sum()) / use_t, after, after, after))
    without = _without(outcome, chain, iso3)
    marks.append(_mark(say("Goes without"), "", "undisclosed", 0.0, *without))
    return pd.DataFrame(marks).assign(order=range(len(marks)))


def _without(outcome: MarketOutcome, chain: str, iso3: str) -> tuple[float, float, float]:
    """Share of use lost at the point and its range."""
    found = users(outcome)
    row = found[(found.chain == chain) & (found.iso3 == iso3)].iloc[0]
    return lost(row.served), lost(row.served_high), lost(row.served_low)


def _mark(label: str, code: str, meaning: str, was: float, now: float, low: float, high: float) -> dict[str, Any]:
    return {
        "label": label,
        COUNTRY: code,
        "meaning": meaning,
        "was": was,
        "now": now,
        "low": low,
        "high": high,
        "before": words.percent(was),
        "text": f"{words.percent(was)} → {words.percent(now)}",
        "range": words.percent(low)
        if round(low, 2) == round(high, 2)
        else say("{low} to {high}", low=words.percent(low), high=words.percent(high)),
    }


def _alt(rows: pd.DataFrame, who: str, product: str) -> str:
    top = [
        say("{seller} {before} to {after}", seller=row.seller_name, before=weight(row.base_t), after=weight(row.flow_t))
        for row in rows.head(3).itertuples()
    ]
    return say(
        "Bars of {product} bought by {country} before and after, by seller. Largest: {sellers}.",
        product=product,
        country=who,
        sellers="; ".join(top),
    )


@per_language()
def spec(dark: bool) -> dict[str, Any]:
    """Chart of the rows: bar after, tick before, line of the range, words at the end; the scale is all of use."""
    colours = theme.palette(dark)
    meanings = theme.meanings(colours, undisclosed=colours.track)
    base = alt.Chart().encode(y=alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None))
    scale = alt.Scale(domain=[0, 1.42], nice=False)
    axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", title=None, grid=True)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    tooltip = [
        alt.Tooltip("label:N", title=say("Seller")),
        alt.Tooltip("text:N", title=say("Share of use")),
        alt.Tooltip("range:N", title=say("Range after")),
    ]
    pick = alt.selection_point(name=COUNTRY, fields=[COUNTRY])
    bars = (
        base.mark_bar(size=ROW - 11, cursor="pointer")
        .encode(x=alt.X("now:Q", scale=scale, axis=axis), color=fill, tooltip=tooltip)
        .add_params(pick)
    )
    ranges = base.mark_rule(color=colours.muted, strokeWidth=2).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    ticks = base.mark_tick(color=colours.ink, thickness=2.5, size=ROW - 6).encode(x=alt.X("was:Q", scale=scale))
    ends = base.mark_text(align="left", fontSize=13).encode(x=alt.datum(1.04, scale=scale), text="text:N")
    return charts.finished(alt.layer(bars, ranges, ticks, ends).properties(height=alt.Step(ROW)), dark)
