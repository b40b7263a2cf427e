"""Rows about customers: parsed, matched, and turned into changes of customers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from customers.importing import cell_parsing, salesforce_ids
from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.importing.choices import ImportMode, RowOutcome
from customers.importing.columns import CONTENT_KEY
from customers.importing.optional_cells import OptionalCells
from customers.profiles.customer_matching import (
    AmbiguousCustomer,
    AnyCustomer,
    CustomerIndex,
    IncomingCustomer,
)
from customers.profiles.customer_writes import ExternalRef, NewCustomer

TEXT_LENGTHS = {
    "display_name": 200,
    "family_name": 100,
    "given_name": 100,
    "street": 200,
    "city": 100,
    "region": 100,
    "postal_code": 20,
    "home_store": 80,
    "notes": 10_000,
}


def _parse_text_field(length: int, target: str, cell: str, _format: CellFormat) -> str:
    return cell_parsing.parse_text(target, cell, length)


FieldParser = Callable[[str, str, CellFormat], Any]
FIELD_PARSERS: dict[str, FieldParser] = {
    **{name: partial(_parse_text_field, length) for name, length in TEXT_LENGTHS.items()},
    "email": lambda target, cell, _format: cell_parsing.parse_email(target, cell),
    "country": lambda target, cell, _format: cell_parsing.parse_country(target, cell),
    "language": lambda target, cell, _format: cell_parsing.parse_language(target, cell),
    "time_zone": lambda target, cell, _format: cell_parsing.parse_time_zone(target, cell),
}
NAME_KEYS = ("display_name", "family_name", "given_name")
TAG_KEYS = ("tags", "customer_segment")


def parse_customer(
    values: dict[str, str], source: str, cell_format: CellFormat, cells: OptionalCells | None = None
) -> IncomingCustomer:
    """The customer that a row describes; a bad cell that the row can do without is left out, with a warning in `cells`.

    Refused: RejectedCell, where the number is bad, where nothing names a customer, or where what identifies them is bad and
    nothing else does.
    """
    cells = cells or OptionalCells(cell_format.strict)
    ref = _clean_ref(cell_parsing.parse_reference("customer_ref", values.get("customer_ref", ""), 120), source)
    fields: dict[str, Any] = {}
    for name, parse in FIELD_PARSERS.items():
        if (cell := values.get(name)) and not cell.isspace():
            value = cells.take(partial(parse, name, cell, cell_format))
            if value not in (None, ""):
                fields[name] = value
    if phone := values.get("phone", "").strip():
        regions = fields.get("country", ""), cell_format.region
        if number := cells.take(partial(cell_parsing.parse_phone, "phone", phone, *regions)):
            fields["phone"] = number
    if birthday := values.get("birthday", "").strip():
        fields.update(cells.take(partial(cell_parsing.parse_birthday, "birthday", birthday, cell_format)) or {})
    if tags := _parse_tags(values, cells):
        fields["tags"] = tags
    _require_identity(values, fields, ref, cells)
    is_name_lost = any(refusal.target in NAME_KEYS for refusal in cells.warnings)
    return IncomingCustomer(_external_ref(source, ref, values, fields), _with_display_name(fields), is_name_lost)


def _clean_ref(ref: str, source: str) -> str:
    """The number as its system means it: some write an apostrophe before it, so that spreadsheets leave it alone."""
    if ref.startswith("'") and ref[1:].isdigit():
        ref = ref[1:]
    return salesforce_ids.to_long_id(ref) if source == "salesforce" else ref


def _external_ref(source: str, ref: str, values: dict[str, str], fields: dict[str, Any]) -> ExternalRef | None:
    """The customer's number in the source; who has none, and no address, is known again by what is in the row."""
    if ref:
        return source, ref
    content = "" if fields.get("email") or fields.get("phone") else values.get(CONTENT_KEY, "")
    return (f"{source[:34]} (row)", content) if content else None


def _parse_tags(values: dict[str, str], cells: OptionalCells) -> list[str]:
    lists = [cells.take(partial(cell_parsing.parse_tags, key, values[key])) for key in TAG_KEYS if values.get(key)]
    return list(dict.fromkeys(tag for tags in lists for tag in tags or ()))


def _require_identity(values: dict[str, str], fields: dict[str, Any], ref: str, cells: OptionalCells) -> None:
    """Refused: RejectedCell, where nobody is named, or only by what cannot be read."""
    if ref or fields.get("email") or fields.get("phone"):
        return
    bad = {refusal.target: refusal for refusal in cells.warnings}
    for key in ("email", "phone"):
        if key in bad:
            raise bad[key]
    if not any(fields.get(key) for key in NAME_KEYS):
        raise next(
            (bad[key] for key in NAME_KEYS if key in bad), RejectedCell("display_name", _("the row names nobody"))
        )


def _with_display_name(fields: dict[str, Any]) -> dict[str, Any]:
    family, given = fields.get("family_name", ""), fields.get("given_name", "")
    if not fields.get("display_name") and (family or given):
        is_chinese = any("\u4e00" <= letter <= "\u9fff" for letter in family + given)
        fields["display_name"] = f"{family}{given}" if is_chinese else f"{given} {family}".strip()
    return fields


@dataclass
class CustomerChanges:
    """What a chunk of rows changes in customers; it is written at the end of the chunk."""

    known: CustomerIndex
    mode: str
    source: str
    created: list[tuple[NewCustomer, ExternalRef | None]] = field(default_factory=list)
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    new_refs: list[tuple[AnyCustomer, ExternalRef]] = field(default_factory=list)

    def match_or_create(self, incoming: IncomingCustomer) -> tuple[AnyCustomer, RowOutcome]:
        """The customer meant, created or changed as the mode allows. Refused: RejectedCell."""
        try:
            customer = self.known.find_match(incoming)
        except AmbiguousCustomer as error:
            raise RejectedCell("email", _("several customers have this e-mail or phone")) from error
        if customer is None:
            return self._create(incoming), RowOutcome.CREATED
        return customer, RowOutcome.UPDATED if self._change(customer, incoming) else RowOutcome.UNCHANGED

    def shares_email(self, incoming: IncomingCustomer) -> bool:
        """Whether the customer, once there, is one of several with this e-mail: different numbers are different people."""
        email = incoming.fields.get("email") or ""
        return len(self.known.by_email.get(email.lower(), ())) > 1

    def _create(self, incoming: IncomingCustomer) -> NewCustomer:
        if self.mode == ImportMode.UPDATE:
            raise RejectedCell("customer_ref", _("no such customer, and this import adds none"))
        fields = dict(incoming.fields)
        fields.setdefault("display_name", fields.get("email") or fields.get("phone") or (incoming.ref or ("", ""))[1])
        customer = NewCustomer({**fields, "source": self.source})
        self.created.append((customer, incoming.ref))
        self.known.add_customer(customer, incoming.ref)
        return customer

    def _change(self, customer: AnyCustomer, incoming: IncomingCustomer) -> bool:
        is_new_ref = incoming.ref is not None and incoming.ref not in self.known.by_ref
        if incoming.ref and is_new_ref:
            self.new_refs.append((customer, incoming.ref))
            self.known.add_ref(customer, incoming.ref)
        different = {
            name: value
            for name, value in self._new_values(customer, incoming).items()
            if getattr(customer, name) != value
        }
        for name, value in different.items():
            setattr(customer, name, value)
        if different and customer.pk is not None:
            self.changed.setdefault(customer.pk, {}).update(different)
        return bool(different) or is_new_ref

    def _new_values(self, customer: Any, incoming: IncomingCustomer) -> dict[str, Any]:
        if self.mode == ImportMode.CREATE:
            return {}
        values = dict(incoming.fields)
        if "tags" in values:
            values["tags"] = list(dict.fromkeys([*customer.tags, *values["tags"]]))
        if self.mode != ImportMode.FILL:
            return values
        return {
            name: value for name, value in values.items() if name == "tags" or getattr(customer, name) in (None, "")
        }
