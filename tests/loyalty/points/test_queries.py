"""How often the ledger asks the database: each statement is waited for at the till, so one more needs a reason."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.kernel.http import request_memo
from crm.kernel.time import clock
from customers.orders import services as orders
from loyalty.points import services
from loyalty.points.models import EarningRule, PointsAccount
from loyalty.rewards import services as rewards
from loyalty.rewards.models import Reward
from loyalty.rewards.services import NotEnoughPoints

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
NOT_COUNTED = ("BEGIN", "COMMIT", "SELECT clock_timestamp()")  # the last once a minute
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def member(programme: EarningRule, make_customer: Any) -> Any:
    customer = make_customer()
    for turn in range(3):
        services.credit_points(customer=customer, points=500, system="gift", source_id=str(turn), at=clock.now())
    return customer


def count(act: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len([query for query in asked if query["sql"] not in NOT_COUNTED])


def test_credit_is_the_rule_and_one_statement(member: Any) -> None:
    give = lambda: services.credit_points(customer=member, points=40, system="gift", source_id="new", at=clock.now())  # noqa: E731

    assert count(give) == 2


def test_spending_is_lock_lots_entry_and_event(member: Any, spend: Any) -> None:
    assert count(lambda: spend(member, 700)) == 4


def test_redeeming_a_reward_is_eleven(member: Any) -> None:
    """The four of spending, and: is it known, the reward's lock, its stock, coupon, redemption, timeline, event."""
    reward = Reward.objects.create(
        kind="coupon", price=700, stock=5, value=10, currency="CNY", created_at=clock.now(), names={"en": "Ten off"}
    )

    redeem = lambda: rewards.redeem_reward(customer=member, reward=reward, at=clock.now(), key="k")  # noqa: E731

    assert count(redeem) == 11


def test_a_refused_redemption_leaves_a_larger_transaction_whole(member: Any, spend: Any) -> None:
    reward = Reward.objects.create(kind="coupon", price=9000, value=10, currency="CNY", created_at=clock.now())

    with transaction.atomic():
        with pytest.raises(NotEnoughPoints):
            rewards.redeem_reward(customer=member, reward=reward, at=clock.now(), key="k")
        entry = services.credit_points(customer=member, points=5, system="gift", source_id="after", at=clock.now())

    assert entry.pk


def orders_of(customer: Any, number: int, price: int) -> list[orders.IncomingOrder]:
    line = orders.IncomingOrderLine("TEA", unit_price=Decimal(price))
    moments = [YESTERDAY + timedelta(minutes=n) for n in range(number)]
    return [
        orders.IncomingOrder("shop", f"{customer.pk}-{n}", customer.pk, moment, "CNY", [line])
        for n, moment in enumerate(moments)
    ]


@pytest.mark.rule("LO-11")
@pytest.mark.rule("LO-13")
def test_many_orders_of_one_customer_ask_no_more_often_than_two(
    programme: EarningRule, make_customer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_memo, "OUTSIDE_SECONDS", 600)  # settings and rules, however slow the machine

    def record(customer: Any, number: int, price: int) -> int:
        batch = orders_of(customer, number, price)
        return count(lambda: orders.record_orders(orders=batch, at=clock.now()))

    first, few, many = make_customer(), make_customer(), make_customer()
    record(first, 2, 10)  # what is remembered and made from the first time on

    assert record(many, 150, 10) == record(few, 2, 10)
    assert record(many, 150, 8) == record(few, 2, 8)
    accounts = PointsAccount.objects.order_by("posted").values_list("customer", "posted")
    assert list(accounts) == [(few.pk, 16), (first.pk, 20), (many.pk, 1200)]
