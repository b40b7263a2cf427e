"""Facts of orders, and what the database refuses of them."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from crm.kernel.time import clock
from customers.orders.models import Order, Refund, counting_orders

pytestmark = pytest.mark.django_db


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize(("left_out", "refundable"), [(0, "10"), (4, "14")])
def test_refundable_is_the_money_paid_that_was_not_given_back_yet(left_out, refundable):
    order = Order(total=Decimal("10.50"), refunded_total=Decimal("0.50"), refunds_left_out=Decimal(left_out))

    assert order.refundable_amount == Decimal(refundable)


@pytest.mark.rule("CU-11")
@pytest.mark.parametrize(
    ("status", "rate_is_known", "counts"),
    [
        ("placed", True, False),
        ("paid", True, True),
        ("delivered", True, True),
        ("cancelled", True, False),
        ("paid", False, False),
    ],
)
def test_order_counts_when_it_is_paid_and_its_rate_is_known(make_customer, make_order, status, rate_is_known, counts):
    order = make_order(make_customer(), "10", status=status)
    Order.objects.update(rate_is_known=rate_is_known)
    order.refresh_from_db()

    assert order.counts is counts
    assert Order.objects.filter(counting_orders()).exists() is counts


def test_database_refuses_refunded_goods_that_were_not_paid(make_customer, make_order):
    make_order(make_customer(), "10")

    with pytest.raises(IntegrityError, match="refunded_goods_were_paid"):
        Order.objects.update(refunded_goods=Decimal("10.01"))


def test_database_refuses_a_refund_that_is_not_its_parts(make_customer, make_order):
    with pytest.raises(IntegrityError, match="refund_has_parts"):
        Refund.objects.create(
            order=make_order(make_customer(), "10"),
            source_ref="R1",
            amount=3,
            goods_amount=2,
            refunded_at=clock.now(),
        )


def test_number_stands_once_in_its_source(make_customer, make_order):
    order = make_order(make_customer(), "10", number="A-1")

    order.pk, order.public_id = None, ""
    with pytest.raises(IntegrityError, match="order_number_once"):
        order.save(force_insert=True)


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1)])
def test_refund_of_nothing_is_refused(amount, make_customer, make_order):
    with pytest.raises(IntegrityError, match="refund_positive"):
        Refund.objects.create(
            order=make_order(make_customer(), "10"),
            source_ref="R1",
            amount=amount,
            goods_amount=amount,
            refunded_at=clock.now(),
        )
