"""Rows about customers: parsed, matched, and turned into changes of customers."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.ui.languages import match_language
from customers.importing import cell_parsing
from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.importing.choices import ImportMode, RowOutcome
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
COUNTRY_CODES = {
    "united states": "US",
    "usa": "US",
    "china": "CN",
    "中国": "CN",
    "中國": "CN",
    "hong kong": "HK",
    "香港": "HK",
    "taiwan": "TW",
    "台湾": "TW",
    "台灣": "TW",
    "united kingdom": "GB",
    "germany": "DE",
    "singapore": "SG",
    "canada": "CA",
    "australia": "AU",
    "japan": "JP",
}


def parse_customer(values: dict[str, str], source: str, cell_format: CellFormat) -> IncomingCustomer:
    """The customer that a row describes. Refused: RejectedCell, where a cell cannot be parsed or nothing names a customer."""
    fields: dict[str, Any] = {
        name: cell_parsing.parse_text(name, values[name], length)
        for name, length in TEXT_LENGTHS.items()
        if values.get(name, "").strip()
    }
    if values.get("email", "").strip():
        fields["email"] = cell_parsing.parse_email("email", values["email"])
    if values.get("phone", "").strip():
        fields["phone"] = cell_parsing.parse_phone("phone", values["phone"], cell_format.region)
    if values.get("birthday", "").strip():
        fields.update(cell_parsing.parse_birthday("birthday", values["birthday"], cell_format))
    if values.get("language", "").strip():
        fields["language"] = match_language(values["language"])
    if values.get("country", "").strip():
        fields["country"] = _country_code(values["country"])
    tags = [
        tag.strip()
        for cell in (values.get("tags", ""), values.get("customer_segment", ""))
        for tag in cell.replace(";", ",").split(",")
    ]
    if any(tags):
        fields["tags"] = list(dict.fromkeys(cell_parsing.parse_text("tags", tag, 40) for tag in tags if tag))
    ref = cell_parsing.parse_text("customer_ref", values.get("customer_ref", ""), 120)
    return IncomingCustomer((source, ref) if ref else None, _with_display_name(fields, ref))


def _country_code(cell: str) -> str:
    cleaned = cell.strip()
    code = COUNTRY_CODES.get(cleaned.casefold(), cleaned.upper())
    if len(code) != 2 or not code.isalpha():
        raise RejectedCell("country", _("%(value)s is no country of two letters") % {"value": cleaned})
    return code


def _with_display_name(fields: dict[str, Any], ref: str) -> dict[str, Any]:
    family, given = fields.get("family_name", ""), fields.get("given_name", "")
    if not fields.get("display_name") and (family or given):
        is_chinese = any("\u4e00" <= letter <= "\u9fff" for letter in family + given)
        fields["display_name"] = f"{family}{given}" if is_chinese else f"{given} {family}".strip()
    if not fields and not ref:
        raise RejectedCell("display_name", _("the row names nobody"))
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
