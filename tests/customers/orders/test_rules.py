"""Orders as plain values: what is refused, and the fingerprint."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from customers.orders import services
from customers.orders.choices import OrderOutcome
from customers.orders.models import Order

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


def test_order_keeps_its_fingerprint_whatever_the_notation(make_customer):
    order = data_for(make_customer())
    same = replace(
        order, lines=tuple(replace(line, unit_price=line.unit_price * Decimal("1.000")) for line in order.lines)
    )

    services.record_order(order=order, at=PLACED)

    assert services.record_order(order=same, at=PLACED)[1] is OrderOutcome.UNCHANGED
