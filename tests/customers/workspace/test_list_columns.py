"""Cells of the list, and what is masked in them."""

from decimal import Decimal

import pytest

from tests.customers.workspace.shown_list import URL

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]


@pytest.mark.parametrize(("role", "address"), [("sales", "lin@example.com"), ("marketing", "l•••@example.com")])
def test_contact_data_is_masked_for_who_may_not_see_it(role, address, make_customer, client_as):
    make_customer("Lin", email="lin@example.com", phone="+8613812342217")

    page = client_as(role).get(f"{URL}?cols=email&cols=phone").content.decode()

    assert address in page
    assert ("lin@example.com" in page) == (role == "sales")
    assert ("1234 2217" in page) == (role == "sales")


def test_row_tells_orders_spend_and_last_place(people, client_as):
    page = client_as(people["boss"]).get(URL).context["page"]
    row = next(row for row in page.rows if row.display_name == "Bo")

    assert (row.order_count, row.net_spend) == (1, Decimal("40.0000"))
    assert row.last_order == {"store": "静安店", "channel": "store"}
