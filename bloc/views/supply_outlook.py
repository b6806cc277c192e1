"""Outlook of a mineral: modelled supply to 2040 by leading country."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from bloc import words
from bloc.data import Record
from bloc.language import mark, per_language, recorded, say
from bloc.views import charts, notes, session, supply, theme
from bloc.views.figure import Figure
from bloc.views.overview import View
from bloc.views.supply import Sides

# Year for which the loss of the largest supplier is told.
TOLD = 2035
CHINA = "CHN"
# Order of the parts of a bar.
BLOC, SECOND, OTHERS, UNNAMED = range(4)
THEN_AND_NOW = {
    "mine": mark("{country} mines {share} of {product} in {year}, {former_share} in {former_year}, as modelled"),
    "refinery": mark("{country} refines {share} of {product} in {year}, {former_share} in {former_year}, as modelled"),
}
NOW_ALONE = {
    "mine": mark("{country} mines {share} of {product} in {year}, as modelled"),
    "refinery": mark("{country} refines {share} of {product} in {year}, as modelled"),
}
# Share from which a part of a bar is written in it.
WRITTEN = 0.07


def draw(view: View, mineral: str) -> None:
    """Draw the outlook of each product and stage that the model covers."""
    figures = _figures(supply.sides(view), mineral)
    supply.lay_out(figures)
    if not figures:
        notes.note(say("There is no outlook to 2040 by country for this mineral."))


@lru_cache(maxsize=supply.KEPT)
def _figures(sides: Sides, mineral: str) -> list[Figure]:
    figures = []
    for product in sides.record.products["product"][sides.record.products.mineral == mineral]:
        rows = session.query("supply_outlook", product=product)
        figures += [outlook(sides, rows[rows.stage == stage], product) for stage in rows.stage.unique()]
    return figures


def outlook(sides: Sides, rows: pd.DataFrame, product: str) -> Figure:
    """Shares of the bloc, China and others in the modelled supply of a product, year by year."""
    record, groups = sides.record, _groups(sides.record)
    rows = rows.assign(
        share=rows.quantity_t / rows.world_t,
        group=[groups[_order(sides, iso3)] for iso3 in rows.iso3],
        country=[_country(record, iso3) for iso3 in rows.iso3],
        tonnes_words=[words.tonnes(each) for each in rows.quantity_t],
        share_words=[words.percent(each) for each in rows.quantity_t / rows.world_t],
    )
    stage, name = str(rows.stage.iloc[0]), record.product_sentence_names[product]
    first, last = int(rows.year.min()), int(rows.year.max())
    drawn = _parts(sides, rows)
    worlds = rows.drop_duplicates("year").set_index("year").world_t
    return Figure(
        key=f"outlook_{product}_{stage}",
        finding=_finding(sides, rows, stage, name, first),
        basis=say(
            "{stage}, {basis}; modelled {scenario}, share of the world’s {amount} in {year} and {later_amount} in "
            "{later_year}.",
            stage=say(supply.STAGE_TITLES[stage]),
            basis=recorded(rows.basis.iloc[0]),
            scenario=recorded(rows.scenario.iloc[0]),
            amount=words.tonnes(float(worlds[first])),
            year=first,
            later_amount=words.tonnes(float(worlds[last])),
            later_year=last,
        ),
        rows=rows,
        columns={
            "country": say("Country"),
            "year": say("Year"),
            "tonnes_words": say("Output"),
            "share_words": say("Share of the world"),
        },
        drawn=drawn,
        spec=outlook_chart,
        alt=say(
            "Stacked bars of the modelled supply of {product}, {first_year} to {last_year}: {shares}",
            product=name,
            first_year=first,
            last_year=last,
            shares="; ".join(f"{row.year} {row.group} {row.text}" for row in drawn.itertuples() if row.order < OTHERS),
        ),
        legend=(*supply.legend(), f":blue[░]&nbsp;{say('Not named, maybe members')}"),
        note=_without_largest(sides, rows),
        leads={"country": ("country", "iso3")},
    )


def _order(sides: Sides, iso3: object) -> int:
    """Part of the bar that a country is in; what no country is named for has no code."""
    if not isinstance(iso3, str):
        return UNNAMED
    if iso3 in sides.members:
        return BLOC
    return SECOND if iso3 == CHINA else OTHERS


def _groups(record: Record) -> dict[int, str]:
    return {
        BLOC: say("The bloc, leading members"),
        SECOND: record.names[CHINA],
        OTHERS: say("Other leading countries"),
        UNNAMED: say("Rest of the world, not named"),
    }


def _country(record: Record, iso3: object) -> str:
    if isinstance(iso3, str):
        return record.names.get(iso3, say("Rest of the world"))
    return say("Rest of the world, not named")


def _finding(sides: Sides, rows: pd.DataFrame, stage: str, name: str, first: int) -> str:
    named = rows[rows.iso3.notna()]
    told = named[named.year == TOLD].sort_values(["share", "iso3"], ascending=[False, True])
    leader = told.iloc[0]
    then = named[(named.year == first) & (named.iso3 == leader.iso3)].share
    values = {
        "country": sides.record.sentence_names[leader.iso3],
        "share": words.percent(float(leader.share)),
        "product": name,
        "year": TOLD,
    }
    if then.empty:
        return words.capital(say(NOW_ALONE[stage], **values))
    former = words.percent(float(then.iloc[0]))
    return words.capital(say(THEN_AND_NOW[stage], former_share=former, former_year=first, **values))


def _without_largest(sides: Sides, rows: pd.DataFrame) -> str:
    told = rows[(rows.year == TOLD) & rows.iso3.notna()].sort_values(["share", "iso3"], ascending=[False, True])
    leader = told.iloc[0]
    return say(
        "In {year}, without {country}, {share} of supply would remain. Only leading countries are named: the bloc’s "
        "part is at least what is drawn. Projections of the publisher, not ours.",
        year=TOLD,
        country=sides.record.sentence_names[leader.iso3],
        share=words.percent(1 - float(leader.share)),
    )


def _parts(sides: Sides, rows: pd.DataFrame) -> pd.DataFrame:
    """Parts of the bar of each year, from the bloc outwards, with where each starts and ends."""
    meaning = {
        BLOC: "member",
        SECOND: sides.meaning(CHINA),
        OTHERS: "outside",
        UNNAMED: "unnamed",
    }
    rows = rows.assign(order=[_order(sides, iso3) for iso3 in rows.iso3])
    parts = (
        rows.groupby(["year", "group"], as_index=False)
        .agg(
            share=("share", "sum"),
            quantity_t=("quantity_t", "sum"),
            who=("country", lambda names: words.listing(list(names), 5)),
            order=("order", "first"),
        )
        .sort_values(["year", "order"], ignore_index=True)
    )
    end = parts.groupby("year").share.cumsum()
    return parts.assign(
        low=end - parts.share,
        high=end,
        middle=end - parts.share / 2,
        meaning=parts.order.map(meaning),
        fade=[0.55 if order == OTHERS else 1.0 for order in parts.order],
        text=[words.percent(each) for each in parts.share],
        written=[words.percent(each) if each >= WRITTEN else "" for each in parts.share],
        tonnes=[words.tonnes(each) for each in parts.quantity_t],
    )


@per_language()
def outlook_chart(dark: bool) -> dict[str, Any]:
    """Chart of _parts: a bar to 100 % for each year."""
    colours = theme.palette(dark)
    meanings = theme.meanings(colours)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    x = alt.Scale(domain=[0, 1])
    tooltip = [
        alt.Tooltip("group:N", title=say("Supplier")),
        alt.Tooltip("who:N", title=say("Countries")),
        alt.Tooltip("year:O", title=say("Year")),
        alt.Tooltip("text:N", title=say("Share of the world")),
        alt.Tooltip("tonnes:N", title=say("Output")),
    ]
    base = alt.Chart().encode(y=alt.Y("year:O", title=None))
    bars = base.mark_bar(size=24, stroke=colours.ground, strokeWidth=1).encode(
        x=alt.X("low:Q", scale=x, axis=None),
        x2="high:Q",
        color=fill,
        opacity=alt.Opacity("fade:Q", scale=None),
        tooltip=tooltip,
    )
    pale = alt.condition(
        "datum.meaning === 'member' || datum.meaning === 'restricting'",
        alt.value(colours.ground),
        alt.value(colours.ink),
    )
    shares = base.mark_text().encode(x=alt.X("middle:Q", scale=x), text="written:N", color=pale)
    return charts.finished(alt.layer(bars, shares).properties(height=alt.Step(34)), dark)
