"""The filters of an address: what is set, what it is called, what is wrong with it."""

import pytest
from django.http import QueryDict

from customers.workspace.filters import CustomerFilter, FilterChip

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]


def parsed(query: str) -> CustomerFilter:
    form = CustomerFilter(QueryDict(query))
    form.is_valid()
    return form


def test_blank_and_repeated_words_count_once():
    assert parsed("tag=VIP&tag=+&tag=VIP&tag=gift&q=").chosen == {"tag": ["VIP", "gift"]}


@pytest.mark.parametrize(
    ("query", "chip"),
    [
        ("tag=VIP&tag=gift", FilterChip("Tag", "VIP or gift", ("tag",))),
        ("quiet=60", FilterChip("Quiet over", "60 days", ("quiet",))),
        ("orders_min=2&orders_max=5", FilterChip("Orders", "2 – 5", ("orders_min", "orders_max"))),
        ("orders_min=0", FilterChip("Orders", "≥ 0", ("orders_min",))),
        ("spend_max=10", FilterChip("Net spend", "≤ 10", ("spend_max",))),
        ("owner=none", FilterChip("Owner", "nobody", ("owner",))),
        ("owner=us_1", FilterChip("Owner", "Mei", ("owner",))),
        ("language=zh-hant", FilterChip("Language", "繁體中文", ("language",))),
        ("archived=on", FilterChip("Archived", "yes", ("archived",))),
    ],
)
def test_chip_names_the_filter_and_the_parameters_that_clear_it(query, chip):
    assert parsed(query).chips(owner_name="Mei") == [chip]


@pytest.mark.rule("PL-51")
def test_first_error_names_label_and_parameter():
    assert parsed("quiet=x").first_error.startswith("Quiet for more than … days (quiet): ")
    assert parsed("&".join(f"tag=t{number}" for number in range(21))).first_error.startswith("Tag (tag): At most 20")
