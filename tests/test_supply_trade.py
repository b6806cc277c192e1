"""Trade, prices, import reliance and sites of every mineral as figures, and their numbers by hand and by SQL."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bloc.data import connect, run
from bloc.text import csv_text
from bloc.views import (
    export,
    flow_map,
    maps,
    supply,
    supply_diagram,
    supply_goods,
    supply_market,
    supply_prices,
    supply_trade,
)
from bloc.views.figure import Figure
from bloc.views.supply import Sides

YEAR = 2024
MEMBERS = frozenset({"USA", "JPN", "DEU", "AUS", "COD"})
HELD = frozenset({"CHN"})
# What must never be read on a screen: missing values, names of columns.
UNREADABLE = re.compile(r"\b(nan|NaN|None|NaT|inf)\b|[a-z]_[a-z]")
NAN = float("nan")


@pytest.fixture(scope="module")
def database():
    with connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def headings(database):
    return run(database, "trade_headings")


def flows(database, record, goods, year=YEAR) -> pd.DataFrame:
    products = dict.fromkeys(goods.headings["product"])
    traded = [run(database, "trade_flows", product=each, year=year) for each in products]
    return supply_goods.flows_of(record, goods, pd.concat(traded, ignore_index=True))


def scale_of(database, goods) -> supply_goods.Scale:
    products = dict.fromkeys(goods.headings["product"])
    return supply_goods.scale_of([run(database, "trade_scale", product=each) for each in products])


def trade_figures(database, record, headings, mineral, year=YEAR) -> list[Figure]:
    found = []
    for goods in supply_goods.goods_of(record, headings, mineral):
        rows = flows(database, record, goods, year)
        if len(rows):
            scale, sides = scale_of(database, goods), Sides(record, MEMBERS, HELD)
            found.append(supply_diagram.diagram(sides, goods, rows, year, scale))
            found.append(supply_trade.flow_figure(sides, goods, rows, year, scale))
    return found


@pytest.fixture(scope="module")
def frames(database):
    tables = ("prices", "prices_by_month", "price_gaps", "import_reliance", "import_sources", "sites")
    return {name: run(database, name) for name in tables}


def market_figures(frames, record, mineral) -> list[Figure]:
    rows = {name: frame[frame.mineral == mineral] for name, frame in frames.items()}
    yearly = rows["prices"][rows["prices"].item != supply_prices.MONTHLY]
    found = [supply_prices.prices(record, group, product) for product, group in yearly.groupby("product")]
    months = rows["prices_by_month"].groupby("product")
    found += [supply_prices.monthly(record, group, product) for product, group in months]
    gaps = supply_prices.between_places(rows["price_gaps"])
    found += [supply_prices.price_gap(record, mineral, gaps)] if len(gaps) else []
    if len(rows["import_reliance"]):
        found.append(supply_market.reliance(record, mineral, rows["import_reliance"]))
    if len(rows["import_sources"]):
        found.append(supply_market.import_sources(Sides(record, MEMBERS, HELD), mineral, rows["import_sources"]))
    if len(rows["sites"]):
        counted = supply_market.sites(record, mineral, rows["sites"])
        found += [counted, supply_market.site_picture(record, counted, mineral)]
    return found


@pytest.fixture(scope="module")
def trades(database, record, headings) -> dict[str, list[Figure]]:
    """Figures of trade of every mineral."""
    return {each: trade_figures(database, record, headings, each) for each in supply.minerals(record)}


@pytest.fixture(scope="module")
def markets(frames, record) -> dict[str, list[Figure]]:
    """Figures of the market of every mineral."""
    return {each: market_figures(frames, record, each) for each in supply.minerals(record)}


def assert_readable(record, figure: Figure) -> None:
    for said in (figure.finding, figure.basis, figure.alt, figure.note):
        assert not UNREADABLE.search(said), (figure.key, said)
    assert figure.finding[0] == figure.finding[0].upper()
    table = figure.table(record)
    assert len(table) > 0
    for column in table.select_dtypes(include=["object", "str"]):
        if column != "Remark":
            assert table[column].notna().all(), (figure.key, column)
        assert not any(UNREADABLE.search(str(cell)) for cell in table[column].dropna()), (figure.key, column)
    assert figure.source_ids()
    assert set(figure.source_ids()) <= set(record.citations)


# Every mineral.


def test_every_figure_of_trade_is_readable(record, trades):
    figures = [each for found in trades.values() for each in found]
    assert len(figures) > 30
    for figure in figures:
        assert_readable(record, figure)


def test_every_figure_of_the_market_is_readable(record, markets):
    figures = [each for found in markets.values() for each in found]
    assert len(figures) > 120
    for figure in figures:
        assert_readable(record, figure)
        assert figure.rows.source_id.notna().all()


def test_keys_are_unique_on_the_page_of_every_mineral(trades, markets):
    for mineral, figures in trades.items():
        keys = [figure.key for figure in figures + markets[mineral]]
        assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("year", [2002, 2006, 2007, 2015])
def test_trade_of_an_earlier_year_draws(database, record, headings, year):
    for mineral in ("cobalt", "copper", "titanium", "gallium", "uranium"):
        for figure in trade_figures(database, record, headings, mineral, year):
            assert_readable(record, figure)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_chart_has_no_rows_of_its_own(trades, markets, dark):
    for figure in trades["copper"] + markets["copper"]:
        assert re.findall(r"'data': {'name': '(\w+)'}", str(figure.spec(dark))).count("empty") == 0
        assert figure.spec(dark) is figure.spec(dark)


# Trade.


def test_the_links_of_a_diagram_carry_all_the_trade(database, trades):
    [figure, _] = trades["cobalt"]
    [(total,)] = (
        database.cursor()
        .execute(
            "SELECT sum(value_usd) FROM trade JOIN hs_code USING (hs6) "
            "WHERE product = 'cobalt' AND year = 2024 AND counted"
        )
        .fetchall()
    )
    assert figure.rows.value.sum() == pytest.approx(total)
    assert figure.rows.share.sum() == pytest.approx(1)


def test_the_share_of_the_bloc_is_that_of_its_purchases(database, trades):
    [figure, _] = trades["cobalt"]
    [(bought,)] = (
        database.cursor()
        .execute(
            "SELECT sum(value_usd) FILTER (WHERE importer IN ('USA', 'JPN', 'DEU', 'AUS', 'COD')) / sum(value_usd) "
            "FROM trade JOIN hs_code USING (hs6) WHERE product = 'cobalt' AND year = 2024 AND counted"
        )
        .fetchall()
    )
    assert f"buys {100 * bought:.0f}" in figure.finding


def test_ore_and_refined_goods_make_three_columns(trades):
    [figure, _] = trades["copper"]
    assert set(figure.rows.kind) == {"Ore", "Refined goods"}
    assert figure.drawn[figure.drawn["mark"] == "node"].x2.max() == pytest.approx(2)


def test_a_bundle_is_drawn_under_its_own_name_only(record, headings):
    found = supply_goods.goods_of(record, headings, "gallium")
    assert [(goods.key, goods.bundle) for goods in found] == [("minor_metals_bundle", True)]
    assert supply_goods.missing(record, headings, "gallium") == "No customs heading on record isolates gallium."


def test_a_metal_inside_a_bundle_finds_it(record, headings):
    assert [goods.key for goods in supply_goods.goods_of(record, headings, "germanium")] == ["minor_metals_bundle"]
    assert [goods.key for goods in supply_goods.goods_of(record, headings, "rare_earths")] == [
        "rare_earths",
        "permanent_magnets",
    ]


def test_goods_are_found_whatever_a_mineral_is_called(record, headings):
    renamed = replace(record, products=record.products.assign(mineral_name="X", mineral_in_sentence="x"))
    for mineral in supply.minerals(record):
        found, again = (supply_goods.goods_of(each, headings, mineral) for each in (record, renamed))
        assert [goods.key for goods in found] == [goods.key for goods in again]
        assert [list(goods.headings.hs6) for goods in found] == [list(goods.headings.hs6) for goods in again]


def test_headings_not_counted_are_left_out(headings):
    assert not set(headings.hs6) & {"811212", "252800", "811230", "711290"}


def test_the_years_and_the_break_of_headings_are_named(record, headings):
    [goods] = supply_goods.goods_of(record, headings, "cobalt")
    said = supply_goods.about_headings(goods)
    assert "(282200), values from 2002, weights from 2007" in said
    assert "between 2006 and 2007" in said


def test_a_sum_with_goods_not_weighed_is_a_lower_bound(database, record, headings):
    [goods] = supply_goods.goods_of(record, headings, "cobalt")
    traded = pd.DataFrame(
        {
            "hs6": ["282200", "810510", "282200"],
            "exporter": ["COD", "COD", "FIN"],
            "importer": ["CHN", "CHN", "USA"],
            "value_usd": [300, 100, 50],
            "gross_t": [20.0, NAN, NAN],
            "source_id": "C03",
        }
    )
    rows = supply_goods.flows_of(record, goods, traded)
    assert list(rows.value) == [400, 50]
    assert list(rows.tonnes) == ["at least 20\u00a0t gross", "weight not given"]


def test_a_hub_buys_and_sells_more_than_a_tenth_of_one_side():
    rows = pd.DataFrame(
        [
            ("refined", "A", "B", 60.0),
            ("refined", "B", "C", 30.0),
            ("refined", "C", "A", 10.0),
            ("ore", "D", "E", 100.0),
        ],
        columns=["side", "exporter", "importer", "value"],
    )
    # B buys 60 and sells 30 of 100; C sells exactly a tenth; A buys exactly a tenth; E only buys.
    assert supply_goods.hubs(rows) == ["B"]


def test_bands_fill_their_nodes_and_nodes_keep_apart(trades):
    for mineral in ("cobalt", "copper", "uranium"):
        [figure, _] = trades[mineral]
        nodes = figure.drawn[figure.drawn["mark"] == "node"]
        assert nodes.y.min() >= 0
        assert nodes.y2.max() <= supply_diagram.HEIGHT + 1e-6
        for _, column in nodes.groupby("x"):
            assert (np.diff(np.sort(column.middle)) >= 0.7 * supply_diagram.ROOM).all()
        bands = figure.drawn[figure.drawn["mark"] == "band"]
        height = (bands.y2 - bands.y).groupby(bands.link).first().sum()
        first = figure.rows.column == 0
        scale = height / figure.rows.value.sum()
        left = nodes[nodes.x == 0]
        drawn = (left.y2 - left.y).sum()
        assert drawn == pytest.approx(figure.rows.value[first].sum() * scale, abs=len(left))


def test_one_scale_holds_for_every_year(database, record, headings):
    for mineral in ("cobalt", "copper", "rare_earths"):
        for goods in supply_goods.goods_of(record, headings, mineral):
            scale = scale_of(database, goods)
            found = []
            for year in range(supply_goods.FIRST_YEAR, YEAR + 1):
                rows = flows(database, record, goods, year)
                if len(rows):
                    found.append(supply_trade.largest(rows, scale).width.max())
                    drawn = supply_diagram.diagram(Sides(record, MEMBERS, HELD), goods, rows, year, scale).drawn
                    assert drawn.y2.max() <= supply_diagram.HEIGHT + 1e-6
            assert max(found) <= flow_map.WIDTH + 1e-9
            if goods.headings["product"].nunique() == 1:
                assert max(found) == pytest.approx(flow_map.WIDTH)


def test_the_map_of_a_file_has_the_curves_of_the_screen(database, record, headings):
    [goods] = supply_goods.goods_of(record, headings, "cobalt")
    rows = supply_trade.largest(flows(database, record, goods), scale_of(database, goods))
    drawn = flow_map.flow_rows(rows, maps.places(record.countries), MEMBERS, ["CHN"])
    assert drawn.flow.nunique() == len(rows)
    assert list(drawn.kind.value_counts()[["disc", "hub"]]) == [len(rows), 1]
    inside = rows.importer.isin(MEMBERS).to_numpy()
    assert list(drawn.meaning[drawn.kind == "disc"] == "member") == list(inside)


def test_a_curve_runs_from_seller_to_buyer_and_bends_north():
    points = flow_map.curve((0.0, 0.0), (40.0, 0.0), 0.2)
    assert points[0] == [0.0, 0.0]
    assert points[-1] == [40.0, 0.0]
    # Halfway the curve is half its bend away: 40 degrees x 0.2 / 2.
    assert max(y for _, y in points) == pytest.approx(4.0, abs=0.05)
    assert flow_map.curve((40.0, 0.0), (0.0, 0.0), 0.2)[12][1] > 0


def test_the_map_of_flows_asks_no_tile_server(database, record, headings):
    [goods] = supply_goods.goods_of(record, headings, "cobalt")
    rows = flows(database, record, goods).head(flow_map.FLOWS)
    rows = rows.assign(tip="", more="", last="", width=5.0)
    deck = flow_map.flow_deck(rows, maps.places(record.countries), MEMBERS, ["CHN"], False, maps.WIDE)
    text = deck.to_json()
    assert "http" not in text
    assert "DR Congo to China" in text
    assert text.count('"path":') == len(rows)


def test_a_map_leaves_out_a_place_it_cannot_find(record):
    rows = pd.DataFrame(
        {"side": ["ore"], "exporter": ["ANT"], "importer": ["USA"], "share": [1.0], "width": [3.0]}
    ).assign(tip="", more="", last="")
    deck = flow_map.flow_deck(rows, maps.places(record.countries), MEMBERS, [], False, maps.WIDE)
    assert '"path":' not in deck.to_json()


# Market.


def reliance_rows(**given: object) -> pd.DataFrame:
    row = {
        "import_reliance_id": 1,
        "product": "cobalt",
        "item": "all forms, of apparent consumption",
        "year": 2025,
        "low": 40.0,
        "high": 40.0,
        "qualifier": None,
        "source_id": "C01",
        "note": None,
    }
    return pd.DataFrame([{**row, **given}])


@pytest.mark.parametrize(
    ("given", "said", "low", "high"),
    [
        ({}, "40\u202f%", 0.4, 0.4),
        ({"qualifier": "estimated"}, "40\u202f%, estimated", 0.4, 0.4),
        ({"low": 50.0, "high": NAN, "qualifier": "greater_than"}, "more than 50\u202f%", 0.5, 1.0),
        ({"low": NAN, "high": 25.0, "qualifier": "less_than"}, "less than 25\u202f%", 0.0, 0.25),
        ({"low": NAN, "high": NAN, "qualifier": "net_exporter"}, "net exporter", NAN, NAN),
        ({"low": NAN, "high": NAN, "qualifier": "not_available"}, "not available", NAN, NAN),
    ],
)
def test_a_bound_of_reliance_stays_a_bound(record, given, said, low, high):
    figure = supply_market.reliance(record, "cobalt", reliance_rows(**given))
    bar = figure.drawn[figure.drawn.label.notna()].iloc[0]
    assert bar.text == said
    assert (bar.low, bar.high) == pytest.approx((low, high), nan_ok=True)


def test_the_other_countries_come_last_in_every_form(database, record):
    rows = run(database, "import_sources").query("mineral == 'copper'")
    figure = supply_market.import_sources(Sides(record, MEMBERS, HELD), "copper", rows)
    for _, form in figure.rows.groupby("what", sort=False):
        assert "Other countries" not in list(form.partner)[:-1]


def test_the_main_forms_come_first_whatever_products_are_called(database, record):
    renamed = replace(record, products=record.products.assign(product_in_sentence="x", mineral_in_sentence="x"))
    for _, rows in run(database, "import_sources").groupby("mineral"):
        found, again = (
            supply_market.import_sources(Sides(each, MEMBERS, HELD), "copper", rows) for each in (record, renamed)
        )
        assert list(found.rows.import_source_id) == list(again.rows.import_source_id)


def test_a_price_that_is_not_available_has_no_point(database, record):
    rows = run(database, "prices").query("product == 'ferrosilicon'")
    figure = supply_prices.prices(record, rows, "ferrosilicon")
    assert (figure.rows.said == "not available").sum() == 4
    assert (figure.drawn["mark"] == "point").sum() == len(figure.rows) - 4
    assert "4 figures not available" in figure.note


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [(100, 100, "unchanged"), (100, 150, "up 50\u202f%"), (100, 25, "down 75\u202f%"), (10, 45, "4.5 times as high")],
)
def test_the_change_of_a_price_in_words(record, first, last, said):
    rows = pd.DataFrame({"item": "metal", "year": [2021, 2025], "low": [first, last], "high": [first, last]})
    rows = rows.assign(unit="USD/kg", qualifier=None, note=None, source_id="C01").astype({"low": float, "high": float})
    assert f": {said}, 2021 to 2025" in supply_prices.prices(record, rows, "cobalt").finding


def test_prices_in_units_that_do_not_compare_stand_in_the_table_only(database, record):
    rows = run(database, "price_gaps").query("mineral == 'tungsten'")
    figure = supply_prices.price_gap(record, "tungsten", rows)
    assert len(figure.rows) == len(rows)
    assert figure.drawn.label.nunique() < len(rows)
    assert "Only in the table" in figure.note


def test_a_pair_in_time_is_no_gap_between_places(database):
    rows = run(database, "price_gaps").query("mineral == 'cobalt'")
    assert len(rows) == 1
    assert supply_prices.between_places(rows).empty


def test_sites_are_counted_by_country_and_standing(database, record):
    rows = run(database, "sites").query("mineral == 'lithium'")
    figure = supply_market.sites(record, "lithium", rows)
    bars = figure.drawn[figure.drawn.label.notna()]
    assert bars.text.astype(int).sum() == len(rows)
    deck = flow_map.site_deck(supply_market.site_dots(figure.rows), False, maps.WIDE)
    assert deck.to_json().count('"tip":') == len(rows)


# Files.


def test_the_rows_of_a_figure_make_a_file(trades, markets):
    for figure in trades["cobalt"] + markets["cobalt"]:
        lines = csv_text(figure.rows).splitlines()
        assert len(lines) == len(figure.rows) + 1
        assert "source_id" in lines[0]


def test_diagrams_maps_and_prices_make_pictures(record, trades, markets):
    for figure in (*trades["copper"], markets["copper"][0], markets["copper"][-1]):
        assert export.png(figure.chart(record)).startswith(b"\x89PNG")
        drawing = export.svg(figure.chart(record))
        assert drawing.startswith("<svg")
        assert "Source" in drawing
