"""How one country is governed, beside the world."""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from bloc import words
from bloc.briefing import Case, name_of
from bloc.data import Record
from bloc.views import charts, session, theme
from bloc.views.country import MEANINGS, fill, meaning_of
from bloc.views.figure import Figure

INDICATORS = {
    "CC": "Control of corruption",
    "GE": "Government effectiveness",
    "PV": "Political stability",
    "RL": "Rule of law",
    "RQ": "Regulatory quality",
    "VA": "Voice and accountability",
}


def governance(record: Record, case: Case, iso3: str) -> Figure | str:
    """Six indicators in the last year that has all of them, beside the median of the world."""
    every = _estimates(record)
    own = every[every.iso3 == iso3]
    if own.empty:
        return f"No year has all six governance indicators for {name_of(record, iso3)}."
    year, above = int(own.year.iloc[0]), int((own.estimate > own.world_median).sum())
    meaning = meaning_of(record, case, iso3)
    values = ", ".join(f"{row.name} {_signed(row.estimate)}" for row in own.itertuples(index=False))
    return Figure(
        key="governance",
        finding=f"Above the median of the world in {_of_six(above)} indicators",
        basis=f"Governance, estimates from about −2.5, worst, to 2.5, best, {year}.",
        rows=own.drop(columns=["indicator", "iso3"]),
        columns={
            "name": "Indicator",
            "estimate": "Estimate",
            "world_median": "World median",
            "places": "Places compared",
            "year": "Year",
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
        alt=f"Dots of six governance indicators of {name_of(record, iso3)} in {year}: {values}.",
        legend=(MEANINGS[meaning], "**┃**&nbsp;Median of the world"),
        note=f"{year} is the last year with all six; a later year with political stability alone is left out.",
    )


@cache
def _estimates(record: Record) -> pd.DataFrame:
    """Estimates of every country with the names of the indicators, in their order."""
    rows = session.query("country_governance")
    return rows.assign(name=rows.indicator.map(INDICATORS)).sort_values(["iso3", "name"], ignore_index=True)


def _of_six(number: int) -> str:
    return "all six" if number == len(INDICATORS) else f"{words.count(number)} of {words.count(len(INDICATORS))}"


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "−").replace("−0.0", "0.0")


@cache
def governance_dots(dark: bool) -> dict[str, Any]:
    """Chart of indicators: a dot for the country, a tick for the median of the world."""
    colours = theme.palette(dark)
    scale = alt.Scale(domain=[-3, 2.6], nice=False, zero=False)
    axis = alt.Axis(values=[-2, -1, 0, 1, 2], title=None, grid=True, format="d")
    base = alt.Chart().encode(y=alt.Y("label:N", sort="ascending", title=None, axis=alt.Axis(labelLimit=230)))
    tooltip = [
        alt.Tooltip("label:N", title="Indicator"),
        alt.Tooltip("text:N", title="Estimate"),
        alt.Tooltip("median_words:N", title="World median"),
        alt.Tooltip("year:Q", title="Year", format="d"),
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
