import re

import pytest

from bloc.briefing import case
from bloc.outcome import evaluate
from bloc.scenario import Flooding, PriceMeasure
from bloc.settings import Applied, Settings
from bloc.views.briefing_market import headline, sentences

FLOOR = PriceMeasure("rare_earths_magnet", 2.0, "floor", "multiple")


def said(record, **changed) -> tuple[str, ...]:
    settings = Settings(**changed)
    scenario = settings.scenario(record).accounting()
    return sentences(record, settings, case(record, scenario, evaluate(record, scenario), frozenset()))


def test_nothing_done_says_nothing_of_prices(record):
    assert said(record, cut_pct=0) == ()


def test_without_members_nobody_pays(record):
    assert said(record, preset="usa_only", left_out=("USA",)) == ()


def test_a_cut_says_which_materials_become_dearer_and_by_how_much(record):
    number, first, *_ = said(record, products=("gallium",))
    assert number.startswith("In a model of each market against 2024, one material would become dearer")
    assert re.fullmatch(
        r"Gallium would cost 2\.\d \(1\.\d to 3\.\d\) times the price of 2024, and \d+\u202f% of use would be lost\.",
        first,
    )


def test_a_price_that_falls_is_not_called_dearer(record):
    first, *others = said(record, cut_pct=0, floodings=(Flooding("CHN", "gallium", 0.3),))
    assert first.endswith("no material would become dearer or scarcer for the members.")
    assert re.fullmatch(
        r"One material would become cheaper: gallium, at 0\.\d+ \(0\.\d+ to 0\.\d+\) times the price of 2024\.",
        others[0],
    )


def test_where_no_price_can_be_said_what_goes_short_is(record):
    texts = " ".join(said(record, products=("rare_earths_magnet",), cut_pct=100))
    assert "users would go without" in texts


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"cut_pct": 100},
        {"applied": (Applied("cd_co_quota_2026", 57),), "cut_pct": 0},
        {"tariff_pct": 25, "cut_pct": 0, "horizon": "five_years"},
    ],
)
def test_sentences_are_whole(record, changed):
    for text in said(record, **changed):
        assert text.endswith(".")
        assert not re.search(r"\bnan\b|\bNone\b|_|  ", text)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"products": ("gallium",), "cut_pct": 50},
            r"In a market model, gallium would cost the members \d\.\d times.*",
        ),
        (
            {"cut_pct": 0, "prices": (FLOOR,)},
            r"In a market model, magnet rare earths would cost the members \d\.\d times.*",
        ),
        (
            {"products": ("rare_earths_magnet",), "cut_pct": 100},
            "In a market model, magnet rare earths would be rationed.*",
        ),
        ({"cut_pct": 0, "products": ("gallium",)}, ""),
        ({}, ""),
        ({"preset": "usa_only", "left_out": ("USA",), "products": ("gallium",)}, ""),
    ],
)
def test_the_headline_is_of_the_market_that_is_named(record, changed, says):
    settings = Settings(**changed)
    scenario = settings.scenario(record).accounting()
    known = case(record, scenario, evaluate(record, scenario), frozenset())
    assert re.fullmatch(says, headline(record, settings, known))
