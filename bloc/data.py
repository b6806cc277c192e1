"""Open the bundled database, run a named query, load the record."""

from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from bloc.calibration import BaseCase, base_cases, uses
from bloc.language import ENGLISH, recorded, say, speaking
from bloc.market_record import MarketRecord
from bloc.matrix import Flows, Index, Labels, Reserves, Supply, labels

Connection = duckdb.DuckDBPyConnection
ROOT = Path(__file__).parents[1]
DATABASE = ROOT / "data" / "minerals.duckdb"
QUERIES = ROOT / "queries"
# Frames of the record with the columns of names that stand in every sentence.
NAMES = {
    "countries": ("name", "in_sentence"),
    "products": ("product_name", "product_in_sentence", "mineral_name", "mineral_in_sentence"),
    "groupings": ("name", "short_name"),
}


class RecordError(Exception):
    """The database is missing, damaged or of another version; the message says what to do."""


@dataclass(frozen=True, eq=False)
class Record:
    """What is recorded: tidy frames, each default series at its own latest year.

    A figure that is not disclosed is NaN with a qualifier, never 0. Frames are not to be changed.
    Compared and hashed by identity, so that what is derived from it can be cached.
    """

    countries: pd.DataFrame = field(repr=False)
    products: pd.DataFrame = field(repr=False)
    series: pd.DataFrame = field(repr=False)
    production: pd.DataFrame = field(repr=False)
    disagreement: pd.DataFrame = field(repr=False)
    trade: pd.DataFrame = field(repr=False)
    trade_year: int | None
    headings: pd.DataFrame = field(repr=False)
    reserves: pd.DataFrame = field(repr=False)
    governance: pd.DataFrame = field(repr=False)
    recycling_rates: pd.DataFrame = field(repr=False)
    chains: pd.DataFrame = field(repr=False)
    groupings: pd.DataFrame = field(repr=False)
    memberships: pd.DataFrame = field(repr=False)
    restrictions: pd.DataFrame = field(repr=False)
    restriction_levers: pd.DataFrame = field(repr=False)
    instrument_levers: pd.DataFrame = field(repr=False)
    markets: pd.DataFrame = field(repr=False)
    assumptions: pd.DataFrame = field(repr=False)
    use: pd.DataFrame = field(repr=False)
    sources: pd.DataFrame = field(repr=False)
    edition: str = "full"

    @cached_property
    def supply_matrix(self) -> Supply:
        """Output as arrays over series and countries."""
        return Supply.from_frames(
            self.countries, self.series, self.production, self.governance, self.recycling_rates, self.use, self.markets
        )

    @cached_property
    def reserve_matrix(self) -> Reserves:
        """Reserves as arrays over lists and countries."""
        return Reserves.from_frames(self.countries, self.reserves)

    @cached_property
    def flows(self) -> Flows:
        """Trade of the latest year as arrays over flows."""
        return Flows.from_frames(self.countries, self.products, self.headings, self.series, self.trade)

    @cached_property
    def union(self) -> frozenset[str]:
        """Members of the European Union."""
        return frozenset(self.countries.iso3[self.countries.eu_member])

    @cached_property
    def parents(self) -> dict[str, str]:
        """State of each territory."""
        territory = self.countries[self.countries.kind == "territory"]
        return dict(zip(territory.iso3, territory.parent_iso3, strict=True))

    @cached_property
    def known(self) -> frozenset[str]:
        """Codes a scenario may name: every place of the record that still is one."""
        return frozenset(self.countries.iso3[self.countries.kind != "former"])

    @cached_property
    def chain_rows(self) -> tuple[Labels, Index, Index]:
        """Chains with both stages in the record, and the positions of their mined and refined series."""
        series = self.series.drop_duplicates(["product", "stage"])
        position = {
            key: row for row, key in zip(series.index, zip(series["product"], series.stage, strict=True), strict=True)
        }
        chains = self.chains
        mined = [position.get(key, -1) for key in zip(chains.mine_product, chains.mine_stage, strict=True)]
        refined = [position.get(key, -1) for key in zip(chains.refined_product, chains.refined_stage, strict=True)]
        both = (np.array(mined) >= 0) & (np.array(refined) >= 0)
        return labels(chains[both]), np.array(mined)[both], np.array(refined)[both]

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of each country."""
        return dict(zip(self.countries.iso3, self.countries.name, strict=True))

    @cached_property
    def sentence_names(self) -> dict[str, str]:
        """Name of each country as it reads inside a sentence."""
        return dict(zip(self.countries.iso3, self.countries.in_sentence, strict=True))

    @cached_property
    def citations(self) -> dict[str, str]:
        """Publisher, title and edition of each source on one line."""
        return {
            row.source_id: ", ".join(part for part in (row.publisher, row.title, row.edition) if isinstance(part, str))
            for row in self.sources.itertuples()
        }

    @cached_property
    def publishers(self) -> dict[str, str]:
        """Publisher of each source."""
        return dict(zip(self.sources.source_id, self.sources.publisher, strict=True))

    @cached_property
    def presets(self) -> dict[str, str]:
        """Short name of each grouping that is a preset, in order."""
        ordered = self.groupings.dropna(subset="preset_order").sort_values("preset_order")
        return dict(zip(ordered.grouping_id, ordered.short_name, strict=True))

    @cached_property
    def product_names(self) -> dict[str, str]:
        """Name of each product."""
        return dict(zip(self.products["product"], self.products.product_name, strict=True))

    @cached_property
    def product_sentence_names(self) -> dict[str, str]:
        """Name of each product as it reads inside a sentence."""
        return dict(zip(self.products["product"], self.products.product_in_sentence, strict=True))

    @cached_property
    def market_names(self) -> frozenset[str]:
        """Keys of the chains of the market model, variants included."""
        return frozenset(self.markets.chain)

    @cached_property
    def assumption_names(self) -> frozenset[str]:
        """Names of what the market model assumes."""
        return frozenset(self.assumptions["name"])

    @cached_property
    def applicable(self) -> frozenset[str]:
        """Recorded restrictions that a lever of the what-if can express."""
        levers = self.restriction_levers
        return frozenset(levers.restriction_id[levers.kind != "none"])

    @cached_property
    def output_rank(self) -> dict[str, float]:
        """Size of each country as a producer, to name the largest first: its average share of output over minerals."""
        supply = self.supply_matrix
        return dict(zip(supply.iso3, supply.weights @ (supply.output / supply.world[:, None]), strict=True))


def connect(database: Path = DATABASE) -> Connection:
    """Read-only connection; use `.cursor()` of it at each query, since one connection refuses concurrent calls.

    Raises
    ------
    RecordError
        If the file is missing or cannot be read as a database.
    """
    if not database.exists():
        raise RecordError(say("The database {file} is missing. Build it with: make data", file=database.name))
    try:
        return duckdb.connect(str(database), read_only=True)
    except duckdb.Error as error:
        problem = say(
            "The database {file} cannot be read. Build it again with: make data ({reason})",
            file=database.name,
            reason=str(error).splitlines()[0],
        )
        raise RecordError(problem) from error


@cache
def statement(name: str) -> str:
    """Text of a query in queries/."""
    return (QUERIES / f"{name}.sql").read_text("utf-8")


def run(connection: Connection, name: str, **parameters: Any) -> pd.DataFrame:
    """Run a named query with bound parameters.

    Raises
    ------
    RecordError
        If the database lacks what the query asks for.
    """
    try:
        return connection.cursor().execute(statement(name), parameters or None).df()
    except (
        duckdb.CatalogException,
        duckdb.BinderException,
        duckdb.IOException,
        duckdb.SerializationException,
    ) as error:
        problem = say("The database does not fit this version ({query}). Build it again with: make data", query=name)
        raise RecordError(problem) from error


def read_record(connection: Connection) -> Record:
    """Read the record through an open connection."""
    year = run(connection, "latest_trade_year").year.iloc[0]
    trade_year = None if pd.isna(year) else int(year)
    settings = run(connection, "vintage").set_index("name").setting
    market = read_market(connection)
    return Record(
        countries=run(connection, "countries"),
        products=run(connection, "products"),
        series=run(connection, "default_series"),
        production=run(connection, "default_production"),
        disagreement=run(connection, "disagreement"),
        trade=run(connection, "trade", year=trade_year or 0),
        trade_year=trade_year,
        headings=run(connection, "headings"),
        reserves=run(connection, "reserves"),
        governance=run(connection, "governance"),
        recycling_rates=run(connection, "recycling_rates"),
        chains=run(connection, "chains"),
        groupings=run(connection, "groupings"),
        memberships=run(connection, "memberships"),
        restrictions=run(connection, "restrictions"),
        restriction_levers=run(connection, "restriction_levers"),
        instrument_levers=run(connection, "instrument_levers"),
        markets=market.chains,
        assumptions=market.assumptions,
        use=uses(market),
        sources=run(connection, "sources"),
        edition=settings["edition"],
    )


@cache
def load_record(database: Path = DATABASE, language: str = ENGLISH) -> Record:
    """Load the record once per process, its names once per language.

    Raises
    ------
    RecordError
        If the database is missing, damaged or of another version.
    """
    if language != ENGLISH:
        return _named_in(language, load_record(database))
    with connect(database) as connection:
        return read_record(connection)


def _named_in(language: str, record: Record) -> Record:
    """The same record with the names of another language, everything else shared."""
    with speaking(language):
        frames = {
            name: getattr(record, name).assign(**{each: getattr(record, name)[each].map(recorded) for each in columns})
            for name, columns in NAMES.items()
        }
    return replace(record, **frames)


def read_market(connection: Connection, base_year: int = 2024) -> MarketRecord:
    """Read what the market model rests on; trade is the mean of the three years up to the base year."""
    return MarketRecord(
        countries=run(connection, "countries"),
        chains=run(connection, "market_chains"),
        outputs=run(connection, "market_outputs"),
        inputs=run(connection, "market_inputs"),
        trade=run(connection, "market_trade", year=base_year),
        uses=run(connection, "market_uses"),
        import_sources=run(connection, "market_import_sources"),
        assumptions=run(connection, "assumptions"),
    )


@cache
def load_market(database: Path = DATABASE) -> MarketRecord:
    """Load what the market model rests on, once per process.

    Raises
    ------
    RecordError
        If the database is missing, damaged or of another version.
    """
    with connect(database) as connection:
        return read_market(connection)


@cache
def load_base_cases(database: Path = DATABASE) -> dict[str, BaseCase]:
    """Base cases of the bundled record, calibrated once per process when first asked for."""
    return base_cases(load_market(database))
