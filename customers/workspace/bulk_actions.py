"""What is done with many customers at once: a few at once, many as a job; both are kept as a job, so both can be undone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.auth.models import User
from crm.kernel.background import jobs
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.profiles import bulk_changes
from customers.profiles.models import Customer
from customers.workspace import list_query

MAX_AT_ONCE = 500
KIND = "customers.bulk"


class NobodySelected(Exception):
    """There is nothing to do."""


class NotUndoable(Exception):
    """It was undone already, or cannot be."""


@dataclass(frozen=True)
class CustomerSelection:
    """Customers ticked one by one, or all that an address of the list shows."""

    ids: list[str]
    query: str = ""
    everybody: bool = False

    def customer_ids(self, user: Any, now: datetime) -> list[int]:
        """Row ids inside the person's scope, in their order."""
        if self.everybody:
            return list(
                list_query.parse_list_query(QueryDict(self.query), user, now)
                .found.order_by("pk")
                .values_list("pk", flat=True)
            )
        chosen = Customer.objects.visible_to(user).filter(public_id__in=self.ids)
        return list(chosen.order_by("pk").values_list("pk", flat=True))


def start_bulk_action(*, selection: CustomerSelection, action: str, value: str, user: Any, at: datetime) -> Job:
    """Tag, untag or assign; up to 500 customers are changed at once, more by a job with progress."""
    ids = selection.customer_ids(user, at)
    if not ids:
        raise NobodySelected(_("Nobody is selected."))
    title = _job_title(action, value, len(ids))
    if len(ids) > MAX_AT_ONCE:
        return jobs.start_job(KIND, user=user, title=title, action=action, value=value, ids=ids)
    with transaction.atomic():
        job = Job.objects.create(
            kind=KIND, user=user, title=title, params={"action": action, "value": value}, created_at=at, started_at=at
        )
        undo = _apply_action(action, value, ids, at, user, job)
        job.memory, job.result = {"undo": undo}, _job_result(job, len(undo))
        job.state, job.done, job.total, job.finished_at = Job.State.DONE, len(ids), len(ids), at
        job.save()
    return job


@jobs.register_job_handler(KIND, goes_on=True)
def apply_bulk_job(job: jobs.JobRun) -> dict[str, Any]:
    """The same for many, chunk by chunk; what was changed is kept with each chunk."""
    ids, user = job.params["ids"], job.job.user
    undo: list[Any] = job.state.setdefault("undo", [])
    for start in range(job.state.get("at", 0), len(ids), bulk_changes.CHUNK_SIZE):
        piece = ids[start : start + bulk_changes.CHUNK_SIZE]
        with transaction.atomic():
            undo += _apply_action(job.params["action"], job.params["value"], piece, clock.now(), user, job.job)
            job.state["at"] = start + len(piece)
            job.progress(start + len(piece), len(ids))
    return _job_result(job.job, len(undo))


def undo_bulk_action(*, job: Job, at: datetime) -> int:
    """Put back what a finished job changed; returns how many customers. Once only: NotUndoable after that."""
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job.pk)
        changed = job.memory.pop("undo", None)
        if job.kind != KIND or not job.is_over or changed is None:
            raise NotUndoable(_("This cannot be undone any more."))
        for piece in bulk_changes.chunk_ids(changed):
            _revert_chunk(job, piece, at)
        job.result = {"changed": 0, "undone": len(changed)}
        job.save(update_fields=["memory", "result"])
    return len(changed)


def _apply_action(action: str, value: str, ids: list[int], at: datetime, by: Any, job: Job) -> list[Any]:
    if action == "assign":
        owner = User.objects.filter(public_id=value).values_list("pk", flat=True).first()
        return [
            list(pair) for pair in bulk_changes.assign_owner(ids=ids, owner_id=owner, at=at, by=by, job=job).items()
        ]
    change = bulk_changes.tag_customers if action == "tag" else bulk_changes.untag_customers
    return list(change(ids=ids, tag=value, at=at, by=by, job=job))


def _revert_chunk(job: Job, piece: list[Any], at: datetime) -> None:
    action, value = job.params["action"], job.params["value"]
    if action == "assign":
        for owner in {pair[1] for pair in piece}:
            ids = [customer for customer, former in piece if former == owner]
            bulk_changes.assign_owner(ids=ids, owner_id=owner, at=at, by=job.user, job=job)
    else:
        change = bulk_changes.untag_customers if action == "tag" else bulk_changes.tag_customers
        change(ids=piece, tag=value, at=at, by=job.user, job=job)


def _job_result(job: Job, changed: int) -> dict[str, Any]:
    return {"changed": changed, "undo_url": reverse("customers:bulk_undo", args=[job.public_id])}


def _job_title(action: str, value: str, n: int) -> str:
    if action == "assign":
        name = User.objects.filter(public_id=value).values_list("name", flat=True).first()
        return _("Give %(n)s customers to %(name)s") % {"n": f"{n:,}", "name": name or _("nobody")}
    words = _("Tag %(n)s customers “%(tag)s”") if action == "tag" else _("Take the tag “%(tag)s” off %(n)s customers")
    return words % {"n": f"{n:,}", "tag": value}
