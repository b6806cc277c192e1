"""What the briefing says of prices: the markets a scenario moves most for the members, each with its range."""

from typing import Any

from bloc import words
from bloc.briefing import Case
from bloc.data import Record
from bloc.language import mark, say, say_many
from bloc.settings import Settings
from bloc.views.restrictions_minerals import moved_rows

KEY, HEADING, SECOND = "prices", mark("What it does to prices"), mark("what it does to prices")
# Markets said one by one, and the least rise of cost or loss of use that counts as moved.
SAID, LEAST = 3, 0.01
MOVED = {
    "price": mark("{product} would cost {price} times the price of 2024, and {share} of use would be lost."),
    "shortage": mark("{product} would see shortage: {share} of use would go without."),
    "rationing": mark("{product} would see rationing: {share} of use would go without."),
}


def sentences(record: Record, settings: Settings, after: Case) -> tuple[str, ...]:
    """Sentences of the market model; none where nothing is done that it could answer to, or nobody is in the bloc."""
    if not after.members:
        return ()
    rows = moved_rows(record, settings.scenario(record), after.members)
    hit = rows[rows.effect >= LEAST]
    if hit.empty:
        return ()
    return (_counted(len(hit)), *(_market(row) for row in hit.head(SAID).itertuples()))


def _counted(markets: int) -> str:
    return say_many(
        markets,
        "In a model of each market against 2024, {number} material would become dearer or scarcer for the members by "
        "{share} or more; ranges are over assumptions, not a forecast.",
        "In a model of each market against 2024, {number} materials would become dearer or scarcer for the members by "
        "{share} or more; ranges are over assumptions, not a forecast.",
        number=words.count(markets),
        share=words.percent(LEAST),
    )


def _market(row: Any) -> str:
    """One market: its price as a multiple of that of 2024 where one can be said, else what goes short."""
    moved = say(MOVED[row.kind], product=row.in_sentence, price=row.price_text, share=row.lost_text)
    return words.capital(moved)
