from typing import Any

import pytest

from crm.kernel.templatetags import crm as written
from crm.kernel.time import clock
from loyalty.points import expiry
from loyalty.points.models import EarningRule, LedgerEntry, PointsLot
from loyalty.points.rules import expiry_day
from loyalty.rewards.models import Coupon, Redemption, Reward


@pytest.mark.rule("LO-5")
def test_staff_correct_points_once_per_form(member: Any, client_as: Any, balance: Any) -> None:
    client = client_as("service")
    form = {"points": "120", "reason": "Late parcel", "key": "f1"}

    answers = [client.post(f"/loyalty/members/{member.public_id}/adjust/", form) for _turn in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert balance(member).available == 5120
    assert "Late parcel" in client.get(f"/loyalty/members/{member.public_id}/").content.decode()


@pytest.mark.rule("LO-5")
@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"points": "501", "reason": "Gift", "key": "f"}, 409),
        ({"points": "-501", "reason": "Gift", "key": "f"}, 409),
        ({"points": "ten", "reason": "Gift", "key": "f"}, 422),
        ({"points": "10", "reason": "", "key": "f"}, 422),
        ({"points": "9" * 40, "reason": "Gift", "key": "f"}, 422),
    ],
)
def test_a_wrong_correction_names_its_field_and_changes_nothing(
    member: Any, client_as: Any, balance: Any, form: dict[str, str], status: int
) -> None:
    answer = client_as("service").post(f"/loyalty/members/{member.public_id}/adjust/", form)

    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()
    assert balance(member).posted == 5000


def test_account_without_a_tier_is_shown_and_takes_points(
    programme: EarningRule, client_as: Any, make_customer: Any, balance: Any
) -> None:
    """Before the first order, and for good where a programme has points only."""
    newcomer, client = make_customer("周雨桐"), client_as("service")
    path = f"/loyalty/members/{newcomer.public_id}/"

    before = client.get(path)
    client.post(f"{path}adjust/", {"points": "50", "reason": "Welcome", "key": "f1"})

    assert (before.status_code, client.get(path).status_code) == (200, 200)
    assert balance(newcomer).available == 50


@pytest.mark.rule("LO-40")
def test_staff_redeem_and_cancel(member: Any, client_as: Any, balance: Any) -> None:
    client = client_as("sales")
    path = f"/loyalty/members/{member.public_id}"

    client.post(f"{path}/redeem/", {"reward": Reward.objects.get().public_id, "key": "k1"})
    after = balance(member).available
    client.post(f"{path}/redemptions/{Redemption.objects.get().public_id}/cancel/")

    assert (after, balance(member).available) == (3000, 5000)
    assert Coupon.objects.get().cancelled_at is not None


@pytest.mark.rule("LO-60")
@pytest.mark.parametrize(
    ("settings", "shown", "hidden"),
    [
        ({}, ["Times the points", "Spend to reach it", "Points outstanding", "Silver"], ["switched off"]),
        ({"points_on": False}, ["Points are switched off", "Spend to reach it", "Silver"], ["Points outstanding"]),
        ({"tiers_on": False}, ["Tiers are switched off", "Points outstanding"], ["Spend to reach it", "Silver"]),
    ],
)
def test_staff_see_what_the_programme_has(
    programme: EarningRule,
    make_customer: Any,
    make_order: Any,
    client_as: Any,
    change_program: Any,
    settings: dict[str, Any],
    shown: list[str],
    hidden: list[str],
) -> None:
    change_program(**settings)
    customer = make_customer()
    make_order(customer, "2500")
    client = client_as("manager")

    paths = ("/loyalty/", "/loyalty/terms/", "/loyalty/members/", f"/loyalty/members/{customer.public_id}/")
    pages = " ".join(client.get(path).content.decode() for path in paths)

    assert [text for text in shown if text not in pages] == []
    assert [text for text in hidden if text in pages] == []


@pytest.mark.rule("LO-3")
def test_a_form_sent_again_with_another_correction_is_refused(member: Any, client_as: Any, balance: Any) -> None:
    client, path = client_as("service"), f"/loyalty/members/{member.public_id}/adjust/"
    client.post(path, {"points": "120", "reason": "Late parcel", "key": "f1"})

    answer = client.post(path, {"points": "130", "reason": "Late parcel", "key": "f1"})

    assert answer.status_code == 409
    assert "+120 (Late parcel)" in answer.content.decode()
    assert balance(member).available == 5120


def test_two_rewards_of_one_page_are_two_redemptions(member: Any, client_as: Any, balance: Any) -> None:
    tea = Reward.objects.create(price=100, value=10, currency="CNY", names={"en": "Tea"}, created_at=clock.now())
    client, path = client_as("sales"), f"/loyalty/members/{member.public_id}/redeem/"

    for reward in (tea, Reward.objects.get(code="coupon-20"), tea):
        client.post(path, {"reward": reward.public_id, "key": "one form key"})

    assert balance(member).available == 2900


def test_points_that_end_at_midnight_stand_on_their_last_day(member: Any, client_as: Any, balance: Any) -> None:
    last_day = balance(member).next_day
    expiry.expire_points(PointsLot.objects.get().expires_at)
    entry = LedgerEntry.objects.get(kind="expire")

    page = client_as("service").get(f"/loyalty/members/{member.public_id}/").content.decode()

    assert expiry_day(entry.at, "Asia/Shanghai") == last_day
    assert written.day(entry.shown_at) in page
