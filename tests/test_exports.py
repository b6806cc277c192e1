import ast
import csv
import datetime as dt
import gettext
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pptx import Presentation

from bloc import language, link, measures, words
from bloc.briefing import case
from bloc.data import ROOT, load_record
from bloc.exports import charts, document, scenario_file, script, slides, tables, workbook
from bloc.exports.brief import LINK_SHOWN, Brief, brief
from bloc.exports.scenario_file import LARGEST, ScenarioFileError, from_json, to_json
from bloc.exports.sections import Section
from bloc.language import Language, possessive, speaking
from bloc.link import baseline_settings
from bloc.outcome import evaluate
from bloc.places import spread
from bloc.scenario import Assumed, Flooding, PriceMeasure, Scenario, StockChange
from bloc.settings import Applied, Settings

DAY = dt.date(2026, 11, 22)
ADDRESS = "https://bloc.example.org/briefing"
RECORD = load_record()
COUNTRIES = sorted(RECORD.known)
PRODUCTS = sorted(RECORD.product_names)
HOSTILE = '=HYPERLINK("http://x") #panic("y") $ [*z*]_`<script>alert(1)</script>'
WRONG = (
    r"\bnan\b|\binf\b|\bNone\b|_|  | ,| \.|\.\.|\(\)|\*\*",
    r"(?<![\d.,])1 (countries|territories|points|members|materials|memberships|series are)\b",
    r"\b(is|are) not recorded to buy any of it\.\.|\bby by\b|\bthe the\b",
)


@lru_cache(maxsize=32)
def brief_of(settings: Settings, address: str = ADDRESS) -> Brief:
    suppliers = spread([settings.supplier], RECORD.union)

    def case_of(each: Settings):
        scenario = each.scenario(RECORD)
        return case(RECORD, scenario, evaluate(RECORD, scenario), suppliers)

    return brief(RECORD, settings, case_of(baseline_settings(settings, RECORD)), case_of(settings), address, DAY)


def scenarios(settings: Settings) -> tuple[Scenario, Scenario]:
    return baseline_settings(settings, RECORD).scenario(RECORD), settings.scenario(RECORD)


EVERYBODY = tuple(COUNTRIES)
EDGES = {
    "as it opens": Settings(),
    "rare earths from the United States": Settings(
        invited=("IDN",), cut_pct=50, products=("rare_earths_total",), targets=("USA",)
    ),
    "no members": Settings(preset="usa_only", left_out=("USA",)),
    "no members and no cut": Settings(left_out=EVERYBODY, cut_pct=0),
    "one member": Settings(preset="usa_only", cut_pct=100),
    "one territory": Settings(left_out=tuple(sorted(set(COUNTRIES) - {"GRL"})), invited=("GRL",)),
    "everybody": Settings(invited=EVERYBODY),
    "everything cut": Settings(cut_pct=100),
    "nothing cut": Settings(cut_pct=0),
    "territories": Settings(territories=True, baseline="same"),
    "a member withholds": Settings(supplier="USA", cut_pct=100, stage="refined"),
    "the union withholds": Settings(supplier="EUU", cut_pct=1, targets=("JPN", "USA")),
    "no heading": Settings(products=("gallium",), cut_pct=100),
    "every product": Settings(products=tuple(PRODUCTS), stage="mine"),
    "every record": Settings(applied=tuple(sorted(Applied(each, 100) for each in RECORD.applicable))),
    "measures of members": Settings(
        cut_pct=0,
        tariff_pct=25,
        tariff_products=("cobalt", "nickel"),
        preference_pct=50,
        prices=(
            PriceMeasure("cobalt", 30_000.0),
            PriceMeasure("gallium", 1.25, "contract", "multiple"),
            PriceMeasure("lithium", 900.0, stage="mine"),
        ),
        floodings=(Flooding("CHN", "gallium", 0.2),),
        stocks=(
            StockChange("cobalt", 850.0, ("JPN",)),
            StockChange("nickel", -2e4),
            StockChange("zinc", 1.0, (), True),
        ),
        leak_pct=10,
        horizon="five_years",
        assumed=(Assumed("ore_cost_share", 0.5, "rare_earths_magnet"), Assumed("switching", 3.0)),
    ),
    "held": Settings(baseline="v=1&bloc=g7_cmpa&cut=50"),
}
every_edge = pytest.mark.parametrize("settings", EDGES.values(), ids=EDGES)


def once(measures: list) -> tuple:
    """Measures in order, each set at one level."""
    return tuple(sorted({link.aim(each): each for each in measures}.values()))


several = some.lists(some.sampled_from(COUNTRIES), max_size=6).map(lambda codes: tuple(sorted(set(codes))))
goods = some.lists(some.sampled_from(PRODUCTS), max_size=5).map(lambda names: tuple(sorted(set(names))))
applied = some.lists(
    some.builds(Applied, some.sampled_from(sorted(RECORD.applicable)), some.integers(0, 100)), max_size=3
)
prices = some.builds(
    PriceMeasure,
    some.sampled_from(PRODUCTS),
    some.sampled_from([0.0, 0.5, 1.0, 1.25, 20.0]),
    some.sampled_from(["floor", "contract"]),
    some.sampled_from(["usd_per_t", "multiple"]),
    some.sampled_from(["mine", "smelter", "refinery"]),
)
stocks = some.builds(
    StockChange, some.sampled_from(PRODUCTS), some.sampled_from([0.0, 1.0, 850.0, 2e6]), several, some.booleans()
)
any_settings = some.builds(
    Settings,
    preset=some.sampled_from(sorted(RECORD.presets)),
    confidence=some.sampled_from(["confirmed", "inferred", "claimed"]),
    invited=several,
    left_out=several,
    territories=some.booleans(),
    supplier=some.sampled_from(COUNTRIES),
    cut_pct=some.sampled_from([0, 1, 25, 50, 99, 100]),
    products=goods,
    stage=some.sampled_from(["", "mine", "refined"]),
    targets=several,
    baseline=some.sampled_from(["", "same", "msp"]),
    applied=applied.map(once),
    tariff_pct=some.sampled_from([0, 1, 500]),
    tariff_products=goods,
    preference_pct=some.sampled_from([0, 40, 100]),
    prices=some.lists(prices, max_size=2).map(once),
    floodings=some.lists(
        some.builds(Flooding, some.sampled_from(COUNTRIES), some.sampled_from(PRODUCTS), some.sampled_from([0.0, 0.1])),
        max_size=2,
    ).map(once),
    stocks=some.lists(stocks, max_size=2).map(once),
    leak_pct=some.sampled_from([0, 10, 100]),
    horizon=some.sampled_from(["one_year", "five_years"]),
    assumed=some.lists(
        some.builds(Assumed, some.sampled_from(sorted(RECORD.assumption_names)), some.sampled_from([0.1, 3.0])),
        max_size=2,
    ).map(once),
)


def sentences(made: Brief) -> list[str]:
    return [*made.stamp.settings, *(each for section in made.sections for each in section.sentences)]


def plain(text: str) -> str:
    return text.replace(words.NARROW_SPACE, " ").replace(words.NO_BREAK, " ")


def check_words(made: Brief) -> None:
    assert len(made.sections) >= 6
    for text in sentences(made):
        assert text.endswith("."), text
        assert text[0].isupper() or text[0].isdigit(), text
    drawn = [text for each in made.pictures for text in (each.finding, each.basis, each.reading, each.alt)]
    cells = [cell for row in made.table.rows for cell in row]
    for text in [made.title, made.subtitle, made.table.title, made.table.note, *sentences(made), *drawn, *cells]:
        for wrong in WRONG:
            assert not re.search(wrong, plain(text)), (wrong, text)
    assert not made.title.endswith(".")
    assert len(made.table.rows) <= 10
    assert 2 <= len(made.pictures) <= 3


# What is said.


@every_edge
def test_every_edge_is_said_in_whole_plain_sentences(settings):
    check_words(brief_of(settings))


@given(settings=any_settings)
def test_whatever_is_set_is_said_in_whole_plain_sentences(settings):
    check_words(brief_of(settings))


def test_every_control_that_does_something_is_said():
    said = " ".join(brief_of(EDGES["measures of members"]).stamp.settings)
    for expected in (
        "Nothing is withheld.",
        "a tariff of 25 % on cobalt and nickel from outside, and 50 % of that on each other.",
        "Imports of refined cobalt from outside land in the bloc at no less than $30,000 a tonne.",
        "producers of refined gallium are paid no less than 1.25 times the price of 2024, and treasuries pay the gap.",
        "China pays its producers of gallium 20 % of the price of 2024 to sell more.",
        "Stocks of Japan release 850 t of cobalt in the year.",
        "Stocks of the members buy 20 thousand t of nickel in the year.",
        "Stocks of the members release 1 t of zinc in the year as feed for their refiners.",
        "Supply and use have five years to adjust.",
        "In every market the readiness of buyers to change supplier is assumed to be 3.",
        "In the market of magnet rare earths the share of the price that pays for ore is assumed to be 0.5.",
    ):
        assert expected in plain(said), expected


def test_an_applied_record_is_said_with_its_date_its_level_and_its_target():
    said = plain(
        " ".join(brief_of(Settings(cut_pct=0, applied=(Applied("cn_antimony_us_ban_2024", 50),))).stamp.settings)
    )
    assert "China’s ban on antimony, starting December 2024, is applied, with 50 % of these exports to the" in said


def test_the_losses_of_the_members_add_up_to_what_is_at_stake():
    made = brief_of(EDGES["as it opens"])
    members, purchases = (made.frames()[name].titled for name in ("members", "purchases"))
    lost = members.filter(like="withheld, USD").sum().iloc[0]
    assert lost == pytest.approx(purchases.filter(like="Withheld").sum().iloc[0])
    assert any(words.dollars(lost) in text for text in sentences(made))


def test_the_title_names_the_restriction_that_names_its_products():
    assert plain(brief_of(EDGES["rare earths from the United States"]).title).startswith(
        "China withholding 50 % of its rare earths from the United States would stop $"
    )


def test_a_section_of_others_stands_behind_the_one_it_follows():
    made = brief_of(Settings()).with_section("What it does to prices", ["Prices would rise by half.", ""])
    headings = [each.heading for each in made.sections]
    assert headings.index("What it does to prices") == headings.index("What it costs") + 1
    assert made.sections[headings.index("What it does to prices")].sentences == ("Prices would rise by half.",)
    assert made.with_section("Empty", []) is made


@pytest.mark.parametrize(
    ("date", "said"), [("2023-08-01", "August 2023"), ("2025-02", "February 2025"), ("2026", "2026")]
)
def test_a_date_is_said_as_precisely_as_it_is_recorded(date, said):
    assert words.month(date) == said


def test_every_assumption_and_every_market_has_a_name():
    assert set(measures.ASSUMPTIONS) == RECORD.assumption_names
    assert set(measures.OTHER_CHOICES) == RECORD.market_names - set(RECORD.product_sentence_names)


def test_a_name_that_ends_in_s_takes_an_apostrophe_alone():
    assert (possessive("China"), possessive("the United States")) == ("China’s", "the United States’")


def test_what_leaks_is_said_where_something_is_withheld():
    said = " ".join(brief_of(Settings(leak_pct=10)).stamp.settings)
    assert "10 % of what is withheld reaches its target all the same, via others." in plain(said)
    assert "reaches its target" not in " ".join(brief_of(Settings(leak_pct=10, cut_pct=0)).stamp.settings)


def test_many_measures_are_counted_in_the_text_and_listed_with_the_settings():
    made = brief_of(EDGES["every record"])
    assert len(made.sections[0].sentences) == 8
    assert "more measures are listed with the settings." in made.sections[0].sentences[-2]
    assert len(made.stamp.settings) == len(RECORD.applicable) + 3


# The stamp.


def test_the_link_restores_the_settings():
    settings = EDGES["measures of members"]
    query = brief_of(settings).stamp.link.removeprefix(f"{ADDRESS}?")
    assert link.from_text(query, RECORD) == (settings, [])


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "file:///etc", "//x.org"])
def test_the_link_is_a_bare_query_without_an_address_of_the_web(address):
    assert brief_of(Settings(), address).stamp.link == "?v=1"


def test_a_long_link_is_shown_cut():
    stamp = brief_of(Settings(baseline="v=1&in=" + ".".join(EVERYBODY))).stamp
    assert len(stamp.shown_link) == LINK_SHOWN < len(stamp.link)


# Files.


@pytest.mark.parametrize("layout", document.TEMPLATES)
@pytest.mark.parametrize("name", ["no members", "every product", "every record"])
def test_a_pdf_is_made_of_every_kind_of_scenario(name, layout):
    assert document.pdf(brief_of(EDGES[name]), layout).startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["as it opens", "rare earths from the United States", "measures of members"])
def test_a_pdf_on_paper_is_two_pages_however_much_there_is_to_say(name):
    made = brief_of(EDGES[name])
    long = made.with_section("More", [sentence for section in made.sections[:2] for sentence in section.sentences])
    for each in (made, long):
        assert len(re.findall(rb"/Type\s*/Page\b", document.pdf(each))) == 2


def hostile() -> Brief:
    made = brief_of(Settings())
    table = replace(made.table, title=HOSTILE, rows=((HOSTILE,) * len(made.table.columns),))
    stamp = replace(made.stamp, settings=(HOSTILE,), link=f"?{HOSTILE}", sources=(HOSTILE,))
    return replace(made, title=HOSTILE, table=table, stamp=stamp).with_section(HOSTILE, [HOSTILE])


def test_text_never_becomes_markup_of_the_pdf():
    assert document.pdf(hostile()).startswith(b"%PDF-")
    assert document.pdf(hostile(), "slides").startswith(b"%PDF-")
    templates = [(ROOT / "bloc" / "exports" / name).read_text("utf-8") for name in document.TEMPLATES.values()]
    assert all("eval(" not in text and "mode:" not in text for text in templates)


def test_slides_hold_charts_and_tables_that_can_be_edited():
    made = brief_of(EDGES["rare earths from the United States"])
    deck = Presentation(io.BytesIO(slides.pptx(made)))
    shapes = [shape for slide in deck.slides for shape in slide.shapes]
    assert deck.slides[0].shapes.title.text == made.title
    assert sum(shape.has_chart for shape in shapes) == 3
    assert [len(shape.table.rows) for shape in shapes if shape.has_table] == [len(made.table.rows) + 1]
    chart = next(shape.chart for shape in shapes if shape.has_chart)
    bars = next(picture for picture in made.pictures if picture.key == "coverage").bars[0]
    assert tuple(chart.plots[0].categories) == bars.categories
    assert [tuple(series.values) for series in chart.plots[0].series] == list(bars.values.values())


@pytest.mark.parametrize("name", ["no members", "every product", "every record"])
def test_every_slide_carries_the_stamp(name):
    made = brief_of(EDGES[name])
    for slide in Presentation(io.BytesIO(slides.pptx(made))).slides:
        text = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert made.stamp.vintage in text


@pytest.mark.parametrize("number", [6, 7])
def test_every_section_of_the_slides_is_headed_and_one_alone_only_by_its_title(number):
    made = brief_of(Settings())
    made = replace(
        made, sections=tuple(Section(f"part_{at}", f"Part {at}", ("It is so.",), f"part {at}") for at in range(number))
    )
    texts = [
        [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        for slide in Presentation(io.BytesIO(slides.pptx(made))).slides
    ]
    for section in made.sections:
        [slide] = [each for each in texts if section.heading in each]
        assert slide.count(section.heading) == 1
        assert "It is so." in slide


def sheets(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        return {name: files.read(name).decode() for name in files.namelist() if name.endswith(".xml")}


def test_no_cell_of_a_workbook_is_a_formula_or_a_link():
    parts = sheets(workbook.xlsx(hostile()))
    assert any("HYPERLINK" in text for text in parts.values())
    assert not any(re.search(r"<f[ >]|<hyperlink", text) for text in parts.values())


def test_a_workbook_says_where_it_comes_from():
    made = brief_of(Settings())
    text = sheets(workbook.xlsx(made))["xl/sharedStrings.xml"]
    for expected in (made.title, made.stamp.vintage, *made.stamp.settings, "CEPII, BACI"):
        assert expected.replace("&", "&amp;") in text


def test_no_cell_of_a_table_starts_a_formula():
    with zipfile.ZipFile(io.BytesIO(tables.archive(hostile()))) as files:
        for name in files.namelist():
            for row in csv.reader(io.StringIO(files.read(name).decode())):
                assert not any(cell.startswith(("=", "@", "+", "\t", "\r")) for cell in row), (name, row)


def test_the_charts_stand_alone_with_settings_and_sources():
    made = brief_of(EDGES["rare earths from the United States"])
    with zipfile.ZipFile(io.BytesIO(charts.archive(made))) as files:
        assert sorted(files.namelist()) == sorted(
            f"{each.key}.{end}" for each in made.pictures for end in ("png", "svg")
        )
        drawn = files.read("supply.svg").decode()
    assert "Indonesia is invited." in drawn
    assert "Sources:" in drawn


def test_a_name_of_a_sheet_is_what_the_format_takes_and_stands_once():
    made = brief_of(Settings())
    title = "Members [and others]: what each of them buys abroad"
    frames = {name: replace(frame, title=title) for name, frame in made.frames().items()}
    book = sheets(workbook.xlsx(replace(made, frames=lambda: frames)))["xl/workbook.xml"]
    names = re.findall(r'<sheet name="([^"]+)"', book)
    assert len({name.casefold() for name in names}) == len(names) == 9
    assert not any(len(name) > 31 or set(name) & set("[]:*?/\\") for name in names)


@pytest.fixture
def quoting(monkeypatch) -> str:
    """A language that says every message between marks of quotation."""

    class Quoting(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return f"«{message}»"

        def ngettext(self, one: str, many: str, number: int) -> str:
            return f"«{one if number == 1 else many}»"

    known = {"qq": Language("qq", Quoting()), language.ENGLISH: language.language(language.ENGLISH)}
    monkeypatch.setattr(language, "language", known.__getitem__)
    return "qq"


def test_every_file_is_in_the_language_of_its_briefing_wherever_it_is_made(quoting):
    settings = EDGES["measures of members"]
    with speaking(quoting):
        made = brief_of.__wrapped__(settings)
    assert made.stamp.link.endswith("&lang=qq")
    assert all(text.startswith("«") for text in (made.title, *sentences(made), made.stamp.date, made.stamp.vintage))
    assert all(frame.title.startswith("«") for frame in made.frames().values())
    deck = Presentation(io.BytesIO(slides.pptx(made)))
    assert deck.slides[-1].shapes.title.text == "«Where it comes from»"
    assert deck.slides[0].shapes.title.text_frame.paragraphs[0].runs[0]._r.rPr.get("lang") == quoting
    assert '<sheet name="«Coverage»"' in sheets(workbook.xlsx(made))["xl/workbook.xml"]
    with zipfile.ZipFile(io.BytesIO(tables.archive(made))) as files:
        assert {"coverage.csv", "members.csv", "purchases.csv", "chart_map.csv"} < set(files.namelist())
        assert files.read("coverage.csv").decode().startswith("«Material»,")
    with zipfile.ZipFile(io.BytesIO(charts.archive(made))) as files:
        assert "«Sources:" in files.read("map.svg").decode()
    text = script.python(made, *scenarios(settings))
    assert "«Made by " in ast.get_docstring(ast.parse(text))
    assert document.pdf(made).startswith(b"%PDF-")
    assert from_json(to_json(made).encode(), RECORD) == (settings, [])


def test_another_section_stands_behind_its_key_in_every_language(quoting):
    with speaking(quoting):
        made = brief_of.__wrapped__(Settings()).with_section("«Preise»", ["Teurer."], key="prices", second="«preise»")
        deck = Presentation(io.BytesIO(slides.pptx(made)))
    assert [each.key for each in made.sections][3:6] == ["costs", "prices", "sure"]
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert "««Preise» and «how sure this is»»" in titles


@every_edge
def test_the_note_of_a_table_ends_above_the_table_on_a_slide(settings):
    made = brief_of(settings)
    table = next(
        slide
        for slide in Presentation(io.BytesIO(slides.pptx(made))).slides
        if any(each.has_table for each in slide.shapes)
    )
    [run] = [
        run
        for shape in table.shapes
        if shape.has_text_frame and shape.text_frame.text == made.table.note
        for run in shape.text_frame.paragraphs[0].runs
    ]
    assert len(made.table.note) * run.font.size.pt <= slides.BELOW * slides.BELOW_FITS + len(made.table.note)


def test_a_cut_at_the_mine_is_drawn_at_the_mine():
    made = brief_of(Settings(supplier="COD", cut_pct=100, products=("cobalt",), stage="mine"))
    assert made.pictures[-1].finding.startswith("Mined cobalt: DR Congo ")


def test_goods_without_a_series_are_not_drawn_as_another_material():
    made = brief_of(Settings(supplier="UKR", cut_pct=100, products=("rare_gases_bundle",)))
    assert [each.key for each in made.pictures] == ["map", "coverage", "exposure"]
    assert made.table.title == "The weakest materials when refined"


def test_the_largest_supplier_has_one_share_in_chart_and_table():
    made = brief_of(Settings(preset="usa_only", cut_pct=100, products=("gallium",)))
    share = re.search(r"China ([0-9]+.%)", made.pictures[-1].finding)[1]
    assert made.table.rows[0][3] == f"China, {share}"


def test_goods_whose_trade_is_not_on_record_are_not_called_safe():
    made = brief_of(Settings(preset="g7_cmpa", supplier="COD", cut_pct=100, products=("cobalt",), stage="mine"))
    said = {each.key: " ".join(each.sentences) for each in made.sections}
    assert said["exposed"].startswith("Who would lose purchases cannot be told")
    assert said["costs"] == (
        "The trade figures used here do not show cobalt as ores and concentrates separately, so such purchases are not "
        "counted."
    )


# The script.


@pytest.mark.parametrize("name", ["rare earths from the United States", "measures of members"])
def test_the_script_gives_the_same_numbers(name, tmp_path):
    settings = EDGES[name]
    made, path = brief_of(settings), tmp_path / script.FILE
    path.write_text(script.python(made, *scenarios(settings)), "utf-8")
    ran = subprocess.run(
        [sys.executable, path], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    printed, headline = ran.stdout.split("\n\n")
    rows = list(csv.DictReader(io.StringIO(printed)))
    frame = made.frames()["coverage"].titled
    assert len(rows) == len(frame)
    for column, own in (("coverage", "Share of need met, scenario"), ("baseline", "Share of need met, baseline")):
        assert [float(row[column] or "nan") for row in rows] == pytest.approx(frame[own].tolist(), nan_ok=True)
    withheld = float(headline.strip().splitlines()[-1].rsplit(" ", 1)[1])
    purchases = made.frames()["purchases"].titled
    assert withheld == pytest.approx(purchases.filter(like="Withheld").sum().iloc[0])


@pytest.mark.parametrize("settings", [EDGES["every record"], EDGES["measures of members"], EDGES["no members"]])
def test_the_script_is_python_that_holds_the_scenario_itself(settings):
    before, after = scenarios(settings)
    text = script.python(brief_of(settings), before, after)
    body = {
        node.targets[0].id: ast.unparse(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    known: dict[str, object] = {}
    exec("from bloc.scenario import *", known)
    assert eval(body["baseline"], known) == before
    assert eval(body["scenario"], known) == after


def test_text_never_ends_the_string_of_the_script_it_stands_in():
    text = script.python(replace(hostile(), title='"""\nimport os'), *scenarios(Settings()))
    imported = [node for node in ast.parse(text).body if isinstance(node, ast.Import)]
    assert [alias.name for node in imported for alias in node.names] == ["sys"]


# A scenario as a file.


@given(settings=any_settings)
def test_a_scenario_comes_back_from_its_file(settings):
    file = json.dumps(
        {"format": scenario_file.FORMAT, "version": "1", "parameters": link.to_query(settings)}, ensure_ascii=False
    )
    document = json.loads(file)
    document["parameters"].pop("v")
    assert from_json(json.dumps(document).encode(), RECORD) == (settings, [])


def test_the_file_of_a_briefing_is_read_back():
    settings = EDGES["measures of members"]
    assert from_json(to_json(brief_of(settings)).encode(), RECORD) == (settings, [])


def written(**changes: object) -> bytes:
    return json.dumps({"format": scenario_file.FORMAT, "version": "1", "parameters": {}} | changes).encode()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe garbage", "not JSON text"),
        (b"", "not JSON text"),
        (b"[" * 50_000, "not JSON text"),
        (b" " * (LARGEST + 1), "100,000 at most"),
        (b"[1, 2]", "not a scenario of this app"),
        (b'{"format": "other"}', "not a scenario of this app"),
        (written(version="9"), "of version '9'; this app reads version 1"),
        (written(version=1), "of version 1; this app reads version 1"),
        (written(version=["1"]), "of version ['1']"),
        (written(parameters=[]), "no “parameters” by name"),
        (written(parameters={"colour": "red"}), "the parameter 'colour', not known here"),
        (written(parameters={"cut": [50]}), "gives [50] for cut; it takes text or a whole number"),
        (written(parameters={"cut": 0.5}), "gives 0.5 for cut"),
        (written(parameters={"cut": None}), "gives nothing for cut"),
        (written(parameters={"cut": True}), "gives true for cut"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_with_a_sentence(data, says):
    with pytest.raises(ScenarioFileError, match=re.escape(says)) as refused:
        from_json(data, RECORD)
    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 400


def test_a_value_that_cannot_be_is_named_with_its_bound_and_the_rest_is_kept():
    settings, problems = from_json(written(parameters={"cut": 140, "in": "IDN.XXX", "bloc": "msp"}), RECORD)
    assert settings == Settings(preset="msp", invited=("IDN",))
    assert problems == [
        "The country 'XXX' is not known; it was left out.",
        "A cut of '140' is not a whole number from 0 to 100; the default is shown.",
    ]


# Layers.


def test_exports_are_made_without_a_screen():
    for path in (ROOT / "bloc" / "exports").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "streamlit" for name in names), path.name


def test_what_takes_memory_is_imported_when_a_file_is_asked_for():
    code = "import sys, bloc.exports.document, bloc.exports.slides, bloc.exports.workbook, bloc.exports.charts\n"
    code += "print([each for each in ('typst', 'pptx', 'xlsxwriter', 'vl_convert') if each in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
