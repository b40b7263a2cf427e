"""What staff do with messages: settle what is unknown, recall, write to one customer, change texts, try them out."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.background import wakeup
from crm.kernel.ui import languages
from customers.messaging import channels, outbox
from customers.messaging.choices import MessagePurpose, MessageReason, MessageState, MessageTopic
from customers.messaging.content import template_catalog, template_language
from customers.messaging.models import MessageTemplate, OutboundMessage
from customers.messaging.outbox import MessageDraft
from customers.messaging.outbox.dropping import history_entry
from customers.profiles import timeline
from customers.profiles.models import Customer


class NotSettled(Exception):
    """The message stands where this cannot be done; the message says why."""


class BadTemplateText(ValueError):
    """The text cannot be saved; `problems` says per language what is wrong."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@transaction.atomic
def mark_message_sent(*, message: OutboundMessage, reason: str, at: datetime, by: Any) -> OutboundMessage:
    """A person knows that a message of unknown fate has arrived: it counts as sent."""
    locked = _lock_message(message, MessageState.UNKNOWN)
    _settle_message(locked, MessageState.ACCEPTED, MessageReason.MARKED_SENT, reason, at, by)
    locked.accepted_at = at
    locked.save(update_fields=["state", "reason", "fence", "history", "accepted_at"])
    line = timeline.NewTimelineEntry(
        locked.customer_id, "message_sent", at, {"subject": locked.subject}, "message", locked.public_id, by.pk
    )
    timeline.write_timeline([line])
    return locked


@transaction.atomic
def resend_message(*, message: OutboundMessage, reason: str, at: datetime, by: Any) -> OutboundMessage:
    """A person wants an unknown, held or finally failed message sent: it is queued with all attempts before it and asks the door again."""
    locked = _lock_message(message, MessageState.UNKNOWN, MessageState.HELD, MessageState.FAILED)
    if locked.reason in (MessageReason.UNREADABLE, MessageReason.REFUSED):
        raise NotSettled(_("This message cannot be sent as it is."))
    if not channels.is_channel_configured(locked.channel):
        raise NotSettled(_("This channel is not configured."))
    _settle_message(locked, MessageState.DEFERRED, MessageReason.SENT_AGAIN, reason, at, by)
    locked.attempts, locked.next_attempt_at, locked.send_day = 0, at, None
    locked.save(update_fields=["state", "reason", "fence", "history", "attempts", "next_attempt_at", "send_day"])
    outbox.free_daily_slots([locked.pk])
    wakeup.wake_worker("outbox")
    return locked


@transaction.atomic
def recall_message(*, message: OutboundMessage, at: datetime, by: Any) -> None:
    """A message that waits is not sent; refused once it is being handed over."""
    if not outbox.drop_message(message_id=message.pk, reason=MessageReason.RECALLED, at=at, by=by):
        raise NotSettled(_("It is too late: the message is on its way or has its end."))
    audit.record_audit_entry("message.recalled", message, by=by)


def write_to_customer(
    *, customer: Customer, subject: str, text: str, topic: str, once: str, at: datetime, by: Any
) -> OutboundMessage:
    """One mail from a member of staff to one customer. Service is transactional; any other topic needs consent like all care."""
    purpose = MessagePurpose.TRANSACTIONAL if topic == MessageTopic.SERVICE else MessagePurpose.CARE
    draft = MessageDraft(
        customer_id=customer.pk,
        purpose=purpose,
        topic=topic,
        source_type="staff",
        source_id=by.pk,
        occasion_key=f"mail:{once}",
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
    *, key: str, texts: Mapping[str, str], customer: Customer, language: str, at: datetime, by: Any
) -> OutboundMessage:
    """The text as this customer would get it, sent to the member of staff who asks."""
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
    """Subject and Markdown body with the customer's values, and examples for what only the occasion knows."""
    values = template_catalog.standard_values(customer, language)
    known = template_catalog.declared_templates.get(key)
    if known:
        values |= {
            name: template_catalog.localized_value(variable.example, language)
            for name, variable in known.variables.items()
        }
    blocks = template_language.split_paragraphs(text.get("body", ""))
    kept = [block for block in blocks if not template_language.is_paragraph_left_out(block, values)]
    body = "\n\n".join(template_language.VARIABLE.sub(lambda found: values.get(found[1], ""), block) for block in kept)
    return template_language.fill_subject(text.get("subject", ""), values), body


@transaction.atomic
def save_template(
    *, key: str, name: str, purpose: str, topic: str, texts: Mapping[str, Mapping[str, str]], at: datetime, by: Any
) -> MessageTemplate:
    """Keep a template's texts. Refuses with BadText: a variable that nobody fills, a text without a subject, no text at all."""
    clean = {
        code: dict(text)
        for code, text in texts.items()
        if code in languages.LANGUAGE_CODES and (text.get("subject") or text.get("body"))
    }
    declared = template_catalog.declared_templates.get(key)
    if problems := _text_problems(clean, declared.variables if declared else {}):
        raise BadTemplateText(problems)
    row = MessageTemplate.objects.select_for_update().filter(key=key).first() or MessageTemplate(key=key, version=0)
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


def _settle_message(message: OutboundMessage, state: str, reason: str, why: str, at: datetime, by: Any) -> None:
    before = message.state
    message.state, message.reason, message.fence = state, reason, message.fence + 1
    message.history = [*message.history, history_entry(at, state, reason, note=why[:300], by=by.name)]
    audit.record_audit_entry(
        "message.settled", message, by=by, before={"state": before}, after={"state": state, "why": why[:300]}
    )
