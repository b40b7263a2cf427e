"""Facts of orders, and what the database refuses of them."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from crm.kernel.time import clock
from customers.orders.models import Order, Refund

pytestmark = pytest.mark.django_db


def test_refundable_is_what_was_not_given_back_yet():
    assert Order(goods_total=Decimal("10.50"), refunded_total=Decimal("0.50")).refundable_amount == Decimal(10)


def test_number_stands_once_in_its_source(make_customer, make_order):
    order = make_order(make_customer(), "10", number="A-1")

    order.pk, order.public_id = None, ""
    with pytest.raises(IntegrityError, match="order_number_once"):
        order.save(force_insert=True)


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1)])
def test_refund_of_nothing_is_refused(amount, make_customer, make_order):
    with pytest.raises(IntegrityError, match="refund_positive"):
        Refund.objects.create(
            order=make_order(make_customer(), "10"), source_ref="R1", amount=amount, refunded_at=clock.now()
        )
