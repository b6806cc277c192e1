"""What one country mines and refines, as shares of the world."""

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.briefing import Case, name_of
from bloc.data import Record
from bloc.language import mark, per_language, recorded, said, say, say_many
from bloc.summary import layout
from bloc.views import charts, supply, theme
from bloc.views.country import (
    GAP,
    MEANINGS,
    MINERAL,
    PALER,
    ROW,
    faded,
    fill,
    meaning_of,
    minerals,
    pick,
    remark,
    world_shares,
    years,
)
from bloc.views.figure import Figure

STAGE_NAMES = {"mine": mark("Mined"), "smelter": mark("Smelted"), "refinery": mark("Refined")}
COLUMNS = {
    "name": mark("Product"),
    "stage_words": mark("Stage"),
    "share_words": mark("Share of the world"),
    "rank_words": mark("Rank"),
    "quantity_words": mark("Output"),
    "basis": mark("Basis"),
    "form": mark("Form"),
    "remark": mark("Remark"),
    "year": mark("Year"),
}


def output(record: Record, case: Case, iso3: str) -> Figure | str:
    """Its share of the world in every material it has a figure for: mined on the left, refined on the right."""
    every = _said(record)
    own = every[every.iso3 == iso3].reset_index(drop=True)
    if own.empty:
        return say(
            "No source lists {country} among those who mine, smelt or refine these minerals.",
            country=name_of(record, iso3),
        )
    meaning = meaning_of(record, case, iso3)
    return Figure(
        key="output",
        finding=_finding(record, own),
        basis=say(
            "Share of world output, {years}, each in its latest year; the basis of each is in the table.",
            years=years(own.year),
        ),
        rows=own.drop(columns=["at", "label", "side"]),
        columns=said(COLUMNS),
        drawn=_bars(own, meaning),
        spec=output_bars,
        alt=_alt(record, iso3, own),
        legend=(
            say(MEANINGS[meaning]),
            f":gray[{say('Paler: estimated or modelled')}]",
            f":gray[{say('No track: not on the list')}]",
        ),
        note=_note(own),
        leads={"name": (MINERAL, MINERAL)},
    )


@cache
def _said(record: Record) -> pd.DataFrame:
    """Every default series of every country in words, the largest share of each country first, the unknown last."""
    rows, places = world_shares(record), _places(record)
    return rows.assign(
        mineral=rows["product"].map(minerals(record)),
        label=[places[at][0] for at in rows["at"]],
        side=[places[at][1] for at in rows["at"]],
        name=rows["product"].map(record.product_names),
        stage_words=rows.stage.map(said(STAGE_NAMES)),
        share_words=[_share(*each) for each in zip(rows.share, rows.qualifier, strict=True)],
        rank_words=[_rank(*each) for each in zip(rows["rank"], rows.ranked, strict=True)],
        quantity_words=[_quantity(*each) for each in zip(rows.quantity, rows.unit, rows.qualifier, strict=True)],
        remark=[remark(each) for each in rows.qualifier],
    ).sort_values(["share", "at"], ascending=[False, True], na_position="last", ignore_index=True)


@cache
def _places(record: Record) -> dict[int, tuple[str, str]]:
    """Row and side of each series in the ranking of materials."""
    rows = layout(record)
    return {
        int(at): (label, side)
        for side in ("mined", "refined")
        for at, label in zip(rows[side], rows.label, strict=True)
        if at >= 0
    }


def _share(share: float, qualifier: object) -> str:
    if np.isnan(share):
        return say(supply.QUALIFIERS[qualifier]) if isinstance(qualifier, str) else say("not disclosed")
    return words.percent(share)


def _rank(rank: float, ranked: int) -> str:
    return "" if np.isnan(rank) else say("{rank} of {number}", rank=f"{rank:.0f}", number=ranked)


def _quantity(quantity: float, unit: str, qualifier: object) -> str:
    if np.isnan(quantity):
        return _share(quantity, qualifier)
    if unit == "percent of world":
        return say("given as a share")
    return supply.amount(quantity, unit)


def _finding(record: Record, own: pd.DataFrame) -> str:
    known_rows = own[own.quantity > 0]
    if known_rows.empty:
        if own.quantity.isna().any():
            return say("No share of this country is disclosed")
        return say("All its recorded output is zero")
    first = int((known_rows["rank"] == 1).sum())
    if first > 1:
        return say(
            "First in the world in {some} of its {all} disclosed outputs",
            some=words.count(first),
            all=words.count(len(known_rows)),
        )
    top = known_rows.iloc[0]
    return say(
        "Largest share: {product}, {stage}, {share} of the world",
        product=record.product_sentence_names[top["product"]],
        stage=say(words.STAGE[top.stage]),
        share=words.percent(top.share),
    )


def _bars(own: pd.DataFrame, meaning: str) -> pd.DataFrame:
    start = own.side.map(charts.SIDES).astype(float)
    best = own.groupby("label").share.transform("max").fillna(-1.0)
    percent = 100 * own.share
    unknown = own.share.isna()
    return pd.DataFrame(
        {
            "label": own.label,
            "order": -best,
            "start": start,
            "track": (start + 100).where(~unknown, start),
            "now": (start + percent).where(~unknown, start),
            "text": own.share_words,
            "text_at": (start + 104).where(~unknown, start),
            "meaning": meaning,
            "mineral": own.mineral,
            "pale": own.qualifier.isin(PALER),
            "what": own.name + ", " + own.form.map(recorded),
            "stage": own.stage_words,
            "basis": own.basis.map(recorded),
            "rank": own.rank_words.where(own.rank_words != "", say("unknown")),
            "quantity": own.quantity_words,
            "remark": own.remark,
            "year": own.year,
        }
    )


def _alt(record: Record, iso3: str, own: pd.DataFrame) -> str:
    top = "; ".join(
        f"{record.product_sentence_names[row.product]}, {say(words.STAGE[row.stage])}, {row.share_words}"
        for row in own.head(3).itertuples()
    )
    return say(
        "Bars of the share of {country} in world output, {number} in all: {shares}.",
        country=name_of(record, iso3),
        number=len(own),
        shares=top,
    )


def _note(own: pd.DataFrame) -> str:
    hidden, estimated = int(own.quantity.isna().sum()), int(own.qualifier.isin(PALER).sum())
    parts = []
    if hidden:
        parts.append(
            say_many(
                hidden,
                "{number} of {all} not disclosed or not available, which is not zero.",
                "{number} of {all} not disclosed or not available, which is not zero.",
                all=len(own),
            )
        )
    if estimated:
        parts.append(
            say_many(
                estimated,
                "{number} of {all} estimated or modelled.",
                "{number} of {all} estimated or modelled.",
                all=len(own),
            )
        )
    return " ".join([*parts, say("Output counts where it is made, whoever owns it.")])


@per_language()
def output_bars(dark: bool) -> dict[str, Any]:
    """Chart of two columns on one scale, a share of 0 to 100 in each, numbers at the ends of the tracks."""
    colours = theme.palette(dark)
    scale = alt.Scale(domain=[0, charts.SECOND + 122], nice=False, zero=False)
    heads = charts.side_heads(colours, "%")
    names = alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None)
    base = alt.Chart().encode(y=names)
    start = alt.X("start:Q", scale=scale, axis=heads)
    tooltip = [
        alt.Tooltip("what:N", title=say("Product")),
        alt.Tooltip("stage:N", title=say("Stage")),
        alt.Tooltip("text:N", title=say("Share of the world")),
        alt.Tooltip("rank:N", title=say("Rank")),
        alt.Tooltip("quantity:N", title=say("Output")),
        alt.Tooltip("basis:N", title=say("Basis")),
        alt.Tooltip("remark:N", title=say("Figure")),
        alt.Tooltip("year:Q", title=say("Year"), format="d"),
    ]
    size = ROW - GAP
    layers = alt.layer(
        base.mark_bar(size=size, color=colours.track, cursor="pointer")
        .encode(x=start, x2="track:Q", tooltip=tooltip)
        .add_params(pick()),
        base.mark_bar(size=size, cursor="pointer").encode(
            x=start, x2="now:Q", color=fill(colours), opacity=faded(), tooltip=tooltip
        ),
        base.mark_text(align="left").encode(
            x=alt.X("text_at:Q", scale=scale, axis=heads), text="text:N", tooltip=tooltip
        ),
    )
    return charts.finished(layers.properties(height=alt.Step(ROW)), dark)
