"""Build minerals.duckdb from the CSV files beside this script, refuse rows that break a rule, report what moved.

python data/build.py          every file
python data/build.py --core   without the files whose licence an owner has not confirmed (names ending in _bgs, _wmd)
"""

import argparse
import csv
import re
import sys
from pathlib import Path

import duckdb

DATA = Path(__file__).parent
SCHEMA = DATA / "schema.sql"
DATABASE = DATA / "minerals.duckdb"
UNCONFIRMED_LICENCE = ("_bgs", "_wmd")
# A sixteenth of the default: small tables then take little room in the bundled file.
BLOCK_SIZE = 16384
# Readable by the oldest DuckDB of requirements.txt.
STORAGE = "v1.4.0"


class BuildError(Exception):
    """A row that breaks a rule, named by file and line or by key."""


def tables(schema: str) -> list[str]:
    """Table names in the order the schema makes them, so that a table follows those it refers to."""
    return re.findall(r"^CREATE TABLE (\w+)", schema, flags=re.MULTILINE)


def files(table: str, core: bool) -> list[Path]:
    """The files of a table: <table>.csv or .parquet and its parts <table>_<family>.csv."""
    names = set(tables(SCHEMA.read_text("utf-8")))
    found = []
    for path in sorted([*DATA.glob(f"{table}.csv"), *DATA.glob(f"{table}.parquet"), *DATA.glob(f"{table}_*.csv")]):
        belongs_to_another = path.stem != table and path.stem in names
        left_out = core and path.stem.endswith(UNCONFIRMED_LICENCE)
        if not belongs_to_another and not left_out:
            found.append(path)
    return found


def load(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    """Append one file to its table; raise BuildError naming the line that breaks a rule of the schema."""
    columns = [
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table]
        ).fetchall()
    ]
    if path.suffix == ".parquet":
        rows = connection.read_parquet(str(path))
        found = rows.columns
    else:
        with path.open(encoding="utf-8", newline="") as file:
            found = next(csv.reader(file), [])
        # Nothing is guessed: guessing takes a row that opens with # for a comment and drops it without a word.
        rows = connection.read_csv(
            str(path),
            header=True,
            columns=dict.fromkeys(columns, "VARCHAR"),
            auto_detect=False,
            sep=",",
            quotechar='"',
            escapechar='"',
        )
    if found != columns:
        raise BuildError(f"{path.name}: columns are {found}, the schema has {columns}")
    try:
        rows.insert_into(table)
    except duckdb.Error as error:
        raise BuildError(first_refused(connection, table, rows, path) or f"{path.name}: {error}") from error


def first_refused(
    connection: duckdb.DuckDBPyConnection, table: str, rows: duckdb.DuckDBPyRelation, path: Path
) -> str | None:
    """Insert row by row until one is refused, and say which and why."""
    marks = ", ".join("?" for _ in rows.columns)
    try:
        given = rows.fetchall()
    except duckdb.Error:
        return None  # a line that is no row: the error names it
    for line, row in enumerate(given, start=2):
        try:
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)
        except duckdb.Error as error:
            return f"{path.name} line {line}: {dict(zip(rows.columns, row, strict=True))}\n  {error}"
    return None


def broken_rules(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Findings of the rules in rules/*.sql that correction.csv does not name."""
    excepted = set(connection.execute("SELECT rule, table_name, row_key FROM correction").fetchall())
    findings = []
    for path in sorted((DATA / "rules").glob("*.sql")):
        rule = path.stem.replace("_", " ")
        for table, key, finding in connection.execute(path.read_text("utf-8")).fetchall():
            if (rule, table, key) not in excepted:
                findings.append(f"{rule}: {table} {key}: {finding}")
    return findings


def fill(connection: duckdb.DuckDBPyConnection, core: bool) -> None:
    """Make the schema in an empty database and load every table."""
    schema = SCHEMA.read_text("utf-8")
    connection.execute(schema)
    for table in tables(schema):
        for path in files(table, core):
            load(connection, table, path)
    edition = "core" if core else "full"
    connection.execute("INSERT INTO vintage VALUES ('edition', ?)", [edition])
    if findings := broken_rules(connection):
        raise BuildError("\n".join(findings))


def moved(connection: duckdb.DuckDBPyConnection, former: Path) -> list[str]:
    """Rows that came and went against a former database, a line per table."""
    try:
        connection.execute(f"ATTACH {_quoted(former)} AS former (READ_ONLY)")
    except duckdb.IOException as error:
        return [f"{former.name} could not be read and is replaced: {error}"]
    known = {
        name
        for (name,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'former'"
        ).fetchall()
    }
    present = tables(SCHEMA.read_text("utf-8"))
    lines = [f"{table}: gone" for table in sorted(known - set(present))]
    for table in present:
        if table not in known:
            lines.append(f"{table}: new table")
            continue
        difference = "SELECT count(*) FROM (FROM {} EXCEPT ALL FROM {})"
        try:
            [(came,)] = connection.execute(difference.format(table, f"former.{table}")).fetchall()
            [(went,)] = connection.execute(difference.format(f"former.{table}", table)).fetchall()
        except duckdb.BinderException:
            lines.append(f"{table}: columns changed")
            continue
        if came or went:
            lines.append(f"{table}: {came} rows came, {went} went")
    connection.execute("DETACH former")
    return lines


def _quoted(path: Path) -> str:
    """A path as SQL text: ATTACH takes no parameter."""
    doubled = str(path).replace("'", "''")
    return f"'{doubled}'"


def bundle(connection: duckdb.DuckDBPyConnection, draft: Path) -> None:
    """Write the checked tables to a file, sorted and without the indexes of their keys, which would take half the file.

    Types and comments go along, so that the file is its own dictionary.
    """
    schema = SCHEMA.read_text("utf-8")
    connection.execute(f"ATTACH {_quoted(draft)} AS bundle (BLOCK_SIZE {BLOCK_SIZE}, STORAGE_VERSION '{STORAGE}')")
    connection.execute("USE bundle")
    for statement in duckdb.extract_statements(schema):
        if statement.type == duckdb.StatementType.CREATE and "CREATE TYPE" in statement.query:
            connection.execute(statement)
    for table in tables(schema):
        connection.execute(f"CREATE TABLE {table} AS FROM memory.{table} ORDER BY ALL")
    for comment in re.findall(r"^COMMENT ON .*;$", schema, flags=re.MULTILINE):
        connection.execute(comment)
    connection.execute("USE memory")
    connection.execute("DETACH bundle")


def build(target: Path = DATABASE, core: bool = False) -> list[str]:
    """Write the database and return what moved; the former file stays when a rule is broken."""
    draft = target.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    try:
        with duckdb.connect(":memory:") as connection:
            fill(connection, core)
            report = moved(connection, target) if target.exists() else ["first build"]
            report += [
                f"{table}: {connection.execute(f'SELECT count(*) FROM {table}').fetchall()[0][0]:,} rows"
                for table in tables(SCHEMA.read_text("utf-8"))
            ]
            bundle(connection, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return report


def main() -> None:
    """Command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--core", action="store_true", help="leave out files with unconfirmed licences")
    core = arguments.parse_args().core
    try:
        report = build(core=core)
    except BuildError as error:
        sys.exit(f"not built:\n{error}")
    print("\n".join(report))
    print(f"{DATABASE.name}: {DATABASE.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
