"""E-mail addresses: nothing that could end a command; owners whatever the capitals."""

import pytest

from customers.messaging import channels

EMAIL = channels.get_channel_kind("email")


@pytest.mark.rule("CU-41")
@pytest.mark.parametrize(
    "address", ["a@b.example\r\nRCPT TO:<x@y.example>", "a b@c.example", "<a@b.example>", "a@b", "@b.example", ""]
)
def test_address_that_could_end_a_command_is_none(address):
    assert not EMAIL.is_usable_address(address)


def test_owner_of_an_address_is_found_whatever_its_capitals(make_customer):
    anna = make_customer("Anna", email="Anna@Shop.example")
    make_customer("Ben", email="ben@shop.example")

    assert list(EMAIL.customers_with_address("anna@shop.example")) == [anna]


def test_finished_text_is_html_and_text():
    html, text = EMAIL.render_text("Good **day**.")

    assert "<strong>day</strong>" in html
    assert "day" in text
