"""Two scenarios side by side: A, what is held or chosen to compare with, and B, the present one."""

from dataclasses import dataclass, replace
from functools import cached_property

import streamlit as st

from bloc import briefing, difference, link, words
from bloc.briefing import Case, name_of
from bloc.data import Record
from bloc.language import mark, said, say
from bloc.outcome import restricting
from bloc.scenario import Scenario
from bloc.settings import AS_IT_STANDS, SAME_MEMBERS, Settings
from bloc.summary import average_shares, standing
from bloc.text import csv_text
from bloc.views import compare_coverage, compare_market, controls, maps, notes, overview, session
from bloc.views.chips import baseline_label
from bloc.views.compare_market import Pair
from bloc.views.figure import Figure, files, show
from bloc.views.overview import View
from bloc.views.restrictions import countries

DEFAULT_COUNTRY = "USA"
MEMBERS = mark("the members")
BASELINE_KEY = "compare_with"
SMALL = maps.View(0.26, 268, 34, False, True)
SIDES = ("a", "b")
# What A is called behind a colon where it is no preset and no scenario held.
BASELINES = {
    AS_IT_STANDS: mark("the chosen bloc as it stands, nothing withheld"),
    SAME_MEMBERS: mark("the same members, nothing withheld"),
}


@dataclass(frozen=True, eq=False)
class Compared:
    """What the page shows: both scenarios, in what they differ, and the country asked about."""

    view: View
    held: Settings
    names: tuple[str, ...]
    iso3: str

    @property
    def record(self) -> Record:
        """The record."""
        return self.view.record

    @property
    def settings(self) -> dict[str, Settings]:
        """Settings of both."""
        return {"a": self.held, "b": self.view.settings}

    @property
    def cases(self) -> dict[str, Case]:
        """What both come to."""
        return {"a": self.view.before, "b": self.view.after}

    @cached_property
    def scenarios(self) -> tuple[Scenario, Scenario]:
        """Both with all that markets see."""
        return self.held.scenario(self.record), self.view.settings.scenario(self.record)

    @property
    def who(self) -> str:
        """The country as it reads in a sentence."""
        return name_of(self.record, self.iso3)

    def markets(self, country: str = "") -> tuple[Pair, ...]:
        """Every market either scenario moves, for a country or the members of each."""
        return compare_market.pairs(self.record, *self.scenarios, country)


def prepare(view: View) -> Compared:
    """Both scenarios of what is shown, and the country of the page."""
    record = view.record
    held = link.baseline_settings(view.settings, record)
    names = difference.apart(record, held.scenario(record), view.settings.scenario(record))
    return Compared(view, held, names, session.choice("country", countries(record), DEFAULT_COUNTRY))


def leads(compared: Compared) -> str:
    """Finding where the accounting alone says what matters most; empty where markets are to be asked."""
    if not compared.names:
        return say("A and B are the same scenario: nothing differs")
    a, b = compared.view.before, compared.view.after
    if edge := difference.without_members(a, b):
        return edge
    changes = difference.coverage(a, b)
    return difference.covers(changes) if difference.largest(changes) >= difference.LEADS else ""


def finding(compared: Compared) -> str:
    """The difference that matters most: what is covered when it moves by points, else a price, else money withheld.

    One model at a time: a change of coverage is exact, one of a price is modelled, and no rank holds both.
    """
    if leading := leads(compared):
        return leading
    a, b = compared.view.before, compared.view.after
    groups = [(say(MEMBERS), compared.markets()), (compared.who, compared.markets(compared.iso3))]
    who, found = max(groups, key=lambda each: compare_market.largest(each[1]))
    return (
        compare_market.finding(compared.record, found, who)
        or difference.covers(difference.coverage(a, b))
        or difference.withheld(a, b)
        or difference.no_number(compared.names)
    )


def head(compared: Compared, title: str) -> None:
    """Finding, in what the two differ, and what a link asked for and could not have."""
    st.title(notes.plain(title), anchor=False)
    explained = say(
        "A is what is held or chosen to compare with, B the present scenario: a change above moves B. What is covered "
        "is accounted; prices are modelled, with ranges across assumptions in brackets."
    )
    differing = difference.apart_in_words(compared.names) if compared.names else ""
    notes.plain_note(f"{differing} {explained}".lstrip())
    notes.problems(st.session_state.pop(session.PROBLEMS, []))


def choose(compared: Compared) -> None:
    """What A is, and the buttons that hold, swap, start again and forget."""
    settings = compared.view.settings
    known = list(dict.fromkeys([AS_IT_STANDS, SAME_MEMBERS, *compared.record.presets, settings.baseline]))
    if st.session_state.get(BASELINE_KEY) != settings.baseline:
        st.session_state[BASELINE_KEY] = settings.baseline
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            say("A is"),
            known,
            format_func=baseline_label(compared.record),
            key=BASELINE_KEY,
            on_change=_choose,
            width=380,
        )
        st.button(say("Hold the present one as A"), key="hold_b", on_click=_hold)
        st.button(say("Swap A and B"), key="swap", on_click=_swap, disabled=not compared.names)
        st.button(say("Start B from A"), key="start_b", on_click=_start, disabled=not compared.names)
        st.button(say("Forget A"), key="forget_a", on_click=_forget, disabled=settings.baseline == AS_IT_STANDS)
    if not compared.names:
        st.markdown(say("Change something above, and B moves away from A; or choose another A."))


def _present() -> Settings:
    present: Settings = st.session_state[session.SETTINGS]
    return present


def _choose() -> None:
    controls.change(replace(_present(), baseline=st.session_state[BASELINE_KEY]))


def _hold() -> None:
    controls.change(session.hold(_present()))


def swapped(settings: Settings, record: Record) -> Settings:
    """What was compared with becomes the scenario, and the scenario what it is compared with."""
    held = link.baseline_settings(settings, record)
    return replace(held, baseline=link.to_text(settings))


def _swap() -> None:
    controls.change(swapped(_present(), session.record()))


def _start() -> None:
    controls.change(session.hold(link.baseline_settings(_present(), session.record())))


def _forget() -> None:
    controls.change(replace(_present(), baseline=AS_IT_STANDS))


def cards(compared: Compared) -> None:
    """The four numbers, A to B, with the difference in words."""
    numbers = difference.numbers(compared.record, compared.view.before, compared.view.after)
    phone = compared.view.phone
    entries = [
        (each.label if phone else f"{each.label}, A → B", f"{each.a}{notes.ARROW}{each.b}", each.said)
        for each in numbers
    ]
    notes.draw_cards(entries, phone)


def sides(compared: Compared) -> None:
    """Both scenarios: who is in on a small map, and what is set."""
    columns = st.container(key="pair_sides").columns(2, gap="large")
    for column, side in zip(columns, SIDES, strict=True):
        with column, st.container(border=True):
            _side(compared, side)


def _side(compared: Compared, side: str) -> None:
    record, case = compared.record, compared.cases[side]
    other = "b" if side == "a" else "a"
    st.header(notes.plain(f"{side.upper()}: {_title(compared, side)}"), anchor=False)
    notes.plain_note(f"{words.capital(briefing.members_in_words(record, case.members))}.")
    lines = difference.lines(record, compared.settings[side], compared.settings[other])
    extra = "" if _named(compared) else difference.only_here(record, case.members, compared.cases[other].members)
    only = say("Only in {side}: {countries}.", side=side.upper(), countries=extra)
    listed = [f"- **{notes.plain(only)}**"] if extra else []
    listed += [f"- **{notes.plain(each.text)}**" if each.differs else f"- {notes.plain(each.text)}" for each in lines]
    st.markdown("\n".join(listed))
    if compared.names:
        notes.plain_note(say("Bold: not so in the other."))
    _map(compared, side)


def _named(compared: Compared) -> bool:
    """Whether invitations and departures, which the settings name, are all that tells the members apart."""
    names = ("preset", "confidence", "territories")
    return all(getattr(compared.held, each) == getattr(compared.view.settings, each) for each in names)


def _title(compared: Compared, side: str) -> str:
    if side == "b":
        return say("the present scenario")
    baseline = compared.view.settings.baseline
    if baseline in BASELINES:
        return say(BASELINES[baseline])
    return compared.record.presets.get(baseline) or say("the scenario held")


def _map(compared: Compared, side: str) -> None:
    """A small map of who is in; the two have texts on hover of their own."""
    record, view, case = compared.record, compared.view, compared.cases[side]
    where, ties, shares = session.places(), standing(record), average_shares(record)
    status = maps.statuses(where, case.members, frozenset(ties) - case.members, restricting(record, case.scenario))
    size = maps.PHONE if view.phone else SMALL
    label = say(overview.SHARE_LABEL)
    notes.legend(list(said(notes.LEGEND).values()))
    with st.container(key=f"map_{side}"):
        style = maps.hover_style(status, ties).replace("<style>", f"<style>.st-key-map_{side}{{")
        st.html(style.replace("</style>", "}</style>") + maps.hover_names(where))
        st.pydeck_chart(
            maps.world_map(where, status, shares, label, view.dark, size),
            height=size.height,
            key=f"deck_{side}",
            alt=maps.map_summary(status, record.names, shares, label),
        )
    files(
        f"map_{side}",
        lambda: csv_text(_map_figure(compared, side).rows),
        lambda: _map_figure(compared, side).chart(record),
    )


def _map_figure(compared: Compared, side: str) -> Figure:
    drawn = overview.map_figure(replace(compared.view, after=compared.cases[side]))
    return replace(drawn, key=f"map_{side}", finding=f"{side.upper()}: {drawn.finding}")


def coverage(compared: Compared) -> None:
    """What the bloc covers, where it changes."""
    drawn = compare_coverage.figure(compared.record, compared.view.before, compared.view.after, compared.view.phone)
    if len(drawn.rows):
        show(drawn)
    else:
        st.header(notes.plain(drawn.finding), anchor=False)
        notes.plain_note(
            say("What the bloc covers depends on its members alone; half a point is the least that is shown.")
        )


def markets(compared: Compared) -> None:
    """What markets would answer, for the members of each scenario and for one country."""
    record, known = compared.record, countries(compared.record)
    groups = [("", say(MEMBERS), compared.markets()), (compared.iso3, compared.who, compared.markets(compared.iso3))]
    if not compared.markets():
        st.header(compare_market.heading(record, (), say(MEMBERS)), anchor=False)
        return
    label, key = say("Beside the members"), session.choice_key("country")
    st.selectbox(label, list(known), format_func=known.__getitem__, key=key, width=260)
    same = "members" not in compared.names
    columns = st.container(key="pair_markets").columns([1.25, 1], gap="large")
    for column, (country, who, found) in zip(columns, groups, strict=True):
        with column:
            show(compare_market.figure(record, found, who, compared.view.phone, same, country))
            if dearer := compare_market.dearer_when_shallower(record, *compared.scenarios, found, who):
                st.markdown(notes.plain(dearer))
