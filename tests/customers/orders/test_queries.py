"""SQL of orders: what is locked, found and recomputed for a whole batch at once."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from crm.kernel.time import clock
from customers.orders import queries
from customers.orders.models import CustomerSummary, ExchangeRate, Order

pytestmark = pytest.mark.django_db
ZONE = "Asia/Shanghai"


def test_lock_takes_those_to_whom_the_orders_belong_until_now(make_customer, make_order):
    former, other = make_customer("Ana"), make_customer("Bo")
    order = make_order(former, "10")

    assert queries.lock_customers([other.pk], [(order.source, order.number), ("shop", "unknown")]) == [
        former.pk,
        other.pk,
    ]


def test_stored_orders_and_products_are_found_by_their_keys(make_customer, make_order):
    order = make_order(make_customer(), "10")
    sku = order.lines.get().product.sku

    assert queries.orders_by_key([(order.source, order.number), ("shop", "unknown")]) == {
        (order.source, order.number): order
    }
    assert queries.products_by_sku([sku, "unknown"]) == {
        sku: (order.lines.get().product_id, False, "Wuyi tea 武夷岩茶", {})
    }
    assert queries.lock_order(order.pk) == order


def test_lines_beyond_the_present_number_are_surplus(make_customer, make_order):
    order = make_order(make_customer(), "10")

    assert queries.surplus_line_ids({order.pk: 1}) == []
    assert queries.surplus_line_ids({order.pk: 0}) == [order.lines.get().pk]


def test_summary_that_differs_from_its_orders_is_found_and_recomputed(make_customer, make_order):
    customer = make_customer()
    make_order(customer, "10")
    assert queries.upsert_summaries([customer.pk], clock.now(), ZONE) == 0
    CustomerSummary.objects.update(net_spend=Decimal(7))

    assert queries.customers_with_wrong_summary(ZONE) == [customer.pk]
    assert queries.upsert_summaries([customer.pk], clock.now(), ZONE) == 1
    assert (queries.customers_with_wrong_summary(ZONE), CustomerSummary.objects.get().net_spend) == ([], Decimal(10))


@pytest.mark.rule("CU-8")
@pytest.mark.parametrize(
    ("placed", "days", "gap"),
    [
        ((), 0, None),
        (("2026-03-01T02:00Z", "2026-03-01T03:00Z", "2026-03-01T04:00Z"), 1, None),
        (("2026-03-01T02:00Z", "2026-03-31T02:00Z"), 2, None),
        (("2026-03-01T02:00Z", "2026-03-01T03:00Z", "2026-03-11T02:00Z", "2026-03-31T02:00Z"), 3, "15.00"),
        # The evening of the 1st and the night of the 2nd in Shanghai are one day in Greenwich.
        (("2026-03-01T12:00Z", "2026-03-01T17:00Z", "2026-03-03T02:00Z"), 3, "1.00"),
        # And two of Greenwich are one in Shanghai.
        (("2026-03-01T17:00Z", "2026-03-02T12:00Z", "2026-03-03T02:00Z"), 2, None),
    ],
)
def test_rhythm_is_of_local_days_and_begins_with_the_third(make_customer, make_order, placed, days, gap):
    customer = make_customer()
    for instant in placed:
        make_order(customer, "10", placed_at=datetime.fromisoformat(instant))

    summary = CustomerSummary.objects.filter(customer=customer).first() or CustomerSummary()
    assert (summary.orders, summary.purchase_days) == (len(placed), days)
    assert summary.gap_days == (None if gap is None else Decimal(gap))
    assert queries.customers_with_wrong_summary(ZONE) == []


def test_orders_wait_for_the_newest_rate_of_their_local_day(make_customer, make_order):
    placed = datetime(2026, 3, 2, 17, tzinfo=UTC)  # the 3rd in Shanghai
    order = make_order(make_customer(), "10", currency="USD", placed_at=placed)
    for day, rate in ((2, "7.1"), (3, "7.2"), (4, "7.3")):
        ExchangeRate.objects.create(currency="USD", day=date(2026, 3, day), rate=Decimal(rate))

    (waiting,) = queries.orders_to_revalue("USD", after=0, limit=5, zone="Asia/Shanghai")
    queries.revalue_orders([order.pk], [waiting.rate], clock.now())

    assert waiting == (order.pk, order.customer_id, Decimal("7.2"), placed, True)
    assert Order.objects.get().base_rate == Decimal("7.2")
    assert queries.orders_to_revalue("USD", after=0, limit=5, zone="Asia/Shanghai") == []
