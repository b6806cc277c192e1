"""Bring the catalogues up to date with the messages of the code and the words of the record, or start a new one.

python -m bloc.languages.update       every catalogue: new messages are empty, those that are gone are left out
python -m bloc.languages.update fr    the same, and a catalogue for French where there is none
"""

import csv
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import polib
from babel.messages.extract import extract_from_dir

from bloc.language import FOLDER, FORM

ROOT = FOLDER.parents[1]
# Arguments of each function that hold messages; the context comes first in `say_as`.
KEYWORDS = {"say": None, "mark": None, "say_many": (2, 3), "say_as": ((1, "c"), 2)}
# Columns of the record whose words the screens show; proper names of projects, sites and sources stay as they are.
RECORDED: Mapping[str, tuple[str, ...]] = {
    "country": ("name", "in_sentence"),
    "mineral": ("name", "in_sentence"),
    "product": ("name", "in_sentence"),
    "grouping": ("name", "short_name"),
}
WIDTH = 110


class Key(NamedTuple):
    """What tells messages apart: context, message, its plural."""

    context: str | None
    message: str
    plural: str


def of_the_code() -> Iterator[tuple[Key, str]]:
    """Messages of the code with the file each stands in."""
    for folder in ("bloc", "pages"):
        found = extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=KEYWORDS)
        for file, _, message, _, context in sorted(found, key=lambda each: (str(each[0]), each[1])):
            one, many = message if isinstance(message, tuple) else (message, "")
            yield Key(context, one, many), f"{folder}/{Path(file).as_posix()}"


def of_the_record() -> Iterator[tuple[Key, str]]:
    """Words of the record with the table each stands in."""
    for table, columns in RECORDED.items():
        with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for column in columns:
            for row in rows:
                if row[column]:
                    yield Key(None, row[column], ""), f"data/{table}.csv"


def messages() -> dict[Key, list[str]]:
    """Every message with the files it stands in, those of the code first."""
    found: dict[Key, list[str]] = {}
    for key, file in (*of_the_code(), *of_the_record()):
        files = found.setdefault(key, [])
        if file not in files:
            files.append(file)
    return found


def updated(old: polib.POFile) -> polib.POFile:
    """A catalogue with today's messages and the translations it had; its forms of names stay."""
    known = {Key(each.msgctxt, each.msgid, each.msgid_plural): each for each in old}
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
        made.append(entry)
    for each in old:
        if each.msgctxt and each.msgctxt.startswith(FORM):
            made.append(each)
    return made


def new(code: str) -> polib.POFile:
    """An empty catalogue; its head says what to fill in."""
    made = polib.POFile(wrapwidth=WIDTH)
    made.metadata = {
        "Language": code,
        "X-Name": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
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
