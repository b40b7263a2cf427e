"""Recording orders: the same twice changes nothing; changes, cancels and refunds reach the summary."""

import contextlib
import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import translation

from customers.orders import queries, services, summaries
from customers.orders.choices import OrderOutcome
from customers.orders.models import CustomerSummary, Order, OrderLine, Product
from customers.profiles.models import TimelineEntry
from customers.workspace import timeline_page

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


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("CU-12")
@pytest.mark.parametrize("locked", [True, False])
def test_parallel_orders_are_all_in_the_summary(make_customer, monkeypatch, locked):
    """Negative control: without the lock on the customer a summary misses orders that were under way."""
    customer = make_customer()
    services.record_order(order=data_for(customer, number="known"), at=PLACED)  # else its product lets one at a time in
    if not locked:
        monkeypatch.setattr(queries, "LOCK_CUSTOMERS", queries.LOCK_CUSTOMERS.replace("FOR NO KEY UPDATE", ""))
    # Without the lock all six come together, however busy the machine is; with it the first one waits for nobody.
    together = threading.Barrier(6, timeout=0.5 if locked else 30)
    refresh = summaries.refresh_summaries
    monkeypatch.setattr(summaries, "refresh_summaries", lambda ids, at: (_meet(together), refresh(ids, at))[1])

    threads = [threading.Thread(target=_record, args=(data_for(customer, number=str(n)),)) for n in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert Order.objects.count() == 7
    assert (CustomerSummary.objects.get().orders == 7) is locked


def _meet(barrier):
    with contextlib.suppress(threading.BrokenBarrierError):
        barrier.wait()


def _record(order):
    try:
        services.record_order(order=order, at=PLACED)
    finally:
        connection.close()


@pytest.mark.rule("CU-4")
@pytest.mark.parametrize(
    ("language", "quote"), [("en", "Wuyi tea, CUP"), ("zh-hans", "武夷岩茶, CUP"), ("zh-hant", "武夷岩茶（散裝）, CUP")]
)
def test_timeline_names_a_known_product_that_the_order_gives_only_by_number(make_customer, language, quote):
    names = {"zh-hans": "武夷岩茶", "zh-hant": "武夷岩茶（散裝）"}
    product = Product.objects.create(sku="TEA-1", name="Wuyi tea", names=names, created_at=PLACED)
    customer = make_customer()
    lines = (services.IncomingOrderLine("TEA-1"), services.IncomingOrderLine("CUP"))
    services.record_order(order=data_for(customer, lines=lines), at=PLACED)

    with translation.override(language):
        _page, entries = timeline_page.get_timeline_page(customer, "orders")
        assert product.local_name == quote.split(",")[0]

    assert [entry.quoted_text for entry in entries] == [quote]
