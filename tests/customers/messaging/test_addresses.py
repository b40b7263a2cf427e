"""Addresses: one canonical form, one digest."""

import pytest

from customers.messaging import addresses


@pytest.mark.rule("CU-41")
@pytest.mark.parametrize(
    "same",
    [
        " Anna@Müller.example ",
        "ANNA@MÜLLER.EXAMPLE",
        "anna@xn--mller-kva.example",
        "anna@müller.example.",
        "ａｎｎａ@müller.example",
    ],
)
def test_one_address_in_its_many_spellings_has_one_digest(same, settings):
    assert addresses.address_digest("email", same) == addresses.address_digest("email", "anna@müller.example")
    assert addresses.address_digest("email", same) != addresses.address_digest("sms", same)
