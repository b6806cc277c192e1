"""Largest miner against largest refiner of every mineral: one picture of how they differ."""

from collections.abc import Mapping
from functools import cache, lru_cache, partial
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.briefing import Case
from bloc.data import Record
from bloc.language import mark, per_language, said, say
from bloc.outcome import evaluate, restricting
from bloc.scenario import Scenario
from bloc.summary import layout
from bloc.views import charts, notes, theme
from bloc.views.figure import Figure

# Row of a list of pairs and of its narrow form. [px]
ROW, NARROW_ROW = 27, 21
# Where the refined half starts on the shared scale, in percent of the world, and where each scale ends.
SECOND, WIDE_END, NARROW_END = 170.0, 315.0, 168.0
# Keys of the columns "side" and "another" of the rows, in words.
SIDES = {"Mined": mark("Mined"), "Refined": mark("Refined")}
ANOTHER = {"yes": mark("yes"), "no": mark("no")}


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
        basis=say(
            "Largest supplier of each stage and its share of world output, {start} to {end}. Where they differ first, "
            "then by the refiner’s share.",
            start=table.year.min(),
            end=table.year.max(),
        ),
        rows=table,
        columns={
            "label": say("Material"),
            "side_words": say("Stage"),
            "iso3": say("Largest supplier"),
            "share": say("Its share of the world, 0 to 1"),
            "year": say("Year"),
            "another_words": say("Another country refines"),
        },
        drawn=_pair_marks(record, table, members, withholding, narrow),
        spec=partial(pair_bars, narrow=narrow),
        alt=_pair_alt(record, table),
        legend=(
            say(notes.LEGEND["member"]),
            say(notes.LEGEND["restricting"]),
            say(":violet[■]&nbsp;Outside"),
            f"◆&nbsp;{say('Another country refines')}",
        ),
        note=say(
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
        by_name=both.label.map(words.alphabetical),
    ).sort_values(["another", "refiner_share", "by_name"], ascending=[False, False, True])
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
        for side, at in zip(SIDES, (both.mined, both.refined), strict=True)
    ]
    table = pd.concat(sides).sort_index(kind="stable", ignore_index=True)
    return table.assign(side_words=table.side.map(said(SIDES)), another_words=table.another.map(said(ANOTHER)))


def _pair_finding(record: Record, table: pd.DataFrame) -> str:
    refined = table[table.side == "Refined"]
    apart = refined[refined.another == "yes"]
    if apart.empty:
        return say("The largest miner is the largest refiner of every material")
    counts = apart.iso3.value_counts()
    counted = {"number": len(apart), "total": len(refined)}
    if len(apart) == 1:
        return say("Largest miner and largest refiner differ for {number} of {total} materials", **counted)
    return _leader_finding(record.sentence_names[str(counts.index[0])], int(counts.iloc[0]), counted)


def _leader_finding(leader: str, led: int, counted: Mapping[str, int]) -> str:
    if led == counted["number"]:
        return say(
            "Largest miner and largest refiner differ for {number} of {total} materials; {country} leads refining in "
            "all {led}",
            country=leader,
            led=words.count(led),
            **counted,
        )
    return say(
        "Largest miner and largest refiner differ for {number} of {total} materials; {country} leads refining in {led} "
        "of them",
        country=leader,
        led=words.count(led),
        **counted,
    )


def _pair_alt(record: Record, table: pd.DataFrame) -> str:
    apart, names = table[table.another == "yes"], record.names
    miners, refiners = (apart[apart.side == side] for side in SIDES)
    named = [
        say("{material} ({miner}, then {refiner})", material=material, miner=names[miner], refiner=names[refiner])
        for material, miner, refiner in zip(miners.label, miners.iso3, refiners.iso3, strict=True)
    ]
    return say(
        "Bars of the largest miner and refiner of {number} materials. Different: {materials}.",
        number=len(table) // 2,
        materials=words.listing(named),
    )


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
        text=[say("{country} {share}", country=name, share=share) for name, share in zip(names, written, strict=True)],
        country=names,
        share=written,
        meaning=[theme.meaning(each, members, withholding) for each in table.iso3],
    )


@per_language()
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
    mined, refined = charts.quoted(say("Mined, % of the world")), charts.quoted(say("Refined, % of the world"))
    heads = alt.Axis(
        values=[0] if narrow else [0, SECOND],
        labelExpr=charts.quoted(say("Mined above refined, % of the world"))
        if narrow
        else f"datum.value < {SECOND} ? {mined} : {refined}",
        labelAlign="left",
        labelColor=colours.ink,
        labelFontWeight=600,
        labelLimit=260,
        title=None,
        grid=False,
        orient="top",
    )
    tooltip = [
        alt.Tooltip("label:N", title=say("Material")),
        alt.Tooltip("side_words:N", title=say("Stage")),
        alt.Tooltip("country:N", title=say("Largest supplier")),
        alt.Tooltip("share:N", title=say("Share of the world")),
        alt.Tooltip("year:Q", title=say("Year"), format="d"),
        alt.Tooltip("another_words:N", title=say("Another country refines")),
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
