"""Many customers at once, as files bring them: matched by what identifies them, written in a few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from crm.kernel.background import events
from crm.kernel.db.bulk_copy import copy_rows
from customers.profiles import customer_writes, search
from customers.profiles.customer_writes import ExistingCustomer, NewCustomer
from customers.profiles.events import CustomerChanged, CustomerCreated
from customers.profiles.models import ContactPoint, Customer, ExternalId

ExternalRef = tuple[str, str]
AnyCustomer = Customer | NewCustomer | ExistingCustomer
# OFFSET 0 holds the planner to a look into the index for each: it would rather read all customers for two thousand, and all
# ids of other systems while it believes, as before a first import, that there are none.
MATCHING_IDS = """
SELECT x.customer_id FROM unnest(%(sources)s::text[]) AS s(source) CROSS JOIN unnest(%(values)s::text[]) AS v(value)
CROSS JOIN LATERAL (SELECT customer_id FROM customers_externalid WHERE source = s.source AND value = v.value OFFSET 0) x
UNION
SELECT c.id FROM unnest(%(emails)s::text[]) AS wanted(email) CROSS JOIN LATERAL (
  SELECT id FROM customers_customer WHERE lower(email) = wanted.email AND merged_into_id IS NULL OFFSET 0) c
UNION
SELECT c.id FROM unnest(%(phones)s::text[]) AS wanted(phone) CROSS JOIN LATERAL (
  SELECT id FROM customers_customer WHERE phone = wanted.phone AND merged_into_id IS NULL OFFSET 0) c
"""
KNOWN_EXTERNAL_IDS = """
SELECT x.customer_id, x.source, x.value FROM unnest(%(ids)s::bigint[]) AS wanted(id) CROSS JOIN LATERAL (
  SELECT customer_id, source, value FROM customers_externalid
  WHERE customer_id = wanted.id AND source = ANY(%(sources)s::text[]) OFFSET 0) x
"""
CREATED_ENTRIES = """
INSERT INTO customers_timelineentry (customer_id, kind, at, data, object_type, object_id)
SELECT id, 'customer_created', %(at)s, jsonb_build_object('source', source), '', '' FROM customers_customer
WHERE id = ANY(%(ids)s) ORDER BY id
"""


@dataclass
class IncomingCustomer:
    """One customer as a file tells of him: his number in the source (if any) and the fields that were given."""

    ref: ExternalRef | None
    fields: dict[str, Any] = field(default_factory=dict)


class AmbiguousCustomer(Exception):
    """More than one customer has this e-mail or phone."""


@dataclass
class CustomerIndex:
    """The customers that a batch may mean: by external id, e-mail (lower case) and phone; archived ones count."""

    by_ref: dict[ExternalRef, Any] = field(default_factory=dict)
    by_email: dict[str, list[AnyCustomer]] = field(default_factory=dict)
    by_phone: dict[str, list[AnyCustomer]] = field(default_factory=dict)
    sources: dict[int, set[str]] = field(default_factory=dict)

    def find(self, person: IncomingCustomer) -> Any:
        """The one customer meant: by number, else by e-mail, else by phone. Raises Ambiguous."""
        if person.ref and (found := self.by_ref.get(person.ref)):
            return found
        email, phone = person.fields.get("email"), person.fields.get("phone")
        for candidates in (
            self.by_email.get(email.lower(), []) if email else [],
            self.by_phone.get(phone, []) if phone else [],
        ):
            candidates = [one for one in candidates if not person.ref or not self._has_other_ref(one, person.ref)]
            if len(candidates) > 1:
                raise AmbiguousCustomer
            if candidates:
                return candidates[0]
        return None

    def _has_other_ref(self, customer: AnyCustomer, ref: ExternalRef) -> bool:
        """The same source calls this customer by another number: so he is somebody else."""
        return ref[0] in self.sources.get(id(customer), ())

    def link(self, customer: AnyCustomer, ref: ExternalRef) -> None:
        """From now on this number means this customer."""
        self.by_ref[ref] = customer
        self.sources.setdefault(id(customer), set()).add(ref[0])

    def add(self, customer: AnyCustomer, ref: ExternalRef | None = None) -> None:
        """A customer and what he is found by; also one of this very batch, for the rows that follow."""
        if ref:
            self.link(customer, ref)
        if customer.email:
            self.by_email.setdefault(customer.email.lower(), []).append(customer)
        if customer.phone:
            self.by_phone.setdefault(customer.phone, []).append(customer)


def load_customer_index(people: Sequence[IncomingCustomer], *, compared: bool = False) -> CustomerIndex:
    """Load, locked in the order of their ids, all customers that these people may be. Three queries.

    `compared` loads no more of them than these people name, for a file in which most have not changed.
    """
    refs = [person.ref for person in people if person.ref]
    sources = list({source for source, _value in refs})
    wanted = {
        "sources": sources,
        "values": [value for _source, value in refs],
        "emails": [person.fields["email"].lower() for person in people if person.fields.get("email")],
        "phones": [person.fields["phone"] for person in people if person.fields.get("phone")],
    }
    with connection.cursor() as cursor:
        cursor.execute(MATCHING_IDS, wanted)
        ids = [pk for (pk,) in cursor.fetchall()]
    found = CustomerIndex()
    if not ids:
        return found
    named = {name for person in people for name in person.fields}
    rows: dict[int, Any] = {
        row.pk: row
        for row in (customer_writes.lock_customer_columns(ids, named) if compared else _locked_customers(ids))
    }
    for row in rows.values():
        found.add(row)
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_EXTERNAL_IDS, {"ids": list(rows), "sources": sources})
        for customer_id, source, value in cursor.fetchall():
            found.link(rows[customer_id], (source, value))
    return found


def load_changed_customers(values: Mapping[int, Mapping[str, Any]]) -> list[Customer]:
    """The customers of these ids with these new values, not written yet. One query."""
    found = list(_locked_customers(list(values))) if values else []
    for customer in found:
        for name, value in values[customer.pk].items():
            setattr(customer, name, value)
    return found


def _locked_customers(ids: list[int]) -> QuerySet[Customer]:
    return Customer.objects.filter(pk__any=ids).order_by("pk").select_for_update(no_key=True)


@transaction.atomic
def save_customers(
    *,
    created: Sequence[tuple[Any, IncomingCustomer]],
    changed: Iterable[Customer],
    linked: Iterable[tuple[Any, ExternalRef]],
    at: datetime,
    live: bool,
) -> None:
    """Write new customers with their numbers, changed ones, and numbers newly learnt; timeline and events follow."""
    new = [customer for customer, _person in created]
    refs = {id(customer): [person.ref[1]] for customer, person in created if person.ref}
    customer_writes.insert_customers(new, at, lambda customer: set_search_columns(customer, refs.get(id(customer), ())))
    numbers = [(customer.pk, *person.ref) for customer, person in created if person.ref]
    numbers += [(customer.pk, source, value) for customer, (source, value) in linked]
    if numbers:
        copy_rows(ExternalId, ["customer_id", "source", "value"], numbers)
    ids = [customer.pk for customer in new]
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(CREATED_ENTRIES, {"ids": ids, "at": at})
    touched = [customer for customer in changed if customer.pk]
    _update_customers(touched, at)
    events.announce_event(CustomerCreated(ids=ids, live=live, at=at))
    events.announce_event(CustomerChanged(ids=[customer.pk for customer in touched], live=live, at=at))


def _update_customers(customers: list[Customer], at: datetime) -> None:
    numbers: dict[int, list[str]] = {}
    for kept in (ExternalId.objects, ContactPoint.objects):
        for customer_id, value in kept.filter(customer__in=customers).values_list("customer_id", "value"):
            numbers.setdefault(customer_id, []).append(value)
    for customer in customers:
        customer.updated_at = at
        customer.version += 1
        set_search_columns(customer, numbers.get(customer.pk, []))
    written = [f.attname for f in Customer._meta.concrete_fields if f.attname not in ("id", "public_id", "created_at")]
    Customer.objects.bulk_update(customers, [name.removesuffix("_id") for name in written], batch_size=200)


def set_search_columns(customer: Any, external: Iterable[str]) -> None:
    """Set what the customer is found and sorted by."""
    names = (
        customer.display_name,
        f"{customer.family_name}{customer.given_name}",
        f"{customer.given_name} {customer.family_name}",
    )
    customer.search_text = search.build_search_text(
        names=[name for name in names if name.strip()], email=customer.email, phone=customer.phone, others=external
    )
    customer.sort_key = search.build_sort_key(
        display_name=customer.display_name, family_name=customer.family_name, given_name=customer.given_name
    )
