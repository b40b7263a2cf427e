"""What staff do with messages: settle those of unknown fate, recall, write to one customer, change and test templates."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.background import wakeup
from crm.kernel.ui import languages
from customers.messaging import channels, outbox
from customers.messaging.choices import MessagePurpose, MessageReason, MessageState, MessageTopic
from customers.messaging.content import template_catalog, template_language
from customers.messaging.models import MessageTemplate, OutboundMessage
from customers.messaging.outbox import MessageDraft
from customers.messaging.rules import history_entry
from customers.profiles import timeline
from customers.profiles.models import Customer


class NotSettled(Exception):
    """This cannot be done in the message's present state; the text says why."""


class BadTemplateText(ValueError):
    """The text cannot be saved; `problems` says per language what is wrong."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@transaction.atomic
def mark_message_sent(*, message: OutboundMessage, reason: str, at: datetime, by: User) -> OutboundMessage:
    """A message of unknown fate counts as sent, because a member of staff knows that it arrived.

    State, history, timeline and audit change together. Raises NotSettled in any other state.
    """
    locked = _lock_message(message, MessageState.UNKNOWN)
    _settle_message(locked, MessageState.ACCEPTED, MessageReason.MARKED_SENT, note=reason, at=at, by=by)
    locked.accepted_at = at
    locked.save(update_fields=["state", "reason", "fence", "history", "accepted_at"])
    line = timeline.NewTimelineEntry(
        locked.customer_id, "message_sent", at, {"subject": locked.subject}, "message", locked.public_id, by.pk
    )
    timeline.write_timeline([line])
    return locked


@transaction.atomic
def resend_message(*, message: OutboundMessage, reason: str, at: datetime, by: User) -> OutboundMessage:
    """An unknown, held or failed message is sent again: the governor decides anew, and all attempts are before it.

    Raises NotSettled in any other state, where it can never be sent as it is, and where its channel has no adapter.
    """
    locked = _lock_message(message, MessageState.UNKNOWN, MessageState.HELD, MessageState.FAILED)
    if locked.state == MessageState.FAILED and not may_resend_failed(locked):
        raise NotSettled(_("This message cannot be sent as it is."))
    if not channels.is_channel_configured(locked.channel):
        raise NotSettled(_("This channel is not configured."))
    _settle_message(locked, MessageState.DEFERRED, MessageReason.SENT_AGAIN, note=reason, at=at, by=by)
    locked.attempts, locked.next_attempt_at, locked.send_day = 0, at, None
    locked.save(update_fields=["state", "reason", "fence", "history", "attempts", "next_attempt_at", "send_day"])
    outbox.free_daily_slots([locked.pk])
    wakeup.wake_worker("outbox")
    return locked


def may_resend_failed(message: OutboundMessage) -> bool:
    """True if a message that failed may be sent again: it can be written, and what stood in its way may be mended."""
    return message.state == MessageState.FAILED and message.reason != MessageReason.UNREADABLE


@transaction.atomic
def recall_message(*, message: OutboundMessage, at: datetime, by: User) -> None:
    """A message that waits is dropped. Raises NotSettled once it is being handed over or has its end."""
    if not outbox.drop_message(message_id=message.pk, reason=MessageReason.RECALLED, at=at, by=by):
        raise NotSettled(_("It is too late: the message is on its way or has its end."))
    audit.record_audit_entry("message.recalled", message, by=by)


def write_to_customer(
    *, customer: Customer, subject: str, text: str, topic: str, once: str, at: datetime, by: User
) -> OutboundMessage:
    """Enqueue one mail from a member of staff to one customer; sending the form twice (`once`) is one message, and other
    words in the same form are another.

    Mail about service is transactional; any other topic needs consent, as all care does.
    """
    purpose = MessagePurpose.TRANSACTIONAL if topic == MessageTopic.SERVICE else MessagePurpose.CARE
    draft = MessageDraft(
        customer_id=customer.pk,
        purpose=purpose,
        topic=topic,
        source_type="staff",
        source_id=by.pk,
        occasion_key=f"mail:{once}:{_text_digest(subject, text, topic)}",
        subject=subject,
        text=text,
        by_id=by.pk,
    )
    with transaction.atomic():
        message = outbox.enqueue_messages([draft], at)[0]
        if message.is_new:
            audit.record_audit_entry("message.written", message, by=by, after={"topic": topic})
    return message


def send_test_message(
    *, key: str, texts: Mapping[str, str], customer: Customer, language: str, at: datetime, by: User
) -> OutboundMessage:
    """Enqueue the text as this customer would get it, to the member of staff who asks."""
    subject, body = filled_template(key=key, text=texts, customer=customer, language=language)
    draft = MessageDraft(
        customer_id=customer.pk,
        purpose=MessagePurpose.TRANSACTIONAL,
        topic=MessageTopic.SERVICE,
        source_type="trial",
        source_id=key,
        occasion_key=f"test:{secrets.token_hex(8)}",
        subject=_("[Test] %(subject)s") % {"subject": subject},
        text=body,
        language=language,
        address=by.email,
        by_id=by.pk,
    )
    return outbox.enqueue_messages([draft], at)[0]


def filled_template(*, key: str, text: Mapping[str, str], customer: Customer, language: str) -> tuple[str, str]:
    """Subject and Markdown body with the customer's values, and examples for variables that only the occasion knows."""
    values = template_catalog.standard_values(customer, language)
    declared = template_catalog.declared_templates.get(key)
    if declared:
        values |= {
            name: template_catalog.localized_value(variable.example, language)
            for name, variable in declared.variables.items()
        }
    paragraphs = [
        paragraph
        for paragraph in template_language.split_paragraphs(text.get("body", ""))
        if not template_language.is_paragraph_left_out(paragraph, values)
    ]
    body = template_language.fill_markdown("\n\n".join(paragraphs), values)
    return template_language.fill_subject(text.get("subject", ""), values), body


@transaction.atomic
def save_template(
    *, key: str, name: str, purpose: str, topic: str, texts: Mapping[str, Mapping[str, str]], at: datetime, by: User
) -> MessageTemplate:
    """Save a new version of a template's texts; it holds from the next message on.

    Raises BadTemplateText for a variable that nobody fills, a text without a subject, or no text at all.
    """
    clean = {
        code: dict(text)
        for code, text in texts.items()
        if code in languages.LANGUAGE_CODES and (text.get("subject") or text.get("body"))
    }
    declared = template_catalog.declared_templates.get(key)
    if problems := _text_problems(clean, declared.variables if declared else {}):
        raise BadTemplateText(problems)
    row = MessageTemplate.objects.select_for_update(no_key=True).filter(key=key).first() or MessageTemplate(
        key=key, version=0
    )
    before = {"version": row.version}
    row.name = str(declared.name) if declared else name
    row.purpose, row.topic = (
        (declared.purpose, declared.topic) if declared else (MessagePurpose(purpose).value, MessageTopic(topic).value)
    )
    row.texts, row.version, row.changed_at, row.changed_by = clean, row.version + 1, at, by
    row.save()
    audit.record_audit_entry(
        "template.changed",
        row,
        by=by,
        before=before,
        after={"key": key, "version": row.version, "languages": sorted(clean)},
    )
    return row


def _text_digest(*texts: str) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()[:16]


def _text_problems(
    texts: dict[str, dict[str, str]], variables: Mapping[str, template_catalog.TemplateVariable]
) -> dict[str, str]:
    if not texts:
        return {"en": _("Write the text in at least one language.")}
    problems = {}
    for code, text in texts.items():
        unknown = template_catalog.unknown_variables(variables, text)
        if unknown:
            problems[code] = _("Nobody fills these variables: %(names)s") % {"names": ", ".join(sorted(unknown))}
        elif not (text.get("subject") and text.get("body")):
            problems[code] = _("Subject and text are both needed.")
        elif len(text["body"]) > template_language.MAX_TEXT_LENGTH:
            problems[code] = _("The text is too long.")
        elif "{%" in text["body"] or template_language.has_strange_braces(text["subject"] + text["body"]):
            problems[code] = _("Only variables such as {{ name }} may stand in double braces.")
    return problems


def _lock_message(message: OutboundMessage, *states: str) -> OutboundMessage:
    locked = OutboundMessage.objects.select_for_update(of=("self",), no_key=True).get(pk=message.pk)
    if locked.state not in states:
        raise NotSettled(_("This message has been settled meanwhile."))
    return locked


def _settle_message(message: OutboundMessage, state: str, reason: str, *, note: str, at: datetime, by: User) -> None:
    before = message.state
    message.state, message.reason, message.fence = state, reason, message.fence + 1
    message.history = [*message.history, history_entry(at, state, reason, note=note[:300], by=by.name)]
    audit.record_audit_entry(
        "message.settled", message, by=by, before={"state": before}, after={"state": state, "why": note[:300]}
    )
