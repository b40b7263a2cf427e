"""Orders as plain values: what a source sends, the sums, what is refused, and the fingerprint."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from crm.kernel.time import periods
from customers.orders.currencies import is_currency

ZERO = Decimal(0)
# On fewer local days of purchase nobody has a usual gap of their own.
RHYTHM_DAYS = 3
CLOCK_TOLERANCE = timedelta(minutes=10)
# What the columns of money hold is less than the second.
LARGEST_LINE, LARGEST_ORDER = Decimal(10) ** 14, Decimal(10) ** 15


class BadOrder(ValueError):
    """The order contradicts itself: the field, and the reason in words."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class IncomingOrderLine:
    """One line as the source sends it; `total` is net of discount, by default quantity × unit price − discount."""

    sku: str
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = ZERO
    discount: Decimal = ZERO
    tax: Decimal = ZERO
    total: Decimal | None = None
    name: str = ""
    category: str = ""
    line_ref: str = ""

    @property
    def net(self) -> Decimal:
        return self.total if self.total is not None else self.quantity * self.unit_price - self.discount


@dataclass(frozen=True)
class IncomingOrder:
    """One order as the source sends it. Amounts are in `currency`; `placed_at` is aware."""

    source: str
    number: str
    customer_id: int
    placed_at: datetime
    currency: str
    lines: Sequence[IncomingOrderLine]
    status: str = "paid"
    channel: str = ""
    store: str = ""
    fulfilment: str = ""
    shipping_total: Decimal = ZERO
    tax_total: Decimal = ZERO
    reward_discount: Decimal = ZERO
    points_discount: Decimal = ZERO
    cancelled_at: datetime | None = None  # of a cancelled order; without one, when we hear of it

    @property
    def goods_total(self) -> Decimal:
        return sum((line.net for line in self.lines), ZERO)

    @property
    def total(self) -> Decimal:
        return self.goods_total + self.shipping_total + self.tax_total - self.reward_discount - self.points_discount


def paid_goods(*, goods: Decimal, gift_cards: Decimal, rewards: Decimal, points: Decimal) -> Decimal:
    """What was paid for the goods: less gift cards, which are owed, and less what rewards and points paid; never below 0."""
    return max(goods - gift_cards - rewards - points, ZERO)


def check_order(order: IncomingOrder) -> None:
    """Refused: BadOrder, for what no order can be."""
    if not order.number.strip():
        raise BadOrder("number", _("missing"))
    if order.placed_at.tzinfo is None:
        raise BadOrder("placed_at", _("needs a UTC offset"))
    if not order.lines:
        raise BadOrder("lines", _("an order needs at least one"))
    if not is_currency(order.currency):
        raise BadOrder("currency", _("must be a code of ISO 4217, as in CNY"))
    if not is_currency(order.currency, order.placed_at.date()):
        raise BadOrder("currency", _("%(code)s was no currency on that day") % {"code": order.currency})
    for index, line in enumerate(order.lines):
        _check_line(line, f"lines[{index}]")
    for name in ("shipping_total", "tax_total", "reward_discount", "points_discount"):
        if getattr(order, name) < 0:
            raise BadOrder(name, _("must not be below 0"))
    if order.total < 0:
        name = "points_discount" if order.points_discount else "reward_discount"
        raise BadOrder(name, _("the discounts are above what the order costs"))
    if max(order.goods_total, order.total) >= LARGEST_ORDER:
        raise BadOrder("lines", _("the total is out of range"))


def _check_line(line: IncomingOrderLine, place: str) -> None:
    if not line.sku.strip():
        raise BadOrder(f"{place}.sku", _("missing"))
    if line.quantity <= 0:
        raise BadOrder(f"{place}.quantity", _("must be above 0"))
    for name in ("unit_price", "discount", "tax"):
        if getattr(line, name) < 0:
            raise BadOrder(f"{place}.{name}", _("must not be below 0"))
    net = line.net
    if net < 0:
        if line.total is not None:
            raise BadOrder(f"{place}.total", _("must not be below 0"))
        raise BadOrder(f"{place}.discount", _("must not be above quantity × unit price"))
    if net >= LARGEST_LINE:
        raise BadOrder(f"{place}.unit_price", _("the amount of the line is out of range"))


def first_refused_instant(now: datetime, zone: ZoneInfo) -> datetime:
    """No order can have been placed from here on: a day ahead may be another time zone's calendar, more is a mistake."""
    return periods.local_midnight(now.astimezone(zone).date() + timedelta(days=2), zone)


def check_placed_at(placed_at: datetime, refused_from: datetime) -> None:
    """Refused: BadOrder, for an instant that is yet to come."""
    if placed_at >= refused_from:
        raise BadOrder("placed_at", _("lies in the future"))


def check_refunded_at(refunded_at: datetime, placed_at: datetime, now: datetime, zone: ZoneInfo) -> None:
    """Refused: BadOrder, for a day before the order's or an instant yet to come; a till's clock may be some minutes ahead."""
    if refunded_at.astimezone(zone).date() < placed_at.astimezone(zone).date():
        raise BadOrder("refunded_at", _("lies before the order"))
    if refunded_at > now + CLOCK_TOLERANCE:
        raise BadOrder("refunded_at", _("lies in the future"))


def order_digest(order: IncomingOrder) -> bytes:
    """A fingerprint of the content: the same order sent twice has the same one."""
    content = {name: getattr(order, name) for name in ORDER_FIELDS}
    if order.cancelled_at is None:  # fingerprints from before there was such a field stay as they are
        del content["cancelled_at"]
    content["lines"] = [{name: getattr(line, name) for name in LINE_FIELDS} for line in order.lines]
    return hashlib.sha256(json.dumps(content, default=_digest_text, sort_keys=True).encode()).digest()


def _digest_text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return f"{value.timestamp():.6f}"
    return str(value)


ORDER_FIELDS = [field.name for field in fields(IncomingOrder)]
LINE_FIELDS = [field.name for field in fields(IncomingOrderLine)]
