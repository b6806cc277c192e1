"""Words around the pictures: legend lines, notes, problems of a link, the headline cards."""

from collections.abc import Sequence

import streamlit as st

from bloc import words
from bloc.briefing import Case

LEGEND = {
    "member": ":blue[■]&nbsp;Member",
    "candidate": ":green[■]&nbsp;Outside, but attended, signed or negotiates",
    "restricting": ":orange[■]&nbsp;Restricts exports",
    "outside": ":yellow[■]&nbsp;Outside",
}
ARROW = " → "


def plain(text: str) -> str:
    """Text that Markdown takes as it is: dollars are not formulas, brackets and stars not markup."""
    return "".join("\\" + each if each in "$[]*_`<>#:~|" else each for each in text)


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


def problems(found: Sequence[str]) -> None:
    """What a link asked for and could not have."""
    if found:
        st.error(plain(" ".join(found)), icon=":material/link_off:")


def cards(before: Case, after: Case, supplier: str, phone: bool) -> None:
    """Four numbers: baseline, scenario and difference in words."""
    entries = [
        (
            "Members",
            f"{before.summary.members}{ARROW}{after.summary.members}",
            _more_or_fewer(before.summary.members, after.summary.members),
        ),
        *(
            (
                f"{name}, % of need, average",
                f"{words.percent(old.average)}{ARROW}{words.percent(new.average)}",
                f"{words.points(old.average, new.average)}; {words.percent(new.weighted)} by import value",
            )
            for name, old, new in (
                ("Mined", before.summary.mined, after.summary.mined),
                ("Refined", before.summary.refined, after.summary.refined),
            )
        ),
        (
            f"Withheld by {supplier}, {after.summary.trade_year or 'year unknown'} prices",
            f"{words.dollars(before.summary.withheld_usd)}{ARROW}{words.dollars(after.summary.withheld_usd)}",
            f"of {words.dollars(after.summary.bought_from_suppliers_usd)} bought a year",
        ),
    ]
    if phone:
        _phone_cards(entries)
        return
    columns = st.container(key="cards").columns(4, gap="small")
    for column, (label, value, difference) in zip(columns, entries, strict=True):
        column.metric(label, value, difference, delta_color="off", delta_arrow="off", border=True)


def _phone_cards(entries: Sequence[tuple[str, str, str]]) -> None:
    with st.container(horizontal=True, gap="small"):
        for label, value, difference in entries:
            st.markdown(f"**{prose(value)}**  \n{label}  \n:small[:gray[{prose(difference)}]]", width=160)


def _more_or_fewer(old: int, new: int) -> str:
    if old == new:
        return "unchanged"
    return f"{abs(new - old)} {'more' if new > old else 'fewer'}"
