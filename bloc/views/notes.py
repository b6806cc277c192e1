"""Words around the pictures: legend lines, notes, problems of a link, the headline cards."""

import re
from collections.abc import Sequence

import streamlit as st

from bloc import words
from bloc.briefing import Case, counted, withheld_usd
from bloc.data import Record
from bloc.language import mark, say, say_many

LEGEND = {
    "member": mark(":blue[■]&nbsp;Member"),
    "candidate": mark(":green[■]&nbsp;Outside, but attended, signed or negotiates"),
    "restricting": mark(":orange[■]&nbsp;Restricts exports"),
    "outside": mark(":yellow[■]&nbsp;Outside"),
}
ARROW = " → "


MARKUP = str.maketrans({each: f"\\{each}" for each in "\\$[]*_`<>#:~|&!"})
# What would make a line a list or the line above it a heading.
START = re.compile(r"^([ \t]*)(?:([-+=])|([0-9]+)([.)])(?=\s|$))", re.MULTILINE)


def plain(text: str) -> str:
    """Text that Markdown takes as it is: dollars are not formulas, brackets and stars not markup, no line a list."""
    return START.sub(lambda at: f"{at[1]}{at[3] or ''}\\{at[2] or at[4]}", text.translate(MARKUP))


def prose(text: str) -> str:
    """Our own Markdown with its dollar signs as they are."""
    return text.replace("$", "\\$")


def note(text: str) -> None:
    """Small muted line; not a caption, which is too pale on white."""
    st.markdown(f":small[:gray[{prose(text)}]]")


def plain_note(text: str) -> None:
    """Small muted line of text that may hold anything."""
    st.markdown(f":small[:gray[{plain(text)}]]")


def legend(parts: Sequence[str]) -> None:
    """One line of coloured squares under a heading."""
    st.markdown(f":small[{'&emsp;'.join(parts)}]")


def problems(found: Sequence[str], icon: str | None = ":material/link_off:") -> None:
    """What a link or a file asked for and could not have."""
    if found:
        st.error(plain(" ".join(found)), icon=icon)


def cards(record: Record, before: Case, after: Case, supplier: str, phone: bool) -> None:
    """Four numbers: baseline, scenario and difference in words."""
    entries = [
        (
            say("Members"),
            f"{before.summary.members}{ARROW}{after.summary.members}",
            _more_or_fewer(before.summary.members, after.summary.members),
        ),
        *(
            (
                label,
                f"{words.percent(old.average)}{ARROW}{words.percent(new.average)}",
                say(
                    "{difference}; {share} by import value",
                    difference=words.points(old.average, new.average),
                    share=words.percent(new.weighted),
                ),
            )
            for label, old, new in (
                (say("Mined, % of need, average"), before.summary.mined, after.summary.mined),
                (say("Refined, % of need, average"), before.summary.refined, after.summary.refined),
            )
        ),
        (
            say(
                "Withheld by {supplier}, {year} prices",
                supplier=supplier,
                year=after.summary.trade_year or say("year unknown"),
            ),
            f"{counted(withheld_usd(record, before))}{ARROW}{counted(withheld_usd(record, after))}",
            say("of {amount} bought a year", amount=words.short_dollars(after.summary.bought_from_suppliers_usd)),
        ),
    ]
    draw_cards(entries, phone)


def draw_cards(entries: Sequence[tuple[str, str, str]], phone: bool) -> None:
    """Four numbers in a row, each a label, a value and what is said of it; two by two on a phone."""
    if phone:
        with st.container(horizontal=True, gap="small"):
            for label, value, detail in entries:
                st.markdown(f"**{prose(value)}**  \n{label}  \n:small[:gray[{prose(detail)}]]", width=160)
        return
    columns = st.container(key="cards").columns(4, gap="small")
    for column, (label, value, detail) in zip(columns, entries, strict=True):
        column.metric(label, value, detail, delta_color="off", delta_arrow="off", border=True, height="stretch")


def _more_or_fewer(old: int, new: int) -> str:
    if old == new:
        return say("unchanged")
    if new > old:
        return say_many(new - old, "{number} more", "{number} more")
    return say_many(old - new, "{number} fewer", "{number} fewer")
