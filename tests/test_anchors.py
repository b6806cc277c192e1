"""Figures of the record beside figures as they are published."""

import pandas as pd
import pytest

from bloc.data import connect
from bloc.outcome import evaluate
from bloc.scenario import Scenario


@pytest.fixture(scope="module")
def ministerial(record):
    return evaluate(record, Scenario.from_preset("cmm_2026", record=record))


@pytest.fixture(scope="module")
def database():
    with connect() as connection:
        yield connection


def of(frame: pd.DataFrame, product: str, stage: str) -> pd.Series:
    rows = frame[(frame["product"] == product) & (frame.stage == stage)]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize(
    ("product", "stage", "year", "share"),
    [
        ("rare_earths_total", "mine", 2025, 0.692),  # USGS, Mineral Commodity Summaries 2026: 270,000 of 390,000 t
        ("lithium", "mine", 2025, 0.214),  # same
        ("cobalt", "mine", 2025, 0.006),  # same
        ("graphite_natural", "mine", 2025, 0.778),  # same
        ("gallium", "refinery", 2025, 1.0),  # same, rounded: above 99 %
        ("copper", "refinery", 2025, 0.483),  # same
        ("rare_earths_magnet", "refinery", 2024, 0.913),  # IEA, Critical Minerals Dataset 2025
        ("rare_earths_magnet", "mine", 2024, 0.610),  # same
        ("cobalt", "refinery", 2024, 0.784),  # same
        ("lithium", "refinery", 2024, 0.702),  # same
        ("nickel", "refinery", 2024, 0.313),  # same
    ],
)
def test_china_has_the_share_its_publisher_gives(ministerial, product, stage, year, share):
    row = of(ministerial.indicators, product, stage)
    assert row.year == year
    assert row.china_share == pytest.approx(share, abs=0.001)


@pytest.mark.parametrize(
    ("product", "stage", "share"),
    [
        ("lithium", "mine", 0.459),
        ("zinc", "mine", 0.462),
        ("nickel", "mine", 0.137),
        ("tungsten", "mine", 0.088),
        ("zirconium", "mine", 0.438),
        ("cobalt", "mine", 0.778),
    ],
)
def test_the_ministerial_of_2026_has_this_share(ministerial, product, stage, share):
    assert of(ministerial.indicators, product, stage).bloc_share == pytest.approx(share, abs=0.001)


def test_congo_mines_three_quarters_of_cobalt(ministerial):
    cobalt = of(ministerial.indicators, "cobalt", "mine")
    assert cobalt.largest_supplier == "COD"
    assert cobalt.largest_share == pytest.approx(0.742, abs=0.001)


def test_refined_nickel_that_nobody_is_named_for_leaves_canada_out(ministerial):
    # The printed rest of the world, 18.1 %, still contains Canada.
    assert of(ministerial.indicators, "nickel", "refinery").other_share == pytest.approx(0.149, abs=0.001)


def test_where_china_has_no_row_its_share_is_unknown_and_not_zero(ministerial):
    unknown = ministerial.indicators[ministerial.indicators.china_share.isna()]
    assert sorted(zip(unknown["product"], unknown.stage, strict=True)) == [
        ("chromium", "mine"),
        ("ferroniobium", "smelter"),
        ("palladium", "mine"),
        ("platinum", "mine"),
        ("platinum", "refinery"),
        ("rhodium", "mine"),
        ("rutile", "mine"),
    ]


@pytest.mark.parametrize(("product", "bound"), [("chromium", 0.061), ("platinum", 0.031), ("rutile", 0.016)])
def test_china_without_a_row_has_at_most_what_is_unlisted(ministerial, product, bound):
    assert of(ministerial.indicators, product, "mine").china_share_high == pytest.approx(bound, abs=0.001)


def test_the_index_of_gallium_stays_below_10000_though_its_parts_exceed_the_world(ministerial):
    gallium = of(ministerial.indicators, "gallium", "refinery")
    assert 9_700 < gallium.hhi_low <= gallium.hhi_high <= 10_000


def test_no_index_leaves_its_scale(ministerial):
    assert ministerial.indicators.hhi_low.gt(0).all()
    assert ministerial.indicators.hhi_high.le(10_000 + 1e-6).all()


@pytest.mark.parametrize(
    ("product", "low", "high"), [("zinc", 1343, 1701), ("copper", 1037, 1206), ("lead", 2067, 2200)]
)
def test_the_index_is_a_range_where_much_is_unlisted(ministerial, product, low, high):
    row = of(ministerial.indicators, product, "mine")
    assert (row.hhi_low, row.hhi_high) == pytest.approx((low, high), abs=1)


def test_chinas_share_of_strontium_from_outside_is_far_from_its_share_of_all(ministerial):
    strontium = ministerial.exposure.query("`product` == 'strontium' and trade_stage == 'refined'").iloc[0]
    assert strontium.china_share_extra == pytest.approx(0.97, abs=0.01)
    assert strontium.china_share_total == pytest.approx(0.108, abs=0.001)


@pytest.mark.parametrize(
    ("product", "extra"), [("tantalum", 0.90), ("ferroniobium", 0.72), ("selenium", 0.73), ("arsenic", 0.90)]
)
def test_chinas_share_of_imports_from_outside(ministerial, product, extra):
    rows = ministerial.exposure[
        (ministerial.exposure["product"] == product) & (ministerial.exposure.trade_stage == "refined")
    ]
    assert rows.china_share_extra.tolist() == pytest.approx([extra], abs=0.01)


def test_the_united_states_keep_nine_figures_secret_and_two_are_not_available(record):
    rows = record.production[(record.production.iso3 == "USA") & record.production.quantity.isna()]
    withheld = sorted(rows["product"][rows.qualifier == "withheld"])
    assert withheld == [
        "antimony",
        "barite",
        "bauxite",
        "ferrosilicon",
        "lithium",
        "magnesite",
        "selenium",
        "silicon_metal",
        "tellurium",
    ]
    assert sorted(rows["product"][rows.qualifier == "not_available"]) == ["fluorspar", "rutile"]


def test_russian_rhenium_and_south_african_helium_are_listed_without_a_number(record):
    rows = record.production[record.production.quantity.isna()]
    assert {("rhenium", "RUS"), ("helium", "ZAF")} <= set(zip(rows["product"], rows.iso3, strict=True))


def test_germanium_stands_at_70_percent_and_other_lists_go_beyond_93(record, ministerial):
    assert of(ministerial.indicators, "germanium", "refinery").china_share == pytest.approx(0.70)
    rows = record.disagreement.query("`product` == 'germanium' and stage == 'refinery' and iso3 == 'CHN'")
    assert rows.share_low.tolist() == pytest.approx([0.592])
    assert rows.share_high.iloc[0] > 0.93


def test_three_publications_on_congolese_cobalt_of_2024_stand_side_by_side(database):
    rows = database.execute(
        """
        SELECT series.family, round(production.quantity * series.tonnes_per_unit / 1000)
        FROM production JOIN series USING (series_id)
        WHERE series.product = 'cobalt' AND series.stage = 'mine' AND iso3 = 'COD' AND year = 2024
        ORDER BY ALL
        """
    ).fetchall()
    assert rows == [("iea", 182), ("usgs", 226), ("wmd", 200)]


def test_the_record_covers_44_minerals_with_36_mined_and_22_refined_series(record):
    assert record.series.mineral.nunique() >= 44
    assert (record.series.stage == "mine").sum() >= 36
    assert record.series.stage.isin(["smelter", "refinery"]).sum() >= 22


def test_reserves_are_known_for_33_products(record):
    assert record.reserves.dropna(subset="reserves_t")["product"].nunique() == 33


def test_the_trade_of_2024_is_counted_once(record):
    assert record.trade_year == 2024
    assert {"252800", "811212", "810320"}.isdisjoint(record.trade.hs6)


def test_shares_published_elsewhere_are_within_four_points_of_ours_but_for_one(database):
    rows = database.execute(
        """
        SELECT
            published.product,
            published.stage,
            published.iso3,
            published.year,
            published.share,
            production.quantity / greatest(world_production.quantity, world_production.listed) AS ours
        FROM published_share AS published
        JOIN series ON series.product = published.product AND series.stage = published.stage
        JOIN production USING (series_id, iso3, year)
        JOIN world_production USING (series_id, year)
        WHERE series.role LIKE 'default%'
        """
    ).df()
    apart = rows[(rows.ours - rows.share).abs() > 0.04]
    assert len(rows) >= 15
    # Antimony: 48 % as quoted in the press, 58.7 % in the summaries of the U.S. Geological Survey for the same year.
    assert list(zip(apart["product"], apart.stage, apart.iso3, apart.year, strict=True)) == [
        ("antimony", "mine", "CHN", 2023)
    ]
