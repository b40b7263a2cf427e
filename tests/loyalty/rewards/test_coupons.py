from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.rewards import coupons, services
from loyalty.rewards.models import Coupon
from loyalty.rewards.rules import CouponTerms


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


@pytest.mark.rule("LO-41")
def test_code_that_somebody_takes_meanwhile_is_refused_in_words(
    member: Any, make_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, by = clock.now(), make_user("manager")
    create = partial(
        coupons.create_shared_coupon, code="SPRING", terms=CouponTerms("amount", Decimal(5), "CNY"), valid_from=now,
        valid_until=now, limit=None, by=by, at=now,
    )  # fmt: skip
    first, find = create(), coupons.selectors.find_coupon
    looks = iter([lambda code: None, find])
    monkeypatch.setattr(coupons.selectors, "find_coupon", lambda code: next(looks)(code))

    with pytest.raises(coupons.CouponCodeTaken):
        create()

    assert list(Coupon.objects.filter(code="SPRING")) == [first]
