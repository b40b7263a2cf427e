"""Asking customers over the years: real invitations through the door, answers by chance, set-based."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from crm.kernel.db import sql_rows
from crm.kernel.time import clock
from crm.tools.demo import dialogues, mail_delivery
from crm.tools.demo.example_staff import ExampleStaff
from crm.tools.demo.random_choices import weighted_choice
from customers.orders.models import CustomerSummary
from customers.profiles import facts, timeline
from feedback.surveys import invitations, question_kinds, rules, survey_kinds
from feedback.surveys.choices import InvitationState, SurveyChannel
from feedback.surveys.models import Answer, Invitation, Response, Survey

USE_INVITATIONS_SQL = """
UPDATE feedback_invitation i
SET state = %(state)s, used_at = u.used_at, opened_at = u.used_at - interval '2 minutes'
FROM jsonb_to_recordset(%(used)s::jsonb) AS u(id bigint, used_at timestamptz) WHERE i.id = u.id
"""
NPS_WEIGHTS = [(10, 0.30), (9, 0.25), (8, 0.17), (7, 0.11), (6, 0.06), (5, 0.04), (3, 0.03), (2, 0.02), (0, 0.02)]
STARS_WEIGHTS = [(5, 0.46), (4, 0.32), (3, 0.12), (2, 0.06), (1, 0.04)]
THUMBS_WEIGHTS = [(1, 0.86), (0, 0.14)]
SCORE_WEIGHTS = {"nps": NPS_WEIGHTS, "stars": STARS_WEIGHTS, "thumbs": THUMBS_WEIGHTS}
REMARKS_BY_SENTIMENT = {survey_kinds.GOOD: "good", survey_kinds.NEUTRAL: "middling", survey_kinds.BAD: "bad"}


@dataclass(frozen=True)
class ExampleReply:
    """An answer that is to be written: to which invitation, what, when."""

    invitation: Invitation
    score: int
    words: str
    at: datetime


def ask_survey_round(
    *, key: str, at: datetime, dice: random.Random, staff: ExampleStaff, most: int, now: datetime
) -> list[Response]:
    """Ask some of those who bought lately; two of five answer within nine days. Returns the new answers."""
    survey = Survey.objects.prefetch_related("questions").get(key=key)
    buyers = CustomerSummary.objects.filter(last_order_at__gte=at - timedelta(days=120), customer__email__isnull=False)
    ids = sorted(buyers.filter(customer__archived_at=None).values_list("customer_id", flat=True))
    chosen = dice.sample(ids, min(most, len(ids)))
    invitations.invite_customers(
        survey=survey, customer_ids=chosen, occasion=f"round:{at:%Y-%m-%d}", at=at, by=staff["marketing"]
    )
    mail_delivery.deliver_due_mail(until=at + timedelta(hours=30), dice=dice)
    sent = Invitation.objects.filter(survey=survey, occasion=f"round:{at:%Y-%m-%d}", sent_at__isnull=False)
    replies = []
    for invitation in sent.order_by("pk"):
        moment = at + timedelta(hours=dice.randrange(2, 216), minutes=dice.randrange(60))
        reply = draw_reply(dice, survey, invitation, moment, at)
        if dice.random() < 0.41 and moment < now:
            replies.append(reply)
    return save_replies(survey, replies)


def draw_reply(
    dice: random.Random, survey: Survey, invitation: Invitation, moment: datetime, at: datetime
) -> ExampleReply:
    """A score and words that fit it; people became a little happier over the years."""
    scale = next(question.kind for question in survey.questions.all() if question.is_scored)
    score = weighted_choice(dice, SCORE_WEIGHTS[scale])
    if scale == "nps" and score < 9 and dice.random() < max(0, (at.year * 12 + at.month - 24300) / 200):
        score += 1
    remarks = REMARKS_BY_SENTIMENT[question_kinds.get_scale(scale).group_of(score).sentiment]
    words = dice.choice(dialogues.SURVEY_REMARKS[remarks][invitation.language]) if dice.random() < 0.55 else ""
    return ExampleReply(invitation, score, words, moment)


def save_replies(survey: Survey, replies: Sequence[ExampleReply]) -> list[Response]:
    """Answers with all that follows from them on the customer's page, in a handful of statements."""
    questions = list(survey.questions.all())
    scored = next(question for question in questions if question.is_scored)
    scale = question_kinds.get_scale(scored.kind)
    with connection.cursor() as cursor:
        used = sql_rows.rows_as_json({"id": r.invitation.pk, "used_at": r.at} for r in replies)
        cursor.execute(USE_INVITATIONS_SQL, {"used": used, "state": InvitationState.COMPLETE})
    answered = sql_rows.create_instances(
        Response(
            invitation=r.invitation, survey=survey, customer_id=r.invitation.customer_id, kind=survey.kind, scale=scored.kind,
            score=r.score, group=scale.group_of(r.score).key, comment=r.words, language=r.invitation.language,
            channel=SurveyChannel.LINK, at=r.at,
        )
        for r in sorted(replies, key=lambda reply: reply.at)
    )  # fmt: skip
    answers = [Answer(response=row, question=scored, number=row.score) for row in answered]
    answers += [
        Answer(response=row, question=_comment_question(questions, row.score), text=row.comment)
        for row in answered
        if row.comment
    ]
    sql_rows.create_instances(answers)
    timeline.write_timeline(_timeline_line(survey, row) for row in answered)
    if answered:
        facts.push_facts(survey.kind, {row.customer_id: (row.group, row.score) for row in answered}, answered[-1].at)
    return answered


def _comment_question(questions: list[Any], score: int) -> Any:
    return next(q for q in questions if not q.is_scored and rules.is_question_shown(score, q.shown_from, q.shown_to))


def _timeline_line(survey: Survey, row: Response) -> timeline.NewTimelineEntry:
    told = {"titles": survey.titles, "scale": row.scale, "score": row.score, "text": row.comment, "by_phone": False}
    return timeline.NewTimelineEntry(row.customer_id, "survey_answered", row.at, told, "survey", survey.public_id)


def expire_invitations(at: datetime) -> None:
    """Links whose days are over."""
    from feedback.surveys import services

    with clock.move_clock(at):
        services.expire_invitations(at=at)
