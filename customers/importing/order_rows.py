"""Rows about orders: the rows of one order make one order; each row is a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from customers.importing import cell_parsing
from customers.importing.cell_parsing import Reading, Rejected
from customers.orders.rules import LARGEST_LINE, BadOrder, LineData, OrderData, check, check_placed
from customers.profiles.customer_matching import Person

ZERO = Decimal(0)
OF_LINES = "line_total"


@dataclass(frozen=True)
class Head:
    """What the rows of an order say of the order itself; the first row that says something counts."""

    number: str
    fields: dict[str, Any]


def parse_line(values: dict[str, str]) -> LineData:
    """A line from its row: sku or name, quantity, price or amount."""
    name = cell_parsing.text("product_name", values.get("product_name", ""), 255)
    sku = cell_parsing.text("sku", values.get("sku", ""), 80) or name[:80]
    if not sku:
        raise Rejected("sku", _("the product is missing"))
    count = cell_parsing.quantity("quantity", values["quantity"]) if values.get("quantity", "").strip() else Decimal(1)
    discount = _money(values, "line_discount") or ZERO
    total = _money(values, "line_total")
    price = _price(values, total, count)
    line = LineData(
        sku=sku,
        name=name,
        category=cell_parsing.text("category", values.get("category", ""), 120),
        quantity=count,
        unit_price=price,
        discount=discount,
        total=total,
        line_ref=cell_parsing.text("line_ref", values.get("line_ref", ""), 80),
    )
    if line.net < 0:
        raise Rejected("line_discount", _("%(value)s is above the price") % {"value": values["line_discount"].strip()})
    if line.net >= LARGEST_LINE:
        raise Rejected("unit_price", _("%(value)s is out of range") % {"value": line.net})
    return line


def _price(values: dict[str, str], total: Decimal | None, count: Decimal) -> Decimal:
    if (given := _money(values, "unit_price")) is not None:
        return given
    if total is None:
        raise Rejected("line_total", _("neither a price nor an amount is given"))
    return (total / count).quantize(Decimal("0.0001"))


def _money(values: dict[str, str], target: str) -> Decimal | None:
    return cell_parsing.sum_of_money(target, values[target]) if values.get(target, "").strip() else None


def parse_head(values: dict[str, str], reading: Reading) -> Head:
    """The order's own fields from a row."""
    number = cell_parsing.text("order_number", values.get("order_number", ""), 80)
    if not number:
        raise Rejected("order_number", _("the order number is missing"))
    if not values.get("placed_at", "").strip():
        raise Rejected("placed_at", _("the order date is missing"))
    placed_at = cell_parsing.instant("placed_at", values["placed_at"], reading)
    check_placed(placed_at, reading.refused_from)
    fields = {
        "placed_at": placed_at,
        "currency": cell_parsing.currency("currency", values.get("currency", ""), reading.currency),
        "status": cell_parsing.status(values.get("order_status", "")),
        "channel": cell_parsing.text("channel", values.get("channel", ""), 40),
        "store": cell_parsing.text("order_store", values.get("order_store", ""), 80),
        "fulfilment": cell_parsing.text("fulfilment", values.get("fulfilment", ""), 40),
        "shipping_total": _money(values, "shipping_total") or ZERO,
    }
    return Head(number, fields)


def clash(persons: Sequence[Person]) -> Rejected | None:
    """Why these rows cannot be of one order: they name two customers. The strongest sign that two rows share decides."""
    known: dict[str, str] = {}
    before = None
    for person in persons:
        if person is before:
            continue
        before, signs = person, _signs(person)
        shared = next((target for target, sign in signs.items() if sign and target in known), None)
        if shared and signs[shared] != known[shared]:
            values = {"one": known[shared], "other": signs[shared]}
            return Rejected(shared, _("this order number stands for two customers: %(one)s and %(other)s") % values)
        known = {**{target: sign for target, sign in signs.items() if sign}, **known}
    return None


def _signs(person: Person) -> dict[str, str]:
    """What tells a customer, strongest first."""
    return {
        "customer_ref": person.ref[1] if person.ref else "",
        "email": (person.fields.get("email") or "").casefold(),
        "phone": person.fields.get("phone") or "",
    }


def order_of(source: str, customer_id: int, head: Head, lines: list[LineData]) -> OrderData:
    """The whole order."""
    return OrderData(source=source, number=head.number, customer_id=customer_id, lines=tuple(lines), **head.fields)


def contradiction(order: OrderData) -> Rejected | None:
    """Why there can be no such order, though each of its rows can be read: their sum is out of range."""
    try:
        check(order)
    except BadOrder as refusal:
        return Rejected(OF_LINES if refusal.field == "lines" else refusal.field, refusal.reason)
    return None
