import pytest
from streamlit.testing.v1 import AppTest

from bloc.settings import Settings
from bloc.story import StoryError, parse, shipped, to_toml
from bloc.views import charts, figure, story, story_own, story_pictures
from tests.test_pages import ROOT
from tests.test_story import view_of


def page(**query: str) -> AppTest:
    found = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        found.query_params[name] = value
    return found.switch_page("pages/story.py").run()


def words_of(found: AppTest) -> str:
    return "\n".join(str(each.value) for each in [*found.title, *found.header, *found.markdown, *found.error])


def test_without_a_story_the_page_lists_them():
    found = page()
    assert not found.exception
    assert found.title[0].value == "Five stories to present, a step at a time"
    assert [each.label for each in found.button if each.key and each.key.startswith("open_")][0] == (
        "The ministerial in five steps"
    )


def test_a_link_opens_a_story_at_its_step():
    found = page(story="ministerial", step="3")
    assert not found.exception
    assert found.title[0].value.startswith("China is the largest refiner of")
    assert "3 of 5" in words_of(found)


def test_the_buttons_step_back_and_forth_and_stop_at_the_ends():
    found = page(story="ministerial")
    assert found.button(key="story_back").disabled
    found.button(key="story_next").click().run()
    assert "2 of 5" in words_of(found)
    found.button(key="story_back").click().run()
    assert "1 of 5" in words_of(found)
    assert page(story="ministerial", step="5").button(key="story_next").disabled


def test_a_step_out_of_range_is_named_and_the_first_is_shown():
    found = page(story="ministerial", step="9")
    assert "step '9', which is not known" in found.error[0].value
    assert "1 of 5" in words_of(found)


def test_an_unknown_story_is_named_and_the_list_is_shown():
    found = page(story="atlantis")
    assert not found.exception
    assert "story 'atlantis', which is not known" in found.error[0].value
    assert found.button(key="open_ministerial")


def test_a_story_leaves_the_scenario_of_the_visitor_alone():
    found = page(story="gallium", step="4", cut="60")
    assert found.session_state["settings"].cut_pct == 60


def test_every_picture_leads_to_a_page_of_the_app(record):
    for each in shipped(record)[0].values():
        for step in each.steps:
            for named in step.pictures:
                path, own = story_pictures.page(named)
                assert (ROOT / path).exists()
                assert set(own) <= {"mineral", "part", "chain", "country", "priced"}


def test_a_step_of_ones_own_is_appended_to_what_was_loaded_before(record):
    settings = Settings(cut_pct=60)
    once = story_own.with_step(story_own.NEW, "T", "{members} members", settings, "map", record)
    twice = story_own.with_step(once, "U", "V", Settings(), "supply:gallium:refined", record)
    assert [each.title for each in twice.steps] == ["T", "U"]
    assert twice.steps[0].settings == settings
    assert parse(to_toml(twice).encode(), "my_story.toml", record) == twice


def test_a_step_of_ones_own_that_cannot_be_shown_is_refused_in_a_sentence(record):
    with pytest.raises(StoryError, match="my_story.toml, step 1: the quantity 'nobody' is not known"):
        story_own.with_step(story_own.NEW, "T", "{nobody}", Settings(), "map", record)
    with pytest.raises(StoryError, match="my_story.toml, step 1: title is missing or empty"):
        story_own.with_step(story_own.NEW, " ", "V", Settings(), "map", record)


def test_a_chart_on_the_stage_is_drawn_in_lines_and_asks_for_the_world_by_address(record):
    shown = shipped(record)[0]["ministerial"].steps[0]
    drawn = story_pictures.draw(view_of(record, shown.settings), shown.pictures[0])
    assert isinstance(drawn, figure.Figure)
    spec = story.magnified(drawn, False, 600)
    assert spec["usermeta"]["embedOptions"]["renderer"] == "svg"
    assert spec["layer"][0]["data"]["url"] == charts.WORLD_ADDRESS
    assert (ROOT / "static" / "world_degrees.json").exists()
