from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.kernel.time import clock
from loyalty.points.models import EarningRule
from loyalty.tiers.models import Tier, TierGrant


@pytest.mark.parametrize("values", [{"keep_at": 2_001}, {"keep_at": -1}, {"multiplier": 0}, {"ramp": 5}, {"rank": 3}])
def test_a_tier_that_makes_no_sense_is_refused_by_the_database(programme: EarningRule, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Tier.objects.filter(code="silver").update(**values)


def test_a_customer_holds_one_tier(member: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TierGrant.objects.create(
            customer=member, tier=Tier.objects.get(code="gold"), reason="manual", granted_at=clock.now()
        )

    assert TierGrant.objects.get(customer=member, ended_at=None).tier.code == "silver"
