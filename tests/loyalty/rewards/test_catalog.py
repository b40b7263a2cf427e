from typing import Any

from crm.kernel.audit.models import AuditEntry
from crm.kernel.time import clock
from loyalty.points.models import EarningRule
from loyalty.rewards import catalog, services
from loyalty.rewards.models import Coupon, Reward


def test_a_new_reward_is_offered_in_the_base_currency(programme: EarningRule, make_user: Any) -> None:
    manager = make_user("manager")

    reward = catalog.add_reward(
        values={"names": {"en": "Ten off"}, "price": 900, "value": 10}, by=manager, at=clock.now()
    )

    assert (reward.currency, reward.active, reward.kind) == ("CNY", True, "coupon")
    assert AuditEntry.objects.get(action="reward.added").actor == manager


def test_a_change_is_written_once_and_issued_coupons_keep_their_terms(member: Any, make_user: Any) -> None:
    manager, reward = make_user("manager"), Reward.objects.get()
    services.redeem_reward(customer=member, reward=reward, at=clock.now(), key="k")

    for _turn in range(2):
        reward = catalog.change_reward(reward=reward, values={"value": 30, "price": 2_000}, by=manager)

    entry = AuditEntry.objects.get(action="reward.changed")
    assert (reward.value, Coupon.objects.get().value) == (30, 20)
    assert (entry.before, entry.after) == ({"value": "20.00"}, {"value": "30"})
