from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.audit.models import AuditEntry
from crm.kernel.time import clock
from customers.orders import services as orders
from customers.profiles.models import TimelineEntry
from loyalty.rewards import coupon_returns, coupons, services
from loyalty.rewards.models import Coupon
from loyalty.rewards.rules import CouponTerms


@pytest.fixture
def coupon(member: Any) -> Coupon:
    terms = CouponTerms("amount", Decimal(20), "CNY", valid_days=30)
    source = services.CouponSource("t", "1")
    return services.issue_coupons(customers=[member.pk], terms=terms, source=source, at=clock.now())[member.pk]


@pytest.fixture
def order(member: Any, make_order: Any, coupon: Coupon) -> Any:
    """An order on which the coupon was used."""
    order = make_order(member, "200", number="B-1", reward_discount=Decimal(20))
    use(coupon, member, "shop:B-1")
    return order


def use(coupon: Coupon, customer: Any, reference: str) -> Any:
    return coupons.use_coupon(
        coupon=coupon, customer=customer, reference=reference, amount=Decimal(200), currency="CNY", at=clock.now()
    )


def refusal(coupon: Coupon, customer: Any) -> str:
    coupon.refresh_from_db()
    return coupons.check_coupon(coupon=coupon, customer=customer, amount=Decimal(200), currency="CNY", at=clock.now())


@pytest.mark.rule("LO-41")
@pytest.mark.parametrize("is_refunded", [False, True])
@pytest.mark.parametrize(("by_rule", "is_back"), [(True, True), (False, False)])
def test_the_programme_gives_coupons_of_undone_orders_back(
    member: Any, coupon: Coupon, order: Any, change_program: Any, is_refunded: bool, by_rule: bool, is_back: bool
) -> None:
    change_program(coupons_return=by_rule)
    before = refusal(coupon, member)

    if is_refunded:
        orders.record_refund(order=order, source_ref="R-1", amount=order.total, at=clock.now())
    else:
        orders.cancel_order(order=order, at=clock.now())

    assert (before, refusal(coupon, member)) == ("used", "" if is_back else "used")
    assert coupon.uses == (0 if is_back else 1)
    assert AuditEntry.objects.filter(action="coupon.returned").count() == is_back
    assert TimelineEntry.objects.filter(kind="coupon_returned", customer=member).count() == is_back


@pytest.mark.rule("LO-41")
def test_a_partial_refund_gives_no_coupon_back(member: Any, coupon: Coupon, order: Any) -> None:
    orders.record_refund(order=order, source_ref="R-1", amount=Decimal(179), at=clock.now())

    assert refusal(coupon, member) == "used"


@pytest.mark.rule("LO-41")
def test_giving_back_twice_gives_back_once_and_the_coupon_works_on_another_order(
    member: Any, coupon: Coupon, order: Any, change_program: Any, make_user: Any
) -> None:
    change_program(coupons_return=False)
    orders.cancel_order(order=order, at=clock.now())
    by = make_user("service")

    first, again = (
        coupon_returns.give_coupon_back(coupon=coupon, reference="shop:B-1", at=clock.now(), by=by)
        for _turn in range(2)
    )
    use(coupon, member, "shop:B-2")

    assert (first, first.returned_at) == (again, again.returned_at)
    assert refusal(coupon, member) == "used"
    assert AuditEntry.objects.get(action="coupon.returned").actor == by
    with pytest.raises(coupons.CouponNotUsable) as refused:
        use(coupon, member, "shop:B-1")
    assert refused.value.reason == "returned"


@pytest.mark.rule("LO-41")
@pytest.mark.parametrize(("reference", "reason"), [("shop:B-1", "order_stands"), ("shop:B-7", "not_used")])
def test_a_coupon_stays_used_on_an_order_that_stands(
    member: Any, coupon: Coupon, order: Any, reference: str, reason: str
) -> None:
    with pytest.raises(coupon_returns.CouponNotReturnable) as refused:
        coupon_returns.give_coupon_back(coupon=coupon, reference=reference, at=clock.now())

    assert refused.value.reason == reason
    assert refusal(coupon, member) == "used"


@pytest.mark.rule("LO-41")
def test_an_order_that_only_the_till_knows_is_taken_at_its_word(member: Any, coupon: Coupon) -> None:
    use(coupon, member, "receipt 17")

    coupon_returns.give_coupon_back(coupon=coupon, reference="receipt 17", at=clock.now())

    assert refusal(coupon, member) == ""


@pytest.mark.rule("LO-41")
@pytest.mark.parametrize(("days", "last_day"), [(10, "2026-04-14"), (25, "2026-04-23"), (60, "2026-05-28")])
def test_a_coupon_that_ended_meanwhile_is_good_for_two_weeks(
    member: Any, coupon: Coupon, order: Any, at: Any, days: int, last_day: str
) -> None:
    used_at = at("2026-03-15T10:00:00+08:00")
    Coupon.objects.update(valid_until=used_at + timedelta(days=30, hours=14))

    orders.cancel_order(order=order, at=used_at + timedelta(days=days))

    coupon.refresh_from_db()
    assert coupon.last_day.isoformat() == last_day


@pytest.mark.rule("LO-41")
def test_a_shared_code_can_be_used_again_by_who_cancelled(member: Any, make_order: Any, make_user: Any) -> None:
    now = clock.now()
    shared = coupons.create_shared_coupon(
        code="SPRING", terms=CouponTerms("amount", Decimal(5), "CNY"), valid_from=now,
        valid_until=now + timedelta(days=1), limit=1, by=make_user("manager"), at=now,
    )  # fmt: skip
    order = make_order(member, "200", number="B-1")
    use(shared, member, "shop:B-1")
    ends = shared.valid_until

    orders.cancel_order(order=order, at=clock.now())

    assert refusal(shared, member) == ""
    assert (shared.uses, shared.valid_until) == (0, ends)
