"""What this app hears, and the nightly work that it registers."""

from datetime import datetime

from crm.kernel import sweeps
from retention.care import defaults as care_defaults
from retention.care import rhythm as care_rhythm
from retention.reports import services as reports

__all__ = ["care_defaults", "care_rhythm", "customers_at_risk_are_counted"]


@sweeps.nightly("at_risk")
def customers_at_risk_are_counted(now: datetime) -> int:
    """Write down today's count and push the risk levels to the customers."""
    return reports.count_at_risk(at=now).customers
