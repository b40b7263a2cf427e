"""What customers do through their own links: unsubscribe from everything or from a topic, or choose topics."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from customers.messaging import addresses, channels, consent, governor, preference_tokens, suppression
from customers.messaging.choices import ConsentSource, ConsentState, MessageChannel, SuppressionReason
from customers.messaging.consent import OPTIONAL_TOPICS
from customers.messaging.governor import SendRequest
from customers.messaging.models import Consent, PreferenceToken, Suppression
from customers.profiles.models import Customer

TopicChoice = tuple[str, str]


@transaction.atomic
def unsubscribe_all(*, link: PreferenceToken, source: str, at: datetime) -> None:
    """Nothing but answers and receipts goes to this address any more, whatever imports say later.

    Doing it again changes nothing.
    """
    customer = preference_tokens.token_customer(link)
    consent.withdraw_consent(customer=customer, channel=link.channel, topics=OPTIONAL_TOPICS, source=source, at=at)
    address = _own_address(customer, link.channel)
    hint = (
        addresses.address_hint(link.channel, address)
        if addresses.address_digest(link.channel, address) == link.address_digest
        else ""
    )
    suppression.suppress_digest(
        channel=link.channel,
        digest=link.address_digest,
        reason=SuppressionReason.UNSUBSCRIBED_ALL,
        source=source,
        hint=hint,
        customer_ids=[customer.pk],
        at=at,
    )


@transaction.atomic
def unsubscribe_topic(*, link: PreferenceToken, at: datetime) -> None:
    """Withdraw consent for the topic of the mail; for every topic where it had none that can be chosen."""
    topics = [link.topic] if link.topic in OPTIONAL_TOPICS else OPTIONAL_TOPICS
    consent.withdraw_consent(
        customer=preference_tokens.token_customer(link),
        channel=link.channel,
        topics=topics,
        source=ConsentSource.LINK,
        at=at,
    )


def unsubscribed_scope(link: PreferenceToken) -> str:
    """What has been unsubscribed already: "all", "topic" for the mail's topic alone, or "". Two queries at most, and one for each merge."""
    reason = SuppressionReason.UNSUBSCRIBED_ALL
    suppressions = Suppression.objects.filter(channel=link.channel, digest=link.address_digest, lifted_at=None)
    if suppressions.filter(reason=reason).exists():
        return "all"
    consents = Consent.objects.filter(
        customer=preference_tokens.token_customer(link), channel=link.channel, topic=link.topic
    )
    return "topic" if consents.filter(state=ConsentState.WITHDRAWN).exists() else ""


@transaction.atomic
def choose_topics(*, link: PreferenceToken, chosen: Collection[TopicChoice], at: datetime, wording: str) -> None:
    """Set consent to the customer's own choice of topics per channel.

    Choosing anything on a channel lifts an earlier *unsubscribed from everything* there.
    """
    customer = preference_tokens.token_customer(link)
    offered = reachable_channels(customer)
    statements = [
        consent.ConsentStatement(
            customer.pk, channel, topic, ConsentState.GIVEN if (channel, topic) in chosen else ConsentState.WITHDRAWN
        )
        for channel in offered
        for topic in OPTIONAL_TOPICS
    ]
    consent.record_consents(statements=statements, source=ConsentSource.LINK, at=at, wording=wording)
    for channel in {channel for channel, _topic in chosen if channel in offered}:
        digest = (
            link.address_digest
            if channel == link.channel
            else governor.recipient_address(SendRequest(customer.pk, "care", "care", channel), customer)[1]
        )
        suppression.lift_suppressions(channel=channel, digest=digest, source=ConsentSource.LINK, at=at)


def reachable_channels(customer: Customer) -> list[str]:
    """Channels for which the customer has an address, hence can choose topics."""
    return [channel for channel in MessageChannel.values if _own_address(customer, channel)]


def _own_address(customer: Customer, channel: str) -> str:
    return getattr(customer, channels.get_channel_kind(channel).address_field) or ""
