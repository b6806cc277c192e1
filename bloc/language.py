"""The language of the words on screen: messages stand in the code in English, every other language is one file.

A file of languages/ is a gettext catalogue (PO): each message with its translation, its placeholders kept by name. The
words of the record (names of countries and materials, notes) are messages too. What a file leaves out is said in
English.

A placeholder may ask for a form of the name it is filled with: `{country:own}` is the name as an owner, China’s. A
catalogue has its own forms, as entries of the context "form NAME": for `{product:de}` in a Spanish message the entry
"{name}" of the context "form de" holds the rule, "de {name}", and those of single names what departs from it, "del
litio".
"""

import contextvars
import gettext
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache, wraps
from itertools import islice
from pathlib import Path
from string import Formatter
from typing import Any, ParamSpec, TypeVar

FOLDER = Path(__file__).parent / "languages"
ENGLISH = "en"
# Context of a form of names, and the name that stands for all without a form of their own.
FORM, ANY_NAME = "form ", "{name}"
# Context of the words of the record.
RECORD = "record"
# Lines in which the head of a catalogue says what it is.
HEAD_LINES = 20
# A number of four figures alone, which some languages do not part.
FOUR_FIGURES = re.compile(r"(?<![\d,])(\d),(\d{3})(?![\d,])")

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Language:
    """One language: its code, its messages, forms of names by form and name."""

    code: str
    messages: gettext.NullTranslations = field(default_factory=gettext.NullTranslations)
    forms: Mapping[tuple[str, str], str] = field(default_factory=dict)
    rules: Mapping[str, Callable[[str], str]] = field(default_factory=dict)

    def form(self, form: str, name: str) -> str:
        """A name in a form: its own, else that of the rule, else as it is."""
        if isinstance(name, Listing):
            return join([self.form(form, each) for each in name.parts])
        if found := self.forms.get((form, name)):
            return found
        if form in self.rules:
            return self.rules[form](name)
        return self.forms.get((form, ANY_NAME), ANY_NAME).replace(ANY_NAME, name)


class Listing(str):
    """Names joined in a sentence that remember their parts, so that each of them can take a form."""

    parts: tuple[str, ...]

    def __new__(cls, text: str, parts: Sequence[str]) -> "Listing":
        """Join is done by `join`; this keeps both."""
        made = super().__new__(cls, text)
        made.parts = tuple(parts)
        return made


def possessive(name: str) -> str:
    """A name that owns something: China’s, the United States’."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def with_article(number: str) -> str:
    """A number behind the article: a 25 %, an 8 %; 8, 11, 18 and 80 to 89 start with a vowel."""
    return f"{'an' if number.startswith(('8', '11', '18')) else 'a'} {number}"


_ENGLISH = Language(ENGLISH, rules={"own": possessive, "a": with_article})
_spoken: contextvars.ContextVar[Language] = contextvars.ContextVar("language", default=_ENGLISH)


def available() -> tuple[str, ...]:
    """Codes of the languages there are: English, then those with a file."""
    return (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.po")))


@cache
def own_name(code: str) -> str:
    """What a language calls itself; only the head of its catalogue is read."""
    if code == ENGLISH:
        return "English"
    with (FOLDER / f"{code}.po").open(encoding="utf-8") as file:
        head = "".join(islice(file, HEAD_LINES))
    found = re.search(r'"X-Name: (.+?)\\n"', head)
    return found[1] if found else code


@cache
def language(code: str) -> Language:
    """A language by its code, read once.

    Raises
    ------
    ValueError
        If there is no such language.
    """
    if code == ENGLISH:
        return _ENGLISH
    if code not in available():
        raise ValueError(f"{code!r} is not one of the languages {', '.join(available())}")
    return read(code, (FOLDER / f"{code}.po").read_text("utf-8"))


def read(code: str, text: str) -> Language:
    """A language from the text of its catalogue."""
    # Imported here, since English needs no catalogue.
    import polib

    entries = polib.pofile(text)
    messages = gettext.GNUTranslations(io.BytesIO(entries.to_binary()))
    forms = {
        (entry.msgctxt.removeprefix(FORM), messages.pgettext(RECORD, entry.msgid)): entry.msgstr
        for entry in entries.translated_entries()
        if entry.msgctxt and entry.msgctxt.startswith(FORM)
    }
    return Language(code, messages, forms)


def current() -> Language:
    """The language spoken here: English unless another was chosen."""
    return _spoken.get()


def speak(code: str) -> None:
    """Speak a language from here on, in this thread."""
    _spoken.set(language(code))


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language inside a block."""
    token = _spoken.set(language(code))
    try:
        yield
    finally:
        _spoken.reset(token)


def bound(function: Callable[[], Result]) -> Callable[[], Result]:
    """A function that speaks today's language wherever it is called, as on another thread."""
    code = current().code

    def spoken() -> Result:
        with speaking(code):
            return function()

    return spoken


def mark(message: str) -> str:
    """A message as it stands, marked for the catalogues; `say` says it where it is shown."""
    return message


def say(message: str, /, **values: object) -> str:
    """A message in the language spoken, its placeholders filled with values."""
    said = current().messages.gettext(message)
    return _filled(said, values) if values else said


def say_many(number: float, one: str, many: str, /, **values: object) -> str:
    """A message for one or for many, `{number}` among its placeholders unless it is given in other words."""
    said = current().messages.ngettext(one, many, int(number) if number == int(number) else 2)
    return _filled(said, {"number": number, **values})


def say_as(context: str, message: str, /, **values: object) -> str:
    """A message that means something else elsewhere: its context tells them apart."""
    return _filled(current().messages.pgettext(context, message), values)


def said(messages: Mapping[str, str]) -> dict[str, str]:
    """Marked messages by their keys, in the language spoken."""
    return {key: say(message) for key, message in messages.items()}


def recorded(words: object) -> str:
    """Words of the record in the language spoken, as they are where no catalogue has them; empty for none."""
    return current().messages.pgettext(RECORD, words) if isinstance(words, str) and words else ""


def join(names: Sequence[str]) -> str:
    """Names in a sentence: A; A and B; A, B and C."""
    if len(names) < 2:
        return "".join(names)
    return say("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])


def number_marks() -> tuple[str, str]:
    """Decimal mark and thousands mark of the language."""
    return say_as("decimal mark", "."), say_as("thousands mark", ",")


def marks(number: str) -> str:
    """A number in figures with the marks of the language: 1,234.5 or 1.234,5."""
    decimal, thousands = number_marks()
    grouped = say_as("least figures with a thousands mark", "4") == "4"
    number = number if grouped else FOUR_FIGURES.sub(r"\1\2", number)
    return number.translate({ord("."): decimal, ord(","): thousands})


def per_language(
    maxsize: int | None = None,
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Keep the results of a function that has words in them, apart for each language."""

    def keeping(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @lru_cache(maxsize)
        def kept(_code: str, *args: Any, **named: Any) -> Result:
            return function(*args, **named)

        @wraps(function)
        def spoken(*args: Arguments.args, **named: Arguments.kwargs) -> Result:
            return kept(current().code, *args, **named)  # type: ignore[arg-type]

        return spoken

    return keeping


class _Forms(Formatter):
    """Fills placeholders; what stands behind a colon is a form of the name."""

    def format_field(self, value: Any, form: str) -> str:
        return current().form(form, str(value) if not isinstance(value, str) else value) if form else str(value)


_forms = _Forms()


@cache
def _asks_for_forms(message: str) -> bool:
    return any(form for _, _, form, _ in Formatter().parse(message))


def _filled(message: str, values: Mapping[str, object]) -> str:
    return _forms.vformat(message, (), values) if _asks_for_forms(message) else message.format_map(values)
