"""Rows about orders: the rows of one order make one order; each row is a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from customers.importing import cell_parsing
from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.orders.rules import (
    LARGEST_LINE,
    BadOrder,
    IncomingOrder,
    IncomingOrderLine,
    check_order,
    check_placed_at,
)
from customers.profiles.customer_matching import IncomingCustomer

ZERO = Decimal(0)
LINES_COLUMN = "line_total"


@dataclass(frozen=True)
class OrderHeader:
    """What the rows of an order say of the order itself; the first row that says something counts."""

    number: str
    fields: dict[str, Any]


def parse_order_line(values: dict[str, str]) -> IncomingOrderLine:
    """A line from its row: sku or name, quantity, price or amount."""
    name = cell_parsing.parse_text("product_name", values.get("product_name", ""), 255)
    sku = cell_parsing.parse_text("sku", values.get("sku", ""), 80) or name[:80]
    if not sku:
        raise RejectedCell("sku", _("the product is missing"))
    count = (
        cell_parsing.parse_quantity("quantity", values["quantity"])
        if values.get("quantity", "").strip()
        else Decimal(1)
    )
    discount = _parse_optional_money(values, "line_discount") or ZERO
    total = _parse_optional_money(values, "line_total")
    price = _unit_price(values, total, count)
    line = IncomingOrderLine(
        sku=sku,
        name=name,
        category=cell_parsing.parse_text("category", values.get("category", ""), 120),
        quantity=count,
        unit_price=price,
        discount=discount,
        total=total,
        line_ref=cell_parsing.parse_text("line_ref", values.get("line_ref", ""), 80),
    )
    if line.net < 0:
        raise RejectedCell(
            "line_discount", _("%(value)s is above the price") % {"value": values["line_discount"].strip()}
        )
    if line.net >= LARGEST_LINE:
        raise RejectedCell("unit_price", _("%(value)s is out of range") % {"value": line.net})
    return line


def _unit_price(values: dict[str, str], total: Decimal | None, count: Decimal) -> Decimal:
    if (given := _parse_optional_money(values, "unit_price")) is not None:
        return given
    if total is None:
        raise RejectedCell("line_total", _("neither a price nor an amount is given"))
    return (total / count).quantize(Decimal("0.0001"))


def _parse_optional_money(values: dict[str, str], target: str) -> Decimal | None:
    return cell_parsing.parse_money(target, values[target]) if values.get(target, "").strip() else None


def parse_order_header(values: dict[str, str], reading: CellFormat) -> OrderHeader:
    """The order's own fields from a row."""
    number = cell_parsing.parse_text("order_number", values.get("order_number", ""), 80)
    if not number:
        raise RejectedCell("order_number", _("the order number is missing"))
    if not values.get("placed_at", "").strip():
        raise RejectedCell("placed_at", _("the order date is missing"))
    placed_at = cell_parsing.parse_instant("placed_at", values["placed_at"], reading)
    check_placed_at(placed_at, reading.refused_from)
    fields = {
        "placed_at": placed_at,
        "currency": cell_parsing.parse_currency("currency", values.get("currency", ""), reading.currency),
        "status": cell_parsing.parse_order_status(values.get("order_status", "")),
        "channel": cell_parsing.parse_text("channel", values.get("channel", ""), 40),
        "store": cell_parsing.parse_text("order_store", values.get("order_store", ""), 80),
        "fulfilment": cell_parsing.parse_text("fulfilment", values.get("fulfilment", ""), 40),
        "shipping_total": _parse_optional_money(values, "shipping_total") or ZERO,
    }
    return OrderHeader(number, fields)


def customer_conflict(persons: Sequence[IncomingCustomer]) -> RejectedCell | None:
    """Why these rows cannot be of one order: they name two customers. The strongest sign that two rows share decides."""
    known: dict[str, str] = {}
    before = None
    for person in persons:
        if person is before:
            continue
        before, signs = person, _identifying_values(person)
        shared = next((target for target, sign in signs.items() if sign and target in known), None)
        if shared and signs[shared] != known[shared]:
            values = {"one": known[shared], "other": signs[shared]}
            return RejectedCell(shared, _("this order number stands for two customers: %(one)s and %(other)s") % values)
        known = {**{target: sign for target, sign in signs.items() if sign}, **known}
    return None


def _identifying_values(person: IncomingCustomer) -> dict[str, str]:
    """What tells a customer, strongest first."""
    return {
        "customer_ref": person.ref[1] if person.ref else "",
        "email": (person.fields.get("email") or "").casefold(),
        "phone": person.fields.get("phone") or "",
    }


def assemble_order(source: str, customer_id: int, head: OrderHeader, lines: list[IncomingOrderLine]) -> IncomingOrder:
    """The whole order."""
    return IncomingOrder(source=source, number=head.number, customer_id=customer_id, lines=tuple(lines), **head.fields)


def order_contradiction(order: IncomingOrder) -> RejectedCell | None:
    """Why there can be no such order, though each of its rows can be read: their sum is out of range."""
    try:
        check_order(order)
    except BadOrder as refusal:
        return RejectedCell(LINES_COLUMN if refusal.field == "lines" else refusal.field, refusal.reason)
    return None
