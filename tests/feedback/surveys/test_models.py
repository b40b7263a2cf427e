"""Facts and invariants of surveys."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.kernel import company
from crm.kernel.time import clock
from feedback.surveys.models import Invitation, Response, localized_text


@pytest.mark.django_db
def test_text_names_the_company_and_falls_back_to_another_language():
    text = localized_text({"zh-hans": "您对{company}满意吗？"}, "en")

    assert text == f"您对{company.get_company().name}满意吗？"


@pytest.mark.parametrize(
    ("group", "words"),
    [("detractor", "Thank you for being honest."), ("promoter", "Thank you, we are delighted."), ("", "")],
)
def test_thanks_fit_the_outcome(surveys, group, words):
    assert surveys["nps"].thanks_for(group).startswith(words)


def test_thanks_for_all_stand_in_where_a_group_has_none(surveys):
    assert surveys["csat"].thanks_for("positive") == "Thank you for your answer."


def test_first_scored_question_gives_the_score(surveys):
    assert surveys["csat"].scored_question.kind == "stars"
    assert [question.is_scored for question in surveys["csat"].ordered_questions] == [True, False, False]


@pytest.mark.parametrize(
    ("scale", "score"), [("nps", -1), ("nps", 11), ("stars", 0), ("stars", 6), ("thumbs", 2), ("text", 1)]
)
def test_database_refuses_a_score_off_its_scale(make_response, scale, score):
    response = make_response(9)

    with pytest.raises(IntegrityError, match="response_score_on_scale"), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(scale=scale, score=score)


def test_used_invitation_is_complete(make_invitation):
    invitation, _token = make_invitation()

    with pytest.raises(IntegrityError, match="invitation_used_is_complete"), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(used_at=clock.now())


def test_customers_are_asked_once_on_an_occasion(make_invitation, make_customer):
    customer = make_customer()
    make_invitation(customer=customer, occasion="manual")

    with pytest.raises(IntegrityError, match="invitation_once_per_occasion"), transaction.atomic():
        make_invitation(customer=customer, occasion="manual")


def test_invitation_waits_until_it_expires_or_is_used(make_invitation, make_response):
    invitation, _token = make_invitation(occasion="open")
    make_response(9)
    now = clock.now()

    assert list(Invitation.objects.waiting(now)) == [invitation]
    assert not Invitation.objects.waiting(now + timedelta(days=31)).exists()


def test_response_has_its_score_in_words_and_its_group(make_response):
    response = make_response(3)

    assert (response.score_text, str(response.answer_group.label), response.answer_group.tone) == (
        "3 of 10",
        "Detractor",
        "bad",
    )
