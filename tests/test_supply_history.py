"""Figures of history, disagreement, reserves, recycling, capacity, projects and outlook, for every mineral."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from bloc.data import connect, run
from bloc.outcome import bloc_members, restricting
from bloc.settings import Settings
from bloc.text import csv_text
from bloc.views import export, supply_history, supply_outlook, supply_sources, supply_stock
from bloc.views.supply import Sides

BAD = re.compile(r"\bnan\b|\bNone\b|<NA>|_")


@pytest.fixture(scope="module")
def database():
    with connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def sides(record):
    scenario = Settings().scenario(record)
    return Sides(record, bloc_members(record, scenario), restricting(record, scenario))


def at_year(sides, rows, amounts, year):
    return supply_history.at_year(sides.record, supply_history.history(sides, rows, amounts), year)


def figures_of(sides, database, mineral, amounts=False, year=1990):
    """Every figure of a mineral as the page draws them."""
    record = sides.record
    products = list(record.products["product"][record.products.mineral == mineral])
    found = []
    for product in products:
        rows = run(database, "supply_history", product=product).assign(product=product)
        found += [at_year(sides, one, amounts, year) for one in supply_history.stages(rows)]
        found += supply_sources.disagreements(sides, run(database, "supply_publications", product=product), product)
        rows = run(database, "supply_outlook", product=product)
        found += [supply_outlook.outlook(sides, rows[rows.stage == stage], product) for stage in rows.stage.unique()]
    found += supply_stock.reserves(sides, products)
    found += supply_stock.capacities(sides, run(database, "supply_capacity"), products)
    ventures = run(database, "supply_projects")
    found += supply_stock.projects(sides, ventures, products)
    found += filter(
        None,
        [
            supply_stock.recycling(record, run(database, "supply_recycling"), products),
            supply_stock.capacity_list(sides, run(database, "supply_capacity"), products),
            supply_stock.project_list(sides, ventures, products),
        ],
    )
    return found


def one(sides, database, mineral, key, **how):
    [figure] = [each for each in figures_of(sides, database, mineral, **how) if each.key == key]
    return figure


@pytest.fixture(scope="module")
def every(sides, database, record):
    """Figures of every mineral, as shares."""
    return [
        figure for mineral in sorted(set(record.products.mineral)) for figure in figures_of(sides, database, mineral)
    ]


def test_every_figure_of_every_mineral_reads_without_gaps(sides, every):
    for figure in every:
        for text in (figure.finding, figure.basis, figure.alt, figure.note, *figure.legend):
            assert not BAD.search(text), (figure.key, text)
        table = figure.table(sides.record)
        assert len(table) > 0
        for name in table:
            assert not BAD.search(name), (figure.key, name)
            assert not table[name].astype(str).map(BAD.search).any(), (figure.key, name)
        assert figure.source_ids()
        assert set(figure.source_ids()) <= set(sides.record.sources.source_id), figure.key
        assert csv_text(figure.rows)


def test_every_figure_has_a_key_of_its_own(every):
    keys = [figure.key for figure in every]
    assert len(keys) == len(set(keys))
    assert len(keys) > 150


def test_every_history_is_drawn_in_amounts_too(sides, database, record):
    for product in record.products["product"]:
        rows = run(database, "supply_history", product=product).assign(product=product)
        for stage in supply_history.stages(rows):
            figure = at_year(sides, stage, True, 2000)
            assert not BAD.search(figure.basis)
            assert figure.drawn.high.max() < 1e5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_chart_of_a_mineral_is_a_specification(sides, database, dark):
    for figure in figures_of(sides, database, "rare_earths"):
        assert not figure.has_chart or "datum.nan" not in str(figure.spec(dark))


def test_most_headings_fit_on_two_lines_of_half_a_column(every):
    assert sum(len(figure.finding) > 80 for figure in every) < 0.1 * len(every)


def test_the_bands_of_a_year_of_history_fill_the_whole(every):
    for figure in every:
        if figure.key.startswith("history"):
            bars = figure.drawn[figure.drawn.kind == "bar"]
            assert (bars.low > -1e-9).all()
            assert bars.groupby("x").high.max().between(0.99, 1.0001).all(), figure.key
            assert bars.groupby("x").low.min().abs().max() < 1e-9


def test_the_bands_of_a_history_do_not_rest_on_the_names_of_countries(sides, database):
    renamed = replace(sides.record, countries=sides.record.countries.assign(name="X", in_sentence="x"))
    columns = ["kind", "x", "low", "high", "meaning", "fade", "text"]
    found, again = (
        one(replace(sides, record=record), database, "cobalt", "history_cobalt_mine").drawn[columns]
        for record in (sides.record, renamed)
    )
    pd.testing.assert_frame_equal(found, again)


def test_cobalt_of_1990_is_ranked_as_the_table_says(sides, database):
    rows = run(database, "supply_history", product="cobalt")
    rows = rows[(rows.stage == "mine") & (rows.year == 1990) & ~rows.later]
    first = rows.sort_values("quantity", ascending=False).iloc[0]
    figure = one(sides, database, "cobalt", "history_cobalt_mine")
    said = f"1990: {sides.record.names[first.iso3]} {100 * first.quantity / first.world:.0f}"
    assert said in figure.basis


def test_former_states_stand_under_their_names_and_outside_the_bloc(sides, database):
    rows = one(sides, database, "cobalt", "history_cobalt_mine").rows
    soviet = rows[rows.iso3 == "SUN"]
    assert len(soviet) > 0
    assert not soviet.member.any()


def test_a_second_source_is_apart_and_paler_and_said(sides, database):
    figure = one(sides, database, "copper", "history_copper_mine")
    own, later = figure.rows[~figure.rows.later], figure.rows[figure.rows.later]
    assert later.year.min() > own.year.max()
    assert set(later.series_id).isdisjoint(own.series_id)
    bars = figure.drawn[figure.drawn.kind == "bar"]
    assert bars.fade[bars.x > own.year.max()].max() < bars.fade[bars.x <= own.year.max()].max()
    assert "not joined" in figure.note
    assert own.year.max() + 0.5 in set(figure.drawn.x[figure.drawn.kind == "break"])
    amounts = one(sides, database, "copper", "history_copper_mine", amounts=True).drawn
    top = amounts[amounts.kind == "bar"].groupby("x").high.max()
    assert 0.8 < top[own.year.max() + 1] / top[own.year.max()] < 1.25  # kilotonnes beside tonnes


def test_a_large_producer_that_enters_the_list_is_a_break(sides, database):
    figure = one(sides, database, "gallium", "history_gallium_refinery")
    china = figure.rows[(figure.rows.iso3 == "CHN") & figure.rows.quantity.notna()]
    year = int(china.year.min())
    assert f"China is listed from {year}" in figure.note
    assert year - 0.5 in set(figure.drawn.x[figure.drawn.kind == "break"])


def test_only_the_named_products_have_a_second_source(database, record):
    spliced = {
        product
        for product in record.products["product"]
        if run(database, "supply_history", product=product).later.any()
    }
    assert spliced <= {"copper", "nickel", "tungsten", "rare_earths_total", "platinum", "palladium", "gallium"}


def test_a_year_outside_the_series_is_its_nearest(sides, database):
    figure = one(sides, database, "zinc", "history_zinc_mine", year=1950)
    assert figure.drawn.x[figure.drawn.kind == "chosen"].iloc[0] == figure.rows.year.min()


def test_the_publications_span_the_disagreement_of_the_record(sides, database, record):
    for product in ("cobalt", "lithium", "copper"):
        rows = run(database, "supply_publications", product=product)
        several = rows.groupby(["stage", "iso3"]).filter(lambda each: each.publication.nunique() > 1)
        ours = several.groupby(["stage", "iso3"]).share.agg(["min", "max"])
        theirs = record.disagreement[record.disagreement["product"] == product].set_index(["stage", "iso3"])
        assert set(ours.index) == set(theirs.index)
        assert (ours["min"] - theirs.share_low.reindex(ours.index)).abs().max() < 1e-12
        assert (ours["max"] - theirs.share_high.reindex(ours.index)).abs().max() < 1e-12


def test_years_of_reserves_are_told_only_on_one_basis(sides, database):
    [cobalt] = supply_stock.reserves(sides, ["cobalt"])
    series = sides.record.series[(sides.record.series["product"] == "cobalt") & (sides.record.series.stage == "mine")]
    years = cobalt.rows.world_t.iloc[0] / series.world.iloc[0]
    assert f"{years:,.0f} years of the mine output" in cobalt.note
    for rows in supply_stock.reserves(sides, ["niobium", "zirconium", "manganese"]):
        product = rows.rows["product"].iloc[0]
        series = sides.record.series[
            (sides.record.series["product"] == product) & (sides.record.series.stage == "mine")
        ]
        if rows.rows.basis.iloc[0] not in set(series.basis):
            assert "left out" in rows.note


def test_a_lower_bound_of_the_world_is_said(sides):
    bounded = sides.record.reserves[sides.record.reserves.world_qualifier == "greater_than"]
    for figure in supply_stock.reserves(sides, list(bounded["product"].unique())):
        assert "more than" in figure.basis


def test_the_outlook_of_each_year_is_whole(sides, database):
    for product in ("cobalt", "copper", "lithium", "nickel"):
        rows = run(database, "supply_outlook", product=product)
        for stage in rows.stage.unique():
            figure = supply_outlook.outlook(sides, rows[rows.stage == stage], product)
            assert figure.drawn.groupby("year").high.max().between(0.98, 1.0001).all()


def test_without_the_largest_the_rest_of_cobalt_refining_remains(sides, database):
    rows = run(database, "supply_outlook", product="cobalt")
    figure = supply_outlook.outlook(sides, rows[rows.stage == "refinery"], "cobalt")
    assert f"without China, {100 * (1 - 254457.759 / 333393.974):.0f}" in figure.note


def test_feed_is_never_drawn_as_product(sides, database):
    for figure in supply_stock.projects(sides, run(database, "supply_projects"), ["rare_earths_heavy"]):
        feed = set(figure.rows.name[~figure.rows.counts_as_product])
        assert feed
        assert set(figure.drawn.label[figure.drawn.meaning == "feed"]) == feed


@pytest.mark.parametrize("key", ["history_cobalt_mine", "disagreement_cobalt_mine", "reserves_cobalt"])
def test_a_figure_is_a_picture(sides, database, key):
    figures = figures_of(sides, database, "cobalt")
    [figure] = [each for each in figures if each.key.startswith(key)]
    chart = figure.chart(sides.record)
    assert export.png(chart).startswith(b"\x89PNG")
    assert "<svg" in export.svg(chart)
