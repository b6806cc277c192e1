"""How one country is governed, beside the world."""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from bloc import words
from bloc.briefing import Case, name_of
from bloc.data import Record
from bloc.language import mark, per_language, said, say
from bloc.views import charts, session, theme
from bloc.views.country import MEANINGS, fill, meaning_of
from bloc.views.figure import Figure

INDICATORS = {
    "CC": mark("Control of corruption"),
    "GE": mark("Government effectiveness"),
    "PV": mark("Political stability"),
    "RL": mark("Rule of law"),
    "RQ": mark("Regulatory quality"),
    "VA": mark("Voice and accountability"),
}


def governance(record: Record, case: Case, iso3: str) -> Figure | str:
    """Six indicators in the last year that has all of them, beside the median of the world."""
    every = _estimates(record)
    own = every[every.iso3 == iso3]
    if own.empty:
        return say("No year has all six governance indicators for {country}.", country=name_of(record, iso3))
    year, above = int(own.year.iloc[0]), int((own.estimate > own.world_median).sum())
    meaning = meaning_of(record, case, iso3)
    values = ", ".join(f"{row.name} {_signed(row.estimate)}" for row in own.itertuples(index=False))
    return Figure(
        key="governance",
        finding=_finding(above),
        basis=say("Governance, estimates from about −2.5, worst, to 2.5, best, {year}.", year=year),
        rows=own.drop(columns=["indicator", "iso3"]),
        columns={
            "name": say("Indicator"),
            "estimate": say("Estimate"),
            "world_median": say("World median"),
            "places": say("Places compared"),
            "year": say("Year"),
        },
        drawn=pd.DataFrame(
            {
                "label": own.name,
                "estimate": own.estimate,
                "median": own.world_median,
                "text": own.estimate.map(_signed),
                "median_words": own.world_median.map(_signed),
                "meaning": meaning,
                "year": own.year,
            }
        ),
        spec=governance_dots,
        alt=say(
            "Dots of six governance indicators of {country} in {year}: {estimates}.",
            country=name_of(record, iso3),
            year=year,
            estimates=values,
        ),
        legend=(say(MEANINGS[meaning]), say("**┃**&nbsp;Median of the world")),
        note=say(
            "{year} is the last year with all six; a later year with political stability alone is left out.", year=year
        ),
    )


@cache
def _estimates(record: Record) -> pd.DataFrame:
    """Estimates of every country with the names of the indicators, in their order."""
    rows = session.query("country_governance")
    return rows.assign(name=rows.indicator.map(said(INDICATORS))).sort_values(
        ["iso3", "name"], ignore_index=True, key=lambda column: column.map(words.alphabetical)
    )


def _finding(above: int) -> str:
    if above == len(INDICATORS):
        return say("Above the median of the world in all six indicators")
    if not above:
        return say("Above the median of the world in none of six indicators")
    return say("Above the median of the world in {number} of six indicators", number=words.count(above))


def _signed(value: float) -> str:
    return words.number(value, "z.1f").replace("-", "−")


@per_language()
def governance_dots(dark: bool) -> dict[str, Any]:
    """Chart of indicators: a dot for the country, a tick for the median of the world."""
    colours = theme.palette(dark)
    scale = alt.Scale(domain=[-3, 2.6], nice=False, zero=False)
    axis = alt.Axis(values=[-2, -1, 0, 1, 2], title=None, grid=True, format="d")
    base = alt.Chart().encode(y=alt.Y("label:N", sort="ascending", title=None, axis=alt.Axis(labelLimit=230)))
    tooltip = [
        alt.Tooltip("label:N", title=say("Indicator")),
        alt.Tooltip("text:N", title=say("Estimate")),
        alt.Tooltip("median_words:N", title=say("World median")),
        alt.Tooltip("year:Q", title=say("Year"), format="d"),
    ]
    layers = alt.layer(
        base.mark_tick(color=colours.ink, thickness=2.5, size=18).encode(
            x=alt.X("median:Q", scale=scale, axis=axis), tooltip=tooltip
        ),
        base.mark_point(filled=True, size=130, opacity=1).encode(
            x=alt.X("estimate:Q", scale=scale, axis=axis), color=fill(colours), tooltip=tooltip
        ),
    )
    return charts.finished(layers.properties(height=alt.Step(26)), dark)
