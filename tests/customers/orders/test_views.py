"""The order list, an order and its refunds, the products."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest

from crm.kernel.time import clock
from customers.orders import services
from customers.orders.models import Order, Refund

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CU-10")]


@pytest.fixture
def orders(make_customer, make_order):
    now, lin = clock.now(), make_customer("Lin")
    return {
        "old": make_order(lin, "100", number="A-100", placed_at=now - timedelta(days=40), channel="online"),
        "new": make_order(lin, "50", number="B-200", placed_at=now, channel="store", store="静安店"),
        "wong": make_order(make_customer("Wong"), "9", number="B-201", placed_at=now - timedelta(days=1)),
    }


def numbers(client, query: str) -> list[str]:
    response = client.get(f"/orders/?{query}")
    assert response.status_code == 200, query
    return [order.number for order in response.context["page"].rows]


def test_each_filter_lets_through_exactly_what_it_says(orders, client_as):
    client, lin = client_as("sales"), orders["old"].customer
    product = orders["old"].lines.get().product
    client.post(f"/orders/{orders['wong'].public_id}/cancel/")
    old_day = (orders["old"].placed_at + timedelta(hours=8)).date()
    table = {
        "": ["B-200", "B-201", "A-100"],
        "q=b-2": ["B-200", "B-201"],
        "channel=online": ["A-100"],
        f"store={quote('静安店')}": ["B-200"],
        "status=cancelled": ["B-201"],
        f"customer={lin.public_id}": ["B-200", "A-100"],
        f"product={product.public_id}": ["B-200", "B-201", "A-100"],
        f"placed_from={old_day}&placed_to={old_day}": ["A-100"],
        "sort=placed": ["A-100", "B-201", "B-200"],
    }

    assert {query: numbers(client, query) for query in table} == table


@pytest.mark.parametrize(
    ("query", "name"),
    [("status=lost", "status"), ("placed_from=x", "placed_from"), ("q=%00", "q"), ("cursor=1", "cursor")],
)
@pytest.mark.rule("PL-51")
def test_wrong_filter_is_refused_by_name(query, name, client_as):
    response = client_as("sales").get(f"/orders/?{query}")

    assert response.status_code == 400
    assert name in response.context["message"]


@pytest.mark.rule("PL-10")
def test_orders_follow_the_scope_of_their_customers(orders, make_user, client_as):
    me = make_user("sales", scope="own")
    type(orders["wong"].customer).objects.filter(display_name="Wong").update(owner=me)
    client = client_as(me)

    assert numbers(client, "") == ["B-201"]
    assert client.get(f"/orders/{orders['old'].public_id}/").status_code == 404
    assert client.post(f"/orders/{orders['old'].public_id}/cancel/").status_code == 404
    assert Order.objects.get(number="A-100").status == "paid"


def test_refund_is_recorded_once_and_never_beyond_the_goods(orders, client_as):
    order, client = orders["old"], client_as("sales")
    url, line = f"/orders/{order.public_id}/refund/", orders["old"].lines.get()
    sent = {"amount": "30", "lines": [str(line.pk)], "reason": "Broken lid", "source_ref": "staff-1"}

    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 302
    refused = client.post(url, {**sent, "amount": "70.01", "source_ref": "staff-2"})

    assert refused.status_code == 422
    assert "70.00" in str(refused.context["form"].errors["amount"])
    assert Refund.objects.values_list("amount", "lines__line", "reason").get() == (30, line.pk, "Broken lid")
    order.refresh_from_db()
    assert order.refunded_total == 30


@pytest.mark.parametrize("amount", ["0", "-1", "x", "", "1e40", "NaN"])
def test_wrong_amount_is_refused(amount, orders, client_as):
    answer = client_as("sales").post(
        f"/orders/{orders['old'].public_id}/refund/", {"amount": amount, "source_ref": "a"}
    )

    assert answer.status_code == 422
    assert "amount" in answer.context["form"].errors
    assert "amount:" not in str(answer.context["form"].errors["amount"])
    assert Refund.objects.count() == 0


def test_cancelled_order_counts_no_more_and_takes_no_refund(orders, client_as):
    order, client = orders["old"], client_as("sales")

    client.post(f"/orders/{order.public_id}/cancel/")
    refused = client.post(f"/orders/{order.public_id}/refund/", {"amount": "1", "source_ref": "a"})

    assert refused.status_code == 422
    assert order.customer.summary.orders == 1


@pytest.mark.rule("S35")
def test_product_tells_what_was_sold_and_what_came_back(orders, client_as):
    client, order = client_as("sales"), orders["old"]
    line = order.lines.get()
    client.post(f"/orders/{order.public_id}/refund/", {"amount": "30", "lines": [str(line.pk)], "source_ref": "a"})
    client.post(f"/orders/{orders['wong'].public_id}/cancel/")

    figures = client.get(f"/products/{line.product.public_id}/").context["figures"]

    assert (figures.orders, figures.buyers, figures.pieces, figures.revenue) == (2, 1, 2, 150)
    assert (figures.returned, figures.refunded, figures.return_rate) == (1, 30, Decimal("0.5"))


def test_products_are_found_by_name_sku_and_category(orders, client_as):
    client = client_as("sales")

    assert [row.sku for row in client.get("/products/?q=武夷").context["page"].rows] == ["TEA-1"]
    assert [row.sku for row in client.get("/products/?q=tea-").context["page"].rows] == ["TEA-1"]
    assert [row.sku for row in client.get("/products/?category=Coffee").context["page"].rows] == []


@pytest.mark.rule("CU-11")
def test_unpaid_order_says_that_it_counts_when_paid_and_takes_no_refund(make_customer, make_order, client_as):
    order = make_order(make_customer(), "80", status="placed")

    page = client_as("sales").get(f"/orders/{order.public_id}/").content.decode()
    refused = client_as("sales").post(f"/orders/{order.public_id}/refund/", {"amount": "1", "source_ref": "a"})

    assert "It will when it is paid." in page
    assert f"/orders/{order.public_id}/refund/" not in page
    assert "not paid yet" in str(refused.context["form"].errors)


@pytest.mark.rule("CU-10")
def test_order_without_a_rate_says_what_it_waits_for(make_customer, make_order, client_as):
    order = make_order(make_customer(), "900", currency="JPY")

    page = client_as("admin").get(f"/orders/{order.public_id}/").content.decode()

    assert "no rate of JPY is stored for its day" in page
    assert "/rates/" in page


@pytest.mark.rule("CU-10")
def test_refund_of_two_lines_and_shipping_is_what_was_paid_for_them(make_customer, make_order, client_as):
    lines = tuple(services.IncomingOrderLine(sku, unit_price=Decimal(price)) for sku, price in (("A", 60), ("B", 40)))
    order = make_order(
        make_customer(),
        lines=lines,
        shipping_total=Decimal(12),
        reward_discount=Decimal(50),
        points_discount=Decimal(0),
    )
    chosen = [str(pk) for pk in order.lines.values_list("pk", flat=True)]

    answer = client_as("sales").post(
        f"/orders/{order.public_id}/refund/", {"lines": chosen, "shipping": "12", "source_ref": "a"}
    )
    page = client_as("sales").get(f"/orders/{order.public_id}/").content.decode()

    assert answer.status_code == 302
    refund = Refund.objects.get()
    assert (refund.amount, refund.goods_amount, refund.shipping_amount) == (62, 50, 12)
    assert sorted(refund.lines.values_list("amount", flat=True)) == [20, 30]
    assert "Refunded" in page
    assert "Shipping" in page
