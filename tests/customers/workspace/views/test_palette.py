"""The command palette: people and orders, found while typing."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-3")]


def found(client, query: str) -> str:
    return client.get("/palette/", {"q": query}, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize("query", ["林嘉", "ljy", "linjia", "lin@example", "138 1234", "SL-77"])
def test_person_is_found_however_he_is_called(
    query, make_customer, make_order, client_as, django_assert_max_num_queries
):
    person = make_customer("林嘉怡", email="lin@example.com", phone="+8613812342217")
    make_order(person, "10", number="SL-77")
    make_customer("Olivia Hartmann")
    client = client_as("sales")

    with django_assert_max_num_queries(4 + 2):
        fragment = found(client, query)

    assert "林嘉怡" in fragment
    assert "Olivia" not in fragment


def test_order_is_found_by_the_beginning_of_its_number(make_customer, make_order, client_as):
    order = make_order(make_customer("Lin"), "10", number="SL-2026-001")

    assert f"/orders/{order.public_id}/" in found(client_as("sales"), "sl-2026")


def test_empty_query_shows_the_newest_and_no_hit_shows_nothing(make_customer, client_as):
    make_customer("Lin")
    client = client_as("sales")

    assert "Lin" in found(client, "")
    assert found(client, "nobody").strip() == ""


def test_only_what_the_person_may_see_is_found(make_customer, make_user, client_as):
    make_customer("Lin")

    assert found(client_as("product"), "lin").strip() == ""
    assert found(client_as(make_user("sales", scope="own")), "lin").strip() == ""
