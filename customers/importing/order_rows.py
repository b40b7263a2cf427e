"""Rows about orders: the rows of one order make one order; each row is a line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from customers.importing import cell_numbers, cell_parsing
from customers.importing.cell_parsing import CellFormat, RejectedCell
from customers.importing.optional_cells import OptionalCells
from customers.importing.order_state_cells import OrderStateCells, parse_order_state
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
    state: OrderStateCells = field(default_factory=OrderStateCells)


def parse_order_line(
    values: dict[str, str], cell_format: CellFormat, cells: OptionalCells | None = None
) -> IncomingOrderLine:
    """A line from its row: sku or name, quantity, price or amount. Refused: RejectedCell, for all but bad words."""
    cells = cells or OptionalCells(cell_format.strict)
    sku = cell_parsing.parse_reference("sku", values.get("sku", ""), 80)
    name = _take_text(cells, "product_name", values, 255)
    if not (sku := sku or name[:80].strip()):
        raise next(iter(cells.warnings), RejectedCell("sku", _("the product is missing")))
    has_quantity = bool(values.get("quantity", "").strip())
    quantity = cell_parsing.parse_quantity("quantity", values["quantity"], cell_format) if has_quantity else Decimal(1)
    discount = _parse_optional_money(values, "line_discount", cell_format) or ZERO
    total = _parse_optional_money(values, "line_total", cell_format)
    price = _unit_price(values, total, quantity, cell_format)
    line = IncomingOrderLine(
        sku=sku,
        name=name,
        category=_take_text(cells, "category", values, 120),
        quantity=quantity,
        unit_price=price,
        discount=discount,
        total=total,
        line_ref=cell_parsing.parse_reference("line_ref", values.get("line_ref", ""), 80),
    )
    if line.net < 0:
        raise RejectedCell(
            "line_discount", _("%(value)s is above the price") % {"value": values["line_discount"].strip()}
        )
    if line.net >= LARGEST_LINE:
        raise RejectedCell("unit_price", _("%(value)s is out of range") % {"value": line.net})
    return line


def _unit_price(values: dict[str, str], total: Decimal | None, quantity: Decimal, cell_format: CellFormat) -> Decimal:
    if (price := _parse_optional_money(values, "unit_price", cell_format)) is not None:
        return price
    if total is None:
        raise RejectedCell("line_total", _("neither a price nor an amount is given"))
    return (total / quantity).quantize(Decimal("0.0001"))


def _parse_optional_money(values: dict[str, str], target: str, cell_format: CellFormat) -> Decimal | None:
    """The amount, or None for blank. Refused: RejectedCell, also where it names another currency than its row."""
    cell = values.get(target, "")
    if not cell.strip():
        return None
    amount = cell_parsing.parse_money(target, cell, cell_format)
    named, currency = cell_numbers.named_currency({target: cell}, frozenset({target})), values.get("currency", "")
    if named and currency.strip() and named != currency.strip().upper():
        raise RejectedCell(
            target, _("is in %(one)s, and the row in %(other)s") % {"one": named, "other": currency.strip()}
        )
    return amount


def _take_text(cells: OptionalCells, target: str, values: dict[str, str], max_length: int) -> str:
    return cells.take(partial(cell_parsing.parse_text, target, values.get(target, ""), max_length)) or ""


def parse_order_header(
    values: dict[str, str], cell_format: CellFormat, cells: OptionalCells | None = None
) -> OrderHeader:
    """The order's own fields from a row. Refused: RejectedCell, for all but bad words about where it was sold."""
    cells = cells or OptionalCells(cell_format.strict)
    number = cell_parsing.parse_reference("order_number", values.get("order_number", ""), 80)
    if not number:
        raise RejectedCell("order_number", _("the order number is missing"))
    if not values.get("placed_at", "").strip():
        raise RejectedCell("placed_at", _("the order date is missing"))
    placed_at = cell_parsing.parse_instant("placed_at", values["placed_at"], cell_format)
    check_placed_at(placed_at, cell_format.refused_from)
    state = parse_order_state(values, cell_format, cells)
    fields = {
        "placed_at": placed_at,
        "currency": cell_parsing.parse_currency("currency", values.get("currency", ""), cell_format.currency),
        "status": state.status.value,
        "cancelled_at": state.cancelled_at,
        "channel": _take_text(cells, "channel", values, 40),
        "store": _take_text(cells, "order_store", values, 80),
        "fulfilment": _take_text(cells, "fulfilment", values, 40),
        "shipping_total": _parse_optional_money(values, "shipping_total", cell_format) or ZERO,
        "tax_total": _parse_optional_money(values, "tax_total", cell_format) or ZERO,
        "reward_discount": _parse_optional_money(values, "order_discount", cell_format) or ZERO,
    }
    return OrderHeader(number, fields, state)


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
