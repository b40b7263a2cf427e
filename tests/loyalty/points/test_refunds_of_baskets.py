"""Random baskets through the whole of orders and ledger: refunds in any order, new contents between, never below zero."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.kernel.time import clock
from customers.orders import services as orders
from customers.orders.models import Order, Product
from loyalty import defaults
from loyalty.points import ledger_check, services
from loyalty.points.models import EarningRule, LedgerEntry

SORTS = ("tea", "books", "gift")  # books earn nothing, a gift card is stored value
SPENT = 100


@dataclass(frozen=True)
class Basket:
    """Lines as (sort, cents), the share of the goods that points and a reward paid, shipping, and what happens then."""

    lines: list[tuple[str, int]]
    percents: tuple[int, int]
    shipping: int
    steps: list[
        tuple[str, int]
    ]  # refund a line by its place, refund so many per cent of what is left, leave a line out

    @property
    def discounts(self) -> tuple[Decimal, Decimal]:
        """What points and what a reward paid."""
        goods = sum(cents for sort, cents in self.lines if sort != "gift")
        by_points, by_reward = (goods * percent // 100 for percent in self.percents)
        return Decimal(by_points) / 100, Decimal(by_reward) / 100


@st.composite
def baskets(draw: st.DrawFn) -> Basket:
    lines = draw(st.lists(st.tuples(st.sampled_from(SORTS), st.integers(100, 20_000)), min_size=1, max_size=4))
    places = st.integers(0, len(lines) - 1)
    step = st.one_of(
        st.tuples(st.just("line"), places),
        st.tuples(st.just("sum"), st.integers(1, 100)),
        st.tuples(st.just("leave out"), places),
    )
    return Basket(
        lines,
        draw(st.tuples(st.integers(0, 60), st.integers(0, 40))),
        draw(st.sampled_from([0, 1200])),
        draw(st.lists(step, max_size=5)),
    )


def send(basket: Basket, customer: Any, left_out: set[int]) -> Order:
    """The order as the shop sends it, without the lines that it left out."""
    by_points, by_reward = basket.discounts
    lines = [
        orders.IncomingOrderLine(f"{sort}-{place}", unit_price=Decimal(cents) / 100, line_ref=str(place))
        for place, (sort, cents) in enumerate(basket.lines)
        if place not in left_out
    ]
    order = orders.IncomingOrder(
        "shop", "B-1", customer.pk, customer.created_at, "CNY", lines, points_discount=by_points,
        reward_discount=by_reward, shipping_total=Decimal(basket.shipping) / 100,
    )  # fmt: skip
    return orders.record_order(order=order, at=clock.now())[0]


def play(step: tuple[str, int], number: int, basket: Basket, customer: Any, left_out: set[int]) -> bool:
    """Whether the step was a refund that the order took."""
    what, value = step
    order = Order.objects.get(customer=customer)
    try:
        with transaction.atomic():
            if what == "leave out":
                if len(left_out | {value}) < len(basket.lines):
                    send(basket, customer, left_out | {value})
                    left_out.add(value)
                return False
            refund: dict[str, Any] = {"amount": (order.refundable_amount * value / 100).quantize(Decimal("0.01"))}
            if what == "line":
                refund = {"lines": [orders.RefundedLine(line) for line in order.lines.filter(line_ref=str(value))]}
            orders.record_refund(order=order, source_ref=f"R-{number}", at=clock.now(), **refund)
    except (orders.BadOrder, orders.RefundRefused):
        return False
    return True


def points_of(order: Order) -> tuple[int, int]:
    """What the order keeps of what it earned, and what came back of what was spent on it."""
    kept = sum(LedgerEntry.objects.filter(order=order).values_list("points", flat=True))
    returned = sum(LedgerEntry.objects.filter(kind="return").values_list("points", flat=True))
    return kept, returned


@pytest.mark.rule("LO-13")
@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(basket=baskets())
def test_points_of_any_basket_fall_with_its_refunds_and_end_with_it(make_customer: Any, basket: Basket) -> None:
    with transaction.atomic():
        defaults.ensure_loyalty_program()
        EarningRule.objects.create(
            code="books", version=1, points=1, started_at=clock.now(), excluded_categories=["books"]
        )
        for place, (sort, _cents) in enumerate(basket.lines):
            Product.objects.create(
                sku=f"{sort}-{place}", name=sort, category=sort, is_gift_card=sort == "gift", created_at=clock.now()
            )
        customer, left_out = make_customer(), set[int]()
        services.credit_points(customer=customer, points=SPENT, system="gift", source_id="g", at=clock.now())
        account = services.lock_account(customer, clock.now())
        services.spend_points(
            account=account, points=SPENT, system="till", source_id="1", order_ref="shop:B-1", at=clock.now()
        )
        order = send(basket, customer, left_out)
        kept, returned = points_of(order)

        for number, step in enumerate(basket.steps):
            is_refund = play(step, number, basket, customer, left_out)
            now_kept, now_returned = points_of(order)
            assert now_kept >= 0
            assert returned <= now_returned <= SPENT
            assert now_kept <= kept or not is_refund
            kept, returned = now_kept, now_returned

        order.refresh_from_db()
        if order.refundable_amount:
            orders.record_refund(order=order, source_ref="rest", amount=order.refundable_amount, at=clock.now())
            assert points_of(order) == (0, SPENT)
        assert ledger_check.verify_ledger().differences == []
        transaction.set_rollback(True)
