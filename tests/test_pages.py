from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bloc.data import RecordError
from bloc.settings import Settings
from bloc.views import overview, session

ROOT = Path(__file__).parents[1]


def app(**query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    return page.run()


def texts(page: AppTest) -> str:
    elements = [*page.title, *page.header, *page.markdown, *page.metric, *page.error]
    return "\n".join(str(getattr(each, "value", "")) + str(getattr(each, "label", "")) for each in elements)


def test_the_app_opens_on_the_ministerial_with_a_finding_as_its_title():
    page = app()
    assert not page.exception
    assert page.title[0].value.startswith("Half of need is met for 26 of 37 mined materials")
    assert "Need is use as estimated for 58 of 74 figures; for the others it is " in texts(page)
    assert page.metric[0].value == "69 → 69"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"bloc": "usa_only", "out": "USA"},
        {"bloc": "usa_only"},
        {"bloc": "forge", "sure": "confirmed", "cut": "0"},
        {"cut": "100", "of": "gallium", "to": "USA"},
        {"by": "COD", "at": "mine", "vs": "msp"},
        {"in": "EUU.IDN.VNM", "bloc": "quad_cmi", "terr": "1", "vs": "same"},
        {"vs": "v=1&bloc=g7_cmpa&cut=50"},
    ],
)
def test_every_scenario_draws_without_exception_and_without_nan(query):
    page = app(**query)
    assert not page.exception
    assert "nan" not in texts(page).lower().replace("finance", "")


def test_a_link_is_restored():
    page = app(bloc="us_eu_jp", cut="60", **{"in": "IDN"})
    assert page.metric[0].value == "29 → 30"
    assert page.slider(key="live_cut").value == 60


def test_a_bad_value_of_a_link_is_named_in_a_sentence_and_the_rest_is_kept():
    page = app(cut="140", bloc="us_eu_jp")
    assert "A cut of '140'" in page.error[0].value
    assert page.metric[0].value == "29 → 29"


def test_text_of_a_link_is_not_taken_as_markup():
    page = app(bloc="<b>**x**")
    assert "\\<b\\>\\*\\*x\\*\\*" in page.error[0].value


def test_without_the_database_the_app_says_what_to_do(monkeypatch):
    def missing() -> None:
        raise RecordError("The database minerals.duckdb is missing. Build it with: make data")

    monkeypatch.setattr(session, "record", missing)
    page = app()
    assert not page.exception
    assert page.error[0].value == "The database minerals.duckdb is missing. Build it with: make data"


def test_a_territory_is_bound_to_its_state_only_while_territories_count_and_the_state_is_in(record):
    counting = Settings(preset="us_eu_jp", territories=True)
    assert overview.bound(record, counting, "NCL") == (
        "New Caledonia counts with France while territories count with their states. "
        "Switch that off under More measures to choose it alone."
    )
    assert overview.bound(record, replace(counting, territories=False), "NCL") == ""
    assert overview.bound(record, replace(counting, left_out=("FRA",)), "NCL") == ""
    assert overview.bound(record, counting, "FRA") == ""
