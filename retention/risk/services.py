"""Pushing the risk level down to the customer, where lists, tickets and segments read it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from customers.profiles import facts
from customers.profiles.models import CustomerFact
from retention.risk import rules, selectors


@transaction.atomic
def push_levels(*, at: datetime) -> int:
    """Set the fact `risk` (level, score) of everybody at risk and take it from those who no longer are; set-based."""
    late: Any = selectors.at_risk(at).order_by("customer_id")
    rows = late.values_list("customer_id", "quiet", "gap_days").iterator()
    found = {customer: rules.risk(quiet, gap) for customer, quiet, gap in rows}
    changed = facts.push("risk", {pk: (risk.level.value, risk.score) for pk, risk in found.items()}, at)
    over = (
        CustomerFact.objects.filter(kind="risk")
        .exclude(customer_id__in=list(found))
        .values_list("customer_id", flat=True)
    )
    return changed + facts.clear("risk", list(over))
