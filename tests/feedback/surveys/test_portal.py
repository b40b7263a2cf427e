"""The customer's page of a survey."""

from datetime import timedelta

import pytest
from django.test import Client

from crm.kernel.time import clock
from feedback.surveys.models import Invitation, Response


def test_page_asks_in_the_customers_language(make_invitation, client):
    _invitation, token = make_invitation(language="zh-hans")

    page = client.get(f"/s/{token}/")

    assert page.status_code == 200
    assert 'lang="zh-Hans"' in page.content.decode()
    assert "您有多大可能把" in page.content.decode()
    assert page.headers["Content-Language"] == "zh-hans"


def test_the_customer_may_read_it_in_another_language(make_invitation, client):
    _invitation, token = make_invitation(language="zh-hans")

    assert "推薦給朋友或家人" in client.get(f"/s/{token}/?lang=zh-hant").content.decode()


@pytest.mark.rule("FS-3")
def test_an_answer_is_kept_with_its_words(make_invitation, client):
    invitation, token = make_invitation(language="zh-hant")
    asked = {question.shown_to: question.pk for question in invitation.survey.questions.all() if not question.is_scored}

    page = client.post(f"/s/{token}/", {"score": "3", f"text_{asked[6]}": "太慢了", f"text_{asked[8]}": "hidden"})

    response = Response.objects.get()
    assert page.status_code == 200
    assert (response.score, response.group, response.language, response.channel) == (3, "detractor", "zh-hant", "link")
    assert [answer.text for answer in response.answers.order_by("question__position")] == ["", "太慢了"]
    assert "謝謝您坦率告訴我們" in page.content.decode()


@pytest.mark.rule("FS-2")
def test_a_score_in_the_mail_is_only_proposed(make_invitation, client):
    invitation, token = make_invitation()

    page = client.get(f"/s/{token}/?score=9").content.decode()

    assert 'value="9" checked' in page
    assert not Response.objects.exists()
    assert Invitation.objects.get(pk=invitation.pk).used_at is None


@pytest.mark.rule("FS-3")
def test_scanners_use_nothing_up(make_invitation, client):
    invitation, token = make_invitation()

    for number in range(100):
        assert client.get(f"/s/{token}/?score={number % 11}").status_code == 200
        assert client.head(f"/s/{token}/").status_code == 200
    answered = client.post(f"/s/{token}/", {"score": "10"})

    assert answered.status_code == 200
    assert Invitation.objects.get(pk=invitation.pk).state == "complete"
    assert Response.objects.get().score == 10


@pytest.mark.rule("FS-3")
def test_opening_again_shows_thanks_and_a_second_answer_changes_nothing(make_invitation, client):
    _invitation, token = make_invitation()
    client.post(f"/s/{token}/", {"score": "10"})

    again = client.post(f"/s/{token}/", {"score": "0"})

    assert Response.objects.get().score == 10
    for page in (again, client.get(f"/s/{token}/")):
        assert "Thank you, we are delighted." in page.content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"score": ""}, {"score": "11"}, {"score": "-1"}, {"score": "ten"}, {"score": "\x00"}]
)
def test_what_is_no_score_is_refused_with_words(make_invitation, client, sent):
    _invitation, token = make_invitation()

    page = client.post(f"/s/{token}/", sent)

    assert page.status_code == 422
    assert "Choose one of the answers." in page.content.decode()
    assert not Response.objects.exists()


def test_an_old_link_says_so(make_invitation, client):
    _invitation, token = make_invitation(at=clock.now() - timedelta(days=31))

    assert client.get(f"/s/{token}/").status_code == 410
    assert client.post(f"/s/{token}/", {"score": "9"}).status_code == 410
    assert not Response.objects.exists()


@pytest.mark.parametrize("token", ["nonsense", "%00", "a" * 500, "…"])
def test_an_unknown_link_is_missing(surveys, client, token):
    assert client.get(f"/s/{token}/").status_code == 404


def test_answering_needs_no_cookie(make_invitation):
    _invitation, token = make_invitation()

    assert Client(enforce_csrf_checks=True).post(f"/s/{token}/", {"score": "9"}).status_code == 200


@pytest.mark.rule("FS-3")
def test_only_the_hash_of_the_token_is_stored(make_invitation):
    invitation, token = make_invitation()

    assert token.encode() not in bytes(invitation.token_digest)
    assert len(token) >= 43  # 256 bits
