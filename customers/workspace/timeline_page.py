"""The timeline of one customer, told in the reader's language: newest first, endless by keyset."""

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
    """An entry as it is read."""

    at: datetime
    icon: str
    tone: str
    sentence: str
    quote: str
    url: str
    actor: str


@dataclass(frozen=True)
class TimelineGroup:
    """A filter of the timeline with how many entries it holds."""

    key: str
    label: Any
    count: int
    current: bool


def get_timeline_page(
    customer: Customer, group: str = "", cursor: str | None = None
) -> tuple[ListPage, list[TimelineItem]]:
    """A page of entries, of one group or of all; BadCursor for a cursor that is not ours."""
    entries = _entries_of_customer(customer).select_related("actor")
    if group:
        entries = entries.filter(kind__in=_kinds_of_group(group))
    found = Listing(entries, TIMELINE_SORTS, default="newest", size=PAGE_SIZE).page("newest", cursor)
    return found, [_timeline_item(entry) for entry in found.rows]


def timeline_groups(customer: Customer, current: str = "") -> list[TimelineGroup]:
    """All entries, then every group that has some; one query."""
    counts = dict(_entries_of_customer(customer).order_by().values_list("kind").annotate(Count("pk")))
    filled = [
        TimelineGroup(key, label, sum(counts.get(kind, 0) for kind in _kinds_of_group(key)), key == current)
        for key, label in timeline.timeline_groups.items()
    ]
    return [group for group in filled if group.count or group.current]


def _entries_of_customer(customer: Customer) -> QuerySet[TimelineEntry]:
    """His own entries and those of records merged into his."""
    return TimelineEntry.objects.filter(customer__in=[customer.pk, *_merged_customer_ids(customer)])


def _merged_customer_ids(customer: Customer) -> list[int]:
    """Ids of the records merged into his: read with the customer where the page did so."""
    known: list[int] | None = getattr(customer, "merged_ids", None)
    if known is not None:
        return known
    return list(Customer.objects.filter(merged_into=customer).values_list("pk", flat=True))


def _kinds_of_group(group: str) -> list[str]:
    return [kind for kind, look in timeline.timeline_kinds.items() if look.group == group]


def _timeline_item(entry: TimelineEntry) -> TimelineItem:
    look = timeline.timeline_kinds.get(entry.kind)
    if look is None:
        return TimelineItem(entry.at, "dash", "", entry.kind, "", "", "")
    actor = entry.actor.name if entry.actor else ""
    return TimelineItem(
        entry.at, look.icon, look.tone, look.sentence(entry.data), look.quote(entry.data), look.url(entry), actor
    )
