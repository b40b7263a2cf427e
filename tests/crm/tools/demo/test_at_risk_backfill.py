"""The nights before: counted back they say what the night itself would have found."""

from datetime import timedelta

import pytest

from crm.kernel.time import clock
from crm.tools.demo import at_risk_backfill
from retention.reports import services as reports
from retention.reports.models import AtRiskDay


@pytest.mark.parametrize(
    ("regulars", "late_each_night"),
    [(0, {0, 1, 2}), (10, {0, 1, 2, 3})],  # with ten rhythms there is one of the company, for who has none
)
def test_nights_counted_back_say_what_the_nights_would_have_said(make_customer, make_order, regulars, late_each_night):
    now = clock.now()
    histories = [(130, 100, 70), (160, 100, 40), (106, 100, 94), (600, 500, 400), (30,), (75, 74), (450,)]
    for days in histories + [(65, 35, 5)] * regulars:
        customer = make_customer(f"quiet for {days[-1]}")
        for day in days:
            make_order(customer, str(day), placed_at=now - timedelta(days=day, hours=1))
    tonight = reports.record_at_risk_day(at=now)

    at_risk_backfill.backfill_at_risk_days(now + timedelta(days=1))

    nights = list(AtRiskDay.objects.order_by("-day").values_list("customers", flat=True))
    assert AtRiskDay.objects.get(pk=tonight.pk).counted_at == tonight.counted_at
    assert len(nights) == at_risk_backfill.BACKFILL_DAYS
    AtRiskDay.objects.all().delete()
    at_risk_backfill.backfill_at_risk_days(now + timedelta(days=1))
    again = AtRiskDay.objects.get(pk=tonight.pk)
    assert (again.customers, again.value) == (tonight.customers, tonight.value)
    assert list(AtRiskDay.objects.order_by("-day").values_list("customers", flat=True)) == nights
    assert set(nights) == late_each_night
