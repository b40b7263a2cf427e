"""One change to many customers: a statement and an event per chunk; each returns whom it changed, so it can be undone."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.background import events
from crm.kernel.background.jobs.models import Job
from customers.profiles import queries
from customers.profiles.events import CustomerChanged

CHUNK_SIZE = 2_000


def chunk_ids(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in pieces that one statement and one transaction take."""
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK_SIZE)):
        yield chunk


@transaction.atomic
def tag_customers(*, ids: Sequence[int], tag: str, at: datetime, by: User | None, job: Job | None = None) -> list[int]:
    """All of them have the tag; returns those who did not have it before."""
    changed = queries.add_tag(ids, tag, at)
    _record_change("customers.tagged", changed, "tags", {"tag": tag}, at=at, by=by, job=job)
    return changed


@transaction.atomic
def untag_customers(
    *, ids: Sequence[int], tag: str, at: datetime, by: User | None, job: Job | None = None
) -> list[int]:
    """None of them has the tag; returns those who had it before."""
    changed = queries.remove_tag(ids, tag, at)
    _record_change("customers.untagged", changed, "tags", {"tag": tag}, at=at, by=by, job=job)
    return changed


@transaction.atomic
def assign_owner(
    *, ids: Sequence[int], owner_id: int | None, at: datetime, by: User | None, job: Job | None = None
) -> dict[int, int | None]:
    """All of them have this owner, or none; returns the former owner of those who changed."""
    changed = queries.set_owner(ids, owner_id, at)
    _record_change("customers.assigned", list(changed), "owner", {"owner": owner_id}, at=at, by=by, job=job)
    return changed


def _record_change(
    action: str, ids: list[int], field: str, after: dict[str, Any], *, at: datetime, by: User | None, job: Job | None
) -> None:
    if ids:
        audit.record_audit_entry(action, by=by, after=after, count=len(ids), job=job)
        events.announce_event(CustomerChanged(ids=ids, at=at, fields=(field,)))
