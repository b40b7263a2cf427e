from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.points.models import EarningRule, LedgerEntry, PointsLot
from loyalty.rewards import coupons, services
from loyalty.rewards.models import Coupon, Redemption, Reward
from loyalty.rewards.rules import CouponTerms


@pytest.fixture
def reward(programme: EarningRule) -> Reward:
    found = Reward.objects.get()
    Reward.objects.update(stock=2)
    return found


@pytest.fixture
def member(programme: EarningRule, make_customer: Any, make_order: Any) -> Any:
    customer = make_customer()
    make_order(customer, "5000")
    return customer


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


@pytest.mark.rule("LO-40")
def test_cancelling_gives_points_and_stock_back_and_voids_the_coupon(
    reward: Reward, member: Any, make_user: Any, balance: Any
) -> None:
    lot = PointsLot.objects.get()
    redemption = services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="k")

    for _turn in range(2):
        services.cancel_redemption(redemption=redemption, by=make_user("service"), at=clock.now())

    lot.refresh_from_db()
    reward.refresh_from_db()
    assert (lot.remaining, reward.stock, balance(member).available) == (5000, 2, 5000)
    coupon = Coupon.objects.get()
    assert (
        coupons.check_coupon(coupon=coupon, customer=member, amount=Decimal(500), currency="CNY", at=clock.now())
        == "cancelled"
    )


@pytest.mark.rule("LO-40")
def test_too_late_or_used_is_not_cancelled(reward: Reward, member: Any, make_user: Any, balance: Any) -> None:
    staff = make_user("service")
    first = services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="a")
    second = services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="b")
    coupons.use_coupon(
        coupon=second.coupon, customer=member, reference="shop:1", amount=Decimal(200), currency="CNY", at=clock.now()
    )

    with pytest.raises(services.CancellationTooLate):
        services.cancel_redemption(redemption=first, by=staff, at=clock.now() + timedelta(hours=24, seconds=1))
    with pytest.raises(services.BenefitAlreadyUsed):
        services.cancel_redemption(redemption=second, by=staff, at=clock.now())

    assert balance(member).available == 1000


@pytest.mark.rule("LO-41")
def test_a_source_issues_one_coupon_per_customer(member: Any, make_customer: Any) -> None:
    terms = CouponTerms("percent", Decimal(10), "CNY", valid_days=30, names={"en": "10% off"})
    source = services.CouponSource("care", "enrollment-7")
    other = make_customer("Other")

    first = services.issue_coupons(customers=[member.pk], terms=terms, source=source, at=clock.now())[member.pk]
    both = services.issue_coupons(customers=[member.pk, other.pk], terms=terms, source=source, at=clock.now())

    assert both[member.pk] == first
    assert Coupon.objects.count() == 2
    assert len({first.code, both[other.pk].code}) == 2


@pytest.mark.rule("LO-41")
def test_a_coupon_says_why_not(member: Any, make_customer: Any) -> None:
    now = clock.now()
    terms = CouponTerms("amount", Decimal(20), "CNY", minimum=Decimal(150), valid_days=30)
    coupon = services.issue_coupons(customers=[member.pk], terms=terms, source=services.CouponSource("t", "1"), at=now)[
        member.pk
    ]
    check = lambda customer=member, amount=200, currency="CNY", at=now: coupons.check_coupon(  # noqa: E731
        coupon=coupon, customer=customer, amount=Decimal(amount), currency=currency, at=at
    )

    assert check() == ""
    assert check(amount=149) == "below_minimum"
    assert check(currency="USD") == "wrong_currency"
    assert check(customer=make_customer("Other")) == "wrong_customer"
    assert check(customer=None) == "wrong_customer"
    assert check(at=now - timedelta(seconds=1)) == "not_yet"
    assert check(at=coupon.valid_until) == "expired"
    assert check(at=coupon.valid_until - timedelta(seconds=1)) == ""


@pytest.mark.rule("LO-41")
def test_a_coupon_is_used_once_and_the_same_order_again_is_the_first_use(member: Any) -> None:
    terms = CouponTerms("percent", Decimal(15), "CNY")
    coupon = services.issue_coupons(
        customers=[member.pk], terms=terms, source=services.CouponSource("t", "1"), at=clock.now()
    )[member.pk]

    def use(ref):
        return coupons.use_coupon(
            coupon=coupon, customer=member, reference=ref, amount=Decimal("99.90"), currency="CNY", at=clock.now()
        )

    first, again = use("shop:1"), use("shop:1")
    with pytest.raises(coupons.CouponNotUsable) as refused:
        use("shop:2")

    assert first == again
    assert first.taken_off == Decimal("14.98")
    assert refused.value.reason == "used"


@pytest.mark.rule("LO-41")
def test_a_shared_code_has_limits(member: Any, make_customer: Any, make_user: Any) -> None:
    now = clock.now()
    terms = CouponTerms("amount", Decimal(5), "CNY")
    coupon = coupons.create_shared_coupon(
        code=" spring 26",
        terms=terms,
        valid_from=now,
        valid_until=now + timedelta(days=9),
        limit=2,
        by=make_user("manager"),
        at=now,
    )
    others = [make_customer(f"C{number}") for number in range(2)]

    def use(who, ref):
        return coupons.use_coupon(
            coupon=coupon, customer=who, reference=ref, amount=Decimal(50), currency="CNY", at=now
        )

    assert coupon.code == "SPRING26"
    use(member, "1")
    with pytest.raises(coupons.CouponNotUsable, match="used already"):
        use(member, "2")
    use(others[0], "3")
    with pytest.raises(coupons.CouponNotUsable, match="as often"):
        use(others[1], "4")


@pytest.mark.rule("LO-41")
def test_codes_are_long_and_differ() -> None:
    codes = {coupons.new_coupon_code() for _turn in range(1000)}

    assert len(codes) == 1000
    assert {len(code) for code in codes} == {14}
