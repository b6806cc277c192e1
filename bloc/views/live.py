"""Sliders that answer while they are dragged: one companion for every slider whose key starts with live_."""

import streamlit as st

PREFIX = "live_"

# Streamlit's slider tells the server its value on release. The companion reads the slider's own input on each frame
# while the pointer is down and sends it as a preview; a new one only when no run is under way, so nothing queues.
# Keyboard, link and screen reader stay with the slider.
_JS = """
const state = window.__blocLive ??= { gesture: null, sent: 0, tell: null, listening: false };
const running = () => document.querySelector('[data-test-script-state="running"]') !== null;
function follow() {
  const g = state.gesture;
  if (!g) return;
  const input = g.box.querySelector('input[type=range]');
  const value = input ? Number(input.value) : g.last;
  const now = performance.now();
  if (value !== g.last && now - state.sent > 40 && (!running() || now - state.sent > 100)) {
    g.last = value; state.sent = now;
    state.tell('drag', { key: g.key, gesture: g.id, from: g.from, value });
  }
  requestAnimationFrame(follow);
}
function start(event) {
  const box = event.target.closest?.('[class*="st-key-live_"]');
  const input = box?.querySelector('input[type=range]');
  if (!input) return;
  const key = [...box.classList].find(name => name.startsWith('st-key-')).slice(7);
  const from = Number(input.value);
  state.gesture = { id: Date.now(), key, box, from, last: from };
  requestAnimationFrame(follow);
}
function stop() { state.gesture = null; }
export default function (component) {
  state.tell = component.setStateValue;
  if (state.listening) return;
  state.listening = true;
  document.addEventListener('pointerdown', start, true);
  document.addEventListener('pointerup', stop, true);
  document.addEventListener('pointercancel', stop, true);
}
"""

_component = st.components.v2.component("live_sliders", html="<span hidden></span>", js=_JS)
_STATE, _DONE, _COMMITTED = "live", "live_done", "live_committed"


def _answered() -> None:
    """A preview came: the run it starts shows it."""


def preview(key: str, committed: int) -> int:
    """Value to show for a slider: the one under the pointer while it is dragged, else the slider's own.

    A gesture counts until the slider's own value changes, be it by release, undo, preset or link.
    """
    shown = st.session_state.get(_STATE)
    drag = shown.get("drag") if shown else None
    if st.session_state.get(_COMMITTED, {}).get(key, committed) != committed and drag:
        st.session_state[_DONE] = drag["gesture"]
    st.session_state.setdefault(_COMMITTED, {})[key] = committed
    if not drag or drag["key"] != key or drag["gesture"] == st.session_state.get(_DONE) or drag["from"] != committed:
        return committed
    return int(drag["value"])


def companion() -> None:
    """Place the companion; its data never changes, so that the browser keeps it."""
    _component(key=_STATE, on_drag_change=_answered, height="content")
