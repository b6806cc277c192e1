import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from bloc.views.notes import plain

ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@given(some.text())
@example("\\[read this\\](//evil.example/x)")
def test_plain_text_reads_as_it_was_and_holds_no_markup(text):
    made = plain(text)
    assert ESCAPED.sub(r"\1", made) == text
    assert not set(ESCAPED.sub("", made)) & set("\\$[]*_`<>#:~|&!")


@pytest.mark.parametrize("text", ["- item", "+ item", "a\n---", "a\n===", "2024. A year", "1) one", "  - item"])
def test_no_line_of_plain_text_is_a_list_or_a_heading(text):
    last = plain(text).splitlines()[-1].lstrip()
    assert re.match(r"[0-9]*\\", last)


@pytest.mark.parametrize("text", ["1.5 times", "97 %", "−3 points", "a - b"])
def test_numbers_are_left_as_they_are(text):
    assert plain(text) == text
