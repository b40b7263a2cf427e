"""Customers as other systems send them: found again by external id, made where unknown, a thousand in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.kernel import audit
from customers.profiles import customer_matching
from customers.profiles.customer_matching import ExternalRef, IncomingCustomer
from customers.profiles.models import Customer

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


class ExternalIdTaken(Exception):
    """An external id already belongs to another customer."""


@dataclass
class CustomerUpsert:
    """One customer as sent: his ids in other systems and the fields that were given."""

    refs: list[ExternalRef]
    fields: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def upsert_customers(*, sent: Sequence[CustomerUpsert], at: datetime, live: bool = True) -> list[tuple[Customer, str]]:
    """Make or change customers, in the order sent, with created | updated | unchanged. Refused whole with NumberTaken.

    Only external ids identify: two people may share an e-mail or a phone.
    """
    known = customer_matching.load_customer_index([IncomingCustomer(ref) for each in sent for ref in each.refs])
    created: list[tuple[Customer, IncomingCustomer]] = []
    changed: dict[int, Customer] = {}
    linked: list[tuple[Customer, ExternalRef]] = []
    outcomes: list[tuple[Customer, str]] = []
    for each in sent:
        customer = _single_match({id(found): found for ref in each.refs if (found := known.by_ref.get(ref))}, each)
        fresh = [ref for ref in each.refs if ref not in known.by_ref]
        if customer is None:
            customer = _new_customer(each)
            created.append((customer, IncomingCustomer(fresh[0] if fresh else None)))
            linked += [(customer, ref) for ref in fresh[1:]]
            outcomes.append((customer, CREATED))
        else:
            linked += [(customer, ref) for ref in fresh]
            different = _set_fields(customer, each.fields)
            if different and customer.pk:
                changed[customer.pk] = customer
            outcomes.append((customer, UPDATED if different or fresh else UNCHANGED))
        known.by_ref.update(dict.fromkeys(fresh, customer))
    customer_matching.save_customers(created=created, changed=changed.values(), linked=linked, at=at, live=live)
    audit.record_audit_entry(
        "customers.received", count=len(sent), after={"created": len(created), "updated": len(changed)}
    )
    return outcomes


def _single_match(found: dict[int, Customer], sent: CustomerUpsert) -> Customer | None:
    if len(found) > 1:
        raise ExternalIdTaken(", ".join(f"{source}:{value}" for source, value in sent.refs))
    return next(iter(found.values()), None)


def _new_customer(sent: CustomerUpsert) -> Customer:
    fields = dict(sent.fields)
    if not fields.get("display_name"):
        joined = f"{fields.get('given_name', '')} {fields.get('family_name', '')}".strip()
        number = sent.refs[0][1] if sent.refs else ""
        fields["display_name"] = joined or fields.get("email") or fields.get("phone") or number
    return Customer(**fields, source=sent.refs[0][0] if sent.refs else "api")


def _set_fields(customer: Customer, fields: dict[str, Any]) -> bool:
    different = {name: value for name, value in fields.items() if getattr(customer, name) != value}
    for name, value in different.items():
        setattr(customer, name, value)
    return bool(different)
