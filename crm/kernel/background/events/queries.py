"""SQL of events: stored with their deliveries in one statement, and read by who keeps something until one reaches into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

INSERT_EVENT_SQL = """
WITH event AS (
  INSERT INTO kernel_event (name, ids, live, data, at, created_at)
  VALUES (%(name)s, %(ids)s::jsonb, %(live)s, %(data)s::jsonb, %(at)s, %(now)s) RETURNING id
), delivery AS (
  INSERT INTO kernel_eventdelivery (event_id, listener, state, attempts, next_attempt_at, error)
  SELECT event.id, listener, 'due', 0, %(now)s, '' FROM event, unnest(%(listeners)s::text[]) AS listener
)
SELECT id FROM event
"""

# Ids are drawn before they are committed: an event may come to light below a mark. So the events among so many ids
# below a mark are counted, and what was kept at that mark holds only while the count stands.
LATE_COMMIT_IDS = 1000

# One pass for all marks: the marks of a dashboard are few, and a query each would cost a round trip each.
EVENTS_SINCE_MARKS_SQL = """
WITH event AS (
  SELECT id, (data ->> %(field)s)::timestamptz AS earliest FROM kernel_event
  WHERE id > (SELECT min(mark) FROM unnest(%(marks)s::bigint[]) mark) - %(late)s AND name = ANY(%(names)s))
SELECT mark, count(event.id) FILTER (WHERE event.id <= mark AND event.id > mark - %(late)s),
       coalesce(max(event.id), 0),
       coalesce(bool_or(event.id > mark AND event.earliest IS NULL), false),
       min(event.earliest) FILTER (WHERE event.id > mark)
FROM unnest(%(marks)s::bigint[]) mark LEFT JOIN event ON true GROUP BY mark
"""
NEWEST_MARK_SQL = """
WITH newest AS (SELECT coalesce(max(id), 0) AS id FROM kernel_event WHERE name = ANY(%(names)s))
SELECT newest.id, (SELECT count(*) FROM kernel_event e
                   WHERE e.id <= newest.id AND e.id > newest.id - %(late)s AND e.name = ANY(%(names)s)) FROM newest
"""


@dataclass(frozen=True)
class EventMark:
    """A place in the sequence of events: the newest id, and how many events stand among the ids just below it."""

    newest_id: int
    events_below: int


@dataclass(frozen=True)
class EventsSinceMark:
    """What came after a mark: `earliest` is the earliest instant that an event reaches back to.

    `is_unknown` where one of them does not say how far back it reaches.
    """

    events_below: int
    newest_id: int
    is_unknown: bool
    earliest: datetime | None


def events_since_marks(
    marks: Sequence[int], *, names: Sequence[str], earliest_field: str
) -> dict[int, EventsSinceMark]:
    """For each mark what events of these names came since; `earliest_field` of their payload is an instant. One query."""
    values: dict[str, Any] = {
        "marks": list(marks),
        "names": list(names),
        "field": earliest_field,
        "late": LATE_COMMIT_IDS,
    }
    with connection.cursor() as cursor:
        cursor.execute(EVENTS_SINCE_MARKS_SQL, values)
        return {mark: EventsSinceMark(*rest) for mark, *rest in cursor.fetchall()}


def get_newest_mark(names: Sequence[str]) -> EventMark:
    """The mark behind the newest event of these names. One query."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_MARK_SQL, {"names": list(names), "late": LATE_COMMIT_IDS})
        return EventMark(*cursor.fetchone())
