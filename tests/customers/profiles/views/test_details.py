"""Small forms on the customer page: each detail is stored once, found, and removed."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-1", "CU-2")]


@pytest.mark.parametrize(
    ("path", "sent", "again"),
    [
        ("contacts", {"kind": "phone", "value": "0085251234567", "label": "Office"}, "5123 4567"),
        ("contacts", {"kind": "email", "value": "office@example.org"}, "office@example.org"),
        ("ids", {"source": "pos", "value": "CN-77001"}, "CN-77001"),
    ],
)
@pytest.mark.rule("CU-3")
def test_what_hangs_on_a_customer_is_kept_once_found_and_removed(path, sent, again, make_customer, client_as):
    customer = make_customer("Lin")
    client, base = client_as("sales"), f"/customers/{customer.public_id}/{path}/"

    assert client.post(f"{base}new/", sent).status_code == 204
    assert client.post(f"{base}new/", sent).status_code == 422

    assert [row.display_name for row in client.get("/customers/", {"q": again}).context["page"].rows] == ["Lin"]
    kept = (customer.contact_points if path == "contacts" else customer.external_ids).get()
    assert client.post(f"{base}{kept.pk}/remove/").status_code == 204
    assert client.get("/customers/", {"q": again}).context["page"].rows == []


@pytest.mark.rule("CU-2")
def test_external_id_belongs_to_one_customer(make_customer, client_as):
    make_customer("Lin", external_ids={"pos": "1"})
    other = make_customer("Wong")

    answer = client_as("sales").post(f"/customers/{other.public_id}/ids/new/", {"source": "pos", "value": "1"})

    assert answer.status_code == 422
    assert other.external_ids.count() == 0


@pytest.mark.rule("S32")
def test_important_date_needs_a_real_day(make_customer, client_as):
    customer = make_customer("Lin")
    client, url = client_as("sales"), f"/customers/{customer.public_id}/dates/new/"
    wrong = {"name": "Wedding", "month": "2", "day": "30", "calendar": "solar"}

    assert client.post(url, wrong).status_code == 422
    assert client.post(url, {**wrong, "day": "29"}).status_code == 204
    assert customer.important_dates.values_list("name", "month", "day").get() == ("Wedding", 2, 29)
