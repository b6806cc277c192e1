"""What one country holds of the reserves of the world."""

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.briefing import Case, name_of
from bloc.data import Record
from bloc.language import mark, per_language, recorded, said, say
from bloc.views import charts, theme
from bloc.views.country import GAP, MEANINGS, MINERAL, ROW, faded, fill, meaning_of, minerals, pick, remark, years
from bloc.views.figure import Figure

COLUMNS = {
    "name": mark("Product"),
    "form": mark("Form"),
    "basis": mark("Basis"),
    "quantity_words": mark("Reserves"),
    "share_words": mark("Share of the world"),
    "year": mark("Year"),
}
PALER = mark("Paler: at most, the world total is a minimum")


def reserves(record: Record, case: Case, iso3: str) -> Figure | str:
    """Its share of the reserves of the world, list by list."""
    every = _said(record)
    own = every[every.iso3 == iso3].reset_index(drop=True)
    if own.empty:
        return say("No list of reserves names {country}.", country=name_of(record, iso3))
    meaning = meaning_of(record, case, iso3)
    return Figure(
        key="reserves",
        finding=_finding(record, own),
        basis=say("Share of world reserves, {years}, each list on its own basis.", years=years(own.year)),
        rows=own.drop(columns="bound"),
        columns=said(COLUMNS),
        drawn=_bars(own, meaning),
        spec=reserve_bars,
        alt=_alt(record, iso3, own),
        legend=(say(MEANINGS[meaning]), *([f":gray[{say(PALER)}]"] if own.bound.any() else [])),
        note=say("Reserves are what pays at today’s prices and techniques, not all there is in the ground."),
        leads={"name": (MINERAL, MINERAL)},
    )


@cache
def _said(record: Record) -> pd.DataFrame:
    """Every list of reserves by country in words, the largest share of each country first."""
    rows = record.reserves
    share = rows.reserves_t / np.maximum(rows.world_t, rows.groupby("reserve_id").reserves_t.transform("sum"))
    bound = (rows.world_qualifier == "greater_than") & (rows.reserves_t > 0)
    return rows.assign(
        share=share,
        bound=bound,
        mineral=rows["product"].map(minerals(record)),
        name=rows["product"].map(record.product_names),
        share_words=[_share(*each) for each in zip(share, rows.reserves_t, rows.qualifier, bound, strict=True)],
        quantity_words=[
            words.tonnes(each) if each == each else remark(qualifier)
            for each, qualifier in zip(rows.reserves_t, rows.qualifier, strict=True)
        ],
    ).sort_values(
        ["share", "reserves_t", "name"],
        ascending=[False, False, True],
        ignore_index=True,
        key=lambda column: column.map(words.alphabetical) if column.name == "name" else column,
    )


def _bars(own: pd.DataFrame, meaning: str) -> pd.DataFrame:
    """Bars on a track where the share is known; text alone where it is not."""
    unknown = own.share.isna()
    return pd.DataFrame(
        {
            "label": own.name,
            "order": range(len(own)),
            "track": np.where(unknown, 0.0, 1.0),
            "share": own.share.fillna(0.0),
            "text": own.share_words,
            "text_at": np.where(unknown, 0.0, 1.02),
            "quantity": own.quantity_words,
            "basis": own.basis.map(recorded),
            "year": own.year,
            "meaning": meaning,
            "mineral": own.mineral,
            "pale": own.bound,
        }
    )


def _share(share: float, reserves_t: float, qualifier: object, bound: bool) -> str:
    if np.isnan(reserves_t):
        return remark(qualifier)
    if np.isnan(share):
        return say("{amount}, no world total", amount=words.tonnes(reserves_t))
    return say("at most {share}", share=words.percent(share)) if bound else words.percent(share)


def _finding(record: Record, own: pd.DataFrame) -> str:
    top = own.iloc[0]
    if not top.share > 0:
        return _without_a_share(own)
    product, share = record.product_sentence_names[top["product"]], words.percent(top.share)
    if top.bound:
        return say("Holds at most {share} of the world’s {product} reserves", share=share, product=product)
    return say("Holds {share} of the world’s {product} reserves", share=share, product=product)


def _without_a_share(own: pd.DataFrame) -> str:
    if (own.reserves_t > 0).any():
        return say("Holds reserves, their share of the world unknown")
    if own.reserves_t.isna().any():
        return say("Its reserves are not stated")
    return say("Its recorded reserves are zero")


def _alt(record: Record, iso3: str, own: pd.DataFrame) -> str:
    top = "; ".join(f"{row.name}, {row.share_words}" for row in own.head(3).itertuples(index=False))
    return say(
        "Bars of the share of {country} in world reserves, {number} in all: {shares}.",
        country=name_of(record, iso3),
        number=len(own),
        shares=top,
    )


@per_language()
def reserve_bars(dark: bool) -> dict[str, Any]:
    """Chart of reserves: label, share from 0 to 1, text at the end of the track."""
    colours = theme.palette(dark)
    base = alt.Chart().encode(y=alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None))
    scale = alt.Scale(domain=[0, 1.36], nice=False)
    tooltip = [
        alt.Tooltip("label:N", title=say("Product")),
        alt.Tooltip("text:N", title=say("Share of the world")),
        alt.Tooltip("quantity:N", title=say("Reserves")),
        alt.Tooltip("basis:N", title=say("Basis")),
        alt.Tooltip("year:Q", title=say("Year"), format="d"),
    ]
    size = ROW - GAP
    layers = alt.layer(
        base.mark_bar(size=size, color=colours.track, cursor="pointer")
        .encode(x=alt.X("track:Q", scale=scale, axis=None), tooltip=tooltip)
        .add_params(pick()),
        base.mark_bar(size=size, cursor="pointer").encode(
            x=alt.X("share:Q", scale=scale, axis=None), color=fill(colours), opacity=faded(), tooltip=tooltip
        ),
        base.mark_text(align="left").encode(
            x=alt.X("text_at:Q", scale=scale, axis=None), text="text:N", tooltip=tooltip
        ),
    )
    return charts.finished(layers.properties(height=alt.Step(ROW)), dark)
