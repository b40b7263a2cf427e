"""Who may use the routes of points, rewards and the member page."""

from decimal import Decimal
from typing import Any

from crm.kernel.auth import signed_links
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from customers.orders import services as orders
from customers.orders.models import Order
from customers.profiles import services as customers
from customers.profiles.models import Customer
from loyalty import defaults
from loyalty.account import member_links
from loyalty.rewards import coupons
from loyalty.rewards import services as rewards
from loyalty.rewards.models import Reward
from tests.house.matrix import PUBLIC, SHARED, Row


def member_of(owner: User, spent: int = 5000, name: str = "林嘉怡") -> Customer:
    """A customer with an order, so with points and a tier."""
    defaults.ensure_loyalty_program()
    now = clock.now()
    customer = customers.create_customer(
        display_name=name, email="lin@example.com", language="zh-hans", owner=owner, team=owner.team, at=now
    )
    line = orders.IncomingOrderLine("TEA", unit_price=Decimal(spent), name="Wuyi tea")
    order = orders.IncomingOrder("shop", f"L-{customer.pk}", customer.pk, now, "CNY", (line,))
    orders.record_order(order=order, at=now)
    return customer


def a_member(owner: User) -> dict[str, Any]:
    return {"public_id": member_of(owner).public_id}


def a_link(owner: User) -> dict[str, Any]:
    return {"signed": signed_links.sign_value(member_links.LINK_PURPOSE, member_of(owner).public_id)}


def a_redemption(owner: User) -> dict[str, Any]:
    customer = member_of(owner)
    made = rewards.redeem_reward(customer=customer, reward=Reward.objects.get(), at=clock.now(), key="k")
    return {"public_id": customer.public_id, "redemption_id": made.public_id}


def a_coupon_use(owner: User) -> dict[str, Any]:
    """A coupon that was used on a cancelled order and not given back."""
    customer = member_of(owner)
    coupon = rewards.redeem_reward(customer=customer, reward=Reward.objects.get(), at=clock.now(), key="k").coupon
    assert coupon is not None
    order = Order.objects.filter(customer=customer).latest("pk")
    coupons.use_coupon(
        coupon=coupon, customer=customer, reference=f"{order.source}:{order.number}", amount=None, currency="CNY",
        at=clock.now(),
    )  # fmt: skip
    return {"public_id": order.public_id, "coupon_id": coupon.public_id}


def a_reward(owner: User) -> dict[str, Any]:
    defaults.ensure_loyalty_program()
    return {"public_id": Reward.objects.get().public_id}


def the_rule(owner: User) -> dict[str, Any]:
    defaults.ensure_loyalty_program()
    return {"code": "purchase"}


def a_tier(owner: User) -> dict[str, Any]:
    defaults.ensure_loyalty_program()
    return {"code": "silver"}


def a_till(owner: User) -> dict[str, Any]:
    return {"customer": member_of(owner).public_id}


LINK = ("loyalty.view", "customers.contact")
ROWS = [
    Row("loyalty:my_points", PUBLIC, at=a_link),
    Row("loyalty:my_redeem", PUBLIC, "post", at=a_link, data={"reward": "rw_none", "key": "a"}),
    Row("loyalty:overview", "loyalty.view"),
    Row("loyalty:liability_csv", ("loyalty.view", "metrics.export")),
    Row("loyalty:member_list", "loyalty.view"),
    Row("loyalty:member", "loyalty.view", at=a_member),
    Row("loyalty:member_adjust", "loyalty.adjust", "post", at=a_member),
    Row("loyalty:member_undo", "loyalty.adjust", "post", at=a_member),
    Row("loyalty:member_redeem", "loyalty.redeem", "post", at=a_member),
    Row("loyalty:redemption_cancel", "loyalty.redeem", "post", at=a_redemption),
    Row("loyalty:member_link", LINK, "post", at=a_member),
    Row("loyalty:member_link_send", LINK, "post", at=a_member),
    Row("loyalty:reward_list", "loyalty.view"),
    Row("loyalty:reward_new", "loyalty.manage"),
    Row("loyalty:reward_new", "loyalty.manage", "post"),
    Row("loyalty:reward_edit", "loyalty.manage", at=a_reward, reach=SHARED),
    Row("loyalty:reward_edit", "loyalty.manage", "post", at=a_reward, reach=SHARED),
    Row("loyalty:coupon_return", ("orders.view", "loyalty.redeem"), "post", at=a_coupon_use),
    Row("loyalty:program", "loyalty.view"),
    Row("loyalty:rule_edit", "loyalty.manage", at=the_rule, reach=SHARED),
    Row("loyalty:rule_edit", "loyalty.manage", "post", at=the_rule, reach=SHARED),
    Row("loyalty:tier_edit", "loyalty.manage", at=a_tier, reach=SHARED),
    Row("loyalty:tier_edit", "loyalty.manage", "post", at=a_tier, reach=SHARED),
    Row("points", scope="points:read", at=a_till, reach=SHARED),
    Row("points_quote", scope="points:read", method="post", at=a_till, reach=SHARED),
    Row("points_redeem", scope="points:write", method="post", at=a_till, reach=SHARED),
    Row("coupon_check", scope="coupons:read", method="post"),
    Row("coupon_use", scope="coupons:write", method="post"),
    Row("coupon_return", scope="coupons:write", method="post"),
]
