import csv
from io import StringIO
from typing import Any

import pytest

from crm.kernel.audit.models import AuditEntry
from crm.kernel.time import clock
from customers.messaging.models import OutboundMessage
from loyalty.points import selectors
from loyalty.points.models import EarningRule
from loyalty.rewards.models import Coupon, Redemption, Reward
from loyalty.tiers.models import Tier


@pytest.fixture
def member(programme: EarningRule, make_customer: Any, make_order: Any) -> Any:
    customer = make_customer("林嘉怡", email="lin@example.com")
    make_order(customer, "5000")
    return customer


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


@pytest.mark.rule("LO-62")
def test_staff_copy_or_mail_the_link(member: Any, client_as: Any) -> None:
    client = client_as("service")
    path = f"/loyalty/members/{member.public_id}"

    shown = client.post(f"{path}/link/").content.decode()
    client.post(f"{path}/link/send/")

    assert f"/m/{member.public_id}:" in shown
    message = OutboundMessage.objects.get(template_key="member_link")
    assert (message.customer_id, message.state) == (member.pk, "queued")
    assert f"/m/{member.public_id}:" in message.text
    assert AuditEntry.objects.filter(action__in=["member_link.made", "member_link.sent"]).count() == 2


@pytest.mark.rule("LO-43")
def test_the_finance_file_sums_to_the_ledger(member: Any, client_as: Any, make_customer: Any, make_order: Any) -> None:
    make_order(make_customer(), "777")

    answer = client_as("manager").get("/loyalty/liability.csv")

    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert sum(int(row["points"]) for row in rows) == selectors.points_totals(clock.now())["outstanding"] == 5777
    assert {row["currency"] for row in rows} == {"CNY"}


@pytest.mark.rule("LO-22")
def test_the_chart_leads_to_the_members_behind_a_month(member: Any, client_as: Any, balance: Any) -> None:
    month = balance(member).next_day.strftime("%Y-%m")
    client = client_as("manager")

    assert f"/loyalty/members/?ends={month}" in client.get("/loyalty/").content.decode()
    assert "林嘉怡" in client.get("/loyalty/members/", {"ends": month}).content.decode()
    assert "林嘉怡" not in client.get("/loyalty/members/", {"ends": "2020-01"}).content.decode()
    assert client.get("/loyalty/members/", {"ends": "2020-13", "tier": "'", "cursor": "x"}).status_code == 400


@pytest.mark.rule("LO-10")
def test_editing_a_rule_makes_its_next_version(programme: EarningRule, client_as: Any) -> None:
    client = client_as("marketing")
    form = {
        "points": "2", "per": "1", "minimum": "0", "cap": "", "rounding": "floor", "pending_days": "14", "expiry_mode": "end_of_year",
        "expiry_months": "12", "expiry_date": "", "refund_policy": "write_off", "reinstate_days": "30",
    }  # fmt: skip

    answers = [client.post("/loyalty/terms/rules/purchase/", form) for _turn in range(2)]
    refused = client.post("/loyalty/terms/rules/purchase/", {**form, "expiry_mode": "fixed_date"})

    assert ([answer.status_code for answer in answers], refused.status_code) == ([302, 302], 422)
    versions = EarningRule.objects.order_by("version").values_list("version", "points", "pending_days")
    assert [(version, int(points), days) for version, points, days in versions] == [(1, 1, 0), (2, 2, 14)]


@pytest.mark.rule("LO-30")
def test_a_tier_that_would_stand_out_of_order_is_refused(programme: EarningRule, client_as: Any) -> None:
    form = {
        "name_en": "Silver", "name_hans": "银卡", "name_hant": "銀卡", "enter_at": "7000", "keep_at": "100", "multiplier": "1.2",
        "service_level": "standard", "ramp": "2",
    }  # fmt: skip

    answer = client_as("marketing").post("/loyalty/terms/tiers/silver/", form)

    assert answer.status_code == 422
    assert Tier.objects.get(code="silver").enter_at == 2000


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
