"""Customers' own links: random tokens whose hash is kept, so that neither a change of keys nor a merge breaks them."""

from datetime import datetime, timedelta

from crm.kernel import links
from customers.messaging.models import PreferenceToken
from customers.profiles.models import Customer

KEEP = timedelta(days=400)


def new(
    *, customer_id: int, channel: str, topic: str, address_digest: str, at: datetime
) -> tuple[str, PreferenceToken]:
    """A token and its row, not yet saved: the outbox saves many at once."""
    token, hashed = links.new_token()
    row = PreferenceToken(
        digest=hashed,
        customer_id=customer_id,
        channel=channel,
        topic=topic,
        address_digest=address_digest,
        created_at=at,
        expires_at=at + KEEP,
    )
    return token, row


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return links.digest(token)


def read(token: str, at: datetime) -> PreferenceToken | None:
    """The row of a token that still serves, or None."""
    if not 20 <= len(token) <= 64:
        return None
    return (
        PreferenceToken.objects.filter(digest=links.digest(token), expires_at__gt=at).select_related("customer").first()
    )


def person(row: PreferenceToken) -> Customer:
    """Whom the token speaks for: after merges, the survivor."""
    customer = row.customer
    while customer.merged_into:
        customer = customer.merged_into
    return customer


def forget_expired(now: datetime) -> int:
    """Drop tokens that no longer serve."""
    return PreferenceToken.objects.filter(expires_at__lt=now).delete()[0]
