"""What the bloc covers in two scenarios, A and B: only what changes, the weakest in B first."""

from typing import Any

import altair as alt
import pandas as pd

from bloc import difference, words
from bloc.briefing import Case
from bloc.data import Record
from bloc.language import mark, per_language, said, say, say_many
from bloc.views import charts, theme
from bloc.views.figure import Figure
from bloc.views.restrictions_words import MINUS

ROW, GAP = 18.0, 6.0
LEGEND = (
    mark(":blue[■]&nbsp;B"),
    mark("**┃**&nbsp;A"),
    mark(":blue[░]&nbsp;Unnamed, maybe members"),
    mark("Blank: unchanged, or no recorded need"),
)
COLUMNS = {
    "label": mark("Material"),
    "side": mark("Stage"),
    "year": mark("Year"),
    "a": mark("A: share of need met"),
    "b": mark("B: share of need met"),
    "change": mark("B less A"),
}
MOVES = {
    "mined": mark("{product}, mined, {before} to {after}"),
    "refined": mark("{product}, refined, {before} to {after}"),
}
# Room for both values at the end of a track, in percent of need; on a phone for that of B alone.
WIDE_END, PHONE_END = 300.0, 252.0
SECOND = {False: 178.0, True: charts.SECOND}


def figure(record: Record, a: Case, b: Case, phone: bool) -> Figure:
    """Coverage of what changes by more than half a point: A a tick, B a bar."""
    changes = difference.coverage(a, b)
    return Figure(
        key="compare_coverage",
        finding=difference.gained_and_lost(changes, a, b),
        basis=say(
            "Share of need met, bar: B, tick: A. Accounting: what members make against what they need, no response."
        ),
        rows=changes[[*COLUMNS, "mineral"]].assign(
            side=changes.side.map({"mined": say(words.STAGE["mine"]), "refined": say(words.STAGE["refinery"])}),
            source_id=record.series.source_id.iloc[b.rows.row[changes.index]].array,
        ),
        columns=said(COLUMNS),
        drawn=_marks(a, b, changes, phone),
        spec=lambda dark: spec(dark, phone),
        alt=_alt(changes),
        legend=tuple(say(each) for each in LEGEND) if len(changes) else (),
        note=_note(a, b),
        leads={"label": (charts.MINERAL, charts.MINERAL)},
    )


def _marks(a: Case, b: Case, changes: pd.DataFrame, phone: bool) -> pd.DataFrame:
    """Rows of the ranking that change, moved to the scale of this chart."""
    drawn = charts.coverage_frame(a.rows, b.rows)
    first = charts.coverage_frame(b.rows, a.rows).text
    both = zip(first[changes.index], drawn.text[changes.index], changes.change, strict=True)
    text = drawn.text if phone else pd.Series([_both(*each) for each in both], changes.index)
    shift = (SECOND[phone] - charts.SECOND) * (drawn.start > 0)
    moved = {name: drawn[name] + shift for name in ("start", "track", "now", "bound", "was", "text_at")}
    order = charts.weakest_first(b.rows.loc[changes.index])
    return drawn.assign(text=text, order=order, **moved).loc[changes.index]


def _both(first: str, second: str, change: float) -> str:
    """Both values, or one with the change where they read the same."""
    if first != second:
        return f"{first} → {second}"
    return f"{second} ({'+' if change > 0 else MINUS}{words.number(abs(100 * change), '.1f')})"


def _note(a: Case, b: Case) -> str:
    yardstick = say("Use by country is not known: need is a yardstick, the members’ share of world GDP.")
    parts = [f"{charts.YARDSTICK} {yardstick}"]
    parts.append(say("Need grows with the members, so that more members can cover less of it."))
    if number := difference.one_sided(a, b):
        parts.append(_one_sided(number, len(b.rows)))
    return " ".join(parts)


def _one_sided(number: int, series: int) -> str:
    sentence = say_many(
        number,
        "{number} of {total} series has a recorded need in one of the two alone and cannot be compared.",
        "{number} of {total} series have a recorded need in one of the two alone and cannot be compared.",
        number=words.count(number),
        total=series,
    )
    return words.capital(sentence)


def _alt(changes: pd.DataFrame) -> str:
    weakest = [
        say(MOVES[row.side], product=row.in_sentence, before=words.percent(row.a), after=words.percent(row.b))
        for row in changes.nsmallest(4, "b").itertuples()
    ]
    return say_many(
        len(changes),
        "Bars of the share of need met, A to B, {number} that changes. Weakest in B: {materials}.",
        "Bars of the share of need met, A to B, {number} that change. Weakest in B: {materials}.",
        materials="; ".join(weakest) or say("none"),
    )


@per_language()
def spec(dark: bool, phone: bool) -> dict[str, Any]:
    """Chart of the marks: mined on the left, refined on the right, of one scale."""
    colours, second = theme.palette(dark), SECOND[phone]
    scale = alt.Scale(domain=[0, PHONE_END if phone else second + WIDE_END - 140], nice=False, zero=False)
    ticks = alt.Axis(
        values=[0, 50, 100, second, second + 50, second + 100],
        labelExpr=f"datum.value >= {second} ? datum.value - {second} : datum.value",
        title=None,
        grid=True,
    )
    mined, refined = charts.quoted(say("Mined, % of need")), charts.quoted(say("Refined, % of need"))
    heads = alt.Axis(
        values=[0, second],
        labelExpr=f"datum.value < {second} ? {mined} : {refined}",
        labelAlign="left",
        labelColor=colours.ink,
        labelFontWeight=600,
        title=None,
        grid=False,
        orient="top",
    )
    base = alt.Chart().encode(
        y=alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None),
        tooltip=[
            alt.Tooltip("label:N", title=say("Material")),
            alt.Tooltip("stage:N", title=say("Stage")),
            alt.Tooltip("baseline:N", title=say("A, of need")),
            alt.Tooltip("scenario:N", title=say("B, of need")),
            alt.Tooltip("need:N", title=say("Need")),
            alt.Tooltip("year:Q", title=say("Year"), format="d"),
            alt.Tooltip("note:N", title=say("Not counted")),
        ],
    )

    def bar(to: str, colour: str, axis: alt.Axis | None) -> alt.Chart:
        x = alt.X("start:Q", scale=scale, axis=axis)
        return base.mark_bar(size=ROW - GAP, color=colour, cursor="pointer").encode(x=x, x2=f"{to}:Q")

    pick = alt.selection_point(name=charts.MINERAL, fields=[charts.MINERAL])
    layers = alt.layer(
        bar("track", colours.track, ticks).add_params(pick),
        bar("bound", colours.range, heads),
        bar("now", colours.member, None),
        base.mark_tick(color=colours.ink, thickness=2.5, size=ROW - GAP + 3).encode(
            x=alt.X("was:Q", scale=scale, axis=None)
        ),
        base.mark_text(align="left", size=12.5, color=colours.ink).encode(
            x=alt.X("text_at:Q", scale=scale, axis=None), text="text:N"
        ),
    ).resolve_axis(x="independent")
    return charts.finished(layers.properties(height=alt.Step(ROW)), dark)
