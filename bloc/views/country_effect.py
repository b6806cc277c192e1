"""What one country changes about the bloc, in words, and the button that does it."""

from dataclasses import dataclass

import streamlit as st

from bloc import words
from bloc.briefing import NOTABLE, Case, name_of
from bloc.data import Record
from bloc.places import spread
from bloc.settings import Settings
from bloc.views import controls, notes, session
from bloc.views.country import world_shares
from bloc.views.overview import View

MOST_MOVED = 3


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
            "Counts with its state",
            f"{words.capital(name)} is in the bloc with {name_of(record, record.parents[iso3])}, since territories "
            "count with their states in this scenario.",
            "",
        )
    text = " ".join(filter(None, [_points(record, iso3, inside), _movements(now, other, inside, name)]))
    verb = "lose without" if inside else "gain with"
    return Effect(f"What the bloc would {verb} {name}", text, "Leave out" if inside else "Invite")


def _points(record: Record, iso3: str, inside: bool) -> str:
    """Points of world output it adds on average, and where most."""
    average, name = 100 * record.output_rank.get(iso3, 0.0), words.capital(name_of(record, iso3))
    made = world_shares(record)[lambda rows: (rows.iso3 == iso3) & (rows.quantity > 0)]
    if made.empty:
        return f"{name} has no recorded output, so it {'takes' if inside else 'brings'} none with it."
    best = made.loc[made.share.idxmax()]
    most = f"{record.product_sentence_names[best['product']]}, {words.STAGE[best.stage]}"
    size = f"{average:.1f}" if average >= 0.05 else "less than 0.1"
    verb = "would take away" if inside else "would add"
    return (
        f"{name} {verb} {size} {words.plural('point', 1 if size == '1.0' else 2)} of world output on average over all "
        f"materials, most of all in {most}: {words.percent(best.share)} of the world."
    )


def _movements(now: Case, other: Case, inside: bool, name: str) -> str:
    """The materials whose coverage of need moves most; need moves with the members, so that coverage can fall."""
    change = (other.rows.coverage - now.rows.coverage).dropna()
    moved = change[change.abs() > NOTABLE]
    if moved.empty:
        return f"{'Without' if inside else 'With'} it no coverage of need would move by more than half a point."
    largest = moved.abs().sort_values(ascending=False, kind="stable").index[:MOST_MOVED]
    parts = []
    for at in largest:
        row = now.rows.loc[at]
        stage = "mined" if row.side == "mined" else "refined"
        moves = f"from {words.percent(row.coverage)} to {words.percent(other.rows.coverage[at])}"
        parts.append(f"**{row.in_sentence}**, {stage}, {moves}")
    falls = not inside and (moved[largest] < 0).any()
    reason = "; need grows with the members" if falls else ""
    return f"The share of need that is met would move most for {'; '.join(parts)}{reason}."
