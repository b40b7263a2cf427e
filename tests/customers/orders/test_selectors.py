"""Which stores and channels there are: each once, in order, without the empty one."""

import pytest
from django.core.cache import cache

from customers.orders import selectors


@pytest.fixture(autouse=True)
def _nothing_cached():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.rule("S34")
@pytest.mark.django_db
def test_stores_and_channels_are_named_once_each(make_customer, make_order):
    customer = make_customer()
    for store, channel in (("Kowloon", "store"), ("Jing'an", "store"), ("Kowloon", "store"), ("", "online")):
        make_order(customer, store=store, channel=channel)

    assert selectors.order_stores() == ["Jing'an", "Kowloon"]
    assert selectors.order_channels() == ["online", "store"]


@pytest.mark.django_db
def test_a_shop_without_orders_has_no_stores():
    assert selectors.order_stores() == []
