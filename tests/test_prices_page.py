"""The prices page: its figures for every market and many levers, its numbers by hand, its words, its widgets."""

import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from bloc.data import load_base_cases
from bloc.link import from_query, to_query
from bloc.market_outcome import gains, groups
from bloc.scenario import Flooding, PriceMeasure, Scenario, StockChange
from bloc.settings import Settings
from bloc.text import csv_text
from bloc.views import (
    export,
    market_session,
    prices,
    prices_controls,
    prices_examples,
    prices_figures,
    prices_head,
    prices_tariff,
    prices_words,
)

ROOT = Path(__file__).parents[1]
RAW = re.compile(r"\bnan\b|\bNone\b|<NA>|\w_\w|\b(?:CHN|USA|JPN|EUU)\b|\binf\b", flags=re.IGNORECASE)
OFFERED = sorted(key for key, case in load_base_cases().items() if case.grade in "ABC" and not case.variant_of)
NDPR = 110_000 / 0.855


def link_of(*measures: PriceMeasure) -> str:
    return to_query(Settings(prices=measures))["price"]


FLOOR = PriceMeasure("rare_earths_magnet", NDPR)
CONTRACT = PriceMeasure("rare_earths_magnet", NDPR, "contract")


def priced_of(record, chain: str, **levers) -> prices.Priced:
    settings = Settings(**{"cut_pct": 0, **levers})
    scenario, problems = prices.within_bounds(record, settings.scenario(record))
    return prices.Priced(record, settings, scenario, chain, tuple(problems))


def on(chain: str, level: float, kind: str = "floor", unit: str = "multiple") -> PriceMeasure:
    case = load_base_cases()[chain]
    return prices.on_product(case, kind, level, unit)


def levers(chain: str) -> dict[str, dict]:
    case = load_base_cases()[chain]
    return {
        "floor and tariff": {"prices": (on(chain, 2.0),), "tariff_pct": 25, "tariff_products": (case.product,)},
        "contract, stock and flooding under a cut": {
            "prices": (on(chain, 1.5, "contract"),),
            "cut_pct": 50,
            "stocks": (StockChange(case.product, -0.05 * float(case.use_t.sum())),),
            "floodings": (Flooding("CHN", case.product, 0.2),),
            "horizon": "five_years",
        },
    }


def texts_of(record, figure) -> list[str]:
    table = figure.table(record)
    cells = [str(cell) for column in table.columns for cell in table[column]]
    return [figure.finding, figure.basis, figure.alt, figure.note, *table.columns, *cells]


def figures(record, priced: prices.Priced) -> list:
    return [*prices_figures.figures(priced), *filter(None, [prices_tariff.tariff(record, priced.scenario)])]


# Every market and several levers.


@pytest.mark.parametrize("chain", OFFERED)
def test_every_market_is_drawn_and_said_without_raw_values(record, chain):
    for name, values in levers(chain).items():
        priced = priced_of(record, chain, **values)
        assert priced.problems == ()
        said = [prices_words.finding(priced), *prices_words.sentences(priced), prices_words.grade(priced)]
        if priced.effect.converged:
            said += [text for entry in prices_head.four_numbers(priced) for text in entry]
            for figure in figures(record, priced):
                said += texts_of(record, figure)
                assert figure.drawn.notna().all(axis=None), (name, figure.key)
                assert len(pd.read_csv(io.StringIO(csv_text(figure.rows)))) == len(figure.rows) > 0
                assert figure.source_ids()
        assert [text for text in said if RAW.search(text)] == [], name


@pytest.mark.parametrize("dark", [False, True])
def test_every_figure_can_be_drawn_as_a_file(record, dark):
    priced = priced_of(record, "rare_earths_magnet", prices=(FLOOR,), tariff_pct=25)
    for figure in figures(record, priced):
        standalone = export.standalone(figure.spec(dark), figure.drawn, figure.finding, figure.basis, "Source.")
        assert export.svg(standalone)


# Numbers, against the market itself.


def test_a_floor_of_110_under_ndpr_gives_the_money_of_the_market(record):
    priced = priced_of(record, "rare_earths_magnet", prices=(FLOOR,))
    outcome = market_session.outcome_of(record, priced.scenario, ("rare_earths_magnet",))
    theirs = gains(outcome)
    merged = priced.effect.money.merge(theirs, on=["party", "side"], suffixes=("", "_market"))
    assert len(merged) == len(theirs) == len(priced.effect.money)
    for end in ("usd", "usd_low", "usd_high"):
        assert np.allclose(merged[end], merged[f"{end}_market"], atol=1)


def test_a_floor_of_110_under_ndpr_gives_the_prices_of_the_market(record):
    priced = priced_of(record, "rare_earths_magnet", prices=(FLOOR,))
    outcome = market_session.outcome_of(record, priced.scenario, ("rare_earths_magnet",))
    row = groups(outcome, outcome.members).iloc[0]
    ours = priced.effect.quantity("price")
    assert (ours.after, ours.after_low, ours.after_high) == pytest.approx((row.price, row.price_low, row.price_high))
    assert ours.before == pytest.approx(1)
    assert priced.effect.quantity("use_t").after == pytest.approx(row.served * row.base_t)


def test_imports_left_are_those_of_the_flows(record):
    priced = priced_of(record, "rare_earths_magnet", prices=(FLOOR,))
    outcome, case = priced.effect.after, priced.case
    inside, sold = np.isin(case.users, list(outcome.members)), np.isin(case.refiners, list(outcome.members))
    by_hand = sum(
        outcome.point.flow_t[0, seller, buyer] for seller in np.flatnonzero(~sold) for buyer in np.flatnonzero(inside)
    )
    assert priced.effect.quantity("imports_t").after == pytest.approx(by_hand)


@pytest.mark.parametrize("chain", ["rare_earths_magnet", "copper", "gallium", "germanium", "niobium"])
def test_the_world_is_the_sum_of_its_parties(record, chain):
    priced = priced_of(record, chain, prices=(on(chain, 2.0),), cut_pct=25)
    money = priced.effect.money
    alone = money[money.party != "all"]
    for side in ("members", "others"):
        whole = money[(money.party == "all") & (money.side == side)].usd.iloc[0]
        assert alone[alone.side == side].usd.sum() == pytest.approx(whole, rel=1e-9, abs=1e-3)
    world = money[money.side == "world"].usd.iloc[0]
    assert alone.usd.sum() == pytest.approx(world, rel=1e-9, abs=1e-3)


def test_without_a_restriction_no_measure_makes_the_world_better_off(record):
    for chain in ("rare_earths_magnet", "silicon_metal"):
        money = priced_of(record, chain, prices=(on(chain, 2.0),)).effect.money
        assert money[money.side == "world"].usd.iloc[0] < 0


def test_what_the_page_adds_is_apart_from_a_cut_that_stays(record):
    cut = priced_of(record, "rare_earths_magnet", cut_pct=25)
    assert (cut.effect.money.usd == 0).all()
    assert cut.effect.quantity("price").before > 1.3
    assert any("China" in each for each in prices_words.standing(cut))


def test_the_tariff_raises_the_duties_of_its_markets(record):
    priced = priced_of(record, "cobalt", tariff_pct=25, tariff_products=("cobalt", "lithium"))
    figure = prices_tariff.tariff(record, priced.scenario)
    outcome = market_session.outcome_of(record, priced.scenario, ("lithium", "cobalt"))
    duties = gains(outcome).query("party == 'duties' and side == 'members'")
    assert figure.rows.usd.sum() == pytest.approx(duties.usd.sum())
    assert set(figure.rows.label) == {"Lithium", "Cobalt"}


def test_ore_that_has_a_market_of_its_own_is_taxed_once(record):
    both = priced_of(record, "aluminum", tariff_pct=25, tariff_products=("alumina", "aluminum"))
    rows = prices_tariff.tariff(record, both.scenario).rows.set_index("label").usd
    outcome = market_session.outcome_of(record, both.scenario, ("aluminum", "alumina"))
    duties = gains(outcome).query("party == 'duties' and side == 'members'").set_index("chain").usd
    assert rows["Alumina"] == pytest.approx(duties["alumina"])
    assert 0 < rows["Aluminium"] < duties["aluminum"] - 1e6


def test_other_choices_for_a_contested_figure_widen_the_range(record):
    floor = (on("germanium", 2.0),)
    priced = priced_of(record, "germanium", prices=floor)
    alone = market_session.outcome_of(record, priced.scenario, ("germanium",))
    row = groups(alone, alone.members).iloc[0]
    ours = priced.effect.quantity("price")
    assert ours.after == pytest.approx(row.price)
    assert ours.after_low < row.price_low - 0.01 or ours.after_high > row.price_high + 0.01


# What people quote.


def test_a_kilogram_of_oxide_is_converted_to_content(record):
    quoted = prices.quoted(record, "rare_earths_magnet")
    assert (quoted.form, quoted.unit, quoted.content) == ("NdPr oxide", "USD/kg", 0.855)
    assert quoted.base == pytest.approx(55)
    assert quoted.usd_per_t(110) == pytest.approx(128_654.97, rel=1e-6)
    assert quoted.said(2.0) == "110 USD/kg"
    assert "0.855 kg" in quoted.conversion()


def test_the_conversion_agrees_with_the_instruments(record):
    levers = record.instrument_levers
    [row] = levers[levers.instrument_id == "mp_dod_floor"].itertuples()
    assert prices.quoted(record, "rare_earths_magnet").usd_per_t(110) == pytest.approx(row.usd_per_t_of_content)


def test_a_market_sold_by_the_tonne_is_quoted_by_the_tonne(record):
    assert prices.quoted(record, "copper").unit == "USD/t"
    assert prices.quoted(record, "lithium").base == pytest.approx(11_800)


def test_a_chain_without_a_price_takes_multiples_only(record):
    unknown = prices.Quoted("oxide", 1.0, True, float("nan"), "")
    assert unknown.said(2.0) == "2 times the base price"
    assert prices_controls.price_bound("floor", unknown).unit == "times the price of 2024"
    assert prices_controls.price_bound("floor", unknown).high == 20


# Edges in words.


def test_a_floor_at_or_below_the_price_does_nothing_and_says_why(record):
    priced = priced_of(record, "rare_earths_magnet", prices=(on("rare_earths_magnet", 0.9),))
    assert prices_words.finding(priced) == "A floor of 49.5 USD/kg under NdPr oxide would do nothing"
    assert "at or below what imports land at" in prices_words.sentences(priced)[0]


def test_the_headline_names_who_pays_and_whether_the_floor_holds(record):
    one = prices_words.finding(priced_of(record, "rare_earths_magnet", prices=(FLOOR,)))
    five = prices_words.finding(priced_of(record, "rare_earths_magnet", prices=(FLOOR,), horizon="five_years"))
    assert one == "Users in the bloc would pay for a floor of 110 USD/kg under NdPr oxide: $1.3\u00a0bn a year"
    assert five.endswith("it would no longer hold")


def test_a_contract_is_paid_by_treasuries(record):
    priced = priced_of(record, "rare_earths_magnet", prices=(CONTRACT,))
    assert prices_words.finding(priced).startswith(
        "Treasuries of members would pay for a guaranteed price of 110 USD/kg"
    )
    assert any("at most the gap up to the strike" in each for each in prices_words.sentences(priced))


def test_where_floor_and_quota_bind_the_rent_is_counted_once(record):
    priced = priced_of(record, "rare_earths_magnet", prices=(FLOOR,), cut_pct=25)
    assert any("counted once" in each for each in prices_words.sentences(priced))


def test_nothing_set_says_up_to_where_a_floor_would_hold(record):
    assert prices_words.finding(priced_of(record, "silicon_metal")).startswith(
        "A floor under silicon metal would hold up to"
    )


def test_near_the_ceiling_no_price_is_said(record):
    priced = priced_of(record, "gallium", prices=(on("gallium", 7.0),), cut_pct=100)
    assert "shortage" in prices_words.price_words(priced) or "rationing" in prices_words.price_words(priced)
    assert "times that of 2024" not in prices_words.price_words(priced)


def test_markets_of_grade_d_are_not_offered_and_the_reason_is_said(record):
    assert "polysilicon" not in prices.chains(record)
    assert "grade D" in prices.not_offered(record)
    assert "polysilicon" in prices.not_offered(record)


def test_a_price_of_a_link_beyond_the_bound_is_left_out_with_a_sentence(record):
    huge = PriceMeasure("lithium", 9e9)
    scenario, said = prices.within_bounds(record, Scenario(("USA",), prices=(huge, FLOOR)))
    assert scenario.prices == (FLOOR,)
    assert "above the bound of 20 times" in said[0]
    assert "lithium" in said[0]


def test_a_price_for_a_market_that_is_not_offered_is_named(record):
    _, said = prices.within_bounds(record, Scenario(("USA",), prices=(PriceMeasure("polysilicon", 21_000),)))
    assert said == ["The floor for polysilicon moves no market here: no market of polysilicon is offered."]


# What is typed.


@pytest.mark.parametrize(("text", "value"), [("110", 110), (" 110.5 ", 110.5), ("1,100", 1100), ("", 0), ("0", 0)])
def test_a_typed_number_is_read(text, value):
    assert prices_controls.typed(text, prices_controls.Bound("floor", 0, 2000, "USD/kg")) == value


@pytest.mark.parametrize("text", ["-5", "abc", "1e9", "nan", "inf", "99999999", "11 0 x", "1,1", "9" * 50])
def test_a_number_that_cannot_be_is_named_with_its_bound(text):
    with pytest.raises(ValueError, match="is not a number from 0 to 2,000 USD/kg; what was set before is kept"):
        prices_controls.typed(text, prices_controls.Bound("floor", 0, 2000, "USD/kg"))


@pytest.mark.parametrize(("text", "value"), [("1.100", 1100), ("82,5", 82.5), ("1.234,5", 1234.5), ("82.5", 82.5)])
def test_a_number_is_read_with_the_marks_of_the_language(monkeypatch, text, value):
    monkeypatch.setattr(prices_controls, "number_marks", lambda: (",", "."))
    assert prices_controls.typed(text, prices_controls.Bound("the floor", 0, 2000, "USD/kg")) == value


def test_a_number_of_a_link_is_read_alike_in_every_language(monkeypatch):
    monkeypatch.setattr(prices_controls, "number_marks", lambda: (",", "."))
    assert prices_controls.linked("1.234", prices_controls.Bound("the floor", 0, 2000, "USD/kg")) == 1.234


# The polysilicon minimum.


def test_the_polysilicon_duty_on_the_recorded_prices(record):
    least, _, _ = prices_examples.minimum(record)
    found = prices_examples.recorded_prices(record)
    assert least == 21
    assert found.usd_per_kg.round(2).tolist() == [18.27, 7.32]
    assert "= 2.73 USD/kg, 15\u202f% of the entered value" in prices_examples.levied(least, 18.27)
    assert "= 13.68 USD/kg, 1.9 times the entered value" in prices_examples.levied(least, 7.32)
    assert "no duty is owed" in prices_examples.levied(least, 21)


# Examples.


def test_every_example_has_a_source_and_moves_its_market(record):
    for each in prices_examples.examples(record):
        chain = each.chain or "copper"
        priced = priced_of(record, chain, **each.levers)
        assert not prices_words.does_nothing(priced), each.key
        assert not RAW.search(f"{each.label} {each.help}")


def test_what_an_example_sets_is_in_the_link_and_comes_back(record):
    for each in prices_examples.examples(record):
        settings = replace(Settings(), **each.levers)
        read, problems = from_query(to_query(settings), record)
        assert problems == []
        for kept, held in zip(read.prices, settings.prices, strict=True):
            assert kept.level == pytest.approx(held.level)


# The page.


def texts(found: AppTest) -> str:
    elements = [*found.title, *found.header, *found.markdown, *found.error]
    return "\n".join([*(each.value for each in elements), *(f"{each.label} {each.value}" for each in found.metric)])


SCRIPT = """
from pathlib import Path
import streamlit as st
from bloc.views import controls, session
st.session_state["head"] = st.container()
session.arrive()
st.session_state["shown"] = controls.composer(session.record(), "prices")
exec(compile(Path({path!r}).read_text(), {path!r}, "exec"))
session.write_address()
"""


def drawn(**query: str) -> AppTest:
    found = AppTest.from_string(SCRIPT.format(path=str(ROOT / "pages" / "prices.py")), default_timeout=60)
    for name, value in query.items():
        found.query_params[name] = value
    return found.run()


def test_the_page_opens_with_a_finding():
    found = drawn(v="1")
    assert not found.exception
    assert "floor under NdPr oxide" in found.title[0].value
    assert not RAW.search(re.sub(r"\S*_\S*", "", texts(found)))


def test_a_link_with_a_floor_is_restored():
    found = drawn(v="1", cut="0", price=link_of(FLOOR))
    assert not found.exception
    assert found.title[0].value.startswith("Users in the bloc would pay for a floor of 110 USD/kg")
    assert found.text_input(key="typed_floor").value == "110"
    assert found.slider(key="slid_floor").value == 2.0


def test_a_typed_floor_moves_the_slider_and_the_finding():
    found = drawn(v="1", cut="0")
    found.text_input(key="typed_floor").set_value("165").run()
    assert not found.exception
    assert "165 USD/kg" in found.title[0].value
    assert found.slider(key="slid_floor").value == 3.0


def test_a_slid_floor_is_shown_in_the_unit_people_quote():
    found = drawn(v="1", cut="0")
    found.slider(key="slid_floor").set_value(1.5).run()
    assert found.text_input(key="typed_floor").value == "82.5"
    found.slider(key="slid_floor").set_value(0.0).run()
    assert found.text_input(key="typed_floor").value == ""


@pytest.mark.parametrize("text", ["-5", "plenty", "5000"])
def test_wrong_input_is_named_and_nothing_is_lost(text):
    found = drawn(v="1", cut="0", price=link_of(FLOOR))
    found.text_input(key="typed_floor").set_value(text).run()
    assert not found.exception
    assert text in found.error[0].value
    assert "from 0 to 1,100 USD/kg" in found.error[0].value
    assert found.title[0].value.startswith("Users in the bloc would pay for a floor of 110 USD/kg")


def test_an_example_of_one_click_sets_everything():
    found = drawn(v="1", chain="copper")
    found.button(key="example_ndpr_contract").click().run()
    assert not found.exception
    assert found.title[0].value.startswith("Treasuries of members would pay for a guaranteed price of 110 USD/kg")
    assert found.selectbox(key="choice_chain").value == "rare_earths_magnet"


def test_the_other_levers_answer():
    found = drawn(v="1", cut="0")
    found.slider(key="slid_tariff").set_value(25).run()
    assert found.title[0].value.startswith("A tariff of 25")
    found.selectbox(key="tariff_on").select("this").run()
    found.text_input(key="typed_stock").set_value("500").run()
    found.slider(key="slid_flooding").set_value(20).run()
    found.button(key="clear_prices").click().run()
    assert not found.exception
    assert "would hold up to" in found.title[0].value


def test_the_entered_value_of_polysilicon_is_in_the_link_and_wrong_ones_are_named():
    found = drawn(v="1", entered="7.32")
    assert "13.68 USD/kg" in texts(found)
    found.text_input(key="typed_entered").set_value("-3").run()
    assert "from 0 to 1,000 USD/kg" in found.error[0].value
    assert found.text_input(key="typed_entered").value == "7.32"
    found.text_input(key="typed_entered").set_value(" ").run()
    assert "is empty" in found.error[0].value
    found.text_input(key="typed_entered").set_value("18.27").run()
    assert not found.error
    assert "2.73 USD/kg" in texts(found)
    assert not found.exception


def test_the_entered_value_is_typed_and_shown_with_the_marks_of_the_language():
    found = drawn(v="1", lang="es", entered="7.32")
    assert found.text_input(key="typed_entered").value == "7,32"
    found.text_input(key="typed_entered").set_value("18,5").run()
    assert not found.error
    assert found.text_input(key="typed_entered").value == "18,5"
    assert "2,50 USD/kg" in texts(found)


def test_a_link_with_prices_beyond_every_bound_draws_and_says_so():
    found = drawn(v="1", price=link_of(PriceMeasure("rare_earths_magnet", 9e9)), stock="gallium~-900000000~-~0")
    assert not found.exception
    assert "above the bound of 20 times" in found.error[0].value


def test_a_market_without_balance_is_not_drawn_and_says_so():
    found = drawn(v="1", chain="gallium", stock="gallium~-900000000~-~0")
    assert not found.exception
    assert not RAW.search(re.sub(r"\S*_\S*", "", texts(found)))


def test_an_unknown_market_of_the_link_is_named():
    assert "unobtainium" in drawn(v="1", chain="unobtainium").error[0].value
