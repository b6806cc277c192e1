"""The settings of the what-if that stand for recorded restrictions and instruments, against the record and by hand."""

import duckdb
import pandas as pd
import pytest

from bloc.data import connect, run
from bloc.scenario import DEFAULT_CUT, Restriction
from data import build


@pytest.fixture(scope="module")
def database():
    with connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def restriction_levers(database) -> pd.DataFrame:
    return run(database, "restriction_levers")


@pytest.fixture(scope="module")
def instrument_levers(database) -> pd.DataFrame:
    return run(database, "instrument_levers")


def shares(levers: pd.DataFrame, restriction_id: str) -> dict[tuple[str, str], float]:
    rows = levers[levers.restriction_id == restriction_id]
    return {(row.product, row.stage): row.share for row in rows.itertuples()}


def only(levers: pd.DataFrame, instrument_id: str):
    [row] = levers[levers.instrument_id == instrument_id].itertuples()
    return row


def column(database, query: str) -> set:
    return {value for (value,) in database.cursor().execute(query).fetchall()}


# Every record has its answer.


def test_every_restriction_has_levers_or_a_reason(database, restriction_levers):
    assert set(restriction_levers.restriction_id) == column(database, "SELECT restriction_id FROM restriction")


def test_every_instrument_has_levers_or_a_reason(database, instrument_levers):
    assert set(instrument_levers.instrument_id) == column(database, "SELECT instrument_id FROM instrument")


@pytest.mark.parametrize(
    ("levers", "key"), [("restriction_levers", "restriction_id"), ("instrument_levers", "instrument_id")]
)
def test_a_record_with_a_reason_has_nothing_else(request, levers, key):
    rows = request.getfixturevalue(levers)
    rows = rows.assign(given=rows.reason.notna(), total=rows.groupby(key).part.transform("size"))
    assert (rows.total[rows.given] == 1).all()
    assert (rows.given == (rows.kind == "none")).all()


@pytest.mark.parametrize("levers", ["restriction_levers", "instrument_levers"])
def test_reasons_and_notes_are_sentences_for_the_screen(request, levers):
    rows = request.getfixturevalue(levers)
    words = pd.concat([rows.reason, rows.note]).dropna()
    assert words.str.fullmatch(r"[A-Z].{10,}\.").all()
    assert not words.str.contains(r"_|\b(?:CHN|COD|IDN|USA|nan|None)\b").any()


def test_parts_are_numbered_without_gaps(restriction_levers, instrument_levers):
    for levers, key in ((restriction_levers, "restriction_id"), (instrument_levers, "instrument_id")):
        assert (levers.part == levers.groupby(key).cumcount() + 1).all()


# What a lever may be.


def test_every_cut_and_ban_makes_a_restriction_of_a_scenario(restriction_levers):
    for row in restriction_levers[restriction_levers.kind.isin(["cut", "ban"])].itertuples():
        targets = () if pd.isna(row.target_iso3) else (row.target_iso3,)
        assert Restriction(row.imposing_iso3, row.share, (row.product,), (row.stage,), targets).cut == row.share


def test_a_lever_moves_a_product_and_stage_with_a_default_series(database, restriction_levers, instrument_levers):
    query = "SELECT DISTINCT product, CAST(stage AS VARCHAR) FROM series WHERE role LIKE 'default%'"
    known = set(database.cursor().execute(query).fetchall())
    for levers in (restriction_levers, instrument_levers.dropna(subset="product")):
        chosen = levers[levers.kind != "none"]
        assert set(zip(chosen["product"], chosen.stage, strict=True)) <= known


def test_a_product_of_a_restriction_that_no_lever_moves_is_beyond_refined_metal(database, restriction_levers):
    query = "SELECT restriction_id, product FROM restriction_product"
    expressed = restriction_levers[restriction_levers.kind != "none"]
    moved = set(zip(expressed.restriction_id, expressed["product"], strict=True))
    left_out = {
        pair for pair in database.cursor().execute(query).fetchall() if pair[0] in set(expressed.restriction_id)
    } - moved
    assert left_out == {
        ("cn_dysprosium_lic_2025", "permanent_magnets"),
        ("cn_libatt_c_2025", "lithium"),  # cells and cathodes
        ("cn_terbium_lic_2025", "permanent_magnets"),
    }


def test_a_lever_keeps_to_the_stage_of_its_restriction(database, restriction_levers):
    query = "SELECT restriction_id, product, CAST(stage AS VARCHAR) FROM restriction_product WHERE stage IS NOT NULL"
    recorded = {(key, product): stage for key, product, stage in database.cursor().execute(query).fetchall()}
    for row in restriction_levers[restriction_levers.kind != "none"].itertuples():
        assert row.stage == recorded.get((row.restriction_id, row.product), row.stage)


def test_a_lever_without_output_to_move_says_so(database, restriction_levers):
    query = """
        SELECT DISTINCT production.iso3, product, CAST(stage AS VARCHAR)
        FROM production JOIN series USING (series_id)
        WHERE role LIKE 'default%' AND quantity > 0
    """
    output = set(database.cursor().execute(query).fetchall())
    for row in restriction_levers[restriction_levers.kind != "none"].itertuples():
        seller = row.target_iso3 if row.kind == "tariff" else row.imposing_iso3
        refined_cobalt_of_congo = (seller, row.product, row.stage) == ("COD", "cobalt", "refinery")
        said = isinstance(row.note, str) and "moves nothing" in row.note
        assert said == ((seller, row.product, row.stage) not in output and not refined_cobalt_of_congo), row


def test_what_is_assumed_is_a_licence_regime_at_the_default_cut_and_says_so(database, restriction_levers):
    assumed = restriction_levers[restriction_levers.basis == "assumed"]
    assert (assumed.share == DEFAULT_CUT).all()
    assert assumed.note.str.contains("assumption").all()
    licences = column(database, "SELECT restriction_id FROM restriction WHERE measure = 'licence'")
    assert set(assumed.restriction_id) <= licences


def test_a_share_that_is_not_assumed_names_its_source(restriction_levers):
    rows = restriction_levers[restriction_levers.kind != "none"]
    assert (rows.source_id.isna() == (rows.basis == "assumed")).all()


# Figures worked out by hand.


def test_the_congolese_quota_of_2026_withholds_57_percent(database, restriction_levers):
    [mined] = column(
        database,
        "SELECT quantity FROM production WHERE series_id = 'cobalt_mine_usgs' AND iso3 = 'COD' AND year = 2024",
    )
    assert mined == 226_000
    for restriction_id in ("cd_co_quota_2026", "cd_co_quota_2027"):
        found = shares(restriction_levers, restriction_id)
        assert found == {("cobalt", "mine"): 0.573, ("cobalt", "refinery"): 0.573}
        assert found["cobalt", "mine"] == pytest.approx(1 - 96_600 / mined, abs=5e-4)


def test_the_lower_counts_of_congolese_cobalt_give_the_lower_cuts_of_the_note(restriction_levers):
    [note] = restriction_levers.note[restriction_levers.restriction_id == "cd_co_quota_2026"].iloc[:1]
    for mined in (200_253, 181_796):
        assert f"{mined:,} t" in note
        assert f"{1 - 96_600 / mined:.3f}" in note


def test_the_congolese_quota_of_late_2025_is_87000_t_a_year(restriction_levers):
    yearly = (3_625 + 7_250 + 7_250) / 2.5 * 12
    assert yearly == 87_000
    assert shares(restriction_levers, "cd_co_quota_q4_2025")["cobalt", "mine"] == pytest.approx(
        1 - yearly / 226_000, abs=5e-4
    )


def test_the_ban_on_gallium_is_aimed_at_the_united_states_alone(restriction_levers):
    [row] = restriction_levers[restriction_levers.restriction_id == "cn_gallium_us_ban_2024"].itertuples()
    assert (row.imposing_iso3, row.target_iso3, row.kind, row.share) == ("CHN", "USA", "ban", 1)
    assert row.state == "suspended"


def test_tariffs_carry_the_rate_of_the_record(database, restriction_levers):
    levels = dict(database.cursor().execute("SELECT restriction_id, level FROM restriction").fetchall())
    tariffs = restriction_levers[restriction_levers.kind == "tariff"]
    assert len(tariffs) > 0
    assert all(levels[row.restriction_id] == f"{100 * row.share:g} %" for row in tariffs.itertuples())


def test_a_metal_price_of_neodymium_is_its_oxide_price_over_the_metal_in_it(instrument_levers):
    for instrument_id in ("mp_dod_floor", "lynas_dod_loi", "lynas_jare_floor"):
        strike = only(instrument_levers, instrument_id)
        assert (strike.kind, strike.usd_per_t) == ("strike", 110_000)
        assert strike.usd_per_t_of_content == pytest.approx(128_655, abs=0.5)


def test_the_minimum_price_of_polysilicon_is_21_dollars_a_kilogram(instrument_levers):
    floor = only(instrument_levers, "polysilicon_mip")
    assert (floor.kind, floor.usd_per_t, floor.owners) == ("floor", 21_000, ["USA"])


def test_prices_and_reserves_are_the_amounts_of_the_record(database, instrument_levers):
    query = "SELECT instrument_id, TRY_CAST(amount AS DOUBLE), unit FROM instrument"
    recorded = {key: (amount, unit) for key, amount, unit in database.cursor().execute(query).fetchall()}
    for row in instrument_levers[instrument_levers.kind != "none"].itertuples():
        amount, unit = recorded[row.instrument_id]
        used = {
            "USD/kg": row.usd_per_t / 1000,
            "USD": row.budget_usd,
            "days": row.cover_days,
            "t": row.stock_t,
            "t lithium carbonate": row.stock_t,
        }
        assert used[unit] == amount


def test_project_vault_is_11_67_billion_dollars(instrument_levers):
    vault = instrument_levers[instrument_levers.instrument_id.isin(["project_vault_loan", "project_vault_private"])]
    assert vault.budget_usd.sum() == 11.67e9


def test_550_t_of_lithium_carbonate_hold_103_t_of_lithium(instrument_levers):
    assert only(instrument_levers, "dla_rfi_lithium").content_t == pytest.approx(103.4)


# What the build refuses.


@pytest.fixture
def empty():
    """The schema with one restriction on cobalt and one instrument, no lever yet."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(build.SCHEMA.read_text("utf-8"))
        connection.execute(
            """
            INSERT INTO source (source_id, publisher, title, trust) VALUES ('S', 'Survey', 'Summaries', 'high');
            INSERT INTO country (iso3, name, in_sentence, kind, eu_member, small, source_id)
            VALUES ('COD', 'DR Congo', 'DR Congo', 'state', false, false, 'S');
            INSERT INTO mineral (mineral, name, in_sentence, source_id) VALUES ('cobalt', 'Cobalt', 'cobalt', 'S');
            INSERT INTO product VALUES ('cobalt', 'cobalt', 'Cobalt', 'cobalt', false, NULL);
            INSERT INTO restriction
            (restriction_id, imposing_iso3, material, scope, measure, level, starts, status, state, source_id)
            VALUES ('stop', 'COD', 'cobalt', 'all', 'ban', 'all', '2025', 'ended', 'ended', 'S');
            INSERT INTO restriction_product VALUES ('stop', 'cobalt', NULL);
            INSERT INTO instrument (instrument_id, date, kind, name, status, source_id)
            VALUES ('floor', '2025', 'price floor', 'Floor', 'in force', 'S');
            """
        )
        yield connection


def unanswered(connection) -> set[str]:
    rule = (build.DATA / "rules" / "one_lever_or_reason.sql").read_text("utf-8")
    return {key for _, key, _ in connection.execute(rule).fetchall()}


def test_a_record_without_a_lever_or_a_reason_is_found(empty):
    assert unanswered(empty) == {"stop", "floor"}
    empty.execute(
        """
        INSERT INTO restriction_lever VALUES
        ('stop', 1, 'ban', 'cobalt', 'mine', 1, 'stated', 'S', NULL, NULL),
        ('stop', 2, 'ban', 'cobalt', 'refinery', 1, 'stated', 'S', NULL, NULL);
        INSERT INTO instrument_lever (instrument_id, part, kind, reason) VALUES ('floor', 1, 'none', 'No level.')
        """
    )
    assert unanswered(empty) == set()
    empty.execute("INSERT INTO restriction_lever (restriction_id, part, kind, reason) VALUES ('stop', 3, 'none', 'No')")
    assert unanswered(empty) == {"stop"}


@pytest.mark.parametrize(
    "row",
    [
        "'cut', 'cobalt', 'mine', 1.2, 'stated', 'S', NULL, NULL",  # over one
        "'cut', 'cobalt', 'mine', 0, 'stated', 'S', NULL, NULL",  # withholds nothing
        "'cut', 'cobalt', 'mine', 0.3, 'stated', NULL, NULL, NULL",  # stated by nobody
        "'cut', 'cobalt', 'mine', 0.3, 'assumed', NULL, NULL, NULL",  # assumed without a word
        "'ban', 'cobalt', 'mine', 0.9, 'stated', 'S', NULL, NULL",  # no ban
        "'ban', 'cobalt', NULL, 1, 'stated', 'S', NULL, NULL",  # at no stage
        "'ban', 'copper', 'mine', 1, 'stated', 'S', NULL, NULL",  # not of this restriction
        "'ban', 'cobalt', 'mine', 1, 'stated', 'S', NULL, 'Parts only.'",  # a lever and a reason
        "'none', NULL, NULL, NULL, NULL, NULL, NULL, NULL",  # neither
    ],
)
def test_a_lever_of_a_restriction_that_cannot_be_is_refused(empty, row):
    with pytest.raises(duckdb.ConstraintException):
        empty.execute(f"INSERT INTO restriction_lever VALUES ('stop', 1, {row})")


@pytest.mark.parametrize(
    "row",
    [
        "'floor', NULL, NULL, 10, NULL, NULL, NULL, 'cobalt', 1, NULL, 'S', 'A floor.', NULL",  # for no product
        "'floor', 'cobalt', 'mine', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'S', 'A floor.', NULL",  # no price
        "'strike', 'cobalt', 'mine', 10, NULL, NULL, NULL, NULL, NULL, NULL, 'S', 'A price.', NULL",  # of what tonne
        "'stock', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'S', 'A reserve.', NULL",  # of what size
        "'stock', NULL, NULL, NULL, 10, NULL, 60, NULL, NULL, NULL, 'S', 'A reserve.', NULL",  # of two sizes
        "'none', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",  # no reason
    ],
)
def test_a_lever_of_an_instrument_that_cannot_be_is_refused(empty, row):
    with pytest.raises(duckdb.ConstraintException):
        empty.execute(f"INSERT INTO instrument_lever VALUES ('floor', 1, {row})")
