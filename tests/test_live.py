import pytest
from streamlit.testing.v1 import AppTest

KEY = "live_cut"


def shown_and_committed():
    """What a page shows for a slider that stands on `committed`."""
    import streamlit as st

    from bloc.views import live

    st.text(live.preview("live_cut", st.session_state["committed"]))


def page(committed: int = 25) -> AppTest:
    found = AppTest.from_function(shown_and_committed)
    return run(found, committed)


def run(found: AppTest, committed: int, **drag: object) -> AppTest:
    """Run the page with the slider on `committed` and, if given, a message of the browser."""
    found.session_state["committed"] = committed
    if drag:
        found.session_state["live"] = {"drag": {"key": KEY, "gesture": 1, **drag}}
    found.run()
    assert not found.exception
    return found


def shown(found: AppTest) -> int:
    return int(found.text[0].value)


def test_without_a_drag_the_slider_is_shown():
    assert shown(page(25)) == 25


def test_a_companion_that_has_said_nothing_changes_nothing():
    found = page(25)
    found.session_state["live"] = {}
    assert shown(run(found, 25)) == 25


def test_while_it_is_dragged_the_value_under_the_pointer_is_shown():
    assert shown(run(page(25), 25, **{"from": 25, "value": 60})) == 60


def test_every_step_of_a_drag_is_shown():
    found = page(25)
    assert [shown(run(found, 25, **{"from": 25, "value": value})) for value in (26, 40, 0, 100)] == [26, 40, 0, 100]


def test_a_drag_from_elsewhere_is_not_of_this_slider_as_it_stands():
    assert shown(run(page(25), 25, **{"from": 30, "value": 60})) == 25


def test_a_drag_of_another_slider_is_not_shown():
    assert shown(run(page(25), 25, **{"from": 25, "value": 60, "key": "live_floor"})) == 25


def test_on_release_the_slider_is_shown():
    found = run(page(25), 25, **{"from": 25, "value": 60})
    assert shown(run(found, 61)) == 61


def test_a_drag_is_over_after_release_although_the_slider_comes_back():
    found = run(page(25), 25, **{"from": 25, "value": 60})
    run(found, 60)
    assert shown(run(found, 25)) == 25


def test_a_late_message_of_a_drag_that_is_over_is_not_shown():
    found = run(page(25), 25, **{"from": 25, "value": 60})
    run(found, 60)
    run(found, 25)
    assert shown(run(found, 25, **{"from": 25, "value": 59})) == 25


@pytest.mark.parametrize("committed", [0, 24, 100])
def test_undo_a_preset_or_a_link_in_the_middle_of_a_drag_is_shown(committed):
    found = run(page(25), 25, **{"from": 25, "value": 60})
    assert shown(run(found, committed)) == committed


def test_the_next_drag_is_shown_again():
    found = run(page(25), 25, **{"from": 25, "value": 60})
    run(found, 60)
    assert shown(run(found, 60, **{"from": 60, "value": 10, "gesture": 2})) == 10


def test_a_drag_back_to_where_it_began_shows_that():
    found = run(page(25), 25, **{"from": 25, "value": 60})
    assert shown(run(found, 25, **{"from": 25, "value": 25})) == 25


def test_the_value_shown_is_a_whole_number():
    assert shown(run(page(25), 25, **{"from": 25, "value": 60.0})) == 60


def test_every_slider_that_is_followed_is_told_by_its_key():
    from bloc.views import controls, live

    assert controls.CUT_KEY.startswith(live.PREFIX)
    assert f"st-key-{live.PREFIX}" in live._JS
