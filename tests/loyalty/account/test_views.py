from typing import Any

import pytest

from loyalty.points.models import EarningRule
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


@pytest.mark.rule("LO-60")
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
