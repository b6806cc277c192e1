"""What a scenario does to each market it moves, for one country or for the members, the hardest hit first."""

import math
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.data import Record
from bloc.language import mark, per_language, said, say, say_many
from bloc.scenario import Scenario
from bloc.views import charts, market_session, theme
from bloc.views.figure import Figure
from bloc.views.restrictions_words import KINDS, SAID, Answer, answers, lost, price_words

# Name of the selection of a bar, and of the control of this page it sets.
CHAIN = "chain"
ROW = 25
# Markets drawn; a market that moves by less than a hundredth is in the table alone.
DRAWN, LEAST = 18, 0.01
# The price scale, in base prices, the same for every scenario; where the columns of words beside it start.
LOWEST, HIGHEST = 0.9, 8.0
WORDS = {
    "price_text": (9.2, mark("Price (range)")),
    "lost_text": (31.0, mark("Use lost")),
    "grade": (60.0, mark("Grade")),
}
# A phone has room for the price alone.
PHONE_WORDS = {"price_text": WORDS["price_text"]}
END, PHONE_END = 80.0, 260.0
COLUMNS = {
    "market": mark("Market"),
    "kind_words": mark("What can be said"),
    "price": mark("Price, base = 1"),
    "price_low": mark("Price, low"),
    "price_high": mark("Price, high"),
    "lost": mark("Share of use lost"),
    "lost_low": mark("Use lost, low"),
    "lost_high": mark("Use lost, high"),
    "base_t": mark("Use in 2024, t of content"),
    "grade": mark("Grade"),
}
FURTHER = ("in_sentence", "source_id", "kind", "ceiling", "effect", "price_text", "lost_text", "low", "high")


def by_mineral(
    record: Record, scenario: Scenario, countries: frozenset[str], who: str, phone: bool = False
) -> Figure | str:
    """Price and use lost in every market that moves, dots with ranges on one scale; a sentence where none does."""
    rows = moved_rows(record, scenario, countries)
    if rows.empty:
        return say("No market moves for {country}.", country=who)
    hit = rows[(rows.effect >= LEAST) & (rows.kind != "unsolved")]
    drawn = hit.head(DRAWN)
    return Figure(
        key="markets",
        finding=_finding(who, hit),
        basis=say(
            "Average landed price in base prices of 2024 and share of use lost; each with its range across "
            "assumptions. No price is said beyond {price}. One scale for every scenario.",
            price=words.number(SAID * _ceiling(rows), "g"),
        ),
        rows=rows[[*COLUMNS, CHAIN, "source_id"]],
        columns=said(COLUMNS),
        drawn=_marks(drawn),
        spec=lambda dark: spec(dark, phone),
        alt=_alt(who, drawn),
        legend=_legend(),
        note=_note(rows, hit),
        leads={"market": (CHAIN, CHAIN)},
    )


def _legend() -> tuple[str, ...]:
    return (
        f":orange[●]&nbsp;{say('Price in base prices')}",
        f":orange[▬]&nbsp;{say('Range across assumptions')}",
        say("No dot: no price is said"),
    )


def _ceiling(rows: pd.DataFrame) -> float:
    return float(rows.ceiling.max()) if len(rows) else HIGHEST


@lru_cache(maxsize=market_session.KEPT)
def moved_rows(record: Record, scenario: Scenario, countries: frozenset[str]) -> pd.DataFrame:
    """Every market a scenario moves, one row each, by how much dearer use becomes.

    Columns: those of COLUMNS, chain, source_id, kind, ceiling, effect (rise of cost and use lost, whichever is more)
    and words. Prices are NaN where none is said.
    """
    chains = market_session.moved_chains(record, scenario)
    found = answers(market_session.outcome_of(record, scenario, chains), countries) if chains else {}
    rows = [_row(record, chain, answer) for chain, answer in found.items()]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, CHAIN, *FURTHER])
    return frame.sort_values(["effect", CHAIN], ascending=[False, True], ignore_index=True)


def _row(record: Record, chain: str, answer: Answer) -> dict[str, Any]:
    case = market_session.base_cases()[chain]
    priced = answer.kind == "price"
    solved = answer.kind not in ("unused", "unsolved")
    price = {name: getattr(answer, name) if priced else math.nan for name in ("price", "price_low", "price_high")}
    if priced and answer.price_high > answer.highest_said:
        price["price_high"] = math.nan
    effect = max(abs(answer.cost - 1), 1 - answer.served) if solved else 0.0
    return {
        "market": record.product_names[case.product],
        "in_sentence": record.product_sentence_names[case.product],
        "kind_words": words.capital(say(KINDS[answer.kind])),
        **price,
        "lost": 1 - answer.served if solved else math.nan,
        "lost_low": 1 - answer.served_high if solved else math.nan,
        "lost_high": 1 - answer.served_low if solved else math.nan,
        "base_t": answer.base_t,
        "grade": case.grade,
        CHAIN: chain,
        "source_id": case.price_source_id or None,
        "kind": answer.kind,
        "ceiling": answer.ceiling,
        "effect": effect,
        "price_text": price_words(answer) if priced else say(KINDS[answer.kind]),
        "lost_text": words.percent(lost(answer.served)) if solved else "",
        "low": float(np.clip(answer.price_low, LOWEST, answer.highest_said)) if solved else math.nan,
        "high": float(np.clip(answer.price_high, LOWEST, answer.highest_said)) if solved else math.nan,
    }


def _marks(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": rows.market,
            CHAIN: rows[CHAIN],
            "order": range(len(rows)),
            "low": rows.low,
            "high": rows.high,
            "at": rows.price.clip(LOWEST, HIGHEST),
            "price_text": rows.price_text,
            "lost_text": rows.lost_text,
            "grade": rows.grade,
        }
    )


def _finding(who: str, hit: pd.DataFrame) -> str:
    dearer = hit[(hit.kind != "price") | (hit.price > 1)]
    if dearer.empty:
        return say("No market becomes dearer by 1\u202f% or more for {country}", country=who)
    first, number = dearer.in_sentence.iloc[0], len(dearer)
    if number == 1:
        return words.capital(
            say("{product} alone would become dearer for {country} by 1\u202f% or more", product=first, country=who)
        )
    return words.capital(
        say_many(
            number,
            "{number} market would become dearer for {country} by 1\u202f% or more, {product} most",
            "{number} markets would become dearer for {country} by 1\u202f% or more, {product} most",
            number=words.count(number),
            country=who,
            product=first,
        )
    )


def _alt(who: str, drawn: pd.DataFrame) -> str:
    top = "; ".join(f"{row.market} {row.price_text}" for row in drawn.head(3).itertuples())
    what = say("Dots with ranges: price of each market for {country}, in base prices.", country=who)
    return f"{what} {say('Hardest hit: {markets}.', markets=top) if top else say('Hardest hit: none.')}"


def _note(rows: pd.DataFrame, hit: pd.DataFrame) -> str:
    parts = []
    if len(hit) > DRAWN:
        parts.append(
            say("The {number} hardest hit are drawn, all {total} are in the table.", number=DRAWN, total=len(rows))
        )
    elif rest := len(rows) - len(hit):
        parts.append(
            say_many(
                rest,
                "{number} more that moves by less than 1\u202f% is in the table.",
                "{number} more that move by less than 1\u202f% are in the table.",
            )
        )
    unsolved = rows.market[rows.kind == "unsolved"].tolist()
    if unsolved:
        parts.append(say("Not solved and not drawn: {markets}.", markets=words.listing(unsolved)))
    parts.append(say("Grade: A most of the base year is measured, B one part, C several parts are filled in by rules."))
    return " ".join(parts)


@per_language()
def spec(dark: bool, phone: bool = False) -> dict[str, Any]:
    """Chart of the rows: a range, a dot, and columns of words beside them."""
    colours = theme.palette(dark)
    scale = alt.Scale(type="log", domain=[LOWEST, PHONE_END if phone else END], nice=False)
    columns = PHONE_WORDS if phone else WORDS
    heads = {at: charts.quoted(say(head)) for at, head in columns.values()}
    chosen = " : ".join(f"abs(datum.value - {at}) < 0.01 ? {head}" for at, head in heads.items())
    top = alt.Axis(
        values=list(heads),
        labelExpr=f"{chosen} : ''",
        labelAlign="left",
        labelColor=colours.ink,
        labelFontWeight=600,
        orient="top",
        grid=False,
        title=None,
    )
    ticks = alt.Axis(values=[1, 2, 4, 8], format="~g", title=None, grid=True, orient="bottom")
    base = alt.Chart().encode(y=alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None))
    tooltip = [
        alt.Tooltip("label:N", title=say("Market")),
        alt.Tooltip("price_text:N", title=say("Price, base = 1")),
        alt.Tooltip("lost_text:N", title=say("Use lost")),
        alt.Tooltip("grade:N", title=say("Grade")),
    ]
    pick = alt.selection_point(name=CHAIN, fields=[CHAIN])
    ranges = (
        base.mark_bar(size=9, color=colours.restricting, opacity=0.32, cursor="pointer", cornerRadius=2)
        .encode(x=alt.X("low:Q", scale=scale, axis=ticks), x2="high:Q", tooltip=tooltip)
        .add_params(pick)
    )
    dots = base.mark_circle(size=95, color=colours.restricting, opacity=1, cursor="pointer").encode(
        x=alt.X("at:Q", scale=scale, axis=top), tooltip=tooltip
    )
    texts = []
    for field, (start, _) in columns.items():
        x = alt.datum(start, type="quantitative", scale=scale, axis=None)
        texts.append(base.mark_text(align="left", fontSize=13).encode(x=x, text=f"{field}:N"))
    layers = alt.layer(ranges, dots, *texts).resolve_axis(x="independent")
    return charts.finished(layers.properties(height=alt.Step(ROW)), dark)
