"""The comment at the head of each query against what the query asks for and gives back."""

import re

import pytest

from bloc.data import QUERIES, ROOT, connect, run

FILES = sorted(QUERIES.glob("*.sql"))
# A value of each type that a parameter may have.
SAMPLES = {"INTEGER": 2024, "VARCHAR": "mine", "VARCHAR[]": ["USA", "JPN"], "DOUBLE": 0.5}
every_query = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def database():
    with connect() as connection:
        yield connection


def head(path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines[: next(i for i, line in enumerate(lines) if not line.startswith("--"))]]


def declared(path, title: str) -> list[tuple[str, str]]:
    """Names and types listed under a title of the head."""
    lines = head(path)
    starts = [i for i, line in enumerate(lines) if line.startswith(f"-- {title}")]
    if not starts:
        return []
    found = []
    for line in lines[starts[0] + 1 :]:
        entry = re.match(r"^--   (\$?\w+)\s+([A-Z]+(?:\[\])?)(?:  .*)?$", line)
        if not entry:
            break
        found.append((entry[1].lstrip("$"), entry[2]))
    return found


def code(path) -> str:
    return "\n".join(line for line in path.read_text("utf-8").splitlines() if not line.startswith("--"))


def test_there_are_queries():
    assert len(FILES) >= 20


@every_query
def test_a_query_opens_with_a_sentence(path):
    text = " ".join(line.removeprefix("--").strip() for line in head(path))
    sentence = text.split("  ")[0]  # an empty comment line ends it
    assert re.fullmatch(r"[A-Z].{15,}\.", sentence)


@every_query
def test_a_query_takes_the_parameters_its_head_names(database, path):
    [statement] = database.extract_statements(path.read_text("utf-8"))
    assert sorted(statement.named_parameters) == sorted(name for name, _ in declared(path, "Parameters"))


@every_query
def test_a_query_returns_the_columns_and_types_its_head_names(database, path):
    values = {name: SAMPLES[kind] for name, kind in declared(path, "Parameters")}
    cursor = database.cursor().execute(path.read_text("utf-8"), values or None)
    assert [(name, str(kind)) for name, kind, *_ in cursor.description] == declared(path, "Returns")


@every_query
def test_a_query_is_unique_in_the_key_its_head_names(database, path):
    if path.stem == "latest_trade_year":
        keys = ["year"]
    else:
        [line] = [line for line in head(path) if line.startswith("-- Returns one row per ")]
        keys = line.removeprefix("-- Returns one row per ").split(", ")
    values = {"year": 2024, "members": ["USA"], "product": "cobalt", "stage": "mine", "iso3": "FRA"}
    asked = {name: values[name] for name, _ in declared(path, "Parameters")}
    frame = run(database, path.stem, **asked)
    assert len(frame) > 0
    assert not frame.duplicated(keys).any()


@every_query
def test_a_query_is_one_statement(database, path):
    assert len(database.extract_statements(path.read_text("utf-8"))) == 1


@every_query
def test_a_query_fits_on_a_screen(path):
    assert len(path.read_text("utf-8").splitlines()) <= 70


@every_query
def test_a_query_names_its_columns(path):
    assert not re.search(r"SELECT\s+(\w+\.)?\*", code(path), flags=re.IGNORECASE)


@every_query
def test_a_query_ends_in_an_order(path):
    if path.stem == "latest_trade_year":
        assert "ORDER BY" not in code(path)  # a single row
    else:
        assert re.search(r"\nORDER BY [^()]+;\s*$", code(path))


@every_query
def test_a_query_gives_the_same_rows_in_the_same_order_each_time(database, path):
    values = {"year": 2024, "members": ["USA"], "product": "cobalt", "stage": "mine", "iso3": "FRA"}
    asked = {name: values[name] for name, _ in declared(path, "Parameters")}
    assert run(database, path.stem, **asked).equals(run(database, path.stem, **asked))


def test_every_query_is_asked_for_by_its_name():
    text = "\n".join(path.read_text("utf-8") for folder in ("bloc", "tests") for path in (ROOT / folder).rglob("*.py"))
    unasked = [path.stem for path in FILES if f'"{path.stem}"' not in text]
    assert unasked == []


def test_no_query_stands_in_the_code():
    statement = re.compile(r"\b(SELECT|INSERT INTO|CREATE TABLE|ATTACH|DELETE FROM)\b")
    written = [path.name for path in (ROOT / "bloc").rglob("*.py") if statement.search(path.read_text("utf-8"))]
    assert written == []


def test_the_history_of_cobalt_mining_is_one_series_over_many_years(database):
    history = run(database, "history", product="cobalt", stage="mine")
    assert history.series_id.nunique() == 1
    assert history.year.nunique() > 30


def test_trade_of_a_year_that_is_not_recorded_is_empty(database):
    assert run(database, "trade", year=1900).empty


def test_the_corrections_give_a_reason_each(database):
    assert run(database, "corrections").reason.str.len().gt(10).all()
