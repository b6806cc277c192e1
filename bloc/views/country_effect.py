"""What one country changes about the bloc, in words, and the button that does it."""

from dataclasses import dataclass

import streamlit as st

from bloc import words
from bloc.briefing import NOTABLE, Case, name_of
from bloc.data import Record
from bloc.language import mark, say, say_many
from bloc.places import spread
from bloc.settings import Settings
from bloc.views import controls, notes, session
from bloc.views.country import world_shares
from bloc.views.overview import View

MOST_MOVED = 3
MOVES = {
    "mined": mark("**{product}**, mined, from {before} to {after}"),
    "refined": mark("**{product}**, refined, from {before} to {after}"),
}


@dataclass(frozen=True)
class Effect:
    """What a country changes about the bloc; `label` is that of the button, empty when there is nothing to press."""

    heading: str
    text: str
    label: str


def draw(view: View, iso3: str) -> None:
    """What the country adds to the bloc or what the bloc would lose, and the button that does it."""
    says = effect(view, iso3)
    st.header(says.heading, anchor=False)
    st.markdown(notes.prose(says.text))
    if says.label:
        st.button(says.label, key=f"change_{iso3}", on_click=_toggle, args=(iso3,), type="secondary")


def _toggle(iso3: str) -> None:
    settings: Settings = st.session_state[session.SETTINGS]
    controls.change(settings.toggled(iso3, session.record()))


def effect(view: View, iso3: str) -> Effect:
    """What follows when the country is put in, or out when it is in."""
    suppliers = spread([view.settings.supplier], view.record.union)
    other = session.case_of(view.settings.toggled(iso3, view.record), suppliers)
    return compared(view.record, iso3, view.after, other)


def compared(record: Record, iso3: str, now: Case, other: Case) -> Effect:
    """Two sentences on what the country adds or takes away, from the bloc as it is and as it would be."""
    inside, name = iso3 in now.members, name_of(record, iso3)
    if inside and iso3 in other.members:
        return Effect(
            say("Counts with its state"),
            words.capital(
                say(
                    "{territory} is in the bloc with {state}, since territories count with their states "
                    "in this scenario.",
                    territory=name,
                    state=name_of(record, record.parents[iso3]),
                )
            ),
            "",
        )
    text = f"{_points(record, iso3, inside)} {_movements(now, other, inside)}"
    if inside:
        return Effect(say("What the bloc would lose without {country}", country=name), text, say("Leave out"))
    return Effect(say("What the bloc would gain with {country}", country=name), text, say("Invite"))


def _points(record: Record, iso3: str, inside: bool) -> str:
    """Points of world output it adds on average, and where most."""
    country = name_of(record, iso3)
    made = world_shares(record)[lambda rows: (rows.iso3 == iso3) & (rows.quantity > 0)]
    if made.empty:
        return words.capital(_no_points(country, inside))
    best, points = made.loc[made.share.idxmax()], _average_points(record, iso3)
    values = {
        "country": country,
        "points": points,
        "product": record.product_sentence_names[best["product"]],
        "stage": say(words.STAGE[best.stage]),
        "share": words.percent(best.share),
    }
    if inside:
        text = say(
            "{country} would take away {points} of world output on average over all materials, most of all in "
            "{product}, {stage}: {share} of the world.",
            **values,
        )
    else:
        text = say(
            "{country} would add {points} of world output on average over all materials, most of all in "
            "{product}, {stage}: {share} of the world.",
            **values,
        )
    return words.capital(text)


def _no_points(country: str, inside: bool) -> str:
    if inside:
        return say("{country} has no recorded output, so it takes none with it.", country=country)
    return say("{country} has no recorded output, so it brings none with it.", country=country)


def _average_points(record: Record, iso3: str) -> str:
    average = 100 * record.output_rank.get(iso3, 0.0)
    if average < 0.05:
        return say("less than {number} points", number=words.number(0.1, ".1f"))
    text = words.number(average, ".1f")
    return say_many(round(average, 1), "{number} point", "{number} points", number=text)


def _movements(now: Case, other: Case, inside: bool) -> str:
    """The materials whose coverage of need moves most; need moves with the members, so that coverage can fall."""
    change = (other.rows.coverage - now.rows.coverage).dropna()
    moved = change[change.abs() > NOTABLE]
    if moved.empty:
        if inside:
            return say("Without it no coverage of need would move by more than half a point.")
        return say("With it no coverage of need would move by more than half a point.")
    largest = moved.abs().sort_values(ascending=False, kind="stable").index[:MOST_MOVED]
    moves = "; ".join(_move(now, other, at) for at in largest)
    if not inside and (moved[largest] < 0).any():
        return say(
            "The share of need that is met would move most for {moves}; need grows with the members.", moves=moves
        )
    return say("The share of need that is met would move most for {moves}.", moves=moves)


def _move(now: Case, other: Case, at: int) -> str:
    row = now.rows.loc[at]
    return say(
        MOVES[row.side],
        product=row.in_sentence,
        before=words.percent(row.coverage),
        after=words.percent(other.rows.coverage[at]),
    )
