"""What pages and other apps read of the door."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Value

from crm.kernel.auth.choices import RecordScope
from crm.kernel.time import clock
from customers.messaging import governor, policy
from customers.messaging.choices import ConsentSource, MessageChannel, MessageReason, MessageState, MessageTopic
from customers.messaging.governor import SendRequest
from customers.messaging.models import Consent, OutboundMessage, Relay, Suppression
from customers.profiles.models import Customer

CHUNK = 5000
MESSAGE_SORTS = {"created": ("created_at", "id")}
SUPPRESSION_SORTS = {"at": ("at", "id")}


def reachable_customers(customer_ids: Sequence[int], channel: str, topic: str, purpose: str = "care") -> set[int]:
    """Those of the customers who could get such a message at all: an address, no suppression, consent. Three queries per 5,000."""
    now, found = clock.now(), set()
    for start in range(0, len(customer_ids), CHUNK):
        part = customer_ids[start : start + CHUNK]
        found |= set(part) - governor.refusal_reasons(part, now, purpose=purpose, topic=topic, channel=channel).keys()
    return found


def has_agreed(customer_id: int | None, channel: str, topic: str) -> bool:
    """What a mail shown on a page says of its reader: False where the company writes without asking and the customer, or
    nobody in particular, has not agreed. One query."""
    said = governor.stated_consents({customer_id}, {topic}) if customer_id else {}
    return bool(said.get((customer_id or 0, channel, topic))) or not policy.default_consent(channel, topic)


def consent_summary(customer: Customer) -> list[dict[str, Any]]:
    """Per channel: the address's suppressions and each topic with what holds and why; one query for both."""
    places = {
        channel: governor.recipient_address(SendRequest(customer.pk, "care", "care", channel), customer)
        for channel in MessageChannel.values
    }
    said, suppressed = _consents_and_suppressions(customer, [digest for _address, digest in places.values() if digest])
    return [
        {
            "channel": MessageChannel(channel),
            "address": places[channel][0],
            "suppressed": sorted(suppressed.get((channel, places[channel][1]), ())),
            "topics": [
                _topic_summary(topic, said.get((channel, topic)), policy.default_consent(channel, topic))
                for topic in MessageTopic.values
            ],
        }
        for channel in MessageChannel.values
    ]


def _consents_and_suppressions(
    customer: Customer, digests: list[str]
) -> tuple[dict[tuple[str, str], Consent], dict[tuple[str, str], list[str]]]:
    """What the customer said by (channel, topic), and reasons by (channel, digest)."""
    spoken = Consent.objects.filter(customer=customer).order_by()
    stopped = Suppression.objects.filter(digest__in=digests, lifted_at=None).order_by()
    rows = spoken.values_list("channel", "topic", "state", "source", "at", Value("")).union(
        stopped.values_list("channel", "digest", "reason", Value(""), "at", Value("suppressed")), all=True
    )
    said: dict[tuple[str, str], Consent] = {}
    reasons: dict[tuple[str, str], list[str]] = {}
    for channel, key, what, source, at, kind in rows:
        if kind:
            reasons.setdefault((channel, key), []).append(what)
        else:
            said[channel, key] = Consent(
                customer=customer, channel=channel, topic=key, state=what, source=source, at=at
            )
    return said, reasons


def _topic_summary(topic: str, said: Consent | None, default: bool) -> dict[str, Any]:
    return {
        "topic": MessageTopic(topic),
        "allowed": said.state == "given" if said else default,
        "said": said,
        "source": ConsentSource(said.source).label if said else "",
    }


def outbound_messages(chosen: Mapping[str, Any], user: Any) -> QuerySet[OutboundMessage]:
    """Messages for a list: without their bodies, with their customers; narrowed by text, state, purpose, source."""
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


def get_message(public_id: str, user: Any) -> OutboundMessage | None:
    """One message inside the user's scope."""
    rows = OutboundMessage.objects.select_related("customer", "by").filter(public_id=public_id)
    return rows.filter(customer__in=Customer.objects.visible_to(user)).first()


def message_history(message: OutboundMessage) -> list[dict[str, Any]]:
    """Its history in words, newest first."""
    return [
        {
            **step,
            "at": datetime.fromisoformat(step["at"]),
            "until": datetime.fromisoformat(step["until"]) if step.get("until") else None,
            "state_label": MessageState(step["state"]).label,
            "why": MessageReason(step["reason"]).label if step.get("reason") else "",
        }
        for step in reversed(message.history)
    ]


def mail_server_trouble() -> Relay | None:
    """The mail server, if it is in trouble."""
    return Relay.objects.filter(channel=MessageChannel.EMAIL, failures__gt=0).first()


def suppression_entries() -> QuerySet[Suppression]:
    """The list, lifted rows included."""
    return Suppression.objects.select_related("by")


def unsettled_message_count(user: Any) -> int:
    """How many messages need a person: unknown or held."""
    return outbound_messages({}, user).filter(state__in=[MessageState.UNKNOWN, MessageState.HELD]).count()
