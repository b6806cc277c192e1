"""Everything about one country: figures, tables, and what it would change about the bloc."""

from calendar import month_name
from dataclasses import dataclass, field, replace
from functools import cache
from textwrap import wrap
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from bloc import words
from bloc.briefing import NOTABLE, Case, name_of
from bloc.data import Record
from bloc.outcome import restricting
from bloc.places import EUROPEAN_UNION, spread
from bloc.settings import Settings
from bloc.summary import layout
from bloc.views import charts, controls, figure, notes, session, supply, theme
from bloc.views.figure import Figure
from bloc.views.overview import View

DEFAULT = "IDN"
# Heights of the rows and the gap in them. [px]
ROW, TRADE_ROW, GAP, SECOND = 22.0, 25.0, 7.0, charts.SECOND
# Products drawn in each direction of trade.
MOST_TRADED = 10
MOST_MOVED = 3
# Letters and lines in the label of a good, for bundles have long names; half the width of the chart in longest bars.
LABEL, REACH = (28, 2), 1.45
LABEL_PHONE, REACH_PHONE = (16, 2), 2.7
# Columns of long text, which would push the others out of sight. [px]
WIDTHS = {
    "Agreement": 400,
    "Parties": 220,
    "Status": 150,
    "Level": 230,
    "Goods": 230,
    "Remark": 190,
    "Project": 240,
    "Output": 190,
    "Capacity a year": 150,
    "Source": 260,
}
STAGE_NAMES = {"mine": "Mined", "smelter": "Smelted", "refinery": "Refined"}
INDICATORS = {
    "CC": "Control of corruption",
    "GE": "Government effectiveness",
    "PV": "Political stability",
    "RL": "Rule of law",
    "RQ": "Regulatory quality",
    "VA": "Voice and accountability",
}
ROLES = {
    "member": "Member",
    "attendee": "Attended",
    "signatory": "Signed",
    "negotiating": "Negotiating",
    "observer": "Observer",
}
SURENESS = {"confirmed": "Confirmed", "inferred": "Inferred by us", "claimed": "Claimed by one text"}
PALER = {"estimated", "modelled", "about", "derived", "less_than", "greater_than", "range"}
MEANINGS = {
    "member": notes.LEGEND["member"],
    "restricting": notes.LEGEND["restricting"],
    "outside": ":violet[■]&nbsp;Outside",
}


@dataclass(frozen=True, eq=False)
class Table:
    """A list of facts in words under its own heading, with the sentence that stands there when it is empty."""

    key: str
    heading: str
    rows: pd.DataFrame = field(repr=False)
    otherwise: str
    note: str = ""


@dataclass(frozen=True)
class Effect:
    """What a country changes about the bloc; `label` is that of the button, empty when there is nothing to press."""

    heading: str
    text: str
    label: str


def known(record: Record) -> dict[str, str]:
    """Name of every state, economy and territory, by code, in the order of the names."""
    places = record.countries[record.countries.kind.isin(["state", "economy", "territory"])]
    return dict(sorted(zip(places.iso3, places.name, strict=True), key=lambda each: each[1]))


def draw(drawn: Figure | None, heading: str, otherwise: str) -> None:
    """A figure, or the sentence that says why there is none."""
    if drawn is not None:
        figure.show(drawn)
        return
    st.header(heading, anchor=False)
    st.markdown(notes.plain(otherwise))


def draw_table(table: Table) -> None:
    """A table under its heading, or the sentence that says it is empty."""
    st.header(notes.plain(table.heading), anchor=False)
    if table.rows.empty:
        st.markdown(notes.plain(table.otherwise))
    else:
        st.dataframe(
            table.rows,
            hide_index=True,
            width="stretch",
            key=f"table_{table.key}",
            row_height=32,
            column_config={name: st.column_config.Column(width=WIDTHS[name]) for name in table.rows if name in WIDTHS},
        )
    if table.note:
        notes.note(notes.plain(table.note))


def draw_effect(view: View, iso3: str) -> None:
    """What the country adds to the bloc or what the bloc would lose, and the button that does it."""
    says = effect(view, iso3)
    st.header(says.heading, anchor=False)
    st.markdown(notes.prose(says.text))
    if says.label:
        st.button(says.label, key=f"change_{iso3}", on_click=_toggle, args=(iso3,), type="secondary")


def _toggle(iso3: str) -> None:
    settings: Settings = st.session_state[session.SETTINGS]
    controls.change(settings.toggled(iso3, session.record()))


def on_date(text: object) -> str:
    """Date as people write it and as precise as the source: 4 February 2026, February 2026, 2026."""
    if not isinstance(text, str):
        return ""
    year, *rest = text.split("-")
    if not rest or not all(part.isdigit() for part in rest):
        return text
    month = month_name[int(rest[0])]
    return " ".join([*(str(int(day)) for day in rest[1:]), month, year])


# What it mines and refines.


@cache
def world_shares(record: Record) -> pd.DataFrame:
    """Share and rank of every country in every default series; NaN where it is not disclosed.

    Columns beside those of the production: at (position of the series), product names, basis, unit, share, rank,
    ranked (countries with a figure).
    """
    series = record.series.assign(at=record.series.index)
    keys = ["product", "stage", "form"]
    rows = record.production.merge(series[[*keys, "at", "mineral", "basis", "unit", "world"]], on=keys)
    by_series = rows.groupby("at").quantity
    total = np.maximum(rows.world, by_series.transform("sum"))
    return rows.assign(
        share=rows.quantity / total,
        rank=by_series.rank(method="min", ascending=False),
        ranked=by_series.transform("count"),
    )


def finding(record: Record, iso3: str, members: frozenset[str]) -> str:
    """Headline: the largest share of the country at each stage, and whether it is in the bloc."""
    name = words.capital(name_of(record, iso3))
    side = "in the bloc" if iso3 in members else "outside the bloc"
    own = world_shares(record)[lambda rows: rows.iso3 == iso3]
    made = own[own.quantity > 0].sort_values(["share", "at"], ascending=[False, True])
    if made.empty:
        hidden = "discloses no output" if own.quantity.isna().any() else "has no recorded output"
        return f"{name} {hidden} of these minerals; {side}"
    mined, refined = made[made.stage == "mine"].head(1), made[made.stage != "mine"].head(1)
    parts: list[str] = []
    for row in [*mined.itertuples(), *refined.itertuples()]:
        again = bool(parts) and row.product == mined["product"].iloc[0]
        whose = "" if parts else "the world’s "
        what = "" if again else f" of {whose}{record.product_sentence_names[row.product]}"
        parts.append(f"{supply.VERBS[row.stage]} {words.percent(row.share)}{what}")
    return f"{name} {' and '.join(parts)}; {side}"


def meaning_of(record: Record, case: Case, iso3: str) -> str:
    """What a country is in a scenario: member, restricting or outside."""
    if iso3 in restricting(record, case.scenario):
        return "restricting"
    return "member" if iso3 in case.members else "outside"


def output(record: Record, case: Case, iso3: str) -> Figure | None:
    """Its share of the world in every material it has a figure for: mined on the left, refined on the right."""
    own = world_shares(record)[lambda rows: rows.iso3 == iso3].sort_values("at", ignore_index=True)
    if own.empty:
        return None
    places = _places(record)
    own = own.assign(
        label=[places[at][0] for at in own["at"]],
        side=[places[at][1] for at in own["at"]],
        name=[record.product_names[each] for each in own["product"]],
        stage_words=own.stage.map(STAGE_NAMES),
        share_words=[_share(row.share, row.qualifier) for row in own.itertuples()],
        rank_words=[_rank(row) for row in own.itertuples()],
        quantity_words=[_quantity(row) for row in own.itertuples()],
        remark=[_remark(each) for each in own.qualifier],
    ).sort_values(["share", "at"], ascending=[False, True], na_position="last", ignore_index=True)
    meaning = meaning_of(record, case, iso3)
    return Figure(
        key="output",
        finding=_output_finding(record, own),
        basis=f"Share of world output, {_years(own.year)}, each in its latest year; the basis of each is in the table.",
        rows=own.drop(columns=["at", "label", "side", "mineral"]),
        columns={
            "name": "Product",
            "stage_words": "Stage",
            "share_words": "Share of the world",
            "rank_words": "Rank",
            "quantity_words": "Output",
            "basis": "Basis",
            "form": "Form",
            "remark": "Remark",
            "year": "Year",
        },
        drawn=_output_bars(own, meaning),
        spec=output_bars,
        alt=_output_alt(record, iso3, own),
        legend=(MEANINGS[meaning], ":gray[Paler: estimated or modelled]", ":gray[No track: not on the list]"),
        note=_output_note(own),
    )


@cache
def _places(record: Record) -> dict[int, tuple[str, str]]:
    """Row and side of each series in the ranking of materials."""
    rows = layout(record)
    return {
        int(at): (label, side)
        for side in ("mined", "refined")
        for at, label in zip(rows[side], rows.label, strict=True)
        if at >= 0
    }


def _share(share: float, qualifier: object) -> str:
    if np.isnan(share):
        return supply.QUALIFIERS[str(qualifier)] if isinstance(qualifier, str) else "not disclosed"
    return words.percent(share)


def _rank(row: Any) -> str:
    return "" if np.isnan(row.rank) else f"{row.rank:.0f} of {row.ranked:.0f}"


def _quantity(row: Any) -> str:
    if np.isnan(row.quantity):
        return _share(np.nan, row.qualifier)
    if row.unit == "percent of world":
        return "given as a share"
    return supply.amount(float(row.quantity), str(row.unit))


def _remark(qualifier: object) -> str:
    return supply.QUALIFIERS[qualifier] if isinstance(qualifier, str) else "as printed"


def _years(years: pd.Series) -> str:
    first, last = int(years.min()), int(years.max())
    return str(last) if first == last else f"{first} to {last}"


def _output_finding(record: Record, own: pd.DataFrame) -> str:
    known_rows = own[own.quantity > 0]
    if known_rows.empty:
        return (
            "No share of this country is disclosed" if own.quantity.isna().any() else "All its recorded output is zero"
        )
    first = int((known_rows["rank"] == 1).sum())
    if first > 1:
        return f"First in the world in {words.count(first)} of its {len(known_rows)} disclosed outputs"
    top = known_rows.iloc[0]
    what = f"{record.product_sentence_names[top['product']]}, {words.STAGE[top.stage]}"
    return f"Largest share: {what}, {words.percent(top.share)} of the world"


def _output_bars(own: pd.DataFrame, meaning: str) -> pd.DataFrame:
    start = own.side.map(charts.SIDES).astype(float)
    best = own.groupby("label").share.transform("max").fillna(-1.0)
    percent = 100 * own.share
    unknown = own.share.isna()
    return pd.DataFrame(
        {
            "label": own.label,
            "order": -best,
            "start": start,
            "track": (start + 100).where(~unknown, start),
            "now": (start + percent).where(~unknown, start),
            "text": own.share_words,
            "text_at": (start + 104).where(~unknown, start),
            "meaning": meaning,
            "pale": own.qualifier.isin(PALER),
            "what": own.name + ", " + own.form,
            "stage": own.stage_words,
            "basis": own.basis,
            "rank": own.rank_words.where(own.rank_words != "", "unknown"),
            "quantity": own.quantity_words,
            "remark": own.remark,
            "year": own.year,
        }
    )


def _output_alt(record: Record, iso3: str, own: pd.DataFrame) -> str:
    top = "; ".join(
        f"{record.product_sentence_names[row.product]}, {words.STAGE[row.stage]}, {row.share_words}"
        for row in own.head(3).itertuples()
    )
    return f"Bars of the share of {name_of(record, iso3)} in world output, {len(own)} in all: {top}."


def _output_note(own: pd.DataFrame) -> str:
    hidden, estimated = int(own.quantity.isna().sum()), int(own.qualifier.isin(PALER).sum())
    parts = [
        f"{hidden} of {len(own)} not disclosed or not available, which is not zero." if hidden else "",
        f"{estimated} of {len(own)} estimated or modelled." if estimated else "",
        "Output counts where it is made, whoever owns it.",
    ]
    return " ".join(filter(None, parts))


@cache
def output_bars(dark: bool) -> dict[str, Any]:
    """Chart of two columns on one scale, a share of 0 to 100 in each, numbers at the ends of the tracks."""
    colours = theme.palette(dark)
    scale = alt.Scale(domain=[0, SECOND + 122], nice=False, zero=False)
    heads = alt.Axis(
        values=list(charts.SIDES.values()),
        labelExpr="datum.value < 100 ? 'Mined, %' : 'Refined, %'",
        labelAlign="left",
        labelColor=colours.ink,
        labelFontWeight=600,
        title=None,
        grid=False,
        orient="top",
    )
    names = alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None)
    base = alt.Chart().encode(y=names)
    start = alt.X("start:Q", scale=scale, axis=heads)
    tooltip = [
        alt.Tooltip("what:N", title="Product"),
        alt.Tooltip("stage:N", title="Stage"),
        alt.Tooltip("text:N", title="Share of the world"),
        alt.Tooltip("rank:N", title="Rank"),
        alt.Tooltip("quantity:N", title="Output"),
        alt.Tooltip("basis:N", title="Basis"),
        alt.Tooltip("remark:N", title="Figure"),
        alt.Tooltip("year:Q", title="Year", format="d"),
    ]
    size = ROW - GAP
    layers = alt.layer(
        base.mark_bar(size=size, color=colours.track).encode(x=start, x2="track:Q", tooltip=tooltip),
        base.mark_bar(size=size).encode(x=start, x2="now:Q", color=_fill(colours), opacity=_faded(), tooltip=tooltip),
        base.mark_text(align="left").encode(
            x=alt.X("text_at:Q", scale=scale, axis=heads), text="text:N", tooltip=tooltip
        ),
    )
    return charts.finished(layers.properties(height=alt.Step(ROW)), dark)


def _fill(colours: theme.Palette) -> alt.Color:
    meanings = {"member": colours.member, "restricting": colours.restricting, "outside": colours.outside}
    return alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)


def _faded() -> Any:
    return alt.condition("datum.pale", alt.value(0.62), alt.value(1.0))


# What it holds.


def reserves(record: Record, case: Case, iso3: str) -> Figure | None:
    """Its share of the reserves of the world, list by list."""
    total = record.reserves.groupby("reserve_id").reserves_t.transform("sum")
    own = record.reserves.assign(total=np.maximum(record.reserves.world_t, total))[record.reserves.iso3 == iso3]
    if own.empty:
        return None
    own = own.assign(
        share=own.reserves_t / own.total,
        name=[record.product_names[each] for each in own["product"]],
        bound=(own.world_qualifier == "greater_than") & (own.reserves_t > 0),
    ).sort_values(["share", "reserves_t", "name"], ascending=[False, False, True], ignore_index=True)
    own = own.assign(
        share_words=[_reserve_share(row) for row in own.itertuples()],
        quantity_words=[
            words.tonnes(each) if each == each else _remark(qualifier)
            for each, qualifier in zip(own.reserves_t, own.qualifier, strict=True)
        ],
    )
    meaning = meaning_of(record, case, iso3)
    return Figure(
        key="reserves",
        finding=_reserves_finding(record, own),
        basis=f"Share of world reserves, {_years(own.year)}, each list on its own basis.",
        rows=own.drop(columns=["total", "bound"]),
        columns={
            "name": "Product",
            "form": "Form",
            "basis": "Basis",
            "quantity_words": "Reserves",
            "share_words": "Share of the world",
            "year": "Year",
        },
        drawn=_reserve_bars(own, meaning),
        spec=reserve_bars,
        alt=_reserves_alt(record, iso3, own),
        legend=(
            MEANINGS[meaning],
            *([":gray[Paler: at most, the world total is a minimum]"] if own.bound.any() else []),
        ),
        note="Reserves are what pays at today’s prices and techniques, not all there is in the ground.",
    )


def _reserve_bars(own: pd.DataFrame, meaning: str) -> pd.DataFrame:
    """Bars on a track where the share is known; text alone where it is not."""
    unknown = own.share.isna()
    return pd.DataFrame(
        {
            "label": own.name,
            "order": range(len(own)),
            "track": np.where(unknown, 0.0, 1.0),
            "share": own.share.fillna(0.0),
            "text": own.share_words,
            "text_at": np.where(unknown, 0.0, 1.02),
            "quantity": own.quantity_words,
            "basis": own.basis,
            "year": own.year,
            "meaning": meaning,
            "pale": own.bound,
        }
    )


def _reserve_share(row: Any) -> str:
    if np.isnan(row.reserves_t):
        return _remark(row.qualifier)
    if np.isnan(row.share):
        return f"{words.tonnes(row.reserves_t)}, no world total"
    return f"at most {words.percent(row.share)}" if row.bound else words.percent(row.share)


def _reserves_finding(record: Record, own: pd.DataFrame) -> str:
    top = own.iloc[0]
    if not top.share > 0:
        if (own.reserves_t > 0).any():
            return "Holds reserves, their share of the world unknown"
        return "Its reserves are not stated" if own.reserves_t.isna().any() else "Its recorded reserves are zero"
    most = "at most " if top.bound else ""
    product = record.product_sentence_names[top["product"]]
    return f"Holds {most}{words.percent(top.share)} of the world’s {product} reserves"


def _reserves_alt(record: Record, iso3: str, own: pd.DataFrame) -> str:
    top = "; ".join(f"{row.name}, {row.share_words}" for row in own.head(3).itertuples(index=False))
    return f"Bars of the share of {name_of(record, iso3)} in world reserves, {len(own)} in all: {top}."


@cache
def reserve_bars(dark: bool) -> dict[str, Any]:
    """Chart of reserves: label, share from 0 to 1, text at the end of the track."""
    colours = theme.palette(dark)
    base = alt.Chart().encode(y=alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None))
    scale = alt.Scale(domain=[0, 1.36], nice=False)
    tooltip = [
        alt.Tooltip("label:N", title="Product"),
        alt.Tooltip("text:N", title="Share of the world"),
        alt.Tooltip("quantity:N", title="Reserves"),
        alt.Tooltip("basis:N", title="Basis"),
        alt.Tooltip("year:Q", title="Year", format="d"),
    ]
    size = ROW - GAP
    layers = alt.layer(
        base.mark_bar(size=size, color=colours.track).encode(
            x=alt.X("track:Q", scale=scale, axis=None), tooltip=tooltip
        ),
        base.mark_bar(size=size).encode(
            x=alt.X("share:Q", scale=scale, axis=None), color=_fill(colours), opacity=_faded(), tooltip=tooltip
        ),
        base.mark_text(align="left").encode(
            x=alt.X("text_at:Q", scale=scale, axis=None), text="text:N", tooltip=tooltip
        ),
    )
    return charts.finished(layers.properties(height=alt.Step(ROW)), dark)


# What it buys and sells.


def trade(record: Record, case: Case, iso3: str, phone: bool = False) -> Figure | None:
    """Dollars it sells and buys of each product, by what the partner is in the scenario."""
    if record.trade_year is None:
        return None
    flows = session.query("country_trade", iso3=iso3, year=record.trade_year)
    flows = flows[flows.value_usd > 0]
    if flows.empty:
        return None
    meanings = {each: meaning_of(record, case, each) for each in flows.partner.unique()}
    flows = flows.assign(meaning=flows.partner.map(meanings))
    goods = _goods(record, flows)
    kept = goods.groupby("direction").head(MOST_TRADED)
    sums = flows.groupby("direction").value_usd.sum()
    sold, bought = float(sums.get("exports", 0)), float(sums.get("imports", 0))
    return Figure(
        key="trade",
        finding=f"Sells {words.dollars(sold)} and buys {words.dollars(bought)} of these goods",
        basis=f"Trade in {record.trade_year}, US dollars at the price of that year, goods of every stage of a product "
        f"together; the {words.count(MOST_TRADED)} largest each way.",
        rows=kept.assign(year=record.trade_year),
        columns={
            "direction_words": "Direction",
            "name": "Product",
            "value_words": "Value",
            "partner_words": "Largest partner",
            "partner_share": "Its share",
            "member_share": "With members",
            "year": "Year",
        },
        drawn=_trade_bars(record, flows, kept, *(LABEL_PHONE if phone else LABEL)),
        spec=trade_bars_phone if phone else trade_bars,
        alt=_trade_alt(record, iso3, kept),
        legend=("With:", *MEANINGS.values()),
        note="Customs headings that mix goods stand under their own names; goods without a heading of their own are "
        "left out. What passes through a port is counted there too.",
    )


def _goods(record: Record, flows: pd.DataFrame) -> pd.DataFrame:
    """One row per direction and product, the largest first, with its largest partner."""
    by = ["direction", "product"]
    ordered = flows.sort_values(["value_usd", "partner"], ascending=[False, True])
    rows = ordered.groupby(by, as_index=False).agg(
        value_usd=("value_usd", "sum"),
        partner=("partner", "first"),
        partner_usd=("value_usd", "first"),
        source_id=("source_id", "first"),
    )
    with_members = ordered[ordered.meaning == "member"].groupby(by).value_usd.sum()
    members_usd = with_members.reindex(pd.MultiIndex.from_frame(rows[by]), fill_value=0).to_numpy()
    rows = rows.assign(
        members_usd=members_usd,
        direction_words=rows.direction.map({"exports": "Sells", "imports": "Buys"}),
        name=[record.product_names[each] for each in rows["product"]],
        value_words=[words.dollars(each) for each in rows.value_usd],
        partner_words=[record.names[each] for each in rows.partner],
        partner_share=[words.percent(each) for each in rows.partner_usd / rows.value_usd],
        member_share=[words.percent(each) for each in members_usd / rows.value_usd],
    )
    return rows.sort_values(["direction", "value_usd", "name"], ascending=[True, False, True], ignore_index=True)


def _trade_bars(record: Record, flows: pd.DataFrame, kept: pd.DataFrame, letters: int, lines: int) -> pd.DataFrame:
    """Segments from the middle outwards, in shares of the largest bar, and the text of each bar at its end."""
    largest = float(kept.value_usd.max())
    order = (-kept.groupby("product").value_usd.max()).to_dict()
    parts = flows.groupby(["direction", "product", "meaning"]).value_usd.sum()
    bars = []
    for row in kept.itertuples():
        sign, at = (1.0 if row.direction == "exports" else -1.0), 0.0
        shared = (
            "\n".join(wrap(row.name, letters, max_lines=lines, placeholder=" …")),
            order[row.product],
            row.direction_words,
        )
        ends = f"{row.partner_words}, {row.partner_share}"
        for meaning, title in (("member", "members"), ("restricting", "restricting"), ("outside", "others")):
            value = float(parts.get((row.direction, row.product, meaning), 0.0))
            if value:
                reach = at + value / largest
                bars.append((*shared, sign * at, sign * reach, meaning, title, words.dollars(value), ends, "", np.nan))
                at = reach
        bars.append(
            (*shared, sign * at, sign * at, "outside", "all", row.value_words, ends, row.value_words, sign * at)
        )
    names = ["label", "order", "direction", "start", "now", "meaning", "group", "value", "partner", "text", "text_at"]
    return pd.DataFrame(bars, columns=names)


def _trade_alt(record: Record, iso3: str, kept: pd.DataFrame) -> str:
    parts = []
    for direction, verb in (("exports", "Sells"), ("imports", "Buys")):
        top = kept[kept.direction == direction].head(3)
        if len(top):
            parts.append(
                f"{verb} most: " + ", ".join(f"{row.name} {row.value_words}" for row in top.itertuples(index=False))
            )
    return f"Trade of {name_of(record, iso3)}, purchases to the left, sales to the right. {'; '.join(parts)}."


@cache
def trade_bars_phone(dark: bool) -> dict[str, Any]:
    """Chart of trade with room for its numbers on a narrow screen."""
    return trade_bars(dark, REACH_PHONE)


@cache
def trade_bars(dark: bool, reach: float = REACH) -> dict[str, Any]:
    """Chart of trade: purchases to the left of the middle, sales to the right, in shares of the largest bar."""
    colours = theme.palette(dark)
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    heads = alt.Axis(
        values=[-0.7, 0.7],
        labelExpr="datum.value < 0 ? 'Buys' : 'Sells'",
        labelColor=colours.ink,
        labelFontWeight=600,
        title=None,
        grid=False,
        orient="top",
    )
    two_lines = alt.condition("indexof(datum.value, '\\n') >= 0", alt.value(-6), alt.value(0))
    lines = alt.Axis(labelExpr="split(datum.label, '\\n')", labelLineHeight=12, labelOffset=two_lines)
    names = alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None, axis=lines)
    base = alt.Chart().encode(y=names)
    tooltip = [
        alt.Tooltip("label:N", title="Product"),
        alt.Tooltip("direction:N", title="Direction"),
        alt.Tooltip("group:N", title="With"),
        alt.Tooltip("value:N", title="Value"),
        alt.Tooltip("partner:N", title="Largest partner"),
    ]
    end = alt.X("text_at:Q", scale=scale, axis=heads)
    layers = alt.layer(
        base.mark_bar(size=ROW - GAP).encode(
            x=alt.X("start:Q", scale=scale, axis=heads), x2="now:Q", color=_fill(colours), tooltip=tooltip
        ),
        base.transform_filter("datum.text != '' && datum.direction == 'Sells'")
        .mark_text(align="left", dx=5)
        .encode(x=end, text="text:N", tooltip=tooltip),
        base.transform_filter("datum.text != '' && datum.direction == 'Buys'")
        .mark_text(align="right", dx=-5)
        .encode(x=end, text="text:N", tooltip=tooltip),
    )
    return charts.finished(layers.properties(height=alt.Step(TRADE_ROW)), dark)


# How it is governed.


def governance(record: Record, case: Case, iso3: str) -> Figure | None:
    """Six indicators in the last year that has all of them, beside the median of the world."""
    own = session.query("country_governance", iso3=iso3)
    if own.empty:
        return None
    own = own.assign(name=own.indicator.map(INDICATORS)).sort_values("name", ignore_index=True)
    year, above = int(own.year.iloc[0]), int((own.estimate > own.world_median).sum())
    meaning = meaning_of(record, case, iso3)
    values = ", ".join(f"{row.name} {_signed(row.estimate)}" for row in own.itertuples(index=False))
    return Figure(
        key="governance",
        finding=f"Above the median of the world in {_of_six(above)} indicators",
        basis=f"Governance, estimates from about −2.5, worst, to 2.5, best, {year}.",
        rows=own.drop(columns="indicator"),
        columns={
            "name": "Indicator",
            "estimate": "Estimate",
            "world_median": "World median",
            "places": "Places compared",
            "year": "Year",
        },
        drawn=pd.DataFrame(
            {
                "label": own.name,
                "estimate": own.estimate,
                "median": own.world_median,
                "text": own.estimate.map(_signed),
                "median_words": own.world_median.map(_signed),
                "meaning": meaning,
                "year": own.year,
            }
        ),
        spec=governance_dots,
        alt=f"Dots of six governance indicators of {name_of(record, iso3)} in {year}: {values}.",
        legend=(MEANINGS[meaning], "**┃**&nbsp;Median of the world"),
        note=f"{year} is the last year with all six; a later year with political stability alone is left out.",
    )


def _of_six(number: int) -> str:
    return "all six" if number == len(INDICATORS) else f"{words.count(number)} of {words.count(len(INDICATORS))}"


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "−").replace("−0.0", "0.0")


@cache
def governance_dots(dark: bool) -> dict[str, Any]:
    """Chart of indicators: a dot for the country, a tick for the median of the world."""
    colours = theme.palette(dark)
    scale = alt.Scale(domain=[-3, 2.6], nice=False, zero=False)
    axis = alt.Axis(values=[-2, -1, 0, 1, 2], title=None, grid=True, format="d")
    base = alt.Chart().encode(y=alt.Y("label:N", sort="ascending", title=None, axis=alt.Axis(labelLimit=230)))
    tooltip = [
        alt.Tooltip("label:N", title="Indicator"),
        alt.Tooltip("text:N", title="Estimate"),
        alt.Tooltip("median_words:N", title="World median"),
        alt.Tooltip("year:Q", title="Year", format="d"),
    ]
    layers = alt.layer(
        base.mark_tick(color=colours.ink, thickness=2.5, size=18).encode(
            x=alt.X("median:Q", scale=scale, axis=axis), tooltip=tooltip
        ),
        base.mark_point(filled=True, size=130, opacity=1).encode(
            x=alt.X("estimate:Q", scale=scale, axis=axis), color=_fill(colours), tooltip=tooltip
        ),
    )
    return charts.finished(layers.properties(height=alt.Step(26)), dark)


# What it has signed, what it restricts, what is built in it.


def groups(record: Record, iso3: str) -> Table:
    """Groupings it is in, in what role, since when and how surely."""
    found = _once(session.query("country_groups", iso3=iso3), iso3, ["grouping_id", "role"])
    rows = pd.DataFrame(
        {
            "Group": found.name,
            "Role": found.role.map(ROLES),
            "Since": [on_date(each) or "not recorded" for each in found.since],
            "Until": [on_date(each) or "open" for each in found.until],
            "How sure": found.confidence.map(SURENESS),
            "Through": [_through(each, iso3) for each in found.iso3],
            "Source": [figure.citation(record, each) for each in found.source_id],
        }
    )
    number = found.grouping_id.nunique()
    return Table(
        "groups",
        f"In {words.count(number)} {words.plural('group', number)}" if number else "In no group of the record",
        rows,
        "No forum, initiative or list of signatories in the record names it.",
        _union_note(record, iso3, "is in"),
    )


def _once(found: pd.DataFrame, iso3: str, by: list[str]) -> pd.DataFrame:
    """One row each, the country's own before that of the European Union, in the order given."""
    own_first = found.assign(own=found.iso3 != iso3).sort_values("own", kind="stable")
    return found.loc[own_first.drop_duplicates(by).index.sort_values()]


def _through(party: str, iso3: str) -> str:
    return "itself" if party == iso3 else "the European Union"


def _union_note(record: Record, iso3: str, verb: str) -> str:
    if iso3 in record.union:
        return f"What the European Union {verb} as such counts for its members and is marked so."
    if parent := record.parents.get(iso3):
        return f"A territory of {name_of(record, parent)}; what that state {verb} stands on its own page."
    return ""


def agreements(record: Record, iso3: str) -> Table:
    """Agreements it is party to, latest first."""
    found = _once(session.query("country_agreements", iso3=iso3), iso3, ["agreement_id"])
    rows = pd.DataFrame(
        {
            "Agreement": found.title,
            "Date": found.date.map(on_date),
            "Kind": found.kind.map(words.capital),
            "Status": found.status.map(words.capital),
            "Parties": found.parties,
            "Through": [_through(each, iso3) for each in found.iso3],
            "Source": [figure.citation(record, each) for each in found.source_id],
        }
    )
    number = len(rows)
    return Table(
        "agreements",
        f"Party to {words.count(number)} {words.plural('agreement', number)}" if number else "Party to no agreement",
        rows,
        "The record has no agreement on critical minerals that names it.",
        _union_note(record, iso3, "signed"),
    )


@cache
def restrictions(record: Record, iso3: str) -> tuple[Table, Table, Table]:
    """What it imposes, what is aimed at it by name, and what is aimed at everybody and so at it too."""
    every = record.restrictions.drop_duplicates("restriction_id")
    union = {EUROPEAN_UNION} if iso3 in record.union else set()
    party = {iso3} | union
    imposes = every.imposing_iso3.isin(party)
    named, everybody = every.target_iso3.isin(party), every.target_iso3.isna() & ~imposes
    who = name_of(record, iso3)
    shared = "The European Union’s own count for its members." if union else ""
    open_to_all = f"Aimed at all buyers or sellers, so at {who} too, unless the text exempts it."
    imposed = Table(
        "imposed",
        "Imposes {} recorded {}",
        _restriction_rows(record, every[imposes]).drop(columns=[] if union else "Imposed by"),
        f"No export control, tariff or quota on these minerals by {who} is in the record.",
        shared,
    )
    targeted = Table(
        "named",
        "Named as the target of {} {}",
        _restriction_rows(record, every[named]).drop(columns="Aimed at"),
        f"No recorded restriction is aimed at {who} by name.",
    )
    met = Table(
        "everybody",
        "Meets {} {} aimed at everybody",
        _restriction_rows(record, every[everybody]).drop(columns="Aimed at"),
        "No recorded restriction of another country is aimed at everybody.",
        open_to_all,
    )
    return _counted(imposed), _counted(targeted), _counted(met)


def _counted(table: Table) -> Table:
    """A table of restrictions with their number in its heading, and without columns that say nothing."""
    number, active = len(table.rows), int((table.rows["State"] == "In force").sum())
    head = table.heading.format(words.count(number) if number else "no", words.plural("restriction", number))
    if not number:
        return replace(table, heading=head, note="")
    silent = ["Remark"] if (table.rows["Remark"] == "").all() else []
    return replace(table, heading=f"{head}, {words.count(active)} in force", rows=table.rows.drop(columns=silent))


def _restriction_rows(record: Record, found: pd.DataFrame) -> pd.DataFrame:
    """Records in words, those in force first, the latest first among them."""
    order = {"in force": 0, "scheduled": 1, "suspended": 2, "not in force or unknown": 3, "ended": 4}
    found = found.assign(order=found.state.map(order)).sort_values(
        ["starts", "restriction_id"], ascending=[False, True]
    )
    found = found.sort_values("order", kind="stable")
    return pd.DataFrame(
        {
            "State": found.state.map(words.capital),
            "Material": found.material.map(words.capital),
            "Measure": found.measure.map(words.capital),
            "Level": found.level.map(words.capital),
            "From": [on_date(each) or "not recorded" for each in found.starts],
            "To": [on_date(each) or "open" for each in found.ends],
            "Imposed by": [record.names[each] for each in found.imposing_iso3],
            "Aimed at": [record.names[each] if isinstance(each, str) else "Everybody" for each in found.target_iso3],
            "Goods": found["scope"].map(words.capital),
            "Remark": [words.capital(_remark_on(row)) for row in found.itertuples()],
            "Source": [figure.citation(record, each) for each in found.source_id],
        }
    )


def _remark_on(row: Any) -> str:
    """What the status says beyond the state, which it often opens with."""
    return row.status.removeprefix(row.state).lstrip(" ;") if isinstance(row.status, str) else ""


def projects(record: Record, iso3: str) -> Table:
    """Mines and plants with support or announced in it."""
    found = session.query("country_projects", iso3=iso3)
    rows = pd.DataFrame(
        {
            "Project": found.name,
            "Product": [record.product_names[each] for each in found["product"]],
            "Stage": found.stage.map(words.capital),
            "Output": [words.capital(each) if isinstance(each, str) else "not stated" for each in found.output],
            "Capacity a year": [_capacity(row) for row in found.itertuples()],
            "Start": [str(each) if pd.notna(each) else "not stated" for each in found.start_year],
            "Status": found.status.map(words.capital),
            "Backers": [words.capital(each) if isinstance(each, str) else "not stated" for each in found.backers],
            "Public support": [words.dollars(each) if each == each else "not stated" for each in found.support_usd],
            "Source": [figure.citation(record, each) for each in found.source_id],
        }
    )
    number = len(rows)
    return Table(
        "projects",
        f"{words.capital(words.count(number))} {words.plural('project', number)} in the record"
        if number
        else "No project in the record",
        rows,
        "The record lists supported and announced mines and plants of the bloc’s supply; none of them is here.",
        "Capacity is what the backers announce, on the basis named; feed and concentrate are never added to products."
        if number
        else "",
    )


def _capacity(row: Any) -> str:
    if np.isnan(row.capacity_t_per_year):
        return "not stated"
    basis = f", {row.basis}" if isinstance(row.basis, str) else ""
    return f"{words.tonnes(row.capacity_t_per_year)}{basis}"


# What it changes about the bloc.


def effect(view: View, iso3: str) -> Effect:
    """What follows when the country is put in, or out when it is in."""
    suppliers = spread([view.settings.supplier], view.record.union)
    other = session.case_of(view.settings.toggled(iso3, view.record), suppliers)
    return compared(view.record, iso3, view.after, other)


def compared(record: Record, iso3: str, now: Case, other: Case) -> Effect:
    """Two sentences on what the country adds or takes away, from the bloc as it is and as it would be."""
    inside, name = iso3 in now.members, name_of(record, iso3)
    if inside and iso3 in other.members:
        return Effect(
            "Counts with its state",
            f"{words.capital(name)} is in the bloc with {name_of(record, record.parents[iso3])}, since territories "
            "count with their states in this scenario.",
            "",
        )
    text = " ".join(filter(None, [_points(record, iso3, inside), _movements(now, other, inside, name)]))
    verb = "lose without" if inside else "gain with"
    return Effect(f"What the bloc would {verb} {name}", text, "Leave out" if inside else "Invite")


def _points(record: Record, iso3: str, inside: bool) -> str:
    """Points of world output it adds on average, and where most."""
    average, name = 100 * record.output_rank.get(iso3, 0.0), words.capital(name_of(record, iso3))
    made = world_shares(record)[lambda rows: (rows.iso3 == iso3) & (rows.quantity > 0)]
    if made.empty:
        return f"{name} has no recorded output, so it {'takes' if inside else 'brings'} none with it."
    best = made.loc[made.share.idxmax()]
    most = f"{record.product_sentence_names[best['product']]}, {words.STAGE[best.stage]}"
    size = f"{average:.1f}" if average >= 0.05 else "less than 0.1"
    verb = "would take away" if inside else "would add"
    return (
        f"{name} {verb} {size} {words.plural('point', 1 if size == '1.0' else 2)} of world output on average over all "
        f"materials, most of all in {most}: {words.percent(best.share)} of the world."
    )


def _movements(now: Case, other: Case, inside: bool, name: str) -> str:
    """The materials whose coverage of need moves most; need moves with the members, so that coverage can fall."""
    change = (other.rows.coverage - now.rows.coverage).dropna()
    moved = change[change.abs() > NOTABLE]
    if moved.empty:
        return f"{'Without' if inside else 'With'} it no coverage of need would move by more than half a point."
    largest = moved.abs().sort_values(ascending=False, kind="stable").index[:MOST_MOVED]
    parts = []
    for at in largest:
        row = now.rows.loc[at]
        stage = "mined" if row.side == "mined" else "refined"
        moves = f"from {words.percent(row.coverage)} to {words.percent(other.rows.coverage[at])}"
        parts.append(f"**{row.in_sentence}**, {stage}, {moves}")
    falls = not inside and (moved[largest] < 0).any()
    reason = "; need grows with the members" if falls else ""
    return f"The share of need that is met would move most for {'; '.join(parts)}{reason}."
