"""Putting messages into the outbox: what the governor lets through is a row before anything is sent."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from crm.kernel.background import wakeup
from crm.kernel.db.public_ids import generate_public_id
from customers.messaging import address_locks, governor, preference_tokens, rules
from customers.messaging.choices import MessageReason, MessageState
from customers.messaging.content import template_catalog
from customers.messaging.governor import SendDecision, SendRequest
from customers.messaging.models import OutboundMessage
from customers.messaging.outbox import daily_cap, writing
from customers.messaging.outbox.dropping import history_entry
from customers.messaging.outbox.message_draft import MessageDraft

CHUNK = 1000
COLUMNS = {
    "public_id": "text", "customer_id": "bigint", "channel": "text", "address": "text", "digest": "text", "purpose": "text",
    "topic": "text", "priority": "int", "language": "text", "subject": "text", "text": "text", "html": "text",
    "headers": "jsonb", "message_id": "text", "token": "text", "template_key": "text", "source_type": "text",
    "source_id": "text", "step": "text", "occasion_key": "text", "forced": "bool", "by_id": "bigint", "state": "text", "reason": "text",
    "reply": "text", "next_attempt_at": "timestamptz", "deadline": "timestamptz", "send_day": "date", "attempts": "int",
    "fence": "int", "history": "jsonb", "created_at": "timestamptz",
}  # fmt: skip
INSERT_MESSAGES = f"""
WITH new AS (
  INSERT INTO customers_outboundmessage ({", ".join(COLUMNS)})
  SELECT {", ".join(COLUMNS)}
  FROM jsonb_to_recordset(%s::jsonb) AS d({", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())})
  ON CONFLICT (customer_id, source_type, source_id, step, occasion_key) DO NOTHING
  RETURNING id, public_id, token, customer_id, channel, topic, digest, created_at
), kept AS ({preference_tokens.insert_tokens_sql("new")})
SELECT id, public_id FROM new
"""
FIND_STANDING = """
SELECT m.id FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
  AS k(customer_id, source_type, source_id, step, occasion_key)
JOIN customers_outboundmessage m USING (customer_id, source_type, source_id, step, occasion_key)
"""
FIELDS = [field.attname for field in OutboundMessage._meta.concrete_fields]
OMITTED_FIELDS = ("text", "html", "history")


def enqueue_messages(drafts: Sequence[MessageDraft], at: datetime) -> list[OutboundMessage]:
    """Ask the governor and keep every draft as a row, in the order given: queued, deferred until, held, or dropped with reason.

    A draft whose occasion is known already changes nothing and gives the row that stands (`is_new` False). Set-based: about
    ten statements per thousand; each thousand is one transaction unless the caller has one. The bodies are not loaded back.
    """
    found: list[OutboundMessage] = []
    for start in range(0, len(drafts), CHUNK):
        found += _enqueue_chunk(drafts[start : start + CHUNK], at)
    return found


@transaction.atomic
def _enqueue_chunk(drafts: Sequence[MessageDraft], at: datetime) -> list[OutboundMessage]:
    _lock_customers({draft.customer_id for draft in drafts})
    answers = _decide_drafts(drafts, at)
    templates = template_catalog.template_definitions({draft.template_key for draft in drafts if draft.template_key})
    keys = [(answer.customer.pk, *draft.key[1:]) for draft, answer in zip(drafts, answers, strict=True)]
    rows: dict[tuple, dict[str, Any]] = {}
    for key, draft, answer in zip(keys, drafts, answers, strict=True):
        if key not in rows:
            rows[key] = _message_row(draft, answer, templates, at)
    inserted = _insert_rows(list(rows.values()))
    new = {key: {**row, "id": inserted[row["public_id"]]} for key, row in rows.items() if row["public_id"] in inserted}
    _assign_slots(list(new.values()), {answer.customer.pk: answer.zone for answer in answers}, at)
    if any(row["state"] == MessageState.QUEUED for row in new.values()):
        wakeup.wake_worker("outbox")
    standing = _standing_messages([key for key in rows if key not in new])
    made = {key: _new_message(row) for key, row in new.items()}
    return [made[key] if key in made else standing[key] for key in keys]


def _lock_customers(customer_ids: set[int]) -> None:
    """Until the end of the transaction a withdrawal of consent waits; so it finds these messages and drops them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [sorted(customer_ids)]
        )


def _decide_drafts(drafts: Sequence[MessageDraft], at: datetime) -> list[SendDecision]:
    asked = [
        SendRequest(d.customer_id, d.purpose, d.topic, d.channel, d.address, d.forced, d.not_before, d.deadline)
        for d in drafts
    ]
    readers = governor.addressed_recipients(asked)
    # Before suppression is read: from here on nobody suppresses one of these addresses unseen.
    address_locks.lock_addresses_shared(digest for _person, _address, digest in readers)
    return governor.decide_send_requests(asked, at, readers)


def _message_row(
    draft: MessageDraft, answer: SendDecision, templates: dict[str, template_catalog.TemplateDefinition], at: datetime
) -> dict[str, Any]:
    verdict = answer.verdict
    state, reason = _initial_state(verdict)
    row: dict[str, Any] = {
        "public_id": generate_public_id("ms"), "customer_id": answer.customer.pk, "channel": draft.channel, "address": answer.address,
        "digest": answer.digest, "purpose": draft.purpose, "topic": draft.topic, "language": draft.language or answer.language,
        "priority": rules.PRIORITIES[draft.purpose] if draft.priority is None else draft.priority,
        "subject": "", "text": "", "html": "", "headers": dict(draft.headers), "message_id": new_message_id(), "token": "",
        "template_key": draft.template_key, "source_type": draft.source_type, "source_id": str(draft.source_id),
        "step": draft.step, "occasion_key": draft.occasion_key, "forced": draft.forced, "by_id": draft.by_id, "state": state, "reason": reason,
        "reply": "", "next_attempt_at": verdict.until or at, "deadline": draft.deadline, "send_day": None, "attempts": 0,
        "fence": 0, "history": [], "created_at": at,
    }  # fmt: skip
    if state != MessageState.DROPPED:
        _fill_in_text(row, draft, answer, templates)
    if row["state"] != MessageState.DROPPED and draft.purpose in rules.UNSOLICITED_PURPOSES:
        row["token"] = preference_tokens.generate_token()
    until = verdict.until.isoformat(timespec="seconds") if verdict.until else ""
    row["history"] = [history_entry(at, row["state"], row["reason"], until=until)]
    return row


def _initial_state(verdict: rules.SendVerdict) -> tuple[str, str]:
    if verdict.outcome == "send":
        return (
            (MessageState.HELD, MessageReason.NOT_CONFIGURED)
            if verdict.reason == MessageReason.NOT_CONFIGURED
            else (MessageState.QUEUED, "")
        )
    return (MessageState.DEFERRED if verdict.outcome == "defer" else MessageState.DROPPED), verdict.reason


def _fill_in_text(
    row: dict[str, Any],
    draft: MessageDraft,
    answer: SendDecision,
    templates: dict[str, template_catalog.TemplateDefinition],
) -> None:
    """One text that cannot be written stops one message, not its batch."""
    try:
        letter = writing.render_draft(draft, answer, templates)
        row.update(language=letter.language, subject=letter.subject, html=letter.html, text=letter.text)
    except (template_catalog.UnknownTemplate, ValueError) as error:
        row.update(state=MessageState.FAILED, reason=MessageReason.UNREADABLE, reply=str(error)[:500])


def _insert_rows(rows: list[dict[str, Any]]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(INSERT_MESSAGES, [json.dumps(rows, default=str)])
        return {public_id: pk for pk, public_id in cursor.fetchall()}


def _assign_slots(new: list[dict[str, Any]], zones: dict[int, str], at: datetime) -> None:
    """Queued messages that count for the cap get a slot of today, or wait for the next morning."""
    asking = {
        row["id"]: row
        for row in new
        if row["state"] == MessageState.QUEUED and row["purpose"] in rules.UNSOLICITED_PURPOSES
    }
    calendar = daily_cap.SlotCalendar(at)
    wanted = [
        calendar.wanted(row["id"], row["channel"], row["digest"], row["priority"], zones[row["customer_id"]])
        for row in asking.values()
    ]
    granted = daily_cap.assign_slots(wanted, at)
    for one in wanted:
        row = asking[one.message_id]
        if one.message_id in granted:
            row["send_day"] = one.day
        else:
            row.update(state=MessageState.DEFERRED, reason=MessageReason.FREQUENCY_CAP, next_attempt_at=one.otherwise)


def _new_message(row: dict[str, Any]) -> OutboundMessage:
    message = OutboundMessage(*(row.get(name) for name in FIELDS))
    message.is_new = True
    return message


def _standing_messages(keys: list[tuple]) -> dict[tuple, OutboundMessage]:
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(FIND_STANDING, [list(column) for column in zip(*keys, strict=True)])
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = OutboundMessage.objects.filter(pk__in=ids).defer(*OMITTED_FIELDS)
    return {(m.customer_id, m.source_type, m.source_id, m.step, m.occasion_key): m for m in rows}


def new_message_id() -> str:
    """Fixed when the message is put in: however often it is tried, it is one message."""
    return f"<{secrets.token_hex(12)}@{settings.MESSAGE_ID_DOMAIN}>"
