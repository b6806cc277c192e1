"""One country: its place in the world, the headline, and what its figures share."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from bloc import words
from bloc.briefing import Case, name_of
from bloc.data import Record
from bloc.language import mark, say
from bloc.outcome import restricting
from bloc.views import figure, notes, supply, theme
from bloc.views.figure import Figure

DEFAULT = "IDN"
# Heights of a row of a ranking and of the gap in it. [px]
ROW, GAP = 22.0, 7.0
PALER = {"estimated", "modelled", "about", "derived", "less_than", "greater_than", "range"}
MEANINGS = {
    "member": notes.LEGEND["member"],
    "restricting": notes.LEGEND["restricting"],
    "outside": mark(":violet[■]&nbsp;Outside"),
}
# Headlines by the stage of what it makes, and of what it refines beside what it mines.
MAKES = {
    "mine": mark("{country} mines {share} of the world’s {product}"),
    "smelter": mark("{country} smelts {share} of the world’s {product}"),
    "refinery": mark("{country} refines {share} of the world’s {product}"),
}
MAKES_BOTH = {
    "smelter": mark("{country} mines {share} of the world’s {product} and smelts {other_share} of {other_product}"),
    "refinery": mark("{country} mines {share} of the world’s {product} and refines {other_share} of {other_product}"),
}
MAKES_THE_SAME = {
    "smelter": mark("{country} mines {share} of the world’s {product} and smelts {other_share}"),
    "refinery": mark("{country} mines {share} of the world’s {product} and refines {other_share}"),
}
# Name of the selection of a bar, which is that of the control of the page it leads to, see figure.LEADS.
MINERAL = "mineral"


def known(record: Record) -> dict[str, str]:
    """Name of every state, economy and territory, by code, in the order of the names."""
    places = record.countries[record.countries.kind.isin(["state", "economy", "territory"])]
    names = zip(places.iso3, places.name, strict=True)
    return dict(sorted(names, key=lambda each: words.alphabetical(each[1])))


@cache
def minerals(record: Record) -> dict[str, str]:
    """Mineral of each product, for the minerals that have a page."""
    products = record.products[record.products.mineral.isin(supply.minerals(record))]
    return dict(zip(products["product"], products.mineral, strict=True))


def draw(parts: Sequence[Figure | str]) -> None:
    """The figures there are, one below the other."""
    for each in parts:
        if isinstance(each, Figure):
            figure.show(each)


def draw_absent(parts: Sequence[Figure | str]) -> None:
    """The sentences that say why there is no figure, under one heading."""
    sentences = [notes.plain(each) for each in parts if isinstance(each, str)]
    if sentences:
        st.header(say("Not on record"), anchor=False)
        st.markdown("\n".join(f"- {each}" for each in sentences))


@cache
def world_shares(record: Record) -> pd.DataFrame:
    """Share and rank of every country in every default series; NaN where it is not disclosed.

    Columns beside those of the production: at (position of the series), product names, basis, unit, share, rank,
    ranked (countries with a figure).
    """
    series = record.series.assign(at=record.series.index)
    keys = ["product", "stage", "form"]
    rows = record.production.merge(series[[*keys, "at", "mineral", "basis", "unit", "world"]], on=keys)
    by_series = rows.groupby("at").quantity
    total = np.maximum(rows.world, by_series.transform("sum"))
    return rows.assign(
        share=rows.quantity / total,
        rank=by_series.rank(method="min", ascending=False),
        ranked=by_series.transform("count"),
    )


def finding(record: Record, iso3: str, members: frozenset[str]) -> str:
    """Headline: the largest share of the country at each stage, and whether it is in the bloc."""
    makes = words.capital(_makes(record, iso3))
    if iso3 in members:
        return say("{finding}; in the bloc", finding=makes)
    return say("{finding}; outside the bloc", finding=makes)


def _makes(record: Record, iso3: str) -> str:
    """The largest share of the country at each stage."""
    own, country = world_shares(record)[lambda rows: rows.iso3 == iso3], name_of(record, iso3)
    made = own[own.quantity > 0].sort_values(["share", "at"], ascending=[False, True])
    if made.empty:
        if own.quantity.isna().any():
            return say("{country} discloses no output of these minerals", country=country)
        return say("{country} has no recorded output of these minerals", country=country)
    mined, refined = made[made.stage == "mine"].head(1), made[made.stage != "mine"].head(1)
    ends: list[Any] = [*mined.itertuples(), *refined.itertuples()]
    first, other = ends[0], ends[-1]
    product, share = record.product_sentence_names[first.product], words.percent(first.share)
    if len(ends) == 1:
        return say(MAKES[first.stage], country=country, share=share, product=product)
    messages = MAKES_THE_SAME if other.product == first.product else MAKES_BOTH
    return say(
        messages[other.stage],
        country=country,
        share=share,
        product=product,
        other_share=words.percent(other.share),
        other_product=record.product_sentence_names[other.product],
    )


def meaning_of(record: Record, case: Case, iso3: str) -> str:
    """What a country is in a scenario: member, restricting or outside."""
    return theme.meaning(iso3, case.members, restricting(record, case.scenario))


def remark(qualifier: object) -> str:
    """What a qualifier says of a figure, in words."""
    return say(supply.QUALIFIERS[qualifier]) if isinstance(qualifier, str) else say("as printed")


def years(of: pd.Series) -> str:
    """First and last year of some figures."""
    first, last = int(of.min()), int(of.max())
    return str(last) if first == last else say("{low} to {high}", low=first, high=last)


def fill(colours: theme.Palette) -> alt.Color:
    """Colour of a mark by what the country is in the scenario."""
    meanings = {"member": colours.member, "restricting": colours.restricting, "outside": colours.outside}
    return alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)


def faded() -> Any:
    """Opacity of a mark: estimates are paler."""
    return alt.condition("datum.pale", alt.value(0.62), alt.value(1.0))


def pick() -> alt.Parameter:
    """Selection of a bar by a click, by the mineral in its row."""
    return alt.selection_point(name=MINERAL, fields=[MINERAL])
