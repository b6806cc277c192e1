"""What the briefing says of prices: the markets a scenario moves most for the members, each with its range."""

from typing import Any

from bloc import words
from bloc.briefing import Case
from bloc.data import Record
from bloc.settings import Settings
from bloc.views.restrictions_minerals import moved_rows

HEADING = "What it does to prices"
# Markets said one by one, and the least rise of cost or loss of use that counts as moved.
SAID, LEAST = 3, 0.01


def sentences(record: Record, settings: Settings, after: Case) -> tuple[str, ...]:
    """Sentences of the market model; none where nothing is done that it could answer to, or nobody is in the bloc."""
    if not after.members:
        return ()
    rows = moved_rows(record, settings.scenario(record), after.members)
    hit = rows[rows.effect >= LEAST]
    if hit.empty:
        return ()
    number = len(hit)
    said = [
        f"In a model of each market against 2024, {words.count(number)} {words.plural('material', number)} would "
        f"become dearer or scarcer for the members by 1{words.NARROW_SPACE}% or more; ranges are over assumptions, "
        "not a forecast.",
        *(_market(row) for row in hit.head(SAID).itertuples()),
    ]
    return tuple(said)


def _market(row: Any) -> str:
    """One market: its price as a multiple of that of 2024 where one can be said, else what goes short."""
    name = words.capital(row.in_sentence)
    match row.kind:
        case "price":
            return (
                f"{name} would cost {row.price_text} times its price of 2024, and {row.lost_text} of use would be lost."
            )
        case "unsolved":
            return f"The market of {row.in_sentence} was not solved, so no number is given."
        case _:
            return f"{name} would see {row.kind}: {row.lost_text} of use would go without."
