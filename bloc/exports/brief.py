"""A scenario as one value to take to a meeting: words, pictures, a table and the stamp of where it comes from."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

import pandas as pd

from bloc import __version__, link, words
from bloc.briefing import Case, members_in_words, need_basis
from bloc.data import Record
from bloc.exports import pictures, sections
from bloc.exports.exposed import members_exposed
from bloc.exports.measures import MONTHS, settings_in_words
from bloc.exports.pictures import TRADE_SOURCES, Picture
from bloc.exports.sections import Section
from bloc.settings import Settings

PRODUCT = "Mineral Bloc"
# A longer link is shown cut; its address is whole.
LINK_SHOWN = 110


@dataclass(frozen=True)
class Table:
    """A table as text, at most ten rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


@dataclass(frozen=True)
class Stamp:
    """Where it comes from: on every page, slide, sheet and script."""

    settings: tuple[str, ...]
    link: str
    vintage: str
    version: str
    made: dt.date
    sources: tuple[str, ...]

    @property
    def date(self) -> str:
        """Date in words: 22 November 2026."""
        return f"{self.made.day} {MONTHS[self.made.month - 1]} {self.made.year}"

    @property
    def line(self) -> str:
        """What stands at the foot of a page."""
        return f"{PRODUCT} {self.version}, {self.date}. {self.vintage}"

    @property
    def shown_link(self) -> str:
        """Link as it is read, cut where it is long."""
        return self.link if len(self.link) <= LINK_SHOWN else f"{self.link[: LINK_SHOWN - 1]}…"

    @property
    def publishers(self) -> str:
        """Publishers of the sources on one line."""
        return "; ".join(dict.fromkeys(each.split(",")[0] for each in self.sources))


@dataclass(frozen=True, eq=False)
class Brief:
    """Everything a briefing says and draws; each file is made of this alone.

    sections   headings with their sentences, in order; with_section puts in another
    pictures   the two or three charts that matter
    table      at most ten rows
    frames     gives whole tables by name, for the workbook and the CSV files
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    pictures: tuple[Picture, ...]
    table: Table
    stamp: Stamp
    settings: Settings
    frames: Callable[[], dict[str, pd.DataFrame]] = field(repr=False)

    def with_section(self, heading: str, sentences: Sequence[str], after: str = "What it costs") -> Self:
        """Same briefing with another section behind a named one, or at the end; the same where nothing is said."""
        said = tuple(filter(None, sentences))
        if not said:
            return self
        headings = [each.heading for each in self.sections]
        at = headings.index(after) + 1 if after in headings else len(headings)
        return replace(self, sections=(*self.sections[:at], Section(heading, said), *self.sections[at:]))


def brief(
    record: Record, settings: Settings, before: Case, after: Case, address: str = "", made: dt.date | None = None
) -> Brief:
    """Briefing of a scenario against its baseline.

    Parameters
    ----------
    address : str
        Address of the app, when it is known; the link is a bare query without it.
    made : date
        Day it is stamped with; today when left out.
    """
    drawn = pictures.pictures(record, before, after)
    return Brief(
        title=sections.headline(record, settings, after),
        subtitle=_subtitle(record, after),
        sections=sections.sections(record, settings, before, after),
        pictures=drawn,
        table=table(record, before, after),
        stamp=Stamp(
            settings=settings_in_words(record, settings),
            link=address_of(settings, address),
            vintage=vintage(record),
            version=__version__,
            made=made or dt.date.today(),
            sources=_sources(record, drawn),
        ),
        settings=settings,
        frames=partial(frames, record, before, after),
    )


def address_of(settings: Settings, address: str = "") -> str:
    """Link that restores the settings; absolute where the address of the app is one of the web."""
    query = urlencode(link.to_query(settings))
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return f"?{query}"
    return f"{parts.scheme}://{parts.netloc}{parts.path}?{query}"


def vintage(record: Record) -> str:
    """Years of the record in a sentence."""
    years = record.series.year
    return f"Output of {years.min()} to {years.max()}, trade of {record.trade_year}, {record.edition} edition."


def _subtitle(record: Record, after: Case) -> str:
    if not after.members:
        return "No members"
    return words.capital(members_in_words(record, after.members))


def _sources(record: Record, drawn: Sequence[Picture]) -> tuple[str, ...]:
    ids = dict.fromkeys([each for picture in drawn for each in picture.sources])
    ids |= dict.fromkeys([*record.series.source_id, *TRADE_SOURCES])
    return tuple(dict.fromkeys(record.citations[each] for each in ids if each in record.citations))


def table(record: Record, before: Case, after: Case) -> Table:
    """The rows that matter: need met before and after, and the largest supplier of each."""
    rows = pictures.focus(record, before, after)
    indicators = after.outcome.indicators.loc[rows.row]
    suppliers = [
        f"{record.names[code]}, {words.percent(min(share, 1.0))}" if isinstance(code, str) else "Not on record"
        for code, share in zip(indicators.largest_supplier, indicators.largest_share, strict=True)
    ]
    measured = sections.measured(after)
    columns = {
        "Material": [words.capital(text) for text in rows.in_sentence],
        "Stage": [words.capital(side) for side in rows.side],
        "Year": [str(year) for year in rows.year],
        "Largest supplier": suppliers,
    }
    if any(each.cut for each in after.scenario.restrictions) and after.members:
        columns["Still on offer, at least"] = [words.percent(share) for share in indicators.available_share]
    else:
        columns["Without it remains"] = [words.percent(share) for share in indicators.n_minus_1]
    moved = measured and before.members != after.members
    if moved:
        columns["Need met, baseline"] = [words.percent(share) for share in rows.baseline]
    if measured:
        columns["Need met, scenario" if moved else "Need met"] = [words.percent(share) for share in rows.coverage]
    return Table(
        title=_table_title(after, measured, moved),
        columns=tuple(columns),
        rows=tuple(zip(*columns.values(), strict=True)),
        note=f"Shares of world output. {need_basis(after)}".strip(),
    )


def _table_title(after: Case, measured: bool, moved: bool) -> str:
    named = any(each.products for each in after.scenario.restrictions)
    if not measured:
        return "The most concentrated materials"
    if moved:
        return "The materials concerned, then those that move most" if named else "The materials that move most"
    return "The materials concerned, then the weakest" if named else "The weakest materials when refined"


def frames(record: Record, before: Case, after: Case) -> dict[str, pd.DataFrame]:
    """Whole tables under titles, countries and products spelled out."""
    rows, exposed, bought = after.rows, members_exposed(record, after), after.outcome.exposure
    indicators, year = after.outcome.indicators.loc[rows.row], record.trade_year
    return {
        "Coverage": pd.DataFrame(
            {
                "Material": rows.label.to_numpy(),
                "Stage": [words.capital(side) for side in rows.side],
                "Year": rows.year.to_numpy(),
                "Share of need met, baseline": before.rows.coverage.to_numpy(),
                "Share of need met, scenario": rows.coverage.to_numpy(),
                "The same if all unlisted output were the members’": rows.coverage_high.to_numpy(),
                "Members whose output is undisclosed": rows.undisclosed_members.to_numpy(),
                "Share of the bloc in world output": indicators.bloc_share.to_numpy(),
                "Largest supplier": [record.names.get(code, "") for code in indicators.largest_supplier],
                "Share of the largest supplier": indicators.largest_share.to_numpy(),
                "Share still on offer, lower bound": indicators.available_share.to_numpy(),
                "HHI, 0 to 10,000": indicators.hhi_low.to_numpy(),
                "Source": [record.citations.get(each, "") for each in indicators.source_id],
            }
        ),
        "Members": pd.DataFrame(
            {
                "Member": [record.names[code] for code in exposed.iso3],
                f"Purchases abroad, USD of {year}": exposed.imports_usd,
                f"Of these withheld, USD of {year}": exposed.withheld_usd,
                "Share withheld": exposed.withheld_share,
            }
        ),
        "Purchases": pd.DataFrame(
            {
                "Product": [record.product_names[each] for each in bought["product"]],
                "Traded as": bought.trade_stage.astype(str),
                f"Purchases of the members, USD of {year}": bought.imports_usd,
                f"From outside the bloc, USD of {year}": bought.imports_extra_usd,
                f"Withheld, USD of {year}": bought.imports_withheld_usd,
            }
        ),
    }


def stamp_rows(stamp: Stamp) -> list[tuple[str, Any]]:
    """The stamp as names and values, for a sheet or a file of its own."""
    return [
        ("Made by", f"{PRODUCT} {stamp.version}"),
        ("Date", stamp.date),
        ("Data", stamp.vintage),
        ("Link", stamp.link),
        *(("Setting", each) for each in stamp.settings),
        *(("Source", each) for each in stamp.sources),
    ]
