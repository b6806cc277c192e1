"""The table of the concentration page: every series with its measures, sortable, one click from mineral and country."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from bloc import words
from bloc.briefing import Case
from bloc.data import Record
from bloc.language import mark, per_language, recorded, say, say_many
from bloc.outcome import evaluate
from bloc.scenario import Scenario
from bloc.text import csv_text
from bloc.views import notes
from bloc.views.concentration_measures import MEASURES, WRITTEN, Measure
from bloc.views.figure import citation

SIDES = {"all": mark("Mined and refined"), "mined": mark("Mined"), "refined": mark("Refined")}
LISTS = {"all": mark("Every material"), "critical": mark("U.S. critical list of 2025")}
# Query of demand by use, and its uses in words, alone and inside a sentence.
DEMAND = "demand_by_use"
USES = {
    "all": mark("Every use"),
    "clean_energy": mark("Clean energy"),
    "electric_vehicles": mark("Electric vehicles"),
    "grid_batteries": mark("Grid batteries"),
    "wind": mark("Wind power"),
    "solar": mark("Solar power"),
    "networks": mark("Electricity networks"),
    "hydrogen": mark("Hydrogen"),
}
USES_IN_SENTENCE = {
    "clean_energy": mark("clean energy"),
    "electric_vehicles": mark("electric vehicles"),
    "grid_batteries": mark("grid batteries"),
    "wind": mark("wind power"),
    "solar": mark("solar power"),
    "networks": mark("electricity networks"),
    "hydrogen": mark("hydrogen"),
}
MEANINGS = mark(
    "HHI adds up the squares of all shares in percent: 10,000 is a single supplier. N-1 is what remains without the "
    "largest supplier. N-bloc is what the members make of what the world uses."
)
MATERIAL_PX = 170
UNKNOWN = mark("unknown")
# Sources that the indices rest on beyond output.
GOVERNANCE, TRADE = "C08", ("C04b", "C03")
SHOWN = ["material", "stage_words", "year", "supplier", *MEASURES, "remark", "form", "basis", "publication"]


def rows(record: Record, case: Case, side: str, listed: str, minerals: frozenset[str] | None = None) -> pd.DataFrame:
    """Default series with their measures, the most concentrated first; `side` of SIDES, `listed` of LISTS.

    `minerals` keeps to those of a use, see used_minerals; None keeps all.
    """
    indicators = case.outcome.indicators
    risk = case.outcome.supply_risk[["herfindahl_governance", "global_supply_risk", "geopolrisk"]]
    facts = _facts(record)
    table = pd.concat([indicators, risk, facts], axis=1).assign(
        top3_share=np.minimum(indicators.top3_share, 1.0),
        bloc_share_high=np.fmax(indicators.bloc_share_high, indicators.bloc_share),
    )
    keep = np.ones(len(table), dtype=bool)
    if side != "all":
        keep &= ((table.stage == "mine") == (side == "mined")).to_numpy()
    if listed == "critical":
        keep &= table.critical.to_numpy()
    if minerals is not None:
        keep &= table.mineral.isin(minerals).to_numpy()
    by_name = table[keep].sort_values("material", key=lambda names: names.map(words.alphabetical))
    return by_name.sort_values("largest_share", ascending=False, kind="stable", ignore_index=True)


@cache
def _facts(record: Record) -> pd.DataFrame:
    """What the table says of each series whatever the scenario: its names, its largest supplier, what is missing."""
    indicators = evaluate(record, Scenario(())).indicators
    products = record.products.set_index("product").loc[indicators["product"]]
    return pd.DataFrame(
        {
            "material": products.product_name.to_numpy(),
            "critical": products.us_critical_2025.fillna(False).to_numpy(bool),
            "stage_words": [words.capital(say(words.STAGE[each])) for each in indicators.stage],
            "supplier": [_name(record, each) for each in indicators.largest_supplier],
            "remark": [_remark(*each) for each in zip(indicators.undisclosed, indicators.complete, strict=True)],
            "publication": [citation(record, each) for each in indicators.source_id],
        },
        index=indicators.index,
    )


def used_minerals(demand: pd.DataFrame, use: str) -> frozenset[str] | None:
    """Minerals of a use of USES; `demand` as the query gives it. None for every use."""
    return None if use == "all" else frozenset(demand.mineral[demand["use"] == use])


def use_note(record: Record, demand: pd.DataFrame, use: str) -> str:
    """What the choice of a use keeps, its year and source; nothing for every use."""
    if use == "all":
        return ""
    kept = demand[demand["use"] == use]
    split = demand[demand["use"] != "clean_energy"].mineral.nunique()
    return say(
        "The table keeps to minerals with demand for {use} on record in {year}, in all their products. Clean energy in "
        "all is on record for {number} minerals, its technologies only for {split}; other uses are not on record. "
        "Source: {source}.",
        use=say(USES_IN_SENTENCE[use]),
        year=kept.year.max(),
        number=demand.mineral[demand["use"] == "clean_energy"].nunique(),
        split=split,
        source=citation(record, str(kept.source_id.iloc[0])),
    )


def _name(record: Record, iso3: object) -> str:
    return record.names[iso3] if isinstance(iso3, str) else say("nobody named")


def _remark(undisclosed: int, complete: bool) -> str:
    parts = []
    if undisclosed:
        parts.append(say_many(undisclosed, "{number} country undisclosed", "{number} countries undisclosed"))
    if not complete:
        parts.append(say("known producers missing"))
    return words.capital("; ".join(parts))


def table_finding(record: Record, table: pd.DataFrame) -> str:
    """Heading of the table: who is most often the largest supplier of what it shows."""
    counts = table.largest_supplier.value_counts()
    if counts.empty:
        return say("No material of this choice has a supplier on record")
    return words.capital(
        say(
            "{country} is the largest supplier of {number} of {total} materials",
            country=record.sentence_names[str(counts.index[0])],
            number=int(counts.iloc[0]),
            total=len(table),
        )
    )


def show_table(record: Record, table: pd.DataFrame) -> tuple[str, dict[str, str]] | None:
    """Draw the table; return the page and the parameter that a click on a row or a cell asks for."""
    st.header(table_finding(record, table), anchor=False)
    if table.empty:
        return None
    notes.note(_table_note(table))
    event = st.dataframe(
        _styled(table),
        hide_index=True,
        width="stretch",
        height=520,
        column_config=_columns(),
        placeholder=say(UNKNOWN),
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        key="concentration",
        alt=say_many(
            len(table),
            "Table of {number} series by largest supplier. {finding}.",
            "Table of {number} series by largest supplier. {finding}.",
            finding=table_finding(record, table),
        ),
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
    return target(table, event["selection"]["rows"], event["selection"]["cells"])


def _table_note(table: pd.DataFrame) -> str:
    counted = say(
        "Share of world output, each series on its own content basis and in its latest year, {start} to {end}.",
        start=table.year.min(),
        end=table.year.max(),
    )
    clicks = say(
        "Click a title to sort, a supplier for its country, the box at the left of a row for all suppliers of the "
        "material."
    )
    return " ".join([counted, say(MEANINGS), clicks])


def target(
    table: pd.DataFrame, chosen: Sequence[int], cells: Sequence[tuple[int, str]]
) -> tuple[str, dict[str, str]] | None:
    """Page and parameter that a selection asks for: a row its mineral, a supplier its country, another cell nothing.

    A click on a title to sort also selects the first cell, of the first column, which therefore leads nowhere.
    """
    for row, column in cells:
        if column == "supplier" and isinstance(table.largest_supplier[row], str):
            return "pages/country.py", {"country": table.largest_supplier[row]}
    return ("pages/supply.py", {"mineral": table.mineral[chosen[0]]}) if chosen else None


def _tidy(table: pd.DataFrame) -> pd.DataFrame:
    keys = ["product", "stage", "form", "basis", "year", "largest_supplier", *MEASURES]
    return table[[*keys, "other_share", "undisclosed", "complete", "source_id"]]


def _styled(table: pd.DataFrame) -> Any:
    """The table with numbers as we write them: it still sorts by the numbers."""
    shown = table[SHOWN].copy()
    bars = [name for name, each in MEASURES.items() if each.kind == "bar"]
    shown[bars] = 100 * shown[bars]
    shown["china_share"] = shown.china_share.map(_sortable)
    shown[["form", "basis"]] = shown[["form", "basis"]].map(recorded)
    return shown.style.format(WRITTEN, na_rep=say(UNKNOWN))


def _sortable(share: float) -> str:
    """Percentage as text that sorts like the number: leading blanks, most of them where China is not itemised."""
    if pd.isna(share):
        return " " * 5 + say("not itemised")
    text = words.percent(share)
    digits = sum(each.isdigit() for each in text)
    return " " * (4 if share <= 0.005 else 4 - digits) + text


@per_language()
def _columns() -> dict[str, Any]:
    columns = st.column_config
    plain = {
        "material": columns.TextColumn(say("Material"), pinned=True, width=MATERIAL_PX),
        "stage_words": columns.TextColumn(say("Stage"), width=76),
        "year": columns.NumberColumn(say("Year"), format="%d", width=58),
        "supplier": columns.TextColumn(say("Largest supplier"), width=120),
        "remark": columns.TextColumn(say("Not counted")),
        "form": columns.TextColumn(say("Form")),
        "basis": columns.TextColumn(say("Content basis")),
        "publication": columns.TextColumn(say("Source")),
    }
    return {**plain, **{name: _column(each) for name, each in MEASURES.items()}}


def _column(measure: Measure) -> Any:
    columns = st.column_config
    title, text = say(measure.title), say(measure.text)
    if measure.kind == "bar":
        return columns.ProgressColumn(
            title,
            help=text,
            format="%.0f %%",
            min_value=0,
            max_value=100,
            width=130,
            color="gray",
        )
    if measure.kind == "text":
        return columns.TextColumn(title, help=text, width=100, alignment="right")
    return columns.NumberColumn(title, help=text, width=max(66, 26 + 7 * len(title)))


def definitions(record: Record, table: pd.DataFrame) -> str:
    """How each measure is computed, and every source, as Markdown."""
    return _definitions(record, tuple(table["product"]), tuple(table.source_id))


@lru_cache(maxsize=64)
def _definitions(record: Record, products: tuple[str, ...], source_ids: tuple[str, ...]) -> str:
    lines = [f"- **{say(each.title)}**: {notes.plain(say(each.text))}" for each in MEASURES.values()]
    rates = record.recycling_rates[record.recycling_rates["product"].isin(products)]
    further = [each for each in (GOVERNANCE, *rates.source_id, *TRADE) if each in record.citations]
    cited = [citation(record, each) for each in (*source_ids, *further)]
    sources = [f"- {notes.plain(each)}" for each in dict.fromkeys(cited)]
    return "\n".join(
        [
            *lines,
            "",
            say(
                "Imports are of {year}. Sources: output, then governance, recycling and trade.", year=record.trade_year
            ),
            "",
            *sources,
        ]
    )
