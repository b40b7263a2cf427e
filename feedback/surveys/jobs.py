"""Background work of surveys: asking everybody who bought lately, and the file of the answers."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import File
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel import audit, company
from crm.kernel.auth import access
from crm.kernel.auth.models import User
from crm.kernel.background import jobs
from crm.kernel.background.jobs.models import Job
from crm.kernel.files import csv_cells
from crm.kernel.time import clock
from crm.kernel.time.periods import Period
from customers.orders.models import CustomerSummary
from customers.profiles.models import Customer
from feedback.surveys import invitations, selectors
from feedback.surveys.models import Response, Survey

SEND_JOB = "surveys.send"
EXPORT_JOB = "surveys.export"
CUSTOMERS_PER_CHUNK = 1_000
RESPONSES_PER_CHUNK = 1_000


def start_bulk_invitation(*, survey: Survey, bought_days: int, user: User, at: datetime) -> Job:
    """Ask the customers whom the user may see and who bought in the last days, as a job; the request is audited."""
    job = jobs.start_job(SEND_JOB, user=user, survey=survey.public_id, name=survey.title, bought_days=bought_days)
    audit.record_audit_entry("surveys.send_asked", survey, by=user, after={"bought_days": bought_days}, job=job)
    return job


@jobs.register_job_handler(
    SEND_JOB, goes_on=True, title=lambda params: _("Send “%(survey)s”") % {"survey": params["name"]}
)
def invite_recent_buyers(job: jobs.JobRun) -> dict[str, Any]:
    """Chunk by chunk; after a restart it goes on, and nobody is asked twice, because the occasion names the job."""
    user, survey = job.job.user, selectors.find_survey(job.params["survey"])
    if user is None or survey is None or not access.has_permission(user, "surveys.manage"):
        raise jobs.JobFailed(_("You may not send surveys any more."))
    since = clock.now() - timedelta(days=job.params["bought_days"])
    buyers = CustomerSummary.objects.filter(last_order_at__gte=since).values("customer")
    ids = list(
        Customer.objects.current().visible_to(user).filter(pk__in=buyers).order_by("pk").values_list("pk", flat=True)
    )
    state: dict[str, Any] = {"done": 0, "invited": 0, "withheld": {}, **job.state}
    for start in range(state["done"], len(ids), CUSTOMERS_PER_CHUNK):
        result = invitations.invite_customers(
            survey=survey,
            customer_ids=ids[start : start + CUSTOMERS_PER_CHUNK],
            occasion=f"job:{job.job.public_id}",
            at=clock.now(),
            by=user,
        )
        state["done"], state["invited"] = min(start + CUSTOMERS_PER_CHUNK, len(ids)), state["invited"] + result.invited
        for reason, n in result.withheld.items():
            state["withheld"][str(reason)] = state["withheld"].get(str(reason), 0) + n
        job.state.update(state)
        job.save_progress(state["done"], len(ids))
    return {"customers": len(ids), "invited": state["invited"], "withheld": state["withheld"]}


def start_response_export(*, survey: Survey, period: Period, user: User, at: datetime) -> Job:
    """Write the answers of a period to a file, as a job; the request is audited."""
    job = jobs.start_job(
        EXPORT_JOB,
        user=user,
        survey=survey.public_id,
        name=survey.title,
        start=period.start.isoformat(),
        end=period.end.isoformat(),
        language=translation.get_language(),
    )
    audit.record_audit_entry(
        "surveys.export_asked", survey, by=user, after={"start": period.start, "end": period.end}, job=job
    )
    return job


@jobs.register_job_handler(EXPORT_JOB, title=lambda params: _("Answers of “%(survey)s”") % {"survey": params["name"]})
def write_response_export(job: jobs.JobRun) -> dict[str, Any]:
    """Write the answers of the customers whom the user may see; after a restart the file is written anew."""
    user, survey = job.job.user, selectors.find_survey(job.params["survey"])
    if user is None or survey is None or not access.has_permission(user, "customers.export"):
        raise jobs.JobFailed(_("You may not export answers any more."))
    period = Period(date.fromisoformat(job.params["start"]), date.fromisoformat(job.params["end"]))
    responses = selectors.visible_responses(survey, period, user, group="*").order_by("at", "pk")
    with (
        translation.override(job.params["language"]),
        tempfile.NamedTemporaryFile("w+", encoding="utf-8", newline="") as file,
    ):
        writer = csv_cells.CsvWriter(file, _export_header(), ZoneInfo(user.time_zone))
        writer.write(_export_rows(responses, job))
        file.flush()
        with open(file.name, "rb") as written:
            job.attach_file(
                f"answers-{survey.key or survey.public_id}-{clock.today(company.get_company().time_zone)}.csv",
                File(written),
            )
    audit.record_audit_entry("surveys.exported", survey, by=user, count=writer.rows, job=job.job)
    return {"rows": writer.rows}


def _export_header() -> list[str]:
    return [
        _("When"),
        _("Customer id"),
        _("Customer"),
        _("Score"),
        _("Group"),
        _("Words"),
        _("Language"),
        _("Channel"),
        _("Staff"),
    ]


def _export_rows(responses: QuerySet[Response], job: jobs.JobRun) -> Iterator[list[Any]]:
    total = responses.count()
    for number, response in enumerate(responses.iterator(chunk_size=RESPONSES_PER_CHUNK), 1):
        yield [
            response.at,
            response.customer.public_id,
            response.customer.display_name,
            response.score,
            response.get_group_display(),
            response.comment,
            response.language,
            response.get_channel_display(),
            str(response.staff or ""),
        ]
        if number % RESPONSES_PER_CHUNK == 0:
            job.save_progress(number, total)
