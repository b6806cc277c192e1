import pandas as pd
import pytest

from bloc.__main__ import main
from bloc.text import csv_text


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(cell):
    [_, text] = csv_text(pd.DataFrame({"note": [cell]})).split("\n", 1)
    assert text.strip('"\n') == "'" + cell


def test_a_category_that_a_spreadsheet_would_run_is_quoted():
    frame = pd.DataFrame({"note": pd.Categorical(["=1+1", "tin", "=1+1"])})
    assert csv_text(frame) == "note\n'=1+1\ntin\n'=1+1\n"


def test_a_formula_in_the_middle_of_a_cell_is_left_alone():
    assert csv_text(pd.DataFrame({"note": ["a=b-c"]})) == "note\na=b-c\n"


def test_a_negative_number_stays_a_number():
    assert csv_text(pd.DataFrame({"change": [-1.5]})) == "change\n-1.5\n"


def test_text_beyond_ascii_stays_as_it_is():
    assert csv_text(pd.DataFrame({"name": ["Åland", "Curaçao", "−5 °C"]})) == "name\nÅland\nCuraçao\n−5 °C\n"


def test_missing_cells_are_empty():
    frame = pd.DataFrame({"name": ["tin", None], "share": [float("nan"), 0.5]})
    assert csv_text(frame) == "name,share\ntin,\n,0.5\n"


def test_an_empty_frame_is_its_header():
    assert csv_text(pd.DataFrame({"a": [], "b": []})) == "a,b\n"


def test_the_frame_itself_is_left_as_it_is():
    frame = pd.DataFrame({"note": ["=1+1"]})
    csv_text(frame)
    assert frame.note.tolist() == ["=1+1"]


def lines(capsys, *arguments: str) -> list[list[str]]:
    main([*arguments, "--csv"])
    return [line.split(",") for line in capsys.readouterr().out.splitlines()]


def test_the_command_line_prints_the_indicators_as_csv(capsys):
    head, *rows = lines(capsys, "--preset", "us_eu_jp", "--cut", "CHN=0.6")
    assert head[:5] == ["product", "mineral", "stage", "form", "year"]
    assert {"bloc_share", "china_share", "available_share"} <= set(head)
    assert len(rows) >= 58


def test_the_command_line_prints_another_frame(capsys):
    head, *_ = lines(capsys, "--frame", "chains")
    assert {"chain", "coverage", "bottleneck"} <= set(head)


def test_the_command_line_prints_a_table_for_reading(capsys):
    main(["--preset", "usa_only", "--frame", "chains"])
    assert "rare_earths_magnet" in capsys.readouterr().out


def test_the_command_line_leaves_the_union_out(capsys):
    head, *rows = lines(capsys, "--preset", "us_eu_jp", "--leave-out", "EUU", "--frame", "trade")
    place, member = head.index("iso3"), head.index("member")
    assert {row[place] for row in rows if row[member] == "True"} == {"JPN", "USA"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--preset", "nato"], "preset 'nato' is not one of"),
        (["--invite", "XXX"], "XXX is not a country of the record"),
        (["--cut", "China=0.5"], "supplier: 'CHINA' is not a country code of three capital letters"),
        (["--cut", "CHN=40"], "CHN: cut 40.0 is not a fraction in [0, 1]"),
        (["--cut", "CHN=much"], "'CHN=much' is not a supplier and a fraction, such as CHN=0.6"),
        (["--cut", "CHN=0.5", "--product", "unobtainium"], "CHN: 'unobtainium' is not a product of the record"),
        (["--cut", "CHN=0.5", "--stage", "digging"], "CHN: stage 'digging' is not one of mine, smelter, refinery"),
    ],
)
def test_a_scenario_that_cannot_be_ends_the_command_with_a_sentence(capsys, arguments, sentence):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    output = capsys.readouterr()
    assert end.value.code == 2
    assert sentence in output.err
    assert output.out == ""
