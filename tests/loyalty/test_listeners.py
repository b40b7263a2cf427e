from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.background.jobs import job_runner
from crm.kernel.time import clock
from customers.orders import exchange_rates
from customers.orders import services as orders
from loyalty.points.models import EarningRule, LedgerEntry
from loyalty.rewards import coupons
from loyalty.rewards import services as rewards
from loyalty.rewards.models import Reward
from loyalty.tiers import selectors


def line(total: int, sku: str = "TEA-1") -> orders.IncomingOrderLine:
    return orders.IncomingOrderLine(sku, unit_price=Decimal(total))


def test_history_earns_only_when_asked(programme: EarningRule, make_customer: Any, balance: Any) -> None:
    quiet, ticked = make_customer("A"), make_customer("B")
    now = clock.now()
    data = [
        orders.IncomingOrder("old", f"N-{c.pk}", c.pk, now - timedelta(days=40), "CNY", [line(100)])
        for c in (quiet, ticked)
    ]

    orders.record_orders(orders=data[:1], at=now, live=False)
    orders.record_orders(orders=data[1:], at=now, live=False, earn=True)

    assert (balance(quiet).posted, balance(ticked).posted) == (0, 100)


def test_many_orders_cost_as_many_queries_as_one(
    programme: EarningRule, make_customer: Any, django_assert_max_num_queries: Any, balance: Any
) -> None:
    customers = [make_customer(f"C{number}") for number in range(30)]
    now = clock.now()
    data = [orders.IncomingOrder("shop", f"N-{c.pk}", c.pk, now, "CNY", [line(10)]) for c in customers]

    with django_assert_max_num_queries(55):
        orders.record_orders(orders=data, at=now)

    assert [balance(c).available for c in customers] == [10] * 30


@pytest.mark.rule("LO-11")
@pytest.mark.rule("LO-12")
def test_an_unpaid_order_earns_when_it_is_paid_once_by_the_rules_and_the_tier_of_its_day(
    programme: EarningRule, change_rule: Any, make_customer: Any, make_order: Any, balance: Any, at: Any
) -> None:
    at("2027-03-10T10:00:00+08:00")
    customer = make_customer()
    order = make_order(customer, "100", number="A-1", status="placed")
    unpaid = balance(customer)
    at("2027-03-12T10:00:00+08:00")
    change_rule(points=Decimal(5))
    make_order(customer, "2500", number="A-2")
    gold_or_silver = balance(customer).posted
    paid_at = at("2027-03-20T10:00:00+08:00")

    for status in ("paid", "delivered"):
        make_order(customer, "100", number="A-1", status=status, placed_at=order.placed_at)

    entry = LedgerEntry.objects.get(order=order)
    assert (unpaid.posted, gold_or_silver, balance(customer).posted) == (0, 12_500, 12_600)
    assert (entry.points, entry.data["version"], entry.data["multiplier"]) == (100, 1, "1")
    assert abs(entry.at - paid_at) < timedelta(minutes=1)
    assert selectors.get_tier_standing(customer.pk, clock.now()).spend == 2600


@pytest.mark.rule("LO-11")
def test_the_tier_held_when_an_unpaid_order_was_placed_counts(
    member: Any, make_order: Any, balance: Any, at: Any
) -> None:
    """Silver when it was placed, gold when it is paid."""
    order = make_order(member, "100", number="A-1", status="placed")
    make_order(member, "4000", number="A-2")
    before = balance(member).posted

    make_order(member, "100", number="A-1", status="paid", placed_at=order.placed_at)

    assert selectors.current_grants([member.pk])[member.pk].tier.code == "gold"
    assert balance(member).posted == before + 120


@pytest.mark.rule("LO-12")
def test_an_unpaid_order_that_is_cancelled_never_earned(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any
) -> None:
    customer = make_customer()
    order = make_order(customer, "3000", status="placed")

    orders.cancel_order(order=order, at=clock.now())

    assert (balance(customer).posted, balance(customer).debt, LedgerEntry.objects.count()) == (0, 0, 0)


@pytest.mark.rule("LO-11")
@pytest.mark.rule("CU-10")
def test_points_and_tier_of_an_order_without_a_rate_come_with_the_rate(
    programme: EarningRule, make_customer: Any, make_order: Any, make_user: Any, balance: Any
) -> None:
    customer = make_customer()
    make_order(customer, "10000", currency="JPY")
    waiting = (balance(customer).posted, selectors.current_grants([customer.pk])[customer.pk].tier.code)

    exchange_rates.store_rate(currency="JPY", day=date(2020, 1, 1), rate=Decimal("0.3"), by=make_user("admin"))
    job_runner.run_waiting_jobs(clock.now())

    assert waiting == (0, "member")
    assert balance(customer).posted == 3000
    assert selectors.current_grants([customer.pk])[customer.pk].tier.code == "silver"


@pytest.mark.rule("LO-60")
def test_no_order_earns_while_points_are_off(
    make_customer: Any, make_order: Any, balance: Any, change_program: Any
) -> None:
    customer = make_customer()
    order = make_order(customer, "100", number="A-1")
    unpaid = make_order(customer, "50", number="A-2", status="placed")
    change_program(points_on=False)

    make_order(customer, "200")
    make_order(customer, "50", number="A-2", placed_at=unpaid.placed_at)
    make_order(customer, "300", number="A-1", placed_at=order.placed_at)
    grown = balance(customer).posted
    orders.cancel_order(order=order, at=clock.now())

    assert (grown, balance(customer).posted) == (100, 0)


@pytest.mark.rule("LO-60")
def test_orders_earn_at_no_tier_while_tiers_are_off(
    member: Any, make_order: Any, balance: Any, change_program: Any
) -> None:
    change_program(tiers_on=False)

    make_order(member, "100")

    assert balance(member).posted == 5100


@pytest.mark.rule("LO-13")
@pytest.mark.rule("LO-41")
def test_an_order_that_the_shop_sends_as_cancelled_gives_everything_back(
    member: Any, make_order: Any, balance: Any, spend: Any
) -> None:
    now = clock.now()
    coupon = rewards.redeem_reward(customer=member, reward=Reward.objects.get(), at=now, key="k").coupon
    assert coupon is not None
    spend(member, 1000, order_ref="shop:B-1")
    order = make_order(member, "200", number="B-1", points_discount=Decimal(10), reward_discount=Decimal(20))
    coupons.use_coupon(coupon=coupon, customer=member, reference="shop:B-1", amount=None, currency="CNY", at=now)

    for _turn in range(2):
        make_order(member, "200", number="B-1", placed_at=order.placed_at, status="cancelled")

    coupon.refresh_from_db()
    assert (balance(member).posted, coupon.uses, coupon.cancelled_at) == (3000, 0, None)
