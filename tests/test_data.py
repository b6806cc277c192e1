"""The database against its CSV files, and what the build refuses."""

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from bloc.data import DATABASE, ROOT, load_record
from bloc.outcome import evaluate
from bloc.scenario import Scenario
from data import build

TABLES = build.tables(build.SCHEMA.read_text("utf-8"))
# Rows of the smallest record that builds: two countries mine 60 and 40 of 100 t.
SMALL = {
    "source": ["source_id,publisher,title,edition,url,licence,trust,obtained,note", "S,Survey,Summaries,,,,high,,"],
    "country": [
        "iso3,iso2,name,in_sentence,kind,parent_iso3,region,subregion,population,population_year,gdp_usd,gdp_year,"
        "eu_member,feature,lon,lat,map_x,map_y,small,source_id,note",
        "CHL,CL,Chile,Chile,state,,,,,,,,false,,,,,,false,S,",
        "PER,PE,Peru,Peru,state,,,,,,,,false,,,,,,false,S,",
    ],
    "mineral": ["mineral,name,in_sentence,us_critical_2025,source_id,note", "copper,Copper,copper,true,S,"],
    "product": ["product,mineral,name,in_sentence,bundle,note", "copper,copper,Copper,copper,false,"],
    "series": [
        "series_id,product,stage,form,family,basis,unit,tonnes_per_unit,role,quality,complete,note,source_id",
        "copper_mine,copper,mine,ore,survey,contained Cu,t,1.0,default,good,true,,S",
    ],
    "production": [
        "series_id,iso3,year,quantity,qualifier,source_id,printed,note",
        "copper_mine,CHL,2024,60,,S,,",
        "copper_mine,PER,2024,40,,S,,",
    ],
    "world_production": [
        "series_id,year,quantity,listed,other_published,derivation,source_id",
        "copper_mine,2024,100,100,,published,S",
    ],
    "refining_share": [
        "refining_share_id,product,stage,form,area,iso3,year,share,quantity,unit,scenario,qualifier,trust,source_id,note",
        "1,copper,refinery,metal,country,CHL,2024,0.7,,,observed,,,S,",
        "2,copper,refinery,metal,country,PER,2024,0.3,,,observed,,,S,",
    ],
    "correction": ["table_name,row_key,column_name,printed,used,reason,rule,status"],
}


@pytest.fixture
def small(tmp_path, monkeypatch) -> Path:
    """A data folder with the smallest record; the build reads it instead of its own."""
    for table, rows in SMALL.items():
        (tmp_path / f"{table}.csv").write_text("\n".join([*rows, ""]), "utf-8")
    shutil.copytree(ROOT / "data" / "rules", tmp_path / "rules")
    monkeypatch.setattr(build, "DATA", tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def fresh():
    """Every CSV file, built now, beside the bundled database as `bundled`."""
    with duckdb.connect(":memory:") as connection:
        build.fill(connection, core=False)
        connection.execute(f"ATTACH '{DATABASE}' AS bundled (READ_ONLY)")
        yield connection


@pytest.fixture(scope="module")
def core(tmp_path_factory) -> Path:
    """The database without files whose licence is not confirmed."""
    target = tmp_path_factory.mktemp("core") / "core.duckdb"
    build.build(target, core=True)
    return target


@pytest.fixture(scope="module")
def rows(fresh) -> Callable[[str], list[tuple]]:
    return lambda query: fresh.execute(query).fetchall()


def append(folder: Path, table: str, *lines: str) -> None:
    with (folder / f"{table}.csv").open("a", encoding="utf-8") as file:
        file.write("\n".join([*lines, ""]))


def change(folder: Path, table: str, old: str, new: str) -> None:
    path = folder / f"{table}.csv"
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(build.BuildError) as refused:
        build.build(folder / "target.duckdb")
    return str(refused.value)


# The bundled database is what the files say.


@pytest.mark.parametrize("table", TABLES)
def test_the_bundled_table_has_the_rows_of_its_files(rows, table):
    came = rows(f"SELECT count(*) FROM (FROM {table} EXCEPT ALL FROM bundled.{table})")
    went = rows(f"SELECT count(*) FROM (FROM bundled.{table} EXCEPT ALL FROM {table})")
    assert (came, went) == ([(0,)], [(0,)])


def test_the_bundled_database_has_the_tables_of_the_schema_and_no_others(rows):
    found = rows("SELECT table_name FROM duckdb_tables() WHERE database_name = 'bundled' ORDER BY table_name")
    assert [name for (name,) in found] == sorted(TABLES)


def test_every_table_has_rows(rows):
    assert [table for table in TABLES if rows(f"SELECT count(*) FROM bundled.{table}") == [(0,)]] == []


def test_every_file_belongs_to_a_table():
    read = {path.name for table in TABLES for path in build.files(table, core=False)}
    found = {path.name for kind in ("*.csv", "*.parquet") for path in (ROOT / "data").glob(kind)}
    assert found == read


def test_the_bundled_database_stays_small():
    assert DATABASE.stat().st_size < 12e6


def test_the_bundled_database_keeps_the_comments_of_the_schema(rows):
    query = "SELECT comment FROM duckdb_columns() WHERE database_name = 'bundled' AND table_name = 'trade'"
    assert ("tonnes of goods, not of content",) in rows(query)


# Every figure has a source, and says why when it is not there.


def test_every_table_of_figures_names_a_source(rows):
    without = {
        name
        for (name,) in rows(
            """
            SELECT table_name FROM duckdb_tables() WHERE database_name = 'memory'
            EXCEPT SELECT table_name FROM duckdb_columns() WHERE column_name = 'source_id'
            """
        )
    }
    keys_and_lists = {"product", "crosswalk", "hs_code", "chain", "preset_role", "correction", "vintage", "claim_text"}
    keys_and_lists |= {"market_chain", "market_heading"}
    junctions = {"agreement_party", "restriction_product", "instrument_owner", "event_actor"}
    assert without == keys_and_lists | junctions


def test_every_source_says_who_published_what(rows):
    assert rows("SELECT count(*) FROM source WHERE publisher = '' OR title = ''") == [(0,)]


def test_further_sources_stand_beside_a_row_that_is_there(rows):
    tables = {name for (name,) in rows("SELECT DISTINCT table_name FROM also_source")}
    assert tables <= set(TABLES)


def test_a_figure_that_is_withheld_is_missing_and_not_zero(rows):
    assert rows("SELECT count(*) FROM production WHERE qualifier = 'withheld' AND quantity IS NOT NULL") == [(0,)]
    assert rows("SELECT count(*) FROM production WHERE qualifier = 'withheld'") != [(0,)]


def test_a_figure_that_is_missing_says_why(rows):
    assert rows("SELECT count(*) FROM production WHERE quantity IS NULL AND qualifier IS NULL") == [(0,)]


def test_the_lithium_of_the_united_states_is_withheld(rows):
    query = """
        SELECT quantity, qualifier FROM production
        WHERE series_id = 'lithium_mine_usgs' AND iso3 = 'USA' AND year = 2025
    """
    assert rows(query) == [(None, "withheld")]


# Keys lead somewhere.


def test_every_product_of_the_crosswalk_is_a_product_or_has_a_reason(rows):
    query = """
        SELECT count(*) FROM crosswalk LEFT JOIN product USING (product)
        WHERE product.mineral IS NULL AND crosswalk.reason IS NULL
    """
    assert rows(query) == [(0,)]


def test_every_chain_joins_two_default_series(rows):
    query = """
        SELECT chain FROM chain
        WHERE NOT EXISTS (FROM series WHERE product = mine_product AND stage = mine_stage AND role LIKE 'default%')
        OR NOT EXISTS (FROM series WHERE product = refined_product AND stage = refined_stage AND role LIKE 'default%')
    """
    assert rows(query) == []


def test_every_role_that_counts_in_a_preset_has_somebody_in_it(rows):
    query = """
        SELECT grouping_id FROM grouping
        WHERE preset_order IS NOT NULL AND NOT EXISTS (
            FROM membership JOIN preset_role USING (grouping_id, role)
            WHERE membership.grouping_id = grouping.grouping_id
        )
    """
    assert rows(query) == []


def test_members_are_states_territories_economies_or_the_union(rows):
    assert rows("SELECT iso3 FROM membership JOIN country USING (iso3) WHERE kind = 'former'") == []


def test_no_figure_of_a_former_state_enters_a_present_series(record):
    former = set(record.countries.iso3[record.countries.kind == "former"])
    assert {"SUN", "YUG", "CSK"} <= former
    assert former.isdisjoint(record.production.iso3)


def test_figures_of_former_states_stay_in_the_history(rows):
    assert rows("SELECT count(*) FROM production WHERE iso3 = 'SUN' AND year < 1992") != [(0,)]


def test_a_correction_that_lifts_a_rule_names_a_rule_there_is(rows):
    known = {path.stem.replace("_", " ") for path in (ROOT / "data" / "rules").glob("*.sql")}
    assert {rule for (rule,) in rows("SELECT DISTINCT rule FROM correction WHERE rule IS NOT NULL")} <= known


# Places and the map.


def test_names_of_places_are_plain_words(record):
    names = record.countries.query("iso3 != 'ARE'").name  # the United Arab Emirates go by UAE
    assert [name for name in names if re.search(r",|\b[A-Z]{3}\b|\(|\bRep\.", name)] == []


def test_names_of_places_are_told_apart(record):
    assert record.countries.name.is_unique


def test_every_place_that_still_is_one_has_a_position_on_the_map(record):
    present = record.countries[~record.countries.kind.isin(["former", "union"])]
    assert present.iso3[present.map_x.isna() | present.map_y.isna()].tolist() == []


def test_every_polygon_of_a_country_leads_to_its_row(record):
    features = json.loads((ROOT / "static" / "world.geojson").read_text("utf-8"))["features"]
    codes = {feature["properties"]["i"]: feature["properties"]["iso3"] for feature in features}
    drawn = record.countries.dropna(subset="feature")
    assert {place.iso3: codes[place.feature] for place in drawn.itertuples()} == dict(
        zip(drawn.iso3, drawn.iso3, strict=True)
    )


def test_every_code_of_the_map_is_a_place_of_the_record(record):
    features = json.loads((ROOT / "static" / "world.geojson").read_text("utf-8"))["features"]
    codes = {feature["properties"]["iso3"] for feature in features} - {None, ""}
    assert codes - set(record.countries.iso3) == set()


def test_every_shape_of_the_map_in_degrees_is_a_place_of_the_record(record):
    shapes = json.loads((ROOT / "static" / "world_degrees.json").read_text("utf-8"))["objects"]["countries"]
    codes = {shape["id"] for shape in shapes["geometries"] if shape.get("id")}
    assert codes - set(record.countries.iso3) == set()


# What the build refuses.


def test_the_smallest_record_builds(small):
    assert "production: 2 rows" in build.build(small / "target.duckdb")


def test_a_figure_without_a_source_is_refused_by_file_and_line(small):
    append(small, "production", "copper_mine,CHL,2023,50,,,,")
    assert refusal(small).startswith("production.csv line 4: ")


def test_a_figure_of_an_unknown_source_is_refused_by_file_and_line(small):
    change(small, "production", "PER,2024,40,,S", "PER,2024,40,,HEARSAY")
    assert refusal(small).startswith("production.csv line 3: ")


def test_a_country_without_a_code_is_refused_by_file_and_line(small):
    change(small, "country", "PER,PE,Peru", ",PE,Peru")
    assert refusal(small).startswith("country.csv line 3: ")


def test_a_figure_of_an_unknown_country_is_refused_by_file_and_line(small):
    change(small, "production", "copper_mine,CHL", "copper_mine,Chile")
    assert refusal(small).startswith("production.csv line 2: ")


def test_text_for_a_number_is_refused_by_file_and_line(small):
    change(small, "production", "PER,2024,40", "PER,2024,forty")
    assert refusal(small).startswith("production.csv line 3: ")


def test_a_negative_figure_is_refused_by_file_and_line(small):
    change(small, "production", "PER,2024,40", "PER,2024,-40")
    assert refusal(small).startswith("production.csv line 3: ")


def test_the_same_key_twice_is_refused_by_file_and_line(small):
    append(small, "production", "copper_mine,PER,2024,40,,S,,")
    assert refusal(small).startswith("production.csv line 4: ")


def test_a_missing_figure_without_a_reason_is_refused(small):
    change(small, "production", "PER,2024,40", "PER,2024,")
    assert refusal(small).startswith("production.csv line 3: ")


def test_an_unknown_qualifier_is_refused_by_file_and_line(small):
    change(small, "production", "PER,2024,40,,", "PER,2024,40,guessed,")
    assert refusal(small).startswith("production.csv line 3: ")


@pytest.mark.parametrize("row", ["copper_mine,CHL,2023,50,,S,,,extra", "copper_mine,CHL,2023,50,,S"])
def test_a_row_with_a_cell_too_many_or_too_few_is_refused_by_file_and_line(small, row):
    append(small, "production", row)
    message = refusal(small)
    assert message.startswith("production.csv: ")
    assert "Line: 4" in message


def test_a_row_that_opens_like_a_comment_is_a_row(small):
    append(small, "source", "#S,Survey,Summaries,,,,high,,")
    assert "source: 2 rows" in build.build(small / "target.duckdb")


def test_columns_that_differ_from_the_schema_are_refused(small):
    change(small, "production", "series_id,iso3,year", "series_id,country,year")
    assert refusal(small).startswith("production.csv: columns are ")


def test_shares_over_101_percent_are_refused_by_their_key(small):
    change(small, "refining_share", "PER,2024,0.3", "PER,2024,0.32")
    assert refusal(small) == ("shares over one: refining_share copper|refinery|metal|2024|S: the shares sum to 102.0 %")


def test_shares_of_101_percent_are_rounding(small):
    change(small, "refining_share", "PER,2024,0.3", "PER,2024,0.31")
    assert build.build(small / "target.duckdb")


def test_countries_that_exceed_the_world_by_more_than_rounding_are_refused(small):
    change(small, "world_production", "2024,100,100", "2024,96,100")
    assert refusal(small) == (
        "listed over world: world_production copper_mine|2024: the countries listed sum to 104.2 % of the world"
    )


def test_countries_that_exceed_the_world_by_3_percent_are_rounding(small):
    change(small, "world_production", "2024,100,100", "2024,97.1,100")
    assert build.build(small / "target.duckdb")


def test_two_default_series_are_refused(small):
    append(small, "series", "copper_mine_too,copper,mine,ore,survey,contained Cu,t,1.0,default,good,true,,S")
    assert refusal(small) == "one default: series copper|mine|ore: 2 series are the default"


def test_a_listed_total_that_is_not_the_sum_is_refused(small):
    change(small, "world_production", "2024,100,100", "2024,100,99")
    assert refusal(small).startswith("listed is the sum: world_production copper_mine|2024: listed is 99")


def test_a_year_without_a_world_total_is_refused(small):
    append(small, "production", "copper_mine,CHL,2023,50,,S,,")
    assert refusal(small) == "production without world: production copper_mine|2023: no world total for this year"


def test_a_territory_of_nobody_is_refused(small):
    append(small, "country", "NCL,NC,New Caledonia,New Caledonia,territory,FRA,,,,,,,false,,,,,,false,S,")
    assert refusal(small) == ("territory parent: country NCL: belongs to FRA, which is not a state of the record")


def trade(folder: Path, *flows: str) -> None:
    (folder / "hs_code.csv").write_text(
        "hs6,description,product,trade_stage,stage,counted,first_year,tonnes_from,content_t_per_t,content_basis,"
        "content_qualifier,note\n260300,Copper ores,copper,ore,mine,true,2002,2002,,,,\n",
        "utf-8",
    )
    head = "hs6,year,exporter,importer,value_usd,gross_t,source_id"
    (folder / "trade.csv").write_text("\n".join([head, *flows, ""]), "utf-8")


def test_trade_of_an_unknown_heading_is_refused(small):
    trade(small, "260300,2024,CHL,PER,10,1,S", "999999,2024,CHL,PER,10,1,S")
    assert refusal(small) == "trade keys: trade 999999|CHL|PER: unknown heading, country or source"


def test_trade_without_a_known_source_is_refused(small):
    trade(small, "260300,2024,CHL,PER,10,1,HEARSAY")
    assert refusal(small) == "trade keys: trade 260300|CHL|PER: unknown heading, country or source"


def test_the_same_flow_twice_is_refused(small):
    trade(small, "260300,2024,CHL,PER,10,1,S", "260300,2024,CHL,PER,20,2,S")
    assert refusal(small) == "trade twice: trade 260300|2024|CHL|PER: 2 rows"


def test_trade_with_oneself_is_refused(small):
    trade(small, "260300,2024,CHL,CHL,10,1,S")
    assert refusal(small).startswith("trade twice: trade 260300|2024|CHL|CHL")


def test_every_finding_is_reported_at_once(small):
    change(small, "world_production", "2024,100,100", "2024,96,100")
    change(small, "refining_share", "PER,2024,0.3", "PER,2024,0.32")
    assert len(refusal(small).splitlines()) == 2


def test_a_correction_lifts_a_rule_for_the_row_it_names(small):
    change(small, "world_production", "2024,100,100", "2024,96,100")
    append(
        small,
        "correction",
        "world_production,copper_mine|2024,quantity,96,96,As printed.,listed over world,accepted as printed",
    )
    assert build.build(small / "target.duckdb")


def test_a_correction_of_another_row_lifts_nothing(small):
    change(small, "world_production", "2024,100,100", "2024,96,100")
    append(
        small,
        "correction",
        "world_production,copper_mine|2023,quantity,96,96,As printed.,listed over world,accepted as printed",
    )
    assert "copper_mine|2024" in refusal(small)


def test_a_refused_build_leaves_the_former_database_and_no_draft(small):
    target = small / "target.duckdb"
    build.build(target)
    former = target.read_bytes()
    change(small, "production", "PER,2024,40", "PER,2024,-40")
    refusal(small)
    assert target.read_bytes() == former
    assert list(small.glob("*.draft*")) == []


# What the build reports.


def test_a_first_build_says_so(small):
    assert build.build(small / "target.duckdb")[0] == "first build"


def test_a_build_without_changes_reports_none(small):
    build.build(small / "target.duckdb")
    assert not any("came" in line for line in build.build(small / "target.duckdb"))


def test_a_changed_row_is_reported_as_one_that_came_and_one_that_went(small):
    build.build(small / "target.duckdb")
    change(small, "country", "Peru,Peru", "Perú,Perú")
    assert build.build(small / "target.duckdb")[0] == "country: 1 rows came, 1 went"


def test_a_damaged_database_is_replaced(small):
    target = small / "target.duckdb"
    target.write_bytes(b"\x07\x5a" * 20_000)
    assert build.build(target)[0].startswith("target.duckdb could not be read and is replaced: ")
    with duckdb.connect(str(target), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM production").fetchall() == [(2,)]


def test_a_database_of_another_version_is_replaced(small):
    target = small / "target.duckdb"
    with duckdb.connect(str(target)) as connection:
        connection.execute("CREATE TABLE country (iso3 VARCHAR)")
    report = build.build(target)
    assert "country: columns changed" in report
    assert "production: new table" in report


# Without the files whose licence is not confirmed.


def test_the_core_edition_leaves_out_two_families_of_files():
    left_out = {
        path.name
        for table in TABLES
        for path in set(build.files(table, core=False)) - set(build.files(table, core=True))
    }
    assert left_out == {
        "production_bgs.csv",
        "production_wmd.csv",
        "refining_share_bgs.csv",
        "series_bgs.csv",
        "series_wmd.csv",
        "world_production_bgs.csv",
        "world_production_wmd.csv",
    }


def test_the_core_edition_has_no_figure_of_those_families(core):
    with duckdb.connect(str(core), read_only=True) as connection:
        families = connection.execute("SELECT DISTINCT family FROM series ORDER BY family").fetchall()
        sources = connection.execute(
            "SELECT DISTINCT source_id FROM production WHERE source_id LIKE 'BGS%' OR source_id LIKE 'WMD%'"
        ).fetchall()
    assert ("usgs",) in families
    assert not {"bgs", "bgs_early", "wmd"} & {family for (family,) in families}
    assert sources == []


def test_the_core_edition_loads_and_evaluates(core):
    record = load_record(core)
    outcome = evaluate(record, Scenario.from_preset("cmm_2026", record=record))
    assert record.edition == "core"
    assert len(outcome.indicators) == len(record.series) >= 50
    assert outcome.indicators.bloc_share.notna().all()


def test_the_bundled_edition_is_the_full_one(record):
    assert record.edition == "full"


def test_the_files_are_utf_8_with_plain_line_ends():
    bad = [path.name for path in (ROOT / "data").glob("*.csv") if b"\r" in path.read_bytes()]
    assert bad == []


def test_no_record_of_a_file_runs_over_two_lines():
    # So that the line the build names is the line of the file.
    for path in (ROOT / "data").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            assert sum(1 for _ in reader) == reader.line_num, path.name
