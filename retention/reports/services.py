"""What the night writes down."""

from datetime import datetime

from django.db import transaction

from crm.kernel import clock, company
from retention.reports.models import AtRiskDay
from retention.risk import selectors
from retention.risk import services as risk


@transaction.atomic
def count_at_risk(*, at: datetime) -> AtRiskDay:
    """Count today's customers at risk and push their levels down; running twice a day keeps the later count."""
    number, value = selectors.totals(at)
    day = clock.today(company.get().time_zone)
    row, _new = AtRiskDay.objects.update_or_create(
        day=day, defaults={"customers": number, "value": value, "counted_at": at}
    )
    risk.push_levels(at=at)
    return row
