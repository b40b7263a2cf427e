"""The import as a job: its progress, a notice when it is over, and the reason where it broke off."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.background import jobs
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.importing import services
from customers.importing.choices import ImportState
from customers.importing.models import Import


@jobs.register_job_handler("import", goes_on=True, title=lambda params: _("Import %(file)s") % params)
def run_import(job: jobs.JobRun) -> dict[str, Any]:
    """Run the import to its end, from where the attempt before broke off."""
    batch = Import.objects.get(pk=job.params["batch"])
    with _refusal_as_failure():
        try:
            return services.execute_import(batch=batch, at=clock.now(), by=job.job.user, progress=job.save_progress)
        except services.ImportAlreadyRunning as refusal:
            # The session of a killed worker holds the import until its statement ends: tried again with the next lease.
            raise jobs.JobLeaseLost from refusal


@jobs.register_job_handler("import_check", title=lambda params: _("Check %(file)s") % params)
def check_import(job: jobs.JobRun) -> dict[str, Any]:
    """The dry run. The import stays *checking* until its end, so that who waits is not sent back to the mapping."""
    batch = Import.objects.get(pk=job.params["batch"])
    with _refusal_as_failure():
        outcome = services.dry_run_import(batch=batch, at=clock.now(), progress=job.report_progress)
    return {name: outcome[name] for name in ("rows", "rejected")}


@contextmanager
def _refusal_as_failure() -> Iterator[None]:
    try:
        yield
    except (
        services.UnreadableFile,
        services.MissingColumns,
        services.BadImportOption,
        services.ImportAlreadyRunning,
    ) as refusal:
        raise jobs.JobFailed(str(refusal)) from refusal


@jobs.register_job_ending("import")
def stopped_import_can_go_on(job: Job) -> None:
    """An import that did not come to its end says so, whatever ended it."""
    if job.state != Job.State.DONE:
        Import.objects.filter(job=job, state=ImportState.RUNNING).update(state=ImportState.FAILED)


@jobs.register_job_ending("import_check")
def stopped_check_leads_back_to_the_columns(job: Job) -> None:
    """Its reason stands in the job, and on the page of the columns."""
    if job.state != Job.State.DONE:
        Import.objects.filter(job=job, state=ImportState.CHECKING).update(state=ImportState.UPLOADED)
