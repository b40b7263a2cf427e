"""What staff, customers and machines can do with surveys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth import signed_links
from crm.kernel.auth.models import User
from crm.kernel.background import events
from crm.kernel.db import sql_rows
from crm.kernel.ui import languages
from customers.profiles import facts, timeline
from customers.profiles.models import Customer
from feedback.surveys import defaults, queries, rules
from feedback.surveys.choices import InvitationState, SurveyChannel
from feedback.surveys.events import SurveyAnswered
from feedback.surveys.models import Answer, Invitation, Question, Response, Survey
from feedback.surveys.question_kinds import get_scale


class LinkExpired(Exception):
    """The link worked for some days only; the message says so."""


class MissingScore(ValueError):
    """The survey's question has no answer, or one that is not on its scale."""


@dataclass(frozen=True)
class AnswerInput:
    """An answer: the score, and words by question id."""

    score: int
    texts: Mapping[int, str]


@transaction.atomic
def record_link_opening(*, invitation: Invitation, at: datetime) -> None:
    """The page of the link was opened, by the customer or by a scanner; the link is not used up."""
    if invitation.opened_at is None:
        fresh = Invitation.objects.waiting(at).filter(pk=invitation.pk, opened_at=None)
        fresh.update(opened_at=at, state=InvitationState.OPENED)


@transaction.atomic
def record_answer(*, invitation: Invitation, answer: AnswerInput, language: str, at: datetime) -> Response | None:
    """Record the one answer of a link. None for everybody who comes after it: they see thanks like the first.

    Refused with LinkExpired after its days, with MissingScore without a score on the scale.

    The conditional update lets one of many parallel requests through; the unique invitation is the second line.
    """
    if invitation.used_at is None and invitation.expires_at <= at:
        raise LinkExpired(_("This link has expired."))
    question = _check_score(invitation.survey, answer)
    if not queries.use_up_invitation(invitation, at):
        return None
    return _write_response(invitation, question, answer, language=language, channel=SurveyChannel.LINK, by=None, at=at)


@transaction.atomic
def record_phone_answer(
    *, survey: Survey, customer: Customer, answer: AnswerInput, call: str, by: User, at: datetime
) -> Response | None:
    """Record what a customer said on the phone; `call` names the call, so that a form sent twice counts once.

    An open invitation of this survey is used up by it: the link then shows thanks.
    """
    question = _check_score(survey, answer)
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
            channel=SurveyChannel.PHONE,
            by=by,
            **_new_invitation_fields(survey, customer, at),
        )
    if not queries.use_up_invitation(invitation, at):
        return None
    return _write_response(
        invitation,
        question,
        answer,
        language=languages.match_language(customer.language),
        channel=SurveyChannel.PHONE,
        by=by,
        at=at,
    )


@transaction.atomic
def expire_invitations(*, at: datetime) -> int:
    """Mark the invitations whose days are over. Returns how many."""
    over = Invitation.objects.filter(used_at=None, expires_at__lte=at).exclude(state=InvitationState.EXPIRED)
    return over.update(state=InvitationState.EXPIRED)


@transaction.atomic
def change_survey_texts(
    *, survey: Survey, texts: Mapping[str, Any], questions: Mapping[int, Mapping[str, Any]], by: User
) -> Survey:
    """Replace texts of the survey and its questions; audited with the old and the new."""
    survey = Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    before = {name: getattr(survey, name) for name in texts}
    for name, value in texts.items():
        setattr(survey, name, value)
    survey.save(update_fields=list(texts))
    for question in survey.questions.filter(pk__in=list(questions)):
        for name, value in questions[question.pk].items():
            setattr(question, name, value)
        question.save(update_fields=list(questions[question.pk]))
    audit.record_audit_entry("survey.texts_changed", survey, by=by, before=before, after=dict(texts))
    return survey


@transaction.atomic
def create_survey(*, template: str, title: str, by: User, at: datetime) -> Survey:
    """A new survey from a template; the title is the same in every language until it is translated."""
    survey = defaults.create_from_template(
        template, titles=dict.fromkeys(languages.LANGUAGE_CODES, title), created_at=at
    )
    audit.record_audit_entry("survey.created", survey, by=by, after={"template": template, "title": title})
    return survey


@transaction.atomic
def set_survey_active(*, survey: Survey, is_active: bool, by: User) -> None:
    """From now on the survey is sent, or is not; links that were sent go on working."""
    if Survey.objects.filter(pk=survey.pk).exclude(is_active=is_active).update(is_active=is_active):
        audit.record_audit_entry("survey.use_changed", survey, by=by, after={"is_active": is_active})


def _new_invitation_fields(survey: Survey, customer: Customer, at: datetime) -> dict[str, Any]:
    """The fields of an invitation for a call; its token is shown to nobody."""
    _token, digest = signed_links.generate_token()
    expires_at = at + timedelta(days=survey.valid_days)
    return {
        "token_digest": digest,
        "language": languages.match_language(customer.language),
        "created_at": at,
        "expires_at": expires_at,
    }


def _check_score(survey: Survey, answer: AnswerInput) -> Question:
    question = survey.scored_question
    if question is None or answer.score not in get_scale(question.kind).scale:
        raise MissingScore(_("Choose one of the answers."))
    return question


def _write_response(
    invitation: Invitation,
    question: Question,
    answer: AnswerInput,
    *,
    language: str,
    channel: str,
    by: User | None,
    at: datetime,
) -> Response:
    survey, texts = invitation.survey, _answer_texts(invitation.survey, answer)
    response = Response(
        invitation=invitation,
        survey=survey,
        customer_id=invitation.customer_id,
        kind=survey.kind,
        scale=question.kind,
        score=answer.score,
        group=get_scale(question.kind).group_of(answer.score).key,
        comment="\n\n".join(texts.values()),
        language=language,
        channel=channel,
        staff=by,
        at=at,
    )
    sql_rows.create_instances([response])
    sql_rows.create_instances(
        [
            Answer(response=response, question=question, number=answer.score),
            *(Answer(response=response, question_id=pk, text=text) for pk, text in texts.items()),
        ]
    )
    _announce_answer(response)
    return response


def _answer_texts(survey: Survey, answer: AnswerInput) -> dict[int, str]:
    """Words, by question id, in answer to the questions that this score asks."""
    texts = {
        question.pk: question.definition.clean_text(answer.texts.get(question.pk, ""))
        for question in survey.ordered_questions
        if not question.is_scored and rules.is_question_shown(answer.score, question.shown_from, question.shown_to)
    }
    return {pk: text for pk, text in texts.items() if text}


def _announce_answer(response: Response) -> None:
    data = {
        "titles": response.survey.titles,
        "scale": response.scale,
        "score": response.score,
        "text": response.comment,
        "by_phone": response.channel == SurveyChannel.PHONE,
    }
    survey = response.survey.public_id
    timeline.write_timeline(
        [
            timeline.NewTimelineEntry(
                response.customer_id, "survey_answered", response.at, data, "survey", survey, response.staff_id
            )
        ]
    )
    facts.push_facts(response.kind, {response.customer_id: (response.group, response.score)}, response.at)
    events.announce_event(
        SurveyAnswered(
            ids=[response.pk],
            at=response.at,
            kind=response.kind,
            scale=response.scale,
            score=response.score,
            group=response.group,
            customer_id=response.customer_id,
            survey=survey,
        )
    )
