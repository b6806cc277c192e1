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
from bloc.language import mark, say, say_many
from bloc.places import EUROPEAN_UNION
from bloc.settings import Settings

FOLDER = Path(__file__).parent / "stories"
# What a file may hold; a step must fit on a screen that is read from the back of a room. [bytes, steps, characters]
LARGEST, MOST_STEPS = 100_000, 20
LONGEST_TITLE, LONGEST_TEXT, LONGEST_ABOUT = 180, 520, 160
MOST_PICTURES = 2
# Rows a ranking can have, as they are written.
ROWS = frozenset(map(str, range(5, 41)))
# Storylines without an order of their own stand last.
LAST = 1000
SIDES = ("mined", "refined")
STORY_KEYS = ("title", "about", "order", "step")
STEP_KEYS = ("title", "text", "scenario", "pictures")
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
            raise StoryError(
                say(
                    "“{title}” has {number} steps already, the most a storyline may have.",
                    title=self.title,
                    number=MOST_STEPS,
                )
            )
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
    _known(file, found, STORY_KEYS)
    order, steps = _order(file, found), _steps(file, found)
    return Story(
        key=Path(file).stem,
        title=_text(file, found, "title", LONGEST_TITLE),
        about=_text(file, found, "about", LONGEST_ABOUT) if "about" in found else "",
        steps=tuple(_step(place, each, record) for place, each in steps.items()),
        order=order,
    )


def _order(file: str, found: Mapping[str, Any]) -> int:
    order = found.get("order", LAST)
    if not isinstance(order, int) or isinstance(order, bool) or not 0 <= order <= LAST:
        raise StoryError(
            say(
                "{place}: {name} {value} is not a whole number from 0 to {most}.",
                place=file,
                name="order",
                value=_short(order),
                most=LAST,
            )
        )
    return order


def _steps(file: str, found: Mapping[str, Any]) -> dict[str, object]:
    """What a file holds as steps, by the place of each as a message names it."""
    steps = found.get("step", [])
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        held = len(steps) if isinstance(steps, list) else _short(steps)
        raise StoryError(
            say(
                "{place}: it holds {held} steps; 1 to {most} may stand there, each under [[step]].",
                place=file,
                held=held,
                most=MOST_STEPS,
            )
        )
    return {say("{file}, step {number}", file=file, number=at): each for at, each in enumerate(steps, 1)}


def _document(data: bytes, file: str) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise StoryError(
            say(
                "{place}: it is of {size} bytes; a storyline is of {most} at most.",
                place=file,
                size=words.number(len(data), ","),
                most=words.number(LARGEST, ","),
            )
        )
    try:
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        raise StoryError(say("{place}: it is not text in UTF-8.", place=file)) from None
    except (ValueError, RecursionError) as error:
        # Besides text that is no TOML, a number of thousands of digits.
        reason = _short(str(error))[1:-1]
        raise StoryError(say("{place}: it is not TOML: {reason}.", place=file, reason=reason)) from None


def _known(where: str, found: Mapping[str, Any], known: tuple[str, ...]) -> None:
    strange = [_short(each) for each in found if each not in known]
    if strange:
        raise StoryError(
            say(
                "{place}: {name} is not known here; known are {names}.",
                place=where,
                name=words.listing(strange),
                names=", ".join(known),
            )
        )


def _text(where: str, found: Mapping[str, Any], name: str, longest: int) -> str:
    """A text of a file: not empty, not too long, and nothing in it that a screen cannot show."""
    text = found.get(name)
    if not isinstance(text, str) or not text.strip():
        raise StoryError(
            say(
                "{place}: {name} is missing or empty; a text of 1 to {most} characters is needed.",
                place=where,
                name=name,
                most=longest,
            )
        )
    text = text.strip()
    if len(text) > longest:
        raise StoryError(
            say(
                "{place}: {name} is of {number} characters; {most} is the most.",
                place=where,
                name=name,
                number=len(text),
                most=longest,
            )
        )
    if any(not each.isprintable() and each != "\n" for each in text):
        raise StoryError(say("{place}: {name} holds a sign that cannot be printed.", place=where, name=name))
    return text


def _step(where: str, found: object, record: Record) -> Step:
    if not isinstance(found, dict):
        raise StoryError(
            say(
                "{place}: {value} is not a step with {names}.",
                place=where,
                value=_short(found),
                names=words.listing(STEP_KEYS),
            )
        )
    _known(where, found, STEP_KEYS)
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
        raise StoryError(
            say(
                "{place}: {name} {value} is not the text of a link, like {example}.",
                place=where,
                name="scenario",
                value=_short(scenario),
                example="v=1&cut=50",
            )
        )
    query = dict(parse_qsl(scenario.strip().lstrip("?"), keep_blank_values=True))
    place = f"{where}, scenario"
    _known(place, query, ("v", *link.PARAMETER.values()))
    settings, problems = link.from_query(query, record)
    if problems:
        raise StoryError(f"{place}: {problems[0]}")
    return settings


def _pictures(where: str, pictures: object, record: Record) -> tuple[Reference, ...]:
    if not isinstance(pictures, list) or not 1 <= len(pictures) <= MOST_PICTURES:
        held = len(pictures) if isinstance(pictures, list) else _short(pictures)
        raise StoryError(
            say(
                "{place}: {name} {held}; a list of 1 or {most} names is needed.",
                place=where,
                name="pictures",
                held=held,
                most=MOST_PICTURES,
            )
        )
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
        raise StoryError(say(UNKNOWN[what], place=where, written=_short(text), names=", ".join(names)))
    kinds = known[name]
    if len(arguments) != len(kinds):
        form = ":".join([name, *(f"({kind})" for kind in kinds)])
        raise StoryError(_miscounted(what, len(arguments), place=where, written=_short(text), form=form))
    for kind, argument in zip(kinds, arguments, strict=True):
        if not _is(kind, argument, record):
            values = {"place": where, "argument": _short(argument), "written": _short(text)}
            raise StoryError(say(MISTAKEN[what], wanted=_wanted(kind), **values))
    if kinds[-2:] == ("product", "side") and not _has_series(record, *arguments[-2:]):
        raise StoryError(say(WITHOUT[what], place=where, series=" ".join(arguments[-2:]), written=_short(text)))
    return found


# What can be wrong with a quantity or a picture.
UNKNOWN = {
    "quantity": mark("{place}: the quantity {written} is not known; known are {names}."),
    "picture": mark("{place}: the picture {written} is not known; known are {names}."),
}
MISTAKEN = {
    "quantity": mark("{place}: {argument} in the quantity {written} is not {wanted}."),
    "picture": mark("{place}: {argument} in the picture {written} is not {wanted}."),
}
WITHOUT = {
    "quantity": mark("{place}: no figures on {series} are on record for the quantity {written}."),
    "picture": mark("{place}: no figures on {series} are on record for the picture {written}."),
}
# What may stand as an argument, as a message says it; what is written in a file stands as it is.
WANTED = {
    "side": mark("{mined} or {refined}"),
    "product": mark("a product of the record"),
    "mineral": mark("a mineral of the record"),
    "country": mark("a country code of the record, like {country}"),
    "whom": mark("a country code of the record, like {country}, or {members}"),
    "chain": mark("a market that is offered, like {market}"),
    "record": mark("the id of a recorded restriction"),
    "instrument": mark("the id of a recorded instrument with a level"),
    "rank": mark("1, 2 or 3"),
    "number": mark("a whole number from 5 to 40"),
}
WRITTEN = {"mined": SIDES[0], "refined": SIDES[1], "country": "USA", "members": MEMBERS, "market": "gallium"}


def _miscounted(what: str, number: int, **values: str) -> str:
    if what == "picture":
        return say_many(
            number,
            "{place}: the picture {written} has {number} argument; it is written {form}.",
            "{place}: the picture {written} has {number} arguments; it is written {form}.",
            **values,
        )
    return say_many(
        number,
        "{place}: the quantity {written} has {number} argument; it is written {form}.",
        "{place}: the quantity {written} has {number} arguments; it is written {form}.",
        **values,
    )


def _wanted(kind: str) -> str:
    return say(WANTED[kind], **WRITTEN)


def _is(kind: str, argument: str, record: Record) -> bool:
    match kind:
        case "side":
            return argument in SIDES
        case "product":
            return argument in record.product_names
        case "mineral":
            return argument in set(record.products.mineral)
        case "country":
            return argument in _countries(record)
        case "whom":
            return argument == MEMBERS or argument in _countries(record)
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
            return argument in ROWS


def _countries(record: Record) -> frozenset[str]:
    """Countries a quantity is computed of; the European Union is several."""
    return record.known - {EUROPEAN_UNION}


def _has_series(record: Record, product: str, side: str) -> bool:
    series = record.series
    return bool(((series["product"] == product) & ((series.stage == "mine") == (side == "mined"))).any())


def _check_quantities(where: str, text: str, record: Record) -> None:
    for named in NAMED.findall(text):
        reference(where, "quantity", named, QUANTITIES, record)
    if set("{}") & set(NAMED.sub("", text)):
        raise StoryError(
            say(
                "{place}: a brace stands alone; a quantity is written like {example}.", place=where, example="{members}"
            )
        )


def named_in(text: str) -> list[Reference]:
    """Quantities a checked text names, in order."""
    return [_named(each) for each in NAMED.findall(text)]


def fill(text: str, in_words: Callable[[Reference], str]) -> str:
    """A checked text with its quantities in words; one at the start of a sentence gets a capital."""

    def filled(match: re.Match[str]) -> str:
        value = in_words(_named(match[1]))
        start = text[: match.start()].rstrip()
        return words.capital(value) if not start or start[-1] in ".?!" else value

    return NAMED.sub(filled, text)


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
