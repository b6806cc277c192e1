"""What the market model gives beside what was published: every row computed, directions, and our own results."""

import numpy as np
import pytest

from bloc.__main__ import main
from bloc.assumptions import Assumptions
from bloc.data import connect, load_base_cases, load_market
from bloc.trials import PRICE, Facts, bounds, read_facts
from bloc.validation import import_dependence, in_words, published_in_words, results

# Our results at the point, to two digits: a change of the model shows here before anywhere else.
OURS = {
    "gallium_ban": 3.8,
    "germanium_ban": 3.2,
    "gallium_licence": 2.5,
    "germanium_prices": 3.1,
    "antimony_2024": 1.8,
    "dysprosium": 1.9,
    "terbium": 1.9,
    "rare_earth_gap": 2.3,
    "tungsten": 1.7,
    "pothen": 1.2,
    "cobalt_2025": 3.1,
    "without_largest_graphite_battery": 0.10,
    "without_largest_rare_earths_magnet": 0.27,
    "without_largest_nickel": 0.70,
    "without_largest_lithium": 0.91,
    "without_largest_cobalt": 0.73,
    "cobalt_quota": 1.6,
    "rare_earth_floor": 2.0,
    "rare_earth_contract": 3.4e8,
}


@pytest.fixture(scope="module")
def facts(record) -> Facts:
    with connect() as connection:
        return read_facts(record, load_base_cases(), Assumptions(load_market().assumptions), connection)


@pytest.fixture(scope="module")
def rows(facts):
    return results(facts).set_index("key")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (">150", (150, np.inf)),
        ("<55", (0, 55)),
        ("35 to 40", (35, 40)),
        ("+68", (68, 68)),
        ("about +250", (250, 250)),
        ("nearly threefold", (3, 3)),
        ("more than double", (2, np.inf)),
        ("light +21 %; heavy more than double", (21, 21)),
        ("9,065 against 263", (263, 9065)),
    ],
)
def test_a_printed_figure_is_read_as_bounds(printed, expected):
    assert bounds(printed) == expected


def test_a_text_without_a_figure_is_refused():
    with pytest.raises(ValueError, match="'unknown' holds no figure"):
        bounds("unknown")


def test_every_row_is_computed(rows):
    assert rows[["ours", "ours_low", "ours_high"]].notna().all(axis=None)
    assert (rows.ours_low <= rows.ours).all()
    assert (rows.ours <= rows.ours_high).all()


def test_every_published_figure_has_a_source_and_every_gap_a_reason(rows, record):
    published = rows[rows.published_low.notna()]
    assert len(published) >= 16
    for sources in published.source_ids:
        assert sources
        assert set(sources) <= set(record.sources.source_id)
    assert rows.reason.str.len().gt(10).all()


def test_the_direction_of_every_price_agrees(rows):
    prices = rows[(rows.kind == PRICE) & rows.published_low.notna()]
    assert (prices.published_low > 1).all()
    assert (prices.ours > 1).all()


def test_our_own_results_stand_where_they_stood(rows):
    assert rows.ours.to_dict() == pytest.approx(OURS, rel=0.05)


def test_the_bloc_sells_to_itself_below_the_floor(rows):
    floor = float(rows.title["rare_earth_floor"].split("at ")[1].split(" ")[0])
    assert rows.ours["rare_earth_floor"] < floor


def test_more_feed_drawn_lowers_the_price_of_cobalt(rows):
    drawn = {each.label.replace("\u00a0", " "): each.value for each in rows.answers["cobalt_2025"]}
    ordered = [drawn["nothing drawn"], *(drawn[f"{amount} thousand t drawn"] for amount in (28, 52, 80, 97))]
    assert ordered == sorted(ordered, reverse=True)


def test_a_contested_figure_is_run_with_its_other_choices(rows):
    labels = {each.label for each in rows.answers["germanium_ban"]}
    assert {"China refines 60 %", "China refines 93 %"} <= labels


def test_numbers_are_said_with_the_limit_of_the_model(facts):
    assert in_words(facts, "price", 7.9) == "rationing"
    assert in_words(facts, "price", 5.0) == "over ×\u00a04"
    assert in_words(facts, "price", 3.8) == "×\u00a03.8"
    assert in_words(facts, "ratio", 5.0) == "×\u00a05.0"
    assert published_in_words(facts, "price", 2.5, np.inf) == "×\u00a02.5 or more"
    assert published_in_words(facts, "price", np.nan, np.nan) == "none yet"


def test_import_dependence_is_near_the_published_one_where_no_scrap_is_counted(facts):
    rows = import_dependence(facts).set_index("chain")
    for chain in ("zinc", "lead", "copper", "rhenium", "phosphate_rock", "platinum"):
        assert rows.published_low[chain] - 0.06 <= rows.ours[chain] <= rows.published_high[chain] + 0.06
    assert rows.index.is_unique


def test_the_command_line_prints_every_trial(capsys, rows):
    main(["validation"])
    printed = capsys.readouterr().out
    assert all(title in printed for title in rows.title)
    assert "nan" not in printed
