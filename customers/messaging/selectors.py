"""What pages and other apps read of the door."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet

from crm.kernel import clock
from customers.messaging import governor, policy
from customers.messaging.choices import Channel, ConsentSource, Topic
from customers.messaging.governor import Ask
from customers.messaging.models import Consent, ConsentEntry, OutboundMessage, Suppression
from customers.profiles.models import Customer

CHUNK = 5000


def reachable(customer_ids: Sequence[int], channel: str, topic: str, purpose: str = "care") -> set[int]:
    """Those of the customers who could get such a message at all: an address, no suppression, consent. Three queries per 5,000."""
    now, found = clock.now(), set()
    for start in range(0, len(customer_ids), CHUNK):
        asked = [Ask(pk, purpose, topic, channel) for pk in customer_ids[start : start + CHUNK]]
        found |= {
            one.customer_id
            for one, answer in zip(asked, governor.ask(asked, now), strict=True)
            if answer.verdict.outcome != "drop"
        }
    return found


def consent_summary(customer: Customer) -> list[dict[str, Any]]:
    """Per channel: the address's suppressions and each topic with what holds and why; three queries."""
    said = {(c.channel, c.topic): c for c in Consent.objects.filter(customer=customer)}
    places = {
        channel: governor.address_of(Ask(customer.pk, "care", "care", channel), customer) for channel in Channel.values
    }
    suppressed = governor.suppressions({digest for _address, digest in places.values() if digest})
    return [
        {
            "channel": Channel(channel),
            "address": places[channel][0],
            "suppressed": sorted(suppressed.get((channel, places[channel][1]), ())),
            "topics": [
                _topic(topic, said.get((channel, topic)), policy.default_consent(channel, topic))
                for topic in Topic.values
            ],
        }
        for channel in Channel.values
    ]


def _topic(topic: str, said: Consent | None, default: bool) -> dict[str, Any]:
    return {
        "topic": Topic(topic),
        "allowed": said.state == "given" if said else default,
        "said": said,
        "source": ConsentSource(said.source).label if said else "",
    }


def consent_history(customer: Customer) -> QuerySet[ConsentEntry]:
    """What the customer said, newest first."""
    return ConsentEntry.objects.filter(customer=customer).select_related("by").order_by("-at", "-id")


def outbox() -> QuerySet[OutboundMessage]:
    """Messages for a list: without their bodies, with their customers."""
    return OutboundMessage.objects.select_related("customer").defer("text", "html", "history", "headers")


def states_of(source_type: str, source_ids: Sequence[object]) -> dict[tuple[str, str], int]:
    """(state, reason) → how many, of what a programme or a survey has put in; one query."""
    rows = OutboundMessage.objects.filter(source_type=source_type, source_id__in=[str(one) for one in source_ids])
    return {
        (state, reason): n
        for state, reason, n in rows.order_by().values_list("state", "reason").annotate(n=Count("pk"))
    }


def suppressions() -> QuerySet[Suppression]:
    """The list, lifted rows included."""
    return Suppression.objects.select_related("by")


def waiting_for_people() -> int:
    """How many messages need a person: unknown or held."""
    return OutboundMessage.objects.filter(state__in=["unknown", "held"]).count()
