"""Recording refunds: money given back is split into what it was given for, once for each reference of the source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit, company, money
from crm.kernel.auth.models import User
from crm.kernel.background import events
from crm.kernel.db import sql_rows
from customers.orders import queries, refund_history, refund_rules, rules, summaries
from customers.orders.choices import OrderStatus
from customers.orders.events import OrderRefunded
from customers.orders.models import Order, OrderLine, Refund, RefundLine
from customers.orders.refund_history import RefundedOrder
from customers.orders.refund_rules import PartAmounts
from customers.orders.rules import BadOrder
from customers.profiles import timeline

ZERO = money.ZERO
REFUND_COLUMNS = ["refunded_total", "refunded_goods", "refunds_left_out", "updated_at"]


class RefundRefused(Exception):
    """The order takes no such refund; the message says why, in words for people."""


class AlreadyCancelled(RefundRefused):
    """A cancelled order takes no refund and no second cancelling."""


class OrderUnpaid(RefundRefused):
    """Nobody can be given back what nobody paid."""


class TooMuchRefunded(RefundRefused):
    """More cannot be given back than was paid in money: for a line, for shipping, for tax or in all."""


class RefundConflict(RefundRefused):
    """The reference stands for a refund of other content."""


@dataclass(frozen=True)
class RefundedLine:
    """A line that a refund names. Without an amount it is the line's share of what was paid, for so many pieces or what is left."""

    line: OrderLine
    amount: Decimal | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True)
class IncomingRefund:
    """A refund as the source sends it: a sum, or parts, or both; what the parts do not explain is split by the rules."""

    order: Order
    source_ref: str
    amount: Decimal | None = None
    lines: Sequence[RefundedLine] = ()
    goods: Decimal = ZERO  # for goods of no certain line
    shipping: Decimal = ZERO
    tax: Decimal = ZERO
    refunded_at: datetime | None = None
    reason: str = ""


@dataclass
class _Batch:
    """Refunds that are being recorded."""

    at: datetime
    live: bool
    orders: dict[int, RefundedOrder]
    lines: dict[int, list[OrderLine]]
    new: list[tuple[Refund, list[RefundLine]]] = field(default_factory=list)


def record_refund(
    *, order: Order, source_ref: str, at: datetime, amount: Decimal | None = None,
    lines: Sequence[RefundedLine] = (), goods: Decimal = ZERO, shipping: Decimal = ZERO, tax: Decimal = ZERO,
    refunded_at: datetime | None = None, reason: str = "", by: User | None = None, live: bool = True,
) -> tuple[Refund, bool]:  # fmt: skip
    """Money given back for an order; the source's reference makes it once. Returns the refund and whether it is new.

    A sum alone is goods first, up to what is left of them, then shipping, tax and gift cards. Refused: BadOrder (an
    amount or a date that cannot be), RefundConflict (the reference with other content), AlreadyCancelled, OrderUnpaid,
    TooMuchRefunded (over all refunds of the order).
    """
    incoming = IncomingRefund(order, source_ref, amount, tuple(lines), goods, shipping, tax, refunded_at, reason)
    return record_refunds(refunds=[incoming], at=at, by=by, live=live)[0]


@transaction.atomic
def record_refunds(
    *, refunds: Sequence[IncomingRefund], at: datetime, by: User | None = None, live: bool = True
) -> list[tuple[Refund, bool]]:
    """Record a batch, in the order given, or nothing of it: refused like a single one. About ten statements."""
    for refund in refunds:
        _check_amounts(refund)
    batch = _start_batch(refunds, at, live)
    recorded = [_record(refund, batch) for refund in refunds]
    if batch.new:
        _store(batch, by)
    return recorded


def paid_for_line(order: Order, line: OrderLine) -> Decimal:
    """The line's share of what was paid in money, before any refund; a gift card is paid at its price."""
    return line.total if line.product.is_gift_card else _paid_for(line.total, order)


def _check_amounts(refund: IncomingRefund) -> None:
    if refund.amount is None and not (refund.lines or refund.goods or refund.shipping or refund.tax):
        raise BadOrder("amount", _("missing"))
    if refund.amount is not None and refund.amount <= 0:
        raise BadOrder("amount", _("must be above 0"))
    for name in ("goods", "shipping", "tax"):
        if getattr(refund, name) < 0:
            raise BadOrder(name, _("must not be below 0"))
    for index, line in enumerate(refund.lines):
        for name, value in (("amount", line.amount), ("quantity", line.quantity)):
            if value is not None and value <= 0:
                raise BadOrder(f"lines[{index}].{name}", _("must be above 0"))
        if line.quantity is not None and line.quantity > line.line.quantity:
            raise BadOrder(f"lines[{index}].quantity", _("is more than was bought"))


def _start_batch(refunds: Sequence[IncomingRefund], at: datetime, live: bool) -> _Batch:
    """Lock the customers and the orders, and read what the orders hold and what was given back for them."""
    summaries.lock_customers({refund.order.customer_id for refund in refunds})
    orders = queries.lock_orders({refund.order.pk for refund in refunds})
    lines = refund_history.lines_of_orders([order.pk for order in orders])
    contents = [
        (order, refund_history.get_order_content(order, map(refund_history.content_line, lines[order.pk])))
        for order in orders
    ]
    return _Batch(at, live, refund_history.load_refunds(contents), lines)


def _record(incoming: IncomingRefund, batch: _Batch) -> tuple[Refund, bool]:
    refunded = batch.orders[incoming.order.pk]
    order = refunded.order
    if (place := refunded.refunds_by_ref.get(incoming.source_ref)) is not None:
        known = refunded.refunds[place]
        _check_same_content(incoming, known, refunded.refund_lines.get(place, []))
        return known, False
    if incoming.refunded_at is not None:
        zone = ZoneInfo(company.get_company().time_zone)
        rules.check_refunded_at(incoming.refunded_at, order.placed_at, batch.at, zone)
    if order.status == OrderStatus.CANCELLED:
        raise AlreadyCancelled(_("This order is cancelled."))
    if order.status == OrderStatus.PLACED:
        raise OrderUnpaid(_("This order is not paid yet."))
    lines = _named_lines(incoming, refunded, batch.lines[order.pk])
    parts = _split(incoming, refunded, lines)
    refund = Refund(
        order=order,
        source_ref=incoming.source_ref,
        amount=parts.total,
        goods_amount=parts.goods,
        gift_card_amount=parts.gift_cards,
        shipping_amount=parts.shipping,
        tax_amount=parts.tax,
        order_content=refunded.content.as_json(),
        reason=incoming.reason,
        refunded_at=incoming.refunded_at or batch.at,
        live=batch.live,
    )
    refunded.add_refund(refund, lines)
    order.updated_at = batch.at
    batch.new.append((refund, lines))
    return refund, True


def _check_same_content(incoming: IncomingRefund, known: Refund, known_lines: Iterable[RefundLine]) -> None:
    """What the source says again must be what it said; amounts that it leaves to us are not compared."""
    lines = {line.line_key: line for line in known_lines}
    named = [(lines.get(refund_history.content_line(one.line).key), one) for one in incoming.lines]
    amount = incoming.amount
    if amount is None:
        of_lines = (one.amount or (line.amount if line else ZERO) for line, one in named)
        amount = sum(of_lines, incoming.goods + incoming.shipping + incoming.tax)
    is_same = (
        amount == known.amount
        and incoming.shipping in (ZERO, known.shipping_amount)
        and incoming.tax in (ZERO, known.tax_amount)
        and {line.line_key for line, _one in named if line} == set(lines)
        and all(line is not None and _names_same(one, line) for line, one in named)
    )
    if not is_same:
        raise RefundConflict(
            _("The reference %(ref)s already stands for another refund of this order.") % {"ref": known.source_ref}
        )


def _names_same(named: RefundedLine, line: RefundLine) -> bool:
    return named.amount in (None, line.amount) and named.quantity in (None, line.quantity)


def _named_lines(incoming: IncomingRefund, refunded: RefundedOrder, lines: Sequence[OrderLine]) -> list[RefundLine]:
    """The lines that the refund names, each with its amount."""
    lines_by_id = {line.pk: line for line in lines}
    given_back = refund_rules.standing_line_goods(refunded.past_refunds, refunded.content)
    named: list[RefundLine] = []
    for index, one in enumerate(incoming.lines):
        line = lines_by_id.get(one.line.pk)
        if line is None:
            raise BadOrder(f"lines[{index}]", _("is no line of this order"))
        key = refund_history.content_line(line).key
        net, before = _net_of_key(lines, key), given_back.get(key, ZERO)
        paid = net if line.product.is_gift_card else _paid_for(net, refunded.order)
        amount = one.amount if one.amount is not None else _line_amount(one, line, refunded, paid - before)
        if amount <= 0 or before + amount > net:
            raise _too_much(net - before, refunded.order)
        given_back[key] = before + amount
        named.append(RefundLine(line=line, line_key=key, product=line.product, amount=amount, quantity=one.quantity))
    return named


def _net_of_key(lines: Sequence[OrderLine], key: str) -> Decimal:
    return sum((line.total for line in lines if refund_history.content_line(line).key == key), ZERO)


def _line_amount(named: RefundedLine, line: OrderLine, refunded: RefundedOrder, left_of_key: Decimal) -> Decimal:
    """The line's share of what was paid in money, for the pieces named; at most what is left."""
    share = paid_for_line(refunded.order, line)
    if named.quantity is not None:
        share = share * named.quantity / line.quantity
    left_of_part = refunded.left.gift_cards if line.product.is_gift_card else refunded.left.goods
    return min(money.round_amount(share, refunded.order.currency), left_of_key, left_of_part)


def _paid_for(net: Decimal, order: Order) -> Decimal:
    return refund_rules.share_of_paid(net, order.goods_total - order.gift_card_total, order.paid_goods)


def _split(incoming: IncomingRefund, refunded: RefundedOrder, lines: Sequence[RefundLine]) -> PartAmounts:
    """The parts of the refund: what it names, and the rest of its amount by the rules."""
    of_goods = sum((line.amount for line in lines if not line.product.is_gift_card), ZERO)
    of_gift_cards = sum((line.amount for line in lines if line.product.is_gift_card), ZERO)
    named = PartAmounts(of_goods + incoming.goods, of_gift_cards, incoming.shipping, incoming.tax)
    left = refunded.left
    for amount, most in zip(named, left, strict=True):
        if amount > most:
            raise _too_much(most, refunded.order)
    amount = named.total if incoming.amount is None else incoming.amount
    if amount < named.total:
        raise BadOrder("amount", _("is less than its parts"))
    if amount > refunded.order.refundable_amount:
        raise _too_much(refunded.order.refundable_amount, refunded.order)
    order = refund_rules.BEYOND_LINES_ORDER if lines else refund_rules.PLAIN_ORDER
    return named.plus(refund_rules.split_sum(amount - named.total, left.less(named), order))


def _too_much(most: Decimal, order: Order) -> TooMuchRefunded:
    left = money.Money(max(most, ZERO), order.currency).rounded()
    return TooMuchRefunded(
        _("At most %(amount)s %(currency)s can still be refunded.") % {"amount": left.amount, "currency": left.currency}
    )


def _store(batch: _Batch, by: User | None) -> None:
    sql_rows.create_instances(refund for refund, _lines in batch.new)
    for refund, lines in batch.new:
        for line in lines:
            line.refund = refund
    sql_rows.create_instances(line for _refund, lines in batch.new for line in lines)
    orders = {refund.order_id: refund.order for refund, _lines in batch.new}
    Order.objects.bulk_update(orders.values(), REFUND_COLUMNS)
    summaries.refresh_summaries({order.customer_id for order in orders.values()}, batch.at)
    timeline.write_timeline(_timeline_entry(refund, by) for refund, _lines in batch.new)
    if by is not None:
        for refund, _lines in batch.new:
            audit.record_audit_entry("order.refunded", refund.order, by=by)
    earliest = min(min(refund.order.placed_at, refund.refunded_at) for refund, _lines in batch.new)
    events.announce_event(
        OrderRefunded(ids=[refund.pk for refund, _lines in batch.new], live=batch.live, at=batch.at, earliest=earliest)
    )


def _timeline_entry(refund: Refund, by: User | None) -> timeline.NewTimelineEntry:
    order = refund.order
    entry_data = {
        "number": order.number,
        "total": str(money.round_amount(refund.amount, order.currency)),
        "currency": order.currency,
        "text": refund.reason,
    }
    return timeline.NewTimelineEntry(
        order.customer_id, "order_refunded", refund.refunded_at, entry_data, "order", order.public_id,
        by.pk if by else None,
    )  # fmt: skip
