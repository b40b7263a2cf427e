"""Values that no customer, order or behaviour can have: each is refused with its field, and nothing is written."""

import json

import pytest

from customers.orders.models import Order, Refund
from customers.profiles.models import Activity, Customer
from tests.customers.conftest import ORDER

LINE = ORDER["lines"][0]


def post(api, path, body):
    """As other programs write JSON: ASCII only, so that half a surrogate pair can be said."""
    return api.post(path, json.dumps(body), content_type="application/json")


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
        ({"lines": [{**LINE, "unit_price": "-0.01"}]}, "lines.0.unit_price"),
        ({"lines": [{**LINE, "discount": "-1"}]}, "lines.0.discount"),
        ({"lines": [{**LINE, "discount": "21.01"}]}, "lines.0.discount"),
        ({"lines": [{**LINE, "tax": "-1"}]}, "lines.0.tax"),
        ({"lines": [{**LINE, "total": "-1"}]}, "lines.0.total"),
        ({"shipping_total": "-1"}, "shipping_total"),
        ({"tax_total": "-1"}, "tax_total"),
        ({"reward_discount": "-1"}, "reward_discount"),
        ({"reward_discount": "21.01"}, "reward_discount"),
        ({"points_discount": "-1"}, "points_discount"),
        ({"reward_discount": "20", "points_discount": "1.01"}, "points_discount"),
    ],
)
def test_order_that_cannot_be_is_refused_alone_and_among_others(api, customer, wrong, named):
    single = post(api, "/api/v1/orders/", {**ORDER, **wrong})
    assert (single.status_code, single.json()["errors"][0]["attr"]) == (400, named)
    assert not Order.objects.exists()

    bulk = post(api, "/api/v1/orders/bulk/", [{**ORDER, **wrong, "number": "A-2"}, ORDER])
    assert (bulk.status_code, bulk.json()["refused"][0]["attr"]) == (200, named)
    assert Order.objects.get().number == "A-1"


@pytest.mark.rule("PL-30", "PL-51")
@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("en", "the discounts are above what the order costs"),
        ("zh-hans", "折扣超过订单金额"),
        ("zh-hant", "折扣超過訂單金額"),
    ],
)
def test_reason_is_told_in_the_language_that_is_asked_for(api, customer, language, reason):
    answer = api.post(
        "/api/v1/orders/", {**ORDER, "reward_discount": "21.01"}, format="json", headers={"Accept-Language": language}
    )

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["attr"], error["detail"]) == (400, "reward_discount", reason)


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("2026-03-06T23:59:59+08:00", True),  # tomorrow in the company's zone
        ("2026-03-07T00:00:00+08:00", False),
        ("2026-03-06T16:00:00Z", False),
        ("2027-03-05T12:00:00+08:00", False),
    ],
)
def test_order_of_more_than_a_day_ahead_is_refused_alone_and_among_others(api, customer, at, given, taken):
    at("2026-03-05T12:00:00+08:00")

    single = post(api, "/api/v1/orders/", {**ORDER, "number": "A-2", "placed_at": given})
    bulk = post(api, "/api/v1/orders/bulk/", [{**ORDER, "number": "A-3", "placed_at": given}, ORDER])

    assert (single.status_code, bulk.status_code) == (201 if taken else 400, 200)
    if not taken:
        assert [error["attr"] for error in single.json()["errors"]] == ["placed_at"]
    assert [refused["attr"] for refused in bulk.json()["refused"]] == [] if taken else ["placed_at"]
    assert set(Order.objects.values_list("number", flat=True)) == ({"A-1", "A-2", "A-3"} if taken else {"A-1"})


@pytest.mark.rule("PL-51")
def test_order_that_is_given_away_is_taken(api, customer):
    free = {**ORDER, "lines": [{**LINE, "discount": "21"}, LINE], "shipping_total": "4", "points_discount": "25"}

    answer = post(api, "/api/v1/orders/", free)

    assert answer.status_code == 201
    assert (Order.objects.get().goods_total, Order.objects.get().total) == (21, 0)


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("1990-05-01T12:00:00Z", 400),
        ("2026-02-28T23:59:59+08:00", 400),
        ("2026-03-01T00:00:00+08:00", 201),  # a date without a time: the day of the order
        ("2026-03-05T12:09:00+08:00", 201),
        ("2026-03-05T12:11:00+08:00", 400),
    ],
)
def test_refund_dated_before_its_order_or_to_come_is_refused(api, customer, at, given, status):
    at("2026-03-05T12:00:00+08:00")
    order = post(api, "/api/v1/orders/", ORDER).json()["id"]

    answer = post(api, f"/api/v1/orders/{order}/refunds/", {"source_ref": "R1", "amount": "5", "refunded_at": given})

    assert answer.status_code == status
    if status == 400:
        assert answer.json()["errors"][0]["attr"] == "refunded_at"
    assert Refund.objects.exists() == (status == 201)


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
