"""Which customers a file means: many rows at once are matched by external id, e-mail, and phone with name, in three queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from customers.profiles import customer_writes, queries
from customers.profiles.customer_writes import ExternalRef, NewCustomer
from customers.profiles.models import Customer
from customers.profiles.name_folding import fold_text

PUBLIC_ID_PREFIX = "cu_"


class ExistingCustomer:
    """A stored customer with no more than the columns that are compared; any other is an AttributeError."""

    display_name: str
    email: str | None
    phone: str | None

    def __init__(self, names: Sequence[str], values: Sequence[Any]) -> None:
        self.__dict__.update(zip(names, values, strict=True))
        self.pk: int = self.__dict__["id"]


AnyCustomer = Customer | NewCustomer | ExistingCustomer


@dataclass
class IncomingCustomer:
    """One customer as a file describes them: their id in the source (if any) and the fields that are filled in.

    `is_name_lost` where a name stands in the file that cannot be read: then nobody is found by name.
    """

    ref: ExternalRef | None
    fields: dict[str, Any] = field(default_factory=dict)
    is_name_lost: bool = False

    @property
    def match_keys(self) -> list[str]:
        """Whatever they are found by: external id, e-mail (lower case) and phone."""
        email, phone = self.fields.get("email"), self.fields.get("phone")
        ref = ":".join(self.ref) if self.ref else ""
        return [key for key in (ref, email and email.lower(), phone) if key]


class AmbiguousCustomer(Exception):
    """More than one customer has this e-mail, or this phone and name."""


@dataclass
class CustomerIndex:
    """The customers that a batch may mean: by external id, e-mail (lower case) and phone; archived ones count."""

    by_ref: dict[ExternalRef, Any] = field(default_factory=dict)
    by_email: dict[str, list[AnyCustomer]] = field(default_factory=dict)
    by_phone: dict[str, list[AnyCustomer]] = field(default_factory=dict)
    sources: dict[int, set[str]] = field(default_factory=dict)

    def find_match(self, incoming: IncomingCustomer) -> Any:
        """The one customer meant, or None: by external id, else by e-mail, else by phone and name. Refused: AmbiguousCustomer.

        A phone is no identity (CU-2): families and shops share one. So it never names somebody of another name or another
        e-mail. Where several share an e-mail, the name decides as well.
        """
        if incoming.ref and (customer := self.by_ref.get(incoming.ref)):
            return customer
        email, phone = incoming.fields.get("email"), incoming.fields.get("phone")
        sharing_email = self._candidates(self.by_email.get(email.lower(), []) if email else [], incoming)
        if len(sharing_email) == 1:
            return sharing_email[0]
        sharing_phone = self._candidates(self.by_phone.get(phone, []) if phone else [], incoming)
        same_person = [
            customer
            for customer in sharing_email or sharing_phone
            if _has_same_name(customer, incoming) and (sharing_email or not _has_other_email(customer, email))
        ]
        if len(same_person) > 1 or (sharing_email and not same_person):
            raise AmbiguousCustomer
        return same_person[0] if same_person else None

    def _candidates(self, customers: Sequence[AnyCustomer], incoming: IncomingCustomer) -> list[AnyCustomer]:
        return [
            customer for customer in customers if not incoming.ref or not self._has_other_ref(customer, incoming.ref)
        ]

    def _has_other_ref(self, customer: AnyCustomer, ref: ExternalRef) -> bool:
        """The same source has another id for this customer, so somebody else is meant."""
        return ref[0] in self.sources.get(id(customer), ())

    def add_ref(self, customer: AnyCustomer, ref: ExternalRef) -> None:
        """From now on this external id means this customer."""
        self.by_ref[ref] = customer
        self.sources.setdefault(id(customer), set()).add(ref[0])

    def add_customer(self, customer: AnyCustomer, ref: ExternalRef | None = None) -> None:
        """From now on this customer is found; also one of this very batch, by the rows that follow."""
        if ref:
            self.add_ref(customer, ref)
        if customer.email:
            self.by_email.setdefault(customer.email.lower(), []).append(customer)
        if customer.phone:
            self.by_phone.setdefault(customer.phone, []).append(customer)


def _has_same_name(customer: AnyCustomer, incoming: IncomingCustomer) -> bool:
    """Whether both are called the same, in any script, case and width; a row without a name contradicts nobody's, a lost one may."""
    if incoming.is_name_lost:
        return False
    name = incoming.fields.get("display_name")
    return not name or fold_text(customer.display_name) == fold_text(name)


def _has_other_email(customer: AnyCustomer, email: str | None) -> bool:
    return bool(email and customer.email and customer.email.lower() != email.lower())


def load_customer_index(incoming: Sequence[IncomingCustomer], *, compared: bool = False) -> CustomerIndex:
    """Load, locked in the order of their ids, all customers that these may be. Three queries, four where a row has an id of ours.

    `compared` loads no columns but those that the incoming ones fill, for a file in which most have not changed.
    """
    refs = [one.ref for one in incoming if one.ref]
    sources = list({source for source, _value in refs})
    ids = queries.matching_customer_ids(
        sources=sources,
        values=[value for _source, value in refs],
        emails=[one.fields["email"].lower() for one in incoming if one.fields.get("email")],
        phones=[one.fields["phone"] for one in incoming if one.fields.get("phone")],
    )
    by_public_id = _rows_by_public_id(refs)
    ids = sorted({*ids, *by_public_id.values()})
    index = CustomerIndex()
    if not ids:
        return index
    names = {name for one in incoming for name in one.fields}
    rows: Iterable[Any] = _lock_columns(ids, names) if compared else customer_writes.locked_customers(ids)
    customers = {customer.pk: customer for customer in rows}
    for customer in customers.values():
        index.add_customer(customer)
    for customer_id, source, value in queries.external_ids_of_customers(list(customers), sources):
        index.add_ref(customers[customer_id], (source, value))
    for ref in refs:
        if ref[1] in by_public_id:
            index.by_ref.setdefault(ref, customers[by_public_id[ref[1]]])
    return index


def _rows_by_public_id(refs: Sequence[ExternalRef]) -> dict[str, int]:
    """Row ids of the customers whom our own exports name, by the ids that stand there."""
    public_ids = [value for _source, value in refs if value.startswith(PUBLIC_ID_PREFIX)]
    return queries.ids_by_public_id(public_ids) if public_ids else {}


def _lock_columns(ids: Sequence[int], names: Iterable[str]) -> list[ExistingCustomer]:
    columns = list(dict.fromkeys(["id", "display_name", "email", "phone", *names]))
    return [ExistingCustomer(columns, row) for row in customer_writes.locked_customers(ids).values_list(*columns)]
