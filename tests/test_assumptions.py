"""The panel of assumptions: values within their range, resets, the line on every page, and the link."""

from dataclasses import replace
from pathlib import Path

from streamlit.testing.v1 import AppTest

from bloc.assumptions import Assumptions
from bloc.data import load_market
from bloc.scenario import Assumed
from bloc.settings import Settings
from bloc.views import assumptions, session

ROOT = Path(__file__).parents[1]
CHANGED = Assumed("switching", 9.0)


def panel_alone():
    import streamlit as st

    from bloc.settings import Settings
    from bloc.views import assumptions, controls, session

    settings = st.session_state.pop(controls.PENDING, None) or st.session_state.get(session.SETTINGS, Settings())
    st.session_state[session.SETTINGS] = settings
    assumptions.panel(session.record(), settings)


def opened(*assumed: Assumed) -> AppTest:
    page = AppTest.from_function(panel_alone, default_timeout=60)
    page.session_state[session.SETTINGS] = Settings(assumed=assumed)
    return page.run()


def first_screen(**query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    return page.run()


def texts(page: AppTest) -> str:
    return "\n".join(str(each.value) for each in [*page.title, *page.markdown, *page.warning])


def row(record, name: str, settings: Settings | None = None, chain: str = "") -> assumptions.Row:
    known = assumptions.rows(record, settings or Settings())
    return next(each for each in known if (each.name, each.chain) == (name, chain))


def test_every_assumption_stands_in_the_panel_with_a_name_and_its_range(record):
    rows = assumptions.rows(record, Settings())
    table = Assumptions(load_market().assumptions)
    assert len(rows) == len(record.assumptions)
    for each in rows:
        assert each.low <= each.value == each.default <= each.high
        assert (each.low, each.high) == table.bounds(each.name, "one_year", each.chain)
        assert each.source
        assert "_" not in each.title


def test_no_two_assumptions_have_the_same_name(record):
    titles = [each.title for each in assumptions.rows(record, Settings())]
    assert len(set(titles)) == len(titles)


def test_an_assumption_without_a_source_says_it_is_ours(record):
    assert row(record, "switching").source == assumptions.OURS
    assert "GLOMBO" in row(record, "demand_elasticity").source


def test_the_horizon_decides_value_and_range(record):
    far = row(record, "demand_elasticity", Settings(horizon="five_years"))
    assert (far.value, far.low, far.high) == (0.4, 0.15, 0.6)


def test_a_value_beyond_the_range_of_another_horizon_is_kept_within_it(record):
    assumed = (Assumed("restart", 12.0),)
    assert row(record, "restart", Settings(assumed=assumed)).value == 12
    assert row(record, "restart", Settings(assumed=assumed, horizon="five_years")).value == 4


def test_a_value_set_replaces_the_former_one_and_the_default_is_not_kept(record):
    switching = row(record, "switching")
    once = assumptions.with_value((), switching, 9.0)
    twice = assumptions.with_value((*once, Assumed("ceiling", 10.0)), switching, 10.0)
    assert once == (Assumed("switching", 9.0),)
    assert set(twice) == {Assumed("switching", 10.0), Assumed("ceiling", 10.0)}
    assert assumptions.with_value(once, switching, switching.default) == ()


def test_an_ore_cost_share_is_set_for_its_chain_alone(record):
    cobalt = row(record, "ore_cost_share", chain="cobalt")
    assert assumptions.with_value((), cobalt, 0.8) == (Assumed("ore_cost_share", 0.8, "cobalt"),)
    assert "cobalt" in cobalt.title


def test_a_changed_assumption_is_flagged_under_the_composer_whatever_the_page():
    page = first_screen(assume="switching~9~")
    assert not page.exception
    assert "One assumption of the market is changed\\: switching 9 instead of 6." in texts(page)
    assert "of the market is changed" not in texts(first_screen())


def test_a_typed_value_is_taken_and_reset_again():
    page = opened()
    page.number_input(key="assume_switching_").set_value(9.0).run()
    assert "switching 9 instead of 6" in texts(page)
    page.button(key="assume_switching__reset").click().run()
    assert "All stand on their defaults" in texts(page)
    assert page.number_input(key="assume_switching_").value == 6


def test_a_value_beyond_its_range_is_refused_with_the_bound_and_the_former_value_stays():
    page = opened(CHANGED)
    page.number_input(key="assume_switching_").set_value(20.0).run()
    assert page.error[0].value == "Switching\\: 20 is not within its range, 3 to 12. It stays at 9."
    assert page.number_input(key="assume_switching_").value == 9


def test_all_are_reset_at_once():
    page = opened(CHANGED, Assumed("ore_cost_share", 0.8, "cobalt"))
    assert "Two assumptions of the market are changed" in texts(page)
    page.button(key="assume_reset_all").click().run()
    assert "All stand on their defaults" in texts(page)


def test_five_years_have_other_values():
    page = opened()
    page.segmented_control(key="assume_horizon").set_value("five_years").run()
    assert page.number_input(key="assume_demand_elasticity_").value == 0.4


def test_the_line_names_three_and_counts_the_rest(record):
    names = ("switching", "ceiling", "stop", "restart", "utilisation")
    changed = [replace(row(record, name), value=row(record, name).low) for name in names]
    assert assumptions.changed_in_words(changed).endswith("and 2 more.")
