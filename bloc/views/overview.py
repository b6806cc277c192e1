"""The pieces of the first screen, each a frame drawn with its heading, legend and note."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from bloc import briefing, words
from bloc.briefing import Case
from bloc.data import Record
from bloc.language import mark, said, say, say_many
from bloc.link import baseline_settings
from bloc.outcome import evaluate, restricting
from bloc.places import spread
from bloc.scenario import Scenario
from bloc.settings import AS_IT_STANDS, SAME_MEMBERS, Settings
from bloc.summary import average_shares, of_members, standing
from bloc.text import csv_text
from bloc.views import charts, controls, live, maps, notes, session
from bloc.views.figure import Figure, clickable, files, follow
from bloc.views.notes import prose

# How long a replay shows what was before. [s]
REPLAY_SECONDS = 0.9
SHARE_LABEL = mark("of world refining, average over materials")
MAP_NOTE = mark(
    "Average over the refined materials, each in its latest year. Output counts where it is made, whoever owns it. "
    "Boundaries as Natural Earth draws them, as controlled on the ground."
)
NEED_NOTE = mark(
    "Need is world output times the members’ share of world use in 2024; a bar says on hover how that is known. "
    "* Use by country is not known: their share of world GDP instead, a yardstick."
)
# Where a click on the map leaves what it has to say.
SAID = "map_said"
# Countries offered for an invitation.
MOST_INVITED = 4


@dataclass(frozen=True, eq=False)
class View:
    """What the first screen shows: the baseline and the scenario, and how."""

    record: Record
    settings: Settings
    replay: bool
    before: Case
    after: Case
    dark: bool
    phone: bool


def prepare(shown: controls.Shown) -> View:
    """Evaluate the baseline and the scenario of what is shown."""
    record, settings = session.record(), shown.settings
    suppliers = spread([settings.supplier], record.union)
    return View(
        record=record,
        settings=settings,
        replay=shown.replay,
        before=session.case_of(baseline_settings(settings, record), suppliers),
        after=session.case_of(settings, suppliers),
        dark=session.is_dark(),
        phone=session.is_phone(),
    )


@st.fragment
@session.spoken
def live_body(draw: Callable[[View], None]) -> None:
    """Draw the part of a page that follows a slider while it is dragged, without the composer around it.

    A change that comes from inside, a click on the map, is a change of the composer: the whole page runs again.
    """
    if controls.pending():
        st.rerun()
    live.companion()
    view = prepare(controls.dragged(st.session_state["shown"]))
    draw(view)
    if view.replay:
        time.sleep(REPLAY_SECONDS)
        st.rerun()


def first_screen(view: View) -> None:
    """Four numbers, the map with what happened beside the ranking."""
    cards(view)
    left, right = st.container(key="pair").columns([1.5, 1], gap="large")
    with left:
        world(view)
        st.header(say("What you changed, what happened"), anchor=False)
        st.markdown(prose(briefing.paragraph(view.record, view.before, view.after)))
        invitations(view)
    with right:
        ranking(view)


def head(view: View, finding: str) -> None:
    """Finding and assumption line, and what a link asked for and could not have."""
    st.title(finding, anchor=False)
    members = words.capital(briefing.members_in_words(view.record, view.after.members))
    standing = say("{members}. Baseline: {baseline}.", members=members, baseline=_baseline(view))
    notes.note(" ".join(filter(None, [standing, briefing.need_basis(view.after)])))
    notes.problems(st.session_state.pop(session.PROBLEMS, []))


def _baseline(view: View) -> str:
    presets = view.record.presets
    members = say_many(len(view.before.members), "{number} country", "{number} countries")
    if view.settings.baseline == SAME_MEMBERS:
        return say("the same members, nothing withheld")
    if view.settings.baseline == AS_IT_STANDS:
        return say("{bloc} as it stands, nothing withheld", bloc=presets[view.settings.preset])
    if view.settings.baseline in presets:
        return say("{bloc}, {members}, nothing withheld", bloc=presets[view.settings.baseline], members=members)
    return say("the scenario held, {members}", members=members)


def cards(view: View) -> None:
    """The four numbers."""
    notes.cards(view.record, view.before, view.after, view.record.names[view.settings.supplier], view.phone)


def world(view: View) -> None:
    """The map: who is in, who stands near, who restricts, and who refines how much."""
    st.header(_refining(view), anchor=False)
    notes.legend([*said(notes.LEGEND).values(), say("◯&nbsp;Share of refining")])
    withholding = restricting(view.record, view.after.scenario)
    size = maps.PHONE if view.phone else maps.WIDE
    deck, style, text = _drawn_map(view.record, view.after.members, withholding, view.dark, size)
    st.html(style + maps.hover_names(session.places()))
    st.pydeck_chart(deck, height=size.height, key="world", selection_mode="multi-object", on_select=_toggle, alt=text)
    notes.note(say("Click a country to put it in or out. {note}", note=say(MAP_NOTE)))
    if told := st.session_state.pop(SAID, ""):
        st.toast(notes.plain(told), duration="long")
    files("map", lambda: csv_text(map_figure(view).rows), lambda: map_figure(view).chart(view.record))


@lru_cache(maxsize=32)
def _drawn_map(
    record: Record, members: frozenset[str], withholding: frozenset[str], dark: bool, size: maps.View
) -> tuple[maps.CompactDeck, str, str]:
    """The map, the style of its hover texts and its text: how much is withheld changes none of them."""
    shares, status = average_shares(record), _statuses(record, members, withholding)
    deck = maps.world_map(session.places(), status, shares, say(SHARE_LABEL), dark, size)
    ties = standing(record)
    return deck, maps.hover_style(status, ties), maps.map_summary(status, record.names, shares, say(SHARE_LABEL))


def _statuses(record: Record, members: frozenset[str], withholding: frozenset[str]) -> dict[str, str]:
    return maps.statuses(session.places(), members, frozenset(standing(record)) - members, withholding)


def _refining(view: View) -> str:
    shares = average_shares(view.record)
    largest = max(shares, key=lambda iso3: shares[iso3])
    bloc = sum(shares[iso3] for iso3 in view.after.members)
    return words.capital(
        say(
            "{country} refines {share} of the average material, the bloc {bloc}",
            country=view.record.sentence_names[largest],
            share=words.percent(shares[largest]),
            bloc=words.percent(bloc),
        )
    )


def map_figure(view: View) -> Figure:
    """The map as a file wants it: a row per country with its status and its share of refining."""
    record = view.record
    status = _statuses(record, view.after.members, restricting(record, view.after.scenario))
    places = record.countries[record.countries.iso3.isin(list(status))]
    drawn = places[["iso3", "lon", "lat", "small"]].assign(
        status=places.iso3.map(status), share=places.iso3.map(average_shares(record)).fillna(0.0)
    )
    rows = drawn[["iso3", "share"]].assign(
        country=places["name"], status=[say(maps.STATUS_WORDS[status[code]]) for code in drawn.iso3]
    )
    refined = record.series[record.series.stage != "mine"]
    return Figure(
        key="map",
        finding=_refining(view),
        basis=say(
            "Share of world refining, average over {number} materials, each in its latest year", number=len(refined)
        ),
        rows=rows,
        columns={"iso3": say("Country"), "status": say("Status"), "share": say("Share of refining")},
        drawn=drawn,
        spec=charts.world_spec,
        alt=maps.map_summary(status, record.names, average_shares(record), say(SHARE_LABEL)),
        note=say(MAP_NOTE),
        sources=tuple(refined.source_id),
    )


def ranking_figure(view: View) -> Figure:
    """The ranking as a file wants it: a row per material and stage."""
    drawn, text = _ranking(view.record, view.before.members, view.after.members)
    rows = view.after.rows.assign(
        side=[say(words.SIDE[side]) for side in view.after.rows.side],
        baseline=view.before.rows.coverage,
        need=charts.need_words(view.after.rows.need_rule),
    )
    years = rows.year
    return Figure(
        key="coverage",
        finding=briefing.finding(view.after),
        basis=say(
            "Share of need met, bar: scenario, tick: baseline; {first} to {last}", first=years.min(), last=years.max()
        ),
        rows=rows[["label", "side", "year", "baseline", "coverage", "coverage_high", "undisclosed_members", "need"]],
        columns={
            "label": say("Material"),
            "side": say("Stage"),
            "year": say("Year"),
            "coverage": say("Share of need met"),
            "need": say("Need"),
        },
        drawn=drawn,
        spec=charts.coverage_spec,
        alt=text,
        note=say(NEED_NOTE),
        sources=tuple(view.record.series.source_id),
    )


@session.spoken
def _toggle() -> None:
    """Put in or out what this selection has and the last had not, or the other way round."""
    picked = _picked(st.session_state["world"].selection)
    changed = picked ^ st.session_state.get("picked", frozenset())
    st.session_state["picked"] = picked
    settings: Settings = st.session_state[session.SETTINGS]
    # A click on the sea clears the whole selection: that is no wish about any country.
    if len(changed) == 1:
        iso3 = next(iter(changed))
        if told := bound(session.record(), settings, iso3):
            st.session_state[SAID] = told
        else:
            controls.change(settings.toggled(iso3, session.record()))


def bound(record: Record, settings: Settings, iso3: str) -> str:
    """Why a click would not put a territory out: it counts with its state. Empty where a click does something."""
    scenario = settings.scenario(record)
    state = record.parents.get(iso3)
    if not scenario.territories or state not in spread(scenario.members, record.union):
        return ""
    return words.capital(
        say(
            "{territory} counts with {state} while territories count with their states. "
            "Switch that off under More measures to choose it alone.",
            territory=record.sentence_names[iso3],
            state=record.sentence_names[state],
        )
    )


def _picked(selection: Any) -> frozenset[str]:
    """Codes of the countries in a selection, whichever layer they were clicked on."""
    known = session.record().known
    found = set()
    for objects in selection["objects"].values():
        for each in objects:
            code = each.get("iso3") or each.get("properties", {}).get("iso3")
            if code in known:
                found.add(code)
    return frozenset(found)


def invitations(view: View) -> None:
    """Who outside would add most to the bloc's output, with a button to invite each."""
    offered = _offered(view.record, view.after.members, restricting(view.record, view.after.scenario))
    if not offered:
        return
    heading, lines = offered
    st.header(heading, anchor=False)
    st.markdown("\n".join(lines.values()))
    with st.container(horizontal=True, gap="small"):
        for iso3 in lines:
            label = say("Invite {country}", country=view.record.sentence_names[iso3])
            st.button(label, key=f"invite_{iso3}", on_click=_invite, args=(iso3,))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":small[:gray[{say('More about')}]]", width="content")
        for iso3 in lines:
            session.link_to_country(iso3, view.record.names[iso3])
    notes.note(
        say(
            "Average over all materials, their stages counted alike. "
            "A country that withholds in this scenario is left out."
        )
    )


@lru_cache(maxsize=64)
def _offered(record: Record, members: frozenset[str], withholding: frozenset[str]) -> tuple[str, dict[str, str]] | None:
    """Heading and a line by code for those who would add most; how much is withheld changes none of it."""
    outsiders = evaluate(record, Scenario(tuple(members))).outsiders
    outsiders = outsiders[~outsiders.iso3.isin(withholding)].head(MOST_INVITED)
    if outsiders.empty:
        return None
    first = outsiders.iloc[0]
    heading = words.capital(
        say(
            "{country} would add most: {points} of world output",
            country=record.sentence_names[first.iso3],
            points=_added(first.avg_points_by_mineral),
        )
    )
    lines = {}
    for row in outsiders.itertuples():
        series = record.series.loc[row.best_series]
        line = say(
            "**{country}**, {points}; most in {product}, {stage}: {share} of the world",
            country=words.capital(record.sentence_names[row.iso3]),
            points=_added(row.avg_points_by_mineral),
            product=record.product_sentence_names[series["product"]],
            stage=say(words.STAGE[series.stage]),
            share=words.percent(row.best_points / 100),
        )
        lines[row.iso3] = f"- {line}"
    return heading, lines


def _added(points: float) -> str:
    return say_many(points, "{number} point", "{number} points", number=words.number(points, ".1f"))


def _invite(iso3: str) -> None:
    settings: Settings = st.session_state[session.SETTINGS]
    controls.change(settings.toggled(iso3, session.record()))


def ranking(view: View) -> None:
    """Coverage of every material at both stages, weakest first."""
    years = view.after.rows.year
    heading = say("Where the bloc is short, {first} to {last}, weakest first", first=years.min(), last=years.max())
    st.header(heading, anchor=False)
    notes.legend(
        [
            say(":blue[■]&nbsp;Scenario"),
            say("**┃**&nbsp;Baseline"),
            say(":blue[░]&nbsp;Unnamed, maybe members"),
            f"{notes.plain(charts.YARDSTICK)}&nbsp;{say('Need by yardstick')}",
            say("No bar: no recorded need"),
        ]
    )
    rows, text = _sent_ranking(view.record, view.before.members, view.after.members)
    event = st.vega_lite_chart(
        None,
        charts.with_rows(charts.coverage_spec(view.dark), rows),
        key=clickable("coverage"),
        width="stretch",
        theme=None,
        alt=text,
        on_select="rerun",
    )
    follow(event, [charts.MINERAL])
    note = f"{say('Click a bar to open the page of its material.')} {say(NEED_NOTE)}"
    notes.plain_note(note + briefing.not_reliance(view.record, view.after))
    files("coverage", lambda: csv_text(ranking_figure(view).rows), lambda: ranking_figure(view).chart(view.record))


@lru_cache(maxsize=64)
def _sent_ranking(record: Record, before: frozenset[str], after: frozenset[str]) -> tuple[pa.Table, str]:
    """The ranking with its rows as they are sent, made once per bloc: that takes longer than all else of a drawing."""
    rows, text = _ranking(record, before, after)
    return pa.Table.from_pandas(rows), text


@lru_cache(maxsize=64)
def _ranking(record: Record, before: frozenset[str], after: frozenset[str]) -> tuple[pd.DataFrame, str]:
    """Rows of the ranking and its text; nothing in it depends on what is withheld."""
    rows = of_members(record, after).rows
    return charts.coverage_frame(of_members(record, before).rows, rows), _ranking_text(rows)


def _ranking_text(rows: pd.DataFrame) -> str:
    worst = rows[rows.coverage.notna()].nsmallest(5, "coverage")
    weakest = ", ".join(
        f"{row.in_sentence}, {say(words.SIDE[row.side])}, {words.percent(row.coverage)}" for row in worst.itertuples()
    )
    return say(
        "Bars of the share of need that the bloc meets, {number} in all. Weakest: {materials}.",
        number=len(rows),
        materials=weakest,
    )
