"""Many customers at once, as files bring them: matched by what identifies them, written in a few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Lower

from crm.kernel import events
from customers.profiles import search, timeline
from customers.profiles.events import CUSTOMER_CHANGED, CUSTOMER_CREATED
from customers.profiles.models import ContactPoint, Customer, ExternalId

Ref = tuple[str, str]


@dataclass
class Person:
    """One customer as a file tells of him: his number in the source (if any) and the fields that were given."""

    ref: Ref | None
    fields: dict[str, Any] = field(default_factory=dict)


class Ambiguous(Exception):
    """More than one customer has this e-mail or phone."""


@dataclass
class Known:
    """The customers that a batch may mean: by external id, e-mail (lower case) and phone; archived ones count."""

    by_ref: dict[Ref, Customer]
    by_email: dict[str, list[Customer]]
    by_phone: dict[str, list[Customer]]

    def find(self, person: Person) -> Customer | None:
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
                raise Ambiguous
            if candidates:
                return candidates[0]
        return None

    def _has_other_ref(self, customer: Customer, ref: Ref) -> bool:
        """The same source calls this customer by another number: so he is somebody else."""
        return any(known is customer and source == ref[0] for (source, _value), known in self.by_ref.items())

    def add(self, customer: Customer, person: Person) -> None:
        """A customer of this very batch, for the rows that follow."""
        if person.ref:
            self.by_ref[person.ref] = customer
        if customer.email:
            self.by_email.setdefault(customer.email.lower(), []).append(customer)
        if customer.phone:
            self.by_phone.setdefault(customer.phone, []).append(customer)


def known(people: Sequence[Person]) -> Known:
    """Load, locked in the order of their ids, all customers that these people may be."""
    refs = [person.ref for person in people if person.ref]
    sources, values = {source for source, _value in refs}, [value for _source, value in refs]
    links = {
        (link.source, link.value): link.customer_id
        for link in ExternalId.objects.filter(source__in=sources, value__in=values)
    }
    emails = {person.fields["email"].lower() for person in people if person.fields.get("email")}
    phones = {person.fields["phone"] for person in people if person.fields.get("phone")}
    ids = set(links.values())
    ids |= set(
        Customer.objects.annotate(low=Lower("email"))
        .filter(low__in=emails, merged_into=None)
        .values_list("pk", flat=True)
    )
    ids |= set(Customer.objects.filter(phone__in=phones, merged_into=None).values_list("pk", flat=True))
    rows = {row.pk: row for row in Customer.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)}
    other = ExternalId.objects.filter(customer_id__in=ids, source__in=sources).values_list(
        "source", "value", "customer_id"
    )
    found = Known({(source, value): rows[pk] for source, value, pk in other if pk in rows}, {}, {})
    for row in rows.values():
        if row.email:
            found.by_email.setdefault(row.email.lower(), []).append(row)
        if row.phone:
            found.by_phone.setdefault(row.phone, []).append(row)
    return found


@transaction.atomic
def save(
    *,
    created: Sequence[tuple[Customer, Person]],
    changed: Iterable[Customer],
    linked: Iterable[tuple[Customer, Ref]],
    at: datetime,
    live: bool,
) -> None:
    """Write new customers with their numbers, changed ones, and numbers newly learnt; timeline and events follow."""
    refs = {id(customer): person.ref for customer, person in created}
    new = [customer for customer, _person in created]
    for customer in new:
        customer.created_at = customer.updated_at = at
        index(customer, [refs[id(customer)][1]] if refs[id(customer)] else [])  # type: ignore[index]
    Customer.objects.bulk_create(new, batch_size=1000)
    links = [
        ExternalId(customer=customer, source=ref[0], value=ref[1]) for customer in new if (ref := refs[id(customer)])
    ]
    links += [ExternalId(customer=customer, source=source, value=value) for customer, (source, value) in linked]
    ExternalId.objects.bulk_create(links, batch_size=1000)
    touched = [customer for customer in changed if customer.pk]
    _rewrite(touched, at)
    timeline.write(timeline.Line(customer.pk, "customer_created", at, {"source": customer.source}) for customer in new)
    events.announce(CUSTOMER_CREATED, [customer.pk for customer in new], live=live, at=at)
    events.announce(CUSTOMER_CHANGED, [customer.pk for customer in touched], live=live, at=at)


def _rewrite(customers: list[Customer], at: datetime) -> None:
    numbers: dict[int, list[str]] = {}
    for kept in (ExternalId.objects, ContactPoint.objects):
        for customer_id, value in kept.filter(customer__in=customers).values_list("customer_id", "value"):
            numbers.setdefault(customer_id, []).append(value)
    for customer in customers:
        customer.updated_at = at
        customer.version += 1
        index(customer, numbers.get(customer.pk, []))
    written = [f.attname for f in Customer._meta.concrete_fields if f.attname not in ("id", "public_id", "created_at")]
    Customer.objects.bulk_update(customers, [name.removesuffix("_id") for name in written], batch_size=200)


def index(customer: Customer, external: Iterable[str]) -> None:
    """Set what the customer is found and sorted by."""
    names = (
        customer.display_name,
        f"{customer.family_name}{customer.given_name}",
        f"{customer.given_name} {customer.family_name}",
    )
    customer.search_text = search.text_for(
        names=[name for name in names if name.strip()], email=customer.email, phone=customer.phone, others=external
    )
    customer.sort_key = search.sort_key_for(
        display_name=customer.display_name, family_name=customer.family_name, given_name=customer.given_name
    )
