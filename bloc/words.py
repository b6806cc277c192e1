"""Numbers and lists as people say them, in the language spoken: one place for formats."""

import datetime as dt
import math
import unicodedata
from collections.abc import Sequence

from bloc.language import Listing, join, mark, marks, recorded, say, say_as, say_many

NARROW_SPACE = "\u202f"
NO_BREAK = "\u00a0"
# How a stage is said of a material.
STAGE = {"mine": mark("mined"), "smelter": mark("smelted"), "refinery": mark("refined")}
SIDE = {"mined": mark("mined"), "refined": mark("refined")}
SMALL_NUMBERS = (
    *(mark("none"), mark("one"), mark("two"), mark("three"), mark("four"), mark("five")),
    *(mark("six"), mark("seven"), mark("eight"), mark("nine"), mark("ten")),
)
# Worth of the units that amounts are said in, the largest first. [US dollars]
DOLLARS = {"tn": 1e12, "bn": 1e9, "m": 1e6}
MONTHS = (
    *(mark("January"), mark("February"), mark("March"), mark("April"), mark("May"), mark("June"), mark("July")),
    *(mark("August"), mark("September"), mark("October"), mark("November"), mark("December")),
)


def number(value: float, form: str) -> str:
    """Number in figures by a format of Python, with the marks of the language: 1,234.5 or 1.234,5."""
    return marks(format(value, form))


def percent(share: float) -> str:
    """Share as a percentage without decimals: 71 %, <1 % for a trace, >99 % just under the whole, unknown for NaN."""
    if math.isnan(share):
        return say("unknown")
    value = 100 * share
    if 0 < value <= 0.5:
        return f"<1{NARROW_SPACE}%"
    if 99.5 <= value < 100:
        return f">99{NARROW_SPACE}%"
    return f"{value:.0f}{NARROW_SPACE}%"


def points(before: float, after: float) -> str:
    """Difference of two shares in words: 3 points higher, unchanged, less than a point lower.

    Shares that read the same are at most less than a point apart.
    """
    if math.isnan(before) or math.isnan(after):
        return say("not comparable")
    difference = 100 * (after - before)
    if abs(difference) < 0.05:
        return say("unchanged")
    rounded = 0 if percent(before) == percent(after) else round(abs(difference))
    if difference > 0:
        return say_many(rounded, "{number} point higher", "{number} points higher") if rounded else _less_than(True)
    return say_many(rounded, "{number} point lower", "{number} points lower") if rounded else _less_than(False)


def _less_than(higher: bool) -> str:
    return say("less than a point higher") if higher else say("less than a point lower")


def dollars(amount: float) -> str:
    """Amount at three significant digits at most: $346 m, $1.6 bn, $0."""
    if math.isnan(amount):
        return say("unknown")
    if amount >= 0.9995e12:
        said = significant(amount / 1e12)
        return say_many(_as_said(said), "${amount}\u00a0tn", "${amount}\u00a0tn", amount=said)
    if amount >= 0.9995e9:
        return say("${amount}\u00a0bn", amount=significant(amount / 1e9), millions=_in_millions(amount))
    if amount >= 0.9995e6:
        said = significant(amount / 1e6)
        return say_many(_as_said(said), "${amount}\u00a0m", "${amount}\u00a0m", amount=said)
    return say("${amount}", amount=number(float(f"{amount:.3g}"), ",.0f"))


def short_dollars(amount: float) -> str:
    """The same where there is little room: on cards, at bars and ticks."""
    for unit, worth in DOLLARS.items():
        if amount >= 0.9995 * worth:
            return short_amount(unit, significant(amount / worth), _in_millions(amount))
    return say_as("short", "$0") if amount < 0.5 else dollars(amount)


def _in_millions(amount: float) -> str:
    """Millions of billions as they are said, for languages that count so: 2,600 of $2.6 bn."""
    return number(1000 * round(amount / 1e9, 0 if amount >= 99.95e9 else 1), ",.0f")


def short_amount(unit: str, amount: str, millions: str) -> str:
    """An amount in figures with its short unit of dollars, one of DOLLARS or k: $1.6 bn, $50k.

    `millions` is the same amount in millions, for languages that count billions so.
    """
    match unit:
        case "tn":
            return say_as("short", "${amount}\u00a0tn", amount=amount)
        case "bn":
            return say_as("short", "${amount}\u00a0bn", amount=amount, millions=millions)
        case "m":
            return say_as("short", "${amount}\u00a0m", amount=amount)
        case "k":
            return say_as("short", "${amount}k", amount=amount)
        case _:
            return say("${amount}", amount=amount)


def tonnes(amount: float) -> str:
    """Weight at three significant digits at most: 850 t, 203 thousand t, 22.7 million t."""
    if math.isnan(amount):
        return say("unknown")
    if amount >= 0.9995e9:
        said = significant(amount / 1e9)
        return say_many(_as_said(said), "{amount} billion\u00a0t", "{amount} billion\u00a0t", amount=said)
    if amount >= 0.9995e6:
        said = significant(amount / 1e6)
        return say_many(_as_said(said), "{amount} million\u00a0t", "{amount} million\u00a0t", amount=said)
    if amount >= 0.9995e4:
        return say("{amount} thousand\u00a0t", amount=significant(amount / 1e3))
    return say("{amount}\u00a0t", amount=number(float(f"{amount:.3g}"), ",.0f"))


def _as_said(text: str) -> int:
    """What decides between one and many: a number that is said as 1 is one."""
    return 1 if text == "1" else 2


def significant(value: float) -> str:
    """Number at three significant digits at most, without a trailing zero: 1.6, 22.7, 346."""
    return f"{value:.0f}" if value >= 99.95 else marks(f"{value:.1f}".removesuffix(".0"))


def count(number: int) -> str:
    """Number up to ten in words, digits above."""
    return say(SMALL_NUMBERS[number]) if 0 <= number < len(SMALL_NUMBERS) else str(number)


def listing(names: Sequence[str], most: int = 4) -> str:
    """Names in a sentence: A; A and B; A, B and C; A, B, C, D and 18 more."""
    if not names:
        return say("none")
    shown = list(names[:most]) if len(names) > most + 1 else list(names)
    if rest := len(names) - len(shown):
        shown.append(say_many(rest, "{number} more", "{number} more"))
    return Listing(join(shown), shown)


def with_range(value: str, ends: str) -> str:
    """A value with the ends of its range behind it; alone where both are said alike."""
    return value if value == ends else f"{value} ({ends})"


def month(date: str) -> str:
    """Month of a date as precise as the record has it: April 2025 of 2025-04-04, 2025 of 2025."""
    year, _, rest = date.partition("-")
    return say("{month} {year}", month=say(MONTHS[int(rest[:2]) - 1]), year=year) if rest else year


def day(date: dt.date) -> str:
    """Date in words: 22 November 2026."""
    return say("{day} {month} {year}", day=date.day, month=say(MONTHS[date.month - 1]), year=date.year)


def on_date(text: object) -> str:
    """Date of the record as people write it and as precise as the source: 4 February 2026, February 2026, 2026.

    Empty for none; what is no date, like spring 2026, is said as it is.
    """
    if not isinstance(text, str):
        return ""
    _, *rest = text.split("-")
    if not rest or not all(part.isdigit() for part in rest):
        return recorded(text)
    return day(dt.date.fromisoformat(text)) if len(rest) > 1 else month(text)


def short_date(text: str) -> str:
    """The same with short months: 24 Jun 2025, Jun 2025, 2025."""
    year, *rest = text.split("-")
    if not rest or not all(part.isdigit() for part in rest):
        return recorded(text)
    if len(rest) == 1:
        return say_as("short month", "{month} {year}", month=short_months()[int(rest[0]) - 1], year=year)
    return say_as(
        "short month", "{day} {month} {year}", day=int(rest[1]), month=short_months()[int(rest[0]) - 1], year=year
    )


def short_months() -> tuple[str, ...]:
    """Names of the months where there is little room."""
    return (
        *(say_as("short month", "Jan"), say_as("short month", "Feb"), say_as("short month", "Mar")),
        *(say_as("short month", "Apr"), say_as("short month", "May"), say_as("short month", "Jun")),
        *(say_as("short month", "Jul"), say_as("short month", "Aug"), say_as("short month", "Sep")),
        *(say_as("short month", "Oct"), say_as("short month", "Nov"), say_as("short month", "Dec")),
    )


def capital(sentence: str) -> str:
    """Sentence with a capital first letter, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def alphabetical(name: str) -> str:
    """Key that sorts names as a reader looks for them: accents and capitals aside."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()
