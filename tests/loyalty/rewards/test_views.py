from decimal import Decimal
from typing import Any

import pytest

from crm.kernel.time import clock
from customers.orders import services as orders
from loyalty.points.models import EarningRule
from loyalty.rewards import coupons, services
from loyalty.rewards.models import Reward


@pytest.mark.rule("LO-40")
def test_a_reward_is_added_in_three_languages(programme: EarningRule, client_as: Any) -> None:
    form = {
        "name_en": "Tasting for two", "name_hans": "双人品茶会", "name_hant": "雙人品茶會", "price": "9000", "stock": "48",
        "tier_rank": "3", "discount": "percent", "value": "10", "minimum": "0", "valid_days": "30", "active": "on",
    }  # fmt: skip
    client = client_as("marketing")

    made = client.post("/loyalty/rewards/new/", form)
    refused = client.post("/loyalty/rewards/new/", {**form, "value": "101"})

    assert (made.status_code, refused.status_code) == (302, 422)
    reward = Reward.objects.get(price=9000)
    assert (reward.names["zh-hant"], reward.stock, reward.tier_rank, reward.currency) == ("雙人品茶會", 48, 3, "CNY")


@pytest.mark.rule("LO-41")
def test_staff_give_a_coupon_back_on_the_page_of_its_order(
    member: Any, make_order: Any, client_as: Any, change_program: Any
) -> None:
    change_program(coupons_return=False)
    now = clock.now()
    redemption = services.redeem_reward(customer=member, reward=Reward.objects.get(), at=now, key="k")
    coupon = redemption.coupon
    assert coupon is not None
    order = make_order(member, "200", number="B-2")
    coupons.use_coupon(
        coupon=coupon, customer=member, reference="shop:B-2", amount=Decimal(200), currency="CNY", at=now
    )
    client, page = client_as("service"), f"/orders/{order.public_id}/"
    path = f"/loyalty/orders/{order.public_id}/coupons/{coupon.public_id}/return/"

    standing = client.get(page).content.decode()
    client.post(path)
    coupon.refresh_from_db()
    uses_of_standing = coupon.uses
    orders.cancel_order(order=order, at=now)
    cancelled = client.get(page).content.decode()
    answer = client.post(path)
    coupon.refresh_from_db()

    assert coupon.code in standing
    assert (path in standing, path in cancelled, path in client.get(page).content.decode()) == (False, True, False)
    assert (uses_of_standing, coupon.uses, answer["Location"]) == (1, 0, page)
    assert client.post(f"/loyalty/orders/{order.public_id}/coupons/{coupon.code}/return/").status_code == 404
