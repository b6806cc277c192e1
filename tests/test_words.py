import pytest

from bloc.words import NARROW_SPACE, NO_BREAK, capital, count, dollars, listing, percent, points, tonnes

NAN = float("nan")
LETTERS = list("ABCDEFGHIJKLMNOPQRSTUV")


def plain(text: str) -> str:
    return text.replace(NARROW_SPACE, " ").replace(NO_BREAK, " ")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1e-12, "<1 %"),
        (0.0049, "<1 %"),
        (0.005, "<1 %"),
        (0.0051, "1 %"),
        (0.01, "1 %"),
        (0.714, "71 %"),
        (0.994, "99 %"),
        (0.995, ">99 %"),
        (0.9999, ">99 %"),
        (1, "100 %"),
        (1.2, "120 %"),
        (NAN, "unknown"),
    ],
)
def test_a_share_in_percent(share, text):
    assert plain(percent(share)) == text


def test_number_and_percent_sign_stay_together():
    assert percent(0.714) == "71\u202f%"


def test_only_nothing_is_0_percent_and_only_the_whole_is_100():
    shares = [each / 100_000 for each in range(100_001)]
    assert [each for each in shares if plain(percent(each)) == "0 %"] == [0]
    assert [each for each in shares if plain(percent(each)) == "100 %"] == [1]


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (0.30, 0.30, "unchanged"),
        (0.30, 0.3004, "unchanged"),
        (0.30, 0.304, "less than a point higher"),
        (0.304, 0.30, "less than a point lower"),
        (0.30, 0.31, "1 point higher"),
        (0.31, 0.30, "1 point lower"),
        (0.30, 0.314, "1 point higher"),
        (0.296, 0.3049, "less than a point higher"),
        (0.30, 0.317, "2 points higher"),
        (0.30, 0.67, "37 points higher"),
        (1, 0, "100 points lower"),
        (NAN, 0.3, "not comparable"),
        (0.3, NAN, "not comparable"),
    ],
)
def test_a_difference_of_shares_in_words(before, after, text):
    assert points(before, after) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "$0"),
        (1, "$1"),
        (999, "$999"),
        (999.6, "$1,000"),
        (1000, "$1,000"),
        (2_750, "$2,750"),
        (2_754, "$2,750"),
        (56_240, "$56,200"),
        (999_400, "$999,000"),
        (999_500, "$1 m"),
        (1e6, "$1 m"),
        (1.04e6, "$1 m"),
        (56.2e6, "$56.2 m"),
        (99.6e6, "$99.6 m"),
        (99.96e6, "$100 m"),
        (346e6, "$346 m"),
        (999.4e6, "$999 m"),
        (999.5e6, "$1 bn"),
        (1.6e9, "$1.6 bn"),
        (999.5e9, "$1 tn"),
        (2.34e12, "$2.3 tn"),
        (NAN, "unknown"),
    ],
)
def test_an_amount_in_dollars(amount, text):
    assert plain(dollars(amount)) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0 t"),
        (850, "850 t"),
        (999.6, "1,000 t"),
        (2_750, "2,750 t"),
        (2_754, "2,750 t"),
        (9_994, "9,990 t"),
        (9_996, "10 thousand t"),
        (203_000, "203 thousand t"),
        (999_400, "999 thousand t"),
        (999_500, "1 million t"),
        (22.7e6, "22.7 million t"),
        (999.5e6, "1 billion t"),
        (2.5e9, "2.5 billion t"),
        (NAN, "unknown"),
    ],
)
def test_a_weight_in_tonnes(amount, text):
    assert plain(tonnes(amount)) == text


@pytest.mark.parametrize("said", [dollars, tonnes])
def test_an_amount_has_three_significant_digits_at_most(said):
    for exponent in range(0, 12):
        for lead in (1.0, 1.2345, 4.5678, 9.87654):
            digits = "".join(each for each in said(lead * 10**exponent) if each.isdigit()).strip("0")
            assert len(digits) <= 3, (lead, exponent)


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (0, "none"),
        (1, "A"),
        (2, "A and B"),
        (3, "A, B and C"),
        (4, "A, B, C and D"),
        (5, "A, B, C, D and E"),
        (6, "A, B, C, D and 2 more"),
        (22, "A, B, C, D and 18 more"),
    ],
)
def test_names_in_a_sentence(names, text):
    assert listing(LETTERS[:names]) == text


def test_a_shorter_list_can_be_asked_for():
    assert listing(LETTERS[:4], most=2) == "A, B and 2 more"


def test_one_more_is_named_and_not_counted():
    assert all("1 more" not in listing(LETTERS[:size], most) for size in range(10) for most in range(1, 9))


@pytest.mark.parametrize(
    ("number", "text"), [(0, "none"), (1, "one"), (4, "four"), (10, "ten"), (11, "11"), (-1, "-1")]
)
def test_numbers_up_to_ten_are_words(number, text):
    assert count(number) == text


@pytest.mark.parametrize(
    ("text", "with_capital"),
    [("", ""), ("the United States", "The United States"), ("DR Congo", "DR Congo"), ("åland", "Åland")],
)
def test_only_the_first_letter_becomes_a_capital(text, with_capital):
    assert capital(text) == with_capital
