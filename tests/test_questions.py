from urllib.parse import urlencode

from bloc import link
from bloc.views import market_session, questions
from bloc.views.restrictions_words import answers
from tests.test_pages import ROOT, app


def test_three_questions_stand_under_the_head_on_the_first_visit():
    page = app()
    assert [each.proto.label for each in page.get("page_link") if each.proto.label.endswith("?")] == [
        "What would inviting Indonesia add?",
        "What if China halved its magnet rare-earth exports?",
        "Who would pay for a floor under NdPr?",
    ]


def test_one_click_closes_the_questions_for_the_session():
    page = app()
    page.button(key="questions_close").click().run()
    assert not [each for each in page.button if each.key == "questions_close"]


def test_each_question_leads_to_a_page_with_a_scenario_that_a_link_holds(record):
    for each in questions.questions(record):
        assert (ROOT / each.page).exists()
        text = urlencode(link.to_query(each.settings))
        assert link.from_text(text, record) == (each.settings, [])
        assert set(each.query) >= {"v", *dict(each.own)}


def test_the_question_about_rare_earths_has_an_answer_with_a_price(record):
    asked = questions.questions(record)[1]
    outcome = market_session.outcome_of(record, asked.settings.scenario(record), ("rare_earths_magnet",))
    answer = answers(outcome, frozenset([dict(asked.own)["country"]]))["rare_earths_magnet"]
    assert answer.kind == "price"
    assert answer.price > 1
