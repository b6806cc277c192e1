import io
import re
from dataclasses import replace

import pandas as pd
import pytest

from bloc.briefing import case
from bloc.data import connect, run
from bloc.link import from_query
from bloc.outcome import evaluate
from bloc.text import csv_text
from bloc.views import (
    concentration,
    concentration_history,
    concentration_measures,
    concentration_pairs,
    concentration_scatter,
    concentration_table,
    export,
)

PLAIN = re.compile(r"\bnan\b|\bNone\b|<NA>|\w_\w", flags=re.IGNORECASE)
FIGURES = ("pairs", "narrow pairs", "concentration", "china", "against")


def case_of(record, **query):
    settings, problems = from_query(query, record)
    assert problems == []
    scenario = settings.scenario(record)
    return case(record, scenario, evaluate(record, scenario), frozenset(["CHN"]))


@pytest.fixture(scope="module")
def usual(record):
    return case_of(record)


@pytest.fixture(scope="module")
def history():
    with connect() as connection:
        return run(connection, "concentration_history", year=concentration_history.SINCE)


@pytest.fixture(scope="module")
def trends(record, history):
    return concentration_history.trends(record, history)


@pytest.fixture(scope="module")
def figures(record, usual, trends):
    return {
        "pairs": concentration_pairs.pairs(record, usual, narrow=False),
        "narrow pairs": concentration_pairs.pairs(record, usual, narrow=True),
        "concentration": concentration_history.history_of(trends, "hhi_low"),
        "china": concentration_history.history_of(trends, "china_share"),
        "against": concentration_scatter.against(record, usual),
    }


@pytest.mark.parametrize("name", FIGURES)
def test_the_words_of_a_figure_are_plain(record, figures, name):
    figure = figures[name]
    table = figure.table(record)
    texts = [figure.finding, figure.basis, figure.alt, figure.note, *table.columns]
    cells = [str(cell) for column in table.columns for cell in table[column]]
    assert [text for text in [*texts, *cells] if PLAIN.search(text)] == []


@pytest.mark.parametrize("name", FIGURES)
def test_what_a_figure_draws_is_plain(figures, name):
    drawn = figures[name].drawn
    assert drawn.notna().all(axis=None)
    assert [cell for column in drawn.select_dtypes("str") for cell in drawn[column] if PLAIN.search(cell)] == []


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_comes_as_csv_and_svg_with_its_sources(record, figures, name):
    figure = figures[name]
    assert len(pd.read_csv(io.StringIO(csv_text(figure.rows)))) == len(figure.rows) > 0
    assert figure.source_ids()
    assert export.svg(figure.chart(record)).startswith("<svg")


@pytest.mark.parametrize("name", ["pairs", "against"])
def test_a_figure_comes_as_a_picture(record, figures, name):
    assert export.png(figures[name].chart(record)).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", FIGURES)
def test_a_chart_is_built_once_for_each_theme(figures, name):
    spec = figures[name].spec
    assert spec(True) is spec(True)
    assert spec(True) != spec(False)


def test_the_headline_counts_what_hangs_on_one_country(record, usual):
    indicators = usual.outcome.indicators
    half = indicators[indicators.largest_share > 0.5]
    mined, refined = half[half.stage == "mine"], half[half.stage != "mine"]
    assert concentration.finding(usual) == (
        f"One country supplies more than half of {len(mined)} of {(indicators.stage == 'mine').sum()} mined and "
        f"{len(refined)} of {(indicators.stage != 'mine').sum()} refined materials"
    )


def test_the_table_has_every_default_series_the_most_concentrated_first(record, usual):
    table = concentration_table.rows(record, usual, "all", "all")
    assert len(table) == len(record.series)
    assert table.largest_share.is_monotonic_decreasing
    assert set(concentration_table.SHOWN) <= set(table.columns)


@pytest.mark.parametrize("side", ["mined", "refined"])
def test_the_table_keeps_to_a_stage(record, usual, side):
    table = concentration_table.rows(record, usual, side, "all")
    assert set(table.stage == "mine") == {side == "mined"}


def test_the_table_keeps_to_the_list_of_critical_minerals(record, usual):
    table = concentration_table.rows(record, usual, "all", "critical")
    listed = record.products[record.products.us_critical_2025.fillna(False)]
    assert 0 < len(table) < len(record.series)
    assert set(table["product"]) == set(listed["product"]) & set(record.series["product"])


def test_china_that_is_not_listed_is_not_nothing(record, usual):
    table = concentration_table.rows(record, usual, "all", "all")
    unlisted = table[table["product"].isin(["platinum", "palladium", "rhodium"])]
    assert unlisted.china_share.isna().all()
    shown = concentration_table._styled(table).data
    assert set(shown.china_share[unlisted.index].str.strip()) == {"not itemised"}


def test_percentages_written_as_text_sort_like_numbers():
    shares = [0.0, 0.003, 0.01, 0.09, 0.1, 0.94, 0.997, 1.0]
    written = [concentration_table._sortable(share) for share in [float("nan"), *shares]]
    assert written == sorted(written)


def test_no_share_of_the_table_is_above_the_whole_and_no_bound_below_its_share(record, usual):
    table = concentration_table.rows(record, usual, "all", "all")
    assert (table.top3_share <= 1).all()
    assert (table.bloc_share_high >= table.bloc_share).all()


def test_every_measure_of_the_table_is_explained_with_its_sources(record, usual):
    table = concentration_table.rows(record, usual, "all", "all")
    text = concentration_table.definitions(record, table)
    assert all(f"**{each.title}**" in text for each in concentration_measures.MEASURES.values())
    assert "Worldwide Governance Indicators" in text
    assert "U.S. Geological Survey" in text


def test_a_table_of_nothing_says_so(record, usual):
    table = concentration_table.rows(record, usual, "all", "all").iloc[:0]
    assert concentration_table.table_finding(record, table) == "No material of this choice has a supplier on record"


def test_cobalt_is_mined_in_one_country_and_refined_in_another(record, usual, figures):
    pair = figures["pairs"].rows.set_index(["label", "side"]).loc["Cobalt"]
    assert pair.iso3.to_dict() == {"Mined": "COD", "Refined": "CHN"}
    assert set(pair.another) == {"yes"}
    cobalt = usual.outcome.indicators[usual.outcome.indicators["product"] == "cobalt"].set_index("stage")
    assert pair.share["Mined"] == cobalt.largest_share["mine"]


def test_the_heading_counts_the_pairs_that_differ(figures):
    refined = figures["pairs"].rows[lambda rows: rows.side == "Refined"]
    apart = int((refined.another == "yes").sum())
    assert figures["pairs"].finding.startswith(
        f"Largest miner and largest refiner differ for {apart} of {len(refined)} materials"
    )


def test_a_bar_has_the_colour_of_what_its_country_is(record, usual, figures):
    meanings = figures["pairs"].drawn.groupby("country").meaning.first()
    assert meanings["China"] == "restricting"
    assert meanings["Brazil"] == ("member" if "BRA" in usual.members else "outside")
    free = concentration_pairs.pairs(record, case_of(record, v="1", cut="0"), narrow=False)
    assert "restricting" not in set(free.drawn.meaning)


def test_the_history_is_the_index_of_a_year_worked_out_by_hand(history, trends):
    year = history[(history["product"] == "cobalt") & (history.stage == "mine") & (history.year == 2023)]
    shares = year.quantity / max(year.quantity.sum(), year.world.iloc[0])
    row = trends[(trends.series == "Mined cobalt") & (trends.year == 2023)].iloc[0]
    assert row.hhi_low == pytest.approx(10_000 * (shares**2).sum())
    assert row.largest == "DR Congo"
    assert row.largest_share == pytest.approx(shares.max())


def test_every_series_of_the_history_runs_without_a_gap(history):
    years = history.groupby("series_id").year.agg(["min", "max", "nunique"])
    assert (years["min"] == concentration_history.SINCE).all()
    assert (years["max"] - years["min"] + 1 == years["nunique"]).all()
    assert len(years) >= 10


def test_china_has_a_line_only_where_it_is_listed_every_year(history, trends):
    china = history[(history.iso3 == "CHN") & history.quantity.notna()].groupby("series_id").year.nunique()
    whole = china == history.year.nunique()
    assert trends[trends.china_share.notna()].series.nunique() == whole.sum()


def test_a_history_of_nothing_has_no_figure(record, history):
    assert concentration_history.history_of(concentration_history.trends(record, history.iloc[:0]), "hhi_low") is None


def test_the_lines_do_not_rest_on_what_series_are_called(record, history, figures):
    renamed = replace(record, products=record.products.assign(product_in_sentence="x"))
    drawn = concentration_history.history_of(concentration_history.trends(renamed, history), "hhi_low").drawn
    columns = ["value", "year", "rises", "falls", "place"]
    found, again = (each[columns].sort_values(columns) for each in (figures["concentration"].drawn, drawn))
    pd.testing.assert_frame_equal(found.reset_index(drop=True), again.reset_index(drop=True))


def test_labels_keep_apart():
    places = concentration_history._apart(pd.Series({"a": 10.0, "b": 11.0, "c": 99.0, "d": 100.0}), 5, 100)
    assert places == {"a": 10.0, "b": 15.0, "c": 95.0, "d": 100.0}


def test_the_scatter_leaves_out_where_china_is_not_itemised(record, usual, figures):
    indicators = usual.outcome.indicators
    assert len(figures["against"].rows) == indicators.china_share.notna().sum()
    below = (indicators.bloc_share < indicators.china_share).sum()
    assert (
        figures["against"].finding
        == f"China makes more than the whole bloc in {below} of {len(figures['against'].rows)} materials"
    )


@pytest.mark.parametrize("query", [{"in": "CHN"}, {"cut": "100"}, {"cut": "0", "out": "USA"}], ids=str)
def test_other_scenarios_draw_too(record, query):
    other = case_of(record, v="1", **query)
    table = concentration_table.rows(record, other, "all", "all")
    for figure in (
        concentration_pairs.pairs(record, other, narrow=False),
        concentration_scatter.against(record, other),
    ):
        assert not PLAIN.search(figure.finding + figure.alt)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", concentration_table._styled(table).to_html())
    assert len(cells) == len(table) * len(concentration_table.SHOWN)
    assert [cell for cell in cells if PLAIN.search(cell)] == []


def test_a_click_on_a_supplier_leads_to_its_country_and_a_row_to_its_mineral(record, usual):
    table = concentration_table.rows(record, usual, "all", "all")
    country = ("pages/country.py", {"country": table.largest_supplier[3]})
    mineral = ("pages/supply.py", {"mineral": table.mineral[3]})
    assert concentration_table.target(table, [], [(3, "supplier")]) == country
    assert concentration_table.target(table, [3], []) == mineral
    assert concentration_table.target(table, [], [(3, "n_minus_1")]) is None
    assert concentration_table.target(table, [], [(0, "material")]) is None
    assert concentration_table.target(table, [], []) is None


@pytest.fixture(scope="module")
def demand():
    with connect() as connection:
        return run(connection, concentration_table.DEMAND)


@pytest.mark.parametrize("use", [each for each in concentration_table.USES if each != "all"])
def test_the_table_keeps_to_a_use_and_names_its_source(record, usual, demand, use):
    minerals = concentration_table.used_minerals(demand, use)
    table = concentration_table.rows(record, usual, "all", "all", minerals)
    assert 0 < len(table) < len(record.series)
    assert set(table.mineral) <= minerals
    note = concentration_table.use_note(record, demand, use)
    assert "International Energy Agency" in note
    assert not PLAIN.search(note)


def test_every_use_keeps_every_mineral(record, demand):
    assert concentration_table.used_minerals(demand, "all") is None
    assert concentration_table.use_note(record, demand, "all") == ""
    assert set(demand["use"]) == set(concentration_table.USES) - {"all"}


def test_pairs_that_differ_stand_first(figures):
    another = list(figures["pairs"].rows.another)
    assert another == sorted(another, reverse=True)


def test_a_deeper_cut_draws_the_same_pairs_and_points_again(record):
    slight, deep = (case_of(record, v="1", cut=cut) for cut in ("20", "80"))
    assert concentration_pairs.pairs(record, slight, False) is concentration_pairs.pairs(record, deep, False)
    assert concentration_scatter.against(record, slight) is concentration_scatter.against(record, deep)


def test_what_is_set_against_use_is_unknown_where_use_is(record, usual):
    table = concentration_table.rows(record, usual, "all", "all").set_index(["product", "stage"])
    against = table[["n_minus_1_of_use", "n_bloc"]]
    assert against.loc["rare_earths_heavy"].isna().all(axis=None)
    assert against.loc[("graphite_battery", "refinery")].isna().all()
    # Bauxite is weighed gross and used as alumina.
    assert against.loc[("bauxite", "mine")].isna().all()
    known = against.dropna()
    assert len(known) > 40
    assert (known.n_minus_1_of_use >= 0).all()
    # Of refined cobalt as much is used as is made in the base year, and the series is of that year.
    cobalt = table.loc[("cobalt", "refinery")]
    assert cobalt.year == 2024
    assert cobalt.n_bloc == pytest.approx(cobalt.bloc_share, rel=1e-3)
    assert cobalt.n_minus_1_of_use == pytest.approx(cobalt.n_minus_1, rel=1e-3)
