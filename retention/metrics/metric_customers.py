"""The customers behind each number: as many as the number says, by the same definition."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, QuerySet

from customers.orders.choices import OrderStatus
from customers.orders.models import CustomerSummary, Order
from customers.profiles.models import Customer
from retention.metrics.windows import Window

Ids = QuerySet[Any, Any]


def _bought(since: Any, until: Any) -> Ids:
    rows = Order.objects.exclude(status=OrderStatus.CANCELLED).filter(placed_at__gte=since, placed_at__lt=until)
    return rows.values("customer_id")


def active_start(window: Window) -> Ids:
    at = window.instants
    return Customer.objects.filter(pk__in=_bought(at["s0"], at["s"])).values("pk")


def active_end(window: Window) -> Ids:
    at = window.instants
    return Customer.objects.filter(pk__in=_bought(at["e0"], at["e"])).values("pk")


def retained(window: Window) -> Ids:
    return active_start(window).filter(pk__in=active_end(window))


def lost(window: Window) -> Ids:
    return active_start(window).exclude(pk__in=active_end(window))


def new(window: Window) -> Ids:
    return _came(window, first_order_at__gte=window.instants["s"])


def won_back(window: Window) -> Ids:
    return _came(window, first_order_at__lt=window.instants["s"])


def _came(window: Window, **first: Any) -> Ids:
    firsts = CustomerSummary.objects.filter(**first).values("customer_id")
    return active_end(window).exclude(pk__in=active_start(window)).filter(pk__in=firsts)


def buyers(window: Window) -> Ids:
    at = window.instants
    return Customer.objects.filter(pk__in=_bought(at["s"], at["e"])).values("pk")


def repeat_buyers(window: Window) -> Ids:
    at = window.instants
    often = _bought(at["s"], at["e"]).annotate(n=Count("id")).filter(n__gte=2).order_by()
    return Customer.objects.filter(pk__in=often.values("customer_id")).values("pk")


BEHIND: dict[str, Callable[[Window], Ids]] = {
    "active_start": active_start,
    "active_end": active_end,
    "retained": retained,
    "lost": lost,
    "new": new,
    "won_back": won_back,
    "buyers": buyers,
    "repeat_buyers": repeat_buyers,
}
