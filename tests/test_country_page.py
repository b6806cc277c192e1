"""The page of one country: its figures, tables and sentences for every place of the record."""

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest

from bloc import words
from bloc.briefing import case
from bloc.data import connect, run
from bloc.outcome import evaluate
from bloc.settings import Settings
from bloc.text import csv_text
from bloc.views import (
    charts,
    country,
    country_effect,
    country_governance,
    country_output,
    country_policy,
    country_reserves,
    country_trade,
    export,
    session,
    supply,
)
from bloc.views.figure import LEADS, Figure

SPACE = words.NARROW_SPACE
# A word that betrays a missing value or a column name.
RAW = re.compile(r"\bnan\b|\bNone\b(?! yet|:)|<NA>|[a-z]_[a-z]|\bNaT\b")


@pytest.fixture(scope="module", autouse=True)
def database():
    """Queries of facts on a connection of the tests, without the cache of a session."""
    with connect() as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "query", lambda name, **given: run(connection, name, **given))
        yield connection


def case_of(record, settings=None):
    scenario = (settings or Settings()).scenario(record)
    return case(record, scenario, evaluate(record, scenario), frozenset(["CHN"]))


@pytest.fixture(scope="module")
def now(record):
    return case_of(record)


BUILDERS = (country_output.output, country_reserves.reserves, country_trade.trade, country_governance.governance)


def figures(record, now, iso3):
    return [made for build in BUILDERS if isinstance(made := build(record, now, iso3), Figure)]


@pytest.fixture(scope="module")
def everywhere(record, now):
    """Figures of every place."""
    return [(iso3, each) for iso3 in country.known(record) for each in figures(record, now, iso3)]


LISTS = (
    country_policy.groups,
    country_policy.agreements,
    country_policy.imposed,
    country_policy.named,
    country_policy.everybody,
    country_policy.projects,
)


def row_of(figure, **wanted):
    rows = figure.rows
    for name, value in wanted.items():
        rows = rows[rows[name] == value]
    [found] = rows.to_dict("records")
    return found


# Every place.


def test_the_places_are_states_economies_and_territories_by_name(record):
    places = country.known(record)
    assert list(places.values()) == sorted(places.values(), key=words.alphabetical)
    assert "EUU" not in places
    assert "SUN" not in places
    assert {"TWN", "HKG", "GRL", "LIE", country.DEFAULT} <= places.keys()


def assert_true_words(record, iso3, made):
    shown = made.table(record)
    text = " ".join([made.finding, made.basis, made.alt, made.note, *map(str, shown.to_numpy(object).ravel())])
    assert not RAW.search(text), (iso3, made.key, RAW.search(text))
    assert set(made.columns) <= set(made.rows.columns), (iso3, made.key)
    assert made.rows.source_id.notna().all(), (iso3, made.key)
    assert "not recorded" not in set(shown["Source"]), (iso3, made.key)
    assert len(made.finding) <= 75, made.finding


def test_every_figure_of_every_place_says_true_words(record, everywhere):
    assert len(everywhere) > 500
    for iso3, made in everywhere:
        assert_true_words(record, iso3, made)


def test_every_field_of_a_chart_is_drawn_in_its_rows(record, now):
    for figure in figures(record, now, "IDN"):
        fields = set(re.findall(r'"field": "(\w+)"', json.dumps(figure.spec(True))))
        assert fields <= set(figure.drawn.columns), figure.key


def test_what_is_drawn_stays_on_its_fixed_scale(everywhere):
    for _, figure in everywhere:
        drawn = figure.drawn
        if figure.key == "output":
            assert (drawn.now - drawn.start).between(0, 100).all()
        elif figure.key == "reserves":
            assert drawn.share.between(0, 1).all()
        elif figure.key == "trade":
            assert drawn.now.abs().max() == pytest.approx(1)
        else:
            assert drawn[["estimate", "median"]].stack().between(-3, 2.6).all()


def test_every_list_of_every_place_says_true_words(record):
    for iso3 in country.known(record):
        for build in LISTS:
            made = build(record, iso3)
            if isinstance(made, str):
                assert not RAW.search(made)
                assert made.endswith(".")
            else:
                assert_true_words(record, iso3, made)


def test_every_place_has_a_headline_and_an_effect(record, now):
    for iso3 in country.known(record):
        text = country.finding(record, iso3, now.members)
        assert not RAW.search(text)
        assert text[0].isupper()
        assert text.endswith("in the bloc" if iso3 in now.members else "outside the bloc")


# Its headline.


def test_a_country_that_leads_both_stages_is_said_in_one_breath(record, now):
    text = country.finding(record, "IDN", now.members)
    assert re.fullmatch(r"Indonesia mines \d+\s% of the world’s nickel and refines \d+\s%; outside the bloc", text)


def test_a_country_with_nothing_says_so(record):
    assert country.finding(record, "LIE", frozenset()) == (
        "Liechtenstein has no recorded output of these minerals; outside the bloc"
    )
    assert country_output.output(record, case_of(record), "LIE").startswith("No source lists Liechtenstein")


def test_a_member_is_in_the_bloc(record):
    assert country.finding(record, "AUS", frozenset(["AUS"])).endswith("; in the bloc")


# What it makes and holds.


def test_a_share_is_the_output_over_that_of_the_world(record, now, database):
    made, world = database.execute(
        "SELECT production.quantity, world_production.quantity FROM production "
        "JOIN world_production USING (series_id, year) JOIN series USING (series_id) "
        "WHERE series.product = 'nickel' AND series.stage = 'mine' AND series.role LIKE 'default%' "
        "AND production.iso3 = 'IDN' QUALIFY year = max(year) OVER ()"
    ).fetchone()
    row = row_of(country_output.output(record, now, "IDN"), product="nickel", stage="mine")
    assert row["share"] == pytest.approx(made / world, rel=2e-3)
    assert row["share_words"] == words.percent(made / world)
    assert row["rank_words"].startswith("1 of ")


def test_what_is_withheld_is_not_disclosed_and_never_zero(record, now):
    figure = country_output.output(record, now, "USA")
    row = row_of(figure, product="bauxite")
    assert np.isnan(row["quantity"])
    assert np.isnan(row["share"])
    assert row["share_words"] == row["quantity_words"] == "not disclosed"
    drawn = figure.drawn[figure.drawn.what.str.startswith("Bauxite,")].iloc[0]
    assert drawn.text == "not disclosed"
    assert drawn.start == drawn.now == drawn.track


def test_an_estimate_is_paler_and_says_so(record, now):
    figure = country_output.output(record, now, "IDN")
    estimated = figure.rows.qualifier == "estimated"
    assert estimated.any()
    assert figure.drawn.pale[estimated.to_numpy()].all()
    assert set(figure.drawn.remark[estimated.to_numpy()]) == {"estimated"}


def test_mined_stands_left_and_refined_right(record, now):
    drawn = country_output.output(record, now, "CHN").drawn
    assert set(drawn.start[drawn.stage == "Mined"]) == {charts.SIDES["mined"]}
    assert set(drawn.start[drawn.stage != "Mined"]) == {charts.SIDES["refined"]}


def test_every_series_of_a_country_is_one_row(record, now):
    for iso3 in ("CHN", "USA", "ZAF"):
        assert len(country_output.output(record, now, iso3).rows) == (record.production.iso3 == iso3).sum()


def test_reserves_of_an_open_world_total_are_at_most(record, now):
    row = row_of(country_reserves.reserves(record, now, "IDN"), product="nickel")
    assert row["world_qualifier"] == "greater_than"
    assert row["share_words"].startswith("at most ")


def test_reserves_without_a_world_total_have_an_amount_and_no_bar(record, now):
    figure = country_reserves.reserves(record, now, "CHN")
    drawn = figure.drawn[figure.drawn.label == record.product_names["barite"]].iloc[0]
    assert drawn.text.endswith(", no world total")
    assert drawn.share == drawn.track == 0


# What it trades.


def test_trade_adds_up_to_the_counted_headings_of_the_year(record, now, database):
    figure = country_trade.trade(record, now, "IDN")
    for direction, side in (("exports", "exporter"), ("imports", "importer")):
        total = database.execute(
            f"SELECT sum(value_usd) FROM trade JOIN hs_code USING (hs6) WHERE counted AND {side} = 'IDN' AND year = ?",
            [record.trade_year],
        ).fetchone()[0]
        verb = "Sells" if direction == "exports" else "buys"
        assert f"{verb} {words.dollars(float(total))}" in figure.finding
        assert (figure.rows.direction == direction).sum() <= country_trade.MOST_TRADED


def test_the_largest_partner_of_a_product_is_the_largest(record, now, database):
    row = row_of(country_trade.trade(record, now, "IDN"), product="nickel", direction="exports")
    partner, value = database.execute(
        "SELECT importer, sum(value_usd) AS value FROM trade JOIN hs_code USING (hs6) WHERE counted "
        "AND exporter = 'IDN' AND product = 'nickel' AND year = ? GROUP BY importer ORDER BY value DESC LIMIT 1",
        [record.trade_year],
    ).fetchone()
    assert row["partner_words"] == record.names[partner]
    assert row["partner_share"] == words.percent(float(value) / row["value_usd"])


def test_segments_of_a_bar_end_where_its_value_does(record, now):
    figure = country_trade.trade(record, now, "JPN")
    largest = figure.rows.value_usd.max()
    for row in figure.rows.itertuples():
        bars = figure.drawn[
            (figure.drawn.label.str.replace("\n", " ") == row.name) & (figure.drawn.direction == row.direction_words)
        ]
        assert bars.now.abs().max() == pytest.approx(row.value_usd / largest)


def test_trade_with_members_follows_the_scenario(record):
    alone = country_trade.trade(record, case_of(record, Settings(preset="usa_only")), "CAN").rows
    wider = country_trade.trade(record, case_of(record), "CAN").rows
    assert (alone.member_usd <= wider.member_usd).all()
    assert alone.member_usd.sum() < wider.member_usd.sum()


# How it is governed.


def test_governance_has_six_indicators_of_one_year(record, now):
    figure = country_governance.governance(record, now, "IDN")
    assert sorted(figure.rows.name) == sorted(country_governance.INDICATORS.values())
    assert set(figure.rows.year) == {2023}


def test_the_median_is_that_of_the_world(record, now, database):
    row = row_of(country_governance.governance(record, now, "IDN"), name="Rule of law")
    median = database.execute(
        "SELECT median(estimate) FROM governance WHERE indicator = 'RL' AND year = 2023"
    ).fetchone()
    assert row["world_median"] == pytest.approx(median[0])


# What it signed and restricts.


def test_a_member_of_the_union_shows_what_the_union_signed(record):
    made = country_policy.agreements(record, "FRA")
    assert set(made.rows.through) == {"itself", "European Union"}
    assert not made.rows.title.duplicated().any()
    assert "European Union" in made.note


def test_a_group_is_listed_once_in_each_role(record):
    rows = country_policy.groups(record, "FRA").rows
    assert not rows.duplicated(["name", "role"]).any()
    ministerial = rows[rows.name.str.contains("Ministerial")].iloc[0]
    assert (ministerial.role_words, ministerial.since_words) == ("Attended", "4 February 2026")
    assert ministerial.through == "itself"


def test_a_membership_that_ended_says_so(record):
    row = row_of(country_policy.groups(record, "IND"), name="Minerals Security Partnership")
    assert (row["role_words"], row["since_words"], row["until_words"]) == ("Member", "June 2023", "4 February 2026")


def test_named_and_everybody_are_kept_apart(record):
    imposed, named, everybody = (build(record, "USA").rows for build in LISTS[2:5])
    every = record.restrictions.drop_duplicates("restriction_id")
    assert len(imposed) == (every.imposing_iso3 == "USA").sum()
    assert len(named) == (every.target_iso3 == "USA").sum()
    assert len(everybody) == (every.target_iso3.isna() & (every.imposing_iso3 != "USA")).sum()
    assert "USA" not in set(everybody.imposing_iso3)
    assert set(named.imposing_words) == {"China", "Indonesia"}


def test_those_in_force_come_first(record):
    for build in (country_policy.imposed, country_policy.named, country_policy.everybody):
        states = list(build(record, "CHN").rows.state)
        assert states == sorted(states, key=lambda state: state != "in force") or "in force" not in states


def test_a_suspended_restriction_says_until_when_and_once(record):
    row = row_of(country_policy.named(record, "USA"), restriction_id="cn_gallium_us_ban_2024")
    assert row["state_words"] == "Suspended until 27 November 2026"
    assert row["remark"] == "Status after that not found"


def test_a_restriction_on_several_minerals_leads_to_none(record):
    rows = country_policy.imposed(record, "CHN").rows.set_index("restriction_id")
    assert rows.mineral["cn_gallium_us_ban_2024"] == "gallium"
    assert rows.material_words["cn_libatt_c_2025"] == "Graphite, lithium"
    assert not isinstance(rows.mineral["cn_libatt_c_2025"], str)


@pytest.mark.parametrize(
    ("text", "says"),
    [("2026-02-04", "4 February 2026"), ("2026-02", "February 2026"), ("2026", "2026"), (None, ""), (float("nan"), "")],
)
def test_a_date_is_as_precise_as_its_source(text, says):
    assert words.on_date(text) == says


# What it changes.


def test_a_country_outside_would_add_what_the_outcome_says(record, now):
    settings = Settings()
    says = country_effect.compared(record, "IDN", now, case_of(record, settings.toggled("IDN", record)))
    row = now.outcome.outsiders.set_index("iso3").loc["IDN"]
    assert says.label == "Invite"
    assert f"would add {row.avg_points_by_mineral:.1f} points" in says.text
    assert f"nickel, mined: {words.percent(row.best_points / 100)}" in says.text
    assert says.text.count("**") == 2 * country_effect.MOST_MOVED


def test_a_member_would_be_missed(record, now):
    says = country_effect.compared(record, "AUS", now, case_of(record, Settings().toggled("AUS", record)))
    assert says.label == "Leave out"
    assert "would take away" in says.text
    assert "without" in says.heading


def test_a_country_with_nothing_brings_nothing(record, now):
    says = country_effect.compared(record, "TUV", now, case_of(record, Settings().toggled("TUV", record)))
    assert says.text.startswith("Tuvalu has no recorded output")
    assert "no coverage of need would move" in says.text


def test_a_territory_that_counts_with_its_state_has_no_button(record):
    settings = Settings(territories=True)
    says = country_effect.compared(
        record, "NCL", case_of(record, settings), case_of(record, settings.toggled("NCL", record))
    )
    assert says.label == ""
    assert "with France" in says.text


def test_every_effect_says_true_words(record, now):
    for iso3 in ("CHN", "DEU", "GRL", "TWN", "COD", "VAT", "USA", "NCL"):
        says = country_effect.compared(record, iso3, now, case_of(record, Settings().toggled(iso3, record)))
        assert not RAW.search(says.text + says.heading)


# Files and links.


def test_every_figure_is_a_csv_with_its_sources(record, now):
    for figure in figures(record, now, "USA"):
        text = csv_text(figure.rows)
        assert text.count("\n") == len(figure.rows) + 1
        assert "source_id" in text.splitlines()[0]


def test_the_figures_are_pictures_too(record, now):
    for figure in figures(record, now, "IDN"):
        chart = figure.chart(record)
        assert export.svg(chart).startswith("<svg"), figure.key
    assert export.png(country_output.output(record, now, "IDN").chart(record)).startswith(b"\x89PNG")
    assert export.png(country_trade.trade(record, now, "IDN").chart(record)).startswith(b"\x89PNG")


def test_a_link_to_a_country_keeps_the_scenario(record, monkeypatch):
    given = {}
    settings = Settings(invited=("IDN",), cut_pct=50)
    fake = SimpleNamespace(
        session_state={session.SETTINGS: settings},
        page_link=lambda page, **options: given.update(page=page, **options),
    )
    monkeypatch.setattr(session, "st", fake)
    session.link_to_country("CHL", "Chile")
    assert given["page"] == "pages/country.py"
    assert given["query_params"] == {"v": "1", "in": "IDN", "cut": "50", "country": "CHL"}


def test_every_click_leads_to_a_page_there_is(record, everywhere):
    pages = {"mineral": supply.minerals(record), "country": country.known(record)}
    assert LEADS.keys() - pages.keys() == {"chain"}
    lists = [build(record, iso3) for iso3 in ("CHN", "USA", "FRA", "COD") for build in LISTS]
    for made in [*(each for _, each in everywhere), *(each for each in lists if isinstance(each, Figure))]:
        assert made.leads.keys() <= made.columns.keys()
        for control, column in made.leads.values():
            assert set(made.rows[column].dropna()) <= set(pages[control]), (made.key, column)


def test_a_list_is_a_table_without_a_chart(record):
    made = country_policy.agreements(record, "USA")
    assert not made.has_chart
    assert csv_text(made.rows).count("\n") == len(made.rows) + 1


def test_nobody_restricts_no_restriction(record):
    assert "Liechtenstein" in country_policy.imposed(record, "LIE")
    assert country_policy.named(record, "LIE") == "No restriction is aimed at Liechtenstein by name."


def test_a_member_of_the_union_imposes_what_the_union_does(record):
    made = country_policy.imposed(record, "FRA")
    assert set(made.table(record)["Imposed by"]) == {"European Union"}
    assert "European Union" in made.note


@pytest.mark.parametrize(("iso3", "says"), [("JPN", "Its recorded reserves are zero"), ("CHN", "Holds at most")])
def test_reserves_of_zero_are_told_from_a_share(record, now, iso3, says):
    assert country_reserves.reserves(record, now, iso3).finding.startswith(says)
