"""What pages and other apps read about messages, consent and suppression."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Value

from crm.kernel.auth.choices import RecordScope
from crm.kernel.auth.models import User
from crm.kernel.ops import health
from crm.kernel.time import clock
from customers.messaging import governor, policy
from customers.messaging.choices import ConsentSource, MessageChannel, MessageReason, MessageState, MessageTopic
from customers.messaging.governor import SendRequest
from customers.messaging.models import Consent, ConsentEntry, MessageTemplate, OutboundMessage, Relay, Suppression
from customers.messaging.models.outbound import SENDING_STATES
from customers.profiles.models import Customer

CHUNK = 5000
MESSAGE_SORTS = {"created": ("created_at", "id")}
SUPPRESSION_SORTS = {"at": ("at", "id")}


def reachable_customers(customer_ids: Sequence[int], channel: str, topic: str, purpose: str = "care") -> set[int]:
    """Those of the customers who could get such a message at some time; three queries per 5,000."""
    now = clock.now()
    reachable: set[int] = set()
    for start in range(0, len(customer_ids), CHUNK):
        chunk = customer_ids[start : start + CHUNK]
        refusals = governor.refusal_reasons(chunk, now, purpose=purpose, topic=topic, channel=channel)
        reachable |= set(chunk) - refusals.keys()
    return reachable


def has_agreed(customer_id: int | None, channel: str, topic: str) -> bool:
    """Whether a mail shown on a page says that its recipient agreed: False where the company writes without asking and the
    customer, or nobody in particular, has not agreed. One query."""
    consents = governor.stated_consents({customer_id}, {topic}) if customer_id else {}
    return bool(consents.get((customer_id or 0, channel, topic))) or not policy.default_consent(channel, topic)


def consent_summary(customer: Customer) -> list[dict[str, Any]]:
    """Per channel: the address with its suppressions, and each topic with what holds and why. One query."""
    addressed = {
        channel: governor.recipient_address(SendRequest(customer.pk, "care", "care", channel), customer)
        for channel in MessageChannel.values
    }
    consents, suppressed = _consents_and_suppressions(
        customer, [digest for _address, digest in addressed.values() if digest]
    )
    return [
        {
            "channel": MessageChannel(channel),
            "address": addressed[channel][0],
            "suppressed": sorted(suppressed.get((channel, addressed[channel][1]), {})),
            "suppression_ids": suppressed.get((channel, addressed[channel][1]), {}),
            "topics": [
                _topic_summary(topic, consents.get((channel, topic)), policy.default_consent(channel, topic))
                for topic in MessageTopic.values
            ],
        }
        for channel in MessageChannel.values
    ]


def current_consents(customer: Customer) -> list[dict[str, Any]]:
    """What holds for each channel and topic: `allowed`, `suppressed`, and where it comes from. One query."""
    return [
        {
            "channel": entry["channel"],
            "topic": row["topic"],
            "allowed": row["allowed"],
            "suppressed": bool(entry["suppressed"]),
            "source": row["consent"].source if row["consent"] else "default",
            "at": row["consent"].at if row["consent"] else None,
        }
        for entry in consent_summary(customer)
        for row in entry["topics"]
    ]


def consent_history(customer: Customer) -> QuerySet[ConsentEntry]:
    """Everything that the customer said about messages, newest first, at most 500 entries. One query."""
    return ConsentEntry.objects.filter(customer=customer).order_by("-at", "-id")[:500]


def _consents_and_suppressions(
    customer: Customer, digests: list[str]
) -> tuple[dict[tuple[str, str], Consent], dict[tuple[str, str], dict[str, int]]]:
    """What the customer said by (channel, topic), and the rows of the list by reason for each (channel, digest)."""
    stated = Consent.objects.filter(customer=customer).order_by()
    suppressed = Suppression.objects.filter(digest__in=digests, lifted_at=None).order_by()
    rows = stated.values_list("channel", "topic", "state", "source", "at", Value(0)).union(
        suppressed.values_list("channel", "digest", "reason", Value(""), "at", "pk"), all=True
    )
    consents: dict[tuple[str, str], Consent] = {}
    reasons: dict[tuple[str, str], dict[str, int]] = {}
    for channel, key, value, source, at, suppression_id in rows:
        if suppression_id:
            reasons.setdefault((channel, key), {})[value] = suppression_id
        else:
            consents[channel, key] = Consent(
                customer=customer, channel=channel, topic=key, state=value, source=source, at=at
            )
    return consents, reasons


def _topic_summary(topic: str, consent: Consent | None, default: bool) -> dict[str, Any]:
    return {
        "topic": MessageTopic(topic),
        "allowed": consent.state == "given" if consent else default,
        "consent": consent,
        "source": ConsentSource(consent.source).label if consent else "",
    }


def outbound_messages(chosen: Mapping[str, Any], user: User) -> QuerySet[OutboundMessage]:
    """Messages of the user's scope for a list: without their bodies, with their customers; filtered by text, state, purpose
    and source."""
    rows = OutboundMessage.objects.select_related("customer").defer("text", "html", "history", "headers")
    if user.scope != RecordScope.ALL:
        rows = rows.filter(customer__in=Customer.objects.visible_to(user))
    rows = rows.filter(**{name: chosen[name] for name in ("state", "purpose") if name in chosen})
    if source := chosen.get("source"):
        kind, _, number = source.partition(":")
        rows = rows.filter(source_type=kind, **({"source_id": number} if number else {}))
    if text := chosen.get("q", "").replace("\x00", "").strip().lower():
        rows = rows.filter(Q(customer__search_text__contains=text) | Q(subject__icontains=text))
    return rows


def get_message(public_id: str, user: User) -> OutboundMessage | None:
    """A message of the user's scope with its customer and author, or None. One query."""
    rows = OutboundMessage.objects.select_related("customer", "by").filter(public_id=public_id)
    return rows.filter(customer__in=Customer.objects.visible_to(user)).first()


def message_history(message: OutboundMessage) -> list[dict[str, Any]]:
    """A message's history with labels, newest first. No query."""
    return [
        {
            **entry,
            "at": datetime.fromisoformat(entry["at"]),
            "until": datetime.fromisoformat(entry["until"]) if entry.get("until") else None,
            "state_label": MessageState(entry["state"]).label,
            "reason_label": MessageReason(entry["reason"]).label if entry.get("reason") else "",
        }
        for entry in reversed(message.history)
    ]


def mail_server_trouble() -> Relay | None:
    """The mail server, if its last attempt failed or it refused many messages in a row. One query."""
    return Relay.objects.filter(channel=MessageChannel.EMAIL, failures__gt=0).first()


def suppression_entries() -> QuerySet[Suppression]:
    """The suppression list with who added each row, lifted rows included."""
    return Suppression.objects.select_related("by", "lifted_by")


def find_suppression(pk: int) -> Suppression | None:
    """One row of the suppression list, or None. One query."""
    return suppression_entries().filter(pk=pk).first()


def source_deliveries(source_type: str, source_id: str) -> dict[str, OutboundMessage]:
    """Message-ID → what became of the message, for all messages of a source: without their bodies. One query."""
    rows = OutboundMessage.objects.filter(source_type=source_type, source_id=source_id)
    return {row.message_id: row for row in rows.only("public_id", "message_id", "state", "reason")}


def unsettled_message_count(user: User) -> int:
    """How many messages need a decision of the staff: unknown or held. One query."""
    return outbound_messages({}, user).filter(state__in=[MessageState.UNKNOWN, MessageState.HELD]).count()


def template_row(key: str) -> MessageTemplate | None:
    """The saved texts of a template with who changed them, or None where they are as delivered. One query."""
    return MessageTemplate.objects.select_related("changed_by").filter(key=key).first()


def preview_customers(user: User) -> QuerySet[Customer]:
    """The newest 20 customers of the user's scope, on whom a template is tried. One query."""
    return Customer.objects.visible_to(user).current().order_by("-created_at", "-id")[:20]


def get_preview_customer(public_id: str, user: User) -> Customer | None:
    """The customer of the user's scope on whom a template is tried, or None. At most one query."""
    return Customer.objects.visible_to(user).filter(public_id=public_id).first() if public_id else None


@health.register_status_section("outbox")
def unsettled_message_counts(now: datetime) -> dict[str, Any]:
    """Messages that are not settled, by state, each with the age of the oldest in seconds.

    One query, whose parts each use the partial index of their states: none of them looks at what has been sent.
    """
    waiting = OutboundMessage.objects.order_by()
    parts = [
        waiting.filter(state=MessageState.QUEUED),
        waiting.filter(state=MessageState.DEFERRED),
        waiting.filter(state__in=SENDING_STATES),
        waiting.filter(state__in=[MessageState.UNKNOWN, MessageState.HELD]),
    ]
    first, *others = (part.values_list("state").annotate(Count("pk"), Min("created_at")) for part in parts)
    return {
        state: {"messages": count, "oldest_seconds": health.age_seconds(oldest, now)}
        for state, count, oldest in first.union(*others, all=True)
    }
