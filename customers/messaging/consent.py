"""Consent: what customers said per channel and topic. Withdrawing works at once, also on what waits in the outbox."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.kernel import audit
from crm.kernel.background import events
from crm.kernel.db import sql_rows
from customers.messaging.choices import ConsentSource, ConsentState, MessageChannel, MessageReason, MessageTopic
from customers.messaging.events import ConsentChanged
from customers.messaging.models import Consent, ConsentEntry
from customers.messaging.outbox import dropping
from customers.profiles import timeline
from customers.profiles.models import Customer

ON_CONSENT_CONFLICT = """
ON CONFLICT (customer_id, channel, topic) DO UPDATE
SET state = excluded.state, source = excluded.source, wording_version = excluded.wording_version, at = excluded.at
RETURNING id
"""
OPTIONAL_TOPICS = (MessageTopic.CARE, MessageTopic.PROMOTIONS, MessageTopic.SURVEYS, MessageTopic.NEWS)


@dataclass(frozen=True)
class ConsentStatement:
    """One customer's word on one topic."""

    customer_id: int
    channel: str
    topic: str
    state: str


def give_consent(
    *,
    customer: Customer,
    channel: str,
    topics: Iterable[str],
    source: str,
    at: datetime,
    by: Any = None,
    wording: str = "",
    proof: str = "",
) -> int:
    """The customer allows these topics; returns how many changed. A suppression of the address stands above it."""
    said = [
        ConsentStatement(customer.pk, MessageChannel(channel).value, MessageTopic(topic).value, ConsentState.GIVEN)
        for topic in topics
    ]
    return record_consents(said=said, source=source, at=at, by=by, wording=wording, proof=proof)


def withdraw_consent(
    *,
    customer: Customer,
    channel: str,
    topics: Iterable[str],
    source: str,
    at: datetime,
    by: Any = None,
    wording: str = "",
    proof: str = "",
) -> int:
    """The customer forbids these topics: nothing that waits and needs it goes out any more; returns how many changed."""
    said = [
        ConsentStatement(customer.pk, MessageChannel(channel).value, MessageTopic(topic).value, ConsentState.WITHDRAWN)
        for topic in topics
    ]
    return record_consents(said=said, source=source, at=at, by=by, wording=wording, proof=proof)


@transaction.atomic
def record_consents(
    *, said: Sequence[ConsentStatement], source: str, at: datetime, by: Any = None, wording: str = "", proof: str = ""
) -> int:
    """What many customers said, in a handful of statements; an import never turns *withdrawn* into *given*.

    History, current state, timeline, one audit row and the event change together; what says nothing new is left out.
    """
    source = ConsentSource(source).value
    ids = sorted({word.customer_id for word in said})
    list(Customer.objects.filter(pk__any=ids).order_by("pk").select_for_update().values_list("pk"))
    standing = Consent.objects.filter(customer__any=ids).values_list("customer_id", "channel", "topic", "state")
    known = {(customer_id, channel, topic): state for customer_id, channel, topic, state in standing}
    wanted = {(word.customer_id, word.channel, word.topic): word for word in said}
    changed = [word for key, word in wanted.items() if _is_consent_change(known.get(key), word.state, source)]
    if not changed:
        return 0
    fresh = [{**vars(word), "source": source, "wording_version": wording, "at": at} for word in changed]
    sql_rows.insert_rows_with_ending(Consent, fresh, ON_CONSENT_CONFLICT)
    sql_rows.insert_rows(ConsentEntry, [{**one, "proof": proof, "by_id": getattr(by, "pk", None)} for one in fresh])
    _drop_waiting_messages(changed, at)
    _announce_changes(changed, source, at, by)
    return len(changed)


def _is_consent_change(known: str | None, state: str, source: str) -> bool:
    if source == ConsentSource.IMPORT and known == ConsentState.WITHDRAWN:
        return False
    return known != state


def _drop_waiting_messages(changed: list[ConsentStatement], at: datetime) -> None:
    by_topic: dict[tuple[str, str], list[int]] = {}
    for word in changed:
        if word.state == ConsentState.WITHDRAWN:
            by_topic.setdefault((word.channel, word.topic), []).append(word.customer_id)
    for (channel, topic), ids in sorted(by_topic.items()):
        dropping.drop_unsolicited_messages(
            customer_ids=ids, channel=channel, topic=topic, reason=MessageReason.NO_CONSENT, at=at
        )


def _announce_changes(changed: list[ConsentStatement], source: str, at: datetime, by: Any) -> None:
    grouped: dict[tuple[int, str, str], list[str]] = {}
    for word in changed:
        grouped.setdefault((word.customer_id, word.channel, word.state), []).append(word.topic)
    timeline.write_timeline(
        timeline.NewTimelineEntry(
            customer_id,
            f"consent_{state}",
            at,
            {"channel": channel, "topics": topics, "source": source},
            actor_id=getattr(by, "pk", None),
        )
        for (customer_id, channel, state), topics in grouped.items()
    )
    ids = sorted({word.customer_id for word in changed})
    one = Customer(pk=ids[0]) if len(ids) == 1 else None
    said = sorted({f"{word.channel}.{word.topic}: {word.state}" for word in changed})
    audit.record_audit_entry("consent.changed", one, by=by, after={"said": said, "source": source}, count=len(changed))
    events.announce_event(ConsentChanged(ids=ids, at=at, source=source))
