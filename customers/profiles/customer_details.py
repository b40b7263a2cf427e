"""What belongs to a customer beside their fields: further contacts, yearly dates, ids in other systems."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.background import events
from customers.profiles import services
from customers.profiles.events import CustomerChanged
from customers.profiles.models import ContactPoint, Customer, ExternalId, ImportantDate

T = TypeVar("T")


class DuplicateDetail(Exception):
    """The same contact, date or id is stored already; the message says which."""


@transaction.atomic
def add_contact(*, customer: Customer, kind: str, value: str, label: str, at: datetime, by: User) -> ContactPoint:
    """Store a further address or number; search finds the customer by it. Refused: DuplicateDetail."""
    _lock_customer(customer)
    point = _create_unique(
        lambda: ContactPoint.objects.create(customer=customer, kind=kind, value=value, label=label),
        _("This contact is kept already."),
    )
    _announce_detail_change(customer, "contact_points", at, by, after={"kind": kind, "value": value})
    return point


@transaction.atomic
def remove_contact(*, point: ContactPoint, at: datetime, by: User) -> None:
    """Delete the contact; search finds the customer by it no more."""
    _lock_customer(point.customer)
    before = {"kind": point.kind, "value": point.value}
    point.delete()
    _announce_detail_change(point.customer, "contact_points", at, by, before=before)


@transaction.atomic
def add_important_date(*, customer: Customer, at: datetime, by: User, **fields: Any) -> ImportantDate:
    """Store a day that comes back every year. Refused: DuplicateDetail."""
    _lock_customer(customer)
    day = _create_unique(
        lambda: ImportantDate.objects.create(customer=customer, **fields), _("A date of this name is kept already.")
    )
    _announce_detail_change(customer, "important_dates", at, by, after={"date": day.name})
    return day


@transaction.atomic
def remove_important_date(*, day: ImportantDate, at: datetime, by: User) -> None:
    """Delete the day."""
    _lock_customer(day.customer)
    before = {"date": day.name}
    day.delete()
    _announce_detail_change(day.customer, "important_dates", at, by, before=before)


@transaction.atomic
def add_external_id(*, customer: Customer, source: str, value: str, at: datetime, by: User) -> ExternalId:
    """Store the customer's id in another system. Refused: DuplicateDetail, where it is somebody's already."""
    _lock_customer(customer)
    external_id = _create_unique(
        lambda: ExternalId.objects.create(customer=customer, source=source, value=value),
        _("This id belongs to a customer already."),
    )
    _announce_detail_change(customer, "external_ids", at, by, after={"source": source, "id": value})
    return external_id


@transaction.atomic
def remove_external_id(*, external_id: ExternalId, at: datetime, by: User) -> None:
    """Delete the id; files and programs find the customer by it no more."""
    _lock_customer(external_id.customer)
    before = {"source": external_id.source, "id": external_id.value}
    external_id.delete()
    _announce_detail_change(external_id.customer, "external_ids", at, by, before=before)


def _lock_customer(customer: Customer) -> None:
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)


def _create_unique(create: Callable[[], T], message: str) -> T:
    try:
        with transaction.atomic():
            return create()
    except IntegrityError as error:
        raise DuplicateDetail(message) from error


def _announce_detail_change(customer: Customer, field: str, at: datetime, by: User, **change: Any) -> None:
    services.reindex_customer(customer)
    audit.record_audit_entry("customer.changed", customer, by=by, **change)
    events.announce_event(CustomerChanged(ids=[customer.pk], at=at, fields=(field,)))
