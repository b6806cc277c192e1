"""Concentration of supply: which materials hang on one country, and on whom."""

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from bloc import words
from bloc.briefing import Case
from bloc.data import Record
from bloc.outcome import restricting
from bloc.summary import HALF, layout
from bloc.text import csv_text
from bloc.trends import trends as yearly
from bloc.views import charts, notes, session, theme
from bloc.views.figure import Figure, citation

# Query of the history and its first year.
HISTORY, SINCE = "concentration_history", 2000
SIDES = {"all": "Mined and refined", "mined": "Mined", "refined": "Refined"}
LISTS = {"all": "Every material", "critical": "U.S. critical list of 2025"}
# Row of a list of pairs and of its narrow form. [px]
ROW, NARROW_ROW = 27, 21
MATERIAL_PX = 170
UNKNOWN = "unknown"
# Where the refined half starts on the shared scale, in percent of the world, and where each scale ends.
SECOND, WIDE_END, NARROW_END = 170.0, 315.0, 168.0
HEIGHT, SQUARE = 320, 540
NAMED_LINES = 3
# Labels of the scatter: most of them, how far apart, lifted by, width of a letter, and where they turn to the left of
# their points. [percent of the world]
LABELS, LABEL_GAP, LIFT, LETTER, TURN = 12, 2.3, 5.2, 1.35, 55
# Sources that the indices rest on beyond output.
GOVERNANCE, TRADE = "C08", ("C04b", "C03")


@dataclass(frozen=True)
class Measure:
    """A column of the table: its title, how it is written, and how it is computed."""

    title: str
    kind: str
    text: str


MEASURES = {
    "largest_share": Measure(
        "Largest share",
        "bar",
        "Output of the largest supplier, divided by the output of the world as published, or by the sum of the "
        "countries listed where no total is published.",
    ),
    "china_share": Measure(
        "China",
        "text",
        "Output of China, divided by the world’s. Not itemised: the source does not list China, so that its share is "
        "unknown, not nothing.",
    ),
    "top3_share": Measure(
        "Top three",
        "share",
        "Output of the three largest suppliers, divided by the world’s. Published totals are rounded: a sum above the "
        "whole is shown as the whole.",
    ),
    "hhi_low": Measure(
        "HHI, low",
        "index",
        "Herfindahl-Hirschman index: the squares of all shares in percent, added up; 10,000 for a single supplier. "
        "The low value takes the output that no country is named for as that of many small suppliers.",
    ),
    "hhi_high": Measure(
        "HHI, high",
        "index",
        "The same index with the output that no country is named for taken as one more country.",
    ),
    "n_minus_1": Measure(
        "N-1",
        "share",
        "The whole less the share of the largest supplier, which is what would remain of output without it.",
    ),
    "bloc_share": Measure("Bloc", "share", "Output of the members, divided by the world’s."),
    "bloc_share_high": Measure(
        "Bloc, at most",
        "share",
        "The same if the output that no country is named for were all from members.",
    ),
    "bloc_share_ex_china": Measure(
        "Bloc, outside China",
        "share",
        "Output of the members other than China, divided by the output of the world without China. Unknown where "
        "China is not itemised or is the whole supply.",
    ),
    "available_share": Measure(
        "On offer",
        "share",
        "The whole less, for each supplier that restricts in the scenario, its share times its cut. All output is "
        "taken as on offer, so that what is missing is an upper bound.",
    ),
    "herfindahl_governance": Measure(
        "HHI by governance",
        "fraction",
        "The square of each share (0 to 1) times the supplier’s governance risk (0 best, 1 worst, from the mean of six "
        "governance indicators) times a trade factor (0.8 for members, 1.1 for who restricts, otherwise 1), added up. "
        "The trade factors are those remembered of the European Commission’s guidelines of 2017.",
    ),
    "global_supply_risk": Measure(
        "EU supply risk, global half",
        "fraction",
        "The index by governance times the part of input that is not recycled scrap (1 less the end-of-life "
        "recycling input rate). It is one half of the measure: the other half needs where the European Union buys, "
        "and the whole a substitution index; neither is on record. Unknown: no recycling rate.",
    ),
    "geopolrisk": Measure(
        "GeoPolRisk",
        "fraction",
        "Concentration of world output (0 to 1), times the members’ imports from outside weighted by the political "
        "instability of each seller, divided by these imports and the members’ own output; after Santillán-Saldivar "
        "and others, as in geopolrisk-py. Unknown: no customs heading fits the basis of the output.",
    ),
}
SHOWN = ["material", "stage_words", "year", "supplier", *MEASURES, "remark", "form", "basis", "publication"]
_FORMS = {"share": words.percent, "index": "{:,.0f}".format, "fraction": "{:.2f}".format}
_WRITTEN = {name: _FORMS[each.kind] for name, each in MEASURES.items() if each.kind in _FORMS}


def rows(record: Record, case: Case, side: str, listed: str) -> pd.DataFrame:
    """Every default series with its measures, the most concentrated first; `side` of SIDES, `listed` of LISTS."""
    indicators = case.outcome.indicators
    risk = case.outcome.supply_risk[["herfindahl_governance", "global_supply_risk", "geopolrisk"]]
    products = record.products.set_index("product").loc[indicators["product"]]
    table = pd.concat([indicators, risk], axis=1).assign(
        material=products.product_name.to_numpy(),
        critical=products.us_critical_2025.fillna(False).to_numpy(bool),
        stage_words=[words.capital(words.STAGE[each]) for each in indicators.stage],
        supplier=[_name(record, each) for each in indicators.largest_supplier],
        top3_share=np.minimum(indicators.top3_share, 1.0),
        bloc_share_high=np.fmax(indicators.bloc_share_high, indicators.bloc_share),
        remark=[_remark(*each) for each in zip(indicators.undisclosed, indicators.complete, strict=True)],
        publication=[citation(record, each) for each in indicators.source_id],
    )
    keep = np.ones(len(table), dtype=bool)
    if side != "all":
        keep &= ((table.stage == "mine") == (side == "mined")).to_numpy()
    if listed == "critical":
        keep &= table.critical.to_numpy()
    return table[keep].sort_values(["largest_share", "material"], ascending=[False, True], ignore_index=True)


def _name(record: Record, iso3: object) -> str:
    return record.names[iso3] if isinstance(iso3, str) else "nobody named"


def _remark(undisclosed: int, complete: bool) -> str:
    parts = [f"{undisclosed} {words.plural('country', undisclosed)} undisclosed"] if undisclosed else []
    if not complete:
        parts.append("known producers missing")
    return words.capital("; ".join(parts))


def finding(case: Case) -> str:
    """Headline: how many materials have one country behind more than half of supply, by stage."""
    indicators = case.outcome.indicators
    mined = indicators.stage == "mine"
    hang = indicators.largest_share > HALF
    return (
        f"One country supplies more than half of {int((hang & mined).sum())} of {int(mined.sum())} mined and "
        f"{int((hang & ~mined).sum())} of {int((~mined).sum())} refined materials"
    )


def table_finding(record: Record, table: pd.DataFrame) -> str:
    """Heading of the table: who is most often the largest supplier of what it shows."""
    counts = table.largest_supplier.value_counts()
    if counts.empty:
        return "No material of this choice has a supplier on record"
    who = words.capital(record.sentence_names[str(counts.index[0])])
    return f"{who} is the largest supplier of {int(counts.iloc[0])} of {len(table)} materials"


def show_table(record: Record, table: pd.DataFrame) -> str | None:
    """Draw the table and return the mineral of the row that was clicked."""
    st.header(table_finding(record, table), anchor=False)
    if table.empty:
        return None
    notes.note(
        f"Share of world output, each series on its own content basis and in its latest year, {table.year.min()} to "
        f"{table.year.max()}. Click a title to sort, the box at the left of a row to see all its suppliers."
    )
    event = st.dataframe(
        _styled(table),
        hide_index=True,
        width="stretch",
        height=520,
        column_config=_columns(),
        placeholder=UNKNOWN,
        on_select="rerun",
        selection_mode="single-row",
        key="concentration",
        alt=f"Table of {len(table)} series by largest supplier. {table_finding(record, table)}.",
    )
    st.download_button(
        "CSV",
        lambda: csv_text(_tidy(table)),
        "concentration.csv",
        "text/csv",
        icon=":material/download:",
        key="csv_concentration",
        on_click="ignore",
    )
    chosen = event["selection"]["rows"]
    return str(table.mineral[chosen[0]]) if chosen else None


def _tidy(table: pd.DataFrame) -> pd.DataFrame:
    keys = ["product", "stage", "form", "basis", "year", "largest_supplier", *MEASURES]
    return table[[*keys, "other_share", "undisclosed", "complete", "source_id"]]


def _styled(table: pd.DataFrame) -> Any:
    """The table with numbers as we write them: it still sorts by the numbers."""
    shown = table[SHOWN].copy()
    bars = [name for name, each in MEASURES.items() if each.kind == "bar"]
    shown[bars] = 100 * shown[bars]
    shown["china_share"] = shown.china_share.map(_sortable)
    return shown.style.format(_WRITTEN, na_rep=UNKNOWN)


def _sortable(share: float) -> str:
    """Percentage as text that sorts like the number: leading blanks, most of them where China is not itemised."""
    if pd.isna(share):
        return "     not itemised"
    text = words.percent(share)
    digits = sum(each.isdigit() for each in text)
    return " " * (4 if share <= 0.005 else 4 - digits) + text


def _columns() -> dict[str, Any]:
    columns = st.column_config
    plain = {
        "material": columns.TextColumn("Material", pinned=True, width=MATERIAL_PX),
        "stage_words": columns.TextColumn("Stage", width=76),
        "year": columns.NumberColumn("Year", format="%d", width=58),
        "supplier": columns.TextColumn("Largest supplier", width=120),
        "remark": columns.TextColumn("Not counted"),
        "form": columns.TextColumn("Form"),
        "basis": columns.TextColumn("Content basis"),
        "publication": columns.TextColumn("Source"),
    }
    return {**plain, **{name: _column(each) for name, each in MEASURES.items()}}


def _column(measure: Measure) -> Any:
    columns = st.column_config
    if measure.kind == "bar":
        return columns.ProgressColumn(
            measure.title,
            help=measure.text,
            format="%.0f %%",
            min_value=0,
            max_value=100,
            width=130,
            color="gray",
        )
    if measure.kind == "text":
        return columns.TextColumn(measure.title, help=measure.text, width=100, alignment="right")
    return columns.NumberColumn(measure.title, help=measure.text, width=max(66, 26 + 7 * len(measure.title)))


def definitions(record: Record, table: pd.DataFrame) -> str:
    """How each measure is computed, and every source, as Markdown."""
    lines = [f"- **{each.title}**: {notes.plain(each.text)}" for each in MEASURES.values()]
    rates = record.recycling_rates[record.recycling_rates["product"].isin(table["product"])]
    further = [each for each in (GOVERNANCE, *rates.source_id, *TRADE) if each in record.citations]
    cited = [citation(record, each) for each in (*table.source_id, *further)]
    sources = [f"- {notes.plain(each)}" for each in dict.fromkeys(cited)]
    return "\n".join(
        [
            *lines,
            "",
            f"Imports are of {record.trade_year}. Sources: output, then governance, recycling and trade.",
            "",
            *sources,
        ]
    )


def pairs(record: Record, case: Case, narrow: bool) -> Figure:
    """Largest miner against largest refiner of every mineral with both stages; `narrow` puts one under the other."""
    table = _pair_rows(record, case)
    return Figure(
        key="miner_and_refiner",
        finding=_pair_finding(record, table),
        basis=(
            f"Largest supplier of each stage and its share of world output, {table.year.min()} to {table.year.max()}, "
            "by the refiner’s share."
        ),
        rows=table,
        columns={
            "label": "Material",
            "side": "Stage",
            "iso3": "Largest supplier",
            "share": "Its share of the world, 0 to 1",
            "year": "Year",
            "another": "Another country refines",
        },
        drawn=_pair_marks(record, case, table, narrow),
        spec=partial(pair_bars, narrow=narrow),
        alt=_pair_alt(record, table),
        legend=(
            notes.LEGEND["member"],
            notes.LEGEND["restricting"],
            ":violet[■]&nbsp;Outside",
            "◆&nbsp;Another country refines",
        ),
        note="Output counts where it is made, whoever owns it. Undisclosed output is in nobody’s share.",
    )


def _pair_rows(record: Record, case: Case) -> pd.DataFrame:
    """Two rows for each mineral with both stages, mined and refined, by the refiner’s share."""
    indicators, both = case.outcome.indicators, layout(record)
    named = indicators.largest_supplier.notna()
    both = both[(both.mined >= 0) & (both.refined >= 0)]
    both = both[named[both.mined].to_numpy() & named[both.refined].to_numpy()]
    both = both.assign(
        refiner_share=indicators.largest_share[both.refined].to_numpy(),
        another=indicators.largest_supplier[both.mined].to_numpy()
        != indicators.largest_supplier[both.refined].to_numpy(),
    ).sort_values(["refiner_share", "label"], ascending=[False, True])
    sides = [
        pd.DataFrame(
            {
                "label": both.label.to_numpy(),
                "side": side,
                "iso3": indicators.largest_supplier[at].to_numpy(),
                "share": indicators.largest_share[at].to_numpy(),
                "year": indicators.year[at].to_numpy(),
                "another": np.where(both.another, "yes", "no"),
                "source_id": indicators.source_id[at].to_numpy(),
            }
        )
        for side, at in (("Mined", both.mined), ("Refined", both.refined))
    ]
    return pd.concat(sides).sort_index(kind="stable", ignore_index=True)


def _pair_finding(record: Record, table: pd.DataFrame) -> str:
    refined = table[table.side == "Refined"]
    apart = refined[refined.another == "yes"]
    if apart.empty:
        return "The largest miner is the largest refiner of every material"
    counts = apart.iso3.value_counts()
    who, count = record.sentence_names[str(counts.index[0])], int(counts.iloc[0])
    where = f"all {words.count(count)}" if count == len(apart) else f"{words.count(count)} of them"
    start = f"Largest miner and largest refiner differ for {len(apart)} of {len(refined)} materials"
    return start if len(apart) == 1 else f"{start}; {who} leads refining in {where}"


def _pair_alt(record: Record, table: pd.DataFrame) -> str:
    apart = [
        f"{label} ({', then '.join(record.names[each] for each in pair.iso3)})"
        for label, pair in table[table.another == "yes"].groupby("label", sort=False)
    ]
    return f"Bars of the largest miner and refiner of {len(table) // 2} materials. Different: {words.listing(apart)}."


def _pair_marks(record: Record, case: Case, table: pd.DataFrame, narrow: bool) -> pd.DataFrame:
    """The bars with what is written at their ends, and where the sign of another refiner stands."""
    withholding = restricting(record, case.scenario)
    refined = (table.side == "Refined").to_numpy()
    start = np.where(refined & (not narrow), SECOND, 0.0)
    names = table.iso3.map(record.names)
    written = table.share.map(words.percent)
    return table.drop(columns=["share", "source_id", "iso3"]).assign(
        order=np.arange(len(table)) // 2,
        start=start,
        end=start + 100 * table.share.clip(upper=1),
        sign=refined & (table.another == "yes").to_numpy(),
        sign_at=NARROW_END - 4 if narrow else SECOND - 5,
        text=names + " " + written,
        country=names,
        share=written,
        meaning=[_meaning(case, each, withholding) for each in table.iso3],
    )


def _meaning(case: Case, code: str, withholding: frozenset[str]) -> str:
    if code in withholding:
        return "restricting"
    return "member" if code in case.members else "outside"


@cache
def pair_bars(dark: bool, narrow: bool) -> dict[str, Any]:
    """Chart of _pair_marks: two tracks of 0 to 100 % side by side, or one under the other where it is narrow."""
    colours = theme.palette(dark)
    meanings = {"member": colours.member, "restricting": colours.restricting, "outside": colours.outside}
    row = NARROW_ROW if narrow else ROW
    names = alt.Y("label:N", sort=alt.EncodingSortField(field="order", op="min"), title=None)
    base = alt.Chart().encode(y=names)
    if narrow:
        base = base.encode(yOffset=alt.YOffset("side:N", scale=alt.Scale(paddingInner=0)))
    scale = alt.Scale(domain=[0, NARROW_END if narrow else WIDE_END], nice=False)
    heads = alt.Axis(
        values=[0] if narrow else [0, SECOND],
        labelExpr="'Mined above refined, % of the world'"
        if narrow
        else f"datum.value < {SECOND} ? 'Mined, % of the world' : 'Refined, % of the world'",
        labelAlign="left",
        labelColor=colours.ink,
        labelFontWeight=600,
        labelLimit=260,
        title=None,
        grid=False,
        orient="top",
    )
    tooltip = [
        alt.Tooltip("label:N", title="Material"),
        alt.Tooltip("side:N", title="Stage"),
        alt.Tooltip("country:N", title="Largest supplier"),
        alt.Tooltip("share:N", title="Share of the world"),
        alt.Tooltip("year:Q", title="Year", format="d"),
        alt.Tooltip("another:N", title="Another country refines"),
    ]
    x = alt.X("start:Q", scale=scale, axis=heads)
    fill = alt.Color("meaning:N", scale=alt.Scale(domain=list(meanings), range=list(meanings.values())), legend=None)
    weight = alt.condition("datum.another == 'yes'", alt.value(colours.ink), alt.value(colours.muted))
    layers = alt.layer(
        base.mark_bar(size=row - 9).encode(x=x, x2="end:Q", color=fill, tooltip=tooltip),
        base.mark_text(align="left", dx=5, fontSize=12 if narrow else 14).encode(
            x=alt.X("end:Q", scale=scale, axis=heads), text="text:N", color=weight
        ),
        base.transform_filter("datum.sign")
        .mark_point(shape="diamond", filled=True, opacity=1, size=70, color=colours.ink)
        .encode(x=alt.X("sign_at:Q", scale=scale, axis=heads), tooltip=tooltip),
    )
    return charts.finished(layers.properties(height=alt.Step(row)), dark)


def trends(record: Record, history: pd.DataFrame) -> pd.DataFrame:
    """Concentration by year of each series of the history, with the names of series and suppliers."""
    table = yearly(history)
    if table.empty:
        return table
    series = [
        _series_name(record, product, stage) for product, stage in zip(table["product"], table.stage, strict=True)
    ]
    return table.assign(series=series, largest=[record.names[each] for each in table.largest])


@cache
def recorded_trends(record: Record) -> pd.DataFrame:
    """The trends of the record, once per server: no scenario changes them."""
    return trends(record, session.query(HISTORY, year=SINCE))


def _series_name(record: Record, product: str, stage: str) -> str:
    return words.capital(f"{words.STAGE[stage]} {record.product_sentence_names[product]}")


def history_of(table: pd.DataFrame, measure: str) -> Figure | None:
    """Lines of a measure of `trends` by year, `hhi_low` or `china_share`, the risers named; None without any."""
    table = table.dropna(subset=[measure]) if len(table) else table
    if table.empty:
        return None
    china = measure == "china_share"
    ordered = table.sort_values(["series", "year"], ignore_index=True)
    change = ordered.groupby("series")[measure].agg(lambda each: each.iloc[-1] - each.iloc[0])
    risers = change[change > 0].nlargest(NAMED_LINES).index
    fallers = change[change < 0].nsmallest(1).index
    first, last = int(ordered.year.min()), int(ordered.year.max())
    subject = "China’s share rose" if china else "Concentration rose"
    start = f"{subject} in {int((change > 0).sum())} of {len(change)} series"
    most = f", most in {risers[0].lower()[:1]}{risers[0][1:]}" if len(risers) else ""
    what = "China’s share of output" if china else "HHI of output, 0 to 10,000"
    kept = ["series", "year", measure, *([] if china else ["largest", "largest_share"]), "source_id"]
    return Figure(
        key=f"history_{measure}",
        finding=start + most,
        basis=f"{what}, {first} to {last}. Labelled: the largest rises, the largest fall.",
        rows=ordered[kept],
        columns={
            "series": "Material",
            "year": "Year",
            "hhi_low": "HHI, 0 to 10,000",
            "largest": "Largest supplier",
            "largest_share": "Its share, 0 to 1",
            "china_share": "China’s share, 0 to 1",
        },
        drawn=_lines(ordered, measure, frozenset(risers), frozenset(fallers)),
        spec=partial(trend_lines, china=china),
        alt=f"Lines by year, {first} to {last}. {start}{most}. Named: {words.listing([*risers, *fallers])}.",
        note=(
            "Materials with one source over all these years and no known gap"
            f"{', China listed with a number every year' if china else ''}; shares are of the countries "
            "listed with a number, undisclosed output left out."
        ),
    )


def _lines(table: pd.DataFrame, measure: str, risers: frozenset[str], fallers: frozenset[str]) -> pd.DataFrame:
    """Points of the lines; a named line carries its label at its last year, moved where two would overlap."""
    scale = 100.0 if measure == "china_share" else 1.0
    top = 100.0 if measure == "china_share" else 10_000.0
    last = int(table.year.max())
    named = risers | fallers
    ends = table[(table.year == last) & table.series.isin(named)].set_index("series")[measure] * scale
    places = _apart(ends.sort_values(), top / 17, top)
    return pd.DataFrame(
        {
            "series": table.series,
            "year": table.year,
            "value": table[measure] * scale,
            "written": [words.percent(each) if top == 100 else f"{each:,.0f}" for each in table[measure]],
            "largest": [f"{row.largest} {words.percent(row.largest_share)}" for row in table.itertuples()],
            "rises": table.series.isin(risers),
            "falls": table.series.isin(fallers),
            "label": [row.series if row.year == last and row.series in named else "" for row in table.itertuples()],
            "place": [places.get(each, 0.0) for each in table.series],
        }
    )


def _apart(ends: pd.Series, gap: float, top: float) -> dict[str, float]:
    """Heights of labels, from the lowest up, at least `gap` from one another and not above `top`."""
    placed = ends.to_dict()
    names = list(placed)
    for below, above in zip(names, names[1:], strict=False):
        placed[above] = max(placed[above], placed[below] + gap)
    ceiling = top
    for name in reversed(names):
        placed[name] = min(placed[name], ceiling)
        ceiling = placed[name] - gap
    return placed


@cache
def trend_lines(dark: bool, china: bool) -> dict[str, Any]:
    """Chart of _lines: the named lines in ink, the others muted."""
    colours = theme.palette(dark)
    years = alt.Axis(values=[2000, 2005, 2010, 2015, 2020], format="d", title=None, grid=False, labelPadding=12)
    x = alt.X("year:Q", scale=alt.Scale(domain=[SINCE, SINCE + 37], nice=False), axis=years)
    y_scale = alt.Scale(domain=[0, 100 if china else 10_000], nice=False)
    marks = alt.Axis(
        title=None,
        grid=True,
        tickCount=5,
        labelColor=colours.muted,
        labelExpr="datum.value + ' %'" if china else "format(datum.value, ',')",
    )
    y = alt.Y("value:Q", scale=y_scale, axis=marks)
    tooltip = [
        alt.Tooltip("series:N", title="Material"),
        alt.Tooltip("year:Q", title="Year", format="d"),
        alt.Tooltip("written:N", title="China’s share" if china else "HHI"),
        alt.Tooltip("largest:N", title="Largest supplier"),
    ]
    base = alt.Chart().encode(x=x, y=y, detail="series:N", tooltip=tooltip)
    shade = alt.condition("datum.rises", alt.value(colours.ink), alt.value(colours.muted))
    layers = alt.layer(
        base.transform_filter("!datum.rises").mark_line(strokeWidth=1.2, color=colours.outside, opacity=0.7),
        base.transform_filter("datum.falls").mark_line(strokeWidth=2.5, color=colours.outside),
        base.transform_filter("datum.rises").mark_line(strokeWidth=2.5, color=colours.ink),
        base.mark_point(size=60, opacity=0),
        alt.Chart()
        .transform_filter("datum.label != ''")
        .mark_text(align="left", dx=6)
        .encode(x=x, y=alt.Y("place:Q", scale=y_scale, axis=marks), text="label:N", color=shade),
    )
    return charts.finished(layers.properties(height=HEIGHT), dark)


def against(record: Record, case: Case) -> Figure:
    """China’s share against the bloc’s, a point for each series in which China is itemised."""
    indicators = case.outcome.indicators
    table = indicators[indicators.china_share.notna()]
    table = table.assign(
        series=[_series_name(record, *each) for each in zip(table["product"], table.stage, strict=True)]
    ).reset_index(drop=True)
    below = int((table.bloc_share < table.china_share).sum())
    kept = table[["series", "form", "basis", "year", "china_share", "bloc_share", "stage", "source_id"]]
    return Figure(
        key="china_and_bloc",
        finding=f"China makes more than the whole bloc in {below} of {len(table)} materials",
        basis=f"Share of world output, {table.year.min()} to {table.year.max()}. Above the broken line China has more.",
        rows=kept.drop(columns="stage").sort_values("series", ignore_index=True),
        columns={
            "series": "Material",
            "form": "Form",
            "basis": "Content basis",
            "year": "Year",
            "china_share": "China’s share, 0 to 1",
            "bloc_share": "The bloc’s share, 0 to 1",
        },
        drawn=_points(table),
        spec=scatter,
        alt=f"Points of China’s share against the bloc’s, {len(table)} series. China has more in {below}.",
        legend=("○&nbsp;Mined", "●&nbsp;Refined or smelted"),
        note=f"{len(indicators) - len(table)} materials in which China is not itemised are left out.",
    )


def _points(table: pd.DataFrame) -> pd.DataFrame:
    """Points in percent, the extremes labelled."""
    bloc, china = 100 * table.bloc_share.clip(upper=1), 100 * table.china_share.clip(upper=1)
    heights = _extremes(bloc.to_numpy(), china.to_numpy(), list(table.series))
    return pd.DataFrame(
        {
            "series": table.series,
            "bloc": bloc,
            "china": china,
            "bloc_words": table.bloc_share.map(words.percent),
            "china_words": table.china_share.map(words.percent),
            "year": table.year,
            "mined": table.stage == "mine",
            "label": [name if row in heights else "" for row, name in enumerate(table.series)],
            "label_at": [heights.get(row, 0.0) for row in range(len(table))],
        }
    )


def _extremes(bloc: np.ndarray, china: np.ndarray, series: list[str]) -> dict[int, float]:
    """Height of the label of each row that has one: the farthest from the line of equal shares, where there is room.

    A label stands level with its point, or a little above where points are few; it covers no point and no label.
    """
    taken = [(x - 1, x + 1, y) for x, y in zip(bloc, china, strict=True)]
    heights: dict[int, float] = {}
    for row in np.argsort(-np.abs(china - bloc), kind="stable"):
        length = LETTER * len(series[row])
        left = bloc[row] + (2 if bloc[row] <= TURN else -2 - length)
        for height in (china[row], china[row] + LIFT if bloc[row] > TURN else china[row]):
            free = all(left + length < x0 or left > x1 or abs(height - y) > LABEL_GAP for x0, x1, y in taken)
            if free and 0 <= height <= 100 and len(heights) < LABELS:
                heights[int(row)] = float(height)
                taken.append((left, left + length, height))
                break
    return heights


@cache
def scatter(dark: bool) -> dict[str, Any]:
    """Chart of _points on fixed axes of 0 to 100 %, mined hollow, refined filled, a line where the shares are equal."""
    colours = theme.palette(dark)

    def axis(title: str) -> alt.Axis:
        return alt.Axis(title=title, values=[0, 25, 50, 75, 100], grid=True, labelColor=colours.muted)

    scale = alt.Scale(domain=[0, 100], nice=False)
    x = alt.X("bloc:Q", scale=scale, axis=axis("The bloc’s share, %"))
    y = alt.Y("china:Q", scale=scale, axis=axis("China’s share, %"))
    tooltip = [
        alt.Tooltip("series:N", title="Material"),
        alt.Tooltip("china_words:N", title="China"),
        alt.Tooltip("bloc_words:N", title="The bloc"),
        alt.Tooltip("year:Q", title="Year", format="d"),
    ]
    base = alt.Chart().encode(x=x, y=y)
    points = base.encode(tooltip=tooltip)
    text = alt.Chart().transform_filter("datum.label != ''")
    label_at = alt.Y("label_at:Q", scale=scale, axis=axis("China’s share, %"))
    layers = alt.layer(
        base.mark_line(color=colours.muted, strokeDash=[4, 4], strokeWidth=1).encode(
            x=alt.X("bloc:Q", scale=scale), y=alt.Y("bloc:Q", scale=scale, axis=axis("China’s share, %"))
        ),
        points.transform_filter("datum.mined").mark_point(size=60, filled=False, color=colours.ink, opacity=0.8),
        points.transform_filter("!datum.mined").mark_point(size=60, filled=True, color=colours.ink, opacity=0.8),
        text.transform_filter(f"datum.bloc <= {TURN}")
        .mark_text(align="left", dx=8)
        .encode(x=x, y=label_at, text="label:N"),
        text.transform_filter(f"datum.bloc > {TURN}")
        .mark_text(align="right", dx=-8)
        .encode(x=x, y=label_at, text="label:N"),
    )
    return charts.finished(layers.properties(height=SQUARE), dark)
