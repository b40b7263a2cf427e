"""What reports write down: the count of the night, and who took figures away."""

from datetime import datetime

from django.db import transaction

from crm.kernel import audit, company
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from crm.kernel.time.periods import Period
from retention.reports.models import AtRiskDay
from retention.risk import selectors
from retention.risk import services as risk


@transaction.atomic
def record_at_risk_day(*, at: datetime) -> AtRiskDay:
    """Score everybody and write down how many are at risk today; running twice a day keeps the later count."""
    risk.score_customers(at=at)
    totals = selectors.risk_totals()
    risk_day, _new = AtRiskDay.objects.update_or_create(
        day=clock.today(company.get_company().time_zone),
        defaults={"customers": totals.customers, "value": totals.value, "counted_at": at},
    )
    return risk_day


def record_figures_export(*, period: Period, by: User) -> None:
    """The audit log says who took the figures of which period away as a file."""
    audit.record_audit_entry("metrics.exported", by=by, after={"start": str(period.start), "end": str(period.end)})
