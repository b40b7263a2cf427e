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
from customers.messaging.choices import Purpose, Reason, State, Topic
from customers.messaging.content import template_catalog, template_language
from customers.messaging.models import MessageTemplate, OutboundMessage
from customers.messaging.outbox import Draft
from customers.messaging.outbox.dropping import step
from customers.profiles import timeline
from customers.profiles.models import Customer


class NotSettled(Exception):
    """The message stands where this cannot be done; the message says why."""


class BadText(ValueError):
    """The text cannot be saved; `problems` says per language what is wrong."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@transaction.atomic
def mark_sent(*, message: OutboundMessage, reason: str, at: datetime, by: Any) -> OutboundMessage:
    """A person knows that a message of unknown fate has arrived: it counts as sent."""
    locked = _locked(message, State.UNKNOWN)
    _move(locked, State.ACCEPTED, Reason.MARKED_SENT, reason, at, by)
    locked.accepted_at = at
    locked.save(update_fields=["state", "reason", "fence", "history", "accepted_at"])
    line = timeline.Line(
        locked.customer_id, "message_sent", at, {"subject": locked.subject}, "message", locked.public_id, by.pk
    )
    timeline.write([line])
    return locked


@transaction.atomic
def send_again(*, message: OutboundMessage, reason: str, at: datetime, by: Any) -> OutboundMessage:
    """A person wants an unknown, held or finally failed message sent: it is queued with all attempts before it and asks the door again."""
    locked = _locked(message, State.UNKNOWN, State.HELD, State.FAILED)
    if locked.reason in (Reason.UNREADABLE, Reason.REFUSED):
        raise NotSettled(_("This message cannot be sent as it is."))
    if not channels.is_configured(locked.channel):
        raise NotSettled(_("This channel is not configured."))
    _move(locked, State.DEFERRED, Reason.SENT_AGAIN, reason, at, by)
    locked.attempts, locked.next_attempt_at, locked.send_day = 0, at, None
    locked.save(update_fields=["state", "reason", "fence", "history", "attempts", "next_attempt_at", "send_day"])
    outbox.free_slots([locked.pk])
    wakeup.ring("outbox")
    return locked


@transaction.atomic
def recall(*, message: OutboundMessage, at: datetime, by: Any) -> None:
    """A message that waits is not sent; refused once it is being handed over."""
    if not outbox.drop_one(message_id=message.pk, reason=Reason.RECALLED, at=at, by=by):
        raise NotSettled(_("It is too late: the message is on its way or has its end."))
    audit.record("message.recalled", message, by=by)


def write_to(
    *, customer: Customer, subject: str, text: str, topic: str, once: str, at: datetime, by: Any
) -> OutboundMessage:
    """One mail from a member of staff to one customer. Service is transactional; any other topic needs consent like all care."""
    purpose = Purpose.TRANSACTIONAL if topic == Topic.SERVICE else Purpose.CARE
    draft = Draft(
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
        message = outbox.enqueue([draft], at)[0]
        if message.is_new:
            audit.record("message.written", message, by=by, after={"topic": topic})
    return message


def send_test(
    *, key: str, texts: Mapping[str, str], customer: Customer, language: str, at: datetime, by: Any
) -> OutboundMessage:
    """The text as this customer would get it, sent to the member of staff who asks."""
    subject, body = filled(key=key, text=texts, customer=customer, language=language)
    draft = Draft(
        customer_id=customer.pk,
        purpose=Purpose.TRANSACTIONAL,
        topic=Topic.SERVICE,
        source_type="trial",
        source_id=key,
        occasion_key=f"test:{secrets.token_hex(8)}",
        subject=_("[Test] %(subject)s") % {"subject": subject},
        text=body,
        language=language,
        address=by.email,
        by_id=by.pk,
    )
    return outbox.enqueue([draft], at)[0]


def filled(*, key: str, text: Mapping[str, str], customer: Customer, language: str) -> tuple[str, str]:
    """Subject and Markdown body with the customer's values, and examples for what only the occasion knows."""
    values = template_catalog.standard_values(customer, language)
    known = template_catalog.definitions.get(key)
    if known:
        values |= {
            name: template_catalog.written(variable.example, language) for name, variable in known.variables.items()
        }
    blocks = template_language.paragraphs(text.get("body", ""))
    kept = [block for block in blocks if not template_language.is_left_out(block, values)]
    body = "\n\n".join(template_language.VARIABLE.sub(lambda found: values.get(found[1], ""), block) for block in kept)
    return template_language.fill_line(text.get("subject", ""), values), body


@transaction.atomic
def save_template(
    *, key: str, name: str, purpose: str, topic: str, texts: Mapping[str, Mapping[str, str]], at: datetime, by: Any
) -> MessageTemplate:
    """Keep a template's texts. Refuses with BadText: a variable that nobody fills, a text without a subject, no text at all."""
    clean = {
        code: dict(text)
        for code, text in texts.items()
        if code in languages.CODES and (text.get("subject") or text.get("body"))
    }
    declared = template_catalog.definitions.get(key)
    if problems := _problems(clean, declared.variables if declared else {}):
        raise BadText(problems)
    row = MessageTemplate.objects.select_for_update().filter(key=key).first() or MessageTemplate(key=key, version=0)
    before = {"version": row.version}
    row.name = str(declared.name) if declared else name
    row.purpose, row.topic = (
        (declared.purpose, declared.topic) if declared else (Purpose(purpose).value, Topic(topic).value)
    )
    row.texts, row.version, row.changed_at, row.changed_by = clean, row.version + 1, at, by
    row.save()
    audit.record(
        "template.changed",
        row,
        by=by,
        before=before,
        after={"key": key, "version": row.version, "languages": sorted(clean)},
    )
    return row


def _problems(texts: dict[str, dict[str, str]], variables: Mapping[str, template_catalog.Variable]) -> dict[str, str]:
    if not texts:
        return {"en": _("Write the text in at least one language.")}
    problems = {}
    for code, text in texts.items():
        unknown = template_catalog.unknown_variables(variables, text)
        if unknown:
            problems[code] = _("Nobody fills these variables: %(names)s") % {"names": ", ".join(sorted(unknown))}
        elif not (text.get("subject") and text.get("body")):
            problems[code] = _("Subject and text are both needed.")
        elif len(text["body"]) > template_language.LONGEST:
            problems[code] = _("The text is too long.")
        elif "{%" in text["body"] or template_language.strange_braces(text["subject"] + text["body"]):
            problems[code] = _("Only variables such as {{ name }} may stand in double braces.")
    return problems


def _locked(message: OutboundMessage, *states: str) -> OutboundMessage:
    locked = OutboundMessage.objects.select_for_update(of=("self",), no_key=True).get(pk=message.pk)
    if locked.state not in states:
        raise NotSettled(_("This message has been settled meanwhile."))
    return locked


def _move(message: OutboundMessage, state: str, reason: str, why: str, at: datetime, by: Any) -> None:
    before = message.state
    message.state, message.reason, message.fence = state, reason, message.fence + 1
    message.history = [*message.history, step(at, state, reason, note=why[:300], by=by.name)]
    audit.record("message.settled", message, by=by, before={"state": before}, after={"state": state, "why": why[:300]})
