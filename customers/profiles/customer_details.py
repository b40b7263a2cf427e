"""What hangs on a customer beside his fields: further contacts, yearly dates, ids of other systems; archiving."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.background import events
from customers.profiles import services, timeline
from customers.profiles.events import CUSTOMER_CHANGED
from customers.profiles.models import ContactPoint, Customer, ExternalId, ImportantDate


class AlreadyThere(Exception):
    """The same thing is kept already; the message says with whom."""


@transaction.atomic
def add_contact(*, customer: Customer, kind: str, value: str, label: str, at: datetime, by: Any) -> ContactPoint:
    """A further address or number; search finds the customer by it."""
    _lock(customer)
    point = _once(
        lambda: ContactPoint.objects.create(customer=customer, kind=kind, value=value, label=label),
        _("This contact is kept already."),
    )
    _changed(customer, "contact_points", at, by, after={"kind": kind, "value": value})
    return point


@transaction.atomic
def remove_contact(*, point: ContactPoint, at: datetime, by: Any) -> None:
    """The contact is forgotten."""
    _lock(point.customer)
    before = {"kind": point.kind, "value": point.value}
    point.delete()
    _changed(point.customer, "contact_points", at, by, before=before)


@transaction.atomic
def add_date(*, customer: Customer, at: datetime, by: Any, **fields: Any) -> ImportantDate:
    """A day that comes back every year."""
    _lock(customer)
    day = _once(
        lambda: ImportantDate.objects.create(customer=customer, **fields), _("A date of this name is kept already.")
    )
    _changed(customer, "important_dates", at, by, after={"date": day.name})
    return day


@transaction.atomic
def remove_date(*, day: ImportantDate, at: datetime, by: Any) -> None:
    """The day is forgotten."""
    _lock(day.customer)
    before = {"date": day.name}
    day.delete()
    _changed(day.customer, "important_dates", at, by, before=before)


@transaction.atomic
def add_external_id(*, customer: Customer, source: str, value: str, at: datetime, by: Any) -> ExternalId:
    """The customer's id in another system; refused where it is somebody's already."""
    _lock(customer)
    own = _once(
        lambda: ExternalId.objects.create(customer=customer, source=source, value=value),
        _("This id belongs to a customer already."),
    )
    _changed(customer, "external_ids", at, by, after={"source": source, "id": value})
    return own


@transaction.atomic
def remove_external_id(*, own: ExternalId, at: datetime, by: Any) -> None:
    """The id is forgotten."""
    _lock(own.customer)
    before = {"source": own.source, "id": own.value}
    own.delete()
    _changed(own.customer, "external_ids", at, by, before=before)


@transaction.atomic
def archive(*, customer: Customer, at: datetime, by: Any) -> None:
    """Out of the lists and of every programme; nothing is lost."""
    _put_away(customer, at, at, by, "customer.archived", "archived")


@transaction.atomic
def restore(*, customer: Customer, at: datetime, by: Any) -> None:
    """Back in the lists."""
    _put_away(customer, None, at, by, "customer.restored", "restored")


def _put_away(customer: Customer, archived_at: datetime | None, at: datetime, by: Any, action: str, kind: str) -> None:
    locked = _lock(customer)
    if (locked.archived_at is None) == (archived_at is None):
        return
    locked.archived_at, locked.updated_at, locked.version = archived_at, at, locked.version + 1
    locked.save(update_fields=["archived_at", "updated_at", "version"])
    timeline.write([timeline.Line(locked.pk, kind, at, actor_id=by.pk)])
    audit.record(action, locked, by=by)
    events.announce(CUSTOMER_CHANGED, [locked.pk], at=at, fields=["archived_at"])


def _lock(customer: Customer) -> Customer:
    return Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)


def _once(create: Any, message: str) -> Any:
    try:
        with transaction.atomic():
            return create()
    except IntegrityError as error:
        raise AlreadyThere(message) from error


def _changed(customer: Customer, field: str, at: datetime, by: Any, **change: Any) -> None:
    services.reindex(customer)
    audit.record("customer.changed", customer, by=by, **change)
    events.announce(CUSTOMER_CHANGED, [customer.pk], at=at, fields=[field])
