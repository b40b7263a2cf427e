"""The channels that there are: one for each choice, and those that nothing carries hold their messages."""

import pytest

from customers.messaging import channels
from customers.messaging.choices import MessageChannel
from tests.customers.messaging.rows import fresh


def test_every_choice_has_its_channel():
    assert {kind.code: str(kind.label) for kind in channels.channel_kinds()} == {
        choice.value: str(choice.label) for choice in MessageChannel
    }


def test_channel_without_a_module_is_an_error():
    with pytest.raises(KeyError, match="pigeon"):
        channels.get_channel_kind("pigeon")


def test_message_of_a_channel_that_nothing_carries_is_held(make_customer, put):
    message = put(make_customer(phone="+85291234567"), channel="sms", purpose="ticket", topic="service")

    assert [kind.code for kind in channels.channel_kinds() if channels.is_channel_configured(kind.code)] == ["email"]
    assert (fresh(message).state, fresh(message).reason) == ("held", "not_configured")
    assert (message.address, message.html) == ("+85291234567", "")
