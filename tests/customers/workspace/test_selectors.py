"""Sorts and pages of the list."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from tests.customers.workspace.shown_list import URL

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]


def test_unknown_sort_falls_back(people, client_as):
    response = client_as("manager").get(f"{URL}?sort=;drop")

    assert response.context["page"].sort == "-last"


def test_pages_hold_every_customer_once_both_ways(make_customer, make_order, client_as):
    """Over customers with ties and customers who never bought."""
    now = clock.now()
    for number in range(120):
        customer = make_customer(f"C{number:03}")
        if number % 3:
            make_order(customer, "10", placed_at=now - timedelta(days=number % 5))
    client, names, pages = client_as("manager"), list[str](), []
    url = URL
    while url:
        pages.append(client.get(url).context["page"])
        names += [row.display_name for row in pages[-1].rows]
        url = f"{URL}?cursor={pages[-1].next_cursor}" if pages[-1].next_cursor else ""
    last = pages[-1]
    back = [row.display_name for row in last.rows]
    while last.previous_cursor:
        last = client.get(f"{URL}?cursor={last.previous_cursor}").context["page"]
        back = [row.display_name for row in last.rows] + back

    assert len(pages) == 3
    assert sorted(names) == [f"C{number:03}" for number in range(120)]
    assert back == names


def test_sorts_follow_their_column(people, client_as):
    client = client_as(people["boss"])

    def order(sort: str) -> list[str]:
        return [row.display_name for row in client.get(f"{URL}?sort={sort}").context["page"].rows]

    assert order("name") == ["Ana", "Bo", "Cy"]
    assert order("-spend") == ["Ana", "Bo", "Cy"]
    assert order("spend") == ["Bo", "Ana", "Cy"]
    assert order("-last") == ["Bo", "Ana", "Cy"]
    assert order("risk") == ["Bo", "Ana", "Cy"]
    assert order("created")[0] == "Cy"
