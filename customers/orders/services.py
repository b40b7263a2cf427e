"""What can happen to an order: it is recorded, cancelled, refunded. What follows from it is in the same commit."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit, company, money
from crm.kernel.auth.models import User
from crm.kernel.background import events
from customers.orders import queries, rules, summaries
from customers.orders.choices import OrderOutcome, OrderStatus
from customers.orders.events import OrderCancelled, OrderRefunded
from customers.orders.models import Order, OrderLine, Refund
from customers.orders.recording import RecordingResult, record_orders
from customers.orders.rules import BadOrder, IncomingOrder, IncomingOrderLine
from customers.profiles import timeline

__all__ = [
    "AlreadyCancelled",
    "BadOrder",
    "IncomingOrder",
    "IncomingOrderLine",
    "RecordingResult",
    "TooMuchRefunded",
    "cancel_order",
    "record_order",
    "record_orders",
    "record_refund",
]  # fmt: skip


class AlreadyCancelled(Exception):
    """A cancelled order takes no refund and no second cancelling."""


class TooMuchRefunded(Exception):
    """More cannot be given back than the order's goods cost."""


def record_order(*, order: IncomingOrder, at: datetime, live: bool = True) -> tuple[Order, OrderOutcome]:
    """Add or update one order; the same content again changes nothing and returns the same order. Refused: BadOrder."""
    result = record_orders(orders=[order], at=at, live=live)
    key = (order.source, order.number)
    return result.orders[key], result.outcomes[key]


@transaction.atomic
def cancel_order(*, order: Order, at: datetime, by: User | None = None, live: bool = True) -> Order:
    """The order counts no more: summary, points, tier and metrics follow. Cancelling again changes nothing."""
    summaries.lock_customers([order.customer_id])
    order = queries.lock_order(order.pk)
    if order.status == OrderStatus.CANCELLED:
        return order
    order.status, order.cancelled_at, order.updated_at = OrderStatus.CANCELLED, at, at
    order.save(update_fields=["status", "cancelled_at", "updated_at"])
    _apply_consequences(order, "order_cancelled", at, by)
    events.announce_event(OrderCancelled(ids=[order.pk], live=live, at=at, earliest=order.placed_at))
    return order


@transaction.atomic
def record_refund(
    *, order: Order, source_ref: str, amount: Decimal, at: datetime, refunded_at: datetime | None = None,
    line: OrderLine | None = None, reason: str = "", by: User | None = None, live: bool = True,
) -> tuple[Refund, bool]:  # fmt: skip
    """Money given back for goods; the source's reference makes it once. Returns the refund and whether it is new.

    Refused: BadOrder (the amount, or a date that the source gives and cannot be), AlreadyCancelled, TooMuchRefunded
    (over all refunds of the order).
    """
    if amount <= 0:
        raise BadOrder("amount", _("must be above 0"))
    summaries.lock_customers([order.customer_id])
    order = queries.lock_order(order.pk)
    if known := Refund.objects.filter(order=order, source_ref=source_ref).first():
        return known, False
    if refunded_at is not None:
        rules.check_refunded_at(refunded_at, order.placed_at, at, ZoneInfo(company.get_company().time_zone))
    if order.status == OrderStatus.CANCELLED:
        raise AlreadyCancelled(_("This order is cancelled."))
    if order.refunded_total + amount > order.goods_total:
        left = money.Money(order.goods_total - order.refunded_total, order.currency).rounded()
        raise TooMuchRefunded(
            _("At most %(amount)s %(currency)s can still be refunded.")
            % {"amount": left.amount, "currency": left.currency}
        )
    refund = Refund.objects.create(
        order=order,
        line=line,
        source_ref=source_ref,
        amount=amount,
        reason=reason,
        refunded_at=refunded_at or at,
        live=live,
    )
    order.refunded_total += amount
    order.updated_at = at
    order.save(update_fields=["refunded_total", "updated_at"])
    _apply_consequences(
        order,
        "order_refunded",
        refund.refunded_at,
        by,
        total=str(money.round_amount(amount, order.currency)),
        text=reason,
    )
    events.announce_event(
        OrderRefunded(ids=[refund.pk], live=live, at=at, earliest=min(order.placed_at, refund.refunded_at))
    )
    return refund, True


def _apply_consequences(order: Order, kind: str, at: datetime, by: User | None, **data: str) -> None:
    summaries.refresh_summaries([order.customer_id], at)
    entry_data = {
        "number": order.number,
        "total": str(money.round_amount(order.goods_total, order.currency)),
        "currency": order.currency,
        **data,
    }
    timeline.write_timeline(
        [
            timeline.NewTimelineEntry(
                order.customer_id, kind, at, entry_data, "order", order.public_id, by.pk if by else None
            )
        ]
    )
    if by is not None:
        audit.record_audit_entry(kind.replace("_", "."), order, by=by)
