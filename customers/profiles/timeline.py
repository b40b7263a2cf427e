"""The timeline: append-only rows written in the transaction of what they report, told in the reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.kernel.db import sql_rows
from customers.profiles.models import TimelineEntry

EntryData = dict[str, Any]


@dataclass(frozen=True)
class TimelineKind:
    """How entries of a kind look: icon, sentence, quoted text, link; `group` is the filter they belong to."""

    icon: str
    sentence: Callable[[EntryData], str]
    group: str
    quote: Callable[[EntryData], str] = field(default=lambda data: str(data.get("text", "")))
    url: Callable[[TimelineEntry], str] = field(default=lambda entry: "")
    tone: str = ""  # good or bad, where the entry is good or bad news


timeline_kinds: dict[str, TimelineKind] = {}
# Filters of the timeline: key → label (lazy); upper apps add theirs.
timeline_groups: dict[str, Any] = {}


def register_timeline_kind(kind: str, definition: TimelineKind) -> None:
    """From now on entries of this kind can be written, and look like this."""
    timeline_kinds[kind] = definition


@dataclass(frozen=True)
class NewTimelineEntry:
    """One entry to write."""

    customer_id: int
    kind: str
    at: datetime
    data: EntryData = field(default_factory=dict)
    object_type: str = ""
    object_id: str = ""
    actor_id: int | None = None


def write_timeline(entries: Iterable[NewTimelineEntry]) -> None:
    """Write entries, in one statement per two thousand. Refused: LookupError for a kind that nobody registered."""
    sql_rows.insert_rows(TimelineEntry, [{**vars(entry), "kind": _registered_kind(entry.kind)} for entry in entries])


def _registered_kind(kind: str) -> str:
    if kind not in timeline_kinds:
        raise LookupError(f"no timeline kind is called {kind!r}")
    return kind
