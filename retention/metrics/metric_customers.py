"""The customers behind each number: as many as the number says, by the same definition."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, QuerySet

from customers.orders.models import CustomerSummary, Order, counting_orders
from customers.profiles.models import Customer
from retention.metrics.windows import MetricWindow

CustomerIds = QuerySet[Any, Any]


def _buyer_ids(since: Any, until: Any) -> CustomerIds:
    rows = Order.objects.filter(counting_orders(), placed_at__gte=since, placed_at__lt=until)
    return rows.values("customer_id")


def customers_active_at_start(window: MetricWindow) -> CustomerIds:
    at = window.instants
    return Customer.objects.filter(pk__in=_buyer_ids(at["s0"], at["s"])).values("pk")


def customers_active_at_end(window: MetricWindow) -> CustomerIds:
    at = window.instants
    return Customer.objects.filter(pk__in=_buyer_ids(at["e0"], at["e"])).values("pk")


def retained_customers(window: MetricWindow) -> CustomerIds:
    return customers_active_at_start(window).filter(pk__in=customers_active_at_end(window))


def lost_customers(window: MetricWindow) -> CustomerIds:
    return customers_active_at_start(window).exclude(pk__in=customers_active_at_end(window))


def new_customers(window: MetricWindow) -> CustomerIds:
    return _gained_customers(window, first_order_at__gte=window.instants["s"])


def won_back_customers(window: MetricWindow) -> CustomerIds:
    return _gained_customers(window, first_order_at__lt=window.instants["s"])


def _gained_customers(window: MetricWindow, **first: Any) -> CustomerIds:
    firsts = CustomerSummary.objects.filter(**first).values("customer_id")
    return customers_active_at_end(window).exclude(pk__in=customers_active_at_start(window)).filter(pk__in=firsts)


def buyers_in_window(window: MetricWindow) -> CustomerIds:
    at = window.instants
    return Customer.objects.filter(pk__in=_buyer_ids(at["s"], at["e"])).values("pk")


def repeat_buyers_in_window(window: MetricWindow) -> CustomerIds:
    at = window.instants
    repeat_buyers = _buyer_ids(at["s"], at["e"]).annotate(n=Count("id")).filter(n__gte=2).order_by()
    return Customer.objects.filter(pk__in=repeat_buyers.values("customer_id")).values("pk")


CUSTOMERS_BY_GROUP: dict[str, Callable[[MetricWindow], CustomerIds]] = {
    "active_start": customers_active_at_start,
    "active_end": customers_active_at_end,
    "retained": retained_customers,
    "lost": lost_customers,
    "new": new_customers,
    "won_back": won_back_customers,
    "buyers": buyers_in_window,
    "repeat_buyers": repeat_buyers_in_window,
}
