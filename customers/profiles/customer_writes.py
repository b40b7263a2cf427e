"""Customers to be, without the cost of model instances: a file brings them by the hundred thousand."""

import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from crm.kernel.db.bulk_copy import copy_rows, format_text_array, reserve_ids
from customers.profiles.models import Customer

CUSTOMER_DEFAULTS = {name: value for name, value in vars(Customer()).items() if name not in ("_state", "id")}
ARRAY_COLUMNS, JSON_COLUMNS = ("tags", "preferences"), ("custom",)
PLAIN_COLUMNS = [name for name in CUSTOMER_DEFAULTS if name not in (*ARRAY_COLUMNS, *JSON_COLUMNS)]
CUSTOMER_COLUMNS = ["id", *PLAIN_COLUMNS, *ARRAY_COLUMNS, *JSON_COLUMNS]


class NewCustomer:
    """A customer who is not written yet: every column as an attribute, `pk` once he is."""

    pk: int | None = None
    display_name: str
    email: str | None
    phone: str | None
    source: str

    def __init__(self, fields: dict[str, Any]) -> None:
        self.__dict__.update(CUSTOMER_DEFAULTS)
        self.__dict__.update(fields)


class ExistingCustomer:
    """A customer who is there already, with no more than the columns that are compared; any other is an AttributeError."""

    email: str | None
    phone: str | None

    def __init__(self, names: Sequence[str], values: Sequence[Any]) -> None:
        self.__dict__.update(zip(names, values, strict=True))
        self.pk: int = self.__dict__["id"]


def lock_customer_columns(ids: Sequence[int], names: Iterable[str]) -> list[ExistingCustomer]:
    """Customers with these columns, locked in the order of their ids. One query."""
    columns = list(dict.fromkeys(["id", "email", "phone", *names]))
    rows = Customer.objects.filter(pk__any=ids).order_by("pk").select_for_update(no_key=True)
    return [ExistingCustomer(columns, row) for row in rows.values_list(*columns)]


def insert_customers(new: Sequence[NewCustomer | Customer], at: datetime, index: Callable[[Any], None]) -> None:
    """Write new customers; afterwards each has its `pk`, in the order given.

    `index` sets what a customer is found by just before his row goes out: PostgreSQL writes the rows before him meanwhile.
    """
    if not new:
        return
    for customer, pk in zip(new, reserve_ids(Customer, len(new)), strict=True):
        customer.pk = pk
        customer.public_id = f"cu_{secrets.token_hex(8)}"  # type: ignore[union-attr]
        customer.created_at = customer.updated_at = at  # type: ignore[union-attr]
        if isinstance(customer, Customer):
            customer._state.adding, customer._state.db = False, "default"
    copy_rows(Customer, CUSTOMER_COLUMNS, (_copy_row(customer, index) for customer in new))


def _copy_row(customer: NewCustomer | Customer, index: Callable[[Any], None]) -> list[Any]:
    index(customer)
    values = vars(customer)
    row = [customer.pk, *[values[name] for name in PLAIN_COLUMNS]]
    row += [format_text_array(values[name]) for name in ARRAY_COLUMNS]
    return row + [json.dumps(values[name]) for name in JSON_COLUMNS]
