"""Numbers and lists as people say them: one place for formats and plurals."""

import math
from collections.abc import Sequence

NARROW_SPACE = "\u202f"
NO_BREAK = "\u00a0"
# How a stage is said of a material.
STAGE = {"mine": "mined", "smelter": "smelted", "refinery": "refined"}
SMALL_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def percent(share: float) -> str:
    """Share as a percentage without decimals: 71 %, <1 % for a trace, >99 % just under the whole, unknown for NaN."""
    if math.isnan(share):
        return "unknown"
    value = 100 * share
    if 0 < value <= 0.5:
        return f"<1{NARROW_SPACE}%"
    if 99.5 <= value < 100:
        return f">99{NARROW_SPACE}%"
    return f"{value:.0f}{NARROW_SPACE}%"


def points(before: float, after: float) -> str:
    """Difference of two shares in words: 3 points higher, unchanged, less than a point lower."""
    if math.isnan(before) or math.isnan(after):
        return "not comparable"
    difference = 100 * (after - before)
    if abs(difference) < 0.05:
        return "unchanged"
    direction = "higher" if difference > 0 else "lower"
    rounded = round(abs(difference))
    if rounded == 0:
        return f"less than a point {direction}"
    return f"{rounded} {plural('point', rounded)} {direction}"


def dollars(amount: float) -> str:
    """Amount at three significant digits at most: $346 m, $1.6 bn, $0."""
    if math.isnan(amount):
        return "unknown"
    for limit, unit in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if amount >= 0.9995 * limit:
            return f"${significant(amount / limit)}{NO_BREAK}{unit}"
    return f"${float(f'{amount:.3g}'):,.0f}"


def tonnes(amount: float) -> str:
    """Weight at three significant digits at most: 850 t, 203 thousand t, 22.7 million t."""
    if math.isnan(amount):
        return "unknown"
    for limit, unit in ((1e9, "billion"), (1e6, "million"), (1e4, "thousand")):
        if amount >= 0.9995 * limit:
            scale = 1e3 if unit == "thousand" else limit
            return f"{significant(amount / scale)} {unit}{NO_BREAK}t"
    return f"{float(f'{amount:.3g}'):,.0f}{NO_BREAK}t"


def significant(value: float) -> str:
    """Number at three significant digits at most, without a trailing zero: 1.6, 22.7, 346."""
    return f"{value:.0f}" if value >= 99.95 else f"{value:.1f}".removesuffix(".0")


def count(number: int) -> str:
    """Number up to ten in words, digits above."""
    return SMALL_NUMBERS[number] if 0 <= number < len(SMALL_NUMBERS) else str(number)


def plural(noun: str, number: float) -> str:
    """Noun in the singular for one, else in the plural: country, countries."""
    if number == 1:
        return noun
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"


def listing(names: Sequence[str], most: int = 4) -> str:
    """Names in a sentence: A; A and B; A, B and C; A, B, C, D and 18 more."""
    if not names:
        return "none"
    shown = list(names[:most]) if len(names) > most + 1 else list(names)
    if rest := len(names) - len(shown):
        shown.append(f"{rest} more")
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def capital(sentence: str) -> str:
    """Sentence with a capital first letter, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def possessive(name: str) -> str:
    """A name that owns something: China’s, the United States’."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"
