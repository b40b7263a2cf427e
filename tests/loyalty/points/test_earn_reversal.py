from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from customers.orders import services as orders
from customers.orders.models import Product
from loyalty.points import earn_reversal, expiry, explanations
from loyalty.points.models import EarningRule, LedgerEntry


def refund(order: Any, amount: str, ref: str = "R-1") -> Any:
    return orders.record_refund(order=order, source_ref=ref, amount=Decimal(amount), at=clock.now())[0]


def points_of(kind: str) -> list[int]:
    return list(LedgerEntry.objects.filter(kind=kind).order_by("id").values_list("points", flat=True))


@pytest.mark.rule("LO-13")
def test_refunds_of_a_third_each(programme: EarningRule, make_customer: Any, make_order: Any, balance: Any) -> None:
    customer = make_customer()
    order = make_order(customer, "100.50")

    for number in range(3):
        refund(order, "33.50", f"R-{number}")

    assert points_of("reverse") == [-34, -33, -33]
    assert balance(customer).available == 0


@pytest.mark.rule("LO-13")
@pytest.mark.parametrize(
    ("policy", "posted", "debt", "written_off"), [("go_negative", -50, 50, 0), ("write_off", 0, 0, 50)]
)
def test_refund_of_points_spent_elsewhere(
    change_rule: Any,
    make_customer: Any,
    make_order: Any,
    spend: Any,
    balance: Any,
    policy: str,
    posted: int,
    debt: int,
    written_off: int,
) -> None:
    change_rule(refund_policy=policy)
    customer = make_customer()
    order = make_order(customer, "300")
    spend(customer, 250)

    made = refund(order, "100")

    entry = LedgerEntry.objects.get(kind="reverse")
    assert (entry.source_system, entry.source_id.split(":")[0]) == ("refund", str(made.pk))
    assert (entry.data["reversed"], entry.data["written_off"]) == (100, written_off)
    assert (balance(customer).posted, balance(customer).debt) == (posted, debt)


@pytest.mark.rule("LO-13")
def test_a_blocking_programme_refuses_the_refund_whole(
    change_rule: Any, make_customer: Any, make_order: Any, spend: Any, balance: Any
) -> None:
    change_rule(refund_policy="block")
    customer = make_customer()
    order = make_order(customer, "300")
    spend(customer, 250)

    with pytest.raises(earn_reversal.RefundBlocked):
        refund(order, "100")

    order.refresh_from_db()
    assert (order.refunded_total, order.refunds.count(), balance(customer).posted) == (0, 0, 50)


@pytest.mark.rule("LO-13")
def test_a_blocking_programme_still_hears_that_an_order_was_cancelled(
    change_rule: Any, make_customer: Any, make_order: Any, spend: Any, balance: Any
) -> None:
    change_rule(refund_policy="block")
    customer = make_customer()
    order = make_order(customer, "300")
    spend(customer, 250)

    orders.cancel_order(order=order, at=clock.now())

    assert (balance(customer).posted, balance(customer).debt) == (-250, 250)


@pytest.mark.rule("LO-12")
def test_a_cancelled_order_loses_its_pending_points(
    change_rule: Any, make_customer: Any, make_order: Any, balance: Any
) -> None:
    change_rule(pending_days=14)
    customer = make_customer()
    order = make_order(customer, "100")

    orders.cancel_order(order=order, at=clock.now())
    orders.cancel_order(order=order, at=clock.now())

    found = balance(customer)
    assert (found.posted, found.pending, found.available) == (0, 0, 0)
    assert points_of("reverse") == [-100]


@pytest.mark.rule("LO-13")
def test_points_that_had_expired_are_not_taken_twice(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any, at: Any
) -> None:
    at("2026-01-10T10:00:00+08:00")
    customer = make_customer()
    order = make_order(customer, "100")
    at("2027-02-02T10:00:00+08:00")
    make_order(customer, "40")
    expiry.expire_points(clock.now())

    refund(order, "100")

    assert balance(customer).available == 40
    assert LedgerEntry.objects.get(kind="reverse").data["lapsed"] == 100


@pytest.mark.rule("LO-3")
def test_a_changed_order_ends_where_a_new_one_would(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any
) -> None:
    customer, other = make_customer("A"), make_customer("B")
    order = make_order(customer, "100", number="A-1")

    make_order(customer, "130", number="A-1", placed_at=order.placed_at)
    assert balance(customer).available == 130
    make_order(customer, "60", number="A-1", placed_at=order.placed_at)
    assert balance(customer).available == 60
    refund(order, "30")
    assert balance(customer).available == 30

    make_order(other, "60", number="A-1", placed_at=order.placed_at)
    assert (balance(customer).available, balance(other).available) == (0, 30)


def line(sku: str, total: int, tax: int = 0) -> orders.IncomingOrderLine:
    """A line of tea, of books, which earn nothing under `without_books`, or of a gift card."""
    return orders.IncomingOrderLine(sku, unit_price=Decimal(total), tax=Decimal(tax), category=sku.title())


@pytest.fixture
def without_books(change_rule: Any) -> Any:
    """The purchase rule leaves books out; further terms by name."""
    Product.objects.create(sku="GIFT", name="Gift card", is_gift_card=True, created_at=clock.now())
    return lambda **terms: change_rule(excluded_categories=["Books"], **terms)


def give_back(order: Any, *refunds: Any) -> None:
    """Refund, each by its own reference: a plain sum, or a line by its SKU in whole."""
    for number, what in enumerate(refunds):
        named: dict[str, Any] = {"amount": Decimal(what)} if isinstance(what, int) else {}
        if isinstance(what, str):
            named["lines"] = [orders.RefundedLine(order.lines.get(product__sku=what))]
        if isinstance(what, dict):
            named = {name: Decimal(value) for name, value in what.items()}
        orders.record_refund(order=order, source_ref=f"R-{number}", at=clock.now(), **named)


@pytest.mark.rule("LO-13")
@pytest.mark.parametrize(
    ("lines", "order", "refunds", "left"),
    [
        ({"TEA": 60, "BOOKS": 40}, {}, ["BOOKS"], 60),
        ({"TEA": 60, "BOOKS": 40}, {}, ["TEA"], 0),
        ({"TEA": 60, "BOOKS": 40}, {}, [50], 30),
        ({"TEA": 60, "BOOKS": 40}, {}, [20, "BOOKS"], 40),
        ({"TEA": 60, "BOOKS": 40}, {}, ["BOOKS", 20], 40),
        ({"TEA": 60, "BOOKS": 40}, {"reward_discount": 20}, ["BOOKS"], 48),
        ({"TEA": 100}, {"reward_discount": 50}, [25], 25),
        ({"TEA": 60, "CUPS": 40}, {"reward_discount": 50}, ["CUPS"], 30),
        ({"TEA": 100}, {"points_discount": 50}, [50], 0),
        ({"TEA": 100}, {"shipping_total": 12, "tax_total": 13}, [{"shipping": 12, "tax": 13}], 100),
        ({"TEA": 100}, {"shipping_total": 12}, [112], 0),
        ({"TEA": 100, "GIFT": 50}, {}, ["GIFT"], 100),
        ({"TEA": 100, "GIFT": 50}, {}, ["TEA"], 0),
        ({"TEA": 60, "BOOKS": 40, "GIFT": 30}, {"reward_discount": 20, "shipping_total": 5}, [115], 0),
    ],
)
def test_a_refund_takes_the_share_of_what_had_earned(
    without_books: Any,
    make_customer: Any,
    make_order: Any,
    balance: Any,
    lines: dict[str, int],
    order: dict[str, int],
    refunds: list[Any],
    left: int,
) -> None:
    without_books()
    customer = make_customer()
    amounts = {name: Decimal(value) for name, value in order.items()}
    placed = make_order(customer, lines=tuple(line(*item) for item in lines.items()), **amounts)

    give_back(placed, *refunds)

    assert balance(customer).available == left


@pytest.mark.rule("LO-13")
@pytest.mark.parametrize(
    ("refunds", "left"), [([{"tax": 10}], 100), ([{"goods": 50, "tax": 5}], 55), (["TEA"], 10), ([110], 0)]
)
def test_a_refund_of_tax_takes_points_where_tax_earned(
    change_rule: Any, make_customer: Any, make_order: Any, balance: Any, refunds: list[Any], left: int
) -> None:
    change_rule(with_tax=True)
    customer = make_customer()
    order = make_order(customer, lines=(line("TEA", 100),), tax_total=Decimal(10))

    give_back(order, *refunds)

    assert balance(customer).available == left


@pytest.mark.rule("LO-13")
def test_a_refunded_line_that_the_shop_then_leaves_out_is_taken_once(
    without_books: Any, make_customer: Any, make_order: Any, balance: Any
) -> None:
    without_books()
    customer = make_customer()
    order = make_order(customer, lines=(line("TEA", 60), line("CUPS", 40), line("BOOKS", 30)), number="A-1")
    give_back(order, "CUPS", "BOOKS")
    after_refund = balance(customer).available

    make_order(customer, lines=(line("TEA", 60),), number="A-1", placed_at=order.placed_at)

    assert (after_refund, balance(customer).available) == (60, 60)
    orders.record_refund(order=order, source_ref="R-9", amount=Decimal(15), at=clock.now())
    assert balance(customer).available == 45


@pytest.mark.rule("LO-4")
def test_an_entry_says_what_earned_nothing(without_books: Any, make_customer: Any, make_order: Any) -> None:
    without_books()
    make_order(make_customer(), lines=(line("TEA", 60), line("BOOKS", 40)), reward_discount=Decimal(20))

    text = explanations.explain_entry(LedgerEntry.objects.get())

    assert text == (
        "¥48.00 counts, 1 point for each 1 by version 2 of the rule; 48 rounded down."
        " Left out: goods that earn nothing ¥40.00; reward discounts ¥12.00."
    )


@pytest.mark.rule("LO-12")
def test_an_order_that_is_unpaid_after_all_has_no_points_until_it_is_paid_again(
    programme: EarningRule, make_customer: Any, make_order: Any, balance: Any
) -> None:
    customer = make_customer()
    order = make_order(customer, "100", number="A-1")

    posted = []
    for status in ("placed", "paid"):
        make_order(customer, "100", number="A-1", placed_at=order.placed_at, status=status)
        posted.append(balance(customer).posted)

    assert posted == [0, 100]
