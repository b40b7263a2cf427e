"""Staff add and change the rewards of the catalogue."""

from datetime import datetime
from typing import Any

from django.db import transaction

from crm.kernel import audit, company
from crm.kernel.auth.models import User
from loyalty.rewards.models import Reward


@transaction.atomic
def add_reward(*, values: dict[str, Any], by: User, at: datetime) -> Reward:
    """Add a reward in the base currency; it is offered at once unless `active` is false."""
    reward = Reward.objects.create(currency=company.get_company().base_currency, created_at=at, **values)
    audit.record_audit_entry(
        "reward.added", reward, by=by, after={name: str(value) for name, value in values.items()}, readable=["value"]
    )
    return reward


@transaction.atomic
def change_reward(*, reward: Reward, values: dict[str, Any], by: User) -> Reward:
    """Change the terms for what is redeemed from now on; issued coupons keep theirs. No change, no audit entry."""
    reward = Reward.objects.select_for_update(no_key=True).get(pk=reward.pk)
    before = {name: str(getattr(reward, name)) for name, value in values.items() if getattr(reward, name) != value}
    if not before:
        return reward
    for name in before:
        setattr(reward, name, values[name])
    reward.save(update_fields=list(before))
    audit.record_audit_entry(
        "reward.changed",
        reward,
        by=by,
        before=before,
        after={name: str(values[name]) for name in before},
        readable=["value"],
    )
    return reward
