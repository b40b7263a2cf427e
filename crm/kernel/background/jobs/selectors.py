"""What people see of their own jobs."""

from django.db.models import QuerySet

from crm.kernel.background.jobs.models import Job

JOBS_SHOWN = 100


def newest_own_jobs(user_id: int | None) -> QuerySet[Job]:
    """The newest jobs that this person asked for. One query."""
    return Job.objects.filter(user_id=user_id or 0).order_by("-created_at")[:JOBS_SHOWN]


def get_own_job(user_id: int | None, public_id: str) -> Job | None:
    """A job that this person asked for, or None. One query."""
    return Job.objects.filter(user_id=user_id or 0, public_id=public_id).first()
