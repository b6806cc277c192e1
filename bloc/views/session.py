"""What a visitor's session holds: the cached record, outcomes by scenario, settings with their history, the link."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from bloc import language, link
from bloc.briefing import Case, case
from bloc.data import Connection, Record, connect, load_record, run
from bloc.language import ENGLISH, mark, say
from bloc.outcome import evaluate
from bloc.scenario import Scenario
from bloc.settings import Settings
from bloc.views import maps, notes

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
# Scenarios kept at a time. A dragged slider makes a dozen; an outcome takes about half a megabyte.
KEPT = 64
SETTINGS, HISTORY, AT, PAGE, PROBLEMS, GO = "settings", "history", "at", "page", "problems", "go"
LANGUAGE, HELD = "lang", "held"
# How the visitor came to this run, and what it wants in the address.
CAME, WANTED = "came", "wanted"
PHONE_WORDS = ("Mobi", "Android", "iPhone")
# What a sentence calls the parameters of the pages' own controls; all others say how a figure is shown.
CALLED = {
    LANGUAGE: mark("language"),
    "country": mark("country"),
    "mineral": mark("mineral"),
    "chain": mark("market"),
    "entered": mark("entered"),
    "side": mark("side"),
    "materials": mark("materials"),
    "use": mark("use"),
    "year": mark("year"),
    "trade_year": mark("year"),
    "story": mark("story"),
    "step": mark("step"),
    "part": mark("part"),
    "section": mark("section"),
    "records": mark("records"),
    "routes": mark("routes"),
    "whom": mark("country"),
    "adding": mark("country"),
    "sure_of": mark("result"),
}


@st.cache_resource(show_spinner=False)
def _record(code: str) -> Record:
    return load_record(language=code)


def record() -> Record:
    """The record, once per server and language."""
    return _record(language.current().code)


@st.cache_resource(show_spinner=False)
def _connection() -> Connection:
    return connect()


@st.cache_data(show_spinner=False, max_entries=256)
def query(name: str, **parameters: Any) -> pd.DataFrame:
    """Rows of a named query of facts, kept by its parameters."""
    return run(_connection(), name, **parameters)


@lru_cache(maxsize=8)
def _places(known: Record) -> dict[str, maps.Place]:
    return maps.places(known.countries)


def places() -> dict[str, maps.Place]:
    """Where every country stands on the map, once per server and language."""
    return _places(record())


@lru_cache(maxsize=KEPT)
def cached_case(known: Record, scenario: Scenario, suppliers: frozenset[str]) -> Case:
    """A scenario with its outcome, by value, for every session; frames in it are not to be changed.

    Not Streamlit's cache: hashing its way through a scenario takes it as long as the accounting.
    """
    return case(known, scenario, evaluate(known, scenario), suppliers)


def case_of(settings: Settings, suppliers: frozenset[str]) -> Case:
    """What follows from settings; `suppliers` are those whose sales stand beside what is withheld."""
    return cached_case(record(), settings.scenario(record()).accounting(), suppliers)


def is_phone() -> bool:
    """Whether the browser says it is a phone; the server cannot see its width."""
    agent = st.context.headers.get("User-Agent", "") or ""
    return any(word in agent for word in PHONE_WORDS)


def is_dark() -> bool:
    """Whether the visitor's theme is dark."""
    return st.context.theme.type == "dark"


def arrive() -> None:
    """At the start of a run: see how the visitor came, and speak the language of the link or the one chosen before."""
    context = get_script_run_ctx()
    # An older Streamlit does not tell; the address then speaks for settings on a first visit only.
    back = getattr(context, "is_history_navigation", False)
    if context and back:
        # On the way back the browser asks for two runs at once. At the end of the first it forgets messages the second
        # would only name, and the page would end with an error: all of them are sent.
        context.cached_message_hashes = frozenset()
    st.session_state[CAME] = "by link" if SETTINGS not in st.session_state else "back" if back else "here"
    st.session_state[WANTED] = {}
    _speak_again()
    before = language.current().code
    language.speak(choice(LANGUAGE, language.available(), ENGLISH))
    if language.current().code != before:
        _redraw_choices()


def _redraw_choices() -> None:
    """Set what is chosen once more: the browser keeps the words of a choice, not what they stand for."""
    for key, value in st.session_state.items():
        if isinstance(value, str | list):
            st.session_state[key] = value


def incoming(page: str) -> Settings | None:
    """Settings of the address bar where the visitor came by a link, back, forward or from another page, else None.

    On the way back the browser passes an empty address, left by a switch of page: that is no change of settings.
    """
    if st.session_state[CAME] == "here" and st.session_state.get(PAGE, page) != page:
        st.session_state[CAME] = "from a page"
    st.session_state[PAGE] = page
    known = {name: value for name, value in _address().items() if name in _parameters()}
    if st.session_state[CAME] == "here" or (SETTINGS in st.session_state and not known):
        return None
    settings, problems = link.from_query(known, record())
    st.session_state[PROBLEMS] = [say("Not all of the link could be read."), *problems] if problems else []
    return settings


def _address() -> dict[str, str]:
    return {name: st.query_params[name] for name in st.query_params}


def _parameters() -> frozenset[str]:
    return frozenset(["v", *link.PARAMETER.values()])


def write_address() -> None:
    """At the end of a run: put settings and choices into the address bar, in one step of the browser's history.

    Parameters of others stay. An empty address on the way back is left alone, or there would be no way back past it.
    """
    present, wanted, came = _address(), st.session_state[WANTED], st.session_state[CAME]
    # Runs of a fragment that follow have nothing to do with how the visitor came.
    st.session_state[CAME] = "here"
    if came == "back" and not present:
        return
    kept = {name: value for name, value in present.items() if name not in _parameters() and name not in wanted}
    chosen = {name: value for name, value in wanted.items() if value is not None}
    query = {**kept, **link.to_query(st.session_state[SETTINGS]), **chosen}
    if query != present:
        st.query_params.from_dict(query)


def remember(settings: Settings) -> None:
    """Keep settings as the present ones; a change is one step of undo and forgets what was undone."""
    history: list[Settings] = st.session_state.setdefault(HISTORY, [])
    at = st.session_state.get(AT, -1)
    if not history or history[at] != settings:
        del history[at + 1 :]
        history.append(settings)
        st.session_state[AT] = len(history) - 1
    st.session_state[SETTINGS] = settings


def step(by: int) -> Settings | None:
    """Settings one step back (-1) or forward (1) in the history, which becomes the present; None at its end."""
    at = st.session_state.get(AT, 0) + by
    if not 0 <= at < len(st.session_state.get(HISTORY, [])):
        return None
    st.session_state[AT] = at
    present: Settings = st.session_state[HISTORY][at]
    return present


def can_step(by: int) -> bool:
    """Whether there is a step back or forward."""
    return 0 <= st.session_state.get(AT, 0) + by < len(st.session_state.get(HISTORY, []))


def former() -> Settings | None:
    """Settings before the last change, to replay it."""
    at = st.session_state.get(AT, 0)
    return st.session_state[HISTORY][at - 1] if at > 0 else None


def hold(settings: Settings) -> Settings:
    """Same settings, compared with themselves as they now stand."""
    return replace(settings, baseline=link.to_text(settings))


def choice(name: str, known: Collection[str], default: str) -> str:
    """Value of a page's own control, which carries over to other pages and stands in the address as `name`.

    The control itself is a widget with `key=choice_key(name)`, drawn after this with the same options. An address that
    asks for something unknown is named in a sentence.
    """
    key, held = choice_key(name), st.session_state.setdefault(HELD, {})
    value = _chosen(name, known, default)
    # A page that has just been opened draws a control anew, which would show its first value.
    if st.session_state.get(key) != value or st.session_state[CAME] != "here":
        st.session_state[key] = value
    held[name] = value
    # A default that the address names stays there: taking it out would be a step of the browser's history.
    _want(name, value if value != default or st.query_params.get(name) == value else None)
    return value


def _chosen(name: str, known: Collection[str], default: str) -> str:
    """What the address asks for where the visitor has just come by it, else what the control shows or showed."""
    given, held = st.query_params.get(name), st.session_state[HELD].get(name, default)
    kept = str(held) if held in known else default
    if st.session_state[CAME] == "here":
        shown = st.session_state.get(choice_key(name))
        return str(shown) if shown in known else kept
    if given is None:
        # An address on the way back says all there is to say; other addresses may leave out what was chosen before.
        return default if st.session_state[CAME] == "back" and _address() else kept
    if given in known:
        return given
    asked = say(CALLED.get(name, mark("view")))
    problem = say(
        "The link asks for the {control} {value}, which is not known.", control=asked, value=f"{given[:40]!r}"
    )
    st.error(notes.plain(problem))
    return kept


def _want(name: str, value: str | None) -> None:
    """Put a choice into the address at the end of the run; at once in a fragment, which ends without the app."""
    st.session_state[WANTED][name] = value
    context = get_script_run_ctx()
    if context and context.fragment_ids_this_run:
        write_address()


def _speak_again() -> None:
    language.speak(st.session_state.get(HELD, {}).get(LANGUAGE, ENGLISH))


def spoken(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """A fragment or a callback that has words in it: it starts without the app, so it takes up the language itself."""

    @wraps(function)
    def speaking(*args: Arguments.args, **named: Arguments.kwargs) -> Result:
        _speak_again()
        return function(*args, **named)

    return speaking


def switch_language(code: str) -> None:
    """For callbacks: speak a language from the next run on."""
    st.session_state[choice_key(LANGUAGE)] = code


def choice_key(name: str) -> str:
    """Key of the widget of a page's own control."""
    return f"choice_{name}"


def link_to_country(iso3: str, label: str) -> None:
    """Link to the page of a country that keeps the scenario."""
    settings: Settings = st.session_state.get(SETTINGS, Settings())
    query = {**link.to_query(settings), "country": iso3}
    st.page_link("pages/country.py", label=notes.plain(label), query_params=query)


def require_app(page: str) -> None:
    """Send a visitor who came to a page alone through app.py and back, address and all.

    A server that has just started runs a page of pages/ without app.py on the first deep link to it.
    """
    if PAGE not in st.session_state:
        st.session_state[GO] = (page, {name: st.query_params.get_all(name) for name in st.query_params})
        st.switch_page("app.py")
    _speak_again()


def send_back(pages: Mapping[str, object]) -> None:
    """In app.py: bring back a visitor whom a page sent here."""
    if GO in st.session_state:
        page, query = st.session_state.pop(GO)
        if page in pages:
            st.switch_page(pages[page], query_params=query)  # type: ignore[arg-type]
