"""What this app hears, and the nightly work that it registers."""

from datetime import datetime

from crm.kernel import sweeps
from retention.reports import services as reports


@sweeps.nightly("at_risk")
def customers_at_risk_are_counted(now: datetime) -> int:
    """Write down today's count and push the risk levels to the customers."""
    return reports.count_at_risk(at=now).customers
