"""Which members a scenario hits, in which markets: a table of members by markets, the most exposed first."""

import math
from functools import lru_cache, partial
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.data import Record
from bloc.language import mark, per_language, said, say, say_many
from bloc.market_outcome import users
from bloc.outcome import bloc_members
from bloc.scenario import Scenario
from bloc.views import charts, market_session, theme
from bloc.views.figure import Figure
from bloc.views.restrictions_words import MINUS, answer_of, multiple, price_words
from bloc.views.restrictions_words import lost as share_lost

# Members and markets in the picture, on a wide screen and on a phone.
ROWS, PHONE_ROWS, MARKETS, PHONE_MARKETS = 16, 10, 9, 4
ROW = 25
# Columns that the picture has at least.
FEWEST = 5
# Rise of cost that fills a cell with full colour, in base prices: no price is said beyond.
DEEPEST = 4.0
# A market that moves by less is left out of the picture.
LEAST = 0.01
COLUMNS = {
    "iso3": mark("Member"),
    "market": mark("Market"),
    "said": mark("Price, base = 1, or what goes short"),
    "price": mark("Price, base = 1"),
    "lost": mark("Share of use lost"),
    "use_t": mark("Use in 2024, t of content"),
    "extra_usd": mark("Use at 2024 prices times the rise in cost, USD"),
    "grade": mark("Grade"),
}


@lru_cache(maxsize=market_session.KEPT)
def exposed(record: Record, scenario: Scenario) -> pd.DataFrame:
    """Members that use what moves, one row per member and market.

    Columns: those of COLUMNS, chain, effect and text. extra_usd is NaN where no price is known or none is said; price
    is NaN where none is said. What did not converge is left out.
    """
    chains = market_session.moved_chains(record, scenario)
    if not chains:
        return pd.DataFrame(columns=[*COLUMNS, "chain", "effect", "weight", "text", "source_id"])
    outcome = market_session.outcome_of(record, scenario, chains)
    ceilings = dict(zip(outcome.chains, outcome.markets[0].ceiling.ravel(), strict=True))
    cases = {case.chain: case for case in outcome.cases}
    frame = users(outcome)
    frame = frame[frame.member & (frame.base_t > 0) & frame.cost.notna()]
    rows = []
    for row in frame.itertuples():
        case, answer = cases[row.chain], answer_of(row, float(ceilings[row.chain]))
        priced = answer.kind == "price"
        rows.append(
            {
                "iso3": row.iso3,
                "market": record.product_names[case.product],
                "in_sentence": record.product_sentence_names[case.product],
                "said": price_words(answer),
                "price": answer.price if priced else math.nan,
                "lost": 1 - answer.served,
                "use_t": answer.base_t,
                "extra_usd": answer.base_t * case.price_usd_per_t * (answer.cost - 1) if priced else math.nan,
                "grade": case.grade,
                "chain": row.chain,
                "effect": answer.cost - 1,
                "weight": answer.base_t * case.price_usd_per_t * (answer.cost - 1),
                "text": multiple(answer.price) if priced else f"{MINUS}{words.percent(share_lost(answer.served))}",
                "source_id": case.price_source_id or None,
            }
        )
    return pd.DataFrame(rows)


def members(record: Record, scenario: Scenario, phone: bool) -> Figure | str:
    """Table of the most exposed members by the hardest hit markets; a sentence where there is nothing to show."""
    if not bloc_members(record, scenario):
        return say("Without members there is no bloc to be exposed.")
    rows = exposed(record, scenario)
    rows = (
        rows.assign(rank=rows.groupby("iso3").weight.transform(lambda each: each.clip(lower=0).sum()))
        if len(rows)
        else rows
    )
    if rows.empty or not rows.effect.max() >= 0.01:
        return say("No market moves by 1 % or more for any member.")
    table = rows.sort_values(["rank", "iso3", "effect"], ascending=[False, True, False], ignore_index=True)
    names = list(dict.fromkeys(table.iso3))
    kept = names[: PHONE_ROWS if phone else ROWS]
    hit = _markets(table[table.iso3.isin(kept)], PHONE_MARKETS if phone else MARKETS)
    return Figure(
        key="members",
        finding=_finding(record, table),
        basis=_basis(len(kept), len(names)),
        rows=table[[*COLUMNS, "chain", "source_id"]],
        columns=said(COLUMNS),
        drawn=_cells(record, table, kept, hit),
        spec=partial(spec, phone=phone),
        alt=_alt(record, table),
        note=_note(record, scenario),
    )


def _basis(shown: int, number: int) -> str:
    prices = say("Price in base prices of 2024, or share of use lost where no price is said.")
    most = say_many(
        number,
        "{shown} of {number} member with the most at stake: use at 2024 prices times the rise in cost.",
        "{shown} of {number} members with the most at stake: use at 2024 prices times the rise in cost.",
        shown=shown,
    )
    return " ".join([prices, most, say("Blank: no use on record.")])


def _note(record: Record, scenario: Scenario) -> str:
    rest = say(
        "Use by country is estimated for most. Ranges stand with each price in the table, where all members are. "
        "Markets without a known price do not count in the order."
    )
    return " ".join(filter(None, [_unsolved(record, scenario), rest]))


def _unsolved(record: Record, scenario: Scenario) -> str:
    """Sentence on the markets that did not converge, which are left out."""
    outcome = market_session.outcome_of(record, scenario, market_session.moved_chains(record, scenario))
    lacking = [
        record.product_sentence_names[case.product]
        for case, solved in zip(outcome.cases, outcome.point.converged, strict=True)
        if not solved
    ]
    return say("Not solved and left out: {markets}.", markets=words.listing(lacking)) if lacking else ""


def _markets(table: pd.DataFrame, most: int) -> list[str]:
    """Chains that become dearest for one of these members, those without a known base price too."""
    dearer = table.groupby("chain").effect.max().sort_values(ascending=False, kind="stable")
    return [str(each) for each in dearer.index if dearer[each] >= LEAST][:most]


def _finding(record: Record, table: pd.DataFrame) -> str:
    first = table.iloc[0]
    own = table[table.iso3 == first.iso3]
    most = own.loc[own.weight.idxmax()] if own.weight.notna().any() else own.iloc[0]
    return words.capital(
        say(
            "{country} would have the most at stake among members, above all in {product}",
            country=record.sentence_names[first.iso3],
            product=most.in_sentence,
        )
    )


def _cells(record: Record, table: pd.DataFrame, kept: list[str], hit: list[str]) -> pd.DataFrame:
    cells = table[table.iso3.isin(kept) & table.chain.isin(hit)]
    depth = np.log(1 + cells.effect.clip(0, DEEPEST - 1).astype(float)) / math.log(DEEPEST)
    drawn = pd.DataFrame(
        {
            "label": cells.iso3.map(record.names).astype(object),
            "order": cells.iso3.map({code: at for at, code in enumerate(kept)}),
            "market": cells.market,
            "column": cells.chain.map({chain: at for at, chain in enumerate(hit)}),
            "depth": depth,
            "text": cells.text,
            "said": cells.said,
        }
    )
    return pd.concat([drawn, _blank(record, kept, hit)], ignore_index=True)


def _blank(record: Record, kept: list[str], hit: list[str]) -> pd.DataFrame:
    """Empty columns that keep the others narrow where few markets move."""
    empty = {"label": record.names[kept[0]], "order": 0, "depth": 0.0, "text": "", "said": ""}
    return pd.DataFrame([{**empty, "market": "\u2007" * at, "column": at} for at in range(len(hit), FEWEST)])


def _alt(record: Record, table: pd.DataFrame) -> str:
    top = "; ".join(f"{record.names[row.iso3]} {row.market} {row.text}" for row in table.head(3).itertuples())
    return say("Table of prices by member and market. First: {cells}.", cells=top)


@per_language()
def spec(dark: bool, phone: bool = False) -> dict[str, Any]:
    """Chart of the cells: darker where use becomes dearer, the price in each; one colour scale for every scenario.

    On a phone the names of markets stand steeper: the last would run off it.
    """
    colours = theme.palette(dark)
    palest = "#FBEAE3" if not dark else "#2E2320"
    angle = -55 if phone else -32
    base = alt.Chart().encode(
        y=alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None),
        x=alt.X(
            "market:N",
            sort=alt.EncodingSortField(field="column", op="min"),
            title=None,
            axis=alt.Axis(orient="top", labelAngle=angle, labelLimit=150, labelColor=colours.ink, labelAlign="left"),
        ),
    )
    tooltip = [
        alt.Tooltip("label:N", title=say("Member")),
        alt.Tooltip("market:N", title=say("Market")),
        alt.Tooltip("said:N", title=say("Price, base = 1")),
    ]
    fill = alt.Color("depth:Q", scale=alt.Scale(domain=[0, 1], range=[palest, colours.restricting]), legend=None)
    cells = (
        base.transform_filter("datum.text !== ''")
        .mark_rect(stroke=colours.ground, strokeWidth=2)
        .encode(color=fill, tooltip=tooltip)
    )
    shade = alt.condition("datum.depth > 0.8", alt.value(colours.ground), alt.value(colours.ink))
    texts = base.mark_text(fontSize=13).encode(text="text:N", color=shade)
    return charts.finished(alt.layer(cells, texts).properties(height=alt.Step(ROW)), dark)
