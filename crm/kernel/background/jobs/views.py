"""A job's progress, its cancel button, its file."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.kernel.auth import access
from crm.kernel.background import jobs
from crm.kernel.background.jobs import selectors
from crm.kernel.background.jobs.models import Job
from crm.kernel.http import htmx


@access.require_login
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """The person's own jobs, newest first."""
    return render(request, "kernel/jobs/job_list.html", {"jobs": selectors.newest_own_jobs(request.user.pk)})


@access.require_login
@require_safe
def job(request: HttpRequest, public_id: str) -> HttpResponse:
    """One job with its progress and result."""
    return render(request, "kernel/jobs/job.html", {"job": _get_own_job(request, public_id)})


@access.require_login
@require_safe
def job_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The progress fragment that polls itself until the job is over."""
    return render(request, "components/job.html", {"job": _get_own_job(request, public_id)})


@access.require_login
@require_POST
def job_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask the job to stop."""
    job = _get_own_job(request, public_id)
    jobs.cancel_job(job)
    job.refresh_from_db()
    return htmx.add_toast(render(request, "components/job.html", {"job": job}), _("The job stops at its next step."))


@access.require_login
@require_safe
def job_file(request: HttpRequest, public_id: str) -> FileResponse:
    """The job's file, always as a download."""
    job = _get_own_job(request, public_id)
    if not job.file:
        raise Http404
    return FileResponse(job.file.open("rb"), as_attachment=True, filename=job.file_name)


def _get_own_job(request: HttpRequest, public_id: str) -> Job:
    own_job = selectors.get_own_job(request.user.pk, public_id)
    if own_job is None:
        raise Http404
    return own_job
