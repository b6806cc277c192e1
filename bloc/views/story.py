"""The presenter: one step of a storyline on the whole screen, large, stepped through by keys, clicker or touch."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from bloc import link
from bloc.language import per_language, say
from bloc.measures import bloc, measures
from bloc.story import Step, Story, shipped
from bloc.views import charts, controls, notes, overview, session, story_numbers, story_pictures, theme
from bloc.views.figure import Figure, source_line

STORY, STEP, OWN = "story", "step", "own_story"
KEYS = "story_keys"
# Width a chart is drawn at, alone and beside another, at least and at most; the screen magnifies it to its room, so
# that a smaller one has larger letters. Width over height of that room. [px, px, 1]
DRAWN = {1: (580, 620, 1.75), 2: (390, 420, 1.05)}
# Bars of shares have no columns of words and may be narrower. [px]
NARROW, NARROWEST = ("supply", "history"), {1: 460, 2: 310}
# Widths on a phone, where nothing is magnified: columns of words need theirs. [px]
PHONE, PHONE_WORDED = 370, {"markets": 580, "payers": 420, "floor_and_contract": 420}

# Everything but the stage is hidden, and the stage is measured by the screen. A chart fills the room that is left.
STYLE = """<style>
.stAppHeader, header[data-testid=stHeader] { display: none !important }
.stMainBlockContainer { padding: 0 !important; max-width: none !important }
.stMainBlockContainer > .stVerticalBlock > :not(:has(.st-key-stage)) { display: none }
.stMainBlockContainer > .stVerticalBlock { gap: 0 }
.st-key-stage { box-sizing: border-box; min-height: 100dvh; padding: 1.6rem 1.25rem 0.75rem; gap: 1rem }
.st-key-stage { flex-wrap: nowrap }
.st-key-stage h1 { font-size: max(1.5rem, 2.45vw); line-height: 1.14; padding: 0 0 0.4rem; text-wrap: balance }
.st-key-stage h2 { font-size: max(1.1rem, 1.45vw); line-height: 1.2; padding: 0 0 0.25em; text-wrap: balance }
.st-key-stage_text p { font-size: max(1.05rem, 1.58vw); line-height: 1.36 }
.st-key-stage small, .st-key-stage_bar p { font-size: max(0.8rem, 0.86vw) }
[class*="st-key-stage_legend"] small { font-size: max(0.8rem, 1.02vw) }
.st-key-stage_text .st-key-stage_notes p { font-size: max(0.85rem, 0.95vw); line-height: 1.35 }
.st-key-stage .stElementToolbar { display: none }
.st-key-stage > :has(> .st-key-stage_wait) { position: absolute; right: 1rem; top: 0.25rem; width: auto }
.st-key-stage .stElementContainer:has(.stVegaLiteChart), .st-key-stage :has(> .stVegaLiteChart),
.st-key-stage .stVegaLiteChart { width: 100% }
.st-key-stage .stVegaLiteChart svg { width: 100% !important; height: auto !important }
@media (max-width: 819px) {
  .st-key-stage > :has(> .st-key-stage_bar) { position: sticky; bottom: 0; z-index: 2; background: var(--ground) }
}
@media (min-width: 820px) {
  .st-key-stage { height: 100dvh; overflow: hidden; padding: 1.9vw 2.8vw 0.7vw; gap: 1.6vw }
  .st-key-stage > * { flex: none }
  .st-key-stage > :has(> .st-key-stage_body) { flex: 1 1 0; min-height: 0 }
  .st-key-stage_body { height: 100%; display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 2.05fr); gap: 3vw }
  .st-key-stage_body:has(.st-key-stage_picture_2) {
    grid-template-columns: minmax(0, 1fr) repeat(2, minmax(0, 1.25fr)); gap: 2.4vw }
  .st-key-stage_body > * { min-width: 0; min-height: 0; height: 100% }
  [class*="st-key-stage_picture"] { height: 100%; flex-wrap: nowrap; gap: 0.6vw }
  [class*="st-key-stage_picture"] > * { flex: none }
  [class*="st-key-stage_picture"] > :has(.stVegaLiteChart) { flex: 1 1 0; min-height: 0; width: 100% }
  [class*="st-key-stage_picture"] > :has(.stVegaLiteChart) div { width: 100%; height: 100%; min-height: 0 }
  .st-key-stage .stVegaLiteChart svg { max-height: 100% }
  .st-key-stage_text { height: 100%; overflow-y: auto }
}
</style>"""

# Keys and clickers (page up and down) ask for a step by its number, so that several presses in a row end where they
# should; Esc follows the link that leaves. A key typed into a field is left alone, so is one held with another.
_JS = """
const state = window.__blocStory ??= { wanted: 1, asked: 0 };
const stepped = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ' ': 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
function pressed(event) {
  const target = event.target;
  if (!document.querySelector('.st-key-stage') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.closest?.('input, textarea, select, [contenteditable=true], [role=dialog], [role=listbox]')) return;
  if (event.key === ' ' && target.closest?.('button, a')) return;
  if (event.key === 'Escape') {
    document.querySelector('.st-key-stage_leave a')?.click();
  } else {
    const ends = { Home: 1, End: state.steps };
    const wanted = ends[event.key] ?? (event.key in stepped ? state.wanted + stepped[event.key] : null);
    if (wanted === null) return;
    const within = Math.min(Math.max(wanted, 1), state.steps);
    if (within !== state.wanted) {
      state.wanted = within; state.asked = Date.now();
      state.ask('asked', { step: within, at: state.asked });
    }
  }
  event.preventDefault();
  event.stopPropagation();
}
export default function ({ data, setStateValue, parentElement }) {
  state.ask = setStateValue; state.steps = data.steps;
  if (!state.asked || data.asked === state.asked) { state.wanted = data.step; state.asked = 0; }
  parentElement.querySelector('span').textContent = data.said;
  if (!state.listening) { state.listening = true; document.addEventListener('keydown', pressed, true); }
}
"""
_HTML = '<span aria-live="polite"></span>'
_CSS = "span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }"
_keys = st.components.v2.component("story_keys", html=_HTML, css=_CSS, js=_JS)


@per_language()
def _shipped() -> tuple[dict[str, Story], list[str]]:
    return shipped(session.record())


def stories() -> dict[str, Story]:
    """Storylines to choose from by key: those of the app, then the visitor's own."""
    own: Story | None = st.session_state.get(OWN)
    return {**_shipped()[0], **({own.key: own} if own else {})}


def problems() -> list[str]:
    """A sentence for each storyline of the app that cannot be read."""
    return _shipped()[1]


def go_to(number: int) -> None:
    """For callbacks: show a step."""
    st.session_state[session.choice_key(STEP)] = str(number)


def open_story(key: str) -> None:
    """For callbacks: show a storyline from its first step; an empty key closes it."""
    st.session_state[session.choice_key(STORY)] = key
    go_to(1)


def _asked() -> None:
    if asked := st.session_state[KEYS].get("asked"):
        go_to(int(asked["step"]))


@dataclass(frozen=True, eq=False)
class Worked:
    """A step with its numbers filled in and its pictures made."""

    title: str
    paragraphs: tuple[str, ...]
    notes: tuple[str, ...]
    pictures: tuple[tuple[str, Figure | str], ...]


def worked(view: overview.View, step: Step) -> Worked:
    """Everything a step shows; what it assumes is said as the exports say it."""
    assumed = [*bloc(view.record, view.settings), *measures(view.record, view.settings)]
    return Worked(
        title=story_numbers.title(view, step),
        paragraphs=tuple(each.replace("\n", " ") for each in story_numbers.text(view, step).split("\n\n")),
        notes=(say("In this step: {sentences}", sentences=" ".join(assumed)), *story_numbers.remarks(view, step)),
        pictures=tuple((named.name, story_pictures.draw(view, named)) for named in step.pictures),
    )


def present(story: Story) -> None:
    """Draw the step of the address on the whole screen."""
    ground = theme.palette(session.is_dark()).ground
    st.html(f"{STYLE}<style>.st-key-stage {{ --ground: {ground} }}</style>")
    with st.container(key="stage"):
        number = int(session.choice(STEP, [str(each + 1) for each in range(len(story.steps))], "1"))
        step = story.steps[number - 1]
        view = overview.prepare(controls.Shown(step.settings))
        with st.container(key="stage_wait"), st.spinner(say("Working out this step")):
            made = worked(view, step)
        st.title(notes.plain(made.title), anchor=False)
        with st.container(key="stage_body"):
            _text(made)
            for at, (name, drawn) in enumerate(made.pictures, 1):
                with st.container(key=f"stage_picture_{at}"):
                    _picture(view, drawn, name, at, len(made.pictures))
        _bar(story, number)
        _listen(number, len(story.steps), made.title)


def _listen(number: int, steps: int, title: str) -> None:
    """Place what listens to the keys and says the step to who cannot see it."""
    asked = st.session_state.get(KEYS)
    _keys(
        key=KEYS,
        data={
            "step": number,
            "steps": steps,
            "said": say("Step {number} of {total}: {title}", number=number, total=steps, title=title),
            "asked": asked["asked"]["at"] if asked and asked.get("asked") else 0,
        },
        on_asked_change=_asked,
        height="content",
    )


def _text(made: Worked) -> None:
    with st.container(key="stage_text"):
        for each in made.paragraphs:
            st.markdown(notes.plain(each))
        with st.container(key="stage_notes"):
            for each in made.notes:
                notes.plain_note(each)


def _picture(view: overview.View, drawn: Figure | str, name: str, at: int, pictures: int) -> None:
    if isinstance(drawn, str):
        st.markdown(notes.plain(drawn))
        return
    st.header(notes.plain(drawn.finding), anchor=False)
    if drawn.legend:
        with st.container(key=f"stage_legend_{at}"):
            notes.legend(drawn.legend)
    st.vega_lite_chart(
        None,
        magnified(drawn, view.dark, width(name, drawn, pictures, view.phone)),
        key=f"stage_chart_{at}",
        width="content",
        theme=None,
        alt=drawn.alt,
    )
    notes.plain_note(f"{drawn.basis.rstrip('.')}. {source_line(drawn, view.record)}")


def width(name: str, figure: Figure, pictures: int, phone: bool = False) -> int:
    """Width a picture is drawn at so that it fills its room, one of so many on the screen. [px]."""
    if phone:
        return PHONE_WORDED.get(name, PHONE)
    least, most, shape = DRAWN[pictures]
    least = NARROWEST[pictures] if name in NARROW else least
    return min(max(round(shape * _height(figure.spec(False), figure)), least), most)


def magnified(figure: Figure, dark: bool, width_px: int) -> dict[str, Any]:
    """A chart as a drawing that scales: of a fixed width unless it has its own, in lines instead of dots."""
    spec = figure.spec(dark)
    found = {"width": width_px, **spec, "usermeta": {"embedOptions": {"renderer": "svg", "actions": False}}}
    found["layer"] = [_fetched(part) for part in spec.get("layer", [])]
    return charts.with_rows(found, figure.drawn)


def _height(spec: dict[str, Any], figure: Figure) -> float:
    height = spec["height"]
    if not isinstance(height, dict):
        return float(height)
    rows = figure.drawn.label.nunique() if "label" in figure.drawn else len(figure.drawn)
    return float(height["step"]) * rows


def _fetched(part: dict[str, Any]) -> dict[str, Any]:
    """A layer whose polygons the browser fetches, where it holds those of the world in degrees."""
    data = part.get("data", {})
    if data.get("format", {}).get("type") != "topojson":
        return part
    return {**part, "data": {"url": charts.WORLD_ADDRESS, "format": data["format"]}}


def _bar(story: Story, number: int) -> None:
    """Steps back and forth for hands, marks, and the ways out."""
    last = len(story.steps)
    step = story.steps[number - 1]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="stage_bar"):
        st.button(say("Back"), key="story_back", on_click=go_to, args=(number - 1,), disabled=number == 1)
        st.button(say("Next"), key="story_next", on_click=go_to, args=(number + 1,), disabled=number == last)
        marks = "".join("●" if each == number else "○" for each in range(1, last + 1))
        st.markdown(f":gray[{marks}&ensp;{say('{number} of {total}', number=number, total=last)}]", width="content")
        st.space("stretch")
        st.button(say("All stories"), key="story_all", type="tertiary", on_click=open_story, args=("",))
        with st.container(key="stage_leave", width="content"):
            page, own = story_pictures.page(step.pictures[0])
            label = say("Open in the app") if session.is_phone() else say("Open in the app (Esc)")
            st.page_link(page, label=label, query_params={**link.to_query(step.settings), **own})
