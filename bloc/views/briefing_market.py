"""What the briefing says of prices: the markets a scenario moves most for the members, each with its range."""

from typing import Any

import pandas as pd

from bloc import words
from bloc.briefing import Case, share_of
from bloc.data import Record
from bloc.language import mark, say, say_many
from bloc.scenario import Flooding, PriceMeasure, StockChange
from bloc.settings import Settings
from bloc.views.restrictions_minerals import moved_rows
from bloc.views.restrictions_words import multiple

KEY, HEADING, SECOND = "prices", mark("What it does to prices"), mark("what it does to prices")
# Markets said one by one, and the least rise of cost or loss of use that counts as moved.
SAID, LEAST = 3, 0.01
MOVED = {
    "dearer": mark("{product} would cost {price} times the price of 2024."),
    "dearer, with a loss": mark(
        "{product} would cost {price} times the price of 2024, and {share} of use would be lost."
    ),
    "shortage": mark("{product} would run short: users would go without {share} of what they use."),
    "rationing": mark("{product} would be rationed: users would go without {share} of what they use."),
}
HEADLINES = {
    "price": mark("In a market model, {product} would cost the members {price} times the price of 2024"),
    "shortage": mark("In a market model, {product} would run short for the members"),
    "rationing": mark("In a market model, {product} would be rationed for the members"),
}


def headline(record: Record, settings: Settings, after: Case) -> str:
    """What happens to the market that a scenario names and moves most; empty where it names or moves none."""
    named = _named(settings)
    if not after.members or not named:
        return ""
    rows = _moved(record, settings, after)
    concerned = rows[rows.in_sentence.isin([record.product_sentence_names[each] for each in named])]
    if concerned.empty:
        return ""
    first = concerned.iloc[0]
    return say(HEADLINES[str(first.kind)], product=str(first.in_sentence), price=multiple(first.price))


def _named(settings: Settings) -> set[str]:
    """Products that a cut or a measure of the members names."""
    measures: tuple[PriceMeasure | Flooding | StockChange, ...] = (
        *settings.prices,
        *settings.floodings,
        *settings.stocks,
    )
    cut = settings.products if settings.cut_pct else ()
    taxed = settings.tariff_products if settings.tariff_pct else ()
    return {*cut, *taxed, *(each.product for each in measures)}


def _moved(record: Record, settings: Settings, after: Case) -> pd.DataFrame:
    rows = moved_rows(record, settings.scenario(record), after.members)
    return rows[(rows.effect >= LEAST) & rows.kind.isin(list(HEADLINES))]


def sentences(record: Record, settings: Settings, after: Case) -> tuple[str, ...]:
    """Sentences of the market model; none where nothing is done that it could answer to, or nobody is in the bloc."""
    if not after.members:
        return ()
    rows = _moved(record, settings, after)
    cheaper = rows[(rows.price < 1) & ~(rows.lost >= LEAST)]
    dearer = rows.drop(cheaper.index)
    if rows.empty:
        return ()
    said = (_counted(len(dearer)), *(_market(row) for row in dearer.head(SAID).itertuples()), _cheaper(cheaper))
    return tuple(filter(None, said))


def _cheaper(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    first = rows.loc[rows.price.idxmin()]
    return words.capital(
        say_many(
            len(rows),
            "{number} material would become cheaper: {product}, at {price} times the price of 2024.",
            "{number} materials would become cheaper, most of all {product}, at {price} times the price of 2024.",
            number=words.count(len(rows)),
            product=first.in_sentence,
            price=first.price_text,
        )
    )


def _counted(markets: int) -> str:
    if not markets:
        return say(
            "In a model of each market against 2024, no material would become dearer or scarcer for the members."
        )
    return say_many(
        markets,
        "In a model of each market against 2024, {number} material would become dearer or scarcer for the members by "
        "{share} or more; ranges are across assumptions, not a forecast.",
        "In a model of each market against 2024, {number} materials would become dearer or scarcer for the members by "
        "{share} or more; ranges are across assumptions, not a forecast.",
        number=words.count(markets),
        share=words.percent(LEAST),
    )


def _market(row: Any) -> str:
    """One market: its price as a multiple of that of 2024 where one can be said, else what goes short."""
    kind = row.kind
    if kind == "price":
        kind = "dearer, with a loss" if row.lost_text != words.percent(0) else "dearer"
    moved = say(MOVED[kind], product=row.in_sentence, price=row.price_text, share=share_of(row.lost))
    return words.capital(moved)
