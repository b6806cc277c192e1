"""History of a mineral: who supplied it year by year."""

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from bloc import words
from bloc.data import Record
from bloc.language import mark, per_language, recorded, said, say
from bloc.views import charts, notes, session, supply, theme
from bloc.views.figure import Figure
from bloc.views.overview import View
from bloc.views.supply import Sides

# Outsiders drawn on their own, countries named for one year.
OUTSIDERS, TOP = 4, 3
HEIGHT = 230
# Share of the world with which a country that enters or leaves the list breaks the series.
BREAK = 0.2
# Part of the height from which a band is labelled, and room for the labels, as a part of the span of years.
LABELLED, ROOM = 0.05, 0.42
STEP_SECONDS = 0.8
PLAYING, PLAYED = "history_playing", "history_year"
FACES = {"shares": mark("Shares"), "amounts": mark("Amounts")}
# Order of the bands that are no country, bottom up: the outsiders drawn on their own are numbered from 1.
BLOC, OTHERS, UNNAMED = 0, 8, 9
TONNES = {"t": 1.0, "kt": 1e3, "kg": 1e-3}
ALT = {
    "mine": mark("Stacked bars by year, {first_year} to {last_year}, of {product} mined, by group of countries."),
    "smelter": mark("Stacked bars by year, {first_year} to {last_year}, of {product} smelted, by group of countries."),
    "refinery": mark("Stacked bars by year, {first_year} to {last_year}, of {product} refined, by group of countries."),
}
# Headings by stage: with the share of the largest supplier at the start, without one, and without any supplier.
THEN_AND_NOW = {
    "mine": mark("{country} mined {share} of {product} in {year}, {former_share} in {former_year}"),
    "smelter": mark("{country} smelted {share} of {product} in {year}, {former_share} in {former_year}"),
    "refinery": mark("{country} refined {share} of {product} in {year}, {former_share} in {former_year}"),
}
NOW_ALONE = {
    "mine": mark("{country} mined {share} of {product} in {year}, not listed in {former_year}"),
    "smelter": mark("{country} smelted {share} of {product} in {year}, not listed in {former_year}"),
    "refinery": mark("{country} refined {share} of {product} in {year}, not listed in {former_year}"),
}
NOBODY = {
    "mine": mark("No country is listed for {product} mined in {year}"),
    "smelter": mark("No country is listed for {product} smelted in {year}"),
    "refinery": mark("No country is listed for {product} refined in {year}"),
}


def draw(view: View, mineral: str) -> None:
    """Draw the history of a mineral with its year and the button that plays it."""
    if _lists(view.record, mineral):
        every = STEP_SECONDS if st.session_state.get(PLAYING) else None
        st.fragment(session.spoken(_play), run_every=every)(supply.sides(view), mineral)
    else:
        notes.note(say("No publication gives this mineral over several years by country."))


@lru_cache(maxsize=supply.KEPT)
def _lists(record: Record, mineral: str) -> list[pd.DataFrame]:
    products = record.products["product"][record.products.mineral == mineral]
    rows = {product: session.query("supply_history", product=product) for product in products}
    return [one for product in products for one in stages(rows[product].assign(product=product))]


@lru_cache(maxsize=supply.KEPT)
def _histories(sides: Sides, mineral: str, amounts: bool) -> list[Figure]:
    return [history(sides, one, amounts) for one in _lists(sides.record, mineral)]


def stages(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Rows of a product by stage, those with more than one year of history."""
    order = sorted(set(rows.stage), key=["mine", "smelter", "refinery"].index)
    found = [rows[rows.stage == stage] for stage in order]
    return [one for one in found if one.year[~one.later].nunique() > 1]


def _play(sides: Sides, mineral: str) -> None:
    """The year and face of the histories and their pictures; while it plays, each run is one year on."""
    years = sorted({int(year) for one in _lists(sides.record, mineral) for year in one.year.unique()})
    texts = [str(year) for year in years]
    key, playing = session.choice_key("year"), bool(st.session_state.get(PLAYING))
    if playing:
        year = min((each for each in years if each > st.session_state[PLAYED]), default=None)
        if year is None:
            _stop(key, texts[-1])
        st.session_state[PLAYED] = year
        st.session_state[key] = str(year)
    else:
        year = int(session.choice("year", texts, texts[-1]))
    face = session.choice("history", FACES, "shares")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.select_slider(say("Year"), texts, key=key, disabled=playing)
        if st.button(say("Stop") if playing else say("Play"), key="history_play", help=say("Step through the years")):
            if playing:
                _stop(key, str(year))
            first = year == years[-1]
            st.session_state[PLAYING], st.session_state[PLAYED] = True, years[0] - 1 if first else year
            st.rerun()
        st.segmented_control(
            say("History as"), list(FACES), format_func=said(FACES).__getitem__, key=session.choice_key("history")
        )
    drawn = _histories(sides, mineral, face == "amounts")
    supply.lay_out([at_year(sides.record, figure, int(year or years[-1])) for figure in drawn])


def _stop(key: str, year: str) -> None:
    st.session_state[PLAYING] = False
    # The widget is set before it is drawn again: its key cannot be written after it.
    st.session_state.setdefault("held", {})["year"] = year
    st.rerun()


# History.


def history(sides: Sides, rows: pd.DataFrame, amounts: bool) -> Figure:
    """History of a product at a stage: the bloc, the largest outsiders, the others, year by year."""
    record = sides.record
    rows = _grouped(record, rows, sides.members)
    own = rows[~rows.later]
    first, last = int(own.year.min()), int(own.year.max())
    head = own.iloc[0]
    name = record.product_sentence_names[head["product"]]
    factor, unit = _scale(float(rows.world.max()), str(head.unit))
    span = {"first_year": first, "last_year": last}
    drawn = _bands(rows, factor if amounts else None, sides.withholding)
    return Figure(
        key=f"history_{head['product']}_{head.stage}",
        finding=_finding(record, own, name, first, last),
        basis=say(
            "{stage}, {form}, {basis}, {first_year} to {last_year}; {unit}.",
            stage=say(supply.STAGE_TITLES[head.stage]),
            form=recorded(head.form),
            basis=recorded(head.basis),
            unit=unit if amounts else say("share of the world"),
            **span,
        ),
        rows=rows,
        columns={
            "iso3": say("Country"),
            "year": say("Year"),
            "quantity_words": supply.quantity_title(head.stage, head.unit),
            "share_words": say("Share of the world"),
            "group": say("Drawn as"),
            "remark": say("Remark"),
        },
        drawn=pd.concat([drawn, _rules(rows)], ignore_index=True),
        spec=partial(history_chart, first=first, last=int(rows.year.max()), amounts=amounts),
        alt=say(ALT[head.stage], product=name, **span),
        legend=(*supply.legend(), f"**┃**&nbsp;{say('Year chosen')}"),
        note=_note(record, rows, last),
        leads=supply.TO_COUNTRY,
    )


def at_year(record: Record, figure: Figure, year: int) -> Figure:
    """A history with one of its years marked and its largest suppliers said; a year outside is the nearest."""
    years = figure.rows.year
    year = max(int(years.min()), min(year, int(years.max())))
    leaders = _leaders(record, figure.rows, year)
    chosen = pd.DataFrame({"kind": ["chosen"], "x": [float(year)]})
    return replace(
        figure,
        basis=f"{figure.basis} {leaders}",
        alt=f"{figure.alt} {leaders}",
        drawn=pd.concat([figure.drawn, chosen], ignore_index=True),
    )


def _grouped(record: Record, rows: pd.DataFrame, members: Collection[str]) -> pd.DataFrame:
    """Rows with their share and the band they are drawn in; the same bands before and after a change of source."""
    rows = _in_one_unit(rows).assign(share=rows.quantity / rows.world, member=rows.iso3.isin(members))
    outside = rows[~rows.member & ~rows.later]
    largest = (outside.groupby("iso3").share.sum() / outside.year.nunique()).sort_values(ascending=False, kind="stable")
    named = list(largest.index[:OUTSIDERS])
    place = {iso3: 1 + at for at, iso3 in enumerate(named)}
    order = [BLOC if member else place.get(iso3, OTHERS) for member, iso3 in zip(rows.member, rows.iso3, strict=True)]
    called = {BLOC: say("The bloc"), OTHERS: say("Other countries")}
    called |= {at: record.names[iso3] for iso3, at in place.items()}
    undisclosed = say("not disclosed")
    return rows.assign(
        group=[called[each] for each in order],
        order=order,
        quantity_words=[_quantity(each) if each == each else undisclosed for each in rows.quantity],
        share_words=[words.percent(each) if each == each else undisclosed for each in rows.share],
        remark=supply.remarks(rows.qualifier),
    )


def _quantity(quantity: float) -> str:
    return words.number(quantity, ",.4g" if quantity < 100 else ",.0f")


def _in_one_unit(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in the unit of the history, also those of the later source."""
    unit = str(rows.unit[~rows.later].iloc[0])
    if set(rows.unit) == {unit}:
        return rows
    factor = rows.unit.map(TONNES) / TONNES[unit]
    return rows.assign(quantity=rows.quantity * factor, world=rows.world * factor, unit=unit)


def _scale(largest: float, unit: str) -> tuple[float, str]:
    """Factor from the unit of a series to the one of the axis, and its name."""
    if unit not in TONNES:
        return 1.0, supply.unit_in_words(unit)
    tonnes = TONNES[unit]
    if largest * tonnes >= 1e6:
        return tonnes / 1e6, say("million t")
    if largest * tonnes >= 1e4:
        return tonnes / 1e3, say("thousand t")
    return tonnes, "t"


def _bands(rows: pd.DataFrame, factor: float | None, withholding: frozenset[str]) -> pd.DataFrame:
    """Rectangles of the chart, bottom up within each year, and the labels at the end of the history."""
    summed = rows.groupby(["year", "later", "group", "order"], as_index=False).agg(
        quantity=("quantity", "sum"), world=("world", "first"), unit=("unit", "first"), iso3=("iso3", "first")
    )
    gap = summed.groupby(["year", "later"], as_index=False).agg(
        listed=("quantity", "sum"), world=("world", "first"), unit=("unit", "first")
    )
    gap = gap.assign(quantity=gap.world - gap.listed, group=say("Not itemised"), order=UNNAMED)
    summed = pd.concat([summed, gap[gap.quantity > 0.0005 * gap.world]], ignore_index=True)
    summed = summed.sort_values(["year", "order"], ignore_index=True)
    summed["size"] = summed.quantity * factor if factor is not None else summed.quantity / summed.world
    top = summed.groupby("year")["size"].cumsum()
    bars = pd.DataFrame(
        {
            "kind": "bar",
            "x": summed.year,
            "left": summed.year - 0.46,
            "right": summed.year + 0.46,
            "low": top - summed["size"],
            "high": top,
            "group": summed.group,
            "meaning": [_meaning(*each, withholding) for each in zip(summed.order, summed.iso3, strict=True)],
            "fade": [_fade(*each) for each in zip(summed.order, summed.later, strict=True)],
            "text": [words.percent(each) for each in summed.quantity / summed.world],
            "amount": [supply.amount(*each) for each in zip(summed.quantity, summed.unit, strict=True)],
        }
    )
    ends = bars[(bars.x == bars.x.max()) & (bars.high - bars.low > LABELLED * float(top.max()))]
    return pd.concat([bars, ends.assign(kind="label", high=(ends.low + ends.high) / 2)], ignore_index=True)


def _meaning(order: int, iso3: str, withholding: Collection[str]) -> str:
    """Meaning of a band: `iso3` is its country, one of several in a band of more."""
    if order in (BLOC, UNNAMED):
        return "member" if order == BLOC else "unnamed"
    return "restricting" if order != OTHERS and iso3 in withholding else "outside"


def _fade(order: int, later: bool) -> float:
    """Opacity: outsiders paler in their order, so that neighbours differ; the other source paler still."""
    shade = 1.0 if order < 2 or order == UNNAMED else max(0.4, 1.15 - 0.17 * order)
    return round(shade * (0.6 if later else 1.0), 2)


def _rules(rows: pd.DataFrame) -> pd.DataFrame:
    """Between which two years it changes whom or what is counted."""
    own = rows[~rows.later]
    at = {float(each) - 0.5 for _, each, _ in _breaks(own)}
    if rows.later.any():
        at.add(float(own.year.max()) + 0.5)
    return pd.DataFrame({"kind": "break", "x": sorted(at)})


def _breaks(own: pd.DataFrame) -> list[tuple[str, int, bool]]:
    """Countries that enter (True) or leave the list with much of the world, and the first year it is so."""
    listed = own[own.quantity.notna()].sort_values(["iso3", "year"])
    begins, ends = listed.drop_duplicates("iso3"), listed.drop_duplicates("iso3", keep="last")
    entered = begins[(begins.share >= BREAK) & (begins.year > own.year.min())]
    left = ends[(ends.share >= BREAK) & (ends.year < own.year.max())]
    found = [(str(iso3), int(year), True) for iso3, year in zip(entered.iso3, entered.year, strict=True)]
    found += [(str(iso3), int(year) + 1, False) for iso3, year in zip(left.iso3, left.year, strict=True)]
    return sorted(found, key=lambda each: (each[1], each[0]))


def _leaders(record: Record, rows: pd.DataFrame, year: int) -> str:
    """Largest suppliers of a year in words."""
    here = rows[(rows.year == year) & (rows.quantity > 0)]
    top = here.sort_values(["quantity", "iso3"], ascending=[False, True]).head(TOP)
    if top.empty:
        return say("{year}: no country with a figure.", year=year)
    shares = [f"{record.names[row.iso3]} {words.percent(row.share)}" for row in top.itertuples()]
    return f"{year}: {', '.join(shares)}."


def _finding(record: Record, own: pd.DataFrame, name: str, first: int, last: int) -> str:
    """Largest supplier of the last year, then and at the start."""
    now = own[(own.year == last) & (own.quantity > 0)].sort_values(["quantity", "iso3"], ascending=[False, True])
    stage = own.stage.iloc[0]
    if now.empty:
        return say(NOBODY[stage], product=name, year=last)
    leader = now.iloc[0]
    then = own[(own.year == first) & (own.iso3 == leader.iso3)].share
    values = {
        "country": record.sentence_names[leader.iso3],
        "share": words.percent(float(leader.share)),
        "product": name,
        "year": last,
        "former_year": first,
    }
    if then.notna().any():
        return words.capital(say(THEN_AND_NOW[stage], former_share=words.percent(float(then.iloc[0])), **values))
    return words.capital(say(NOW_ALONE[stage], **values))


def _note(record: Record, rows: pd.DataFrame, last: int) -> str:
    own, later = rows[~rows.later], rows[rows.later]
    parts = [*_about_world(own), _former_states(record, own), _changes(record, own), _missing_years(own, last)]
    return " ".join(filter(None, [*parts, _other_source(later)]))


def _about_world(own: pd.DataFrame) -> list[str]:
    """Note of the publication, and that its world is a sum unless the note says so."""
    note = own.note.iloc[0]
    parts = [recorded(note)]
    if (own.derivation == "sum of listed").any() and "sum of the countries" not in str(note):
        parts.append(say("The world is the sum of the countries listed, so a missing producer raises every share."))
    return parts


def _former_states(record: Record, own: pd.DataFrame) -> str:
    kinds = dict(zip(record.countries.iso3, record.countries.kind, strict=True))
    gone = own[own.iso3.map(kinds) == "former"].groupby("iso3").year.max()
    if gone.empty:
        return ""
    states = [say("{state} to {year}", state=record.names[str(iso3)], year=year) for iso3, year in gone.items()]
    return say("Former states stand under their names, never in the bloc: {states}.", states=words.listing(states, 6))


def _changes(record: Record, own: pd.DataFrame) -> str:
    changes = [
        say("{country} is listed from {year}", country=record.names[iso3], year=year)
        if enters
        else say("{country} is no longer listed from {year}", country=record.names[iso3], year=year)
        for iso3, year, enters in _breaks(own)
    ]
    if not changes:
        return ""
    return say("Dashed, shares before and after do not compare: {changes}.", changes=words.listing(changes))


def _missing_years(own: pd.DataFrame, last: int) -> str:
    missing = sorted(set(range(int(own.year.min()), last + 1)) - set(own.year))
    return say("No figures for {years}.", years=words.listing([str(each) for each in missing])) if missing else ""


def _other_source(later: pd.DataFrame) -> str:
    if later.empty:
        return ""
    head = later.iloc[0]
    return say(
        "Paler, after a dashed rule: another source from {year} ({form}, {basis}), not joined to the history.",
        year=int(later.year.min()),
        form=recorded(head.form),
        basis=recorded(head.basis),
    )


@per_language()
def history_chart(dark: bool, first: int, last: int, amounts: bool) -> dict[str, Any]:
    """Chart of _bands: rectangles, so that a year without figures is empty and two sources never join."""
    colours = theme.palette(dark)
    meanings = theme.meanings(colours)
    span = last - first + 1
    step = max(1, span // 5)
    years = alt.Axis(values=list(range(first, last + 1, step)), format="d", title=None, grid=False)
    x = alt.Scale(domain=[first - 0.5, last + 0.5 + ROOM * span], nice=False)
    if amounts:
        y = alt.Y("low:Q", title=None, axis=alt.Axis(tickCount=4))
    else:
        y = alt.Y("low:Q", title=None, axis=alt.Axis(tickCount=4, format=".0%"), scale=alt.Scale(domain=[0, 1]))
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    tooltip = [
        alt.Tooltip("group:N", title=say("Supplier")),
        alt.Tooltip("x:Q", title=say("Year"), format="d"),
        alt.Tooltip("text:N", title=say("Share of the world")),
        alt.Tooltip("amount:N", title=say("Output")),
    ]
    base = alt.Chart()
    bars = (
        base.transform_filter("datum.kind === 'bar'")
        .mark_rect(stroke=colours.ground, strokeWidth=0.5)
        .encode(
            x=alt.X("left:Q", scale=x, axis=years),
            x2="right:Q",
            y=y,
            y2="high:Q",
            color=fill,
            opacity=alt.Opacity("fade:Q", scale=None),
            tooltip=tooltip,
        )
    )
    names = (
        base.transform_filter("datum.kind === 'label'")
        .mark_text(align="left", dx=4, limit=150)
        .encode(x=alt.X("right:Q", scale=x), y="high:Q", text="group:N")
    )
    rule = (
        base.transform_filter("datum.kind === 'chosen'")
        .mark_rule(color=colours.ink, strokeWidth=2)
        .encode(x=alt.X("x:Q", scale=x))
    )
    breaks = (
        base.transform_filter("datum.kind === 'break'")
        .mark_rule(color=colours.muted, strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x=alt.X("x:Q", scale=x))
    )
    return charts.finished(alt.layer(bars, names, breaks, rule).properties(height=HEIGHT), dark)
