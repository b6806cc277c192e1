import contextlib
import itertools
import json
import re
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bloc import language, story, words
from bloc.link import baseline_settings
from bloc.places import spread
from bloc.scenario import PriceMeasure
from bloc.settings import Settings
from bloc.story import Reference, Step, Story, StoryError, parse, to_toml
from bloc.views import concentration_pairs, overview, prices, session, story_numbers, story_pictures
from bloc.views.figure import Figure

GOOD = """
title = "T"
[[step]]
title = "Of {members} countries"
text = "They refine {coverage:lithium:refined}."
scenario = "v=1&cut=50"
pictures = ["map"]
"""
RAW = re.compile(r"\bnan\b|\bNone\b|[{}_]|\bunknown\b|\bnot known\b|\bnot solved\b")


@pytest.fixture(scope="module")
def stories(record):
    found, problems = story.shipped(record)
    assert problems == []
    return found


def view_of(record, settings):
    suppliers = spread([settings.supplier], record.union)
    before, after = (session.case_of(each, suppliers) for each in (baseline_settings(settings, record), settings))
    return overview.View(record, settings, False, before, after, False, False)


def steps(record):
    found, _ = story.shipped(record)
    return [(each.key, number, step) for each in found.values() for number, step in enumerate(each.steps, 1)]


def of(stories, key, number):
    return stories[key].steps[number - 1]


def test_five_storylines_are_shipped_and_the_ministerial_comes_first_in_five_steps(stories):
    assert list(stories) == ["ministerial", "rare_earths", "gallium", "ndpr_floor", "miner_and_refiner"]
    assert len(stories["ministerial"].steps) == 5


def test_every_shipped_step_says_its_numbers_in_words_that_fit_the_screen(record, stories):
    for key, number, step in steps(record):
        view = view_of(record, step.settings)
        title, text = story_numbers.title(view, step), story_numbers.text(view, step)
        assert not RAW.search(title + text), (key, number, title, text)
        assert len(title) <= 140, (key, number, title)
        assert len(text) <= 400, (key, number, text)


def test_every_shipped_step_draws_its_pictures_with_sources(record):
    for key, number, step in steps(record):
        for named in step.pictures:
            drawn = story_pictures.draw(view_of(record, step.settings), named)
            assert isinstance(drawn, Figure), (key, number, drawn)
            assert drawn.source_ids(), (key, number, named.text)
            assert len(drawn.drawn), (key, number, named.text)


def test_a_shipped_text_in_another_language_has_its_numbers_filled_in(record, stories, monkeypatch):
    step = of(stories, "ministerial", 1)
    view = view_of(record, step.settings)
    spanish = language.read(
        "es",
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        f'msgctxt "{language.RECORD}"\nmsgid {json.dumps(step.title, ensure_ascii=False)}\n'
        'msgstr "Son {members} países; {average:refined} refinado"\n',
    )
    monkeypatch.setattr(language, "current", lambda: spanish)
    average = words.percent(view.after.summary.refined.average)
    assert story_numbers.title(view, step) == f"Son {len(view.after.members)} países; {average} refinado"


def test_no_number_of_a_shipped_text_is_typed_where_the_model_has_it(record):
    typed = re.compile(r"(?<![\w{:~.=])\d+(?:\.\d+)?\s?(?:%|bn|m\b|million|times|-fold)")
    for key, number, step in steps(record):
        bare = re.sub(r"\{[^{}]*\}", "", step.title + step.text).replace("by 1 % or more", "")
        assert not typed.search(bare), (key, number)


def test_every_quantity_and_picture_a_file_may_name_is_there():
    assert set(story.QUANTITIES) == set(story_numbers.OF_CASE) | set(story_numbers.OF_VIEW)
    assert set(story_numbers.OF_CASE) == story.ACCOUNTED
    assert set(story.PICTURES) == set(story_pictures.PICTURES)


def test_the_ministerial_digs_more_than_it_refines_as_its_step_says(record, stories):
    summary = view_of(record, of(stories, "ministerial", 2).settings).after.summary
    assert summary.mined.average > summary.refined.average + 0.1


def test_the_picture_of_the_last_step_shows_what_the_next_country_would_bring_most(record, stories):
    step = of(stories, "ministerial", 5)
    view = view_of(record, step.settings)
    best = story_numbers.in_words(view, Reference("next_best", ("1",)))
    assert any(best.startswith(record.product_sentence_names[each.arguments[0]]) for each in step.pictures)


def test_miner_and_refiner_of_cobalt_and_lithium_differ_and_those_of_nickel_do_not(record, stories):
    view = view_of(record, of(stories, "miner_and_refiner", 2).settings)
    rows = concentration_pairs.pairs(record, view.after, False).rows
    another = rows[rows.side == "Refined"].set_index("label").another
    assert another[["Cobalt", "Lithium", "Nickel"]].tolist() == ["yes", "yes", "no"]


def test_gallium_outside_china_has_sold_above_its_price_inside_as_its_step_says():
    gaps = session.query("price_gaps")
    rows = gaps[(gaps["product"] == "gallium") & gaps.outside_low.notna() & gaps.china_high.notna()]
    assert rows.sort_values("date").outside_low.iloc[-1] > 2 * rows.sort_values("date").china_high.iloc[-1]


def test_the_seven_elements_of_april_and_the_five_of_october_are_those_on_record(record):
    rows = record.restrictions[record.restrictions.imposing_iso3 == "CHN"]
    april = set(rows.material[rows.starts == "2025-04-04"])
    october = set(rows.material[(rows.starts == "2025-11-08") & rows.restriction_id.str.endswith("um_lic_2025")])
    assert april == {"samarium", "gadolinium", "terbium", "dysprosium", "lutetium", "scandium", "yttrium"}
    assert october == {"holmium", "erbium", "thulium", "europium", "ytterbium"}


def test_a_guarantee_moves_the_bill_from_users_to_treasuries_as_its_step_says(record, stories):
    view = view_of(record, of(stories, "ndpr_floor", 4).settings)
    priced = prices.prepare(view, "rare_earths_magnet")
    floor, contract = priced.at("floor"), priced.at("contract")
    assert floor.users[:, 1].max() < contract.users[:, 1].min()
    assert contract.treasuries[:, 1].max() < 0 < floor.treasuries[:, 1].min()


def test_a_quantity_of_the_baseline_is_that_of_the_baseline(record, stories):
    view = view_of(record, of(stories, "miner_and_refiner", 4).settings)
    now, was = (
        story_numbers.in_words(view, Reference("bloc_share", ("nickel", "refined"), before)) for before in (False, True)
    )
    assert now == "50\u202f%"
    assert was == "7\u202f%"


def test_a_partial_cut_that_costs_more_than_a_whole_one_is_said(record):
    found = set()
    for cut in (50, 60, 70, 80):
        settings = Settings(cut_pct=cut, products=("gallium",))
        step = Step("T", "T", settings, (Reference("sellers", ("gallium", "USA")),))
        found |= {each[:29] for each in story_numbers.remarks(view_of(record, settings), step)}
    assert any(each.startswith("Market of gallium, grade C") for each in found)
    assert any(each.startswith("The result hangs on a") for each in found)


ARGUMENTS = {
    "side": ("mined", "refined"),
    "product": ("lithium", "gallium", "silicon_metal"),
    "mineral": ("lithium", "helium", "gallium"),
    "country": ("USA", "COK"),
    "whom": ("members", "USA", "COK"),
    "chain": ("gallium", "rare_earths_magnet"),
    "record": ("cn_ga_lic_2023", "cn_ree_extraterr_2025"),
    "instrument": ("mp_dod_floor",),
    "rank": ("1", "3"),
    "number": ("5", "40"),
}


def every(known, what, record):
    for name, kinds in known.items():
        for arguments in itertools.product(*(ARGUMENTS[kind] for kind in kinds)):
            with contextlib.suppress(StoryError):
                yield story.reference("x", what, ":".join([name, *arguments]), known, record)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(preset="usa_only", left_out=("USA",)),
        Settings(cut_pct=100),
        Settings(preset="usa_only", cut_pct=0, prices=(PriceMeasure("gallium", 3.0, "floor", "multiple"),)),
    ],
    ids=["nobody in", "everything withheld", "one member and a floor"],
)
def test_every_quantity_and_picture_has_something_to_say_under_any_scenario(record, settings):
    view = view_of(record, settings)
    for named in every(story.QUANTITIES, "quantity", record):
        said = story_numbers.in_words(view, named)
        assert said, named.text
        assert not re.search(r"\bnan\b|\bNone\b", said), (named.text, said)
    for named in every(story.PICTURES, "picture", record):
        drawn = story_pictures.draw(view, named)
        assert isinstance(drawn, Figure) or drawn.endswith("."), named.text


def test_a_number_at_the_start_of_a_sentence_has_a_capital():
    assert story.fill("{next:1} adds. {next:2} too, and {next:3}.", lambda each: "the one") == (
        "The one adds. The one too, and the one."
    )


# Files.


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"v=1&cut=50"', '"v=1&cut=140"', "x.toml, step 1, scenario: A cut of '140'"),
        ('"v=1&cut=50"', '"v=1&speed=9"', "x.toml, step 1, scenario: 'speed' is not known here"),
        ('["map"]', '["cake"]', "x.toml, step 1: the picture 'cake' is not known; known are map, ranking"),
        ('["map"]', "[]", "x.toml, step 1: pictures 0; a list of 1 or 2 names is needed"),
        ('["map"]', '["sellers:gallium"]', "is written sellers:(chain):(country)"),
        ('["map"]', '["ranking:400"]', "'400' in the picture 'ranking:400' is not a whole number from 5 to 40"),
        ("{members}", "{secrets}", "x.toml, step 1: the quantity 'secrets' is not known"),
        ("{members}", "{before:withheld:x}", "has 1 argument; it is written withheld"),
        ("{members}", "{before:next:1}", "known are average, bloc_share"),
        ("{members}", "{members", "x.toml, step 1: a brace stands alone"),
        ("lithium:refined", "unobtainium:refined", "'unobtainium' in the quantity"),
        ("lithium:refined", "helium:refined", "no figures on helium refined are on record"),
        ('title = "T"', 'titel = "T"', "x.toml: 'titel' is not known here; known are title, about, order, step"),
        ('title = "T"', "title = 3", "x.toml: title is missing or empty; a text of 1 to 180 characters is needed"),
        ('title = "T"', f'title = "{"T" * 200}"', "x.toml: title is of 200 characters; 180 is the most"),
        ('title = "T"', 'title = "\\u0007"', "x.toml: title holds a sign that cannot be printed"),
        ('title = "T"', 'title = "T"\norder = -1', "x.toml: order -1 is not a whole number from 0 to 1000"),
        ("[[step]]", "[step", "x.toml: it is not TOML"),
        ("[[step]]", "[other]", "x.toml: 'other' is not known here"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence_that_names_file_step_and_bound(record, old, new, said):
    with pytest.raises(StoryError, match=re.escape(said)):
        parse(GOOD.replace(old, new, 1).encode(), "x.toml", record)


def test_a_file_that_is_too_large_or_no_text_or_empty_is_refused(record):
    for data, said in (
        (b"#" * 100_001, "it is of 100,001 bytes; a storyline is of 100,000 at most"),
        (b"\xff\xfe\x00", "it is not text in UTF-8"),
        (b"", "it holds 0 steps; 1 to 20 may stand there"),
        (b"step = 3", "it holds 3 steps"),
        (b'title = "T"\nstep = [3]', "step 1: 3 is not a step"),
        (b"a = " + b"[" * 5000, "it is not TOML"),
        (b"a = " + b"1" * 5000, "it is not TOML"),
    ):
        with pytest.raises(StoryError, match=re.escape(said)):
            parse(data, "x.toml", record)


def test_a_broken_file_of_the_folder_is_named_and_the_others_are_kept(record, tmp_path):
    (tmp_path / "good.toml").write_text(GOOD, "utf-8")
    (tmp_path / "bad.toml").write_text("title", "utf-8")
    found, problems = story.shipped(record, tmp_path)
    assert list(found) == ["good"]
    assert len(problems) == 1
    assert problems[0].startswith("bad.toml: it is not TOML")


def test_a_storyline_is_read_back_as_it_was_written(record, stories):
    for each in stories.values():
        assert parse(to_toml(each).encode(), f"{each.key}.toml", record) == each


texts = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters="{}"), min_size=1, max_size=60)


@given(texts, texts, st.integers(0, 100))
def test_any_text_of_a_step_is_read_back_as_it_was_written(record, title, text, cut):
    assume(title.strip() and text.strip() and title.isprintable() and text.isprintable())
    step = Step(title.strip(), text.strip(), Settings(cut_pct=cut), (Reference("map"),))
    made = Story("own", "T", "", (step,))
    assert parse(to_toml(made).encode(), "own.toml", record) == made


def test_a_storyline_of_twenty_steps_takes_no_more(record):
    made = parse(GOOD.encode(), "x.toml", record)
    full = replace(made, steps=made.steps * 20)
    with pytest.raises(StoryError, match="has 20 steps already"):
        full.with_step(made.steps[0])
