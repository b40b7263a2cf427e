"""What to expect of a programme before it starts: how many enter in its evaluation window, which effect could be seen.

Rough, and said so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from customers.orders.models import CustomerSummary
from retention.care import rules
from retention.care.models import CareProgram
from retention.care.triggers.base import TRIGGER_KINDS


@dataclass(frozen=True)
class ProgramForecast:
    """What a programme may find in its evaluation window: how many enter, how they split, the effect that would be seen."""

    expected_enrollments: int
    treated: int
    held_out: int
    base_rate: float
    smallest_effect: float | None


def forecast_program(program: CareProgram, now: datetime) -> ProgramForecast:
    """What can be seen at the programme's holdout; shown before the start. Three queries."""
    window = timedelta(days=program.evaluation_days)
    expected = TRIGGER_KINDS.get(program.kind).expected_enrollments(program.settings.trigger, window, now)
    treated, held_out = rules.split_by_holdout(expected, float(program.holdout_share))
    rate = base_purchase_rate(window, now)
    effect = rules.smallest_detectable_effect(rate, treated, held_out)
    return ProgramForecast(expected, treated, held_out, rate, effect)


def base_purchase_rate(window: timedelta, now: datetime) -> float:
    """Of the customers who had ever bought, the share whose last purchase lies in the window before now; 0.1 without
    customers."""
    bought = CustomerSummary.objects.filter(last_order_at__isnull=False)
    total = bought.count()
    return bought.filter(last_order_at__gte=now - window).count() / total if total else 0.1
