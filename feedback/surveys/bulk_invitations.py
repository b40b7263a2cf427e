"""Asking many customers as a job: everybody who bought lately."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel import audit
from crm.kernel.auth import access
from crm.kernel.auth.models import User
from crm.kernel.background import jobs
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.orders.models import CustomerSummary
from customers.profiles.models import Customer
from feedback.surveys import invitations, selectors
from feedback.surveys.models import Survey

SEND_JOB = "surveys.send"
CUSTOMERS_PER_CHUNK = 1_000


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
        job.progress(state["done"], len(ids))
    return {"customers": len(ids), "invited": state["invited"], "withheld": state["withheld"]}
