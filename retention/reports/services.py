"""What the night writes down."""

from datetime import datetime

from django.db import transaction

from crm.kernel import company
from crm.kernel.time import clock
from retention.reports.models import AtRiskDay
from retention.risk import selectors
from retention.risk import services as risk


@transaction.atomic
def record_at_risk_day(*, at: datetime) -> AtRiskDay:
    """Score everybody and write down how many are at risk today; running twice a day keeps the later count."""
    risk.score_customers(at=at)
    found = selectors.risk_totals()
    row, _new = AtRiskDay.objects.update_or_create(
        day=clock.today(company.get_company().time_zone),
        defaults={"customers": found.customers, "value": found.value, "counted_at": at},
    )
    return row
