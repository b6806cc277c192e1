"""The bundled record, a record of three countries worked out by hand, and the app with a browser to visit it."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from bloc.data import Record, load_record
from tests.browser import chromium_browser, served

settings.register_profile("suite", deadline=None, derandomize=True, max_examples=25)
settings.load_profile("suite")

NONE = float("nan")
MARKET_COLUMNS = [
    *("chain", "product", "variant_of", "grade"),
    *("ore_product", "ore_series_id", "ore_content_t_per_t", "product_series_id"),
]


@pytest.fixture(scope="session")
def record() -> Record:
    """The bundled record."""
    return load_record()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the app answers, started anew for a module of tests."""
    with served() as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for a module of tests."""
    with chromium_browser() as found:
        yield found


@pytest.fixture
def toy() -> Record:
    """Cobalt of the United States, France with New Caledonia, and China: 100 t mined, 100 t refined."""
    return Record(
        countries=pd.DataFrame(
            [
                ("CHN", "China", "state", None, False, 25.0),
                ("EUU", "European Union", "union", None, False, NONE),
                ("FRA", "France", "state", None, True, 25.0),
                ("NCL", "New Caledonia", "territory", "FRA", False, NONE),
                ("SUN", "Soviet Union", "former", None, False, NONE),
                ("USA", "United States", "state", None, False, 50.0),
            ],
            columns=["iso3", "name", "kind", "parent_iso3", "eu_member", "gdp_usd"],
        ),
        products=pd.DataFrame({"product": ["cobalt"], "mineral": ["cobalt"]}),
        series=pd.DataFrame(
            [
                ("mined", "cobalt", "cobalt", "mine", "ore", "contained Co", "t", 1.0, 2025, 100.0, True, "S"),
                ("refined", "cobalt", "cobalt", "refinery", "metal", "contained Co", "t", 1.0, 2024, 100.0, True, "S"),
            ],
            columns=[
                *("series_id", "product", "mineral", "stage", "form", "basis", "unit"),
                *("tonnes_per_unit", "year", "world", "complete", "source_id"),
            ],
        ),
        production=pd.DataFrame(
            [
                ("cobalt", "mine", "ore", "CHN", 2025, 50.0, None),
                ("cobalt", "mine", "ore", "FRA", 2025, 20.0, None),
                ("cobalt", "mine", "ore", "NCL", 2025, 10.0, None),
                ("cobalt", "mine", "ore", "USA", 2025, 10.0, None),
                ("cobalt", "refinery", "metal", "CHN", 2024, 80.0, None),
                ("cobalt", "refinery", "metal", "FRA", 2024, 20.0, None),
                ("cobalt", "refinery", "metal", "USA", 2024, NONE, "withheld"),
            ],
            columns=["product", "stage", "form", "iso3", "year", "quantity", "qualifier"],
        ),
        disagreement=pd.DataFrame(),
        trade=pd.DataFrame(
            [
                ("260500", "CHN", "USA", 1000, 100.0),
                ("260500", "NCL", "FRA", 500, 50.0),
                ("810520", "CHN", "FRA", 3000, 30.0),
                ("810520", "CHN", "USA", 2000, 20.0),
                ("810520", "FRA", "USA", 1000, 10.0),
                ("810520", "USA", "CHN", 700, NONE),
            ],
            columns=["hs6", "exporter", "importer", "value_usd", "gross_t"],
        ),
        trade_year=2024,
        headings=pd.DataFrame(
            [
                ("260500", "cobalt", "ore", "mine", 0.1, "contained Co"),
                ("810520", "cobalt", "refined", "refinery", 1.0, "contained Co"),
            ],
            columns=["hs6", "product", "trade_stage", "stage", "content_t_per_t", "content_basis"],
        ),
        reserves=pd.DataFrame(
            [
                ("cobalt_co", "cobalt", "ore", "contained Co", 2025, "CHN", 60.0, 100.0, None),
                ("cobalt_co", "cobalt", "ore", "contained Co", 2025, "FRA", NONE, 100.0, None),
                ("cobalt_co", "cobalt", "ore", "contained Co", 2025, "USA", 10.0, 100.0, None),
            ],
            columns=[
                *("reserve_id", "product", "form", "basis", "year", "iso3"),
                *("reserves_t", "world_t", "world_qualifier"),
            ],
        ),
        governance=pd.DataFrame(
            {
                "iso3": ["CHN", "FRA", "USA"],
                "political_stability": [-2.5, 0.0, 2.5],
                "mean_estimate": [-2.5, 0.0, 2.5],
            }
        ),
        recycling_rates=pd.DataFrame({"product": ["cobalt"], "end_of_life_recycling_input_rate": [0.2]}),
        chains=pd.DataFrame(
            [("cobalt", "cobalt", "mine", "cobalt", "refinery", "contained Co")],
            columns=["chain", "mine_product", "mine_stage", "refined_product", "refined_stage", "basis"],
        ),
        groupings=pd.DataFrame({"grouping_id": ["pair"]}),
        memberships=pd.DataFrame(
            [
                ("pair", "USA", "member", True, "confirmed"),
                ("pair", "EUU", "member", True, "inferred"),
                ("pair", "CHN", "member", True, "claimed"),
                ("pair", "NCL", "observer", False, "confirmed"),
            ],
            columns=["grouping_id", "iso3", "role", "in_preset", "confidence"],
        ),
        restriction_levers=pd.DataFrame(columns=["restriction_id", "kind"]),
        instrument_levers=pd.DataFrame(),
        markets=pd.DataFrame(columns=MARKET_COLUMNS),
        assumptions=pd.DataFrame(columns=["name"]),
        use=pd.DataFrame(columns=["product", "grade", "use_rule", "iso3", "use_t", "use_share"]),
        restrictions=pd.DataFrame(),
        sources=pd.DataFrame(),
    )


@pytest.fixture
def used(toy: Record) -> Record:
    """The record of three countries with 125 t of cobalt used: 60 % in China, 20 in the United States, 10 in France."""
    shares = {"CHN": 0.6, "USA": 0.2, "FRA": 0.1, "NCL": 0.05, "ROW": 0.05}
    return replace(
        toy,
        use=pd.DataFrame(
            [("cobalt", "A", "output and net imports", iso3, 125 * share, share) for iso3, share in shares.items()],
            columns=toy.use.columns,
        ),
        markets=pd.DataFrame(
            [("cobalt", "cobalt", NONE, "A", "cobalt", "mined", 1.0, "refined")], columns=MARKET_COLUMNS
        ),
    )
