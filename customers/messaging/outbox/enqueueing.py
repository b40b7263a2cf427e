"""Enqueueing: the governor decides on a draft, and the message is a row of the outbox before anything is sent."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from crm.kernel.background import wakeup
from crm.kernel.db.public_ids import generate_public_id
from customers.messaging import address_locks, governor, preference_tokens, rules
from customers.messaging.choices import MessageReason, MessageState
from customers.messaging.content import template_catalog
from customers.messaging.content.template_catalog import TemplateDefinition
from customers.messaging.governor import SendDecision, SendRequest
from customers.messaging.models import OutboundMessage
from customers.messaging.outbox import daily_cap, queries
from customers.messaging.outbox.message_draft import MessageDraft, render_draft
from customers.messaging.rules import history_entry

CHUNK = 1000
MESSAGE_FIELDS = [field.attname for field in OutboundMessage._meta.concrete_fields]
DEFERRED_FIELDS = ("text", "html", "history")


def enqueue_messages(drafts: Sequence[MessageDraft], at: datetime) -> list[OutboundMessage]:
    """Add every draft to the outbox, in the order given: queued, deferred until, held, or dropped with its reason.

    A draft whose occasion is known already changes nothing and gives the row that stands (`is_new` False). Set-based: about
    ten statements per thousand; each thousand is one transaction unless the caller has one. The bodies are not loaded back.
    """
    messages: list[OutboundMessage] = []
    for start in range(0, len(drafts), CHUNK):
        messages += _enqueue_chunk(drafts[start : start + CHUNK], at)
    return messages


@transaction.atomic
def _enqueue_chunk(drafts: Sequence[MessageDraft], at: datetime) -> list[OutboundMessage]:
    _lock_customers({draft.customer_id for draft in drafts})
    decisions = _decide_drafts(drafts, at)
    templates = template_catalog.template_definitions({draft.template_key for draft in drafts if draft.template_key})
    keys = [(decision.recipient.pk, *draft.key[1:]) for draft, decision in zip(drafts, decisions, strict=True)]
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for key, draft, decision in zip(keys, drafts, decisions, strict=True):
        if key not in rows:
            rows[key] = _message_row(draft, decision, templates, at)
    inserted = _insert_rows(list(rows.values()))
    new = {key: {**row, "id": inserted[row["public_id"]]} for key, row in rows.items() if row["public_id"] in inserted}
    _assign_slots(list(new.values()), {decision.recipient.pk: decision.time_zone for decision in decisions}, at)
    if any(row["state"] == MessageState.QUEUED for row in new.values()):
        wakeup.wake_worker("outbox")
    standing = _standing_messages([key for key in rows if key not in new])
    new_messages = {key: _new_message(row) for key, row in new.items()}
    return [new_messages[key] if key in new_messages else standing[key] for key in keys]


def _lock_customers(customer_ids: set[int]) -> None:
    """Until the end of the transaction a withdrawal of consent waits; so it finds these messages and drops them."""
    with connection.cursor() as cursor:
        cursor.execute(queries.LOCK_CUSTOMERS, [sorted(customer_ids)])


def _decide_drafts(drafts: Sequence[MessageDraft], at: datetime) -> list[SendDecision]:
    requests = [
        SendRequest(d.customer_id, d.purpose, d.topic, d.channel, d.address, d.forced, d.not_before, d.deadline)
        for d in drafts
    ]
    recipients = governor.addressed_recipients(requests)
    # Before suppression is read: from here on nobody suppresses one of these addresses unseen.
    address_locks.lock_addresses_shared(recipient.digest for recipient in recipients)
    return governor.decide_send_requests(requests, at, recipients)


def _message_row(
    draft: MessageDraft, decision: SendDecision, templates: Mapping[str, TemplateDefinition], at: datetime
) -> dict[str, Any]:
    verdict = decision.verdict
    state, reason = _initial_state(verdict)
    row: dict[str, Any] = {
        "public_id": generate_public_id("ms"), "customer_id": decision.recipient.pk, "channel": draft.channel,
        "address": decision.address, "digest": decision.digest, "purpose": draft.purpose, "topic": draft.topic,
        "language": draft.language or decision.language,
        "priority": rules.PRIORITIES[draft.purpose] if draft.priority is None else draft.priority,
        "subject": "", "text": "", "html": "", "headers": dict(draft.headers), "message_id": new_message_id(),
        "token": "", "template_key": draft.template_key, "source_type": draft.source_type,
        "source_id": str(draft.source_id), "step": draft.step, "occasion_key": draft.occasion_key,
        "forced": draft.forced, "by_id": draft.by_id, "state": state, "reason": reason, "reply": "",
        "next_attempt_at": verdict.until or at, "deadline": draft.deadline, "send_day": None, "attempts": 0,
        "fence": 0, "history": [], "created_at": at,
    }  # fmt: skip
    if state != MessageState.DROPPED:
        _fill_in_text(row, draft, decision, templates)
    if row["state"] != MessageState.DROPPED and draft.purpose in rules.UNSOLICITED_PURPOSES:
        row["token"] = preference_tokens.generate_token()
    until = verdict.until.isoformat(timespec="seconds") if verdict.until else ""
    row["history"] = [history_entry(at, row["state"], row["reason"], until=until)]
    return row


def _initial_state(verdict: rules.SendVerdict) -> tuple[str, str]:
    if verdict.outcome == "drop":
        return MessageState.DROPPED, verdict.reason
    if verdict.outcome == "defer":
        return MessageState.DEFERRED, verdict.reason
    if verdict.reason == MessageReason.NOT_CONFIGURED:
        return MessageState.HELD, MessageReason.NOT_CONFIGURED
    return MessageState.QUEUED, ""


def _fill_in_text(
    row: dict[str, Any], draft: MessageDraft, decision: SendDecision, templates: Mapping[str, TemplateDefinition]
) -> None:
    """One text that cannot be rendered fails one message, not its batch."""
    try:
        rendered = render_draft(draft, decision, templates)
        row.update(language=rendered.language, subject=rendered.subject, html=rendered.html, text=rendered.text)
    except (template_catalog.UnknownTemplate, ValueError) as error:
        row.update(state=MessageState.FAILED, reason=MessageReason.UNREADABLE, reply=str(error)[:500])


def _insert_rows(rows: list[dict[str, Any]]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(queries.INSERT_MESSAGES, [json.dumps(rows, default=str)])
        return {public_id: pk for pk, public_id in cursor.fetchall()}


def _assign_slots(new_rows: list[dict[str, Any]], time_zones: dict[int, str], at: datetime) -> None:
    """Queued messages that count for the cap get a slot of today, or wait for the next morning."""
    capped = {
        row["id"]: row
        for row in new_rows
        if row["state"] == MessageState.QUEUED and row["purpose"] in rules.UNSOLICITED_PURPOSES
    }
    calendar = daily_cap.SlotCalendar(at)
    requests = [
        calendar.slot_request(row["id"], row["channel"], row["digest"], row["priority"], time_zones[row["customer_id"]])
        for row in capped.values()
    ]
    granted = daily_cap.assign_slots(requests, at)
    for request in requests:
        row = capped[request.message_id]
        if request.message_id in granted:
            row["send_day"] = request.day
        else:
            row.update(
                state=MessageState.DEFERRED, reason=MessageReason.FREQUENCY_CAP, next_attempt_at=request.retry_at
            )


def _new_message(row: dict[str, Any]) -> OutboundMessage:
    message = OutboundMessage(*(row.get(name) for name in MESSAGE_FIELDS))
    message.is_new = True
    return message


def _standing_messages(keys: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], OutboundMessage]:
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(queries.FIND_BY_OCCASION, [list(column) for column in zip(*keys, strict=True)])
        ids = [pk for (pk,) in cursor.fetchall()]
    messages = OutboundMessage.objects.filter(pk__in=ids).defer(*DEFERRED_FIELDS)
    return {(m.customer_id, m.source_type, m.source_id, m.step, m.occasion_key): m for m in messages}


def new_message_id() -> str:
    """A Message-ID, fixed when the message is enqueued: however often it is tried, it is one message."""
    return f"<{secrets.token_hex(12)}@{settings.MESSAGE_ID_DOMAIN}>"
