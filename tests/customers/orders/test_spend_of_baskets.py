"""Any life of an order: discounts, refunds plain and by line, new contents, in any order; spend stays the sum of what is left."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.orders import services, summaries
from customers.orders.choices import OrderStatus
from customers.orders.models import CustomerSummary, Order, Product, Refund

PLACED = datetime(2026, 3, 1, 4, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 4, tzinfo=UTC)
amounts = st.integers(1, 20_000).map(lambda n: Decimal(n) / 100)
lines = st.builds(
    services.IncomingOrderLine,
    sku=st.sampled_from(["TEA", "BOOK", "CUP", "CARD"]),
    quantity=st.integers(1, 4).map(Decimal),
    unit_price=amounts,
)
contents = st.fixed_dictionaries(
    {
        "lines": st.lists(lines, min_size=1, max_size=4),
        "shipping_total": st.sampled_from([Decimal(0), Decimal(12)]),
        "tax_total": st.sampled_from([Decimal(0), Decimal("7.77")]),
        "discount": st.integers(0, 100),
        "by_points": st.booleans(),
        "status": st.sampled_from(["placed", "paid", "paid", "paid", "delivered"]),
    }
)
refunds = st.fixed_dictionaries({"share": st.integers(1, 130), "line": st.integers(0, 7)})
steps = st.lists(st.one_of(contents, refunds), min_size=1, max_size=6)


@pytest.mark.rule("CU-10", "CU-11", "CU-12")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=contents, steps=steps)
def test_spend_is_between_nothing_and_what_was_paid_and_is_the_sum(make_customer, first, steps):
    with transaction.atomic():
        _live_through(make_customer(), first, steps)
        transaction.set_rollback(True)


def _live_through(customer, first, steps):
    Product.objects.create(sku="CARD", name="Gift card", is_gift_card=True, created_at=PLACED)
    order = _record(customer, first)
    for place, step in enumerate(steps):
        if "lines" in step:
            _record(customer, step)
        else:
            _refund(order, f"R{place}", step)
        order = Order.objects.get()

        assert 0 <= order.refunded_goods <= order.paid_goods <= order.goods_total
        assert order.refundable_amount == order.money_paid - order.refunded_total >= 0
        assert order.refunded_total == sum(refund.amount for refund in order.refunds.all())
        expected = order.net_goods if order.counts else 0
        assert CustomerSummary.objects.get().net_spend == expected
    assert (summaries.customers_with_wrong_summary(), summaries.orders_with_wrong_sums()) == ([], [])


def _record(customer, content):
    """A discount may take all that is owed, and no more."""
    discount = _part_of(sum(line.net for line in content["lines"]), content["discount"])
    order = services.IncomingOrder(
        source="shop",
        number="H-1",
        customer_id=customer.pk,
        placed_at=PLACED,
        currency="CNY",
        lines=tuple(content["lines"]),
        status=content["status"],
        shipping_total=content["shipping_total"],
        tax_total=content["tax_total"],
        **{"points_discount" if content["by_points"] else "reward_discount": discount},
    )
    return services.record_order(order=order, at=PLACED)[0]


def _refund(order, reference, step):
    """A share of the money that was paid, for a line where there is such a one; refused where it is too much or unpaid."""
    rows = list(order.lines.order_by("position"))
    given_back = Refund.objects.filter(order=order).count()
    if step["line"] < len(rows):
        named = {"lines": [services.RefundedLine(rows[step["line"]])]}
    else:
        named = {"amount": max(_part_of(order.money_paid, step["share"]), Decimal("0.01"))}
    try:
        services.record_refund(order=order, source_ref=reference, at=LATER, **named)
    except services.OrderUnpaid:
        assert order.status == OrderStatus.PLACED
    except services.TooMuchRefunded:
        assert Refund.objects.filter(order=order).count() == given_back
        if "amount" in named:
            assert named["amount"] > order.refundable_amount


def _part_of(amount, percent):
    return (amount * percent / 100).quantize(Decimal("0.01"))
