import re

import pytest
from hypothesis import given

from bloc.data import load_record
from bloc.scenario import Assumed, Flooding, PriceMeasure, StockChange
from bloc.settings import Applied, Settings
from bloc.views.chips import BEHIND_MORE, ON_MARKET_PAGES, chips
from tests.test_link import SETTINGS

EACH = {
    "2 recorded restrictions": {"applied": (Applied("cd_co_quota_2026", 57), Applied("cd_co_ban_2025", 100))},
    "Tariff of 25\u202f% on cobalt": {"tariff_pct": 25, "tariff_products": ("cobalt",)},
    "Floor under cobalt and contract price for gallium": {
        "prices": (PriceMeasure("cobalt", 2.0, unit="multiple"), PriceMeasure("gallium", 5e5, "contract")),
    },
    "Subsidised sales by China": {"floodings": (Flooding("CHN", "cobalt"),)},
    "Stock of cobalt": {"stocks": (StockChange("cobalt", 500.0),)},
    "30\u202f% leaks through": {"leak_pct": 30},
    "Five years to adjust": {"horizon": "five_years"},
    "1 changed assumption": {"assumed": (Assumed("ceiling", 5.0),)},
}


def test_nothing_set_is_no_label(record):
    assert chips(record, Settings()) == []


@pytest.mark.parametrize("label", EACH)
def test_what_is_set_on_a_page_of_the_market_has_its_label_everywhere(record, label):
    assert [text for text, _ in chips(record, Settings(**EACH[label]))] == [label]


@pytest.mark.parametrize("label", EACH)
def test_taking_a_label_back_resets_what_it_stands_for(record, label):
    settings = Settings(**EACH[label])
    (_, names), *_ = chips(record, settings)
    assert settings.reset(*names) == Settings()


def test_every_setting_out_of_sight_has_a_label():
    labelled = {name for names, _ in (*BEHIND_MORE, *ON_MARKET_PAGES) for name in names}
    assert set(vars(Settings())) - labelled == {"preset", "invited", "left_out", "cut_pct"}


@given(settings=SETTINGS)
def test_labels_are_words(settings):
    for text, _ in chips(load_record(), settings):
        assert not re.search(r"_|\bnan\b|\bNone\b|  ", text)
        assert text[0].isupper() or text[0].isdigit()
