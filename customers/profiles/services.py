"""What staff and other systems can do with a customer: create, change, archive, log, and give tasks."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth.models import User
from crm.kernel.background import events
from customers.profiles import customer_writes, timeline
from customers.profiles.choices import InteractionKind, TaskState
from customers.profiles.events import ActivityRecorded, CustomerChanged, CustomerCreated
from customers.profiles.models import Activity, Customer, ExternalId, Task

# Fields that only the services set.
COMPUTED_FIELDS = {"search_text", "sort_key", "version", "created_at", "updated_at", "public_id", "id"}


class EditConflict(Exception):
    """Somebody else changed the customer meanwhile; the message says so."""


class TaskIsOver(Exception):
    """A finished task cannot be finished again."""


@transaction.atomic
def create_customer(
    *,
    at: datetime,
    by: User | None = None,
    external_ids: dict[str, str] | None = None,
    live: bool = True,
    **fields: Any,
) -> Customer:
    """Create a customer with their external ids (source → value); search finds them at once.

    Refused: IntegrityError where an external id is taken, TypeError for a field that is computed here.
    """
    customer = Customer(**_writable_fields(fields), created_at=at, updated_at=at)
    customer_writes.set_search_columns(customer, (external_ids or {}).values())
    customer.save()
    ExternalId.objects.bulk_create(
        ExternalId(customer=customer, source=source, value=value) for source, value in (external_ids or {}).items()
    )
    timeline.write_timeline(
        [
            timeline.NewTimelineEntry(
                customer.pk, "customer_created", at, {"source": customer.source}, actor_id=by.pk if by else None
            )
        ]
    )
    audit.record_audit_entry("customer.created", customer, by=by, after=fields)
    events.announce_event(CustomerCreated(ids=[customer.pk], live=live, at=at))
    return customer


@transaction.atomic
def update_customer(
    *, customer: Customer, at: datetime, by: User | None = None, version: int | None = None, **fields: Any
) -> Customer:
    """Change some fields; without a difference nothing is written.

    Refused: EditConflict, where `version` is not that of the stored customer.
    """
    locked = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if version is not None and version != locked.version:
        raise EditConflict(_("Somebody else changed this customer meanwhile."))
    changed = {name: value for name, value in _writable_fields(fields).items() if getattr(locked, name) != value}
    if not changed:
        return locked
    before = {name: getattr(locked, name) for name in changed}
    for name, value in changed.items():
        setattr(locked, name, value)
    customer_writes.set_search_columns(locked, _other_search_values(locked))
    locked.version += 1
    locked.updated_at = at
    locked.save()
    audit.record_audit_entry("customer.changed", locked, by=by, before=before, after=changed)
    events.announce_event(CustomerChanged(ids=[locked.pk], at=at, fields=tuple(sorted(changed))))
    return locked


@transaction.atomic
def log_interaction(*, customer: Customer, kind: str, text: str, at: datetime, by: User | None) -> None:
    """A call, visit, chat or note stands on the timeline, for good."""
    kind = InteractionKind(kind).value
    timeline.write_timeline(
        [timeline.NewTimelineEntry(customer.pk, kind, at, {"text": text}, actor_id=by.pk if by else None)]
    )


@transaction.atomic
def record_activity(
    *, customer: Customer, name: str, at: datetime, source: str = "", data: dict[str, Any] | None = None
) -> Activity:
    """Store a behaviour that a shop reports; it stands on the timeline and is announced to segments and triggers."""
    activity = Activity.objects.create(customer=customer, name=name, at=at, source=source, data=data or {})
    timeline.write_timeline([timeline.NewTimelineEntry(customer.pk, "activity", at, {"name": name, **(data or {})})])
    events.announce_event(ActivityRecorded(ids=[activity.pk], at=at))
    return activity


@transaction.atomic
def create_task(
    *,
    customer: Customer,
    title: str,
    at: datetime,
    owner: User | None = None,
    due_on: date | None = None,
    kind: str = "task",
    source: tuple[str, str] = ("", ""),
) -> Task:
    """An open task for a customer; `source` names what asked for it, by type and id."""
    return Task.objects.create(
        customer=customer,
        title=title,
        kind=kind,
        owner=owner,
        due_on=due_on,
        created_at=at,
        source_type=source[0],
        source_id=source[1],
    )


@transaction.atomic
def finish_task(*, task: Task, at: datetime, by: User, result: str = "", dropped: bool = False) -> Task:
    """The task is done (or dropped) with its result, and stands on the timeline. Refused: TaskIsOver."""
    task = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    if task.state != TaskState.OPEN:
        raise TaskIsOver(_("This task is finished already."))
    task.state = TaskState.DROPPED if dropped else TaskState.DONE
    task.result, task.finished_at = result, at
    task.save(update_fields=["state", "result", "finished_at"])
    timeline.write_timeline(
        [
            timeline.NewTimelineEntry(
                task.customer_id,
                "task_finished",
                at,
                {"title": task.title, "text": result},
                "task",
                task.public_id,
                by.pk,
            )
        ]
    )
    return task


@transaction.atomic
def archive_customer(*, customer: Customer, at: datetime, by: User) -> None:
    """Out of the lists and of every programme; nothing is lost. Archiving again changes nothing."""
    _set_archived_at(customer, at, "customer.archived", kind="archived", at=at, by=by)


@transaction.atomic
def restore_customer(*, customer: Customer, at: datetime, by: User) -> None:
    """Back in the lists. Restoring again changes nothing."""
    _set_archived_at(customer, None, "customer.restored", kind="restored", at=at, by=by)


def _set_archived_at(
    customer: Customer, archived_at: datetime | None, action: str, *, kind: str, at: datetime, by: User
) -> None:
    locked = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if (locked.archived_at is None) == (archived_at is None):
        return
    locked.archived_at, locked.updated_at, locked.version = archived_at, at, locked.version + 1
    locked.save(update_fields=["archived_at", "updated_at", "version"])
    timeline.write_timeline([timeline.NewTimelineEntry(locked.pk, kind, at, actor_id=by.pk)])
    audit.record_audit_entry(action, locked, by=by)
    events.announce_event(CustomerChanged(ids=[locked.pk], at=at, fields=("archived_at",)))


def reindex_customer(customer: Customer) -> None:
    """Search finds the customer by the name, ids and contacts that are stored now."""
    customer = Customer.objects.get(pk=customer.pk)
    customer_writes.set_search_columns(customer, _other_search_values(customer))
    customer.save(update_fields=["search_text", "sort_key"])


def _other_search_values(customer: Customer) -> list[str]:
    """Ids in other systems, further addresses and numbers. Two queries."""
    external_ids = customer.external_ids.values_list("value", flat=True)
    return [*external_ids, *customer.contact_points.values_list("value", flat=True)]


def _writable_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """Blank is NULL for e-mail and phone, and what is computed here cannot be set from outside."""
    if forbidden := COMPUTED_FIELDS & fields.keys():
        raise TypeError(f"set by the service itself: {sorted(forbidden)}")
    return {name: (value or None) if name in ("email", "phone") else value for name, value in fields.items()}
