from typing import Any

import pytest
from django.test import Client

from crm.kernel.time import clock
from customers.orders import services as orders
from loyalty.account import extensions, member_links, waiting_orders


@pytest.mark.rule("LO-12")
@pytest.mark.rule("CU-11")
def test_what_waiting_orders_will_earn_is_summed(
    member: Any, make_order: Any, django_assert_max_num_queries: Any
) -> None:
    make_order(member, "100", status="placed")
    make_order(member, "50", status="placed")
    make_order(member, "9000", currency="JPY")
    make_order(member, "9000", currency="KRW", status="placed")
    make_order(member, "70", status="placed", live=False)
    orders.cancel_order(order=make_order(member, "30", status="placed"), at=clock.now())

    with django_assert_max_num_queries(4):
        waiting = waiting_orders.customer_waiting_orders(member.pk)

    assert (waiting.points, len(waiting.unpaid)) == (180, 2)
    assert (len(waiting.without_rate), waiting.currencies) == (2, "JPY, KRW")


@pytest.mark.rule("LO-60")
def test_nothing_waits_while_points_are_off(member: Any, make_order: Any, change_program: Any) -> None:
    make_order(member, "100", status="placed")
    change_program(points_on=False)

    assert waiting_orders.customer_waiting_orders(member.pk).orders == ()


@pytest.mark.rule("LO-12")
def test_staff_and_member_see_what_will_be_earned(member: Any, make_order: Any, client_as: Any, make_user: Any) -> None:
    order = make_order(member, "100", status="placed")
    foreign = make_order(member, "9000", currency="JPY")
    client = client_as("service")
    words = "120 points come when 1 order is paid"

    pages = {
        "customer": client.get(f"/customers/{member.public_id}/"),
        "order": client.get(f"/orders/{order.public_id}/"),
        "member": client.get(f"/loyalty/members/{member.public_id}/"),
        "own": Client().get(member_links.sign_member_link(member), headers={"Accept-Language": "en"}),
    }

    assert [name for name, page in pages.items() if words not in page.content.decode()] == []
    assert "waits for an exchange rate (JPY)" in client.get(f"/orders/{foreign.public_id}/").content.decode()
    assert extensions.order_points_context(make_order(member, "0"), make_user("service")) is None
