"""What the night writes down for the reports."""

from datetime import datetime

from crm.kernel.background import scheduler
from retention.reports import services


@scheduler.register_nightly("at_risk")
def customers_at_risk_are_counted(now: datetime) -> int:
    """Score everybody anew, for time has gone by, and write down today's count."""
    return services.record_at_risk_day(at=now).customers
