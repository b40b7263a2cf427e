from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from customers.orders import services as orders
from loyalty.points import explanations
from loyalty.points import services as ledger
from loyalty.points.models import EarningRule, LedgerEntry
from loyalty.rewards import coupons, services
from loyalty.rewards.models import Coupon, Redemption, Reward


@pytest.fixture
def reward(programme: EarningRule) -> Reward:
    found = Reward.objects.get()
    Reward.objects.update(stock=2)
    return found


@pytest.mark.rule("LO-40")
def test_redeeming_lowers_points_and_stock_once_and_gives_a_coupon(reward: Reward, member: Any, balance: Any) -> None:
    first = services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="form-1")
    again = services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="form-1")

    reward.refresh_from_db()
    assert first == again
    assert (balance(member).available, reward.stock, Coupon.objects.count()) == (3000, 1, 1)
    assert first.coupon is not None
    assert (first.coupon.customer, first.coupon.value, first.coupon.minimum, first.coupon.limit) == (member, 20, 150, 1)


@pytest.mark.rule("LO-40")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"price": 5001}, services.NotEnoughPoints),
        ({"stock": 0}, services.OutOfStock),
        ({"active": False}, services.RewardNotOffered),
        ({"tier_rank": 3}, services.TierTooLow),
        ({"per_member": 0}, services.RewardLimitReached),
    ],
)
def test_a_refused_redemption_changes_nothing(
    reward: Reward, member: Any, balance: Any, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    Reward.objects.update(**changes)

    with pytest.raises(refusal):
        services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="k")

    reward.refresh_from_db()
    assert balance(member).available == 5000
    assert reward.stock == changes.get("stock", 2)
    assert (Redemption.objects.count(), Coupon.objects.count(), LedgerEntry.objects.filter(kind="spend").count()) == (
        0,
        0,
        0,
    )


@pytest.mark.rule("LO-3")
def test_a_key_redeems_one_reward_and_pays_nothing_else(reward: Reward, member: Any, balance: Any) -> None:
    other = Reward.objects.create(price=100, value=10, currency="CNY", names={"en": "Tea"}, created_at=clock.now())
    key = f"{services.TILL_PREFIX}R-1"
    services.redeem_reward(customer=member, reward=reward, at=clock.now(), key=key)
    services.pay_with_points(customer=member, points=300, key="P-1", at=clock.now(), order_ref="shop:B-1")

    with pytest.raises(services.ReferenceConflict, match="20 off your next order; now it comes with Tea"):
        services.redeem_reward(customer=member, reward=other, at=clock.now(), key=key)
    with pytest.raises(services.ReferenceConflict):
        services.pay_with_points(customer=member, points=2000, key="R-1", at=clock.now())
    with pytest.raises(services.ReferenceConflict, match="300 points \\(shop:B-1\\); now it comes with Tea"):
        services.redeem_reward(customer=member, reward=other, at=clock.now(), key=f"{services.TILL_PREFIX}P-1")

    assert balance(member).available == 2700
    assert (Redemption.objects.count(), Coupon.objects.count()) == (1, 1)


def refund_all(order: Any) -> None:
    orders.record_refund(order=order, source_ref="R-1", amount=order.total, at=clock.now())


def cancel(order: Any) -> None:
    orders.cancel_order(order=order, at=clock.now())


@pytest.mark.rule("LO-13")
@pytest.mark.parametrize("end", [cancel, refund_all])
def test_a_coupon_bought_with_points_of_an_order_that_came_to_nothing_is_void(
    reward: Reward, make_customer: Any, make_order: Any, balance: Any, end: Any
) -> None:
    customer = make_customer()
    order = make_order(customer, "3000")
    redemption = services.redeem_reward(customer=customer, reward=reward, at=clock.now(), key="k")

    end(order)

    redemption.refresh_from_db()
    reward.refresh_from_db()
    found = balance(customer)
    assert (found.posted, found.debt, reward.stock) == (0, 0, 2)
    assert redemption.state == "cancelled"
    assert redemption.coupon is not None
    assert Coupon.objects.get().cancelled_at is not None
    check = coupons.check_coupon(
        coupon=Coupon.objects.get(), customer=customer, amount=Decimal(200), currency="CNY", at=clock.now()
    )
    assert check == "cancelled"
    entry = LedgerEntry.objects.get(kind="return")
    assert "came to nothing" in explanations.explain_entry(entry)


@pytest.mark.rule("LO-13")
def test_a_used_coupon_is_owed(reward: Reward, make_customer: Any, make_order: Any, balance: Any) -> None:
    customer = make_customer()
    order = make_order(customer, "3000")
    redemption = services.redeem_reward(customer=customer, reward=reward, at=clock.now(), key="k")
    coupons.use_coupon(
        coupon=redemption.coupon, customer=customer, reference="shop:B-9", amount=Decimal(200), currency="CNY",
        at=clock.now(),
    )  # fmt: skip

    cancel(order)

    assert (balance(customer).posted, balance(customer).debt) == (-2000, 2000)
    redemption.refresh_from_db()
    assert redemption.state == "done"


@pytest.mark.rule("LO-13")
@pytest.mark.parametrize(
    ("others", "voided", "available"),
    [
        (2500, 0, 500),  # other points cover what is missing: the coupons stay
        (1500, 1, 500),  # one of two coupons covers the rest, and what is over stays with the member
        (0, 2, 0),
    ],
)
def test_only_as_many_coupons_are_void_as_points_are_missing(
    reward: Reward, make_customer: Any, make_order: Any, balance: Any, others: int, voided: int, available: int
) -> None:
    customer = make_customer()
    order = make_order(customer, "4000")
    Reward.objects.update(price=1000)
    for number in range(2):
        services.redeem_reward(customer=customer, reward=Reward.objects.get(), at=clock.now(), key=str(number))
    if others:
        ledger.credit_points(customer=customer, points=others, system="gift", source_id="g", at=clock.now())

    cancel(order)

    assert Redemption.objects.filter(state="cancelled").count() == voided
    assert (balance(customer).available, balance(customer).debt) == (available, 0)


def test_a_partial_refund_leaves_the_coupon(reward: Reward, make_customer: Any, make_order: Any, balance: Any) -> None:
    customer = make_customer()
    order = make_order(customer, "3000")
    services.redeem_reward(customer=customer, reward=reward, at=clock.now(), key="k")

    orders.record_refund(order=order, source_ref="R-1", amount=Decimal(1500), at=clock.now())

    assert Redemption.objects.get().state == "done"
    assert (balance(customer).posted, balance(customer).debt) == (-500, 500)
    orders.record_refund(order=order, source_ref="R-2", amount=Decimal(1500), at=clock.now())
    assert Redemption.objects.get().state == "cancelled"
    assert (balance(customer).posted, balance(customer).debt) == (0, 0)


def test_a_coupon_also_covers_what_an_earlier_refund_left_owing(
    reward: Reward, make_customer: Any, make_order: Any, balance: Any
) -> None:
    """Of 3,000 paid 2,999.99 are refunded: all points are gone, 2,000 of them owed, but the order stands until it is cancelled."""
    customer = make_customer()
    order = make_order(customer, "3000")
    services.redeem_reward(customer=customer, reward=reward, at=clock.now(), key="k")
    orders.record_refund(order=order, source_ref="R-1", amount=Decimal("2999.99"), at=clock.now())
    owed = balance(customer).debt

    cancel(order)

    assert (owed, balance(customer).debt, balance(customer).posted) == (2000, 0, 0)
    assert Redemption.objects.get().state == "cancelled"


@pytest.mark.rule("LO-13")
@pytest.mark.parametrize("end", [cancel, refund_all])
def test_a_coupon_used_on_the_order_whose_points_bought_it_comes_back_and_is_void(
    reward: Reward, make_customer: Any, make_order: Any, balance: Any, end: Any
) -> None:
    customer = make_customer()
    order = make_order(customer, "3000", number="B-1")
    redemption = services.redeem_reward(customer=customer, reward=reward, at=clock.now(), key="k")
    coupons.use_coupon(
        coupon=redemption.coupon, customer=customer, reference="shop:B-1", amount=None, currency="CNY", at=clock.now()
    )

    end(order)

    coupon = Coupon.objects.get()
    assert (coupon.uses, coupon.cancelled_at is not None) == (0, True)
    assert (balance(customer).posted, balance(customer).debt) == (0, 0)
