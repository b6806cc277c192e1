"""Words in another language: messages, forms of names, numbers, a language in one file."""

import ast
import re
import threading
from string import Formatter

import polib
import pytest

from bloc import language, words
from bloc.data import ROOT, load_record
from bloc.language import ANY_NAME, FORM, bound, per_language, recorded, say, say_many, speaking
from bloc.languages import update

CATALOGUE = r"""
msgid ""
msgstr ""
"X-Name: Probe\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "{country} sells {goods}"
msgstr "{country} vende {goods:del}"

msgid "{first} and {last}"
msgstr "{first} {last:y}"

msgid "{number} country"
msgid_plural "{number} countries"
msgstr[0] "un país"
msgstr[1] "{number} países"

msgctxt "decimal mark"
msgid "."
msgstr ","

msgctxt "thousands mark"
msgid ","
msgstr " "

msgctxt "record"
msgid "China"
msgstr "Chine"

msgctxt "record"
msgid "indium"
msgstr "indio"

msgctxt "form y"
msgid "{name}"
msgstr "y {name}"

msgctxt "form y"
msgid "indium"
msgstr "e indio"

msgctxt "form del"
msgid "{name}"
msgstr "de {name}"

msgctxt "form del"
msgid "indium"
msgstr "del indio"
"""


@pytest.fixture
def probe(monkeypatch, tmp_path) -> str:
    """A language made of one file, as a third one would be."""
    (tmp_path / "probe.po").write_text(CATALOGUE, "utf-8")
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    for each in (language.language, language.own_name, load_record):
        each.cache_clear()
    yield "probe"
    for each in (language.language, language.own_name, load_record):
        each.cache_clear()


def test_english_is_said_as_it_stands():
    assert say("{country} sells {goods}", country="China", goods="indium") == "China sells indium"
    assert say_many(1, "{number} country", "{number} countries") == "1 country"
    assert say_many(0, "{number} country", "{number} countries") == "0 countries"
    assert words.number(1234.5, ",.1f") == "1,234.5"


def test_one_file_is_a_language(probe):
    assert language.available() == ("en", "probe")
    assert language.own_name(probe) == "Probe"
    with speaking(probe):
        assert say_many(1, "{number} country", "{number} countries") == "un país"
        assert say_many(2, "{number} country", "{number} countries") == "2 países"
        assert words.number(1234.5, ",.1f") == "1 234,5"
        assert load_record(language=probe).names["CHN"] == "Chine"
    assert load_record().names["CHN"] == "China"


def test_what_a_file_leaves_out_is_said_in_english(probe):
    with speaking(probe):
        assert say("Nothing is withheld.") == "Nothing is withheld."
        assert recorded("no such words") == "no such words"
        assert load_record(language=probe).names["FRA"] == "France"


def test_a_name_takes_its_own_form_or_that_of_the_rule(probe):
    with speaking(probe):
        assert say("{country} sells {goods}", country="China", goods="indio") == "China vende del indio"
        assert say("{country} sells {goods}", country="China", goods="galio") == "China vende de galio"


def test_each_name_of_a_list_takes_the_form_and_the_last_its_conjunction(probe):
    with speaking(probe):
        listed = words.listing(["galio", "plomo", "indio"])
        assert listed == "galio, plomo e indio"
        assert say("{country} sells {goods}", country="China", goods=listed) == (
            "China vende de galio, de plomo y del indio"
        )


@pytest.mark.parametrize(
    ("message", "value", "text"),
    [
        ("{x:own} cut", "China", "China’s cut"),
        ("{x:own} cut", "the United States", "the United States’ cut"),
        ("{x:a} cut", "25 %", "a 25 % cut"),
        ("{x:a} cut", "8 %", "an 8 % cut"),
        ("{x:a} cut", "11 %", "an 11 % cut"),
        ("{x:a} cut", "18 %", "an 18 % cut"),
        ("{x:a} cut", "1 %", "a 1 % cut"),
    ],
)
def test_forms_of_english(message, value, text):
    assert say(message, x=value) == text


def test_a_value_with_braces_is_not_read_as_a_message():
    assert say("{country} sells {goods}", country="{goods}", goods="{country:own}") == "{goods} sells {country:own}"


def test_none_of_the_record_is_said_as_nothing():
    assert recorded(None) == recorded(float("nan")) == recorded("") == ""


def test_an_unknown_language_is_refused_by_name():
    with pytest.raises(ValueError, match="'zz' is not one of the languages en"):
        language.language("zz")


def test_results_are_kept_apart_by_language(probe):
    calls = []

    @per_language()
    def titled(number: int) -> str:
        calls.append(number)
        return say_many(number, "{number} country", "{number} countries")

    assert (titled(1), titled(1)) == ("1 country", "1 country")
    with speaking(probe):
        assert (titled(1), titled(1)) == ("un país", "un país")
    assert titled(1) == "1 country"
    assert calls == [1, 1]


def test_a_bound_function_speaks_its_language_on_another_thread(probe):
    heard = []
    with speaking(probe):
        make = bound(lambda: say_many(1, "{number} country", "{number} countries"))
    for each in (make, lambda: say_many(1, "{number} country", "{number} countries")):
        thread = threading.Thread(target=lambda each=each: heard.append(each()))
        thread.start()
        thread.join()
    assert heard == ["un país", "1 country"]


def test_names_sort_as_a_reader_looks_for_them():
    assert sorted(["Zambia", "Åland", "Austria", "etiopía", "Ecuador"], key=words.alphabetical) == [
        *("Åland", "Austria", "Ecuador", "etiopía", "Zambia")
    ]


# The catalogues that come with the app.

CODE = [ROOT / "app.py", *sorted((ROOT / "bloc").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py"))]
SPOKEN = {"say": 0, "mark": 0, "say_as": 1, "say_many": 1}
CATALOGUES = sorted(language.FOLDER.glob("*.po"))
# Values that English has no use for: billions that are counted in millions.
SAID_ELSEWHERE = {"${amount}\u00a0bn": {"millions"}}
every_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name}


def forms(message: str) -> set[str]:
    return {form for _, _, form, _ in Formatter().parse(message) if form}


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_message_is_a_literal_or_one_that_was_marked(path):
    glued = [
        f"line {node.lineno}"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in SPOKEN
        and isinstance(node.args[SPOKEN[node.func.id]], ast.JoinedStr | ast.BinOp | ast.IfExp)
    ]
    assert glued == []


def test_no_message_is_said_both_of_one_and_of_many():
    told = [(each.context, each.message) for each in update.messages()]
    assert sorted({str(each) for each in told if told.count(each) > 1}) == []


def test_no_message_takes_rare_earths_for_one_thing():
    verbs = "is|was|has|does|rises|falls|costs|moves|covers|needs|comes|goes|stays"
    agrees = re.compile(rf"(?<!of )(?<!for )\{{(product|material|mineral|goods|chain)\}}(, [a-z]+,)? ({verbs})\b")
    assert [each.message for each in update.messages() if agrees.search(each.message)] == []


@every_catalogue
def test_a_catalogue_holds_every_message_of_the_code_and_of_the_record(path):
    held = {
        update.Key(each.msgid, each.msgid_plural, each.msgctxt)
        for each in polib.pofile(str(path))
        if not (each.msgctxt or "").startswith(FORM)
    }
    wanted = set(update.messages())
    assert sorted(map(str, wanted - held)) == [], "run: make languages"
    assert sorted(map(str, held - wanted)) == [], "run: make languages"


@every_catalogue
def test_every_message_is_translated(path):
    assert [each.msgid for each in polib.pofile(str(path)) if not each.translated()] == []


@every_catalogue
def test_a_translation_names_no_value_that_is_not_there(path):
    strange = [
        (text, sorted(placeholders(text) - known))
        for each in polib.pofile(str(path))
        for known in [
            placeholders(each.msgid) | placeholders(each.msgid_plural) | SAID_ELSEWHERE.get(each.msgid, set())
        ]
        for text in (each.msgstr, *each.msgstr_plural.values())
        if each.msgctxt != language.RECORD and not placeholders(text) <= known
    ]
    assert strange == []


@every_catalogue
def test_a_translation_asks_only_for_forms_that_have_a_rule(path):
    entries = polib.pofile(str(path))
    ruled = {each.msgctxt.removeprefix(FORM) for each in entries if each.msgctxt and each.msgid == ANY_NAME}
    asked = {
        form
        for each in entries
        if each.msgctxt != language.RECORD and not (each.msgctxt or "").startswith(FORM)
        for text in (each.msgstr, *each.msgstr_plural.values())
        for form in forms(text)
    }
    assert asked <= ruled
