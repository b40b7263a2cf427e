"""The timeline of one customer, told in the reader's language: newest first, endless by keyset."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from crm.kernel.ui.listing import Listing, Page
from customers.profiles import timeline
from customers.profiles.models import Customer, TimelineEntry

SIZE = 25
SORTS = {"newest": ("-at", "-id")}


@dataclass(frozen=True)
class Told:
    """An entry as it is read."""

    at: datetime
    icon: str
    tone: str
    sentence: str
    quote: str
    url: str
    actor: str


@dataclass(frozen=True)
class Group:
    """A filter of the timeline with how many entries it holds."""

    key: str
    label: Any
    count: int
    current: bool


def page(customer: Customer, group: str = "", cursor: str | None = None) -> tuple[Page, list[Told]]:
    """A page of entries, of one group or of all; BadCursor for a cursor that is not ours."""
    entries = _of(customer).select_related("actor")
    if group:
        entries = entries.filter(kind__in=_kinds(group))
    found = Listing(entries, SORTS, default="newest", size=SIZE).page("newest", cursor)
    return found, [_told(entry) for entry in found.rows]


def groups(customer: Customer, current: str = "") -> list[Group]:
    """All entries, then every group that has some; one query."""
    counts = dict(_of(customer).order_by().values_list("kind").annotate(Count("pk")))
    filled = [
        Group(key, label, sum(counts.get(kind, 0) for kind in _kinds(key)), key == current)
        for key, label in timeline.groups.items()
    ]
    return [group for group in filled if group.count or group.current]


def _of(customer: Customer) -> QuerySet[TimelineEntry]:
    """His own entries and those of records merged into his."""
    return TimelineEntry.objects.filter(customer__in=[customer.pk, *_merged(customer)])


def _merged(customer: Customer) -> list[int]:
    """Ids of the records merged into his: read with the customer where the page did so."""
    known: list[int] | None = getattr(customer, "merged_ids", None)
    if known is not None:
        return known
    return list(Customer.objects.filter(merged_into=customer).values_list("pk", flat=True))


def _kinds(group: str) -> list[str]:
    return [kind for kind, look in timeline.kinds.items() if look.group == group]


def _told(entry: TimelineEntry) -> Told:
    look = timeline.kinds.get(entry.kind)
    if look is None:
        return Told(entry.at, "dash", "", entry.kind, "", "", "")
    actor = entry.actor.name if entry.actor else ""
    return Told(
        entry.at, look.icon, look.tone, look.sentence(entry.data), look.quote(entry.data), look.url(entry), actor
    )
