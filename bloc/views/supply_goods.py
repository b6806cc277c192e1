"""Goods of a mineral that cross borders: their customs headings and flows, their hubs, and one scale for all years."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bloc import words
from bloc.data import Record
from bloc.language import mark, recorded, say, say_many

FIRST_YEAR, NEW_NOMENCLATURE = 2002, 2007
# Share of world trade that a hub both buys and sells.
HUB = 0.10
SIDES = {"ore": mark("Ore"), "refined": mark("Refined goods")}


@dataclass(frozen=True, eq=False)
class Goods:
    """Customs headings drawn together: those of a mineral, or one bundle under its own name."""

    key: str
    name: str
    headings: pd.DataFrame
    bundle: bool


def goods_of(record: Record, headings: pd.DataFrame, mineral: str) -> list[Goods]:
    """What is traded of a mineral, then each bundle that holds it."""
    known = record.products[record.products.mineral == mineral].mineral_in_sentence
    if known.empty:
        return []
    own = headings[(headings.mineral == mineral) & ~headings.bundle]
    found = [Goods(mineral, str(known.iloc[0]), own, False)] if len(own) else []
    # Descriptions are English in every language; a mineral is called there as its key says.
    named = headings.description.str.lower().str.contains(mineral.replace("_", " "), regex=False)
    mixed = headings.bundle & ((headings.mineral == mineral) | named)
    for product, rows in headings[mixed].groupby("product"):
        found.append(Goods(str(product), record.product_sentence_names[str(product)], rows, True))
    return found


def missing(record: Record, headings: pd.DataFrame, mineral: str) -> str:
    """Sentence on the goods of a mineral that no heading on record isolates, empty when there are none."""
    alone = headings["product"][~headings.bundle]
    series = record.series[(record.series.mineral == mineral) & ~record.series["product"].isin(alone)]
    unseen = [record.product_sentence_names[each] for each in dict.fromkeys(series["product"])]
    return say("No customs heading on record isolates {goods}.", goods=words.listing(unseen)) if unseen else ""


def flows_of(record: Record, goods: Goods, traded: pd.DataFrame) -> pd.DataFrame:
    """Flows by side, exporter and importer from flows by heading: value, weights given, value without a weight."""
    side = dict(zip(goods.headings.hs6, np.where(goods.headings.trade_stage == "ore", "ore", "refined"), strict=True))
    rows = traded[traded.hs6.isin(side)]
    rows = rows.assign(
        side=rows.hs6.map(side), value=rows.value_usd.astype(float), unweighed=rows.gross_t.isna() * rows.value_usd
    )
    flows = rows.groupby(["side", "exporter", "importer"], as_index=False).agg(
        value=("value", "sum"),
        gross_t=("gross_t", "sum"),
        unweighed=("unweighed", "sum"),
        source_id=("source_id", "min"),
    )
    flows = flows.assign(
        share=flows.value / max(float(flows.value.sum()), 1.0),
        tonnes=[weight(*row) for row in zip(flows.gross_t, flows.unweighed, flows.value, strict=True)],
        seller=[record.names[code] for code in flows.exporter],
        buyer=[record.names[code] for code in flows.importer],
    )
    return flows.sort_values(["value", "exporter", "importer", "side"], ascending=[False, True, True, True])


def weight(gross_t: float, unweighed: float, value: float) -> str:
    """Weight of goods in words: a sum over flows of which some are not weighed is a lower bound."""
    if unweighed >= value:
        return say("weight not given")
    amount = words.tonnes(float(gross_t))
    return say("at least {amount} gross", amount=amount) if unweighed > 0 else say("{amount} gross", amount=amount)


def hubs(flows: pd.DataFrame) -> list[str]:
    """Countries that both buy and sell more than a tenth of world trade on one side, ore or refined."""
    found: dict[str, None] = {}
    for _, rows in flows.groupby("side"):
        total = float(rows.value.sum())
        sold, bought = rows.groupby("exporter").value.sum() / total, rows.groupby("importer").value.sum() / total
        found.update(dict.fromkeys(sorted(set(sold.index[sold > HUB]) & set(bought.index[bought > HUB]))))
    return list(found)


@dataclass(frozen=True)
class Scale:
    """What widths are measured by, the same in every year: the largest flow and the fullest column, in US dollars."""

    largest_usd: float
    fullest_usd: float


def scale_of(rows: list[pd.DataFrame]) -> Scale:
    """Scale of goods from the rows of trade_scale of each of their products: no year's flows exceed it."""
    by_year = pd.concat(rows).query(f"year >= {FIRST_YEAR}").groupby("year")[["largest_usd", "fullest_usd"]].sum()
    return Scale(**by_year.max())


def flow_titles(year: int) -> dict[str, str]:
    """Titles of the columns that say a flow."""
    return {
        "kind": say("Goods"),
        "seller": say("Seller"),
        "buyer": say("Buyer"),
        "value": say("Value in {year}, USD", year=year),
    }


def first_three(flows: pd.DataFrame) -> str:
    """The first three flows in words, with their values."""
    return ", ".join(f"{from_to(row)} {words.dollars(row.value)}" for row in flows.head(3).itertuples())


def from_to(flow: Any) -> str:
    """Seller and buyer of a flow in words."""
    return say("{seller} to {buyer}", seller=flow.seller, buyer=flow.buyer)


def about_headings(goods: Goods) -> str:
    """Headings with their years, what they mix, and where their runs break."""
    headings = "; ".join(_heading(row) for row in goods.headings.itertuples())
    parts = [
        say_many(
            len(goods.headings), "Customs heading: {headings}.", "Customs headings: {headings}.", headings=headings
        )
    ]
    noted = goods.headings.dropna(subset="note").groupby("note", sort=False).hs6.agg(", ".join)
    parts += [f"{codes}: {_inside(recorded(note))}." for note, codes in noted.items()]
    if goods.bundle:
        parts.append(say("Shown under the heading’s own name: no part of it can be told apart."))
    if (goods.headings.first_year < NEW_NOMENCLATURE).any():
        parts.append(say("The edition of the nomenclature changes between 2006 and 2007: no trend across it."))
    return " ".join(parts)


def _heading(row: Any) -> str:
    described = {"goods": recorded(row.description), "code": row.hs6, "year": row.first_year}
    if row.tonnes_from == row.tonnes_from:
        return say(
            "{goods} ({code}), values from {year}, weights from {weights_year}",
            weights_year=int(row.tonnes_from),
            **described,
        )
    return say("{goods} ({code}), values from {year}, no weights", **described)


def _inside(note: str) -> str:
    """Note as it reads inside a sentence."""
    return f"{note[:1].lower()}{note[1:]}"
