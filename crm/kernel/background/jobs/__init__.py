"""Jobs: `start_job` makes a row, a worker claims it with a lease, runs its handler and keeps its result."""

from crm.kernel.background.jobs.job_run import JobCancelled, JobFailed, JobLeaseLost, JobOutOfTime, JobRun
from crm.kernel.background.jobs.registry import register_job_ending, register_job_handler
from crm.kernel.background.jobs.services import cancel_job, start_job

__all__ = [
    "JobCancelled",
    "JobFailed",
    "JobLeaseLost",
    "JobOutOfTime",
    "JobRun",
    "cancel_job",
    "register_job_ending",
    "register_job_handler",
    "start_job",
]
