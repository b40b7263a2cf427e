"""The proof of summaries: it finds a wrong one, and an order whose sums are not those of its lines and refunds."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from crm.kernel.time import clock
from customers.orders import services
from customers.orders.models import CustomerSummary, Order

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-12")]


@pytest.fixture
def order(make_customer, make_order):
    order = make_order(make_customer(), "100", number="A-1", reward_discount=Decimal(40))
    services.record_refund(order=order, source_ref="R1", amount=Decimal(10), at=clock.now())
    return order


def verify(**options):
    """Exit code and answer."""
    out = StringIO()
    try:
        call_command("verify_summaries", json=True, stdout=out, **options)
    except SystemExit as end:
        return end.code, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_summaries_and_orders_that_are_right_are_no_difference(order):
    assert verify() == (0, {"customers": 1, "differences": [], "orders": [], "rebuilt": False})


def test_wrong_summary_is_found_and_rebuilt(order):
    CustomerSummary.objects.update(net_spend=Decimal(60))

    found, rebuilt, after = verify(), verify(rebuild=True), verify()

    assert (found[0], found[1]["differences"]) == (1, [order.customer_id])
    assert (rebuilt[0], rebuilt[1]["rebuilt"], after[0]) == (0, True, 0)
    assert CustomerSummary.objects.get().net_spend == 50


@pytest.mark.parametrize(
    "wrong", [{"paid_goods": 100}, {"refunded_goods": 5}, {"refunded_total": 60}, {"gift_card_total": 1}]
)
def test_order_with_wrong_sums_is_found(order, wrong):
    Order.objects.update(**wrong)

    code, answer = verify()

    assert (code, answer["orders"]) == (1, ["A-1"])
