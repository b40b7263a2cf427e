"""The staff pages of surveys: scores, texts, preview, export."""

import pytest

from feedback.surveys.models import Invitation, Survey


@pytest.fixture
def manager(client_as):
    return client_as("manager")


def test_the_page_says_score_n_and_interval(manager, make_response):
    for score in [10] * 5 + [8] * 3 + [2] * 2:
        make_response(score)
    nps = Survey.objects.get(key="nps")

    page = manager.get(f"/surveys/{nps.public_id}/").content.decode()

    assert "+30" in page
    assert "−18.4 … +78.4" in page
    assert "Fewer than 30" in page


def test_texts_are_changed_in_one_language(manager, surveys):
    nps = surveys["nps"]
    page = manager.get(f"/surveys/{nps.public_id}/texts/?in=zh-hans")
    words = {name: field.initial or "" for name, field in page.context["form"].fields.items()}

    answer = manager.post(f"/surveys/{nps.public_id}/texts/?in=zh-hans", {**words, "title": "推荐吗"})

    nps.refresh_from_db()
    assert answer.status_code == 302
    assert (nps.titles["zh-hans"], nps.titles["en"]) == ("推荐吗", "Recommendation")


def test_an_empty_question_is_refused(manager, surveys):
    assert manager.post(f"/surveys/{surveys['nps'].public_id}/texts/", {"title": ""}).status_code == 422


def test_a_survey_of_ones_own_begins_with_a_template(manager, surveys):
    manager.post("/surveys/new/", {"template": "csat", "title": "Store visit"})

    made = Survey.objects.get(key="")
    assert (made.title, made.kind, made.questions.count()) == ("Store visit", "csat", 3)


def test_the_preview_speaks_every_language_and_keeps_nothing(manager, surveys):
    for language, words in (("en", "recommend"), ("zh-hans", "推荐给朋友"), ("zh-hant", "推薦給朋友")):
        assert words in manager.get(f"/surveys/{surveys['nps'].public_id}/preview/?lang={language}").content.decode()
    assert not Invitation.objects.exists()


def test_the_preview_tells_us_in_our_language_that_nothing_is_kept(client_as, surveys):
    page = client_as("manager", language="zh-hant").get(f"/surveys/{surveys['nps'].public_id}/preview/?lang=en")

    assert '<p class="eg-note" lang="zh-Hant">' in page.content.decode()
    assert "預覽：" in page.content.decode()


def test_words_of_customers_outside_the_scope_are_not_shown(client_as, make_team, make_response, make_customer):
    team = make_team("North")
    make_response(2, make_customer("Mine", team=team), text="my words")
    make_response(2, make_customer("Theirs"), text="their words")
    nps = Survey.objects.get(key="nps")

    page = client_as("service", scope="team", team=team).get(f"/surveys/{nps.public_id}/").content.decode()

    assert "my words" in page
    assert "their words" not in page


@pytest.mark.rule("PL-10")
def test_who_may_not_see_customers_reads_answers_without_names(client_as, make_response, make_customer):
    answer = make_response(2, make_customer("Olivia Hartmann"), text="The lid leaks.")
    page = client_as("product").get(f"/surveys/{answer.survey.public_id}/").content.decode()

    assert "The lid leaks." in page
    assert "Olivia" not in page
    assert "/customers/" not in page


@pytest.mark.rule("RM-7")
def test_who_sees_some_customers_gets_figures_without_lists(client_as, make_response):
    answer = make_response(2)
    page = client_as("sales", scope="own").get(f"/surveys/{answer.survey.public_id}/").content.decode()

    assert "behind=survey" not in page
    assert "Figures without a link are of the whole company" in page
