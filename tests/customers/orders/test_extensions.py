"""How orders look on the timeline: number, amount in the reader's language, products, and the way to the order."""

import pytest

from customers.profiles import timeline
from customers.profiles.models import TimelineEntry

DATA = {"number": "A-1", "total": "1234.50", "currency": "CNY", "products": ["Tea", "Cup"]}


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("order_placed", "Order A-1, ¥1,234.50"),
        ("order_changed", "Order A-1 changed, now ¥1,234.50"),
        ("order_cancelled", "Order A-1 cancelled"),
        ("order_refunded", "¥1,234.50 refunded for order A-1"),
    ],
)
def test_entry_says_what_happened_and_leads_to_the_order(kind, sentence):
    definition = timeline.timeline_kinds[kind]

    assert definition.sentence(DATA).replace("CN¥", "¥") == sentence
    assert definition.url(TimelineEntry(object_id="or_1")) == "/orders/or_1/"
    assert definition.group == "orders"


def test_new_order_quotes_its_first_products():
    assert timeline.timeline_kinds["order_placed"].quote(DATA) == "Tea, Cup"
