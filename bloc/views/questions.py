"""Three questions for who is here for the first time, each a scenario on the page that answers it."""

from dataclasses import dataclass, replace
from functools import cache

import streamlit as st

from bloc import link
from bloc.data import Record
from bloc.language import say
from bloc.scenario import PriceMeasure
from bloc.settings import Settings
from bloc.views import session

CLOSED = "questions_closed"
STYLE = """<style>
.st-key-questions > * { flex: none; max-width: 100% }
.st-key-questions a, .st-key-questions a * { text-decoration: underline !important; text-underline-offset: 3px }
</style>"""
# The price one firm is guaranteed in the United States stands for the level of a floor.
GUARANTEE = "mp_dod_floor"


@dataclass(frozen=True)
class Question:
    """What is asked, the page that answers it, what its own controls are set to, and the scenario."""

    text: str
    page: str
    own: tuple[tuple[str, str], ...]
    settings: Settings

    @property
    def query(self) -> dict[str, str]:
        """Parameters of the link that answers it."""
        return {**link.to_query(self.settings), **dict(self.own)}


@cache
def questions(record: Record) -> tuple[Question, ...]:
    """The three questions; each leaves aside what the app opens on withheld, so that its answer is its own."""
    nothing = Settings(cut_pct=0)
    levers = record.instrument_levers
    level = float(levers.usd_per_t_of_content[levers.instrument_id == GUARANTEE].iloc[0])
    floor = PriceMeasure("rare_earths_magnet", round(level, 2))
    return (
        Question(
            say("What would inviting Indonesia add?"),
            "pages/country.py",
            (("country", "IDN"),),
            nothing,
        ),
        Question(
            say("What if China halved its magnet rare-earth exports?"),
            "pages/restrictions.py",
            (("chain", "rare_earths_magnet"), ("country", "JPN")),
            Settings(cut_pct=50, products=("rare_earths_magnet",)),
        ),
        Question(
            say("Who would pay for a floor under NdPr?"),
            "pages/prices.py",
            (("priced", "rare_earths_magnet"),),
            replace(nothing, prices=(floor,)),
        ),
    )


def draw(record: Record) -> None:
    """One line of questions while nothing is changed, until it is closed."""
    if st.session_state.get(CLOSED) or st.session_state[session.SETTINGS] != Settings():
        return
    st.html(STYLE)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="questions"):
        st.markdown(f":small[:gray[{say('New here? Ask')}]]", width="content")
        for each in questions(record):
            st.page_link(each.page, label=each.text, query_params=each.query)
        st.button(say("Close"), key="questions_close", type="tertiary", on_click=_close)


def _close() -> None:
    st.session_state[CLOSED] = True
