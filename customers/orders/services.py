"""What can happen to an order: it is recorded, cancelled, refunded. What follows from it is in the same commit."""

from datetime import datetime

from django.db import transaction

from crm.kernel import audit, money
from crm.kernel.auth.models import User
from crm.kernel.background import events
from customers.orders import queries, summaries
from customers.orders.choices import OrderOutcome, OrderStatus
from customers.orders.events import OrderCancelled
from customers.orders.models import Order
from customers.orders.recording import RecordingResult, record_orders
from customers.orders.refunds import (
    AlreadyCancelled,
    IncomingRefund,
    OrderUnpaid,
    RefundConflict,
    RefundedLine,
    RefundRefused,
    TooMuchRefunded,
    record_refund,
    record_refunds,
)
from customers.orders.rules import BadOrder, IncomingOrder, IncomingOrderLine
from customers.profiles import timeline

__all__ = [
    "AlreadyCancelled",
    "BadOrder",
    "IncomingOrder",
    "IncomingOrderLine",
    "IncomingRefund",
    "OrderUnpaid",
    "RecordingResult",
    "RefundConflict",
    "RefundRefused",
    "RefundedLine",
    "TooMuchRefunded",
    "cancel_order",
    "record_order",
    "record_orders",
    "record_refund",
    "record_refunds",
]  # fmt: skip


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
    _apply_consequences(order, at, by)
    events.announce_event(OrderCancelled(ids=[order.pk], live=live, at=at, earliest=order.placed_at))
    return order


def _apply_consequences(order: Order, at: datetime, by: User | None) -> None:
    summaries.refresh_summaries([order.customer_id], at)
    entry_data = {
        "number": order.number,
        "total": str(money.round_amount(order.goods_total, order.currency)),
        "currency": order.currency,
    }
    timeline.write_timeline(
        [
            timeline.NewTimelineEntry(
                order.customer_id, "order_cancelled", at, entry_data, "order", order.public_id, by.pk if by else None
            )
        ]
    )
    if by is not None:
        audit.record_audit_entry("order.cancelled", order, by=by)
