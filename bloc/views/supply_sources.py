"""How far the publications on a stage differ about who supplies it."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from bloc import words
from bloc.language import mark, per_language, say, say_many
from bloc.views import charts, notes, session, supply, theme
from bloc.views.figure import Figure
from bloc.views.overview import View
from bloc.views.supply import Sides

# Countries whose publications are compared, and the difference below which they agree. [, points]
COMPARED, AGREED = 5, 2
DIFFER = {
    "mine": mark("Sources differ most on {country}: {shares} of {product} mined"),
    "smelter": mark("Sources differ most on {country}: {shares} of {product} smelted"),
    "refinery": mark("Sources differ most on {country}: {shares} of {product} refined"),
}
AGREE = {
    "mine": mark("Sources agree within {points} points on the largest shares of {product} mined"),
    "smelter": mark("Sources agree within {points} points on the largest shares of {product} smelted"),
    "refinery": mark("Sources agree within {points} points on the largest shares of {product} refined"),
}
ALT = {
    "mine": mark("Ranges of the share of {product} mined. Widest: {country}, {shares}."),
    "smelter": mark("Ranges of the share of {product} smelted. Widest: {country}, {shares}."),
    "refinery": mark("Ranges of the share of {product} refined. Widest: {country}, {shares}."),
}


def draw(view: View, mineral: str) -> None:
    """Draw the disagreement on each stage of a mineral."""
    figures = _figures(supply.sides(view), mineral)
    supply.lay_out(figures)
    if not figures:
        notes.note(say("No two publications give shares of the same stage of this mineral, so none can disagree."))


@lru_cache(maxsize=supply.KEPT)
def _figures(sides: Sides, mineral: str) -> list[Figure]:
    products = sides.record.products["product"][sides.record.products.mineral == mineral]
    return [
        figure
        for product in products
        for figure in disagreements(sides, session.query("supply_publications", product=product), product)
    ]


def disagreements(sides: Sides, rows: pd.DataFrame, product: str) -> list[Figure]:
    """One figure for each stage of a product on which several publications give shares."""
    found = [disagreement(sides, rows[rows.stage == stage], product) for stage in rows.stage.unique()]
    return [figure for figure in found if figure is not None]


def disagreement(sides: Sides, rows: pd.DataFrame, product: str) -> Figure | None:
    """Lowest and highest share of the largest countries among the publications on one stage; None when one alone."""
    record = sides.record
    several = rows.groupby("iso3").filter(lambda each: each.publication.nunique() > 1)
    if several.empty:
        return None
    ranges = several.groupby("iso3").agg(low=("share", "min"), high=("share", "max"))
    ranges = ranges.sort_values("high", ascending=False, kind="stable").head(COMPARED)
    shown = several[several.iso3.isin(ranges.index)].assign(
        share_words=lambda each: [words.percent(share) for share in each.share],
    )
    stage, name = str(rows.stage.iloc[0]), record.product_sentence_names[product]
    widest = str((ranges.high - ranges.low).idxmax())
    gap = round(100 * float(ranges.high[widest] - ranges.low[widest]))
    between = _between(float(ranges.low[widest]), float(ranges.high[widest]))
    finding = say(DIFFER[stage], country=record.sentence_names[widest], shares=between, product=name)
    if gap < AGREED:
        finding = say(AGREE[stage], points=AGREED, product=name)
    return Figure(
        key=f"disagreement_{product}_{stage}",
        finding=finding,
        basis=_basis(several),
        rows=shown,
        columns={"iso3": say("Country"), "share_words": say("Share of the world"), "year": say("Year")},
        drawn=_spans(sides, shown, ranges),
        spec=span_chart,
        alt=say(ALT[stage], product=name, country=record.names[widest], shares=between),
        legend=(*supply.legend(), f"●&nbsp;{say('A publication')}"),
        note=say("A range is not an error bar: the publications differ in year, form and whom they list."),
        leads=supply.TO_COUNTRY,
    )


def _basis(several: pd.DataFrame) -> str:
    return say_many(
        several.publication.nunique(),
        "Share of the world in {number} publication, at its latest year, {first_year} to {last_year}; forms and bases "
        "as the publication counts them.",
        "Share of the world in {number} publications, each at its latest year, {first_year} to {last_year}; forms and "
        "bases as each publication counts them.",
        first_year=several.year.min(),
        last_year=several.year.max(),
    )


def _between(low: float, high: float) -> str:
    """Range of two shares in words, one number when they round to the same."""
    first, last = _ends(low, high)
    return last if first == last else say("{low} to {high}", low=_bare(first), high=last)


def _span(low: float, high: float) -> str:
    """Range of two shares in figures."""
    first, last = _ends(low, high)
    return last if first == last else f"{_bare(first)}–{last}"


def _ends(low: float, high: float) -> tuple[str, str]:
    return words.percent(low), words.percent(high)


def _bare(share: str) -> str:
    return share.removesuffix("%").rstrip()


def _spans(sides: Sides, shown: pd.DataFrame, ranges: pd.DataFrame) -> pd.DataFrame:
    place = {iso3: at for at, iso3 in enumerate(ranges.index)}
    low, high = shown.iso3.map(ranges.low), shown.iso3.map(ranges.high)
    return pd.DataFrame(
        {
            "label": shown.iso3.map(sides.record.names),
            "order": shown.iso3.map(place),
            "low": low,
            "high": high,
            "share": shown.share,
            "meaning": shown.iso3.map(sides.meaning),
            "text": [_span(*each) for each in zip(low, high, strict=True)],
            "said": shown.share_words,
            "source": [sides.record.citations.get(each, say("not recorded")) for each in shown.source_id],
            "year": shown.year,
        }
    )


@per_language()
def span_chart(dark: bool) -> dict[str, Any]:
    """Chart of _spans: a bar from the lowest to the highest share, a dot for each publication."""
    colours = theme.palette(dark)
    meanings = theme.meanings(colours)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    x = alt.Scale(domain=[0, 1.2])
    axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", title=None)
    tooltip = [
        alt.Tooltip("label:N", title=say("Country")),
        alt.Tooltip("said:N", title=say("Share of the world")),
        alt.Tooltip("source:N", title=say("Publication")),
        alt.Tooltip("year:Q", title=say("Year"), format="d"),
    ]
    base = alt.Chart().encode(y=alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None))
    bars = base.mark_rule(strokeWidth=9, opacity=0.35).encode(
        x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q", color=fill
    )
    dots = base.mark_circle(size=80, opacity=1, stroke=colours.ground, strokeWidth=1).encode(
        x=alt.X("share:Q", scale=x), color=fill, tooltip=tooltip
    )
    ends = base.mark_text(align="left", dx=9).encode(x=alt.X("high:Q", scale=x), text="text:N")
    return charts.finished(alt.layer(bars, dots, ends).properties(height=alt.Step(supply.ROW)), dark)
