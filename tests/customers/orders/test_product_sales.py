"""How a product sold by month."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock, periods
from customers.orders import product_sales, services
from customers.orders.models import Product


@pytest.fixture
def product(make_customer, make_order):
    """A product of three orders: today, 70 days ago, and one of today that was cancelled."""
    now = clock.now()
    order = make_order(make_customer("Lin"), "100", placed_at=now)
    make_order(make_customer("Chen"), "100", placed_at=now - timedelta(days=70))
    gone = make_order(make_customer("Wu"), "100", placed_at=now)
    services.cancel_order(order=gone, at=now)
    return order.lines.get().product


def test_months_without_a_sale_are_zero_and_cancelled_orders_count_nowhere(product):
    sold = product_sales.product_sales_by_month(product)

    assert len(sold) == product_sales.MONTHS_SHOWN
    assert sold[-1] == (periods.first_of_month(clock.today("Asia/Shanghai")), 1.0)
    assert sum(n for _month, n in sold) == 2.0


def test_page_of_a_product_shows_its_sales_and_its_newest_orders(product, client_as):
    page = client_as("manager").get(f"/products/{product.public_id}/")

    assert [order.customer.display_name for order in page.context["newest"]] == ["Wu", "Lin", "Chen"]
    assert page.context["chart"].summary == "2 pieces in the last 13 months."


def test_product_that_nobody_bought_has_an_empty_chart(db, client_as):
    product = Product.objects.create(sku="NEW", name="New", created_at=clock.now())

    page = client_as("manager").get(f"/products/{product.public_id}/")

    assert page.status_code == 200
    assert "Nobody has bought it yet." in page.content.decode()
