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
    """The fields of an order itself, from the first of its rows that fills them."""

    number: str
    fields: dict[str, Any]


def parse_order_line(values: dict[str, str]) -> IncomingOrderLine:
    """A line from its row: sku or name, quantity, price or amount."""
    name = cell_parsing.parse_text("product_name", values.get("product_name", ""), 255)
    sku = cell_parsing.parse_text("sku", values.get("sku", ""), 80) or name[:80]
    if not sku:
        raise RejectedCell("sku", _("the product is missing"))
    has_quantity = bool(values.get("quantity", "").strip())
    quantity = cell_parsing.parse_quantity("quantity", values["quantity"]) if has_quantity else Decimal(1)
    discount = _parse_optional_money(values, "line_discount") or ZERO
    total = _parse_optional_money(values, "line_total")
    price = _unit_price(values, total, quantity)
    line = IncomingOrderLine(
        sku=sku,
        name=name,
        category=cell_parsing.parse_text("category", values.get("category", ""), 120),
        quantity=quantity,
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


def _unit_price(values: dict[str, str], total: Decimal | None, quantity: Decimal) -> Decimal:
    if (price := _parse_optional_money(values, "unit_price")) is not None:
        return price
    if total is None:
        raise RejectedCell("line_total", _("neither a price nor an amount is given"))
    return (total / quantity).quantize(Decimal("0.0001"))


def _parse_optional_money(values: dict[str, str], target: str) -> Decimal | None:
    return cell_parsing.parse_money(target, values[target]) if values.get(target, "").strip() else None


def parse_order_header(values: dict[str, str], cell_format: CellFormat) -> OrderHeader:
    """The order's own fields from a row."""
    number = cell_parsing.parse_text("order_number", values.get("order_number", ""), 80)
    if not number:
        raise RejectedCell("order_number", _("the order number is missing"))
    if not values.get("placed_at", "").strip():
        raise RejectedCell("placed_at", _("the order date is missing"))
    placed_at = cell_parsing.parse_instant("placed_at", values["placed_at"], cell_format)
    check_placed_at(placed_at, cell_format.refused_from)
    fields = {
        "placed_at": placed_at,
        "currency": cell_parsing.parse_currency("currency", values.get("currency", ""), cell_format.currency),
        "status": cell_parsing.parse_order_status(values.get("order_status", "")),
        "channel": cell_parsing.parse_text("channel", values.get("channel", ""), 40),
        "store": cell_parsing.parse_text("order_store", values.get("order_store", ""), 80),
        "fulfilment": cell_parsing.parse_text("fulfilment", values.get("fulfilment", ""), 40),
        "shipping_total": _parse_optional_money(values, "shipping_total") or ZERO,
    }
    return OrderHeader(number, fields)


def customer_conflict(customers: Sequence[IncomingCustomer]) -> RejectedCell | None:
    """Why these rows cannot be of one order: they name two customers. The strongest value that two rows share decides."""
    known: dict[str, str] = {}
    previous = None
    for customer in customers:
        if customer is previous:
            continue
        previous, values = customer, _identifying_values(customer)
        shared = next((key for key, value in values.items() if value and key in known), None)
        if shared and values[shared] != known[shared]:
            pair = {"one": known[shared], "other": values[shared]}
            return RejectedCell(shared, _("this order number stands for two customers: %(one)s and %(other)s") % pair)
        known = {**{key: value for key, value in values.items() if value}, **known}
    return None


def _identifying_values(customer: IncomingCustomer) -> dict[str, str]:
    """The values by which a customer is told from others, strongest first."""
    return {
        "customer_ref": customer.ref[1] if customer.ref else "",
        "email": (customer.fields.get("email") or "").casefold(),
        "phone": customer.fields.get("phone") or "",
    }


def assemble_order(source: str, customer_id: int, header: OrderHeader, lines: list[IncomingOrderLine]) -> IncomingOrder:
    """The whole order."""
    return IncomingOrder(
        source=source, number=header.number, customer_id=customer_id, lines=tuple(lines), **header.fields
    )


def order_contradiction(order: IncomingOrder) -> RejectedCell | None:
    """Why there can be no such order, though each of its rows can be read: their sum is out of range."""
    try:
        check_order(order)
    except BadOrder as refusal:
        return RejectedCell(LINES_COLUMN if refusal.field == "lines" else refusal.field, refusal.reason)
    return None
