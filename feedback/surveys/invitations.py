"""Asking customers: who is left in peace and why, invitations, and the mail that carries the link."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse

from crm.kernel import company
from crm.kernel.auth import signed_links
from crm.kernel.db import sql_rows
from crm.kernel.ui import languages
from customers.messaging import outbox
from customers.messaging.choices import MessageState as Sending
from customers.messaging.models import OutboundMessage
from customers.profiles import timeline
from customers.profiles.models import Customer
from feedback.surveys import rules
from feedback.surveys.choices import InvitationState, SurveyChannel, SurveyKind, WithheldReason
from feedback.surveys.models import Invitation, Survey, Withheld, localized_text
from feedback.surveys.settings import SurveySettings

CUSTOMERS_PER_CHUNK = 1000
TOKEN_PLACEHOLDER = "TOKEN"
UNSENT_STATES = (Sending.DROPPED, Sending.FAILED)


@dataclass
class InvitationResult:
    """What became of it: how many were asked, why others were not, and the links (kept nowhere else)."""

    invited: int = 0
    withheld: Counter[str] = field(default_factory=Counter)
    links: dict[int, str] = field(default_factory=dict)


def invite_customers(
    *,
    survey: Survey,
    customer_ids: Iterable[int],
    occasion: str,
    at: datetime,
    by: Any = None,
    channel: str = SurveyChannel.EMAIL,
) -> InvitationResult:
    """Ask customers once on this occasion: by mail through the door, or by a link that staff hand over.

    Who was asked lately is left in peace: NPS 90 days, all other surveys together 30 (settings). Everybody who is
    not asked stands in `Withheld` with the reason. Set-based, a transaction per thousand.
    """
    asked, ids = InvitationResult(), sorted(set(customer_ids))
    for start in range(0, len(ids), CUSTOMERS_PER_CHUNK):
        _invite_chunk(survey, ids[start : start + CUSTOMERS_PER_CHUNK], occasion, at, by, channel, asked)
    return asked


@transaction.atomic
def _invite_chunk(
    survey: Survey, ids: list[int], occasion: str, at: datetime, by: Any, channel: str, asked: InvitationResult
) -> None:
    people = list(Customer.objects.filter(pk__any=ids).order_by("pk").select_for_update(no_key=True))
    reasons = _withheld_reasons(survey, people, occasion, at, channel)
    made = [_new_invitation(survey, person, occasion, at, by, channel) for person in people if person.pk not in reasons]
    invitations = sql_rows.create_instances(invitation for invitation, _token in made)
    asked.links |= {invitation.customer_id: survey_url(token) for invitation, token in made}
    refused: dict[int, str] = {}
    if channel == SurveyChannel.EMAIL and made:
        refused = _send_invitations(survey, made, at, by)
    reached = [invitation for invitation in invitations if invitation.customer_id not in refused]
    Invitation.objects.filter(pk__any=[invitation.pk for invitation in reached]).update(
        state=InvitationState.SENT, sent_at=at
    )
    _note_invitations(survey, reached, at, by)
    withheld = {pk: (reason, "") for pk, reason in reasons.items()}
    withheld |= {pk: (WithheldReason.REFUSED, detail) for pk, detail in refused.items()}
    _store_withheld(survey, withheld, occasion, at)
    asked.invited += len(reached)
    asked.withheld.update(reason for reason, _detail in withheld.values())


def survey_url(token: str) -> str:
    """The address of a customer's own page."""
    return settings.SITE_URL + _survey_path_pattern().replace(TOKEN_PLACEHOLDER, token)


@lru_cache(1)
def _survey_path_pattern() -> str:
    """Made once: to reverse an address costs more than all else that is done for an invitation."""
    return reverse("feedback:survey_answer", args=[TOKEN_PLACEHOLDER])


def _withheld_reasons(
    survey: Survey, people: list[Customer], occasion: str, at: datetime, channel: str
) -> dict[int, WithheldReason]:
    """Why somebody is not asked, by customer."""
    ids = [person.pk for person in people]
    known = Invitation.objects.filter(survey=survey, occasion=occasion, customer__any=ids)
    already = set(known.values_list("customer_id", flat=True))
    wait = company.get_settings(SurveySettings)
    days = wait.nps_wait_days if survey.kind == SurveyKind.NPS else wait.other_wait_days
    lately = _last_asked(survey.kind, ids)
    found: dict[int, WithheldReason] = {}
    for person in people:
        if person.pk in already:
            found[person.pk] = WithheldReason.ASKED_ALREADY
        elif person.archived_at or person.merged_into_id:
            found[person.pk] = WithheldReason.ARCHIVED
        elif rules.is_asked_recently(lately.get(person.pk), at, days):
            found[person.pk] = WithheldReason.ASKED_LATELY
        elif channel == SurveyChannel.EMAIL and not person.email:
            found[person.pk] = WithheldReason.NO_ADDRESS
    return found


def _last_asked(kind: str, ids: list[int]) -> dict[int, datetime]:
    """When each was last asked by a survey of the same family (NPS, or anything else), by whatever channel."""
    family = Q(survey__kind=SurveyKind.NPS) if kind == SurveyKind.NPS else ~Q(survey__kind=SurveyKind.NPS)
    reached = Q(sent_at__isnull=False) | Q(channel=SurveyChannel.PHONE)
    asked = Invitation.objects.filter(family, reached, customer__any=ids).values_list("customer_id")
    return dict(asked.annotate(last=Max("created_at")).order_by())


def _new_invitation(
    survey: Survey, person: Customer, occasion: str, at: datetime, by: Any, channel: str
) -> tuple[Invitation, str]:
    token, digest = signed_links.generate_token()
    invitation = Invitation(
        survey=survey,
        customer=person,
        occasion=occasion,
        token_digest=digest,
        channel=channel,
        language=languages.match_language(person.language, company.get_company().language),
        by=by,
        created_at=at,
        expires_at=at + timedelta(days=survey.valid_days),
    )
    return invitation, token


def _send_invitations(survey: Survey, made: list[tuple[Invitation, str]], at: datetime, by: Any) -> dict[int, str]:
    """Hand the mails to the door; customers whom it refuses, with its reason."""
    scored = next(question for question in survey.questions.all() if question.is_scored)
    drafts = [
        outbox.MessageDraft(
            customer_id=invitation.customer_id,
            purpose="survey",
            topic="surveys",
            source_type="survey",
            source_id=survey.public_id,
            occasion_key=invitation.occasion,
            template_key=f"survey_{survey.kind}_{scored.kind}",
            language=invitation.language,
            variables={
                "link": survey_url(token),
                "question": localized_text(scored.texts, invitation.language),
                "title": survey.titles,
            },
            deadline=invitation.expires_at,
            by_id=getattr(by, "pk", None),
        )
        for invitation, token in made
    ]
    messages: list[OutboundMessage] = outbox.enqueue_messages(drafts, at)
    pairs = zip(made, messages, strict=True)
    return {
        invitation.customer_id: message.reason for (invitation, _t), message in pairs if message.state in UNSENT_STATES
    }


def _note_invitations(survey: Survey, invitations: list[Invitation], at: datetime, by: Any) -> None:
    actor = getattr(by, "pk", None)
    lines = (
        timeline.NewTimelineEntry(
            each.customer_id, "survey_sent", at, {"titles": survey.titles}, "survey", survey.public_id, actor
        )
        for each in invitations
    )
    timeline.write_timeline(lines)


def _store_withheld(
    survey: Survey, withheld: dict[int, tuple[WithheldReason, str]], occasion: str, at: datetime
) -> None:
    sql_rows.create_instances(
        Withheld(survey=survey, customer_id=pk, occasion=occasion, reason=reason, detail=detail, at=at)
        for pk, (reason, detail) in withheld.items()
    )
