"""What customers allow us to write, and addresses that get nothing."""

import random
from collections.abc import Sequence
from datetime import datetime

from crm.tools.demo.example_customers import ExampleCustomer
from customers.messaging import consent, suppression
from customers.messaging.choices import ConsentSource, ConsentState, MessageChannel, MessageTopic, SuppressionReason
from customers.messaging.consent import ConsentStatement
from customers.profiles.models import Customer

TOPICS_BY_CONSENT = {
    "all": (MessageTopic.CARE, MessageTopic.PROMOTIONS, MessageTopic.SURVEYS, MessageTopic.NEWS),
    "care": (MessageTopic.CARE, MessageTopic.SURVEYS),
    "none": (),
    "nothing": (),
}
SUPPRESSION_REASONS = (SuppressionReason.UNSUBSCRIBED_ALL, SuppressionReason.COMPLAINED, SuppressionReason.MANUAL)


def record_consents(pairs: Sequence[tuple[ExampleCustomer, Customer]], at: datetime) -> None:
    """What newcomers said when they gave their address."""
    said = []
    for person, customer in pairs:
        if not customer.email:
            continue
        said += [
            ConsentStatement(customer.pk, MessageChannel.EMAIL.value, topic.value, ConsentState.GIVEN)
            for topic in TOPICS_BY_CONSENT[person.allows]
        ]
        if person.allows == "none":
            refused = (MessageTopic.CARE, MessageTopic.PROMOTIONS)
            said += [
                ConsentStatement(customer.pk, MessageChannel.EMAIL.value, topic.value, ConsentState.WITHDRAWN)
                for topic in refused
            ]
    consent.record_consents(statements=said, source=ConsentSource.DEMO, at=at)


def withdraw_and_suppress(*, dice: random.Random, at: datetime) -> None:
    """A few take promotions back, a few want nothing at all."""
    people = list(Customer.objects.filter(email__isnull=False, archived_at=None).order_by("pk"))
    quiet = dice.sample(people, len(people) // 100)
    said = [
        ConsentStatement(each.pk, MessageChannel.EMAIL.value, MessageTopic.PROMOTIONS.value, ConsentState.WITHDRAWN)
        for each in quiet
    ]
    consent.record_consents(statements=said, source=ConsentSource.LINK, at=at)
    for customer in dice.sample(people, max(3, len(people) // 350)):
        suppression.suppress_address(
            channel=MessageChannel.EMAIL, address=customer.email or "", reason=dice.choice(SUPPRESSION_REASONS), source="demo", at=at,
            customer_id=customer.pk,
        )  # fmt: skip
