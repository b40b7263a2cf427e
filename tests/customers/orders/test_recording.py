"""Recording orders: the same twice changes nothing; changes, cancels and refunds reach the summary."""

import contextlib
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import translation

from crm.kernel.time import clock
from customers.orders import queries, services, summaries
from customers.orders.choices import OrderOutcome
from customers.orders.models import CustomerSummary, Order, OrderLine
from customers.profiles.models import TimelineEntry

PLACED = datetime(2026, 3, 1, 4, tzinfo=UTC)


def data_for(customer, **fields):
    lines = (
        services.IncomingOrderLine("A", Decimal(2), Decimal("10.5")),
        services.IncomingOrderLine("A", Decimal(1), Decimal("5"), Decimal("1")),
    )
    return services.IncomingOrder(
        **{
            "source": "shop",
            "number": "1",
            "customer_id": customer.pk,
            "placed_at": PLACED,
            "currency": "CNY",
            "lines": lines,
            **fields,
        }
    )


@pytest.mark.rule("CU-11")
def test_same_order_twice_changes_nothing(make_customer):
    order = data_for(make_customer())
    services.record_order(order=order, at=PLACED)

    again, outcome = services.record_order(order=order, at=PLACED)

    assert outcome is OrderOutcome.UNCHANGED
    assert (Order.objects.count(), OrderLine.objects.count(), again.goods_total) == (1, 2, Decimal(25))
    assert TimelineEntry.objects.filter(kind="order_placed").count() == 1


@pytest.mark.rule("CU-11")
@pytest.mark.rule("CU-12")
def test_changed_order_updates_lines_and_both_customers(make_customer):
    first, second = make_customer("A"), make_customer("B")
    services.record_order(order=data_for(first), at=PLACED)

    _order, outcome = services.record_order(
        order=data_for(second, lines=(services.IncomingOrderLine("B", Decimal(1), Decimal(40)),)), at=PLACED
    )

    assert outcome is OrderOutcome.UPDATED
    assert [(line.position, line.product.sku) for line in OrderLine.objects.all()] == [(1, "B")]
    spend = dict(CustomerSummary.objects.values_list("customer__display_name", "net_spend"))
    assert spend == {"A": Decimal(0), "B": Decimal(40)}
    assert summaries.customers_with_wrong_summary() == []


@pytest.mark.rule("S6")
def test_refund_lowers_spend_once_and_never_beyond_the_goods(make_customer):
    order, _outcome = services.record_order(order=data_for(make_customer()), at=PLACED)

    _refund, new = services.record_refund(order=order, source_ref="R1", amount=Decimal(5), at=PLACED)
    _same, again = services.record_refund(order=order, source_ref="R1", amount=Decimal(5), at=PLACED)
    with pytest.raises(services.TooMuchRefunded):
        services.record_refund(order=order, source_ref="R2", amount=Decimal("20.01"), at=PLACED)

    assert (new, again) == (True, False)
    assert CustomerSummary.objects.get().net_spend == Decimal(20)


@pytest.mark.rule("CU-12")
def test_cancelled_order_leaves_no_trace_in_the_summary(make_customer):
    order, _outcome = services.record_order(order=data_for(make_customer()), at=PLACED)

    services.cancel_order(order=order, at=clock.now())

    summary = CustomerSummary.objects.get()
    assert (summary.orders, summary.net_spend, summary.last_order_at) == (0, Decimal(0), None)
    assert summaries.customers_with_wrong_summary() == []


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"number": " "}, "number"),
        ({"lines": ()}, "lines"),
        ({"currency": "yuan"}, "currency"),
        ({"placed_at": datetime(2026, 1, 1)}, "placed_at"),
        ({"placed_at": PLACED + timedelta(days=2)}, "placed_at: lies in the future"),
    ],
)
def test_contradictory_order_is_refused_whole(make_customer, fields, named):
    customer = make_customer()

    with pytest.raises(services.BadOrder, match=named):
        services.record_orders(orders=[data_for(customer, number="ok"), data_for(customer, **fields)], at=PLACED)

    assert not Order.objects.exists()


@pytest.mark.rule("PL-30")
@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "number: missing"), ("zh-hans", "number: 缺少"), ("zh-hant", "number: 缺少")],
)
def test_refusal_names_the_field_by_its_code_and_the_reason_in_words(make_customer, language, told):
    order = data_for(make_customer(), number=" ")

    with translation.override(language), pytest.raises(services.BadOrder) as refusal:
        services.record_order(order=order, at=PLACED)

    assert (refusal.value.field, str(refusal.value)) == ("number", told)


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("CU-12")
@pytest.mark.parametrize("locked", [True, False])
def test_parallel_orders_are_all_in_the_summary(make_customer, monkeypatch, locked):
    """Negative control: without the lock on the customer a summary misses orders that were under way."""
    customer = make_customer()
    if not locked:
        monkeypatch.setattr(queries, "LOCK_CUSTOMERS", queries.LOCK_CUSTOMERS.replace("FOR NO KEY UPDATE", ""))
    together = threading.Barrier(6)
    refresh = summaries.refresh_summaries
    monkeypatch.setattr(summaries, "refresh_summaries", lambda ids, at: (_meet(together), refresh(ids, at))[1])

    threads = [threading.Thread(target=_record, args=(data_for(customer, number=str(n)),)) for n in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert Order.objects.count() == 6
    assert (CustomerSummary.objects.get().orders == 6) is locked


def _meet(barrier):
    with contextlib.suppress(threading.BrokenBarrierError):
        barrier.wait(0.5)


def _record(order):
    try:
        services.record_order(order=order, at=PLACED)
    finally:
        connection.close()


def test_order_keeps_its_fingerprint_whatever_the_notation(make_customer):
    order = data_for(make_customer())
    same = replace(
        order, lines=tuple(replace(line, unit_price=line.unit_price * Decimal("1.000")) for line in order.lines)
    )

    services.record_order(order=order, at=PLACED)

    assert services.record_order(order=same, at=PLACED)[1] is OrderOutcome.UNCHANGED
