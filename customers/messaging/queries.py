"""SQL of consent, suppression and customers' own links; the outbox has its own in `outbox/queries.py`."""

from customers.messaging.preference_tokens import TOKEN_LIFETIME

# What customers said last replaces what they said before; an import brings it by the thousand.
ON_CONSENT_CONFLICT = """
ON CONFLICT (customer_id, channel, topic) DO UPDATE
SET state = excluded.state, source = excluded.source, wording_version = excluded.wording_version, at = excluded.at
RETURNING id
"""
# Advisory locks, which the ORM does not know: one statement however many addresses.
LOCK_ADDRESSES_SHARED = "SELECT count(pg_advisory_xact_lock_shared(%s, bucket)::text) FROM unnest(%s::int[]) AS bucket"
LOCK_ADDRESSES_EXCLUSIVELY = "SELECT count(pg_advisory_xact_lock(%s, bucket)::text) FROM unnest(%s::int[]) AS bucket"


def insert_tokens_sql(source: str) -> str:
    """SQL that stores the tokens of `source`, a part of the statement that inserts a chunk of messages.

    `source` has token, customer, channel, topic, digest and creation of each message; only a token's hash is stored.
    """
    return f"""
    INSERT INTO customers_preferencetoken (digest, customer_id, channel, topic, address_digest, created_at, expires_at)
    SELECT sha256(convert_to(token, 'UTF8')), customer_id, channel, topic, digest,
      created_at, created_at + interval '{TOKEN_LIFETIME.days} days'
    FROM {source} WHERE token <> ''
    """
