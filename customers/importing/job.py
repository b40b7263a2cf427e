"""The import as a job: progress for whoever waits, a notice when it is over."""

from typing import Any

from crm.kernel import clock, jobs
from customers.importing import services
from customers.importing.choices import ImportState
from customers.importing.models import Import


@jobs.handler("import")
def run_import(job: jobs.Run) -> dict[str, Any]:
    """Run to the end, or leave the import resumable and say so."""
    batch = Import.objects.get(pk=job.params["batch"])
    try:
        return services.run(batch=batch, at=clock.now(), by=job.job.user, progress=job.progress)
    except jobs.Cancelled:
        Import.objects.filter(pk=batch.pk).update(state=ImportState.FAILED)
        raise


@jobs.handler("import_check")
def check_import(job: jobs.Run) -> dict[str, Any]:
    """The dry run. The import stays *checking* until the end, so that whoever waits is not sent back to the mapping."""
    batch = Import.objects.get(pk=job.params["batch"])
    so_far = [0, 0]

    def remember(done: int, total: int) -> None:
        so_far[:] = done, total

    try:
        with job.kept_alive(lambda: (so_far[0], so_far[1])):
            outcome = services.check(batch=batch, at=clock.now(), progress=remember)
    except Exception:
        Import.objects.filter(pk=batch.pk, state=ImportState.CHECKING).update(state=ImportState.UPLOADED)
        raise
    return {name: outcome[name] for name in ("rows", "rejected")}
