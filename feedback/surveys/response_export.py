"""The answers of a survey as a file: a job, audited; the person gets the customers whom he may see."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel import audit, company
from crm.kernel.auth import access
from crm.kernel.background import jobs
from crm.kernel.background.jobs.models import Job
from crm.kernel.files import csv_cells
from crm.kernel.time import clock
from crm.kernel.time.periods import Period
from feedback.surveys import selectors
from feedback.surveys.models import Response, Survey

EXPORT_JOB = "surveys.export"
RESPONSES_PER_CHUNK = 1_000


def start_response_export(*, survey: Survey, period: Period, user: Any, at: datetime) -> Job:
    """Ask for the file of a survey's answers in a period; the asking is audited."""
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


@jobs.register_job_handler(EXPORT_JOB, title=lambda asked: _("Answers of “%(survey)s”") % {"survey": asked["name"]})
def write_response_export(job: jobs.JobRun) -> dict[str, Any]:
    """Write the file; after a restart it is written anew."""
    user, survey = job.job.user, selectors.find_survey(job.params["survey"])
    if user is None or survey is None or not access.has_permission(user, "customers.export"):
        raise jobs.JobFailed(_("You may not export answers any more."))
    period = Period(date.fromisoformat(job.params["start"]), date.fromisoformat(job.params["end"]))
    rows = selectors.visible_responses(survey, period, user, group="*").order_by("at", "pk")
    with (
        translation.override(job.params["language"]),
        tempfile.NamedTemporaryFile("w+", encoding="utf-8", newline="") as file,
    ):
        writer = csv_cells.CsvWriter(file, _header())
        writer.write(_lines(rows, job))
        file.flush()
        with open(file.name, "rb") as written:
            job.attach(
                f"answers-{survey.key or survey.public_id}-{clock.today(company.get_company().time_zone)}.csv",
                File(written),
            )
    audit.record_audit_entry("surveys.exported", survey, by=user, count=writer.rows, job=job.job)
    return {"rows": writer.rows}


def _header() -> list[str]:
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


def _lines(rows: Any, job: jobs.JobRun) -> Iterator[list[Any]]:
    total = rows.count()
    response: Response
    for number, response in enumerate(rows.iterator(chunk_size=RESPONSES_PER_CHUNK), 1):
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
            job.progress(number, total)
