"""Bring the catalogues up to date with the messages of the code and the words of the record, or start a new one.

python -m bloc.languages.update       every catalogue: new messages are empty, those that are gone are left out
python -m bloc.languages.update fr    the same, and a catalogue for French where there is none
"""

import ast
import csv
import sys
import tomllib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polib
from babel import Locale
from babel.messages.plurals import get_plural

from bloc import words
from bloc.language import FOLDER, FORM, RECORD

ROOT = FOLDER.parents[1]
# What the literal arguments of each function are.
ARGUMENTS = {
    "say": ("message",),
    "mark": ("message",),
    "say_as": ("context", "message"),
    "say_many": ("message", "plural"),
}
SERIES = ("form", "basis", "unit", "note")
# Columns of the record whose words the screens show; proper names of projects, sites and sources stay as they are.
RECORDED: Mapping[str, tuple[str, ...]] = {
    "country": ("name", "in_sentence"),
    "mineral": ("name", "in_sentence"),
    "product": ("name", "in_sentence"),
    "grouping": ("name", "short_name"),
    "agreement": ("title", "kind", "status"),
    "restriction": ("material", "scope", "measure", "level", "status"),
    "restriction_lever": ("note", "reason"),
    "instrument": ("status",),
    **dict.fromkeys((f"series_{family}" for family in ("usgs", "iea", "bgs", "wmd", "other")), SERIES),
    "reserve": ("form", "basis"),
    "capacity": ("form", "area"),
    "outlook": ("basis", "scenario"),
    "project": ("stage", "output", "basis", "status", "backers"),
    "recycling": ("supply_class", "substitution_difficulty", "host_metals"),
    "site": ("stage", "status", "material"),
    "hs_code": ("description", "trade_stage", "note"),
    "price": ("item", "note"),
    "price_month": ("item",),
    "price_gap": ("form", "china_basis", "outside_basis", "trust", "note"),
    "import_reliance": ("item", "note"),
    "import_source": ("form", "partner", "note"),
    "market_chain": ("basis", "warning"),
    "assumption": ("note",),
    "benchmark": ("published",),
    "source": ("licence",),
}
WIDTH = 110


class Key(NamedTuple):
    """What tells messages apart: the message, its plural, its context."""

    message: str
    plural: str = ""
    context: str | None = None


def of_the_code() -> Iterator[tuple[Key, str]]:
    """Messages of the code with the file each stands in."""
    for path in (ROOT / "app.py", *sorted((ROOT / "bloc").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py"))):
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda each: (each.lineno, each.col_offset)):
            if isinstance(call.func, ast.Name) and call.func.id in ARGUMENTS:
                texts = [str(each.value) for each in call.args if isinstance(each, ast.Constant)]
                if len(texts) >= len(ARGUMENTS[call.func.id]):
                    yield _key(call.func.id, texts), path.relative_to(ROOT).as_posix()


def _key(function: str, texts: list[str]) -> Key:
    given = dict(zip(ARGUMENTS[function], texts, strict=False))
    return Key(given["message"], given.get("plural", ""), given.get("context"))


def of_the_record() -> Iterator[tuple[Key, str]]:
    """Words of the record with the table each stands in."""
    for table, columns in RECORDED.items():
        rows = _rows(table)
        for column in columns:
            for row in rows:
                for text in _said(table, column, row[column]):
                    yield Key(text, context=RECORD), f"data/{table}.csv"


def _said(table: str, column: str, text: str) -> list[str]:
    """A cell as it is said: whole, and in the parts that stand alone somewhere."""
    match table, column:
        case "restriction", "material":
            parts = [text, *text.split(", ")]
        case "restriction", "status":
            parts = [text, text.partition("; ")[2]]
        case "market_chain", "warning":
            parts = [text, text.removeprefix("Superseded: ")]
        case "import_reliance", "item":
            goods, of, consumption = text.rpartition(", of ")
            parts = [goods, f"of {consumption}"] if of else [text]
        case _:
            parts = [text]
    return [each for each in parts if any(sign.isalpha() for sign in each)]


def _rows(table: str) -> list[dict[str, str]]:
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_the_stories() -> Iterator[tuple[Key, str]]:
    """Texts of the storylines that come with the app."""
    for path in sorted((ROOT / "bloc" / "stories").glob("*.toml")):
        story = tomllib.loads(path.read_text("utf-8"))
        for text in (
            story["title"],
            story["about"],
            *(step[name] for step in story["step"] for name in ("title", "text")),
        ):
            yield Key(text.strip(), context=RECORD), f"bloc/stories/{path.name}"


def messages() -> dict[Key, list[str]]:
    """Every message with the files it stands in, those of the code first."""
    found: dict[Key, list[str]] = {}
    for key, file in (*of_the_code(), *of_the_stories(), *of_the_record()):
        files = found.setdefault(key, [])
        if file not in files:
            files.append(file)
    return found


def updated(old: polib.POFile) -> polib.POFile:
    """A catalogue with today's messages and the translations it had; its forms of names stay."""
    known = {Key(each.msgid, each.msgid_plural, each.msgctxt): each for each in old}
    forms = int(old.metadata["Plural-Forms"].partition("nplurals=")[2].partition(";")[0])
    made = polib.POFile(wrapwidth=WIDTH)
    made.metadata = old.metadata
    for key, files in messages().items():
        entry = polib.POEntry(
            msgctxt=key.context, msgid=key.message, msgid_plural=key.plural, occurrences=[(file, "") for file in files]
        )
        before = known.get(key)
        if key.plural:
            entry.msgstr_plural = dict(before.msgstr_plural) if before else dict.fromkeys(range(forms), "")
        elif before:
            entry.msgstr = before.msgstr
        if before:
            # A translator's doubts and notes.
            entry.flags, entry.tcomment, entry.comment = before.flags, before.tcomment, before.comment
        made.append(entry)
    for each in old:
        if each.msgctxt and each.msgctxt.startswith(FORM):
            made.append(each)
    return made


def new(code: str) -> polib.POFile:
    """A catalogue that is empty but for the names of countries as the Unicode locale data have them."""
    made, locale = polib.POFile(wrapwidth=WIDTH), Locale.parse(code, sep="-" if "-" in code else "_")
    made.metadata = {
        "Language": code,
        "X-Name": words.capital(str(locale.get_display_name(str(locale)))),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": str(get_plural(str(locale))),
    }
    for row in _rows("country"):
        if name := locale.territories.get(row["iso2"]):
            for english in dict.fromkeys([row["name"], row["in_sentence"]]):
                made.append(polib.POEntry(msgctxt=RECORD, msgid=english, msgstr=name))
    return made


def main(codes: list[str]) -> None:
    """Update every catalogue there is and start those that are named."""
    for code in codes:
        if not (path := FOLDER / f"{code}.po").exists():
            new(code).save(str(path))
    for path in sorted(FOLDER.glob("*.po")):
        made = updated(polib.pofile(str(path)))
        made.save(str(path))
        left = sum(not each.translated() for each in made)
        print(f"{path.name}: {len(made)} messages, {left} not translated")


if __name__ == "__main__":
    main(sys.argv[1:])
