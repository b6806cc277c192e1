"""A scenario as one value to take to a meeting: words, pictures, a table and the stamp of where it comes from."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, Self, TypeVar
from urllib.parse import urlencode, urlsplit

import pandas as pd

from bloc import __version__, link, words
from bloc.briefing import Case, members_in_words, need_basis
from bloc.data import Record
from bloc.exports import pictures, sections
from bloc.exports.exposed import members_exposed
from bloc.exports.frame import Column, Frame
from bloc.exports.pictures import SIDES, TRADE_SOURCES, Picture, coverage_columns
from bloc.exports.sections import Section
from bloc.language import ENGLISH, bound, current, mark, recorded, say, speaking
from bloc.measures import settings_in_words
from bloc.settings import Settings

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
PRODUCT = "Mineral Bloc"
# Parameter of a link that names its language.
LANGUAGE = "lang"
# A longer link is shown cut; its address is whole.
LINK_SHOWN = 110
# Office files take no longer property or footer. [characters]
LONGEST_PROPERTY = 255
VINTAGE = {
    "full": mark("Output of {first} to {last}, trade of {year}, full edition."),
    "core": mark("Output of {first} to {last}, trade of {year}, core edition."),
}


@dataclass(frozen=True)
class Table:
    """A table as text, at most ten rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


@dataclass(frozen=True)
class Stamp:
    """Where it comes from: on every page, slide, sheet and script; `date` is the day it was made in words."""

    settings: tuple[str, ...]
    link: str
    vintage: str
    version: str
    made: dt.date
    date: str
    sources: tuple[str, ...]

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
    """Everything a briefing says and draws, in one language; each file is made of this alone.

    sections   headings with their sentences, in order; with_section puts in another
    pictures   the two or three charts that matter
    table      at most ten rows
    language   code of the language it is written in
    frames     gives whole tables by key, for the workbook and the CSV files
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    pictures: tuple[Picture, ...]
    table: Table
    stamp: Stamp
    settings: Settings
    language: str
    frames: Callable[[], dict[str, Frame]] = field(repr=False)

    def with_section(
        self, heading: str, sentences: Sequence[str], after: str = "costs", key: str = "", second: str = ""
    ) -> Self:
        """Same briefing with another section behind that of a key, or at the end; the same where nothing is said."""
        said = tuple(filter(None, sentences))
        if not said:
            return self
        keys = [each.key for each in self.sections]
        at = keys.index(after) + 1 if after in keys else len(keys)
        section = Section(key, heading, said, second or heading)
        return replace(self, sections=(*self.sections[:at], section, *self.sections[at:]))


def in_its_language(
    make: Callable[Concatenate[Brief, Arguments], Result],
) -> Callable[Concatenate[Brief, Arguments], Result]:
    """A maker of files that speaks the language of its briefing wherever it is called, as on another thread."""

    @wraps(make)
    def made(brief: Brief, *args: Arguments.args, **named: Arguments.kwargs) -> Result:
        with speaking(brief.language):
            return make(brief, *args, **named)

    return made


def brief(
    record: Record,
    settings: Settings,
    before: Case,
    after: Case,
    address: str = "",
    made: dt.date | None = None,
    otherwise: str = "",
) -> Brief:
    """Briefing of a scenario against its baseline.

    Parameters
    ----------
    address : str
        Address of the app, when it is known; the link is a bare query without it.
    made : date
        Day it is stamped with; today when left out.
    otherwise : str
        Title where no restriction by name stops purchases; without it, how much of need the bloc meets.
    """
    drawn = pictures.pictures(record, before, after, settings.scenario(record))
    day = made or dt.date.today()
    return Brief(
        title=sections.headline(record, settings, after, otherwise),
        subtitle=_subtitle(record, after),
        sections=sections.sections(record, settings, before, after),
        pictures=drawn,
        table=table(record, before, after),
        stamp=Stamp(
            settings=settings_in_words(record, settings),
            link=address_of(settings, address),
            vintage=vintage(record),
            version=__version__,
            made=day,
            date=words.day(day),
            sources=_sources(record, drawn),
        ),
        settings=settings,
        language=current().code,
        frames=bound(partial(frames, record, before, after)),
    )


def address_of(settings: Settings, address: str = "") -> str:
    """Link that restores the settings and the language; absolute where the address of the app is one of the web."""
    code = current().code
    query = urlencode({**link.to_query(settings), **({} if code == ENGLISH else {LANGUAGE: code})})
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return f"?{query}"
    return f"{parts.scheme}://{parts.netloc}{parts.path}?{query}"


def vintage(record: Record) -> str:
    """Years of the record in a sentence."""
    years = record.series.year
    return say(VINTAGE[record.edition], first=years.min(), last=years.max(), year=record.trade_year)


def _subtitle(record: Record, after: Case) -> str:
    if not after.members:
        return say("No members")
    return words.capital(members_in_words(record, after.members))


def _sources(record: Record, drawn: Sequence[Picture]) -> tuple[str, ...]:
    ids = dict.fromkeys([each for picture in drawn for each in picture.sources])
    ids |= dict.fromkeys([*record.series.source_id, *TRADE_SOURCES])
    return tuple(dict.fromkeys(record.citations[each] for each in ids if each in record.citations))


def table(record: Record, before: Case, after: Case) -> Table:
    """The rows that matter: need met before and after, and the largest supplier of each."""
    rows = pictures.focus(record, before, after)
    indicators = after.outcome.indicators.loc[rows.row]
    measured = sections.measured(after)
    moved = measured and before.members != after.members
    columns = [
        (say("Material"), [words.capital(text) for text in rows.in_sentence]),
        (say("Stage"), [say(SIDES[side]) for side in rows.side]),
        (say("Year"), [str(year) for year in rows.year]),
        (say("Largest supplier"), _suppliers(record, indicators)),
    ]
    if any(each.cut for each in after.scenario.restrictions) and after.members:
        columns.append((say("Still on offer, at least"), _percentages(indicators.available_share)))
    else:
        columns.append((say("Without it remains"), _percentages(indicators.n_minus_1)))
    if moved:
        columns.append((say("Need met, baseline"), _percentages(rows.baseline)))
    if measured:
        title = say("Need met, scenario") if moved else say("Need met")
        columns.append((title, _percentages(rows.coverage)))
    return Table(
        title=_table_title(bool(pictures.of_named_products(record, after).any()), measured, moved),
        columns=tuple(title for title, _ in columns),
        rows=tuple(zip(*(cells for _, cells in columns), strict=True)),
        note=" ".join(filter(None, [_shares_of(measured), need_basis(after)])),
    )


def _suppliers(record: Record, indicators: pd.DataFrame) -> list[str]:
    return [
        f"{record.names[code]}, {words.percent(1 - left)}" if isinstance(code, str) else say("Not on record")
        for code, left in zip(indicators.largest_supplier, indicators.n_minus_1, strict=True)
    ]


def _percentages(shares: pd.Series) -> list[str]:
    return [words.percent(share) for share in shares]


def _shares_of(measured: bool) -> str:
    if measured:
        return say("Need met: share of the members’ need. Other percentages: share of world output.")
    return say("Shares of world output.")


def _table_title(named: bool, measured: bool, moved: bool) -> str:
    if not measured:
        return say("The most concentrated materials")
    if named:
        return (
            say("The materials concerned, then those that move most")
            if moved
            else say("The materials concerned, then the weakest")
        )
    return say("The materials that move most") if moved else say("The weakest materials when refined")


def frames(record: Record, before: Case, after: Case) -> dict[str, Frame]:
    """Whole tables by key, countries and products spelled out."""
    return {
        "coverage": _coverage(record, before, after),
        "members": _members(record, after),
        "purchases": _purchases(record, after),
    }


def _coverage(record: Record, before: Case, after: Case) -> Frame:
    rows = after.rows
    indicators = after.outcome.indicators.loc[rows.row]
    return Frame(
        say("Coverage"),
        pd.DataFrame(
            {
                "material": rows.label.to_numpy(),
                "stage": [say(SIDES[side]) for side in rows.side],
                "year": rows.year.to_numpy(),
                "baseline": before.rows.coverage.to_numpy(),
                "scenario": rows.coverage.to_numpy(),
                "high": rows.coverage_high.to_numpy(),
                "undisclosed": rows.undisclosed_members.to_numpy(),
                "bloc_share": indicators.bloc_share.to_numpy(),
                "supplier": [record.names.get(code, "") for code in indicators.largest_supplier],
                "supplier_share": indicators.largest_share.to_numpy(),
                "on_offer": indicators.available_share.to_numpy(),
                "hhi": indicators.hhi_low.to_numpy(),
                "source": [record.citations.get(each, "") for each in indicators.source_id],
            }
        ),
        {
            **coverage_columns(),
            "bloc_share": Column(say("Share of the bloc in world output"), "share"),
            "supplier": Column(say("Largest supplier")),
            "supplier_share": Column(say("Share of the largest supplier"), "share"),
            "on_offer": Column(say("Share still on offer, lower bound"), "share"),
            "hhi": Column(say("HHI, {low} to {high}", low=0, high=words.number(10_000, ",")), "plain"),
            "source": Column(say("Source")),
        },
    )


def _members(record: Record, after: Case) -> Frame:
    exposed, year = members_exposed(record, after), record.trade_year
    return Frame(
        say("Members"),
        exposed.assign(member=[record.names[code] for code in exposed.iso3]),
        {
            "member": Column(say("Member")),
            "imports_usd": Column(say("Purchases abroad, USD of {year}", year=year), "usd"),
            "withheld_usd": Column(say("Of these withheld, USD of {year}", year=year), "usd"),
            "withheld_share": Column(say("Share withheld"), "share"),
        },
    )


def _purchases(record: Record, after: Case) -> Frame:
    bought, year = after.outcome.exposure, record.trade_year
    return Frame(
        say("Purchases"),
        bought.assign(
            name=[record.product_names[each] for each in bought["product"]],
            traded_as=[recorded(str(each)) for each in bought.trade_stage],
        ),
        {
            "name": Column(say("Product")),
            "traded_as": Column(say("Traded as")),
            "imports_usd": Column(say("Purchases of the members, USD of {year}", year=year), "usd"),
            "imports_extra_usd": Column(say("From outside the bloc, USD of {year}", year=year), "usd"),
            "imports_withheld_usd": Column(say("Withheld, USD of {year}", year=year), "usd"),
        },
    )


def stamp_rows(stamp: Stamp) -> list[tuple[str, Any]]:
    """The stamp as names and values, for a sheet or a file of its own."""
    return [
        (say("Made by"), f"{PRODUCT} {stamp.version}"),
        (say("Date"), stamp.date),
        (say("Data"), stamp.vintage),
        (say("Link"), stamp.link),
        *((say("Setting"), each) for each in stamp.settings),
        *((say("Source"), each) for each in stamp.sources),
    ]
