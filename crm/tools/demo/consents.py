"""What customers allow us to write, and addresses that get nothing."""

import random
from collections.abc import Sequence
from datetime import datetime

from crm.tools.demo.example_customers import Somebody
from customers.messaging import consent, suppression
from customers.messaging.choices import Channel, ConsentSource, ConsentState, SuppressionReason, Topic
from customers.messaging.consent import Said
from customers.profiles.models import Customer

TOPICS = {
    "all": (Topic.CARE, Topic.PROMOTIONS, Topic.SURVEYS, Topic.NEWS),
    "care": (Topic.CARE, Topic.SURVEYS),
    "none": (),
    "nothing": (),
}
REASONS = (SuppressionReason.UNSUBSCRIBED_ALL, SuppressionReason.COMPLAINED, SuppressionReason.MANUAL)


def say(pairs: Sequence[tuple[Somebody, Customer]], at: datetime) -> None:
    """What newcomers said when they gave their address."""
    said = []
    for person, customer in pairs:
        if not customer.email:
            continue
        said += [
            Said(customer.pk, Channel.EMAIL.value, topic.value, ConsentState.GIVEN) for topic in TOPICS[person.allows]
        ]
        if person.allows == "none":
            refused = (Topic.CARE, Topic.PROMOTIONS)
            said += [Said(customer.pk, Channel.EMAIL.value, topic.value, ConsentState.WITHDRAWN) for topic in refused]
    consent.record(said=said, source=ConsentSource.DEMO, at=at)


def withdraw_and_suppress(*, dice: random.Random, at: datetime) -> None:
    """A few take promotions back, a few want nothing at all."""
    people = list(Customer.objects.filter(email__isnull=False, archived_at=None).order_by("pk"))
    quiet = dice.sample(people, len(people) // 100)
    said = [Said(each.pk, Channel.EMAIL.value, Topic.PROMOTIONS.value, ConsentState.WITHDRAWN) for each in quiet]
    consent.record(said=said, source=ConsentSource.LINK, at=at)
    for customer in dice.sample(people, max(3, len(people) // 350)):
        suppression.suppress(
            channel=Channel.EMAIL, address=customer.email or "", reason=dice.choice(REASONS), source="demo", at=at,
            customer_id=customer.pk,
        )  # fmt: skip
