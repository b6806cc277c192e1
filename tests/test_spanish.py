"""Every page in Spanish: no message left in English, and the numbers of the English page."""

import gettext
import re
from collections import Counter

import polib
import pytest
from streamlit.testing.v1 import AppTest

from bloc import language, link
from bloc.briefing import case, finding, paragraph
from bloc.data import ROOT, load_record
from bloc.language import RECORD, speaking
from bloc.outcome import evaluate
from bloc.scenario import Restriction, Scenario
from bloc.settings import Settings

PAGES = {
    "overview": {"v": "1", "in": "IDN"},
    "supply": {"mineral": "nickel"},
    "supply, prices": {"mineral": "gallium", "part": "market"},
    "country": {"country": "IDN"},
    "concentration": {},
    "restrictions": {"chain": "gallium", "country": "JPN"},
    "prices": {"chain": "rare_earths_magnet"},
    "compare": {"in": "IDN"},
    "briefing": {},
    "story": {"story": "gallium", "step": "3"},
    "method": {"section": "published"},
}
# Spanish counts them in millions.
BILLIONS = re.compile(r"(\d+(?:\.\d+)?)\u00a0bn\b")
NUMBER = re.compile(r"\d+(?:[.,\u202f]\d+)*")


class Missing(gettext.NullTranslations):
    """Refuses a message that has no translation; words of the record may have none."""

    def gettext(self, message: str) -> str:
        raise KeyError(f"not translated: {message}")

    def ngettext(self, one: str, many: str, number: int) -> str:
        raise KeyError(f"not translated: {one}")

    def pgettext(self, context: str, message: str) -> str:
        if context == RECORD:
            return message
        raise KeyError(f"not translated: {context}, {message}")


@pytest.fixture
def strict(monkeypatch) -> None:
    spanish = language.read("es", (language.FOLDER / "es.po").read_text("utf-8"))
    spanish.messages.add_fallback(Missing())
    known = language.language
    monkeypatch.setattr(language, "language", lambda code: spanish if code == "es" else known(code))


def drawn(page: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    name = page.split(",")[0]
    return app if name == "overview" else app.switch_page(f"pages/{name}.py").run()


def texts(app: AppTest) -> list[str]:
    return [
        str(text)
        for each in [*app.title, *app.header, *app.markdown, *app.metric, *app.error]
        for text in (getattr(each, "label", ""), each.value, getattr(each, "delta", ""))
        if text
    ]


def numbers(said: list[str], decimal: str, thousands: str) -> Counter[str]:
    """Numbers that are read, without the marks of the language; a single one may be said as a word."""
    found = (figure.replace(thousands, "").replace(decimal, ".") for text in said for figure in NUMBER.findall(text))
    return Counter(each for each in found if each != "1")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_all_spanish_with_the_numbers_of_the_english_one(page, strict):
    english, spanish = drawn(page, **PAGES[page]), drawn(page, lang="es", **PAGES[page])
    in_english = [BILLIONS.sub(lambda found: f"{1000 * float(found[1]):.0f}", text) for text in texts(english)]
    assert not spanish.exception
    said, wanted = numbers(texts(spanish), ",", "\u202f"), numbers(in_english, ".", ",")
    assert wanted - said == Counter()
    # Half a percent is 0,5 %, all of them the 100 %.
    assert set(said - wanted) <= {"0.5", "100"}
    same = [text for text in texts(spanish) if text in texts(english) and len(re.findall(r"[a-z]{3,}", text)) > 3]
    assert [text for text in same if not text.startswith("<style") and "$$" not in text] == []


def test_an_unknown_language_of_a_link_is_named_and_english_is_spoken():
    app = drawn("overview", lang="tlh")
    assert "The link asks for the language 'tlh'" in app.error[0].value
    assert app.title[0].value.startswith("Half of need is met")


def test_a_wrong_link_is_refused_in_spanish(record):
    with speaking("es"):
        _, problems = link.from_query({"cut": "140", "bloc": "zz"}, record)
    assert problems[0] == "No se conoce el bloque 'zz'; se muestra el valor predeterminado."
    assert "'140'" in problems[1]


def test_sentences_agree_with_what_is_filled_in():
    record = load_record(language="es")
    scenario = Scenario(
        Scenario.from_preset("us_eu_jp", record=record).with_members(("IDN", "IND"), (), record).members,
        (Restriction("CHN", cut=0.5, products=("gallium", "indium")),),
    )
    settings = Settings(preset="us_eu_jp")
    with speaking("es"):
        before = case(record, settings.scenario(record), evaluate(record, settings.scenario(record)), frozenset())
        after = case(record, scenario, evaluate(record, scenario), frozenset())
        text = paragraph(record, before, after)
    assert "India e Indonesia" in text or "Indonesia e India" in text
    assert "galio e indio" in text
    assert not re.search(r"\bde el\b|\ba el\b|\by i|\{|\}|\bel <", text + finding(after))


def named(text: str) -> list[str]:
    return sorted(re.findall(r"\{[^{}]*\}", text))


def test_a_storyline_keeps_its_quantities_in_every_language():
    for path in sorted(language.FOLDER.glob("*.po")):
        stories = [
            each
            for each in polib.pofile(str(path))
            if any(file.startswith("bloc/stories/") for file, _ in each.occurrences)
        ]
        assert stories
        assert [each.msgid for each in stories if named(each.msgid) != named(each.msgstr)] == []
