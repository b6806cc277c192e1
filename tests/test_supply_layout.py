"""How the figures of a mineral stand beside each other, and what of a scenario they depend on."""

import pytest

from bloc.views import supply
from bloc.views.supply import Sides


@pytest.mark.parametrize(
    ("heights", "columns", "below"),
    [
        ([], [], False),
        ([400], [], True),
        ([400, 400], [0, 1], False),
        ([400, 400, 400], [0, 1], True),
        ([900, 400, 450], [0, 1, 1], False),
        ([400, 400, 400, 400], [0, 1, 0, 1], False),
    ],
)
def test_no_half_row_is_left_empty(heights, columns, below):
    assert supply._arranged(heights) == (columns, below)


def test_a_member_that_withholds_is_drawn_as_restricting(record):
    sides = Sides(record, frozenset({"CHN", "USA"}), frozenset({"CHN"}))
    assert [sides.meaning(each) for each in ("CHN", "USA", "RUS", None)] == [
        "restricting",
        "member",
        "outside",
        "unnamed",
    ]
