"""What each filter of the list lets through."""

from urllib.parse import quote

import pytest

from crm.kernel.time import clock
from tests.customers.workspace.shown_list import shown_names

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]

FILTERS = [
    ("", {"Ana", "Bo", "Cy"}),
    ("q=ana", {"Ana"}),
    ("q=SL-9001", {"Bo"}),
    ("q=sl-9001", {"Bo"}),
    ("tag=gift", {"Ana", "Bo"}),
    ("tag=VIP&tag=other", {"Ana"}),
    ("tier=gold", {"Ana"}),
    ("tier=gold&tier=silver", {"Ana", "Bo"}),
    ("risk=high", {"Ana"}),
    ("quiet=60", {"Ana"}),
    ("bought=7", {"Bo"}),
    ("orders_min=1", {"Ana", "Bo"}),
    ("orders_min=2", {"Ana"}),
    ("orders_min=0", {"Ana", "Bo", "Cy"}),
    ("orders_max=0", {"Cy"}),
    ("orders_max=1", {"Bo", "Cy"}),
    ("spend_min=600", {"Ana"}),
    ("spend_max=40.00", {"Bo", "Cy"}),
    (f"store={quote('静安店')}", {"Bo"}),
    ("channel=online", {"Ana"}),
    ("consent=email", {"Ana"}),
    ("grade=A", {"Ana"}),
    ("language=zh-hans", {"Bo"}),
    ("owner=none", {"Bo", "Cy"}),
    ("owner=me", {"Ana"}),
    ("archived=on", {"Di"}),
    ("quiet=60&tag=gift&tier=gold", {"Ana"}),
    ("quiet=60&tier=silver", set()),
]


def test_each_filter_lets_through_exactly_whom_it_says(people, client_as):
    client = client_as(people["boss"])

    found = {query: shown_names(client, query) for query, _expected in FILTERS}

    assert found == dict(FILTERS)


def test_created_days_are_days_of_the_reader(make_customer, client_as):
    """23:30 in Shanghai on the 9th is still the 9th there."""
    make_customer("Late", at=clock.now().replace(year=2026, month=3, day=9, hour=15, minute=30))
    client = client_as("manager", time_zone="Asia/Shanghai")

    assert shown_names(client, "created_from=2026-03-09&created_to=2026-03-09") == {"Late"}
    assert shown_names(client, "created_from=2026-03-10") == set()
