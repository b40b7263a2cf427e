"""What profiles register: sentences of the timeline, and words of the audit log."""

import pytest

from crm.kernel.audit import labels
from customers.profiles import timeline


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("customer_created", {"source": "shop"}, "Customer added"),
        ("note", {"text": "x"}, "Note"),
        ("task_finished", {"title": "Call"}, "Task finished: Call"),
        ("activity", {"name": "viewed_product"}, "Behaviour: viewed_product"),
        ("archived", {}, "Archived"),
    ],
)
def test_entry_says_what_happened(kind, data, sentence):
    definition = timeline.timeline_kinds[kind]

    assert (definition.sentence(data), definition.group) == (sentence, "notes")


def test_acts_on_customers_have_words():
    assert str(labels.action_labels["customers.assigned"]) == "Customers assigned"
    assert str(labels.object_labels["customers.customer"]) == "Customer"
