"""How sure the market is of one chain: draws over all that is assumed, each assumption alone, contested figures."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from bloc import language, words
from bloc.data import Record
from bloc.language import mark, per_language, say, say_many
from bloc.market_outcome import groups
from bloc.outcome import bloc_members
from bloc.scenario import Scenario
from bloc.trials import OTHER_CHOICES
from bloc.uncertainty import DRAWS, RESULTS, Solutions, price_in_words, quantiles, ranges, swings, tornado
from bloc.uncertainty import draw as solve_draws
from bloc.views import assumptions, charts, figure, market_session, notes, session, theme
from bloc.views.figure import Figure
from bloc.views.overview import View

# Draws kept for a session: what stands beside them must be the same.
DRAWN, KEPT = "drawn", 32
# Room of a row. [px]
ROW = 34
TITLES = {
    "price": mark("Price paid"),
    "served": mark("Use served"),
    "output_t": mark("Refined output"),
    "gain_usd": mark("Money gained or lost"),
}
BY = {
    "price": mark("Price paid by {group}"),
    "served": mark("Use served by {group}"),
    "output_t": mark("Refined output by {group}"),
    "gain_usd": mark("Money gained or lost by {group}"),
}
UNMOVED = {
    "price": mark("No assumption moves the price paid"),
    "served": mark("No assumption moves the use served"),
    "output_t": mark("No assumption moves the refined output"),
    "gain_usd": mark("No assumption moves the money gained or lost"),
}
BARS = {
    "price": mark("Bars of the price paid at both ends of {number} assumptions, the widest first."),
    "served": mark("Bars of the use served at both ends of {number} assumptions, the widest first."),
    "output_t": mark("Bars of the refined output at both ends of {number} assumptions, the widest first."),
    "gain_usd": mark("Bars of the money gained or lost at both ends of {number} assumptions, the widest first."),
}
UNITS = {
    "price": mark("× base price"),
    "served": mark("% of the base year"),
    "output_t": mark("t a year"),
    "gain_usd": mark("$ m a year"),
}
BASE_YEAR = {
    "one_year": mark("base year 2024, one year to adjust"),
    "five_years": mark("base year 2024, five years to adjust"),
}
# From a result to the unit it is drawn in: percent, millions.
SCALES = {"served": 100.0, "gain_usd": 1e-6}


@dataclass(frozen=True)
class Subject:
    """What the section is about: one chain under a scenario, seen by a group of countries."""

    record: Record
    scenario: Scenario
    chain: str
    countries: frozenset[str]
    who: str

    @property
    def draws(self) -> tuple[Scenario, str, frozenset[str]]:
        """What its draws depend on."""
        return self.scenario, self.chain, self.countries


def draw_on_demand(view: View, chain: str, countries: Collection[str] | None = None, who: str = "") -> None:
    """The same behind a closed box: two dozen solutions are not for every change."""
    box = st.expander(say("How sure is this, and which assumption matters?"), key="how_sure", on_change="rerun")
    if box.open:
        with box:
            draw(view, chain, countries, who)


def draw(view: View, chain: str, countries: Collection[str] | None = None, who: str = "") -> None:
    """How sure a result of one chain is, for a group of countries; the members where none is given.

    `who` is the group as it reads inside a sentence, the bloc where it is empty.
    """
    scenario = view.settings.scenario(view.record)
    group = frozenset(countries) if countries is not None else bloc_members(view.record, scenario)
    subject = Subject(view.record, scenario, chain, group, who or say("the bloc"))
    st.header(say("How sure"), anchor=False)
    if not market_session.outcome_of(view.record, scenario, (chain,)).point.steps[0]:
        st.markdown(
            notes.plain(
                say(
                    "Nothing set here moves the market of {product}. In every draw the base year comes back.",
                    product=product_name(subject),
                )
            )
        )
        return
    _alone(subject)
    _together(subject)
    if market_session.variants(chain):
        figure.show(contested(subject))
    assumptions.lead(view.settings, say("Change what is assumed"), "how_sure")


def product_name(subject: Subject) -> str:
    """Product of the chain as it reads inside a sentence."""
    case = market_session.base_cases()[subject.chain]
    return subject.record.product_sentence_names[case.product]


# Each assumption alone.


@st.fragment
@session.spoken
def _alone(subject: Subject) -> None:
    of = session.choice("sure_of", TITLES, RESULTS[0])
    st.segmented_control(
        say("Which result"),
        list(TITLES),
        format_func=language.said(TITLES).__getitem__,
        key=session.choice_key("sure_of"),
    )
    drawn = each_alone(subject, of)
    if drawn.drawn.empty:
        st.markdown(notes.plain(unknown(subject, of)))
    else:
        figure.show(drawn)


@lru_cache(maxsize=KEPT)
def _tornado(subject: Subject) -> Solutions:
    members = bloc_members(subject.record, subject.scenario)
    case = market_session.base_cases()[subject.chain]
    return tornado(case, market_session.table(), subject.scenario, subject.record.union, members)


def each_alone(subject: Subject, of: str) -> Figure:
    """Tornado of one result: every assumption at its low and its high end, the others as they are."""
    found = _tornado(subject)
    table = swings(found, of, subject.countries)
    solved = table[table.swing.notna()]
    rows = table.assign(
        **{name: _in_unit(of, table[name]) for name in ("at_low", "at_value", "at_high", "swing")},
        assumption=[assumptions.title(subject.record, name) for name in table.name],
        origin=[_origin(subject.record, name, subject.chain) for name in table.name],
    )
    return Figure(
        key=f"alone_{of}",
        finding=_alone_finding(subject, of, solved),
        basis=say(
            "{result}, {unit}; {product}, {base_year}. Each assumption alone at the ends of its range, the others as "
            "set.",
            result=say(BY[of], group=subject.who),
            unit=_unit(of),
            product=product_name(subject),
            base_year=_base_words(subject),
        ),
        rows=rows[["assumption", "low", "value", "high", "at_low", "at_value", "at_high", "swing", "origin"]],
        columns={
            "assumption": say("Assumption"),
            "low": say("Low end"),
            "value": say("Value"),
            "high": say("High end"),
            "at_low": say("Result at the low end"),
            "at_value": say("Result as set"),
            "at_high": say("Result at the high end"),
            "swing": say("Swing"),
            "origin": say("Source of the range"),
        },
        drawn=_alone_marks(rows[rows.swing.notna()]),
        spec=tornado_bars,
        alt=say(BARS[of], number=len(solved)),
        note=_alone_note(len(table) - len(solved)),
        sources=_sources(subject),
    )


def _alone_note(unsolved: int) -> str:
    note = say("Numbers at the ends of a bar are the values assumed there. The line is the result as set.")
    if not unsolved:
        return note
    left_out = say_many(
        unsolved,
        "{number} not solved at an end and left out.",
        "{number} not solved at an end and left out.",
    )
    return f"{note} {left_out}"


def unknown(subject: Subject, of: str) -> str:
    """Why there is nothing to draw of a result."""
    return say(
        "{result}: unknown for {group}. Either it uses no {product}, or no solution was found.",
        result=say(TITLES[of]),
        group=subject.who,
        product=product_name(subject),
    )


def _alone_finding(subject: Subject, of: str, rows: pd.DataFrame) -> str:
    if rows.empty or not rows.swing.iloc[0] > 0:
        return say(UNMOVED[of])
    first = rows.iloc[0]
    low, high = sorted([first.at_low, first.at_high])
    return words.capital(
        say(
            "{assumption} matters most: {low} to {high} between its ends",
            assumption=assumptions.in_sentence(subject.record, first["name"]),
            low=said(subject, of, low),
            high=said(subject, of, high),
        )
    )


def _alone_marks(rows: pd.DataFrame) -> pd.DataFrame:
    """Bars of the tornado; the value assumed stands outside the end where it leads."""
    left_is_low = rows.at_low <= rows.at_high
    return pd.DataFrame(
        {
            "assumption": rows.assumption,
            "order": np.arange(len(rows)),
            "start": rows[["at_low", "at_high", "at_value"]].min(axis=1),
            "end": rows[["at_low", "at_high", "at_value"]].max(axis=1),
            "point": rows.at_value,
            "left": [
                words.number(row.low if low else row.high, "g")
                for row, low in zip(rows.itertuples(), left_is_low, strict=True)
            ],
            "right": [
                words.number(row.high if low else row.low, "g")
                for row, low in zip(rows.itertuples(), left_is_low, strict=True)
            ],
        }
    )


@per_language()
def tornado_bars(dark: bool) -> dict[str, Any]:
    """Chart of _alone_marks: a bar an assumption from its lowest to its highest result."""
    colours = theme.palette(dark)
    names = alt.Y(
        "assumption:N",
        sort=alt.EncodingSortField(field="order", op="min"),
        title=None,
        axis=alt.Axis(labelLimit=250),
    )
    base = alt.Chart().encode(y=names)
    scale = alt.Scale(zero=False, nice=True, padding=34)
    axis = alt.Axis(title=None, grid=True, tickCount=4, labelOverlap=True)
    x = alt.X("start:Q", scale=scale, axis=axis)
    tooltip = [
        alt.Tooltip("assumption:N", title=say("Assumption")),
        alt.Tooltip("start:Q", title=say("Lowest result"), format=",.3~g"),
        alt.Tooltip("end:Q", title=say("Highest result"), format=",.3~g"),
    ]
    layers = alt.layer(
        base.mark_bar(size=ROW - 16, color=colours.range).encode(x=x, x2="end:Q", tooltip=tooltip),
        base.mark_tick(color=colours.ink, thickness=2.5, size=ROW - 10).encode(
            x=alt.X("point:Q", scale=scale, axis=axis)
        ),
        base.mark_text(align="right", dx=-5, color=colours.muted).encode(x=x, text="left:N"),
        base.mark_text(align="left", dx=5, color=colours.muted).encode(
            x=alt.X("end:Q", scale=scale, axis=axis), text="right:N"
        ),
    )
    return charts.finished(layers.properties(height=alt.Step(ROW)), dark)


# All assumptions at once.


@st.fragment
@session.spoken
def _together(subject: Subject) -> None:
    """Draws on demand: a button, progress while they run, the figure once they have."""
    kept = st.session_state.get(DRAWN)
    if kept and kept[0] == subject.draws:
        figure.show(drawn_at_once(subject, kept[1]))
        return
    label = say("Draw all assumptions at once, {number} times", number=DRAWS)
    asked = st.button(label, key="draw_all", icon=":material/casino:")
    notes.note(say("Takes about a second. Leave it at any time."))
    if asked:
        st.session_state[DRAWN] = (subject.draws, _run(subject))
        st.rerun(scope="fragment")


def _run(subject: Subject) -> pd.DataFrame:
    """Solve the draws with progress, and keep what is shown of them."""
    members = bloc_members(subject.record, subject.scenario)
    case = market_session.base_cases()[subject.chain]
    bar = st.progress(0.0, say("Solving the draws"))
    for found in solve_draws(case, market_session.table(), subject.scenario, subject.record.union, members):
        solved = say("{number} of {total} draws solved", number=len(found), total=DRAWS)
        bar.progress(len(found) / DRAWS, solved)
    bar.empty()
    return summary(found, _tornado(subject), subject.countries)


def summary(found: Solutions, point: Solutions, countries: Collection[str]) -> pd.DataFrame:
    """Draws of each result as numbers: the result as set, the base, 5, 50 and 95 %, and what was not solved.

    `point` is a set of solutions whose last is the one as set.
    """
    base = {
        "price": 1.0,
        "served": 1.0,
        "output_t": float(
            (found.case.product_t + found.case.recycled_t)[np.isin(found.case.refiners, list(countries))].sum()
        ),
        "gain_usd": 0.0,
    }
    rows = [(of, base[of], point.result(of, countries)[-1], *quantiles(found.result(of, countries))) for of in RESULTS]
    frame = pd.DataFrame(rows, columns=["result", "base", "point", "p5", "p50", "p95"])
    return frame.assign(
        draws=len(found),
        unsolved=int((~found.converged).sum()),
        rationed=float(found.rationed(countries).mean()),
        ceiling=float(np.median(found.ceiling)),
    )


def drawn_at_once(subject: Subject, table: pd.DataFrame) -> Figure:
    """What 5, 50 and 95 % of the draws stay under, for each result."""
    known = table[table.p50.notna()]
    rows = known.assign(
        title=known.result.map(language.said(TITLES)),
        unit=known.result.map(_unit),
        as_set=[said(subject, *each) for each in zip(known.result, known.point, strict=True)],
        middle=[said(subject, *each) for each in zip(known.result, known.p50, strict=True)],
        low=[said(subject, *each) for each in zip(known.result, known.p5, strict=True)],
        high=[said(subject, *each) for each in zip(known.result, known.p95, strict=True)],
    )
    return Figure(
        key="draws",
        finding=_draws_finding(subject, table),
        basis=_draws_basis(subject, int(table.draws.iloc[0])),
        rows=_numbers(rows),
        columns={
            "title": say("Result"),
            "as_set": say("As set"),
            "low": say("5 % of draws below"),
            "middle": say("Half of draws below"),
            "high": say("95 % of draws below"),
        },
        drawn=_draw_marks(rows),
        spec=draw_bars,
        alt=" ".join(
            say(
                "{result}: {low} to {high}, middle {middle}.",
                result=row.title,
                low=row.low,
                high=row.high,
                middle=row.middle,
            )
            for row in rows.itertuples()
        ),
        note=_draws_note(subject, table),
        sources=_sources(subject),
    )


def _draws_basis(subject: Subject, draws: int) -> str:
    acting = ranges(market_session.base_cases()[subject.chain], market_session.table(), subject.scenario)
    return words.capital(
        say(
            "{product}, {group}, {base_year}; {draws} draws over {number} assumptions at once. Bar: from 5 to 95 % of "
            "the draws. Thick line: the middle. Ring: as set. Thin line: base year.",
            product=product_name(subject),
            group=subject.who,
            base_year=_base_words(subject),
            draws=draws,
            number=len(acting),
        )
    )


def _draws_note(subject: Subject, table: pd.DataFrame) -> str:
    first = table.iloc[0]
    sentences = [
        say(
            "Each row has a scale of its own. The spread is what follows from behaviour nobody has measured. It is not "
            "the chance of anything."
        )
    ]
    if first.rationed:
        sentences.append(
            say(
                "In {share} of the draws {group} is at or near rationing, where a price says little.",
                share=words.percent(first.rationed),
                group=subject.who,
            )
        )
    if first.unsolved:
        sentences.append(
            say_many(
                first.unsolved,
                "{number} draw was not solved and is left out.",
                "{number} draws were not solved and are left out.",
            )
        )
    return " ".join(sentences)


def _numbers(rows: pd.DataFrame) -> pd.DataFrame:
    """Draws in words for the table and in their unit for the file."""
    numbers = rows[["base", "point", "p5", "p50", "p95"]]
    return rows[["title", "unit", "as_set", "low", "middle", "high"]].join(
        numbers.mul(rows.result.map(SCALES).fillna(1.0), axis=0)
    )


def _draws_finding(subject: Subject, table: pd.DataFrame) -> str:
    row = table.set_index("result").loc["price"]
    if math.isnan(row.p50):
        return say("No draw leaves anything to buy")
    return say(
        "Price paid: {low} to {high} in nine draws of ten, {middle} in the middle",
        low=said(subject, "price", row.p5),
        high=said(subject, "price", row.p95),
        middle=said(subject, "price", row.p50),
    )


def _draw_marks(rows: pd.DataFrame) -> pd.DataFrame:
    """Positions of the draws, each row from its lowest to its highest mark."""
    marks = rows[["base", "point", "p5", "p50", "p95"]]
    least = marks.min(axis=1)
    width = (marks.max(axis=1) - least).where(lambda span: span > 0, 1.0)
    placed = marks.sub(least, axis=0).div(width, axis=0)
    return placed.assign(
        title=rows.title + [f" ({unit})" if unit else "" for unit in rows.unit],
        order=np.arange(len(rows)),
        text=[
            say("{middle} ({low} to {high})", middle=row.middle, low=row.low, high=row.high)
            for row in rows.itertuples()
        ],
    )


@per_language()
def draw_bars(dark: bool) -> dict[str, Any]:
    """Chart of _draw_marks: bar from 5 to 95 %, the middle, the result as set, the base year; what they say beneath."""
    colours = theme.palette(dark)
    y = alt.Y("order:O", axis=None)
    base = alt.Chart().encode(y=y)
    scale = alt.Scale(domain=[-0.02, 1.02], nice=False)

    def at(name: str) -> alt.X:
        return alt.X(f"{name}:Q", scale=scale, axis=None)

    left = alt.value(0)
    layers = alt.layer(
        base.mark_bar(size=12, color=colours.range).encode(x=at("p5"), x2="p95:Q"),
        base.mark_tick(color=colours.outside, thickness=2, size=24).encode(x=at("base")),
        base.mark_tick(color=colours.ink, thickness=3, size=18).encode(x=at("p50")),
        base.mark_point(color=colours.ink, size=80, strokeWidth=1.8).encode(x=at("point")),
        base.mark_text(align="left", dy=-22, fontWeight=600, color=colours.ink).encode(x=left, text="title:N"),
        base.mark_text(align="left", dy=22, color=colours.muted).encode(x=left, text="text:N"),
    )
    return charts.finished(layers.properties(height=alt.Step(76)), dark)


# Contested figures.


def contested(subject: Subject) -> Figure:
    """The chain and the other choices for the figure its result hangs on, side by side."""
    table = _choices(subject)
    solved = table[table.converged]
    return Figure(
        key="contested",
        finding=say(
            "One contested figure decides between {low} and {high}",
            low=said(subject, "price", solved.price.min()),
            high=said(subject, "price", solved.price.max()),
        ),
        basis=say(
            "{result}, {unit}; {product}, {base_year}. Bar: range across assumptions. Line: as set.",
            result=say(BY["price"], group=subject.who),
            unit=_unit("price"),
            product=product_name(subject),
            base_year=_base_words(subject),
        ),
        rows=table.drop(columns=["chain", "converged"]).round(3),
        columns={
            "choice": say("What is taken for true"),
            "price": say("Price, × base"),
            "price_low": say("Low"),
            "price_high": say("High"),
            "served": say("Use served, share of base"),
        },
        drawn=solved.assign(order=np.arange(len(solved))),
        spec=choice_bars,
        alt="; ".join(f"{row.choice}: {said(subject, 'price', row.price)}" for row in solved.itertuples()),
        note=say("Sources disagree on the figure. The first row is the one used on every page."),
        sources=market_session.base_cases()[subject.chain].source_ids,
    )


def _choices(subject: Subject) -> pd.DataFrame:
    found = []
    for key in (subject.chain, *market_session.variants(subject.chain)):
        outcome = market_session.outcome_of(subject.record, subject.scenario, (key,))
        row = groups(outcome, subject.countries).iloc[0]
        found.append((key, choice_words(key), row.price, row.price_low, row.price_high, row.served, row.converged))
    columns = ["chain", "choice", "price", "price_low", "price_high", "served", "converged"]
    return pd.DataFrame(found, columns=columns)


def choice_words(chain: str) -> str:
    """What another choice for a chain takes for true."""
    return words.capital(say(OTHER_CHOICES[chain])) if chain in OTHER_CHOICES else say("As used on every page")


@per_language()
def choice_bars(dark: bool) -> dict[str, Any]:
    """Chart of `contested`: range and point of the price of each choice on one scale."""
    colours = theme.palette(dark)
    base = alt.Chart().encode(
        y=alt.Y(
            "choice:N", sort=alt.EncodingSortField(field="order", op="min"), title=None, axis=alt.Axis(labelLimit=260)
        )
    )
    scale, axis = alt.Scale(type="log", nice=False), alt.Axis(title=None, tickCount=6, format="~g")
    tooltip = [
        alt.Tooltip("choice:N", title=say("Taken for true")),
        *(
            alt.Tooltip(f"{name}:Q", title=title, format=".2f")
            for name, title in (("price", say("Price")), ("price_low", say("Low")), ("price_high", say("High")))
        ),
    ]
    layers = alt.layer(
        base.mark_bar(size=ROW - 16, color=colours.range).encode(
            x=alt.X("price_low:Q", scale=scale, axis=axis), x2="price_high:Q", tooltip=tooltip
        ),
        base.mark_tick(color=colours.ink, thickness=2.5, size=ROW - 10).encode(
            x=alt.X("price:Q", scale=scale, axis=axis), tooltip=tooltip
        ),
    )
    return charts.finished(layers.properties(height=alt.Step(ROW)), dark)


# Words.


def said(subject: Subject, of: str, value: float) -> str:
    """A result in words, with its unit; a price only as far as one is said."""
    if math.isnan(value):
        return say("unknown")
    if of == "served":
        return words.percent(value)
    if of == "output_t":
        return words.tonnes(value)
    if of == "gain_usd":
        return f"−{words.short_dollars(-value)}" if value < 0 else words.short_dollars(value)
    return price_in_words(value, market_session.table().value("ceiling", subject.scenario.horizon, subject.chain))


def _in_unit(of: str, values: pd.Series) -> pd.Series:
    """Values of a result in its unit, as many digits as say something."""
    return (SCALES.get(of, 1.0) * values).round(3 if of == "price" else 2)


def _unit(of: str) -> str:
    return say(UNITS[of])


def _base_words(subject: Subject) -> str:
    return say(BASE_YEAR[subject.scenario.horizon])


def _origin(record: Record, name: str, chain: str) -> str:
    source_id = market_session.table().source(name, chain)
    return figure.citation(record, source_id) if source_id else say(assumptions.OURS)


def _sources(subject: Subject) -> tuple[str, ...]:
    """Publications behind the ranges and behind the base year of the chain."""
    known = ranges(market_session.base_cases()[subject.chain], market_session.table(), subject.scenario)
    of_ranges = (market_session.table().source(name, subject.chain) for name in known)
    return (*filter(None, of_ranges), *market_session.base_cases()[subject.chain].source_ids)
