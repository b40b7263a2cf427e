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

KIND = "surveys.export"
CHUNK = 1_000


def begin(*, survey: Survey, period: Period, user: Any, at: datetime) -> Job:
    """Ask for the file of a survey's answers in a period; the asking is audited."""
    job = jobs.start(
        KIND,
        user=user,
        survey=survey.public_id,
        name=survey.title,
        start=period.start.isoformat(),
        end=period.end.isoformat(),
        language=translation.get_language(),
    )
    audit.record("surveys.export_asked", survey, by=user, after={"start": period.start, "end": period.end}, job=job)
    return job


@jobs.handler(KIND, title=lambda asked: _("Answers of “%(survey)s”") % {"survey": asked["name"]})
def run(job: jobs.Run) -> dict[str, Any]:
    """Write the file; after a restart it is written anew."""
    user, survey = job.job.user, selectors.survey_by_public_id(job.params["survey"])
    if user is None or survey is None or not access.may(user, "customers.export"):
        raise jobs.Failed(_("You may not export answers any more."))
    period = Period(date.fromisoformat(job.params["start"]), date.fromisoformat(job.params["end"]))
    rows = selectors.responses(survey, period, user, group="*").order_by("at", "pk")
    with (
        translation.override(job.params["language"]),
        tempfile.NamedTemporaryFile("w+", encoding="utf-8", newline="") as file,
    ):
        writer = csv_cells.CsvWriter(file, _header())  # type: ignore[arg-type]
        writer.write(_lines(rows, job))
        file.flush()
        with open(file.name, "rb") as written:
            job.attach(
                f"answers-{survey.key or survey.public_id}-{clock.today(company.get().time_zone)}.csv", File(written)
            )
    audit.record("surveys.exported", survey, by=user, count=writer.rows, job=job.job)
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


def _lines(rows: Any, job: jobs.Run) -> Iterator[list[Any]]:
    total = rows.count()
    response: Response
    for number, response in enumerate(rows.iterator(chunk_size=CHUNK), 1):
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
        if number % CHUNK == 0:
            job.progress(number, total)
