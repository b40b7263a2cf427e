"""The pages of loyalty."""

from decimal import Decimal
from typing import Any

from crm.kernel import company
from crm.kernel.auth import signed_links
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from customers.orders import services as orders
from customers.orders.models import Order
from customers.profiles.models import Customer
from loyalty import defaults
from loyalty.account import member_links
from loyalty.points import ledger_check
from loyalty.points.program_settings import LoyaltySettings
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


def waiting_orders_of(customer: Customer) -> None:
    """An order that is not paid, and one whose currency has no rate."""
    for number, currency, status in (("W-1", "CNY", "placed"), ("W-2", "JPY", "paid")):
        line = orders.IncomingOrderLine("TEA", unit_price=Decimal(640), name="Wuyi tea")
        order = orders.IncomingOrder(
            "shop", f"{number}-{customer.pk}", customer.pk, clock.now(), currency, (line,), status=status
        )
        orders.record_order(order=order, at=clock.now())


def a_rich_member(owner: User) -> dict[str, Any]:
    """With a redeemed coupon, a correction, a tier and orders that wait."""
    public_id = rights.a_redemption(owner)["public_id"]
    waiting_orders_of(Customer.objects.get(public_id=public_id))
    return {"public_id": public_id}


def an_order_with_a_coupon(owner: User) -> dict[str, Any]:
    """Cancelled, and its coupon can be given back."""
    public_id = rights.a_coupon_use(owner)["public_id"]
    company.change_settings(LoyaltySettings, {"coupons_return": False}, by=owner)
    orders.cancel_order(order=Order.objects.get(public_id=public_id), at=clock.now())
    return {"public_id": public_id}


def a_full_link(owner: User) -> dict[str, Any]:
    customer = rights.member_of(owner, spent=8640)
    rewards.redeem_reward(customer=customer, reward=Reward.objects.get(), at=clock.now(), key="k")
    waiting_orders_of(customer)
    return {"signed": signed_links.sign_value(member_links.LINK_PURPOSE, customer.public_id)}


PAGES = [
    Page("loyalty:overview", at=a_programme),
    Page("loyalty:member_list", more=members),
    Page("loyalty:member_list", query="?tier=silver&q=欧阳", more=members),
    Page("loyalty:member", at=a_rich_member),
    Page("customers:order", at=an_order_with_a_coupon),
    Page("loyalty:reward_list", at=lambda owner: rights.a_reward(owner) and {}),
    Page("loyalty:reward_new", at=lambda owner: rights.a_reward(owner) and {}),
    Page("loyalty:reward_edit", at=rights.a_reward),
    Page("loyalty:program", at=lambda owner: rights.the_rule(owner) and {}),
    Page("loyalty:rule_edit", at=rights.the_rule),
    Page("loyalty:tier_edit", at=rights.a_tier),
    Page("loyalty:my_points", at=a_full_link, by=PUBLIC),
]
NOT_PAGES = {"loyalty:liability_csv": "a file"}
