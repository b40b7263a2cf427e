"""Products in the reader's language: a timeline names what it knows only by number."""

import pytest
from django.utils import translation

from crm.kernel.time import clock
from customers.orders.models import Product
from customers.orders.product_names import name_products, product_names
from customers.orders.services import IncomingOrderLine
from customers.workspace import timeline_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea():
    names = {"zh-hans": "武夷岩茶", "zh-hant": "武夷岩茶（散裝）"}
    return Product.objects.create(sku="TEA-1", name="Wuyi tea", names=names, created_at=clock.now())


@pytest.mark.rule("CU-10")
@pytest.mark.parametrize(
    ("language", "name"), [("en", "Wuyi tea"), ("zh-hans", "武夷岩茶"), ("zh-hant", "武夷岩茶（散裝）")]
)
def test_product_has_the_name_of_the_readers_language(tea, language, name, django_assert_num_queries):
    with translation.override(language), django_assert_num_queries(1):
        assert product_names(["TEA-1", "CUP"]) == {"TEA-1": name}
        assert tea.local_name == name


def test_entries_without_products_cost_no_query(django_assert_num_queries):
    entries = [{"number": "A"}, {"products": [], "skus": []}]

    with django_assert_num_queries(0):
        name_products(entries)

    assert [entry["products"] for entry in entries] == [[], []]


@pytest.mark.rule("CU-4")
@pytest.mark.parametrize(("language", "quote"), [("en", "Wuyi tea, CUP"), ("zh-hans", "武夷岩茶, CUP")])
def test_timeline_names_a_product_that_the_order_gave_only_by_number(tea, make_customer, make_order, language, quote):
    customer = make_customer()
    make_order(customer, lines=(IncomingOrderLine("TEA-1"), IncomingOrderLine("CUP")))

    with translation.override(language):
        _page, entries = timeline_page.get_timeline_page(customer, "orders")

    assert [entry.quoted_text for entry in entries] == [quote]


def test_entry_from_before_there_were_numbers_is_named_too(tea):
    entries = [{"products": ["TEA-1", "Cup"]}]

    name_products(entries)

    assert entries == [{"products": ["Wuyi tea", "Cup"]}]
