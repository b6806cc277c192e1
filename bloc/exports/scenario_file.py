"""A scenario as a JSON file, out and in. Read by the checks of a link, on the same parameters."""

import json
from collections.abc import Mapping

from bloc import link, words
from bloc.data import Record
from bloc.exports.brief import Brief
from bloc.language import say, say_many
from bloc.settings import Settings

FORMAT = "mineral-bloc-scenario"
# A scenario takes a kilobyte or two; what is larger is something else. [bytes]
LARGEST = 100_000


class ScenarioFileError(ValueError):
    """A file that is not a scenario; the message says what is wrong and what may stand there."""


def to_json(brief: Brief) -> str:
    """Settings as a file; what it says in words is for readers and is not read back."""
    stamp = brief.stamp
    return json.dumps(
        {
            "format": FORMAT,
            "version": link.VERSION,
            "parameters": {name: value for name, value in link.to_query(brief.settings).items() if name != "v"},
            "in words": [brief.title, *stamp.settings],
            "made by": stamp.line,
        },
        ensure_ascii=False,
        indent=2,
    )


def from_json(data: bytes, record: Record) -> tuple[Settings, list[str]]:
    """Settings of a file and a sentence for each value that cannot be, which falls back to its default.

    Raises
    ------
    ScenarioFileError
        If the file is too large, is not JSON, is of another kind or version, or holds values of another type.
    """
    if len(data) > LARGEST:
        raise ScenarioFileError(
            say(
                "The file is of {size} bytes. A scenario is of {most} at most, so nothing was read.",
                size=words.number(len(data), ","),
                most=words.number(LARGEST, ","),
            )
        )
    return link.from_query(_parameters(_document(data)), record)


def _document(data: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        # Besides text that is no JSON, a number of thousands of digits.
        raise ScenarioFileError(
            say("The file is not JSON text, so nothing was read. Choose one saved with “Scenario file”.")
        ) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ScenarioFileError(
            say(
                "The file is not a scenario of this app: its “{name}” is not {format}. Nothing was read. Choose one "
                "saved with “Scenario file”.",
                name="format",
                format=FORMAT,
            )
        )
    if found.get("version") not in list(link.DEFAULTS):
        raise ScenarioFileError(
            say(
                "The file is of version {version}; this app reads version {known}. Nothing was read.",
                version=_short(found.get("version")),
                known=words.listing(list(link.DEFAULTS)),
            )
        )
    return found


def _parameters(found: Mapping[str, object]) -> dict[str, str]:
    given = found.get("parameters")
    if not isinstance(given, dict):
        raise ScenarioFileError(say("The file holds no “{name}” by name, so nothing was read.", name="parameters"))
    known = set(link.PARAMETER.values())
    if strange := sorted(set(given) - known):
        raise ScenarioFileError(
            say_many(
                len(strange),
                "The file holds the parameter {names}, not known here; known are {known}. Nothing was read.",
                "The file holds the parameters {names}, not known here; known are {known}. Nothing was read.",
                names=words.listing([_short(each) for each in strange]),
                known=", ".join(sorted(known)),
            )
        )
    return {"v": str(found["version"])} | {name: _as_text(name, value) for name, value in given.items()}


def _as_text(name: str, value: object) -> str:
    """A value as a link has it: text, or a whole number."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9:
        return str(value)
    raise ScenarioFileError(
        say(
            "The file gives {value} for {name}; it takes text or a whole number. Nothing was read.",
            value=_short(value),
            name=name,
        )
    )


def _short(value: object) -> str:
    if value is None:
        return say("nothing")
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
