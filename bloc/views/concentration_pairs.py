"""Largest miner against largest refiner of every mineral: one picture of how they differ."""

from functools import cache, lru_cache, partial
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.briefing import Case
from bloc.data import Record
from bloc.outcome import evaluate, restricting
from bloc.scenario import Scenario
from bloc.summary import layout
from bloc.views import charts, notes, theme
from bloc.views.figure import Figure

# Row of a list of pairs and of its narrow form. [px]
ROW, NARROW_ROW = 27, 21
# Where the refined half starts on the shared scale, in percent of the world, and where each scale ends.
SECOND, WIDE_END, NARROW_END = 170.0, 315.0, 168.0


def pairs(record: Record, case: Case, narrow: bool) -> Figure:
    """Largest miner against largest refiner of every mineral with both stages; `narrow` puts one under the other."""
    return _pairs(record, case.members, restricting(record, case.scenario), narrow)


@lru_cache(maxsize=64)
def _pairs(record: Record, members: frozenset[str], withholding: frozenset[str], narrow: bool) -> Figure:
    """The figure by value: how much is withheld changes nothing in it."""
    table = _pair_rows(record)
    return Figure(
        key="miner_and_refiner",
        finding=_pair_finding(record, table),
        basis=(
            f"Largest supplier of each stage and its share of world output, {table.year.min()} to {table.year.max()}. "
            "Where they differ first, then by the refiner’s share."
        ),
        rows=table,
        columns={
            "label": "Material",
            "side": "Stage",
            "iso3": "Largest supplier",
            "share": "Its share of the world, 0 to 1",
            "year": "Year",
            "another": "Another country refines",
        },
        drawn=_pair_marks(record, table, members, withholding, narrow),
        spec=partial(pair_bars, narrow=narrow),
        alt=_pair_alt(record, table),
        legend=(
            notes.LEGEND["member"],
            notes.LEGEND["restricting"],
            ":violet[■]&nbsp;Outside",
            "◆&nbsp;Another country refines",
        ),
        note=(
            "Only materials with both stages on record. Output counts where it is made, whoever owns it. Undisclosed "
            "output is in nobody’s share."
        ),
    )


@cache
def _pair_rows(record: Record) -> pd.DataFrame:
    """Two rows for each mineral with both stages, mined and refined: those that differ, then by the refiner’s share."""
    indicators, both = evaluate(record, Scenario(())).indicators, layout(record)
    named = indicators.largest_supplier.notna()
    both = both[(both.mined >= 0) & (both.refined >= 0)]
    both = both[named[both.mined].to_numpy() & named[both.refined].to_numpy()]
    both = both.assign(
        refiner_share=indicators.largest_share[both.refined].to_numpy(),
        another=indicators.largest_supplier[both.mined].to_numpy()
        != indicators.largest_supplier[both.refined].to_numpy(),
    ).sort_values(["another", "refiner_share", "label"], ascending=[False, False, True])
    sides = [
        pd.DataFrame(
            {
                "label": both.label.to_numpy(),
                "side": side,
                "iso3": indicators.largest_supplier[at].to_numpy(),
                "share": indicators.largest_share[at].to_numpy(),
                "year": indicators.year[at].to_numpy(),
                "another": np.where(both.another, "yes", "no"),
                "source_id": indicators.source_id[at].to_numpy(),
            }
        )
        for side, at in (("Mined", both.mined), ("Refined", both.refined))
    ]
    return pd.concat(sides).sort_index(kind="stable", ignore_index=True)


def _pair_finding(record: Record, table: pd.DataFrame) -> str:
    refined = table[table.side == "Refined"]
    apart = refined[refined.another == "yes"]
    if apart.empty:
        return "The largest miner is the largest refiner of every material"
    counts = apart.iso3.value_counts()
    who, count = record.sentence_names[str(counts.index[0])], int(counts.iloc[0])
    where = f"all {words.count(count)}" if count == len(apart) else f"{words.count(count)} of them"
    start = f"Largest miner and largest refiner differ for {len(apart)} of {len(refined)} materials"
    return start if len(apart) == 1 else f"{start}; {who} leads refining in {where}"


def _pair_alt(record: Record, table: pd.DataFrame) -> str:
    apart = [
        f"{label} ({', then '.join(record.names[each] for each in pair.iso3)})"
        for label, pair in table[table.another == "yes"].groupby("label", sort=False)
    ]
    return f"Bars of the largest miner and refiner of {len(table) // 2} materials. Different: {words.listing(apart)}."


def _pair_marks(
    record: Record, table: pd.DataFrame, members: frozenset[str], withholding: frozenset[str], narrow: bool
) -> pd.DataFrame:
    """The bars with what is written at their ends, and where the sign of another refiner stands."""
    refined = (table.side == "Refined").to_numpy()
    start = np.where(refined & (not narrow), SECOND, 0.0)
    names = table.iso3.map(record.names)
    written = table.share.map(words.percent)
    return table.drop(columns=["share", "source_id", "iso3"]).assign(
        order=np.arange(len(table)) // 2,
        start=start,
        end=start + 100 * table.share.clip(upper=1),
        sign=refined & (table.another == "yes").to_numpy(),
        sign_at=NARROW_END - 4 if narrow else SECOND - 5,
        text=names + " " + written,
        country=names,
        share=written,
        meaning=[theme.meaning(each, members, withholding) for each in table.iso3],
    )


@cache
def pair_bars(dark: bool, narrow: bool) -> dict[str, Any]:
    """Chart of _pair_marks: two tracks of 0 to 100 % side by side, or one under the other where it is narrow."""
    colours = theme.palette(dark)
    meanings = {"member": colours.member, "restricting": colours.restricting, "outside": colours.outside}
    row = NARROW_ROW if narrow else ROW
    names = alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None)
    base = alt.Chart().encode(y=names)
    if narrow:
        base = base.encode(yOffset=alt.YOffset("side:N", scale=alt.Scale(paddingInner=0)))
    scale = alt.Scale(domain=[0, NARROW_END if narrow else WIDE_END], nice=False)
    heads = alt.Axis(
        values=[0] if narrow else [0, SECOND],
        labelExpr="'Mined above refined, % of the world'"
        if narrow
        else f"datum.value < {SECOND} ? 'Mined, % of the world' : 'Refined, % of the world'",
        labelAlign="left",
        labelColor=colours.ink,
        labelFontWeight=600,
        labelLimit=260,
        title=None,
        grid=False,
        orient="top",
    )
    tooltip = [
        alt.Tooltip("label:N", title="Material"),
        alt.Tooltip("side:N", title="Stage"),
        alt.Tooltip("country:N", title="Largest supplier"),
        alt.Tooltip("share:N", title="Share of the world"),
        alt.Tooltip("year:Q", title="Year", format="d"),
        alt.Tooltip("another:N", title="Another country refines"),
    ]
    x = alt.X("start:Q", scale=scale, axis=heads)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    weight = alt.condition("datum.another == 'yes'", alt.value(colours.ink), alt.value(colours.muted))
    layers = alt.layer(
        base.mark_bar(size=row - 9).encode(x=x, x2="end:Q", color=fill, tooltip=tooltip),
        base.mark_text(align="left", dx=5, fontSize=12 if narrow else 14).encode(
            x=alt.X("end:Q", scale=scale, axis=heads), text="text:N", color=weight
        ),
        base.transform_filter("datum.sign")
        .mark_point(shape="diamond", filled=True, opacity=1, size=70, color=colours.ink)
        .encode(x=alt.X("sign_at:Q", scale=scale, axis=heads), tooltip=tooltip),
    )
    return charts.finished(layers.properties(height=alt.Step(row)), dark)
