from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.kernel.time import clock
from loyalty.points.models import EarningRule, PointsAccount


def refused(**values: Any) -> bool:
    fields = {"code": "x", "version": 1, "points": 1, "per": 1, "started_at": clock.now(), **values}
    try:
        with transaction.atomic():
            EarningRule.objects.create(**fields)
    except IntegrityError:
        return True
    return False


@pytest.mark.rule("LO-10")
@pytest.mark.parametrize(
    "values", [{"per": 0}, {"points": -1}, {"expiry_mode": "fixed_date"}, {"code": "purchase", "version": 2}]
)
def test_a_rule_that_makes_no_sense_is_refused_by_the_database(programme: EarningRule, values: dict[str, Any]) -> None:
    assert refused(**values)
    assert not refused()


@pytest.mark.rule("LO-2")
def test_a_balance_below_zero_must_be_covered_by_debt(make_customer: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PointsAccount.objects.create(customer=make_customer(), posted=-5, debt=4, opened_at=clock.now())

    assert PointsAccount.objects.count() == 0
