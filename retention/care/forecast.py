"""How many will enter a programme in its evaluation window, and how many people buy in such a time anyway: rough, and said so."""

from datetime import datetime, timedelta

from customers.orders.models import CustomerSummary
from customers.profiles.models import Customer
from loyalty.points.models import PointsLot
from retention.care.choices import ProgramKind
from retention.care.models import CareProgram
from retention.care.trigger_settings import LapsedSettings

DAYS_OF_YEAR = 365


def expected_enrollments(program: CareProgram, now: datetime) -> int:
    """Entries to expect in one evaluation window, before consent is asked: birthdays evenly over the year; accounts with
    points that lapse in the window; customers whose last purchase, if none follows, lapses in the window."""
    window = timedelta(days=program.evaluation_days)
    if program.kind == ProgramKind.BIRTHDAY:
        people = Customer.objects.current().filter(birth_month__isnull=False).count()
        return min(people, round(people * program.evaluation_days / DAYS_OF_YEAR))
    if program.kind == ProgramKind.EXPIRING:
        lots = PointsLot.objects.filter(remaining__gt=0, expires_at__gt=now, expires_at__lte=now + window)
        return lots.values("account").distinct().count()
    settings = program.settings
    assert isinstance(settings, LapsedSettings)
    until = now + window - timedelta(days=settings.lapse_days)
    since = now - timedelta(days=settings.lapse_days + settings.within_days)
    return CustomerSummary.objects.filter(last_order_at__gte=since, last_order_at__lt=min(until, now)).count()


def base_purchase_rate(days: int, now: datetime) -> float:
    """Of the customers who had ever bought, the share whose last purchase lies within so many days; 0.1 without customers."""
    bought = CustomerSummary.objects.filter(last_order_at__isnull=False)
    total = bought.count()
    return bought.filter(last_order_at__gte=now - timedelta(days=days)).count() / total if total else 0.1
