"""What one country sells and buys, and how much of that with members."""

from functools import cache
from textwrap import wrap
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from bloc import words
from bloc.briefing import Case, name_of
from bloc.data import Record
from bloc.language import mark, per_language, said, say, say_as
from bloc.views import charts, session, theme
from bloc.views.country import MEANINGS, MINERAL, fill, meaning_of, minerals, pick
from bloc.views.figure import Figure

# Heights of a row and of its bar. [px]
ROW, BAR = 25.0, 15.0
# Products drawn in each direction of trade.
MOST_TRADED = 10
# Letters and lines in the label of a good, for bundles have long names; half the width of the chart in longest bars.
LABEL, REACH = (28, 2), 1.45
LABEL_PHONE, REACH_PHONE = (16, 2), 2.7
SUMS = ("value_usd", *(f"{each}_usd" for each in MEANINGS))
DIRECTIONS = {"exports": mark("Sells"), "imports": mark("Buys")}
MOST = {"exports": mark("Sells most: {goods}"), "imports": mark("Buys most: {goods}")}
COLUMNS = {
    "direction_words": mark("Direction"),
    "name": mark("Product"),
    "value_words": mark("Value"),
    "partner_words": mark("Largest partner"),
    "partner_share": mark("Its share"),
    "member_share": mark("With members"),
    "year": mark("Year"),
}


def trade(record: Record, case: Case, iso3: str, phone: bool = False) -> Figure | str:
    """Dollars it sells and buys of each product, by what the partner is in the scenario."""
    flows = _flows(record).get(iso3)
    if flows is None:
        return say("No customs heading shows {country} as buyer or seller.", country=name_of(record, iso3))
    goods = _goods(record, case, flows)
    kept = pd.DataFrame([good for way in goods.values() for good in way[:MOST_TRADED]])
    sold, bought = (float(sum(good["value_usd"] for good in way)) for way in goods.values())
    return Figure(
        key="trade",
        finding=say(
            "Sells {sold} and buys {bought} of these goods", sold=words.dollars(sold), bought=words.dollars(bought)
        ),
        basis=say(
            "Trade in {year}, US dollars at the price of that year, goods of every stage of a product together; "
            "the {number} largest each way.",
            year=record.trade_year,
            number=words.count(MOST_TRADED),
        ),
        rows=kept,
        columns=said(COLUMNS),
        drawn=_bars(kept, *(LABEL_PHONE if phone else LABEL)),
        spec=trade_bars_phone if phone else trade_bars,
        alt=_alt(record, iso3, kept),
        legend=(say("With:"), *said(MEANINGS).values()),
        note=say(
            "Customs headings that mix goods stand under their own names; goods without a heading of their own are "
            "left out. What passes through a port is counted there too."
        ),
        leads={"name": (MINERAL, MINERAL), "partner_words": ("country", "partner")},
    )


@cache
def _flows(record: Record) -> dict[str, pd.DataFrame]:
    """What each country sells and buys in the latest year, the largest flow first.

    Columns: iso3, direction, product, partner, value_usd, source_id.
    """
    flows = session.query("country_trade", year=record.trade_year or 0)
    flows = flows[flows.value_usd > 0]
    sold = flows.rename(columns={"exporter": "iso3", "importer": "partner"}).assign(direction="exports")
    bought = flows.rename(columns={"importer": "iso3", "exporter": "partner"}).assign(direction="imports")
    both = pd.concat([sold, bought]).sort_values(["value_usd", "partner"], ascending=[False, True])
    return {str(iso3): rows for iso3, rows in both.groupby("iso3")}


def _goods(record: Record, case: Case, flows: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Goods of each direction, the largest first, with what the partners are and who is the largest of them."""
    meanings = {each: meaning_of(record, case, each) for each in flows.partner.unique()}
    goods: dict[str, dict[str, dict[str, Any]]] = {"exports": {}, "imports": {}}
    columns = ["direction", "product", "partner", "value_usd", "source_id"]
    for direction, product, partner, value_usd, source_id in flows[columns].itertuples(index=False):
        # The first flow of a product is its largest.
        start = {"partner": partner, "partner_usd": value_usd, "source_id": source_id, **dict.fromkeys(SUMS, 0)}
        good = goods[direction].setdefault(product, start)
        good["value_usd"] += value_usd
        good[f"{meanings[partner]}_usd"] += value_usd
    return {direction: _in_words(record, direction, of) for direction, of in goods.items()}


def _in_words(record: Record, direction: str, goods: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Goods of one direction in words, the largest first."""
    rows = [
        {
            **good,
            "direction": direction,
            "product": product,
            "year": record.trade_year,
            "mineral": minerals(record).get(product),
            "direction_words": say(DIRECTIONS[direction]),
            "name": record.product_names[product],
            "value_words": words.short_dollars(good["value_usd"]),
            "partner_words": record.names[good["partner"]],
            "partner_share": words.percent(good["partner_usd"] / good["value_usd"]),
            "member_share": words.percent(good["member_usd"] / good["value_usd"]),
        }
        for product, good in goods.items()
    ]
    return sorted(rows, key=lambda good: (-good["value_usd"], words.alphabetical(good["name"])))


def _bars(kept: pd.DataFrame, letters: int, lines: int) -> pd.DataFrame:
    """Segments from the middle outwards, in shares of the largest bar, and the text of each bar at its end."""
    largest = float(kept.value_usd.max())
    order = (-kept.groupby("product").value_usd.max()).to_dict()
    bars, partners = [], _partners()
    for row in kept.to_dict("records"):
        sign, at = (1.0 if row["direction"] == "exports" else -1.0), 0.0
        shared = {
            "label": "\n".join(wrap(row["name"], letters, max_lines=lines, placeholder=" …")),
            "order": order[row["product"]],
            "direction": row["direction_words"],
            "mineral": row["mineral"],
            "partner": f"{row['partner_words']}, {row['partner_share']}",
        }
        for meaning in MEANINGS:
            if value := row[f"{meaning}_usd"]:
                reach = at + value / largest
                own = {"meaning": meaning, "group": partners[meaning], "value": words.short_dollars(value), "text": ""}
                bars.append({**shared, **own, "start": sign * at, "now": sign * reach, "text_at": np.nan})
                at = reach
        end = {"meaning": "outside", "group": partners["all"], "value": row["value_words"], "text": row["value_words"]}
        bars.append({**shared, **end, "start": sign * at, "now": sign * at, "text_at": sign * at})
    return pd.DataFrame(bars)


def _partners() -> dict[str, str]:
    """What the partners of a segment are called, and those of a whole bar."""
    return {
        "member": say_as("partners", "members"),
        "restricting": say_as("partners", "restricting"),
        "outside": say_as("partners", "others"),
        "all": say_as("partners", "all"),
    }


def _alt(record: Record, iso3: str, kept: pd.DataFrame) -> str:
    parts = []
    for direction, message in MOST.items():
        top = kept[kept.direction == direction].head(3)
        if len(top):
            goods = [f"{name} {value}" for name, value in zip(top["name"], top.value_words, strict=True)]
            parts.append(say(message, goods=", ".join(goods)))
    return say(
        "Trade of {country}, purchases to the left, sales to the right. {trade}.",
        country=name_of(record, iso3),
        trade="; ".join(parts),
    )


@per_language()
def trade_bars_phone(dark: bool) -> dict[str, Any]:
    """Chart of trade with room for its numbers on a narrow screen."""
    return trade_bars(dark, REACH_PHONE)


@per_language()
def trade_bars(dark: bool, reach: float = REACH) -> dict[str, Any]:
    """Chart of trade: purchases to the left of the middle, sales to the right, in shares of the largest bar."""
    colours = theme.palette(dark)
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    buys, sells = charts.quoted(say(DIRECTIONS["imports"])), charts.quoted(say(DIRECTIONS["exports"]))
    heads = alt.Axis(
        values=[-0.7, 0.7],
        labelExpr=f"datum.value < 0 ? {buys} : {sells}",
        labelColor=colours.ink,
        labelFontWeight=600,
        title=None,
        grid=False,
        orient="top",
    )
    two_lines = alt.condition("indexof(datum.value, '\\n') >= 0", alt.value(-6), alt.value(0))
    lines = alt.Axis(labelExpr="split(datum.label, '\\n')", labelLineHeight=13, labelOffset=two_lines)
    names = alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None, axis=lines)
    base = alt.Chart().encode(y=names)
    tooltip = [
        alt.Tooltip("label:N", title=say("Product")),
        alt.Tooltip("direction:N", title=say("Direction")),
        alt.Tooltip("group:N", title=say_as("partners", "With")),
        alt.Tooltip("value:N", title=say("Value")),
        alt.Tooltip("partner:N", title=say("Largest partner")),
    ]
    end = alt.X("text_at:Q", scale=scale, axis=heads)
    layers = alt.layer(
        base.mark_bar(size=BAR, cursor="pointer")
        .encode(x=alt.X("start:Q", scale=scale, axis=heads), x2="now:Q", color=fill(colours), tooltip=tooltip)
        .add_params(pick()),
        base.transform_filter("datum.text_at > 0")
        .mark_text(align="left", dx=5)
        .encode(x=end, text="text:N", tooltip=tooltip),
        base.transform_filter("datum.text_at < 0")
        .mark_text(align="right", dx=-5)
        .encode(x=end, text="text:N", tooltip=tooltip),
    )
    return charts.finished(layers.properties(height=alt.Step(ROW)), dark)
