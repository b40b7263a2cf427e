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
from crm.tools.demo.example_staff import Staff
from crm.tools.demo.random_choices import weighted
from customers.orders.models import CustomerSummary
from customers.profiles import facts, timeline
from feedback.surveys import invitations, rules
from feedback.surveys.choices import Channel, State
from feedback.surveys.models import Answer, Invitation, Response, Survey

USED = """
UPDATE feedback_invitation i
SET state = %(state)s, used_at = u.used_at, opened_at = u.used_at - interval '2 minutes'
FROM jsonb_to_recordset(%(used)s::jsonb) AS u(id bigint, used_at timestamptz) WHERE i.id = u.id
"""
NPS = [(10, 0.30), (9, 0.25), (8, 0.17), (7, 0.11), (6, 0.06), (5, 0.04), (3, 0.03), (2, 0.02), (0, 0.02)]
STARS = [(5, 0.46), (4, 0.32), (3, 0.12), (2, 0.06), (1, 0.04)]
THUMBS = [(1, 0.86), (0, 0.14)]
CHANCES = {rules.NPS: NPS, rules.STARS: STARS, rules.THUMBS: THUMBS}
KIND_OF = {**dict.fromkeys(rules.GOOD, "good"), **dict.fromkeys(rules.BAD, "bad")}


@dataclass(frozen=True)
class Reply:
    """An answer that is to be written: to which invitation, what, when."""

    invitation: Invitation
    score: int
    words: str
    at: datetime


def ask_round(*, key: str, at: datetime, dice: random.Random, staff: Staff, most: int, now: datetime) -> list[Response]:
    """Ask some of those who bought lately; two of five answer within nine days. Returns the new answers."""
    survey = Survey.objects.prefetch_related("questions").get(key=key)
    buyers = CustomerSummary.objects.filter(last_order_at__gte=at - timedelta(days=120), customer__email__isnull=False)
    ids = sorted(buyers.filter(customer__archived_at=None).values_list("customer_id", flat=True))
    chosen = dice.sample(ids, min(most, len(ids)))
    invitations.invite(
        survey=survey, customer_ids=chosen, occasion=f"round:{at:%Y-%m-%d}", at=at, by=staff["marketing"]
    )
    mail_delivery.deliver(until=at + timedelta(hours=30), dice=dice)
    sent = Invitation.objects.filter(survey=survey, occasion=f"round:{at:%Y-%m-%d}", sent_at__isnull=False)
    replies = []
    for invitation in sent.order_by("pk"):
        moment = at + timedelta(hours=dice.randrange(2, 216), minutes=dice.randrange(60))
        reply = draw(dice, survey, invitation, moment, at)
        if dice.random() < 0.41 and moment < now:
            replies.append(reply)
    return write(survey, replies)


def draw(dice: random.Random, survey: Survey, invitation: Invitation, moment: datetime, at: datetime) -> Reply:
    """A score and words that fit it; people became a little happier over the years."""
    scale = next(question.kind for question in survey.questions.all() if question.is_scored)
    score = weighted(dice, CHANCES[scale])
    if scale == rules.NPS and score < 9 and dice.random() < max(0, (at.year * 12 + at.month - 24300) / 200):
        score += 1
    mood = KIND_OF.get(rules.group(scale, score), "middling")
    words = dice.choice(dialogues.REMARKS[mood][invitation.language]) if dice.random() < 0.55 else ""
    return Reply(invitation, score, words, moment)


def write(survey: Survey, replies: Sequence[Reply]) -> list[Response]:
    """Answers with all that follows from them on the customer's page, in a handful of statements."""
    questions = list(survey.questions.all())
    scored = next(question for question in questions if question.is_scored)
    with connection.cursor() as cursor:
        used = sql_rows.document({"id": r.invitation.pk, "used_at": r.at} for r in replies)
        cursor.execute(USED, {"used": used, "state": State.COMPLETE})
    answered = sql_rows.create(
        Response(
            invitation=r.invitation, survey=survey, customer_id=r.invitation.customer_id, kind=survey.kind, scale=scored.kind,
            score=r.score, group=rules.group(scored.kind, r.score), comment=r.words, language=r.invitation.language,
            channel=Channel.LINK, at=r.at,
        )
        for r in sorted(replies, key=lambda reply: reply.at)
    )  # fmt: skip
    answers = [Answer(response=row, question=scored, number=row.score) for row in answered]
    answers += [
        Answer(response=row, question=_asked(questions, row.score), text=row.comment) for row in answered if row.comment
    ]
    sql_rows.create(answers)
    timeline.write(_line(survey, row) for row in answered)
    if answered:
        facts.push(survey.kind, {row.customer_id: (row.group, row.score) for row in answered}, answered[-1].at)
    return answered


def _asked(questions: list[Any], score: int) -> Any:
    return next(q for q in questions if not q.is_scored and rules.is_shown(score, q.shown_from, q.shown_to))


def _line(survey: Survey, row: Response) -> timeline.Line:
    told = {"titles": survey.titles, "scale": row.scale, "score": row.score, "text": row.comment, "by_phone": False}
    return timeline.Line(row.customer_id, "survey_answered", row.at, told, "survey", survey.public_id)


def expire(at: datetime) -> None:
    """Links whose days are over."""
    from feedback.surveys import services

    with clock.moved_to(at):
        services.expire_invitations(at=at)
