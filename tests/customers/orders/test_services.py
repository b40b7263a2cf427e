"""What can happen to an order: refunds and cancelling, each with its summary and its refusals."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from crm.kernel.time import clock
from customers.orders import services, summaries
from customers.orders.models import CustomerSummary

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
