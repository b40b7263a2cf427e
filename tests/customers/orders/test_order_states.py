"""Words for the state of an order: known ones are read by a table, an unknown one is never taken as paid."""

import pytest

from customers.orders.choices import OrderState
from customers.orders.order_states import WORDS, fold_word, state_of_word


@pytest.mark.rule("CU-11")
@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("paid", "paid"), ("Paid", "paid"), ("processing", "paid"), ("wc-processing", "paid"), ("已发货", "paid"),
        ("Activated", "paid"), ("closedwon", "paid"), ("買家已付款", "paid"),
        ("pending", "unpaid"), ("authorized", "unpaid"), ("wc-on-hold", "unpaid"), ("On hold", "unpaid"),
        ("wc-failed", "unpaid"), ("等待买家付款", "unpaid"), ("尚未付款", "unpaid"), ("Offen", "unpaid"),
        ("partially_paid", "unpaid"),
        ("Delivered", "delivered"), ("wc-completed", "delivered"), ("交易成功", "delivered"), ("訂單完成", "delivered"),
        ("Abgeschlossen", "delivered"),
        ("cancelled", "cancelled"), ("canceled", "cancelled"), ("expired", "cancelled"), ("voided", "cancelled"),
        ("交易关闭", "cancelled"), ("不成立", "cancelled"), ("Storniert", "cancelled"), ("wc-cancelled", "cancelled"),
        ("refunded", "refunded"), ("wc-refunded", "refunded"), ("退款成功", "refunded"), ("全額退款", "refunded"),
        ("Erstattet", "refunded"),
        ("partially_refunded", "partly_refunded"), ("Partially refunded", "partly_refunded"), ("部分退款", "partly_refunded"),
        ("Draft", "not_an_order"), ("checkout-draft", "not_an_order"), ("草稿", "not_an_order"),
        ("Hold the line", None), ("", None), ("unfulfilled", None), ("42", None),
    ],
)  # fmt: skip
def test_word_of_a_shop_means_one_state(word, state):
    assert state_of_word(word) == state


@pytest.mark.rule("CU-11")
def test_what_somebody_said_goes_before_the_table():
    own = {fold_word("Hold the Line"): "unpaid", fold_word("PAID"): "delivered"}

    assert state_of_word("hold the line", own) is OrderState.UNPAID
    assert state_of_word("paid", own) is OrderState.DELIVERED


def test_no_word_stands_for_two_states():
    words = [(fold_word(word), state) for state, of_state in WORDS.items() for word in of_state]

    assert len({word for word, _state in words}) == len(set(words))
