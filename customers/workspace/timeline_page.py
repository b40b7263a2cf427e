"""The timeline of one customer in the reader's language: newest first, page by page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from crm.kernel.ui.listing.keyset import Listing, ListPage
from customers.profiles import timeline
from customers.profiles.models import Customer, TimelineEntry

PAGE_SIZE = 25
TIMELINE_SORTS = {"newest": ("-at", "-id")}


@dataclass(frozen=True)
class TimelineItem:
    """An entry as the page shows it."""

    at: datetime
    icon: str
    tone: str
    sentence: str
    quoted_text: str
    url: str
    actor: str


@dataclass(frozen=True)
class TimelineGroup:
    """A filter of the timeline with the number of its entries."""

    key: str
    label: Any
    count: int
    current: bool


def get_timeline_page(
    customer: Customer, group: str = "", cursor: str | None = None
) -> tuple[ListPage, list[TimelineItem]]:
    """A page of entries, of one group or of all, newest first; BadCursor for an invalid cursor. One query."""
    entries = _entries_of_customer(customer).select_related("actor")
    if group:
        entries = entries.filter(kind__in=_kinds_of_group(group))
    page = Listing(entries, TIMELINE_SORTS, default="newest", size=PAGE_SIZE).get_page("newest", cursor)
    return page, [_timeline_item(entry) for entry in page.rows]


def timeline_groups(customer: Customer, current: str = "") -> list[TimelineGroup]:
    """The groups that have entries, and the current one, with their counts. One query."""
    counts = dict(_entries_of_customer(customer).order_by().values_list("kind").annotate(Count("pk")))
    groups = [
        TimelineGroup(key, label, sum(counts.get(kind, 0) for kind in _kinds_of_group(key)), key == current)
        for key, label in timeline.timeline_groups.items()
    ]
    return [group for group in groups if group.count or group.current]


def _entries_of_customer(customer: Customer) -> QuerySet[TimelineEntry]:
    """The customer's own entries and those of customers merged into them."""
    return TimelineEntry.objects.filter(customer__in=[customer.pk, *_merged_customer_ids(customer)])


def _merged_customer_ids(customer: Customer) -> list[int]:
    """Ids of the customers merged into this one; no query where the customer was read with `merged_ids`."""
    merged_ids: list[int] | None = getattr(customer, "merged_ids", None)
    if merged_ids is not None:
        return merged_ids
    return list(Customer.objects.filter(merged_into=customer).values_list("pk", flat=True))


def _kinds_of_group(group: str) -> list[str]:
    return [kind for kind, timeline_kind in timeline.timeline_kinds.items() if timeline_kind.group == group]


def _timeline_item(entry: TimelineEntry) -> TimelineItem:
    kind = timeline.timeline_kinds.get(entry.kind)
    if kind is None:
        return TimelineItem(entry.at, "dash", "", entry.kind, "", "", "")
    actor = entry.actor.name if entry.actor else ""
    return TimelineItem(
        entry.at, kind.icon, kind.tone, kind.sentence(entry.data), kind.quote(entry.data), kind.url(entry), actor
    )
