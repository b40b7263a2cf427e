"""Refunds: money given back falls into parts, once for each reference, and never more than was paid."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from customers.orders import services, summaries
from customers.orders.models import CustomerSummary, Order, Product, Refund, RefundLine

PLACED = datetime(2026, 3, 1, 4, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 4, tzinfo=UTC)
TEA = services.IncomingOrderLine("TEA", unit_price=Decimal(60))
BOOKS = services.IncomingOrderLine("BOOKS", unit_price=Decimal(40))


@pytest.fixture
def record(make_customer):
    """Record content of one order; the same order when it is sent again."""
    customer = make_customer()

    def send(*lines, **fields):
        order = services.IncomingOrder(
            **{"source": "shop", "number": "1", "placed_at": PLACED, "currency": "CNY", **fields},
            customer_id=customer.pk,
            lines=lines,
        )
        return services.record_order(order=order, at=PLACED)[0]

    return send


def refund(order, ref="R1", **fields):
    return services.record_refund(order=order, source_ref=ref, at=LATER, **fields)[0]


def refunded_line(order, sku, amount=None, quantity=None):
    return services.RefundedLine(order.lines.get(product__sku=sku), amount, quantity)


def net_spend():
    assert summaries.customers_with_wrong_summary() == []
    return CustomerSummary.objects.get().net_spend


def parts(one):
    return (one.goods_amount, one.shipping_amount, one.tax_amount, one.gift_card_amount)


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize("discount", ["reward_discount", "points_discount"])
def test_net_spend_is_what_was_paid_for_the_goods(record, discount):
    order = record(TEA, BOOKS, **{discount: Decimal(40)})

    assert (order.goods_total, order.paid_goods, net_spend()) == (100, 60, 60)


@pytest.mark.rule("CU-10")
def test_nobody_gets_back_what_nobody_paid_not_even_in_two_refunds(record):
    order = record(TEA, BOOKS, reward_discount=Decimal(30), points_discount=Decimal(10))

    refund(order, "R1", amount=Decimal(45))
    with pytest.raises(services.TooMuchRefunded, match=r"At most 15\.00 CNY"):
        refund(order, "R2", amount=Decimal("15.01"))
    refund(order, "R3", amount=Decimal(15))

    assert (Refund.objects.count(), net_spend()) == (2, 0)


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize(
    ("amount", "expected"),
    [(112, (100, 12, 0, 0)), (125, (100, 12, 13, 0)), (105, (100, 5, 0, 0)), (40, (40, 0, 0, 0))],
)
def test_plain_sum_is_goods_first_then_shipping_then_tax(record, amount, expected):
    order = record(TEA, BOOKS, shipping_total=Decimal(12), tax_total=Decimal(13))

    one = refund(order, amount=Decimal(amount))

    assert parts(one) == expected
    assert net_spend() == 100 - expected[0]


@pytest.mark.rule("CU-10")
def test_refund_names_its_parts(record):
    order = record(TEA, BOOKS, shipping_total=Decimal(12), tax_total=Decimal(13))

    one = refund(order, lines=[refunded_line(order, "BOOKS")], shipping=Decimal(12), tax=Decimal("5.20"))

    assert (one.amount, parts(one)) == (Decimal("57.2"), (40, 12, Decimal("5.2"), 0))
    assert list(RefundLine.objects.values_list("product__sku", "amount")) == [("BOOKS", 40)]
    assert net_spend() == 60


@pytest.mark.rule("CU-10")
def test_part_is_refunded_only_as_far_as_it_was_paid(record):
    order = record(TEA, BOOKS, shipping_total=Decimal(12))

    refund(order, "R1", shipping=Decimal(8))
    with pytest.raises(services.TooMuchRefunded, match=r"At most 4\.00 CNY"):
        refund(order, "R2", shipping=Decimal(5))
    with pytest.raises(services.TooMuchRefunded, match=r"At most 0\.00 CNY"):
        refund(order, "R2", tax=Decimal(1))

    assert (Order.objects.get().refunded_total, net_spend()) == (8, 100)


@pytest.mark.rule("CU-10")
def test_line_takes_its_share_of_what_was_paid(record):
    order = record(TEA, BOOKS, reward_discount=Decimal(50))

    one = refund(order, lines=[refunded_line(order, "BOOKS")])

    assert (one.amount, net_spend()) == (20, 30)


@pytest.mark.rule("CU-10")
def test_pieces_of_a_line_are_refunded_until_none_is_left(record):
    order = record(services.IncomingOrderLine("TEA", Decimal(3), Decimal(10)), points_discount=Decimal(10))
    piece = refunded_line(order, "TEA", quantity=Decimal(1))

    amounts = [refund(order, f"R{n}", lines=[piece]).amount for n in range(3)]
    with pytest.raises(services.TooMuchRefunded):
        refund(order, "R4", lines=[piece])

    assert sum(amounts) == 20
    assert amounts == [Decimal("6.67"), Decimal("6.67"), Decimal("6.66")]
    assert net_spend() == 0


@pytest.mark.rule("CU-10")
def test_refund_of_one_line_is_at_most_that_line(record):
    order = record(TEA, BOOKS)

    refund(order, "R1", lines=[refunded_line(order, "BOOKS", Decimal(30))])
    with pytest.raises(services.TooMuchRefunded, match=r"At most 10\.00 CNY"):
        refund(order, "R2", lines=[refunded_line(order, "BOOKS", Decimal(11))])
    with pytest.raises(services.BadOrder, match="more than was bought"):
        refund(order, "R2", lines=[refunded_line(order, "BOOKS", quantity=Decimal(2))])

    assert net_spend() == 70


@pytest.mark.rule("CU-10")
def test_sold_gift_card_is_no_spend_and_goes_back_apart(record):
    Product.objects.create(sku="CARD", name="Gift card", is_gift_card=True, created_at=PLACED)
    order = record(TEA, services.IncomingOrderLine("CARD", unit_price=Decimal(200)), reward_discount=Decimal(10))
    assert (order.gift_card_total, order.paid_goods, net_spend()) == (200, 50, 50)

    one = refund(order, lines=[refunded_line(order, "CARD")])

    assert (one.amount, parts(one), net_spend()) == (200, (0, 0, 0, 200), 50)


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize(
    ("again", "same"),
    [
        ({"amount": Decimal(40)}, True),
        ({"amount": Decimal(41)}, False),
        ({"goods": Decimal(30), "shipping": Decimal(10)}, False),
        ({"goods": Decimal(40)}, True),
        ({"goods": Decimal(39)}, False),
    ],
)
def test_reference_stands_for_one_content(record, again, same):
    order = record(TEA, BOOKS, shipping_total=Decimal(12))
    first = refund(order, amount=Decimal(40))

    if same:
        assert services.record_refund(order=order, source_ref="R1", at=LATER, **again) == (first, False)
    else:
        with pytest.raises(services.RefundConflict, match="R1"):
            refund(order, **again)

    assert (Refund.objects.count(), net_spend()) == (1, 60)


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize(("sku", "same"), [("BOOKS", True), ("TEA", False)])
def test_reference_stands_for_its_lines(record, sku, same):
    order = record(TEA, services.IncomingOrderLine("BOOKS", unit_price=Decimal(60)))
    first = refund(order, lines=[refunded_line(order, "BOOKS")])

    if same:
        assert refund(order, lines=[refunded_line(order, sku)]) == first
    else:
        with pytest.raises(services.RefundConflict):
            refund(order, lines=[refunded_line(order, sku)])

    assert net_spend() == 60


@pytest.mark.rule("CU-11")
def test_unpaid_order_takes_no_refund(record):
    order = record(TEA, status="placed")

    with pytest.raises(services.OrderUnpaid):
        refund(order, amount=Decimal(10))

    assert Refund.objects.count() == 0


BIG, SMALL = (services.IncomingOrderLine(sku, Decimal(1), Decimal(price)) for sku, price in (("A", 200), ("B", 100)))


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize("by_line", [True, False])
def test_refunded_line_that_the_shop_leaves_out_is_not_counted_twice(record, by_line):
    order = record(BIG, SMALL)
    refund(order, **({"lines": [refunded_line(order, "A")]} if by_line else {"amount": Decimal(200)}))
    assert net_spend() == 100

    record(SMALL)

    assert net_spend() == 100
    order = Order.objects.get()
    assert (order.refunded_total, order.refunded_goods, order.refundable_amount) == (200, 0, 100)


@pytest.mark.rule("CU-10")
def test_content_sent_again_or_with_the_line_back_follows(record):
    order = record(BIG, SMALL)
    refund(order, lines=[refunded_line(order, "A")])
    without = record(SMALL, channel="online")

    record(SMALL, channel="online")
    record(SMALL, channel="store")
    after_repeats = net_spend()
    record(BIG, SMALL)

    assert (without.refunded_goods, after_repeats, net_spend()) == (0, 100, 100)
    assert Order.objects.get().refunded_goods == 200


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize("by_line", [True, False])
def test_smaller_quantity_is_not_counted_twice(record, by_line):
    order = record(services.IncomingOrderLine("A", Decimal(3), Decimal(100)), SMALL)
    piece = refunded_line(order, "A", quantity=Decimal(2))
    refund(order, **({"lines": [piece]} if by_line else {"amount": Decimal(200)}))

    record(services.IncomingOrderLine("A", Decimal(1), Decimal(100)), SMALL)

    assert net_spend() == 200


@pytest.mark.rule("CU-10")
def test_other_edit_of_the_order_leaves_the_refund_standing(record):
    order = record(BIG, SMALL)
    refund(order, lines=[refunded_line(order, "A")])

    record(BIG, services.IncomingOrderLine("B", Decimal(1), Decimal(80)))
    cheaper = net_spend()
    record(BIG, services.IncomingOrderLine("B", Decimal(2), Decimal(100)))

    assert (cheaper, net_spend()) == (80, 200)


@pytest.mark.rule("CU-10")
def test_renamed_product_does_not_undo_a_plain_refund(record):
    order = record(BIG, SMALL)
    refund(order, amount=Decimal(50))

    record(services.IncomingOrderLine("A-NEW", Decimal(1), Decimal(200)), SMALL)

    assert net_spend() == 250


@pytest.mark.rule("CU-10")
def test_shipping_that_the_shop_leaves_out_can_not_be_given_back_again(record):
    order = record(BIG, SMALL, shipping_total=Decimal(12))
    refund(order, amount=Decimal(212), shipping=Decimal(12))

    order = record(SMALL)

    assert (order.refunds_left_out, order.refundable_amount, net_spend()) == (212, 100, 100)
    with pytest.raises(services.TooMuchRefunded, match=r"At most 100\.00 CNY"):
        refund(order, "R2", amount=Decimal("100.01"))


@pytest.mark.rule("CU-11")
def test_refund_line_keeps_its_line_when_another_is_left_out(record):
    order = record(BIG, SMALL, TEA)
    refund(order, lines=[refunded_line(order, "TEA")])

    record(SMALL, TEA)
    line = RefundLine.objects.get()
    assert (line.line.product.sku, line.line.position) == ("TEA", 2)

    record(SMALL)
    line.refresh_from_db()
    assert (line.line, line.product.sku, net_spend()) == (None, "TEA", 100)


@pytest.mark.rule("CU-12")
def test_batch_of_refunds_is_recorded_in_its_order(record):
    order = record(TEA, BOOKS)
    other = record(TEA, number="2")

    recorded = services.record_refunds(
        refunds=[
            services.IncomingRefund(order, "R1", Decimal(90)),
            services.IncomingRefund(other, "R1", Decimal(10)),
            services.IncomingRefund(order, "R2", Decimal(10)),
            services.IncomingRefund(order, "R1", Decimal(90)),
        ],
        at=LATER,
    )

    assert [is_new for _refund, is_new in recorded] == [True, True, True, False]
    assert net_spend() == 50


def test_refund_of_other_peoples_line_is_refused(record):
    order, other = record(TEA), record(BOOKS, number="2")

    with pytest.raises(services.BadOrder, match="is no line of this order"):
        refund(order, lines=[refunded_line(other, "BOOKS")])


def test_named_parts_above_the_sum_are_refused(record):
    order = record(TEA, shipping_total=Decimal(12))

    with pytest.raises(services.BadOrder, match="is less than its parts"):
        refund(order, amount=Decimal(10), shipping=Decimal(12))
    with pytest.raises(services.BadOrder, match="missing"):
        refund(order)


@pytest.mark.rule("CU-10")
def test_later_discount_cannot_make_more_given_back_than_was_paid(record):
    order = record(TEA, shipping_total=Decimal(12))
    refund(order, amount=Decimal(12), shipping=Decimal(12))

    order = record(TEA, shipping_total=Decimal(12), reward_discount=Decimal(72))

    assert (order.total, order.money_paid, order.refundable_amount, net_spend()) == (0, 12, 0, 0)
