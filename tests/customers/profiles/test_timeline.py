"""The timeline: entries of registered kinds only, written as they are given."""

import pytest

from crm.kernel.time import clock
from customers.profiles import timeline
from customers.profiles.models import TimelineEntry
from customers.profiles.timeline import NewTimelineEntry, TimelineKind

pytestmark = pytest.mark.django_db


def test_entries_are_written_in_one_statement(make_customer, django_assert_num_queries):
    customer, at = make_customer(), clock.now()
    entries = [NewTimelineEntry(customer.pk, "note", at, {"text": str(n)}, "note", str(n)) for n in range(20)]

    with django_assert_num_queries(1):
        timeline.write_timeline(entries)

    rows = TimelineEntry.objects.filter(kind="note").order_by("pk").values_list("at", "data", "object_id", "actor")
    assert list(rows) == [(at, {"text": str(n)}, str(n), None) for n in range(20)]


def test_unknown_kind_is_refused_and_nothing_is_written(make_customer):
    customer = make_customer()
    before = TimelineEntry.objects.count()

    with pytest.raises(LookupError, match="surprise"):
        timeline.write_timeline([NewTimelineEntry(customer.pk, "surprise", clock.now())])

    assert TimelineEntry.objects.count() == before


def test_kind_quotes_the_text_of_its_entry_by_default(monkeypatch):
    monkeypatch.setattr(timeline, "timeline_kinds", {})
    timeline.register_timeline_kind("gift", TimelineKind("gift", lambda data: "A gift", "notes"))

    kind = timeline.timeline_kinds["gift"]

    assert (kind.sentence({}), kind.quote({"text": "tea"}), kind.url(TimelineEntry())) == ("A gift", "tea", "")
