"""What staff, customers and machines can do with surveys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth import signed_links
from crm.kernel.background import events
from crm.kernel.db import sql_rows
from crm.kernel.db.prepared_statements import prepared
from crm.kernel.ui import languages
from customers.profiles import facts, timeline
from customers.profiles.models import Customer
from feedback.surveys import defaults, rules
from feedback.surveys.choices import Channel, QuestionKind, State
from feedback.surveys.events import SURVEY_ANSWERED
from feedback.surveys.models import Answer, Invitation, Question, Response, Survey

LONGEST_TEXT = 4000
# Of many requests at once this lets one through.
USE_UP = """
UPDATE feedback_invitation SET used_at = %(at)s, state = 'complete' WHERE id = %(id)s AND used_at IS NULL AND expires_at > %(at)s
"""


class LinkExpired(Exception):
    """The link worked for some days only; the message says so."""


class NoScore(ValueError):
    """The survey's question has no answer, or one that is not on its scale."""


@dataclass(frozen=True)
class Given:
    """What a customer said: the score, and words by question id."""

    score: int
    texts: Mapping[int, str]


@transaction.atomic
def open_link(*, invitation: Invitation, at: datetime) -> None:
    """The page was seen, by the customer or by a scanner: noted, and nothing is used up."""
    if invitation.opened_at is None:
        fresh = Invitation.objects.waiting(at).filter(pk=invitation.pk, opened_at=None)
        fresh.update(opened_at=at, state=State.OPENED)


@transaction.atomic
def answer(*, invitation: Invitation, given: Given, language: str, at: datetime) -> Response | None:
    """Keep the one answer of a link. None for everybody who comes after it: they see thanks like the first.

    The conditional update lets one of many parallel requests through; the unique invitation is the second line.
    """
    if invitation.used_at is None and invitation.expires_at <= at:
        raise LinkExpired(_("This link has expired."))
    question = _checked(invitation.survey, given)
    if not _use_up(invitation, at):
        return None
    return _record(invitation, question, given, language=language, channel=Channel.LINK, by=None, at=at)


@transaction.atomic
def answer_by_phone(
    *, survey: Survey, customer: Customer, given: Given, call: str, by: Any, at: datetime
) -> Response | None:
    """Write down what a customer said on the phone; `call` names the call, so that a form sent twice counts once.

    An open invitation of this survey is used up by it: the link then shows thanks.
    """
    question = _checked(survey, given)
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    occasion = f"phone:{call}"
    if Invitation.objects.filter(survey=survey, customer=customer, occasion=occasion).exists():
        return None
    invitation = Invitation.objects.waiting(at).filter(survey=survey, customer=customer).order_by("-created_at").first()
    if invitation is None:
        invitation = Invitation.objects.create(
            survey=survey,
            customer=customer,
            occasion=occasion,
            channel=Channel.PHONE,
            by=by,
            **_fresh(survey, customer, at),
        )
    if not _use_up(invitation, at):
        return None
    return _record(
        invitation, question, given, language=languages.best(customer.language), channel=Channel.PHONE, by=by, at=at
    )


@transaction.atomic
def expire_invitations(*, at: datetime) -> int:
    """Invitations whose days are over are marked so; returns how many."""
    over = Invitation.objects.filter(used_at=None, expires_at__lte=at).exclude(state=State.EXPIRED)
    return over.update(state=State.EXPIRED)


@transaction.atomic
def change_texts(
    *, survey: Survey, texts: Mapping[str, Any], questions: Mapping[int, Mapping[str, Any]], by: Any
) -> Survey:
    """Put new words in place of the old, per language; audited with both."""
    survey = Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    before = {name: getattr(survey, name) for name in texts}
    for name, value in texts.items():
        setattr(survey, name, value)
    survey.save(update_fields=list(texts))
    for question in survey.questions.filter(pk__in=list(questions)):
        for name, value in questions[question.pk].items():
            setattr(question, name, value)
        question.save(update_fields=list(questions[question.pk]))
    audit.record("survey.texts_changed", survey, by=by, before=before, after=dict(texts))
    return survey


@transaction.atomic
def create_survey(*, template: str, title: str, by: Any, at: datetime) -> Survey:
    """A survey of one's own from a template; the title stands in every language until it is translated."""
    survey = defaults.create(template, titles=dict.fromkeys(languages.CODES, title), created_at=at)
    audit.record("survey.created", survey, by=by, after={"template": template, "title": title})
    return survey


@transaction.atomic
def put_in_use(*, survey: Survey, is_active: bool, by: Any) -> None:
    """From now on the survey is sent, or is not; links that are out go on working."""
    if Survey.objects.filter(pk=survey.pk).exclude(is_active=is_active).update(is_active=is_active):
        audit.record("survey.use_changed", survey, by=by, after={"is_active": is_active})


def _fresh(survey: Survey, customer: Customer, at: datetime) -> dict[str, Any]:
    """What every new invitation needs; nobody ever sees the token of this one."""
    _token, digest = signed_links.new_token()
    expires_at = at + timedelta(days=survey.valid_days)
    return {
        "token_digest": digest,
        "language": languages.best(customer.language),
        "created_at": at,
        "expires_at": expires_at,
    }


def _use_up(invitation: Invitation, at: datetime) -> bool:
    with prepared() as cursor:
        cursor.execute(USE_UP, {"id": invitation.pk, "at": at})
        return bool(cursor.rowcount)


def _checked(survey: Survey, given: Given) -> Question:
    question = next((each for each in survey.asked if each.is_scored), None)
    if question is None or given.score not in rules.SCALES[question.kind]:
        raise NoScore(_("Choose one of the answers."))
    return question


def _record(
    invitation: Invitation, question: Question, given: Given, *, language: str, channel: str, by: Any, at: datetime
) -> Response:
    survey, texts = invitation.survey, _texts(invitation.survey, given)
    response = Response(
        invitation=invitation,
        survey=survey,
        customer_id=invitation.customer_id,
        kind=survey.kind,
        scale=question.kind,
        score=given.score,
        group=rules.group(question.kind, given.score),
        comment="\n\n".join(texts.values()),
        language=language,
        channel=channel,
        staff=by,
        at=at,
    )
    sql_rows.create([response])
    sql_rows.create(
        [
            Answer(response=response, question=question, number=given.score),
            *(Answer(response=response, question_id=pk, text=text) for pk, text in texts.items()),
        ]
    )
    _tell(response)
    return response


def _texts(survey: Survey, given: Given) -> dict[int, str]:
    """Words that were given to questions that this score asks."""
    shown = (
        q for q in survey.asked if q.kind == QuestionKind.TEXT and rules.is_shown(given.score, q.shown_from, q.shown_to)
    )
    found = {
        question.pk: given.texts.get(question.pk, "").replace("\x00", "").strip()[:LONGEST_TEXT] for question in shown
    }
    return {pk: text for pk, text in found.items() if text}


def _tell(response: Response) -> None:
    data = {
        "titles": response.survey.titles,
        "scale": response.scale,
        "score": response.score,
        "text": response.comment,
        "by_phone": response.channel == Channel.PHONE,
    }
    survey = response.survey.public_id
    timeline.write(
        [timeline.Line(response.customer_id, "survey_answered", response.at, data, "survey", survey, response.staff_id)]
    )
    facts.push(response.kind, {response.customer_id: (response.group, response.score)}, response.at)
    events.announce(
        SURVEY_ANSWERED,
        [response.pk],
        at=response.at,
        kind=response.kind,
        scale=response.scale,
        score=response.score,
        group=response.group,
        customer_id=response.customer_id,
        survey=survey,
    )
