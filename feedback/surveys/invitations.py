"""Inviting customers to a survey: who is not asked and why, the invitations, and the mail that carries the link."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse

from crm.kernel import company
from crm.kernel.auth import signed_links
from crm.kernel.auth.models import User
from crm.kernel.db import sql_rows
from crm.kernel.ui import languages
from customers.messaging import outbox
from customers.messaging.choices import MessageState as Sending
from customers.messaging.models import OutboundMessage
from customers.profiles import timeline
from customers.profiles.models import Customer
from feedback.surveys import email_templates, rules
from feedback.surveys.choices import InvitationState, SurveyChannel, WithheldReason
from feedback.surveys.models import Invitation, Survey, Withheld, localized_text
from feedback.surveys.question_kinds import get_scale
from feedback.surveys.settings import SurveySettings
from feedback.surveys.survey_kinds import SurveyKind, registered_survey_kinds

CUSTOMERS_PER_CHUNK = 1000
TOKEN_PLACEHOLDER = "TOKEN"
UNSENT_STATES = (Sending.DROPPED, Sending.FAILED)


@dataclass
class InvitationResult:
    """How many were asked, why others were not, and the links by customer id (stored nowhere else)."""

    invited: int = 0
    withheld: Counter[str] = field(default_factory=Counter)
    links: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Occurrence:
    """Which survey is asked when, on which occasion, by which channel, and who asks."""

    survey: Survey
    occasion: str
    at: datetime
    by: User | None
    channel: str


def invite_customers(
    *,
    survey: Survey,
    customer_ids: Iterable[int],
    occasion: str,
    at: datetime,
    by: User | None = None,
    channel: str = SurveyChannel.EMAIL,
) -> InvitationResult:
    """Ask customers once on this occasion: by mail, or by a link that staff hand over.

    Who was asked lately is not asked again: NPS 90 days, all other surveys together 30 (settings). Everybody who is
    not asked stands in `Withheld` with the reason, also those whom the outbox refuses. Set-based, a transaction per
    thousand.
    """
    occurrence = _Occurrence(survey, occasion, at, by, channel)
    result, ids = InvitationResult(), sorted(set(customer_ids))
    for start in range(0, len(ids), CUSTOMERS_PER_CHUNK):
        _invite_chunk(occurrence, ids[start : start + CUSTOMERS_PER_CHUNK], result)
    return result


@transaction.atomic
def _invite_chunk(occurrence: _Occurrence, ids: list[int], result: InvitationResult) -> None:
    customers = list(Customer.objects.filter(pk__any=ids).order_by("pk").select_for_update(no_key=True))
    reasons = _withheld_reasons(occurrence, customers)
    new = [_new_invitation(occurrence, customer) for customer in customers if customer.pk not in reasons]
    invitations = sql_rows.create_instances(invitation for invitation, _token in new)
    result.links |= {invitation.customer_id: survey_url(token) for invitation, token in new}
    refused: dict[int, str] = {}
    if occurrence.channel == SurveyChannel.EMAIL and new:
        refused = _send_invitations(occurrence, new)
    sent = [invitation for invitation in invitations if invitation.customer_id not in refused]
    Invitation.objects.filter(pk__any=[invitation.pk for invitation in sent]).update(
        state=InvitationState.SENT, sent_at=occurrence.at
    )
    _write_timeline(occurrence, sent)
    withheld = {pk: (reason, "") for pk, reason in reasons.items()}
    withheld |= {pk: (WithheldReason.REFUSED, detail) for pk, detail in refused.items()}
    _store_withheld(occurrence, withheld)
    result.invited += len(sent)
    result.withheld.update(reason for reason, _detail in withheld.values())


def survey_url(token: str) -> str:
    """The address of a customer's own page."""
    return settings.SITE_URL + _survey_path_pattern().replace(TOKEN_PLACEHOLDER, token)


@lru_cache(1)
def _survey_path_pattern() -> str:
    """Cached: to reverse an address costs more than all else that is done for an invitation."""
    return reverse("feedback:survey_answer", args=[TOKEN_PLACEHOLDER])


def _withheld_reasons(occurrence: _Occurrence, customers: list[Customer]) -> dict[int, WithheldReason]:
    """Why somebody is not asked, by customer."""
    survey, at = occurrence.survey, occurrence.at
    ids = [customer.pk for customer in customers]
    known = Invitation.objects.filter(survey=survey, occasion=occurrence.occasion, customer__any=ids)
    already_asked = set(known.values_list("customer_id", flat=True))
    wait_days = getattr(company.get_settings(SurveySettings), survey.definition.wait_setting)
    last_asked_at = _last_asked_at(survey.definition, ids)
    reasons: dict[int, WithheldReason] = {}
    for customer in customers:
        if customer.pk in already_asked:
            reasons[customer.pk] = WithheldReason.ASKED_ALREADY
        elif customer.archived_at or customer.merged_into_id:
            reasons[customer.pk] = WithheldReason.ARCHIVED
        elif rules.is_asked_recently(last_asked_at.get(customer.pk), at, wait_days):
            reasons[customer.pk] = WithheldReason.ASKED_LATELY
        elif occurrence.channel == SurveyChannel.EMAIL and not customer.email:
            reasons[customer.pk] = WithheldReason.NO_ADDRESS
    return reasons


def _last_asked_at(kind: SurveyKind, ids: list[int]) -> dict[int, datetime]:
    """When each was last asked by a survey that shares the wait of this kind, by whatever channel."""
    sharing = [other.key for other in registered_survey_kinds() if other.wait_setting == kind.wait_setting]
    was_asked = Q(sent_at__isnull=False) | Q(channel=SurveyChannel.PHONE)
    asked = Invitation.objects.filter(was_asked, survey__kind__in=sharing, customer__any=ids).values_list("customer_id")
    return dict(asked.annotate(last=Max("created_at")).order_by())


def _new_invitation(occurrence: _Occurrence, customer: Customer) -> tuple[Invitation, str]:
    """An unsaved invitation and the token of its link."""
    token, digest = signed_links.generate_token()
    invitation = Invitation(
        survey=occurrence.survey,
        customer=customer,
        occasion=occurrence.occasion,
        token_digest=digest,
        channel=occurrence.channel,
        language=languages.match_language(customer.language, company.get_company().language),
        by=occurrence.by,
        created_at=occurrence.at,
        expires_at=occurrence.at + timedelta(days=occurrence.survey.valid_days),
    )
    return invitation, token


def _send_invitations(occurrence: _Occurrence, new: list[tuple[Invitation, str]]) -> dict[int, str]:
    """Hand the mails to the outbox. Returns the customers whom it refuses, with its reason."""
    survey, by = occurrence.survey, occurrence.by
    scored = next(question for question in survey.ordered_questions if question.is_scored)
    drafts = [
        outbox.MessageDraft(
            customer_id=invitation.customer_id,
            purpose="survey",
            topic="surveys",
            source_type="survey",
            source_id=survey.public_id,
            occasion_key=invitation.occasion,
            template_key=email_templates.template_key(get_scale(scored.kind)),
            language=invitation.language,
            variables={
                "link": survey_url(token),
                "question": localized_text(scored.texts, invitation.language),
                "title": survey.titles,
            },
            deadline=invitation.expires_at,
            by_id=by.pk if by else None,
        )
        for invitation, token in new
    ]
    messages: list[OutboundMessage] = outbox.enqueue_messages(drafts, occurrence.at)
    pairs = zip(new, messages, strict=True)
    return {
        invitation.customer_id: message.reason for (invitation, _t), message in pairs if message.state in UNSENT_STATES
    }


def _write_timeline(occurrence: _Occurrence, invitations: list[Invitation]) -> None:
    survey, by = occurrence.survey, occurrence.by
    actor = by.pk if by else None
    data = {"titles": survey.titles}
    timeline.write_timeline(
        timeline.NewTimelineEntry(
            invitation.customer_id, "survey_sent", occurrence.at, data, "survey", survey.public_id, actor
        )
        for invitation in invitations
    )


def _store_withheld(occurrence: _Occurrence, withheld: dict[int, tuple[WithheldReason, str]]) -> None:
    sql_rows.create_instances(
        Withheld(
            survey=occurrence.survey,
            customer_id=pk,
            occasion=occurrence.occasion,
            reason=reason,
            detail=detail,
            at=occurrence.at,
        )
        for pk, (reason, detail) in withheld.items()
    )
