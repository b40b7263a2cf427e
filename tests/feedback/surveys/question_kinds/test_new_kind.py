"""docs/checklists/add-a-question-kind.md, followed: three faces, planted as one module."""

import importlib.util
from datetime import timedelta

import pytest
from django.db import connection

from crm.kernel.time import clock
from customers.messaging import consent
from customers.messaging.content import template_catalog
from customers.messaging.models import OutboundMessage
from customers.profiles.models import TimelineEntry
from customers.profiles.timeline import timeline_kinds
from feedback.loops import services as loops
from feedback.loops.models import FollowUp
from feedback.surveys import email_templates, extensions, invitations, question_kinds, report, selectors
from feedback.surveys.models import Question, Response, Survey
from feedback.surveys.question_kinds import registry

MODULE = """
from feedback.surveys.question_kinds.question_email import REGULAR_GREETINGS, QuestionEmail, score_links
from feedback.surveys.question_kinds.registry import ScoredQuestionKind, register_question_kind
from feedback.surveys.survey_kinds import csat

FACES = {1: "sad", 2: "so-so", 3: "happy"}


@register_question_kind
class FacesQuestion(ScoredQuestionKind):
    key = "faces"
    order = 35
    label = "Three faces"
    template = "feedback/surveys/question_kinds/stars.html"
    scale = range(1, 4)
    survey_kind = csat.CsatSurvey
    email = QuestionEmail(
        name="Survey: faces",
        subjects=dict.fromkeys(("en", "zh-hans", "zh-hant"), "How do you feel about us?"),
        paragraphs=(REGULAR_GREETINGS, score_links(list(FACES.values()), 1)),
    )

    def score_text(self, score):
        return FACES[score]

    def _group(self, score):
        return {1: csat.NEGATIVE, 2: csat.NEUTRAL_ANSWER, 3: csat.POSITIVE}[score]
"""
CONSTRAINT = "response_score_on_scale"
CONSTRAINT_SQL = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s"


@pytest.fixture
def constraint_of_its_migration(transactional_db):
    """The constraint on scores as the kind's own migration would leave it."""
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(CONSTRAINT_SQL, [CONSTRAINT])
        (before,) = cursor.fetchone()
        condition = before.removeprefix("CHECK ")
        cursor.execute(f"ALTER TABLE feedback_response DROP CONSTRAINT {CONSTRAINT}")
        cursor.execute(
            f"ALTER TABLE feedback_response ADD CONSTRAINT {CONSTRAINT}"
            f" CHECK ({condition} OR scale = 'faces' AND score BETWEEN 1 AND 3)"
        )
    yield
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE feedback_answer, feedback_followup, feedback_response")
        cursor.execute(f"ALTER TABLE feedback_response DROP CONSTRAINT {CONSTRAINT}")
        cursor.execute(f"ALTER TABLE feedback_response ADD CONSTRAINT {CONSTRAINT} {before}")


@pytest.fixture
def faces(constraint_of_its_migration, tmp_path, monkeypatch):
    """The kind as if its module stood in the package."""
    monkeypatch.setattr(registry, "_question_kinds", dict(registry._question_kinds))
    path = tmp_path / "faces.py"
    path.write_text(MODULE)
    spec = importlib.util.spec_from_file_location("feedback.surveys.question_kinds.faces", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    email_templates.declare_question_mail(question_kinds.get_scale("faces"))
    yield question_kinds.get_scale("faces")
    del template_catalog.declared_templates["survey_csat_faces"]


@pytest.fixture
def survey(faces):
    survey = Survey.objects.create(kind="csat", titles={"en": "Store visit"}, created_at=clock.now())
    Question.objects.create(survey=survey, position=1, kind="faces", texts={"en": "How was it?"}, required=True)
    Question.objects.create(survey=survey, position=2, kind="text", texts={"en": "Why?"})
    return selectors.find_survey(survey.public_id)


@pytest.fixture
def answer(survey, make_customer, client):
    """A customer is asked by mail and answers on the page of the link."""

    def give(score):
        customer = make_customer("Ann", email=f"ann{score}@example.com", language="en")
        consent.give_consent(customer=customer, channel="email", topics=["surveys"], source="staff", at=clock.now())
        result = invitations.invite_customers(
            survey=survey, customer_ids=[customer.pk], occasion="visit", at=clock.now() - timedelta(minutes=5)
        )
        path = result.links[customer.pk].removeprefix("http://127.0.0.1:8000")
        return client.get(path), client.post(path, {"score": str(score)})

    return give


def test_new_kind_is_asked_by_mail_and_page(answer):
    page, _thanks = answer(3)

    mail = OutboundMessage.objects.get()
    assert (mail.template_key, mail.subject) == ("survey_csat_faces", "How do you feel about us?")
    assert "?score=3" in mail.text
    assert page.content.decode().count('name="score"') == 3


def test_answer_off_the_scale_is_refused(answer):
    _page, refused = answer(4)

    assert refused.status_code == 422
    assert not Response.objects.exists()


def test_answers_make_the_score_of_their_survey(survey, answer, make_user):
    for score in (1, 2, 3):
        answer(score)
    _days, period = report.report_period(None)

    score = selectors.survey_score(survey, period)
    chart = report.score_spread_chart(survey, period, make_user("manager"))
    assert score.group_counts == {"negative": 1, "neutral": 1, "positive": 1}
    assert chart.x_labels == ["sad", "so-so", "happy"]


def test_bad_answer_is_followed_up_and_stands_in_words(answer):
    answer(1)
    response = Response.objects.get()

    loops.open_follow_ups(response_ids=[response.pk], at=clock.now())

    line = TimelineEntry.objects.get(kind="survey_answered")
    assert FollowUp.objects.get().ticket.events.get().data["score"]["en"] == "sad"
    assert timeline_kinds[line.kind].sentence(line.data) == "Answered “Store visit”: sad"
    assert extensions.surveys_panel_context(response.customer, None)["kinds"][1][1] == [response]
