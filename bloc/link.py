"""Settings as a link and back: codes not names, a version, and a sentence for every value that cannot be.

`v` names the version of the defaults a link was written under. What a link leaves out takes the default of its own
version, so a default that changes later never changes an old link.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, fields, replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from bloc import words
from bloc.data import Record
from bloc.language import mark, say, say_many
from bloc.scenario import CONFIDENCES, HORIZONS, Assumed, Flooding, PriceMeasure, ScenarioError, StockChange
from bloc.settings import AS_IT_STANDS, SAME_MEMBERS, STAGES_OF, Applied, Settings

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
        applied=(),
        tariff_pct=0,
        tariff_products=(),
        preference_pct=100,
        prices=(),
        floodings=(),
        stocks=(),
        leak_pct=0,
        horizon="one_year",
        assumed=(),
    ),
}
SEPARATOR = "."
# Between the parts of a measure, and between measures: a dot may stand in a number.
PART, MEASURE = "~", "~~"
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
    "applied": "rec",
    "tariff_pct": "tariff",
    "tariff_products": "tariffon",
    "preference_pct": "pref",
    "prices": "price",
    "floodings": "flood",
    "stocks": "stock",
    "leak_pct": "leak",
    "horizon": "time",
    "assumed": "assume",
}
MEASURES: dict[str, type[Any]] = {
    "applied": Applied,
    "prices": PriceMeasure,
    "floodings": Flooding,
    "stocks": StockChange,
    "assumed": Assumed,
}
# Upper bounds of the whole percentages.
PERCENT = {
    "cut_pct": 100,
    "tariff_pct": 500,
    "preference_pct": 100,
    "leak_pct": 100,
}
# What a sentence says of a value that cannot be.
UNKNOWN = {
    "preset": mark("The bloc {value} is not known; the default is shown."),
    "confidence": mark("The certainty {value} is not known; the default is shown."),
    "stage": mark("The stage {value} is not known; the default is shown."),
    "supplier": mark("The supplier {value} is not known; the default is shown."),
    "territories": mark("The territories {value} is not known; the default is shown."),
    "horizon": mark("The horizon {value} is not known; the default is shown."),
    "cut_pct": mark("A cut of {value} is not a whole number from 0 to {most}; the default is shown."),
    "tariff_pct": mark("A tariff of {value} is not a whole number from 0 to {most}; the default is shown."),
    "preference_pct": mark("A preference of {value} is not a whole number from 0 to {most}; the default is shown."),
    "leak_pct": mark("A leakage of {value} is not a whole number from 0 to {most}; the default is shown."),
}
NONE = "-"


def to_query(settings: Settings) -> dict[str, str]:
    """Parameters of a link; a control on its default is left out, the version never is."""
    default = DEFAULTS[VERSION]
    query = {"v": VERSION}
    for name, parameter in PARAMETER.items():
        value = getattr(settings, name)
        if value != getattr(default, name):
            query[parameter] = _measures(value) if name in MEASURES else _text(value)
    return query


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return SEPARATOR.join(value) or NONE
    return str(value) or NONE


def _measures(measures: Iterable[Any]) -> str:
    """Measures part by part; a number without its needless zeros, a list with dots."""
    return MEASURE.join(PART.join(_part(value) for value in astuple(each)) for each in measures) or NONE


def _part(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else _text(value)


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
            say(
                "Version {version} is not known; it was read as version {known}.",
                version=_quoted(version),
                known=VERSION,
            )
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
            return _one_of(name, given, record.presets, default.preset)
        case "confidence":
            return _one_of(name, given, CONFIDENCES, default.confidence)
        case "stage":
            return _one_of(name, given, STAGES_OF, default.stage)
        case "supplier":
            return _one_of(name, given, sorted(record.known), default.supplier)
        case "territories":
            value, problem = _one_of(name, given, ("0", "1"), "0")
            return value == "1", problem
        case "horizon":
            return _one_of(name, given, HORIZONS, default.horizon)
        case "cut_pct" | "tariff_pct" | "preference_pct" | "leak_pct":
            return _percent(name, given, getattr(default, name), PERCENT[name])
        case "applied" | "prices" | "floodings" | "stocks" | "assumed":
            return _read_measures(MEASURES[name], given, record)
        case "products" | "tariff_products":
            return _strange_products(*_several(given, frozenset(record.product_names)))
        case "baseline":
            return _baseline(given, record)
        case _:
            return _strange_countries(*_several(given, record.known))


def _quoted(given: str, most: int = 40) -> str:
    """The visitor's text, short and on one line; shown as text, never as markup."""
    return repr(given if len(given) <= most else given[:most] + "…")


def _one_of(name: str, given: str, known: Iterable[str], default: str) -> tuple[str, list[str]]:
    if given in set(known):
        return given, []
    return default, [say(UNKNOWN[name], value=_quoted(given))]


def _percent(name: str, given: str, default: int, most: int) -> tuple[int, list[str]]:
    # A number of thousands of digits is refused by its length: Python would not read it.
    digits = given.lstrip("0") or given[-1:]
    if digits.isascii() and digits.isdigit() and len(digits) <= 3 and int(digits) <= most:
        return int(digits), []
    return default, [say(UNKNOWN[name], value=_quoted(given), most=most)]


# A link longer than this is not one of ours; the rest is left out, which a sentence says.
MOST_MEASURES = 100
# Fields of a measure that say how much of it is done; the others say of what.
LEVELS = ("level_pct", "level", "unit", "subsidy", "quantity_t", "value")


def _read_measures(kind: type[Any], given: str, record: Record) -> tuple[tuple[Any, ...], list[str]]:
    """Measures of one kind, each named in a sentence when it cannot be read."""
    found: dict[tuple[Any, ...], Any] = {}
    problems = []
    texts = [part for part in given.split(MEASURE) if part]
    for text in texts[:MOST_MEASURES]:
        try:
            measure = _read_measure(kind, text, record)
            if found.setdefault(aim(measure), measure) != measure:
                raise ScenarioError(say("another one of the same is set before it"))
        except ValueError as error:
            problems.append(
                say(
                    "The measure {measure} was left out: {reason}.",
                    measure=_quoted(text),
                    reason=_quoted(str(error), 200)[1:-1],
                )
            )
    if len(texts) > MOST_MEASURES:
        problems.append(say("Only the first {most} measures of a kind were read.", most=MOST_MEASURES))
    return tuple(sorted(found.values())), problems


def aim(measure: Any) -> tuple[Any, ...]:
    """What a measure acts on: it is set once, at one level."""
    return tuple(getattr(measure, each.name) for each in fields(measure) if each.name not in LEVELS)


def _read_measure(kind: type[Any], text: str, record: Record) -> Any:
    parts = ["" if part == NONE else part for part in text.split(PART)]
    known = fields(kind)
    if len(parts) != len(known):
        raise ScenarioError(
            say_many(
                len(parts),
                "it has {number} part, not {needed}",
                "it has {number} parts, not {needed}",
                needed=len(known),
            )
        )
    values = {each.name: _typed(each.type, part) for each, part in zip(known, parts, strict=True)}
    _check_names(values, record)
    return kind(**values)


def _typed(kind: object, part: str) -> object:
    """A part as the type of its field; a number is finite."""
    match kind:
        case builtin if builtin is int:
            if not (part.isascii() and part.isdigit() and len(part) <= 9):
                raise ScenarioError(say("{value} is not a whole number", value=repr(part)))
            return int(part)
        case builtin if builtin is float:
            value = _number(part)
            if not abs(value) < 1e12:
                raise ScenarioError(say("{value} is not a number below a million million", value=repr(part)))
            return value
        case builtin if builtin is bool:
            if part not in ("0", "1"):
                raise ScenarioError(say("{value} is neither 0 nor 1", value=repr(part)))
            return part == "1"
        case builtin if builtin is str:
            return part
        case _:
            return tuple(code for code in part.split(SEPARATOR) if code)


NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,3})?", re.IGNORECASE)


def _number(part: str) -> float:
    # Python would also read 1_0 and digits of other scripts.
    if not NUMBER.fullmatch(part):
        raise ScenarioError(say("{value} is not a number", value=repr(part)))
    return float(part)


def _check_names(values: Mapping[str, Any], record: Record) -> None:
    """Refuse products, countries, records and assumptions the record does not know."""
    known = {
        "product": record.product_names,
        "supplier": record.known,
        "restriction_id": record.applicable,
        "name": record.assumption_names,
    }
    for name, names in known.items():
        if name in values and values[name] not in names:
            raise ScenarioError(say("{value} is not known", value=repr(values[name])))
    for code in values.get("holders", ()):
        if code not in record.known:
            raise ScenarioError(say("{value} is not a country of the record", value=repr(code)))
    if values.get("chain") and values["chain"] not in record.market_names:
        raise ScenarioError(say("{value} is not a market of the record", value=repr(values["chain"])))


def _several(given: str, known: frozenset[str]) -> tuple[tuple[str, ...], list[str]]:
    """Codes that are known, in order, and those that are not."""
    codes = [code for code in given.split(SEPARATOR) if code]
    strange = [_quoted(code) for code in dict.fromkeys(codes) if code not in known]
    return tuple(sorted({code for code in codes if code in known})), strange


def _strange_products(found: tuple[str, ...], strange: list[str]) -> tuple[tuple[str, ...], list[str]]:
    if not strange:
        return found, []
    problem = say_many(
        len(strange),
        "The product {names} is not known; it was left out.",
        "The products {names} are not known; they were left out.",
        names=words.listing(strange),
    )
    return found, [problem]


def _strange_countries(found: tuple[str, ...], strange: list[str]) -> tuple[tuple[str, ...], list[str]]:
    if not strange:
        return found, []
    problem = say_many(
        len(strange),
        "The country {names} is not known; it was left out.",
        "The countries {names} are not known; they were left out.",
        names=words.listing(strange),
    )
    return found, [problem]


def _baseline(given: str, record: Record) -> tuple[str, list[str]]:
    """A word, a preset, or settings held as text; what cannot be read falls back to the preset as it stands."""
    if given in {AS_IT_STANDS, SAME_MEMBERS, *record.presets}:
        return given, []
    if "v=" in given:
        held, problems = from_text(given, record)
        return to_text(held), problems
    problem = say("What to compare with, {value}, is not known; the preset is shown instead.", value=_quoted(given))
    return AS_IT_STANDS, [problem]


# What a baseline leaves aside; the horizon and the assumptions stay, so that only what is done differs.
MEASURES_ON_TRADE = (
    *("products", "stage", "targets", "applied", "tariff_pct", "tariff_products", "preference_pct"),
    *("prices", "floodings", "stocks", "leak_pct"),
)


def baseline_settings(settings: Settings, record: Record) -> Settings:
    """What the settings are compared with; nothing is withheld or levied in it unless held settings say so."""
    nothing_withheld = replace(
        settings,
        **{name: getattr(Settings(), name) for name in MEASURES_ON_TRADE},
        cut_pct=0,
        baseline=AS_IT_STANDS,
    )
    if settings.baseline == SAME_MEMBERS:
        return nothing_withheld
    if "v=" in settings.baseline:
        return from_text(settings.baseline, record)[0]
    return replace(nothing_withheld, preset=settings.baseline or settings.preset, invited=(), left_out=())
