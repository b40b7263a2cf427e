"""The timeline: append-only rows written in the transaction of what they report, told in the reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.kernel.db import sql_rows
from customers.profiles.models import TimelineEntry

Data = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """How entries of a kind look: icon, sentence, quoted text, link; `group` is the filter they belong to."""

    icon: str
    sentence: Callable[[Data], str]
    group: str
    quote: Callable[[Data], str] = field(default=lambda data: str(data.get("text", "")))
    url: Callable[[TimelineEntry], str] = field(default=lambda entry: "")
    tone: str = ""  # good or bad, where the entry is good or bad news


kinds: dict[str, Kind] = {}
# Filters of the timeline: key → label (lazy); upper apps add theirs.
groups: dict[str, Any] = {}


def register(kind: str, look: Kind) -> None:
    """An area says how its entries look."""
    kinds[kind] = look


@dataclass(frozen=True)
class Line:
    """One entry to write."""

    customer_id: int
    kind: str
    at: datetime
    data: Data = field(default_factory=dict)
    object_type: str = ""
    object_id: str = ""
    actor_id: int | None = None


def write(lines: Iterable[Line]) -> None:
    """Write entries, in one statement per two thousand; no kind may be unknown."""
    sql_rows.insert(TimelineEntry, [{**vars(line), "kind": _known(line.kind)} for line in lines])


def insert(source: str) -> str:
    """SQL that writes entries in the statement of their cause: `source` selects customer, kind, at, data, object type and id."""
    return f"INSERT INTO customers_timelineentry (customer_id, kind, at, data, object_type, object_id) {source}"


def _known(kind: str) -> str:
    if kind not in kinds:
        raise LookupError(f"no timeline kind is called {kind!r}")
    return kind
