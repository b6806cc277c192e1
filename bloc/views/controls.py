"""The composer: widgets in, settings out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from bloc import language, words
from bloc.data import Record
from bloc.language import mark, said, say
from bloc.places import EUROPEAN_UNION
from bloc.settings import AS_IT_STANDS, DEFAULT_SUPPLIER, SAME_MEMBERS, STAGES_OF, Settings
from bloc.views import live, session
from bloc.views.chips import CONFIDENCE_WORDS, baseline_label, chips

CUT_KEY = live.PREFIX + "cut"
KEYS = {
    "preset": "w_preset",
    "confidence": "w_confidence",
    "invited": "w_invited",
    "left_out": "w_left_out",
    "territories": "w_territories",
    "supplier": "w_supplier",
    "cut_pct": CUT_KEY,
    "products": "w_products",
    "stage": "w_stage",
    "targets": "w_targets",
    "baseline": "w_baseline",
}
# Controls behind "More measures", drawn only while it is open: nobody sees them else, and on every change they would
# take a tenth of its time.
MEASURES = frozenset({"confidence", "territories", "supplier", "products", "stage", "targets", "baseline"})
PENDING, REPLAY, DRAWN = "pending", "replaying", "measures_drawn"
STAGE_WORDS = {"": mark("Every stage"), "mine": mark("Ores and concentrates"), "refined": mark("Refined")}


@dataclass(frozen=True)
class Shown:
    """What the page is to show, and whether it is the moment before the last change, to be followed by the present."""

    settings: Settings
    replay: bool = False


def composer(record: Record, page: str) -> Shown:
    """Draw the composer, keep history and link, and return the settings to show."""
    settings = st.session_state.pop(PENDING, None) or session.incoming(page) or _from_widgets()
    _to_widgets(settings)
    session.remember(settings)
    with _frame():
        _row(record, settings)
    if st.session_state.pop(REPLAY, False) and (before := session.former()):
        return Shown(before, replay=True)
    return Shown(settings)


def dragged(shown: Shown) -> Shown:
    """The same with the value under the pointer while a slider is dragged."""
    cut = live.preview(CUT_KEY, shown.settings.cut_pct)
    return shown if cut == shown.settings.cut_pct else replace(shown, settings=replace(shown.settings, cut_pct=cut))


def pending() -> bool:
    """Whether a callback has set settings that the composer has not drawn yet."""
    return PENDING in st.session_state


def _from_widgets() -> Settings:
    state = st.session_state
    # What stands under the key of a control that the last run has not drawn is older than the settings.
    drawn = [name for name in KEYS if name not in MEASURES or state.get(DRAWN)]
    values: dict[str, Any] = {name: state[KEYS[name]] for name in drawn if KEYS[name] in state}
    for name in ("invited", "left_out", "products", "targets"):
        if name in values:
            values[name] = tuple(sorted(values[name]))
    if "confidence" in values and values["confidence"] is None:
        values["confidence"] = Settings().confidence
    if "stage" in values and values["stage"] is None:
        values["stage"] = ""
    present: Settings = state.get(session.SETTINGS, Settings())
    return replace(present, **values)


def _to_widgets(settings: Settings) -> None:
    """Set the widgets that stand elsewhere before they are drawn: the settings are the truth, the widgets show them.

    A value is not set again: that would pull a slider out from under the pointer.
    """
    for name, key in KEYS.items():
        value = getattr(settings, name)
        shown = list(value) if isinstance(value, tuple) else value
        if key not in st.session_state or st.session_state[key] != shown:
            st.session_state[key] = shown


def change(settings: Settings) -> None:
    """For callbacks: make these the settings of the run that follows."""
    st.session_state[PENDING] = settings


def _frame() -> DeltaGenerator:
    if session.is_phone():
        return st.expander(say("Change the bloc or the export cut"))
    return st.container(border=True, key="composer")


def _row(record: Record, settings: Settings) -> None:
    names = record.names
    preset = settings.preset_members(record)
    bloc, invite, leave, cut = st.columns([1.5, 1.2, 1.2, 1.3], gap="medium")
    bloc.selectbox(say("The bloc"), list(record.presets), format_func=_preset_label(record), key=KEYS["preset"])
    places = _places(record)
    invite.multiselect(
        say("Invite"),
        [code for code in places if code not in preset or code in settings.invited],
        format_func=names.__getitem__,
        key=KEYS["invited"],
        placeholder=say("Add a country"),
    )
    leave.multiselect(
        say("Leave out"),
        [code for code in places if code in {*preset, *settings.invited, *settings.left_out}],
        format_func=names.__getitem__,
        key=KEYS["left_out"],
        placeholder=say("Remove a member"),
    )
    cut.slider(
        words.capital(say("{supplier:own} export cut", supplier=names[settings.supplier])),
        0,
        100,
        step=1,
        format="%d %%",
        key=CUT_KEY,
        help=say("Share of the supplier’s exports that is withheld. 25 % is what licensing looks like: an assumption."),
    )
    _more(record, settings)


def _more(record: Record, settings: Settings) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        more = st.popover(say("More measures"), icon=":material/tune:", key="more", on_change="rerun")
        st.session_state[DRAWN] = more.open
        if more.open:
            with more:
                _measures(record, settings)
        for label, names in chips(record, settings):
            st.button(
                label,
                key="chip_" + names[0],
                icon=":material/close:",
                icon_position="right",
                help=say("Remove"),
                on_click=_reset,
                args=names,
            )
        st.space("stretch")
        _history_buttons(settings)


def _measures(record: Record, settings: Settings) -> None:
    names = record.names
    products = record.product_names
    st.selectbox(
        say("Who withholds"), _suppliers(record, settings), format_func=names.__getitem__, key=KEYS["supplier"]
    )
    st.multiselect(
        say("Which products"),
        sorted(products, key=lambda each: words.alphabetical(products[each])),
        format_func=products.__getitem__,
        key=KEYS["products"],
        placeholder=say("Every product"),
    )
    st.segmented_control(
        say("At which stage"), list(STAGES_OF), format_func=said(STAGE_WORDS).__getitem__, key=KEYS["stage"]
    )
    st.multiselect(
        say("From whom"),
        _places(record),
        format_func=names.__getitem__,
        key=KEYS["targets"],
        placeholder=say("Everybody"),
        help=say("A list of its own: it does not change when the bloc does."),
    )
    st.segmented_control(
        say("Which memberships count"),
        list(CONFIDENCE_WORDS),
        format_func=said(CONFIDENCE_WORDS).__getitem__,
        key=KEYS["confidence"],
    )
    st.toggle(say("Territories count with their states"), key=KEYS["territories"])
    st.selectbox(
        say("Compare with"), _baselines(record, settings), format_func=baseline_label(record), key=KEYS["baseline"]
    )
    st.button(say("Hold the present scenario for comparison"), on_click=_hold)


def _preset_label(record: Record) -> Callable[[str], str]:
    counted = st.session_state[KEYS["confidence"]] or Settings().confidence
    return lambda each: (
        f"{record.presets[each]} ({len(Settings(preset=each, confidence=counted).preset_members(record))})"
    )


@cache
def _places(record: Record) -> list[str]:
    """Codes to choose from, by name: the European Union first."""
    return [
        EUROPEAN_UNION,
        *sorted(record.known - {EUROPEAN_UNION}, key=lambda code: words.alphabetical(record.names[code])),
    ]


def _suppliers(record: Record, settings: Settings) -> list[str]:
    """Suppliers to choose from: the largest producers first, and the one that is set."""
    return list(dict.fromkeys([DEFAULT_SUPPLIER, settings.supplier, *_ranked(record)]))


@cache
def _ranked(record: Record) -> list[str]:
    rank = record.output_rank
    return sorted((code for code in rank if rank[code] > 0), key=lambda code: -rank[code])


def _baselines(record: Record, settings: Settings) -> list[str]:
    return list(dict.fromkeys([AS_IT_STANDS, SAME_MEMBERS, *record.presets, settings.baseline]))


def _reset(*names: str) -> None:
    change(_from_widgets().reset(*names))


def _hold() -> None:
    change(session.hold(_from_widgets()))


def _step(by: int) -> None:
    if settings := session.step(by):
        change(settings)


def _replay() -> None:
    st.session_state[REPLAY] = True


def _history_buttons(settings: Settings) -> None:
    buttons: Sequence[tuple[str, str, str, Callable[..., None], tuple[object, ...], bool]] = (
        ("undo", say("Undo"), say("One change back"), _step, (-1,), session.can_step(-1)),
        ("redo", say("Redo"), say("One change forward"), _step, (1,), session.can_step(1)),
        (
            "replay",
            say("Replay"),
            say("What was before the last change, then the change"),
            _replay,
            (),
            session.can_step(-1),
        ),
        ("reset", say("Reset"), say("Everything as the app opens"), _reset, (), bool(settings.changed())),
    )
    for key, label, says, act, args, possible in buttons:
        st.button(label, key=key, help=says, type="tertiary", on_click=act, args=args, disabled=not possible)
    copy_button()
    for code in language.available():
        if code != language.current().code:
            name = language.own_name(code)
            st.button(name, key=f"speak_{code}", type="tertiary", on_click=session.switch_language, args=(code,))


# A switch of page leaves an entry without settings in the browser's history, since Streamlit clears the address; going
# back steps over it.
_COPY_JS = """
if (!window.__blocBack) {
  window.__blocBack = true;
  window.addEventListener('popstate', () => {
    if (!new URLSearchParams(location.search).has('v')) history.back();
  });
}
export default function ({ data, parentElement }) {
  document.documentElement.lang = data.language;
  const button = parentElement.querySelector('button');
  const said = button.querySelector('span');
  said.textContent = data.copy;
  button.onclick = async () => {
    try { await navigator.clipboard.writeText(location.href); said.textContent = data.copied; }
    catch (refused) { said.textContent = data.refused; }
    setTimeout(() => { said.textContent = data.copy; }, 2500);
  };
}
"""
_COPY_HTML = '<button type="button" aria-live="polite"><span></span></button>'
_COPY_CSS = """
button { font: inherit; font-size: 0.875rem; color: var(--st-text-color); background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius, 4px); padding: 0.3rem 0.75rem;
  white-space: nowrap; }
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""
_copy = st.components.v2.component("copy_link", html=_COPY_HTML, css=_COPY_CSS, js=_COPY_JS)


def copy_button() -> None:
    """Button that copies the address, which restores everything, and says that it did.

    Being on every page, it also tells the browser the language, for screen readers and hyphens.
    """
    words_of_it = {
        "language": language.current().code,
        "copy": say("Copy link"),
        "copied": say("Link copied"),
        "refused": say("Copy the address above"),
    }
    _copy(key="copy", data=words_of_it, width="content", height="content")
