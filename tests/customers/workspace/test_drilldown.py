"""From a number to the customers behind it."""

import pytest
from django.urls import reverse

from crm.kernel.time import clock
from customers.profiles import services
from customers.profiles.models import Customer
from customers.workspace import sockets
from customers.workspace.sockets import DrilldownSource
from tests.customers.workspace.shown_list import URL

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-4")]


@pytest.mark.rule("CU-5")
def test_number_opens_exactly_the_people_behind_it(people, make_order, client_as):
    product = make_order(people["ana"], "5").lines.get().product
    client = client_as(people["boss"])

    figure = client.get(reverse("customers:product", args=[product.public_id])).context["figures"].buyers
    response = client.get(f"{URL}?behind=product_buyers&product={product.public_id}")

    assert {row.display_name for row in response.context["page"].rows} == {"Ana", "Bo"}
    assert response.context["count_text"] == str(figure) == "2"


def test_behind_a_number_archived_people_count_and_the_count_is_exact(make_customer, client_as, make_user, monkeypatch):
    everybody = DrilldownSource(
        "all", lambda arguments: f"All of {arguments['of']}", lambda arguments, user: Customer.objects.values("pk")
    )
    monkeypatch.setitem(sockets.drilldown_sources, "all", everybody)
    gone, now = make_customer("Gone"), clock.now()
    Customer.objects.bulk_create(
        Customer(display_name=f"C{n}", sort_key=f"c{n}", created_at=now, updated_at=now) for n in range(1100)
    )
    services.archive_customer(customer=gone, at=now, by=make_user("manager"))

    response = client_as("manager").get(f"{URL}?behind=all&of=us")

    assert response.context["count_text"] == "1,101"
    assert response.context["drilldown"].label == "All of us"
    assert client_as("manager").get(URL).context["count_text"] == "more than 1,000"


def test_number_of_another_right_stays_closed(monkeypatch, client_as):
    offer = DrilldownSource(
        "secret", lambda arguments: "", lambda arguments, user: Customer.objects.none(), "audit.view"
    )
    monkeypatch.setitem(sockets.drilldown_sources, "secret", offer)

    assert client_as("sales").get(f"{URL}?behind=secret").status_code == 400
    assert client_as("manager").get(f"{URL}?behind=secret").status_code == 200
