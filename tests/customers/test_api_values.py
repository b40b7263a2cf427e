"""Values that no customer, order or behaviour can have: each is refused with its field, and nothing is written."""

import json

import pytest

from customers.orders.models import Order
from customers.profiles.models import Activity, Customer
from tests.customers.test_api import ORDER, client_with

LINE = ORDER["lines"][0]


def post(api, path, body):
    """As other programs write JSON: ASCII only, so that half a surrogate pair can be said."""
    return api.post(path, json.dumps(body), content_type="application/json")


@pytest.fixture
def api(make_user):
    return client_with(make_user())[0]


@pytest.fixture
def customer(make_customer):
    return make_customer("林嘉怡", external_ids={"shop": "C1"})


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"placed_at": "9999-12-31T23:59:59Z"}, "placed_at"),
        ({"placed_at": "0001-01-01T00:00:00Z"}, "placed_at"),
        ({"placed_at": "2026-02-30T00:00:00Z"}, "placed_at"),
        ({"lines": [{**LINE, "unit_price": "99999999999999", "quantity": "99999999999"}]}, "lines.0.unit_price"),
        ({"customer": "C\x00"}, "customer"),
        ({"customer": "\ud800"}, "customer"),
    ],
)
def test_order_that_cannot_be_is_refused_alone_and_among_others(api, customer, wrong, named):
    single = post(api, "/api/v1/orders/", {**ORDER, **wrong})
    assert (single.status_code, single.json()["errors"][0]["attr"]) == (400, named)
    assert not Order.objects.exists()

    bulk = post(api, "/api/v1/orders/bulk/", [{**ORDER, **wrong, "number": "A-2"}, ORDER])
    assert (bulk.status_code, bulk.json()["refused"][0]["attr"]) == (200, named)
    assert Order.objects.get().number == "A-1"


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize("body", [5, None, True, "x", {}])
def test_bulk_that_is_no_list_is_refused(api, body):
    for path in ("/api/v1/orders/bulk/", "/api/v1/customers/bulk/"):
        assert post(api, path, body).status_code == 400


@pytest.mark.rule("CU-1")
@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"birthday": {"month": 2, "day": 30}}, "birthday.day"),
        ({"birthday": {"month": 2, "day": 29, "year": 2001}}, "birthday.day"),
        ({"birthday": {"month": 1, "day": 31, "calendar": "lunar"}}, "birthday.day"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"external_ids": {"s" * 41: "C1"}}, "external_ids." + "s" * 41),
    ],
)
def test_customer_that_cannot_be_is_refused(api, wrong, named):
    answer = post(api, "/api/v1/customers/", {"display_name": "林嘉怡", **wrong})

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, named)
    assert not Customer.objects.exists()


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("wrong", "named"), [({"at": "9999-12-31T23:59:59Z"}, "at"), ({"data": {"a": ["\ud800"]}}, "data")]
)
def test_behaviour_that_cannot_be_is_refused(api, customer, wrong, named):
    answer = post(api, "/api/v1/events/", {"customer": customer.public_id, "name": "viewed_product", **wrong})

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, named)
    assert not Activity.objects.exists()
