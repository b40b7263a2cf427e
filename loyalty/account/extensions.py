"""Loyalty on the pages of customers and orders, the mail with the member's link, and labels of the audit log."""

from typing import Any

from django.utils.translation import gettext_lazy

from crm.kernel.audit import labels
from crm.kernel.auth.models import User
from crm.kernel.time import clock
from customers.messaging.content import template_catalog
from customers.messaging.content.template_catalog import TemplateVariable
from customers.orders.models import Order
from customers.orders.sockets import OrderPanel
from customers.profiles.models import Customer
from customers.workspace import customer_page
from customers.workspace.sockets import CustomerPanel
from loyalty.account import selectors, waiting_orders
from loyalty.account.emails import LINK_TEMPLATE
from loyalty.points import earnable_orders
from loyalty.points import selectors as points
from loyalty.rewards import selectors as rewards
from loyalty.tiers import selectors as tiers


def loyalty_panel_context(customer: Customer, user: User) -> dict[str, Any] | None:
    """Points, what expires next, tier with progress; None for customers without an account. Five queries, and more where orders wait.

    What the programme has switched off is left out; None if that is all. Points of orders that wait are shown apart.
    """
    now = clock.now()
    balance = points.points_balances([customer.pk], now).get(customer.pk)
    if balance is None:
        return None
    standing, shows_points = tiers.get_tier_standing(customer.pk, now), selectors.shows_points(balance)
    if standing is None and not shows_points:
        return None
    return {
        "balance": balance,
        "standing": standing,
        "customer": customer,
        "shows_points": shows_points,
        "waiting": waiting_orders.customer_waiting_orders(customer.pk)
        if customer_page.has_waiting_orders(customer)
        else waiting_orders.WaitingOrders(),
    }


LOYALTY_PANEL = CustomerPanel(
    "loyalty",
    gettext_lazy("Loyalty"),
    "loyalty/account/panel.html",
    loyalty_panel_context,
    place="left",
    order=10,
    permission="loyalty.view",
)


def order_points_context(order: Order, user: User) -> dict[str, Any] | None:
    """The entries of the order, or what it will earn once it counts; None if there is neither. One query, or four."""
    entries = points.order_entries(order)
    waiting = waiting_orders.waiting_orders([order])
    return {"entries": entries, "waiting": waiting} if entries or waiting.orders else None


ORDER_POINTS_PANEL = OrderPanel(
    "points",
    gettext_lazy("Points"),
    "loyalty/account/order_panel.html",
    order_points_context,
    permission="loyalty.view",
)


def order_coupons_context(order: Order, user: User) -> dict[str, Any] | None:
    """Coupons used on the order, and whether they can be given back; None if there are none. One query."""
    uses = rewards.coupon_uses_of_order(order)
    return {"uses": uses, "order": order, "is_undone": earnable_orders.is_order_undone(order)} if uses else None


ORDER_COUPONS_PANEL = OrderPanel(
    "coupons",
    gettext_lazy("Coupons"),
    "loyalty/account/order_coupons.html",
    order_coupons_context,
    order=60,
    permission="loyalty.view",
)

template_catalog.declare_template(
    LINK_TEMPLATE,
    name=gettext_lazy("Link to the member page"),
    purpose="transactional",
    topic="service",
    variables={
        "link": TemplateVariable(gettext_lazy("Link to the member page"), "https://shop.example/m/…"),
        "programme": TemplateVariable(gettext_lazy("Name of the programme"), "Evergreen Circle"),
        "days": TemplateVariable(gettext_lazy("Days the link works"), 90),
    },
    texts={
        "en": {
            "subject": "Your points at {{ company }}",
            "body": "Hello {{ name }},\n\nhere is your own page of {{ programme }}: your points, "
            "what expires next, your tier, rewards and coupons.\n\n"
            "[Open my page]({{ link }})\n\nThe link works for {{ days }} days and shows your account only, "
            "so please keep it to yourself.\n\n{{ company }}",
        },
        "zh-hans": {
            "subject": "您在{{ company }}的积分",
            "body": "{{ name }}，您好：\n\n这是您的{{ programme }}个人页面，可以查看积分、即将到期的积分、会员等级、奖励和优惠券。\n\n"
            "[打开我的页面]({{ link }})\n\n链接 {{ days }} 天内有效，只显示您本人的账户，请勿转发给他人。\n\n{{ company }}",
        },
        "zh-hant": {
            "subject": "您在{{ company }}的點數",
            "body": "{{ name }}，您好：\n\n這是您的{{ programme }}個人頁面，可以查看點數、即將到期的點數、會員等級、獎勵和優惠券。\n\n"
            "[開啟我的頁面]({{ link }})\n\n連結 {{ days }} 天內有效，只顯示您本人的帳戶，請勿轉寄給他人。\n\n{{ company }}",
        },
    },
)

labels.action_labels.update(
    {
        "member_link.sent": gettext_lazy("Link to the member page sent"),
        "member_link.made": gettext_lazy("Link to the member page made"),
        "points.liability_exported": gettext_lazy("Points liability exported"),
    }
)
