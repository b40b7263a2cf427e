"""The API of customers, orders and behaviour: idempotent, strict, in bulk, by scope."""

import re
import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from crm.kernel.api.models import IdempotencyKey
from crm.kernel.api.services import revoke_api_key
from crm.kernel.ops import defaults
from crm.kernel.time import clock
from customers.orders.models import Order, Refund
from customers.profiles.models import Activity, Customer, TimelineEntry
from tests.customers.conftest import ORDER, client_with

WRITTEN = re.compile(r"(INSERT) INTO \"?(\w+)")
READ = re.compile(r"(SELECT).*?\b(?:FROM|JOIN) \"?([a-z]+_\w+)", re.S)


@pytest.mark.rule("CU-11")
@pytest.mark.rule("PL-20")
def test_order_is_recorded_once_updated_when_changed(api, customer):
    first = api.post("/api/v1/orders/", ORDER, format="json")
    again = api.post("/api/v1/orders/", ORDER, format="json")
    changed = api.post("/api/v1/orders/", {**ORDER, "lines": [{"sku": "TEA", "total": "30"}]}, format="json")

    assert [(r.status_code, r.data["outcome"]) for r in (first, again, changed)] == [
        (201, "created"),
        (200, "unchanged"),
        (200, "updated"),
    ]
    assert first.data["id"] == changed.data["id"]
    assert Order.objects.get().goods_total == Decimal(30)


@pytest.mark.rule("PL-30")
def test_time_without_an_offset_is_of_the_companys_zone(api, customer):
    assert api.post("/api/v1/orders/", {**ORDER, "placed_at": "2026-03-01T10:00:00"}, format="json").status_code == 201

    assert Order.objects.get().placed_at.isoformat() == "2026-03-01T02:00:00+00:00"


def test_statements_of_an_order(api, customer):
    """Every till waits for each of them: one more needs a reason, and none may depend on the size of the order."""
    defaults.ensure_defaults()
    lines = [{"sku": f"TEA-{n}", "unit_price": "10"} for n in range(20)]
    order = {**ORDER, "customer": customer.public_id, "lines": lines}
    api.post("/api/v1/orders/", order, format="json")

    of_twenty_lines = _statements(api, {**order, "number": "A-2"})
    of_one = _statements(api, {**order, "number": "A-3", "lines": lines[:1]})

    assert of_twenty_lines == of_one
    assert of_one == [
        "SELECT kernel_apikey",
        "SELECT customers_customer",  # whom the order names
        "SELECT kernel_setting",
        "SELECT customers_customer",  # his lock
        "SELECT customers_order",  # is it known?
        "SELECT customers_product",
        "INSERT customers_order",
        "INSERT customers_orderline",
        "INSERT customers_timelineentry",
        "INSERT customers_customersummary",
        "INSERT kernel_event",  # with what later listeners will hear
        "SELECT customers_order",  # from here on the points
        "SELECT loyalty_tiergrant",
        "SELECT loyalty_earningrule",
        "SELECT customers_orderline",  # what of it earns nothing
        "INSERT loyalty_ledgerentry",  # with the account's lock, lot and balance
        "SELECT customers_order",  # is a higher tier reached?
    ]


def _statements(api, body):
    """What a call asks of the database: verb and first table; the test's own savepoints are left out."""
    with CaptureQueriesContext(connection) as asked:
        assert api.post("/api/v1/orders/", body, format="json").status_code == 201
    found = [WRITTEN.search(query["sql"]) or READ.search(query["sql"]) for query in asked]
    return [" ".join(one.groups()) for one in found if one]


@pytest.mark.rule("PL-20")
def test_same_idempotency_key_gives_the_same_answer_and_one_effect(api, customer):
    body = {"customer": customer.public_id, "name": "viewed_product", "data": {"sku": "TEA"}}

    first = api.post("/api/v1/events/", body, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    again = api.post("/api/v1/events/", body, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    other = api.post("/api/v1/events/", {**body, "name": "added_to_cart"}, format="json", HTTP_IDEMPOTENCY_KEY="k1")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.data == again.data
    assert again["Idempotency-Replayed"] == "true"
    assert Activity.objects.count() == 1
    assert TimelineEntry.objects.filter(kind="activity").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_parallel_posts_with_one_key_have_one_effect(make_user, make_customer, guarded):
    """Negative control: without the key every copy has its effect."""
    client, _key = client_with(make_user())
    body = {"customer": make_customer().public_id, "name": "viewed_product"}
    headers = {"HTTP_IDEMPOTENCY_KEY": "same"} if guarded else {}
    statuses = []

    def send():
        try:
            copy = APIClient()
            copy.credentials(**client._credentials)
            statuses.append(copy.post("/api/v1/events/", body, format="json", **headers).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert statuses == [201] * 8
    assert Activity.objects.count() == (1 if guarded else 8)


@pytest.mark.rule("PL-50")
def test_failed_request_leaves_its_key_free(api, customer):
    bad = {"customer": "cu_none", "name": "viewed_product"}

    refused = api.post("/api/v1/events/", bad, format="json", HTTP_IDEMPOTENCY_KEY="k")

    assert refused.status_code == 400
    assert not IdempotencyKey.objects.exists()
    good = api.post("/api/v1/events/", {**bad, "customer": customer.public_id}, format="json", HTTP_IDEMPOTENCY_KEY="k")
    assert good.status_code == 201


@pytest.mark.rule("PL-20")
def test_bulk_takes_a_thousand_orders_and_names_the_bad_ones(api, customer, django_assert_max_num_queries):
    people = [{"external_ids": {"till": f"P{n}"}, "display_name": f"Person {n}"} for n in range(500)]
    assert api.post("/api/v1/customers/bulk/", people, format="json").data["created"] == 500
    orders = [{**ORDER, "number": f"B-{n}", "customer": f"external:till:P{n % 500}"} for n in range(1000)]
    orders[3] = {**ORDER, "number": "B-3", "currency": "yuan"}
    orders[5] = {**ORDER, "number": "B-5", "customer": "external:shop:nobody"}

    with django_assert_max_num_queries(70):
        answer = api.post("/api/v1/orders/bulk/", orders, format="json")

    assert answer.status_code == 200
    assert (answer.data["created"], len(answer.data["results"])) == (998, 998)
    assert [(each["index"], each["attr"]) for each in answer.data["refused"]] == [(3, "currency"), (5, "customer")]
    assert Order.objects.count() == 998


@pytest.mark.rule("PL-20")
def test_customers_are_found_again_by_external_id(api):
    body = {
        "external_ids": {"shop": "C9"},
        "display_name": "Olivia",
        "phone": "138 1234 2217",
        "birthday": {"month": 2, "day": 29},
    }

    first = api.post("/api/v1/customers/", body, format="json")
    same = api.post("/api/v1/customers/", body, format="json")
    moved = api.post(
        "/api/v1/customers/bulk/", [{**body, "city": "上海"}, {"display_name": "No id"}, {"email": "x"}], format="json"
    )

    assert [(r.status_code, r.data["outcome"]) for r in (first, same)] == [(201, "created"), (200, "unchanged")]
    assert (moved.data["created"], moved.data["updated"]) == (1, 1)
    assert moved.data["refused"] == [{"index": 2, "attr": "email", "detail": "Enter a valid email address."}]
    found = Customer.objects.get(external_ids__value="C9")
    assert (found.city, found.phone, found.birth_month, found.birth_day) == ("上海", "+8613812342217", 2, 29)
    assert api.get("/api/v1/customers/external:shop:C9/").data["birthday"] == {
        "month": 2,
        "day": 29,
        "year": None,
        "calendar": "solar",
    }


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"currency": "x"}, "currency"),
        ({"placed_at": "yesterday"}, "placed_at"),
        ({"lines": []}, "lines.non_field_errors"),
        ({"lines": [{"sku": "A", "quantity": "-1"}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "A", "unit_price": "1e40"}]}, "lines.0.unit_price"),
        ({"colour": "red"}, "colour"),
        ({"number": "a\x00b"}, "number"),
        ({"customer": "cu_missing"}, "customer"),
    ],
)
def test_bad_order_is_a_problem_that_names_the_field(api, customer, change, named):
    answer = api.post("/api/v1/orders/", {**ORDER, **change}, format="json")

    assert answer.status_code == 400
    assert named in [error["attr"] for error in answer.data["errors"]]
    assert not Order.objects.exists()


def test_refund_is_once_and_never_more_than_was_paid(api, customer):
    order = api.post("/api/v1/orders/", ORDER, format="json").data["id"]
    url = f"/api/v1/orders/{order}/refunds/"

    first = api.post(url, {"source_ref": "R1", "amount": "5"}, format="json")
    again = api.post(url, {"source_ref": "R1", "amount": "5"}, format="json")
    more = api.post(url, {"source_ref": "R2", "amount": "16.01"}, format="json")

    assert (first.status_code, again.status_code, more.status_code) == (201, 200, 409)
    assert more.data["errors"][0]["code"] == "too_much_refunded"
    assert Refund.objects.count() == 1


@pytest.mark.rule("PL-20")
def test_key_without_the_scope_revoked_or_missing_is_refused(make_user, customer):
    user = make_user()
    reading, key = client_with(user, ["orders:read"])

    assert reading.get("/api/v1/orders/").status_code == 200
    assert reading.post("/api/v1/orders/", ORDER, format="json").status_code == 403
    assert reading.get("/api/v1/customers/").status_code == 403
    revoke_api_key(key=key, by=user)
    assert reading.get("/api/v1/orders/").status_code == 401
    assert APIClient().get("/api/v1/orders/").status_code == 401
    assert not Order.objects.exists()


def test_list_is_paged_by_cursor_in_few_queries(api, make_order, customer, django_assert_max_num_queries):
    placed = datetime(2026, 3, 1, tzinfo=UTC)
    numbers = [make_order(customer, placed_at=placed).number for _ in range(5)]

    with django_assert_max_num_queries(6):
        page = api.get("/api/v1/orders/?limit=3").data
    rest = api.get(page["next"]).data

    assert [row["number"] for row in page["results"] + rest["results"]] == numbers[::-1]
    assert rest["next"] is None


@pytest.mark.rule("PL-20")
@pytest.mark.django_db
def test_schema_validates_without_a_warning_and_docs_need_no_cdn(client, tmp_path):
    from django.core.management import call_command

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
    page = client.get("/api/docs/").content.decode()

    assert "/api/v1/orders/bulk/" in (tmp_path / "schema.yml").read_text()
    assert "http" not in page.replace("http://testserver", "")


def test_metrics_are_those_of_the_dashboard(api, customer, make_order):
    make_order(customer, "12.50", placed_at=clock.now())
    day = clock.today("Asia/Shanghai")

    found = api.get(
        f"/api/v1/metrics/?start={day.replace(month=1, day=1)}&end={day.replace(year=day.year + 1, month=1, day=1)}"
    )

    assert (found.data["buyers"], found.data["new"], found.data["net_revenue"]) == (1, 1, "12.5000")
    assert api.get("/api/v1/metrics/?start=x&end=2026-01-01").data["errors"][0]["attr"] == "start"
