"""A storyline: steps of a title, a text, a scenario and one or two pictures; read from TOML, checked, written back.

Numbers in a text are named, never typed: `{coverage:lithium:refined}` is filled in from the model when the step is
shown, so that a storyline cannot disagree with the record.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from bloc import link, words
from bloc.data import Record
from bloc.settings import Settings

FOLDER = Path(__file__).parent / "stories"
# What a file may hold; a step must fit on a screen that is read from the back of a room. [bytes, steps, characters]
LARGEST, MOST_STEPS = 100_000, 20
LONGEST_TITLE, LONGEST_TEXT, LONGEST_ABOUT = 180, 520, 160
MOST_PICTURES = 2
# Storylines without an order of their own stand last.
LAST = 1000
SIDES = ("mined", "refined")
MEMBERS = "members"
# Grades of the markets that are shown.
OFFERED = ("A", "B", "C")
# In front of a quantity of the accounting: of the baseline, not of the scenario.
BEFORE = "before"

# Arguments of each quantity a text may name; those of the market always come with their range.
QUANTITIES: Mapping[str, tuple[str, ...]] = {
    "members": (),
    "half_met": ("side",),
    "average": ("side",),
    "coverage": ("product", "side"),
    "bloc_share": ("product", "side"),
    "share": ("country", "product", "side"),
    "largest": ("product", "side"),
    "largest_share": ("product", "side"),
    "withheld": (),
    "bought": (),
    "trade_year": (),
    "available": ("product", "side"),
    "next": ("rank",),
    "next_adds": ("rank",),
    "next_best": ("rank",),
    "pairs": (),
    "apart": (),
    "refines_most": ("country",),
    "refining_leads": ("country",),
    "dearer": ("whom",),
    "effect": ("chain", "whom"),
    "lost": ("chain", "whom"),
    "level": ("instrument",),
    "holds_to": ("chain",),
    "floor_state": ("chain",),
    "users": ("chain",),
    "treasuries": ("chain",),
    "producers": ("chain",),
    "output": ("chain",),
    "contract_users": ("chain",),
    "contract_treasuries": ("chain",),
    "since": ("record",),
    "state": ("record",),
    "applied": ("record",),
}
ACCOUNTED = frozenset({"members", "half_met", "average", "coverage", "bloc_share", "withheld"})
# Arguments of each picture.
PICTURES: Mapping[str, tuple[str, ...]] = {
    "map": (),
    "ranking": ("number",),
    "supply": ("product", "side"),
    "history": ("product", "side"),
    "trade": ("mineral",),
    "gap": ("mineral",),
    "pairs": ("number",),
    "markets": ("whom",),
    "sellers": ("chain", "country"),
    "rerouting": ("chain",),
    "floor_levels": ("chain",),
    "payers": ("chain",),
    "floor_and_contract": ("chain",),
}
NAMED = re.compile(r"\{([^{}]*)\}")


class StoryError(ValueError):
    """A storyline that cannot be shown: the message names the file, the step and the bound."""


@dataclass(frozen=True)
class Reference:
    """A quantity or a picture by name, with its arguments; `before` asks for the baseline."""

    name: str
    arguments: tuple[str, ...] = ()
    before: bool = False

    @property
    def text(self) -> str:
        """As it is written in a file."""
        return ":".join([*([BEFORE] if self.before else []), self.name, *self.arguments])


@dataclass(frozen=True)
class Step:
    """One screen: title and text with their quantities still named, the scenario, and what is drawn."""

    title: str
    text: str
    settings: Settings
    pictures: tuple[Reference, ...]


@dataclass(frozen=True)
class Story:
    """A storyline; `key` is its name in a link."""

    key: str
    title: str
    about: str
    steps: tuple[Step, ...]
    order: int = LAST

    def with_step(self, step: Step) -> "Story":
        """Same storyline with a step at its end.

        Raises
        ------
        StoryError
            If it has as many steps as a storyline may have.
        """
        if len(self.steps) >= MOST_STEPS:
            raise StoryError(f"“{self.title}” has {MOST_STEPS} steps already, the most a storyline may have.")
        return replace(self, steps=(*self.steps, step))


def shipped(record: Record, folder: Path = FOLDER) -> tuple[dict[str, Story], list[str]]:
    """Storylines of a folder by key, in their order, and a sentence for each file that cannot be read."""
    found, problems = [], []
    for path in sorted(folder.glob("*.toml")):
        try:
            found.append(parse(path.read_bytes(), path.name, record))
        except StoryError as error:
            problems.append(str(error))
    return {each.key: each for each in sorted(found, key=lambda each: (each.order, each.key))}, problems


def parse(data: bytes, file: str, record: Record) -> Story:
    """Storyline of a file; its name without the ending becomes its key.

    Raises
    ------
    StoryError
        If the file is too large, is not TOML, or holds what cannot be shown.
    """
    found = _document(data, file)
    _known(file, found, ("title", "about", "order", "step"))
    order = found.get("order", LAST)
    if not isinstance(order, int) or isinstance(order, bool) or not 0 <= order <= LAST:
        raise StoryError(f"{file}: order {_short(order)} is not a whole number from 0 to {LAST}.")
    steps = found.get("step", [])
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        held = len(steps) if isinstance(steps, list) else _short(steps)
        raise StoryError(f"{file}: it holds {held} steps; 1 to {MOST_STEPS} may stand there, each under [[step]].")
    return Story(
        key=Path(file).stem,
        title=_text(file, found, "title", LONGEST_TITLE),
        about=_text(file, found, "about", LONGEST_ABOUT) if "about" in found else "",
        steps=tuple(_step(f"{file}, step {at}", each, record) for at, each in enumerate(steps, 1)),
        order=order,
    )


def _document(data: bytes, file: str) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise StoryError(f"{file}: it is of {len(data):,} bytes; a storyline is of {LARGEST:,} at most.")
    try:
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        raise StoryError(f"{file}: it is not text in UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise StoryError(f"{file}: it is not TOML: {_short(str(error))[1:-1]}.") from None


def _known(where: str, found: Mapping[str, Any], known: tuple[str, ...]) -> None:
    strange = [_short(each) for each in found if each not in known]
    if strange:
        raise StoryError(f"{where}: {words.listing(strange)} is not known here; known are {', '.join(known)}.")


def _text(where: str, found: Mapping[str, Any], name: str, longest: int) -> str:
    """A text of a file: not empty, not too long, and nothing in it that a screen cannot show."""
    text = found.get(name)
    if not isinstance(text, str) or not text.strip():
        raise StoryError(f"{where}: {name} is missing or empty; a text of 1 to {longest} characters is needed.")
    text = text.strip()
    if len(text) > longest:
        raise StoryError(f"{where}: {name} is of {len(text)} characters; {longest} is the most.")
    if any(not each.isprintable() and each != "\n" for each in text):
        raise StoryError(f"{where}: {name} holds a sign that cannot be printed.")
    return text


def _step(where: str, found: object, record: Record) -> Step:
    if not isinstance(found, dict):
        raise StoryError(f"{where}: {_short(found)} is not a step with title, text, scenario and pictures.")
    _known(where, found, ("title", "text", "scenario", "pictures"))
    title, text = _text(where, found, "title", LONGEST_TITLE), _text(where, found, "text", LONGEST_TEXT)
    for each in (title, text):
        _check_quantities(where, each, record)
    return Step(
        title=title,
        text=text,
        settings=_settings(where, found.get("scenario", ""), record),
        pictures=_pictures(where, found.get("pictures"), record),
    )


def _settings(where: str, scenario: object, record: Record) -> Settings:
    """Settings of the parameters of a link, each of which must hold."""
    if not isinstance(scenario, str):
        raise StoryError(f"{where}: scenario {_short(scenario)} is not the text of a link, like v=1&cut=50.")
    query = dict(parse_qsl(scenario.strip().lstrip("?"), keep_blank_values=True))
    _known(f"{where}, scenario", query, ("v", *link.PARAMETER.values()))
    settings, problems = link.from_query(query, record)
    if problems:
        raise StoryError(f"{where}: {problems[0].replace('The link', 'The scenario', 1)}")
    return settings


def _pictures(where: str, pictures: object, record: Record) -> tuple[Reference, ...]:
    if not isinstance(pictures, list) or not 1 <= len(pictures) <= MOST_PICTURES:
        held = len(pictures) if isinstance(pictures, list) else _short(pictures)
        raise StoryError(f"{where}: pictures {held}; a list of 1 or {MOST_PICTURES} names is needed.")
    return tuple(reference(where, "picture", str(each), PICTURES, record) for each in pictures)


def reference(where: str, what: str, text: str, known: Mapping[str, tuple[str, ...]], record: Record) -> Reference:
    """A quantity or a picture as it is written in a file.

    Raises
    ------
    StoryError
        If the name is not known, or an argument is not one of its kind.
    """
    found = _named(text)
    name, arguments, before = found.name, found.arguments, found.before
    if name not in known or (before and name not in ACCOUNTED):
        names = sorted(ACCOUNTED) if before else list(known)
        raise StoryError(f"{where}: the {what} {_short(text)} is not known; known are {', '.join(names)}.")
    kinds = known[name]
    if len(arguments) != len(kinds):
        form = ":".join([name, *(f"({kind})" for kind in kinds)])
        raise StoryError(f"{where}: the {what} {_short(text)} has {len(arguments)} arguments; it is written {form}.")
    for kind, argument in zip(kinds, arguments, strict=True):
        if not _is(kind, argument, record):
            raise StoryError(f"{where}: {_short(argument)} in the {what} {_short(text)} is not {WANTED[kind]}.")
    if kinds[-2:] == ("product", "side") and not _has_series(record, *arguments[-2:]):
        raise StoryError(
            f"{where}: no figures on {' '.join(arguments[-2:])} are on record for the {what} {_short(text)}."
        )
    return found


# What may stand as an argument, as a message says it.
WANTED = {
    "side": "mined or refined",
    "product": "a product of the record",
    "mineral": "a mineral of the record",
    "country": "a country code of the record, like USA",
    "whom": "a country code of the record, like USA, or members",
    "chain": "a market that is offered, like gallium",
    "record": "the id of a recorded restriction",
    "instrument": "the id of a recorded instrument with a level",
    "rank": "1, 2 or 3",
    "number": "a whole number from 5 to 40",
}


def _is(kind: str, argument: str, record: Record) -> bool:
    match kind:
        case "side":
            return argument in SIDES
        case "product":
            return argument in record.product_names
        case "mineral":
            return argument in set(record.products.mineral)
        case "country":
            return argument in record.known
        case "whom":
            return argument == MEMBERS or argument in record.known
        case "chain":
            markets = record.markets
            own = markets.grade.isin(OFFERED) & markets.variant_of.isna()
            return argument in set(markets.chain[own])
        case "record":
            return argument in set(record.restrictions.restriction_id)
        case "instrument":
            levers = record.instrument_levers
            return argument in set(levers.instrument_id[levers.usd_per_t.notna()])
        case "rank":
            return argument in ("1", "2", "3")
        case _:
            return argument.isascii() and argument.isdigit() and 5 <= int(argument[:4]) <= 40


def _has_series(record: Record, product: str, side: str) -> bool:
    series = record.series
    return bool(((series["product"] == product) & ((series.stage == "mine") == (side == "mined"))).any())


def _check_quantities(where: str, text: str, record: Record) -> None:
    for named in NAMED.findall(text):
        reference(where, "quantity", named, QUANTITIES, record)
    if set("{}") & set(NAMED.sub("", text)):
        raise StoryError(f"{where}: a brace stands alone; a quantity is written like {{members}}.")


def named_in(text: str) -> list[Reference]:
    """Quantities a checked text names, in order."""
    return [_named(each) for each in NAMED.findall(text)]


def fill(text: str, say: Callable[[Reference], str]) -> str:
    """A checked text with its quantities said; one at the start of a sentence gets a capital."""

    def said(match: re.Match[str]) -> str:
        value = say(_named(match[1]))
        start = text[: match.start()].rstrip()
        return words.capital(value) if not start or start[-1] in ".?!" else value

    return NAMED.sub(said, text)


def _named(text: str) -> Reference:
    before, *rest = text.split(":") if text.startswith(f"{BEFORE}:") else ("", *text.split(":"))
    return Reference(rest[0], tuple(rest[1:]), bool(before))


def scenario_text(settings: Settings) -> str:
    """Settings as the parameters of a link, what they are compared with included."""
    return urlencode(link.to_query(settings))


def to_toml(story: Story) -> str:
    """A storyline as a file that `parse` reads back."""
    lines = [f"title = {_quoted(story.title)}"]
    lines += [f"about = {_quoted(story.about)}"] if story.about else []
    lines += [f"order = {story.order}"] if story.order != LAST else []
    for step in story.steps:
        pictures = ", ".join(_quoted(each.text) for each in step.pictures)
        lines += [
            "",
            "[[step]]",
            f"title = {_quoted(step.title)}",
            f"text = {_quoted(step.text)}",
            f"scenario = {_quoted(scenario_text(step.settings))}",
            f"pictures = [{pictures}]",
        ]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    """Basic string of TOML: that of JSON, with the one sign JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _short(value: object, most: int = 60) -> str:
    """What a file holds, short and on one line."""
    text = repr(value)
    return text if len(text) <= most else f"{text[:most]}…"
