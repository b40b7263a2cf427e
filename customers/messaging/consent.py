"""Consent per channel and topic, as customers gave or withdrew it. A withdrawal also drops what waits in the outbox."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.background import events
from crm.kernel.db import sql_rows
from customers.messaging import queries
from customers.messaging.choices import ConsentSource, ConsentState, MessageChannel, MessageReason, MessageTopic
from customers.messaging.events import ConsentChanged
from customers.messaging.models import Consent, ConsentEntry
from customers.messaging.outbox import deferral
from customers.profiles import timeline
from customers.profiles.models import Customer

WORDING_LENGTH = 40
# Service mail belongs to the contract: customers are not asked about it.
OPTIONAL_TOPICS = (MessageTopic.CARE, MessageTopic.PROMOTIONS, MessageTopic.SURVEYS, MessageTopic.NEWS)


@dataclass(frozen=True)
class ConsentStatement:
    """What one customer said about one topic of a channel; when, to which wording and with which proof, if of its own."""

    customer_id: int
    channel: str
    topic: str
    state: str
    said_at: datetime | None = None
    wording: str = ""
    proof: str = ""


def give_consent(
    *,
    customer: Customer,
    channel: str,
    topics: Iterable[str],
    source: str,
    at: datetime,
    by: User | None = None,
    wording: str = "",
    proof: str = "",
) -> int:
    """The customer allows these topics; returns how many changed. A suppression of the address wins over it."""
    statements = _statements(customer, channel, topics, ConsentState.GIVEN)
    return record_consents(statements=statements, source=source, at=at, by=by, wording=wording, proof=proof)


def withdraw_consent(
    *,
    customer: Customer,
    channel: str,
    topics: Iterable[str],
    source: str,
    at: datetime,
    by: User | None = None,
    wording: str = "",
    proof: str = "",
) -> int:
    """The customer forbids these topics: nothing that waits and needs it goes out any more; returns how many changed."""
    statements = _statements(customer, channel, topics, ConsentState.WITHDRAWN)
    return record_consents(statements=statements, source=source, at=at, by=by, wording=wording, proof=proof)


def _statements(customer: Customer, channel: str, topics: Iterable[str], state: str) -> list[ConsentStatement]:
    return [
        ConsentStatement(customer.pk, MessageChannel(channel).value, MessageTopic(topic).value, state)
        for topic in topics
    ]


@transaction.atomic
def record_consents(
    *,
    statements: Sequence[ConsentStatement],
    source: str,
    at: datetime,
    by: User | None = None,
    wording: str = "",
    proof: str = "",
) -> int:
    """Record what many customers said, in a handful of statements; an import never turns *withdrawn* into *given*.

    History, current state, timeline, one audit row and the event change together; what is known already is left out, and
    so is what was said before that. `at`, `wording` and `proof` hold where a statement has none of its own.
    Returns how many topics changed.
    """
    source = ConsentSource(source).value
    customer_ids = sorted({statement.customer_id for statement in statements})
    # FOR UPDATE, not FOR NO KEY UPDATE: only that waits for the key-share locks of customers whose messages are enqueued.
    list(Customer.objects.filter(pk__any=customer_ids).order_by("pk").select_for_update().values_list("pk"))
    known = {
        (row.customer_id, row.channel, row.topic): row for row in Consent.objects.filter(customer__any=customer_ids)
    }
    dated = [replace(statement, said_at=statement.said_at or at) for statement in statements]
    last = {
        (statement.customer_id, statement.channel, statement.topic): statement
        for statement in sorted(dated, key=lambda statement: statement.said_at or at)
    }
    changes = [statement for key, statement in last.items() if _is_consent_change(known.get(key), statement, source)]
    if not changes:
        return 0
    new_rows = [_consent_row(statement, source, wording) for statement in changes]
    proofs = [statement.proof or proof for statement in changes]
    by_id = by.pk if by else None
    sql_rows.insert_rows_with_ending(Consent, new_rows, queries.ON_CONSENT_CONFLICT)
    sql_rows.insert_rows(
        ConsentEntry, [{**row, "proof": said, "by_id": by_id} for row, said in zip(new_rows, proofs, strict=True)]
    )
    _drop_waiting_messages(changes, at)
    _announce_changes(changes, source, at, by)
    return len(changes)


def _consent_row(statement: ConsentStatement, source: str, wording: str) -> dict[str, Any]:
    return {
        "customer_id": statement.customer_id,
        "channel": statement.channel,
        "topic": statement.topic,
        "state": statement.state,
        "source": source,
        "wording_version": statement.wording or wording,
        "at": statement.said_at,
    }


def _is_consent_change(known: Consent | None, statement: ConsentStatement, source: str) -> bool:
    """False for what is known, for what was said before it, and for an import that would lift an opt-out."""
    if known is None:
        return True
    if source == ConsentSource.IMPORT and known.state == ConsentState.WITHDRAWN:
        return False
    is_older = statement.said_at is not None and statement.said_at < known.at
    return known.state != statement.state and not is_older


def _drop_waiting_messages(changes: list[ConsentStatement], at: datetime) -> None:
    withdrawn: dict[tuple[str, str], list[int]] = {}
    for statement in changes:
        if statement.state == ConsentState.WITHDRAWN:
            withdrawn.setdefault((statement.channel, statement.topic), []).append(statement.customer_id)
    for (channel, topic), customer_ids in sorted(withdrawn.items()):
        deferral.drop_unsolicited_messages(
            customer_ids=customer_ids, channel=channel, topic=topic, reason=MessageReason.NO_CONSENT, at=at
        )


def _announce_changes(changes: list[ConsentStatement], source: str, at: datetime, by: User | None) -> None:
    topics_by_change: dict[tuple[int, str, str, datetime], list[str]] = {}
    for statement in changes:
        key = (statement.customer_id, statement.channel, statement.state, statement.said_at or at)
        topics_by_change.setdefault(key, []).append(statement.topic)
    timeline.write_timeline(
        timeline.NewTimelineEntry(
            customer_id,
            f"consent_{state}",
            said_at,
            {"channel": channel, "topics": topics, "source": source},
            actor_id=by.pk if by else None,
        )
        for (customer_id, channel, state, said_at), topics in topics_by_change.items()
    )
    customer_ids = sorted({statement.customer_id for statement in changes})
    only_customer = Customer(pk=customer_ids[0]) if len(customer_ids) == 1 else None
    said = sorted({f"{statement.channel}.{statement.topic}: {statement.state}" for statement in changes})
    audit.record_audit_entry(
        "consent.changed", only_customer, by=by, after={"said": said, "source": source}, count=len(changes)
    )
    events.announce_event(ConsentChanged(ids=customer_ids, at=at, source=source))
