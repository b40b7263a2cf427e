"""How messages leave: never inside a transaction, and with nothing lost on the way."""

import pytest
from django.db import transaction

from customers.messaging.channels.transport import DeliveryRound, Handover
from tests.customers.messaging.rows import fresh


def test_no_server_is_talked_to_inside_a_transaction(make_customer, put, send):
    message = put(make_customer(email="ann@shop.example"), purpose="ticket", topic="service")

    with pytest.raises(RuntimeError, match="outside transactions"), transaction.atomic():
        send()

    assert (fresh(message).state, fresh(message).attempts) == ("queued", 0)
    assert send().sent == 1


def test_what_comes_after_a_message_is_not_offered_yet():
    last, first = Handover(message="b"), Handover(message="a", following="b")

    assert (first.not_offered, last.not_offered) == (["b"], [])
    assert DeliveryRound() == DeliveryRound(outcomes=[], offered=[], unseen_messages=[])
