"""Settings as a link and back: codes not names, a version, and a sentence for every value that cannot be.

`v` names the version of the defaults a link was written under. What a link leaves out takes the default of its own
version, so a default that changes later never changes an old link.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from bloc import words
from bloc.data import Record
from bloc.scenario import CONFIDENCES
from bloc.settings import AS_IT_STANDS, SAME_MEMBERS, STAGES_OF, Settings

VERSION = "1"
# Frozen for ever: a new version is a new entry, never a change of an old one.
DEFAULTS: Mapping[str, Settings] = {
    "1": Settings(
        preset="cmm_2026",
        confidence="inferred",
        invited=(),
        left_out=(),
        territories=False,
        supplier="CHN",
        cut_pct=25,
        products=(),
        stage="",
        targets=(),
        baseline="",
    ),
}
SEPARATOR = "."
# Parameter of each control: short names make short links.
PARAMETER = {
    "preset": "bloc",
    "confidence": "sure",
    "invited": "in",
    "left_out": "out",
    "territories": "terr",
    "supplier": "by",
    "cut_pct": "cut",
    "products": "of",
    "stage": "at",
    "targets": "to",
    "baseline": "vs",
}
NONE = "-"


def to_query(settings: Settings) -> dict[str, str]:
    """Parameters of a link; a control on its default is left out, the version never is."""
    default = DEFAULTS[VERSION]
    query = {"v": VERSION}
    for name, parameter in PARAMETER.items():
        value = getattr(settings, name)
        if value != getattr(default, name):
            query[parameter] = _text(value)
    return query


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return SEPARATOR.join(value) or NONE
    return str(value) or NONE


def to_text(settings: Settings) -> str:
    """Parameters of a link as one string, without the baseline: what "compare with" holds."""
    query = to_query(settings)
    query.pop(PARAMETER["baseline"], None)
    return urlencode(query)


def from_text(text: str, record: Record) -> tuple[Settings, list[str]]:
    """Settings from the string of `to_text`; a baseline in it is left alone, so that none holds another."""
    query = {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}
    query.pop(PARAMETER["baseline"], None)
    return from_query(query, record)


def from_query(query: Mapping[str, str], record: Record) -> tuple[Settings, list[str]]:
    """Settings of a link and a sentence for each value that cannot be, which falls back to its default.

    Parameters the app does not know are left alone.
    """
    problems: list[str] = []
    version = query.get("v", VERSION)
    if version not in DEFAULTS:
        problems.append(
            f"This link is of version {_quoted(version)}, which is not known; it was read as version {VERSION}."
        )
        version = VERSION
    settings = DEFAULTS[version]
    values: dict[str, Any] = {}
    for name, parameter in PARAMETER.items():
        if parameter in query:
            given = "" if query[parameter] == NONE else query[parameter]
            value, problem = _read(name, given, settings, record)
            values[name] = value
            problems += problem
    return replace(settings, **values), problems


def _read(name: str, given: str, default: Settings, record: Record) -> tuple[object, list[str]]:
    """Value of one parameter, or its default and a sentence."""
    match name:
        case "preset":
            return _one_of("bloc", given, record.presets, default.preset)
        case "confidence":
            return _one_of("certainty", given, CONFIDENCES, default.confidence)
        case "stage":
            return _one_of("stage", given, STAGES_OF, default.stage)
        case "supplier":
            return _one_of("supplier", given, sorted(record.known), default.supplier)
        case "territories":
            value, problem = _one_of("territories", given, ("0", "1"), "0")
            return value == "1", problem
        case "cut_pct":
            return _percent(given, default.cut_pct)
        case "products":
            return _several("product", given, frozenset(record.product_names))
        case "baseline":
            return _baseline(given, record)
        case _:
            return _several("country", given, record.known)


def _quoted(given: str) -> str:
    """The visitor's text, short and on one line; shown as text, never as markup."""
    return repr(given if len(given) <= 40 else given[:40] + "…")


def _one_of(label: str, given: str, known: Iterable[str], default: str) -> tuple[str, list[str]]:
    if given in set(known):
        return given, []
    return default, [f"The link asks for the {label} {_quoted(given)}, which is not known; the default is shown."]


def _percent(given: str, default: int) -> tuple[int, list[str]]:
    # A number of thousands of digits is refused by its length: Python would not read it.
    digits = given.lstrip("0") or given[-1:]
    if digits.isascii() and digits.isdigit() and len(digits) <= 3 and int(digits) <= 100:
        return int(digits), []
    return default, [f"The link asks for a cut of {_quoted(given)}, which is not a whole number from 0 to 100."]


def _several(label: str, given: str, known: frozenset[str]) -> tuple[tuple[str, ...], list[str]]:
    codes = [code for code in given.split(SEPARATOR) if code]
    strange = [_quoted(code) for code in dict.fromkeys(codes) if code not in known]
    found = tuple(sorted({code for code in codes if code in known}))
    if not strange:
        return found, []
    are, were = ("is", "it was") if len(strange) == 1 else ("are", "they were")
    named = f"{words.plural(label, len(strange))} {words.listing(strange)}"
    return found, [f"The link names the {named}, which {are} not known; {were} left out."]


def _baseline(given: str, record: Record) -> tuple[str, list[str]]:
    """A word, a preset, or settings held as text; what cannot be read falls back to the preset as it stands."""
    if given in {AS_IT_STANDS, SAME_MEMBERS, *record.presets}:
        return given, []
    if "v=" in given:
        held, problems = from_text(given, record)
        return to_text(held), problems
    return AS_IT_STANDS, [f"The link compares with {_quoted(given)}, which is not known; the preset is shown instead."]


def baseline_settings(settings: Settings, record: Record) -> Settings:
    """What the settings are compared with; nothing is withheld in it unless it is held settings that say so."""
    nothing_withheld = replace(settings, cut_pct=0, products=(), stage="", targets=(), baseline=AS_IT_STANDS)
    if settings.baseline == SAME_MEMBERS:
        return nothing_withheld
    if "v=" in settings.baseline:
        return from_text(settings.baseline, record)[0]
    return replace(nothing_withheld, preset=settings.baseline or settings.preset, invited=(), left_out=())
