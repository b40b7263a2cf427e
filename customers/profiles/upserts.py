"""Customers as other systems send them: found again by external id, created where unknown, a thousand in a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.kernel import audit
from crm.kernel.db.conflict_retries import retry_when_taken
from customers.profiles import customer_matching, customer_writes
from customers.profiles.customer_matching import IncomingCustomer
from customers.profiles.customer_writes import ExternalRef
from customers.profiles.models import Customer

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


class ExternalIdTaken(Exception):
    """The external ids of one record belong to different customers; the message names them."""


@dataclass
class CustomerUpsert:
    """One customer as sent: their ids in other systems and the fields that are set."""

    refs: list[ExternalRef]
    fields: dict[str, Any] = field(default_factory=dict)


@retry_when_taken
def upsert_customers(
    *, upserts: Sequence[CustomerUpsert], at: datetime, live: bool = True
) -> list[tuple[Customer, str]]:
    """Create or change customers, in the order sent, with created | updated | unchanged. Refused whole: ExternalIdTaken.

    Only external ids identify: two customers may share an e-mail or a phone. Of two calls at once that bring one new id,
    one creates the customer and the other changes them.
    """
    known = customer_matching.load_customer_index([IncomingCustomer(ref) for upsert in upserts for ref in upsert.refs])
    created: list[tuple[Customer, ExternalRef | None]] = []
    changed: dict[int, Customer] = {}
    linked: list[tuple[Customer, ExternalRef]] = []
    outcomes: list[tuple[Customer, str]] = []
    for upsert in upserts:
        customer = _matching_customer(upsert, known.by_ref)
        new_refs = [ref for ref in upsert.refs if ref not in known.by_ref]
        if customer is None:
            customer = _new_customer(upsert)
            created.append((customer, new_refs[0] if new_refs else None))
            linked += [(customer, ref) for ref in new_refs[1:]]
            outcomes.append((customer, CREATED))
        else:
            linked += [(customer, ref) for ref in new_refs]
            is_changed = _set_fields(customer, upsert.fields)
            if is_changed and customer.pk:
                changed[customer.pk] = customer
            outcomes.append((customer, UPDATED if is_changed or new_refs else UNCHANGED))
        known.by_ref.update(dict.fromkeys(new_refs, customer))
    customer_writes.save_customers(created=created, changed=changed.values(), linked=linked, at=at, live=live)
    audit.record_audit_entry(
        "customers.received", count=len(upserts), after={"created": len(created), "updated": len(changed)}
    )
    return outcomes


def _matching_customer(upsert: CustomerUpsert, by_ref: dict[ExternalRef, Any]) -> Customer | None:
    customers = {id(customer): customer for ref in upsert.refs if (customer := by_ref.get(ref))}
    if len(customers) > 1:
        raise ExternalIdTaken(", ".join(f"{source}:{value}" for source, value in upsert.refs))
    return next(iter(customers.values()), None)


def _new_customer(upsert: CustomerUpsert) -> Customer:
    fields = dict(upsert.fields)
    if not fields.get("display_name"):
        full_name = f"{fields.get('given_name', '')} {fields.get('family_name', '')}".strip()
        external_id = upsert.refs[0][1] if upsert.refs else ""
        fields["display_name"] = full_name or fields.get("email") or fields.get("phone") or external_id
    return Customer(**fields, source=upsert.refs[0][0] if upsert.refs else "api")


def _set_fields(customer: Customer, fields: dict[str, Any]) -> bool:
    different = {name: value for name, value in fields.items() if getattr(customer, name) != value}
    for name, value in different.items():
        setattr(customer, name, value)
    return bool(different)
