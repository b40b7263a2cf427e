"""The parts of refunds and what a later content leaves out, for any basket: never below nothing, never counted twice."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.orders.refund_rules import (
    BEYOND_LINES_ORDER,
    ContentLine,
    OrderContent,
    PartAmounts,
    PastRefund,
    order_content,
    parts_left_out,
    split_sum,
    standing_line_goods,
)

D = Decimal
CENT = D("0.01")
cents = st.integers(0, 50_000).map(lambda n: D(n) / 100)
baskets = st.dictionaries(st.sampled_from("ABCDE"), cents, min_size=1)


def content(goods, paid=None, **parts):
    lines = [ContentLine(key, D(net), False) for key, net in goods.items()]
    paid_goods = sum((line.net for line in lines), D(0)) if paid is None else D(paid)
    return order_content(lines, paid_goods=paid_goods, shipping=D(parts.get("shipping", 0)), tax=D(parts.get("tax", 0)))


def plain(amount, before, **parts):
    return PastRefund(PartAmounts(D(amount), **{name: D(value) for name, value in parts.items()}), before)


def of_line(key, amount, before):
    return PastRefund(PartAmounts(D(amount)), before, {key: D(amount)})


@pytest.mark.rule("CU-10")
@given(goods=baskets, share=st.integers(0, 100))
def test_lines_share_what_was_paid_to_the_last_cent(goods, share):
    total = sum(goods.values())
    paid = (total * share / 100).quantize(CENT)

    shares = content(goods, paid).goods

    assert sum(shares.values(), D(0)) == (paid if total else 0)
    assert all(0 <= shares[key] <= goods[key] + D("0.0001") for key in goods)


@pytest.mark.rule("CU-10")
@given(amount=cents, left=st.builds(PartAmounts, cents, cents, cents, cents))
def test_sum_falls_into_parts_up_to_what_is_left_of_each(amount, left):
    for order in (("goods", "shipping", "tax", "gift_cards"), BEYOND_LINES_ORDER):
        parts = split_sum(amount, left, order)

        assert parts.total == min(amount, left.total)
        assert all(0 <= part <= most for part, most in zip(parts, left, strict=True))
        after = [name for name in order if getattr(parts, name) < getattr(left, name)]
        assert all(getattr(parts, name) == 0 for name in after[1:])


@pytest.mark.rule("CU-10")
@given(before=baskets, now=baskets, data=st.data())
def test_net_is_never_below_nothing_nor_above_the_content(before, now, data):
    """Refunds up to what the order held, then any content: what still counts is between nothing and that content."""
    held = content(before, shipping=9, tax=5)
    refunds = []
    left = held.parts
    for _number in range(data.draw(st.integers(1, 3))):
        parts = split_sum(data.draw(cents), left)
        key = data.draw(st.sampled_from(sorted(before)))
        amount = min(parts.goods, before[key])
        refunds.append(PastRefund(parts, held, {key: amount} if data.draw(st.booleans()) else {}))
        left = left.less(parts)
    after = content(now, shipping=data.draw(st.sampled_from([0, 9])), tax=5)

    gone = parts_left_out(refunds, after, CENT)

    for refund, lost in zip(refunds, gone, strict=True):
        assert all(0 <= part <= whole for part, whole in zip(lost, refund.parts, strict=True))
    standing = sum((refund.parts.goods - lost.goods for refund, lost in zip(refunds, gone, strict=True)), D(0))
    assert 0 <= standing <= after.parts.goods
    assert parts_left_out(refunds, held, CENT) == [PartAmounts()] * len(refunds)


@pytest.mark.rule("CU-10")
@given(goods=baskets, data=st.data())
def test_plain_refund_and_smaller_content_agree_on_the_money(goods, data):
    """Where lines only shrink, net is the smaller of what the content says and what was paid less what was given back."""
    held = content(goods)
    amount = data.draw(st.integers(0, int(held.parts.goods * 100)).map(lambda n: D(n) / 100))
    now = content(
        {key: data.draw(st.integers(0, int(net * 100)).map(lambda n: D(n) / 100)) for key, net in goods.items()}
    )

    (gone,) = parts_left_out([plain(amount, held)], now)

    net = now.parts.goods - (amount - gone.goods)
    assert net == min(now.parts.goods, held.parts.goods - amount)


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize(
    ("refunds", "now", "left_out"),
    [
        ([of_line("A", 200, content({"A": 200, "B": 100}))], {"B": 100}, [200]),
        ([of_line("A", 200, content({"A": 200, "B": 100}))], {"A": 200, "B": 80}, [0]),
        ([of_line("A", 50, content({"A": 200}))], {"A": 150}, [50]),
        ([of_line("A", 50, content({"A": 200}))], {"A": 180}, [20]),
        ([plain(200, content({"A": 200, "B": 100}))], {"B": 100}, [200]),
        ([plain(200, content({"A": 200, "B": 100}))], {"B": 120}, [200]),
        ([plain(50, content({"A": 200}))], {"NEW": 200}, [0]),
        ([plain(10, content({"A": 60, "B": 40})), of_line("B", 40, content({"A": 60, "B": 40}))], {"A": 60}, [0, 40]),
        ([of_line("B", 40, content({"A": 60, "B": 40})), plain(10, content({"A": 60, "B": 40}))], {"A": 60}, [40, 0]),
        ([of_line("B", 40, content({"A": 60, "B": 40})), plain(10, content({"A": 60}))], {"A": 50}, [40, 10]),
        ([plain(30, content({"A": 100})), plain(30, content({"A": 70}))], {"A": 40}, [30, 30]),
    ],
)
def test_content_that_leaves_refunded_goods_out(refunds, now, left_out):
    gone = parts_left_out(refunds, content(now))

    assert [lost.goods for lost in gone] == left_out


@pytest.mark.rule("CU-10")
def test_shipping_and_tax_are_left_out_as_far_as_they_shrank():
    before = content({"A": 100}, shipping=12, tax=13)

    (gone,) = parts_left_out([plain(0, before, shipping=12, tax=13)], content({"A": 100}, shipping=0, tax=6))

    assert gone == PartAmounts(D(0), D(0), D(12), D(7))


@pytest.mark.rule("CU-10")
def test_rounding_of_a_share_leaves_no_cent_behind():
    before = content({"A": 10, "B": 10, "C": 10}, paid=D("10.00"))
    refund = of_line("A", "3.34", before)

    (gone,) = parts_left_out([refund], content({"B": 10, "C": 10}, paid=D("6.66")), CENT)

    assert gone.goods == D("3.34")


@pytest.mark.rule("CU-10")
def test_pieces_left_out_of_a_line_stand_no_longer():
    refunds = [of_line("A", 50, content({"A": 200})), of_line("A", 30, content({"A": 200}))]

    assert standing_line_goods(refunds, content({"A": 150})) == {"A": 30}


def test_content_is_stored_as_text_and_read_back():
    stored = content({"A": "10.10", "B": 0}, paid="7", shipping=3, tax=1)

    assert OrderContent.from_json(stored.as_json()) == stored
    assert OrderContent.from_json({}) == OrderContent({})
