"""The pages of loyalty."""

from typing import Any

from crm.kernel.auth import signed_links
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from loyalty import defaults
from loyalty.account import member_links
from loyalty.points import ledger_check
from loyalty.rewards import services as rewards
from loyalty.rewards.models import Reward
from tests.house.gallery import Page
from tests.house.matrix import PUBLIC
from tests.house.rights import loyalty as rights


def members(owner: User, count: int) -> None:
    """Members of every tier, each with points."""
    for number in range(count):
        rights.member_of(owner, spent=900 * (number % 20 + 3), name=f"欧阳小美 Mei {number}")


def a_programme(owner: User) -> dict[str, Any]:
    defaults.ensure_loyalty_program()
    members(owner, 12)
    ledger_check.record_ledger_proof(clock.now())
    return {}


def a_rich_member(owner: User) -> dict[str, Any]:
    """With a redeemed coupon, a correction and a tier."""
    return {"public_id": rights.a_redemption(owner)["public_id"]}


def a_full_link(owner: User) -> dict[str, Any]:
    customer = rights.member_of(owner, spent=8640)
    rewards.redeem_reward(customer=customer, reward=Reward.objects.get(), at=clock.now(), key="k")
    return {"signed": signed_links.sign_value(member_links.LINK_PURPOSE, customer.public_id)}


PAGES = [
    Page("loyalty:overview", at=a_programme),
    Page("loyalty:member_list", more=members),
    Page("loyalty:member_list", query="?tier=silver&q=欧阳", more=members),
    Page("loyalty:member", at=a_rich_member),
    Page("loyalty:reward_list", at=lambda owner: rights.a_reward(owner) and {}),
    Page("loyalty:reward_new", at=lambda owner: rights.a_reward(owner) and {}),
    Page("loyalty:reward_edit", at=rights.a_reward),
    Page("loyalty:program", at=lambda owner: rights.the_rule(owner) and {}),
    Page("loyalty:rule_edit", at=rights.the_rule),
    Page("loyalty:tier_edit", at=rights.a_tier),
    Page("loyalty:my_points", at=a_full_link, by=PUBLIC),
]
NOT_PAGES = {"loyalty:liability_csv": "a file"}
