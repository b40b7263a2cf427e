"""What customers do through their own links: unsubscribe from everything or a topic, or choose again."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from customers.messaging import addresses, consent, governor, preference_tokens, suppression
from customers.messaging.choices import ConsentSource, ConsentState, MessageChannel, MessageTopic, SuppressionReason
from customers.messaging.governor import SendRequest
from customers.messaging.models import Consent, PreferenceToken, Suppression
from customers.profiles.models import Customer

# Service mail belongs to the contract: it is not a question.
OFFERED_TOPICS = (MessageTopic.CARE, MessageTopic.PROMOTIONS, MessageTopic.SURVEYS, MessageTopic.NEWS)
TopicChoice = tuple[str, str]


@transaction.atomic
def unsubscribe_all(*, link: PreferenceToken, source: str, at: datetime) -> None:
    """Nothing but answers and receipts goes to this address any more, whatever imports say later. Again changes nothing."""
    person = preference_tokens.token_customer(link)
    consent.withdraw_consent(customer=person, channel=link.channel, topics=OFFERED_TOPICS, source=source, at=at)
    own = _own_address(person, link.channel)
    hint = (
        addresses.address_hint(link.channel, own)
        if addresses.address_digest(link.channel, own) == link.address_digest
        else ""
    )
    suppression.suppress_digest(
        channel=link.channel,
        digest=link.address_digest,
        reason=SuppressionReason.UNSUBSCRIBED_ALL,
        source=source,
        hint=hint,
        customer_ids=[person.pk],
        at=at,
    )


@transaction.atomic
def unsubscribe_topic(*, link: PreferenceToken, at: datetime) -> None:
    """Nothing of the mail's topic any more."""
    topics = [link.topic] if link.topic in OFFERED_TOPICS else OFFERED_TOPICS
    consent.withdraw_consent(
        customer=preference_tokens.token_customer(link),
        channel=link.channel,
        topics=topics,
        source=ConsentSource.LINK,
        at=at,
    )


def unsubscribed_scope(link: PreferenceToken) -> str:
    """What the link has nothing left to stop: "all", "topic" for the mail's topic alone, or nothing."""
    reason = SuppressionReason.UNSUBSCRIBED_ALL
    at_address = Suppression.objects.filter(channel=link.channel, digest=link.address_digest, lifted_at=None)
    if at_address.filter(reason=reason).exists():
        return "all"
    said = Consent.objects.filter(
        customer=preference_tokens.token_customer(link), channel=link.channel, topic=link.topic
    )
    return "topic" if said.filter(state=ConsentState.WITHDRAWN).exists() else ""


@transaction.atomic
def choose_topics(*, link: PreferenceToken, wanted: Collection[TopicChoice], at: datetime, wording: str) -> None:
    """The customer's own choice of topics per channel. Choosing anything lifts an earlier *unsubscribed from everything*."""
    person = preference_tokens.token_customer(link)
    offered = reachable_channels(person)
    said = [
        consent.ConsentStatement(
            person.pk, channel, topic, ConsentState.GIVEN if (channel, topic) in wanted else ConsentState.WITHDRAWN
        )
        for channel in offered
        for topic in OFFERED_TOPICS
    ]
    consent.record_consents(said=said, source=ConsentSource.LINK, at=at, wording=wording)
    for channel in {channel for channel, _topic in wanted if channel in offered}:
        digest = (
            link.address_digest
            if channel == link.channel
            else governor.recipient_address(SendRequest(person.pk, "care", "care", channel), person)[1]
        )
        suppression.lift_suppressions(channel=channel, digest=digest, source=ConsentSource.LINK, at=at)


def reachable_channels(person: Customer) -> list[str]:
    """Channels on which the customer can be reached, hence asked about."""
    return [channel for channel in MessageChannel.values if _own_address(person, channel)]


def _own_address(person: Customer, channel: str) -> str:
    return (person.email if channel == MessageChannel.EMAIL else person.phone) or ""
