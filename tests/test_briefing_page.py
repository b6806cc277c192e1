import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from bloc.briefing import case
from bloc.exports import charts, document, scenario_file, script, slides, tables, workbook
from bloc.exports.brief import brief
from bloc.link import from_query
from bloc.outcome import evaluate
from bloc.scenario import PriceMeasure
from bloc.settings import Settings
from bloc.views import briefing_page, controls, session
from tests.browser import open_page

ROOT = Path(__file__).parents[1]
GALLIUM = {"by": "CHN", "of": "gallium", "cut": "100"}


def briefing(**query: str) -> AppTest:
    """The page as app.py draws it."""
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    return page.switch_page("pages/briefing.py").run()


def written(**parameters: object) -> bytes:
    document = {"format": scenario_file.FORMAT, "version": "1", "parameters": parameters}
    return json.dumps(document).encode()


def viewed(record, settings: Settings) -> SimpleNamespace:
    """What the page is given, compared with itself."""
    scenario = settings.scenario(record).accounting()
    known = case(record, scenario, evaluate(record, scenario), frozenset())
    return SimpleNamespace(record=record, settings=settings, before=known, after=known)


def headers(page: AppTest) -> list[str]:
    return [each.value for each in page.header]


@pytest.mark.parametrize("query", [{}, GALLIUM, {"bloc": "usa_only", "out": "USA"}, {"cut": "0"}])
def test_the_page_says_and_draws_every_scenario(query):
    page = briefing(v="1", **query)
    assert not page.exception
    assert not page.error
    assert page.session_state["shown"].settings == from_query(query, session.record())[0]
    assert headers(page)[:2] == ["What was changed", "What happens"]
    assert "What it leaves out" in headers(page)
    assert "Where it comes from" in headers(page)
    assert len(page.table[0].value) == 10


def test_every_file_has_a_button_and_none_is_made_before_it_is_asked_for(monkeypatch):
    made = []
    for module, maker in (
        (document, "pdf"),
        (slides, "pptx"),
        (workbook, "xlsx"),
        (tables, "archive"),
        (charts, "archive"),
        (script, "python"),
        (scenario_file, "to_json"),
    ):
        monkeypatch.setattr(module, maker, lambda *_, maker=maker: made.append(maker))
    page = briefing()
    assert not page.exception
    labels = {each.label for each in page.get("download_button")}
    assert labels >= {
        *("PDF, two pages", "PDF to present", "PowerPoint", "Excel"),
        *("CSV tables", "PNG and SVG charts", "Python script", "Scenario file"),
    }
    assert made == []


def test_the_script_of_the_page_holds_what_only_the_market_answers_to(record):
    view = viewed(record, Settings(cut_pct=50, tariff_pct=25))
    text = briefing_page._script(view, brief(record, view.settings, view.before, view.after))
    assert "tariff=0.25" in text.partition("scenario = ")[2]


def test_a_floor_is_drawn_by_who_makes_what_it_is_on(record):
    floor = PriceMeasure("rare_earths_magnet", 2.0, "floor", "multiple")
    view = viewed(record, Settings(cut_pct=0, prices=(floor,)))
    assert briefing_page.of(view).pictures[-1].finding.startswith("Refined magnet rare earths: China ")


def test_a_file_is_stamped_with_the_day_it_is_made_on(record, monkeypatch):
    class Later(dt.date):
        @classmethod
        def today(cls):
            return cls(2031, 1, 5)

    view = viewed(record, Settings())
    first = briefing_page.of(view).stamp.made
    monkeypatch.setattr(briefing_page.dt, "date", Later)
    assert briefing_page.of(view).stamp.made == dt.date(2031, 1, 5) != first


def uploaded(page: AppTest, content: bytes) -> AppTest:
    page.file_uploader[0].upload("scenario.json", content, "application/json")
    return page.run()


def test_the_settings_of_a_file_are_those_of_the_next_run():
    page = uploaded(briefing(v="1", bloc="g7_cmpa"), written(**{"bloc": "us_eu_jp", "in": "IDN", "cut": "60"}))
    assert not page.exception
    assert not page.error
    assert page.session_state[controls.PENDING] == Settings(preset="us_eu_jp", invited=("IDN",), cut_pct=60)


def test_a_value_of_a_file_that_cannot_be_is_named_and_the_rest_is_taken():
    page = uploaded(briefing(v="1"), written(bloc="us_eu_jp", cut=140))
    assert page.error[0].value.startswith("Not all of the file could be read. A cut of '140'")
    assert page.session_state[controls.PENDING] == Settings(preset="us_eu_jp")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x89PNG garbage", "The file is not JSON text"),
        (b'{"format": ' + b"1" * 5000 + b"}", "The file is not JSON text"),
        (b"x" * (scenario_file.LARGEST + 1), "100,000 at most"),
        (b'{"format": "mineral-bloc-scenario", "version": "9"}', "of version '9'"),
        (written(cut=["50"]), "it takes text or a whole number"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_and_nothing_is_lost(content, says):
    page = uploaded(briefing(v="1", bloc="us_eu_jp", cut="60"), content)
    assert not page.exception
    assert says in page.error[0].value.replace("\\", "")
    assert controls.PENDING not in page.session_state
    assert page.session_state[session.SETTINGS] == Settings(preset="us_eu_jp", cut_pct=60)


@pytest.mark.browser
def test_a_file_opens_a_scenario_which_can_be_undone_and_taken_away(browser, address):
    page = open_page(browser, f"{address}/briefing?v=1&bloc=g7_cmpa")
    page.get_by_role("button", name="Open a scenario file").click()
    file = {"name": "s.json", "mimeType": "application/json", "buffer": written(bloc="us_eu_jp", cut="60")}
    page.locator("input[type=file]").set_input_files(files=[file])
    page.wait_for_url("**cut=60**")
    assert "bloc=us_eu_jp" in page.url
    page.keyboard.press("Escape")
    for label, start in (("PDF, two pages", b"%PDF"), ("PowerPoint", b"PK"), ("Excel", b"PK")):
        with page.expect_download() as taken:
            page.get_by_role("button", name=label, exact=True).click()
        assert Path(taken.value.path()).read_bytes().startswith(start)
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**bloc=g7_cmpa**")
    assert "cut=60" not in page.url
    page.context.close()


@pytest.mark.browser
def test_a_printed_page_holds_no_controls(browser, address):
    page = open_page(browser, f"{address}/briefing")
    page.emulate_media(media="print")
    for chrome in ("header", ".st-key-composer", ".stDownloadButton", ".stButtonGroup", ".stPopover"):
        expect(page.locator(chrome).locator("visible=true")).to_have_count(0, timeout=20_000)
    expect(page.locator(".stVegaLiteChart").locator("visible=true")).to_have_count(3, timeout=20_000)
    page.context.close()
