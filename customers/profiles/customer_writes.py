"""Many customers are written at once: new ones by COPY, without the cost of model instances, changed ones in batches."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from crm.kernel.background import events
from crm.kernel.db.array_literals import format_text_array
from crm.kernel.db.bulk_copy import copy_rows, reserve_ids
from customers.profiles import queries, search
from customers.profiles.events import CustomerChanged, CustomerCreated
from customers.profiles.models import ContactPoint, Customer, ExternalId

ExternalRef = tuple[str, str]  # the name of another system, and the customer's id there
CUSTOMER_DEFAULTS = {name: value for name, value in vars(Customer()).items() if name not in ("_state", "id")}
ARRAY_COLUMNS, JSON_COLUMNS = ("tags", "preferences"), ("custom",)
PLAIN_COLUMNS = [name for name in CUSTOMER_DEFAULTS if name not in (*ARRAY_COLUMNS, *JSON_COLUMNS)]
CUSTOMER_COLUMNS = ["id", *PLAIN_COLUMNS, *ARRAY_COLUMNS, *JSON_COLUMNS]


class NewCustomer:
    """A customer who is not written yet: every column as an attribute, `pk` once they are."""

    pk: int | None = None
    display_name: str
    email: str | None
    phone: str | None
    source: str

    def __init__(self, fields: dict[str, Any]) -> None:
        self.__dict__.update(CUSTOMER_DEFAULTS)
        self.__dict__.update(fields)


@transaction.atomic
def save_customers(
    *,
    created: Sequence[tuple[Any, ExternalRef | None]],
    changed: Iterable[Customer],
    linked: Iterable[tuple[Any, ExternalRef]],
    at: datetime,
    live: bool,
) -> None:
    """Write new customers with their external ids, changed ones, and external ids newly learnt; timeline and events follow.

    Refused whole with IntegrityError where an external id is taken meanwhile.
    """
    new = [customer for customer, _ref in created]
    _insert_customers(new, {id(customer): ref for customer, ref in created}, at)
    refs = [(customer.pk, *ref) for customer, ref in created if ref]
    refs += [(customer.pk, *ref) for customer, ref in linked]
    if refs:
        copy_rows(ExternalId, ["customer_id", "source", "value"], refs)
    new_ids = [customer.pk for customer in new]
    if new_ids:
        queries.insert_created_entries(new_ids, at)
    updated = [customer for customer in changed if customer.pk]
    _update_customers(updated, at)
    events.announce_event(CustomerCreated(ids=new_ids, live=live, at=at))
    events.announce_event(CustomerChanged(ids=[customer.pk for customer in updated], live=live, at=at))


def locked_customers(ids: Sequence[int]) -> QuerySet[Customer]:
    """These customers, locked in the order of their ids. One query."""
    return Customer.objects.filter(pk__any=ids).order_by("pk").select_for_update(no_key=True)


def load_changed_customers(values: Mapping[int, Mapping[str, Any]]) -> list[Customer]:
    """The customers of these ids, locked, with these new values, not written yet. One query."""
    customers = list(locked_customers(list(values))) if values else []
    for customer in customers:
        for name, value in values[customer.pk].items():
            setattr(customer, name, value)
    return customers


def set_search_columns(customer: Any, external: Iterable[str]) -> None:
    """Set the columns by which the customer is found and sorted; `external` are their ids and contacts elsewhere."""
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


def _insert_customers(
    new: Sequence[NewCustomer | Customer], refs: Mapping[int, ExternalRef | None], at: datetime
) -> None:
    """Write new customers; afterwards each has its `pk`, in the order given."""
    if not new:
        return
    for customer, pk in zip(new, reserve_ids(Customer, len(new)), strict=True):
        customer.pk = pk
        customer.public_id = f"cu_{secrets.token_hex(8)}"  # type: ignore[union-attr]
        customer.created_at = customer.updated_at = at  # type: ignore[union-attr]
        if isinstance(customer, Customer):
            customer._state.adding, customer._state.db = False, "default"
    copy_rows(Customer, CUSTOMER_COLUMNS, (_copy_row(customer, refs[id(customer)]) for customer in new))


def _copy_row(customer: NewCustomer | Customer, ref: ExternalRef | None) -> list[Any]:
    """The search columns are made as late as this: PostgreSQL writes the rows before this one meanwhile."""
    set_search_columns(customer, [ref[1]] if ref else [])
    values = vars(customer)
    row = [customer.pk, *[values[name] for name in PLAIN_COLUMNS]]
    row += [format_text_array(values[name]) for name in ARRAY_COLUMNS]
    return row + [json.dumps(values[name]) for name in JSON_COLUMNS]


def _update_customers(customers: list[Customer], at: datetime) -> None:
    external: dict[int, list[str]] = {}
    for details in (ExternalId.objects, ContactPoint.objects):
        for customer_id, value in details.filter(customer__in=customers).values_list("customer_id", "value"):
            external.setdefault(customer_id, []).append(value)
    for customer in customers:
        customer.updated_at = at
        customer.version += 1
        set_search_columns(customer, external.get(customer.pk, []))
    written = [f.attname for f in Customer._meta.concrete_fields if f.attname not in ("id", "public_id", "created_at")]
    Customer.objects.bulk_update(customers, [name.removesuffix("_id") for name in written], batch_size=200)
