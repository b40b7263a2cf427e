"""Forty people press Send on one link at once: one answer is kept and all forty are thanked."""

import threading

import pytest
from django.db import connection
from django.test import Client

from feedback.surveys import services
from feedback.surveys.choices import InvitationState
from feedback.surveys.models import Invitation, Response

PEOPLE = 40
UNIQUE = "feedback_response_invitation_id_key"


def race(token):
    """Forty real requests, each on its own thread and connection; the status and whether it was thanked."""
    start = threading.Barrier(PEOPLE)
    results = []

    def press(score):
        client = Client()
        start.wait()
        try:
            page = client.post(f"/s/{token}/", {"score": str(score % 11)})
            results.append((page.status_code, "Thank you" in page.content.decode()))
        except Exception as error:
            results.append((500, type(error).__name__))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def read_then_write(*, invitation, answer, language, at):
    """The naive version: look whether it was used, then use it."""
    question = services._check_score(invitation.survey, answer)
    if Invitation.objects.get(pk=invitation.pk).used_at is not None:
        return None
    response = services._write_response(invitation, question, answer, language=language, channel="link", by=None, at=at)
    Invitation.objects.filter(pk=invitation.pk).update(used_at=at, state=InvitationState.COMPLETE)
    return response


@pytest.fixture
def without_constraint():
    """The response's unique invitation is gone for the length of a test."""
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE feedback_response DROP CONSTRAINT {UNIQUE}")
    yield
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE feedback_answer, feedback_followup, feedback_response")
        cursor.execute(f"ALTER TABLE feedback_response ADD CONSTRAINT {UNIQUE} UNIQUE (invitation_id)")


@pytest.mark.rule("FS-3")
@pytest.mark.django_db(transaction=True)
def test_forty_answers_at_once_are_one(make_invitation):
    _invitation, token = make_invitation()

    results = race(token)

    assert results == [(200, True)] * PEOPLE
    assert Response.objects.count() == 1
    assert Invitation.objects.get().state == "complete"


@pytest.mark.django_db(transaction=True)
def test_the_unique_invitation_alone_lets_only_one_through(make_invitation, monkeypatch):
    """Second line of defence: with the naive version the losers fail, but nothing is kept twice."""
    monkeypatch.setattr(services, "record_answer", read_then_write)
    _invitation, token = make_invitation()

    race(token)

    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_both_mechanisms_answers_are_kept_twice(make_invitation, monkeypatch, without_constraint):
    """Negative control: the same race finds the naive version wanting."""
    monkeypatch.setattr(services, "record_answer", read_then_write)
    _invitation, token = make_invitation()

    race(token)

    assert Response.objects.count() > 1
