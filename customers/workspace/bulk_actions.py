"""Changes to many customers: up to 500 at once, more in the background; each is stored as a job, so it can be undone."""

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
    """No customer is selected."""


class NotUndoable(Exception):
    """The job was undone already, or cannot be."""


@dataclass(frozen=True)
class CustomerSelection:
    """Customers ticked one by one, or all that an address of the list shows."""

    ids: list[str]
    query: str = ""
    selects_all: bool = False

    def customer_ids(self, user: User, now: datetime) -> list[int]:
        """Ids of the selected customers in the user's scope, in ascending order."""
        if self.selects_all:
            customers = list_query.parse_list_query(QueryDict(self.query), user, now).customers
        else:
            customers = Customer.objects.visible_to(user).filter(public_id__in=self.ids)
        return list(customers.order_by("pk").values_list("pk", flat=True))


def start_bulk_action(*, selection: CustomerSelection, action: str, value: str, user: User, at: datetime) -> Job:
    """Tag, untag or assign the selected customers: up to 500 at once, more by a job with progress.

    Raises NobodySelected where the selection is empty, and BadFilter where its address makes no sense.
    """
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


def apply_bulk_job(job: jobs.JobRun) -> dict[str, Any]:
    """Apply a bulk action chunk by chunk; what was changed is stored with each chunk, for a restart and for the undo."""
    ids, user = job.params["ids"], job.job.user
    undo: list[Any] = job.state.setdefault("undo", [])
    for start in range(job.state.get("at", 0), len(ids), bulk_changes.CHUNK_SIZE):
        chunk = ids[start : start + bulk_changes.CHUNK_SIZE]
        with transaction.atomic():
            undo += _apply_action(job.params["action"], job.params["value"], chunk, clock.now(), user, job.job)
            job.state["at"] = start + len(chunk)
            job.save_progress(start + len(chunk), len(ids))
    return _job_result(job.job, len(undo))


def undo_bulk_action(*, job: Job, at: datetime) -> int:
    """Revert what a finished job changed; returns how many customers. Raises NotUndoable the second time."""
    with transaction.atomic():
        job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
        changed = job.memory.pop("undo", None)
        if job.kind != KIND or not job.is_over or changed is None:
            raise NotUndoable(_("This cannot be undone any more."))
        for chunk in bulk_changes.chunk_ids(changed):
            _revert_chunk(job, chunk, at)
        job.result = {"changed": 0, "undone": len(changed)}
        job.save(update_fields=["memory", "result"])
    return len(changed)


def _apply_action(action: str, value: str, ids: list[int], at: datetime, by: User | None, job: Job) -> list[Any]:
    if action == "assign":
        owner = User.objects.filter(public_id=value).values_list("pk", flat=True).first()
        return [
            list(pair) for pair in bulk_changes.assign_owner(ids=ids, owner_id=owner, at=at, by=by, job=job).items()
        ]
    change = bulk_changes.tag_customers if action == "tag" else bulk_changes.untag_customers
    return list(change(ids=ids, tag=value, at=at, by=by, job=job))


def _revert_chunk(job: Job, chunk: list[Any], at: datetime) -> None:
    action, value = job.params["action"], job.params["value"]
    if action == "assign":
        for owner in {former for _customer, former in chunk}:
            ids = [customer for customer, former in chunk if former == owner]
            bulk_changes.assign_owner(ids=ids, owner_id=owner, at=at, by=job.user, job=job)
    else:
        change = bulk_changes.untag_customers if action == "tag" else bulk_changes.tag_customers
        change(ids=chunk, tag=value, at=at, by=job.user, job=job)


def _job_result(job: Job, changed: int) -> dict[str, Any]:
    return {"changed": changed, "undo_url": reverse("customers:bulk_undo", args=[job.public_id])}


def _job_title(action: str, value: str, count: int) -> str:
    if action == "assign":
        name = User.objects.filter(public_id=value).values_list("name", flat=True).first()
        return _("Give %(n)s customers to %(name)s") % {"n": f"{count:,}", "name": name or _("nobody")}
    text = _("Tag %(n)s customers “%(tag)s”") if action == "tag" else _("Take the tag “%(tag)s” off %(n)s customers")
    return text % {"n": f"{count:,}", "tag": value}
