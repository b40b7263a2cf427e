from datetime import date
from typing import Any

import pytest

from loyalty.account.forms import AdjustPointsForm, MemberFilterForm


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ({"q": " 林 ", "tier": "gold"}, {"q": "林", "tier": "gold"}),
        ({"ends": "2027-02"}, {"ends": date(2027, 2, 1)}),
        ({"ends": "2027-13", "tier": "'", "q": ""}, {}),
        ({"ends": "0000-01"}, {}),
    ],
)
def test_invalid_filters_are_left_out(query: dict[str, str], filters: dict[str, Any]) -> None:
    assert MemberFilterForm(query).chosen_filters() == filters


def test_every_form_has_a_key_of_its_own() -> None:
    first, second = (AdjustPointsForm()["key"].value() for _turn in range(2))

    assert first != second
