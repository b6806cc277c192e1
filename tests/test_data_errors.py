import duckdb
import pytest

from bloc.data import RecordError, load_record


def test_a_missing_database_says_how_to_build_it(tmp_path):
    with pytest.raises(RecordError, match=r"^The database none\.duckdb is missing\. Build it with: make data$"):
        load_record(tmp_path / "none.duckdb")


def test_a_damaged_database_says_how_to_build_it_again(tmp_path):
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(b"\x07\x5a" * 20_000)
    with pytest.raises(RecordError, match=r"^The database damaged\.duckdb cannot be read\. Build it again with: make"):
        load_record(damaged)


def test_an_empty_file_says_how_to_build_it_again(tmp_path):
    empty = tmp_path / "empty.duckdb"
    empty.touch()
    with pytest.raises(RecordError, match=r"Build it again with: make data \(IO Error"):
        load_record(empty)


def test_a_database_without_a_table_is_of_another_version(tmp_path):
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE vintage (name VARCHAR, setting VARCHAR)")
    with pytest.raises(
        RecordError, match=r"^The database does not fit this version \(\w+\)\. Build it again with: make"
    ):
        load_record(other)


def test_a_database_without_a_column_is_of_another_version(tmp_path):
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE trade (hs6 VARCHAR)")
    with pytest.raises(RecordError, match=r"^The database does not fit this version \(latest_trade_year\)"):
        load_record(other)


def test_a_database_cut_short_says_how_to_build_it_again(tmp_path):
    whole = tmp_path / "whole.duckdb"
    with duckdb.connect(str(whole)) as connection:
        connection.execute("CREATE TABLE trade AS SELECT CAST(range AS INTEGER) AS year FROM range(500000)")
    short = tmp_path / "short.duckdb"
    short.write_bytes(whole.read_bytes()[:20_000])
    with pytest.raises(RecordError, match=r"Build it again with: make data \(IO Error"):
        load_record(short)
