"""Who imports whom, read from the text of the modules."""

import ast
import sys
from pathlib import Path

import pytest

from bloc.data import ROOT

MODEL = sorted((ROOT / "bloc").glob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
EQUATIONS = ("concentration", "balance", "exposure", "supply_risk")
SCREEN = {"streamlit", "altair", "pydeck"}
NETWORK = ("socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "requests", "httpx", "aiohttp", "urllib3")
every_module = pytest.mark.parametrize("path", MODEL, ids=lambda path: path.stem)


def imports(path: Path) -> set[str]:
    """Full names of the modules a file imports, with what is taken from them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


@every_module
def test_the_model_runs_without_a_screen(path):
    assert packages(path).isdisjoint(SCREEN)
    assert not [name for name in imports(path) if f"{name}.".startswith(("bloc.views.", "bloc.exports."))]


@every_module
def test_the_model_runs_without_a_network(path):
    reached = [
        name for name in imports(path) if name.startswith(tuple(f"{each}." for each in NETWORK)) or name in NETWORK
    ]
    assert reached == []


@every_module
def test_only_data_opens_the_database(path):
    assert ("duckdb" in packages(path)) == (path.stem == "data")


@pytest.mark.parametrize("name", EQUATIONS)
def test_an_equation_knows_numbers_and_arrays_only(name):
    allowed = {"numpy", "pandas", "bloc"} | set(sys.stdlib_module_names)
    assert packages(ROOT / "bloc" / f"{name}.py") <= allowed
    own = {each for each in imports(ROOT / "bloc" / f"{name}.py") if each.startswith("bloc")}
    assert all(each.startswith(("bloc.matrix", "bloc.concentration")) for each in own)


def test_places_know_only_the_standard_library():
    assert packages(ROOT / "bloc" / "places.py") <= set(sys.stdlib_module_names)


def test_pages_leave_equations_and_the_database_to_the_model():
    closed = {f"bloc.{name}" for name in (*EQUATIONS, "matrix", "data")}
    offending = {path.name: sorted(closed & imports(path)) for path in PAGES if closed & imports(path)}
    offending |= {path.name: ["duckdb"] for path in PAGES if "duckdb" in packages(path)}
    assert offending == {}


def test_views_leave_equations_and_the_database_to_the_model():
    closed = {f"bloc.{name}" for name in EQUATIONS}
    views = sorted((ROOT / "bloc" / "views").glob("*.py"))
    offending = {path.name: sorted(closed & imports(path)) for path in views if closed & imports(path)}
    offending |= {path.name: ["duckdb"] for path in views if "duckdb" in packages(path)}
    assert offending == {}
