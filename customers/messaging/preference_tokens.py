"""Customers' own links: random tokens whose hash is kept, so that neither a change of keys nor a merge breaks them."""

from datetime import datetime, timedelta

from crm.kernel.auth import signed_links
from crm.kernel.background import scheduler
from customers.messaging.models import PreferenceToken
from customers.profiles.models import Customer

TOKEN_LIFETIME = timedelta(days=400)


def generate_token() -> str:
    """A token, not yet kept: the outbox keeps many at once, by `insert`."""
    return signed_links.generate_token()[0]


def insert_tokens_sql(source: str) -> str:
    """SQL that keeps the tokens of `source`, which has token, customer, channel, topic, digest and creation of each message."""
    return f"""
    INSERT INTO customers_preferencetoken (digest, customer_id, channel, topic, address_digest, created_at, expires_at)
    SELECT sha256(convert_to(token, 'UTF8')), customer_id, channel, topic, digest,
  created_at, created_at + interval '{TOKEN_LIFETIME.days} days'
    FROM {source} WHERE token <> ''
    """


def find_valid_token(token: str, at: datetime) -> PreferenceToken | None:
    """The row of a token that still serves, or None."""
    if not 20 <= len(token) <= 64:
        return None
    return (
        PreferenceToken.objects.filter(digest=signed_links.hash_token(token), expires_at__gt=at)
        .select_related("customer")
        .first()
    )


def token_customer(row: PreferenceToken) -> Customer:
    """Whom the token speaks for: after merges, the survivor."""
    customer = row.customer
    while customer.merged_into:
        customer = customer.merged_into
    return customer


@scheduler.register_nightly("forget_tokens")
def delete_expired_tokens(now: datetime) -> int:
    """Drop tokens that no longer serve."""
    return PreferenceToken.objects.filter(expires_at__lt=now).delete()[0]
