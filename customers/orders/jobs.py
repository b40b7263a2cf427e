"""The job that values orders anew when an exchange rate is stored."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import company
from crm.kernel.background import jobs
from crm.kernel.time import clock
from customers.orders import exchange_rates, queries


@jobs.register_job_handler(
    exchange_rates.JOB_KIND, goes_on=True, title=lambda params: _("Value orders in %(currency)s") % params
)
def revalue_orders(job: jobs.JobRun) -> dict[str, Any]:
    """Give every order of the currency the rate of its day; summary, points, tier and figures follow, chunk by chunk."""
    done = job.state.setdefault("done", 0)
    currency, zone = job.params["currency"], company.get_company().time_zone
    while chunk := queries.orders_to_revalue(
        currency, after=job.state.get("after", 0), limit=exchange_rates.CHUNK_SIZE, zone=zone
    ):
        with transaction.atomic():
            exchange_rates.revalue_chunk(chunk, clock.now())
            job.state |= {"after": chunk[-1].id, "done": (done := done + len(chunk))}
            job.save_progress(done)
    return {"orders": done}
