"""The short and the long form of an id are one record."""

import pytest

from customers.importing.salesforce_ids import to_long_id


@pytest.mark.rule("CU-30")
@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("001A0000006Vm9r", "001A0000006Vm9rIAC"),
        ("0013000000jpeEQ", "0013000000jpeEQAAY"),
        ("001a0000006vm9r", "001a0000006vm9rAAA"),
        ("001A0000006Vm9rIAC", "001A0000006Vm9rIAC"),
        ("C-42", "C-42"),
        ("", ""),
    ],
)
def test_short_id_becomes_the_long_one(short, long):
    assert to_long_id(short) == long
