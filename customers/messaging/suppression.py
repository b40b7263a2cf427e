"""The suppression list: addresses to which nothing goes any more that the reason stops, from its commit on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.background import events
from customers.messaging import address_locks, addresses, channels
from customers.messaging.choices import MessageChannel, SuppressionReason
from customers.messaging.events import AddressSuppressed
from customers.messaging.models import Suppression
from customers.messaging.outbox import deferral
from customers.profiles import timeline

# The person lifts these, through their own link; an erased address stays.
LIFTABLE_REASONS = (SuppressionReason.UNSUBSCRIBED_ALL, SuppressionReason.COMPLAINED, SuppressionReason.MANUAL)


class NoAddress(ValueError):
    """This is no address of the channel."""


class NotLiftable(Exception):
    """Staff may not take this address off the list; the message says why."""


@transaction.atomic
def suppress_address(
    *,
    channel: str,
    address: str,
    reason: str,
    source: str,
    at: datetime,
    by: User | None = None,
    customer_id: int | None = None,
) -> Suppression:
    """Put an address on the list and drop what waits for it and the reason stops. Doing it again changes nothing.

    Raises NoAddress where the text is no address of the channel.
    """
    digest = addresses.address_digest(channel, address)
    if not digest:
        raise NoAddress(_("This is not an address."))
    hint = addresses.address_hint(channel, address)
    customer_ids = [customer_id] if customer_id else _address_owners(channel, address)
    return suppress_digest(
        channel=channel, digest=digest, reason=reason, source=source, at=at, by=by, hint=hint, customer_ids=customer_ids
    )


@transaction.atomic
def suppress_digest(
    *,
    channel: str,
    digest: str,
    reason: str,
    source: str,
    at: datetime,
    by: User | None = None,
    hint: str = "",
    customer_ids: list[int] | None = None,
) -> Suppression:
    """The same where only the HMAC of the address is known; these customers' timelines say so."""
    channel, reason = MessageChannel(channel).value, SuppressionReason(reason).value
    address_locks.lock_addresses_exclusively([digest])
    known = Suppression.objects.filter(channel=channel, digest=digest, reason=reason, lifted_at=None).first()
    if known:
        return known
    row = Suppression.objects.create(
        channel=channel, digest=digest, reason=reason, source=source[:40], hint=hint, by=by, at=at
    )
    deferral.drop_suppressed_messages(digests=[digest], channel=channel, reason=reason, at=at)
    timeline.write_timeline(
        timeline.NewTimelineEntry(
            pk, "address_suppressed", at, {"channel": channel, "reason": reason}, actor_id=by.pk if by else None
        )
        for pk in customer_ids or []
    )
    audit.record_audit_entry(
        "suppression.added", row, by=by, after={"channel": channel, "reason": reason, "source": source}
    )
    events.announce_event(AddressSuppressed(ids=[row.pk], at=at, reason=reason))
    return row


@transaction.atomic
def lift_suppressions(*, channel: str, digest: str, source: str, at: datetime) -> int:
    """The person opted in again through their own link. Returns how many rows were lifted."""
    address_locks.lock_addresses_exclusively([digest])
    rows = Suppression.objects.filter(channel=channel, digest=digest, reason__in=LIFTABLE_REASONS, lifted_at=None)
    lifted = rows.update(lifted_at=at, lifted_source=source)
    if lifted:
        audit.record_audit_entry("suppression.lifted", after={"channel": channel, "source": source}, count=lifted)
    return lifted


@transaction.atomic
def lift_suppression(*, suppression: Suppression, because: str, at: datetime, by: User) -> Suppression:
    """Staff take an address off the list, with a reason: from now on messages go to it again; dropped ones stay dropped.

    Refused with NotLiftable where the person themselves said no, was erased, or the row is lifted already.
    """
    address_locks.lock_addresses_exclusively([suppression.digest])
    row = Suppression.objects.select_for_update(no_key=True).get(pk=suppression.pk)
    if not row.may_be_lifted_by_staff:
        raise NotLiftable(_("Only the person lifts this, through their own link."))
    row.lifted_at, row.lifted_source, row.lifted_by, row.lifted_because = at, "staff", by, because[:200]
    row.save(update_fields=["lifted_at", "lifted_source", "lifted_by", "lifted_because"])
    audit.record_audit_entry(
        "suppression.lifted", row, by=by, before={"reason": row.reason}, after={"source": "staff", "why": because[:200]}
    )
    return row


def _address_owners(channel: str, address: str) -> list[int]:
    plain = addresses.canonical_address(channel, address)
    owners = channels.get_channel_kind(channel).customers_with_address(plain)
    return list(owners.values_list("pk", flat=True)[:100])
