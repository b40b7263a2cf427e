"""Orders that earn nothing yet, and what they will earn: unpaid ones, and those whose currency has no rate."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from customers.orders.choices import OrderStatus
from customers.orders.models import Order
from loyalty.points import earning, program_settings
from loyalty.tiers import selectors as tiers

MOST_ORDERS = 100


@dataclass(frozen=True)
class WaitingOrder:
    """An order that does not count yet; its points are known once there is a rate for its currency."""

    order: Order
    points: int | None

    @property
    def is_unpaid(self) -> bool:
        return self.order.status == OrderStatus.PLACED


@dataclass(frozen=True)
class WaitingOrders:
    """The newest orders of a member that do not count yet."""

    orders: tuple[WaitingOrder, ...] = ()

    @property
    def unpaid(self) -> list[WaitingOrder]:
        """Those that only wait to be paid."""
        return [waiting for waiting in self.orders if waiting.points]

    @property
    def points(self) -> int:
        """What the unpaid ones will earn."""
        return sum(waiting.points or 0 for waiting in self.orders)

    @property
    def without_rate(self) -> list[WaitingOrder]:
        return [waiting for waiting in self.orders if waiting.points is None]

    @property
    def currencies(self) -> str:
        """The currencies without a rate: `JPY, KRW`."""
        return ", ".join(sorted({waiting.order.currency for waiting in self.without_rate}))


def customer_waiting_orders(customer_id: int) -> WaitingOrders:
    """What a customer may still earn by orders that do not count yet. One query if there are none, else four."""
    orders = Order.objects.filter(customer_id=customer_id, live=True).exclude(status=OrderStatus.CANCELLED)
    waiting = orders.filter(Q(status=OrderStatus.PLACED) | Q(rate_is_known=False)).order_by("-placed_at", "-pk")
    return waiting_orders(waiting[:MOST_ORDERS])


def waiting_orders(orders: Iterable[Order]) -> WaitingOrders:
    """Of these orders those that will earn once they are paid or have a rate; none while points are off. Three queries."""
    if not program_settings.loyalty_settings().points_on:
        return WaitingOrders()
    listed = [order for order in orders if order.live and not order.counts and order.status != OrderStatus.CANCELLED]
    with_rate = [order for order in listed if order.rate_is_known]
    points = earning.expected_points(orders=with_rate, multipliers=tiers.multipliers_when_placed(with_rate))
    return WaitingOrders(tuple(WaitingOrder(order, points.get(order.pk)) for order in listed))
