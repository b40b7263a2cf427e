"""The tokens of customers' own links: only their hash is stored, so neither new keys nor a merge break a link."""

from datetime import datetime, timedelta

from crm.kernel.auth import signed_links
from customers.messaging.models import PreferenceToken
from customers.profiles.models import Customer

TOKEN_LIFETIME = timedelta(days=400)


def generate_token() -> str:
    """A token, not yet stored: the outbox stores those of a whole chunk at once, by `queries.insert_tokens_sql`."""
    return signed_links.generate_token()[0]


def find_valid_token(token: str, at: datetime) -> PreferenceToken | None:
    """The row of a token that has not expired, or None."""
    if not 20 <= len(token) <= 64:
        return None
    return (
        PreferenceToken.objects.filter(digest=signed_links.hash_token(token), expires_at__gt=at)
        .select_related("customer")
        .first()
    )


def token_customer(row: PreferenceToken) -> Customer:
    """The customer of the token; after merges, the survivor."""
    customer = row.customer
    while customer.merged_into:
        customer = customer.merged_into
    return customer


def delete_expired_tokens(now: datetime) -> int:
    """Delete tokens that have expired; returns how many."""
    return PreferenceToken.objects.filter(expires_at__lt=now).delete()[0]
