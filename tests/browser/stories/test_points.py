"""Points by an order from the shop's own program, a reward on the phone, its coupon used once at the till."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from crm.kernel.api.services import create_api_key
from crm.kernel.time import clock
from loyalty.account import member_links
from loyalty.points import ledger_check
from loyalty.rewards.models import Coupon
from tests.browser.stories.conftest import fits

SCOPES = ["orders:write", "points:read", "coupons:write"]


@pytest.fixture
def post(shop, make_user):
    """POST as the shop's own program: `post("orders/", {…})` → status, answer."""
    _key, secret = create_api_key(name="Shop", scopes=SCOPES, by=make_user("admin"))

    def send(path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {secret}"}
        answer = Client().post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)
        return answer.status_code, answer.json()

    return send


def order_of(customer, number: str) -> dict[str, Any]:
    line = {"sku": "TEA-1", "name": "武夷岩茶", "quantity": "2", "unit_price": "1250.00"}
    return {
        "source": "shop",
        "number": number,
        "customer": customer.public_id,
        "placed_at": clock.now().isoformat(),
        "currency": "CNY",
        "lines": [line],
    }


@pytest.mark.rule("LO-40", "LO-63")
def test_points_reward_coupon_used_once(shop, post, make_customer):
    customer = make_customer("林嘉怡", language="zh-hans", time_zone="Asia/Shanghai")
    assert post("orders/", order_of(customer, "A-1"))[0] in (200, 201)
    assert post("orders/", order_of(customer, "A-1"))[0] == 200  # sent again: the same order, no more points

    phone = shop.phone("zh-hans")
    phone.goto(member_links.sign_member_link(customer))
    expect(phone.locator(".eg-member-points")).to_have_text("2,500")
    assert fits(phone)
    phone.get_by_role("button", name="兑换 20 元优惠券").tap()
    expect(phone.locator(".eg-member-points")).to_have_text("500")
    code = phone.locator(".eg-coupon code").inner_text()
    assert fits(phone)
    assert code == Coupon.objects.get(customer=customer).code

    use = {"code": code, "customer": customer.public_id, "amount": "200.00", "currency": "CNY"}
    status, used = post("coupons/use/", {**use, "reference": "shop:A-2"})
    again, refused = post("coupons/use/", {**use, "reference": "shop:A-3"})

    assert (status, used["taken_off"]) == (201, "20.00")
    assert (again, refused["errors"][0]["code"]) == (409, "used")
    phone.reload()
    expect(phone.locator(".eg-coupon")).to_have_count(0)
    assert ledger_check.verify_ledger().differences == []
