"""What hangs on a customer beside his fields: further contacts, yearly dates, ids of other systems; archiving."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.background import events
from customers.profiles import services, timeline
from customers.profiles.events import CustomerChanged
from customers.profiles.models import ContactPoint, Customer, ExternalId, ImportantDate


class DuplicateDetail(Exception):
    """The same thing is kept already; the message says with whom."""


@transaction.atomic
def add_contact(*, customer: Customer, kind: str, value: str, label: str, at: datetime, by: Any) -> ContactPoint:
    """A further address or number; search finds the customer by it."""
    _lock_customer(customer)
    point = _create_unique(
        lambda: ContactPoint.objects.create(customer=customer, kind=kind, value=value, label=label),
        _("This contact is kept already."),
    )
    _announce_detail_change(customer, "contact_points", at, by, after={"kind": kind, "value": value})
    return point


@transaction.atomic
def remove_contact(*, point: ContactPoint, at: datetime, by: Any) -> None:
    """The contact is forgotten."""
    _lock_customer(point.customer)
    before = {"kind": point.kind, "value": point.value}
    point.delete()
    _announce_detail_change(point.customer, "contact_points", at, by, before=before)


@transaction.atomic
def add_important_date(*, customer: Customer, at: datetime, by: Any, **fields: Any) -> ImportantDate:
    """A day that comes back every year."""
    _lock_customer(customer)
    day = _create_unique(
        lambda: ImportantDate.objects.create(customer=customer, **fields), _("A date of this name is kept already.")
    )
    _announce_detail_change(customer, "important_dates", at, by, after={"date": day.name})
    return day


@transaction.atomic
def remove_important_date(*, day: ImportantDate, at: datetime, by: Any) -> None:
    """The day is forgotten."""
    _lock_customer(day.customer)
    before = {"date": day.name}
    day.delete()
    _announce_detail_change(day.customer, "important_dates", at, by, before=before)


@transaction.atomic
def add_external_id(*, customer: Customer, source: str, value: str, at: datetime, by: Any) -> ExternalId:
    """The customer's id in another system; refused where it is somebody's already."""
    _lock_customer(customer)
    own = _create_unique(
        lambda: ExternalId.objects.create(customer=customer, source=source, value=value),
        _("This id belongs to a customer already."),
    )
    _announce_detail_change(customer, "external_ids", at, by, after={"source": source, "id": value})
    return own


@transaction.atomic
def remove_external_id(*, own: ExternalId, at: datetime, by: Any) -> None:
    """The id is forgotten."""
    _lock_customer(own.customer)
    before = {"source": own.source, "id": own.value}
    own.delete()
    _announce_detail_change(own.customer, "external_ids", at, by, before=before)


@transaction.atomic
def archive_customer(*, customer: Customer, at: datetime, by: Any) -> None:
    """Out of the lists and of every programme; nothing is lost."""
    _set_archived_at(customer, at, at, by, "customer.archived", "archived")


@transaction.atomic
def restore_customer(*, customer: Customer, at: datetime, by: Any) -> None:
    """Back in the lists."""
    _set_archived_at(customer, None, at, by, "customer.restored", "restored")


def _set_archived_at(
    customer: Customer, archived_at: datetime | None, at: datetime, by: Any, action: str, kind: str
) -> None:
    locked = _lock_customer(customer)
    if (locked.archived_at is None) == (archived_at is None):
        return
    locked.archived_at, locked.updated_at, locked.version = archived_at, at, locked.version + 1
    locked.save(update_fields=["archived_at", "updated_at", "version"])
    timeline.write_timeline([timeline.NewTimelineEntry(locked.pk, kind, at, actor_id=by.pk)])
    audit.record_audit_entry(action, locked, by=by)
    events.announce_event(CustomerChanged(ids=[locked.pk], at=at, fields=("archived_at",)))


def _lock_customer(customer: Customer) -> Customer:
    return Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)


def _create_unique(create: Any, message: str) -> Any:
    try:
        with transaction.atomic():
            return create()
    except IntegrityError as error:
        raise DuplicateDetail(message) from error


def _announce_detail_change(customer: Customer, field: str, at: datetime, by: Any, **change: Any) -> None:
    services.reindex_customer(customer)
    audit.record_audit_entry("customer.changed", customer, by=by, **change)
    events.announce_event(CustomerChanged(ids=[customer.pk], at=at, fields=(field,)))
