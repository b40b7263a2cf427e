from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crm.kernel.api.services import create_api_key
from crm.kernel.time import clock
from customers.orders import services as orders
from customers.profiles.models import ExternalId
from loyalty.points.models import EarningRule, LedgerEntry
from loyalty.rewards import services
from loyalty.rewards.models import Reward
from loyalty.rewards.rules import CouponTerms

Post = Callable[..., Any]


@pytest.fixture
def key_of(make_user: Any) -> Callable[..., str]:
    return lambda *scopes: create_api_key(name="Till", scopes=scopes, by=make_user("admin"))[1]


@pytest.fixture
def post(key_of: Any) -> Post:
    """POST as a till: `post("points/cu_1/redeem/", {…}, key="abc")`."""
    secret = key_of("points:read", "points:write", "coupons:read", "coupons:write")

    def send(path: str, body: dict[str, Any], key: str = "") -> Any:
        headers = {"Authorization": f"Bearer {secret}", **({"Idempotency-Key": key} if key else {})}
        return Client().post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    send.secret = secret  # type: ignore[attr-defined]
    return send


@pytest.fixture
def member(programme: EarningRule, make_customer: Any, make_order: Any) -> Any:
    customer = make_customer()
    make_order(customer, "5000")
    ExternalId.objects.create(customer=customer, source="pos", value="77")
    return customer


@pytest.mark.rule("LO-63")
@pytest.mark.parametrize("external", [False, True])
def test_the_balance_by_our_id_or_theirs(member: Any, key_of: Any, external: bool) -> None:
    reference = "external:pos:77" if external else member.public_id

    answer = Client().get(f"/api/v1/points/{reference}/", headers={"Authorization": f"Bearer {key_of('points:read')}"})

    assert answer.status_code == 200
    found = answer.json()
    assert (found["customer"], found["posted"], found["available"], found["expires_next"]) == (
        member.public_id,
        5000,
        5000,
        5000,
    )


@pytest.mark.rule("LO-63")
@pytest.mark.parametrize("reference", ["cu_nobody", "external:pos:78", "external:pos", "external::"])
def test_an_unknown_customer_is_404(member: Any, post: Post, reference: str) -> None:
    assert post(f"points/{reference}/redeem/", {"points": 1}).status_code == 404


def test_a_key_needs_the_scope(member: Any, key_of: Any) -> None:
    headers = {"Authorization": f"Bearer {key_of('points:read')}"}

    answer = Client().post(
        f"/api/v1/points/{member.public_id}/redeem/", {"points": 1}, content_type="application/json", headers=headers
    )

    assert answer.status_code == 403
    assert LedgerEntry.objects.filter(kind="spend").count() == 0


@pytest.mark.rule("LO-3")
def test_the_same_key_twice_gives_the_same_answer_and_one_entry(member: Any, post: Post, balance: Any) -> None:
    body = {"points": 1200, "order": {"source": "shop", "number": "B-1"}}

    first, again = (post(f"points/{member.public_id}/redeem/", body, key="till-1") for _turn in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["value"] == {"amount": "12.00", "currency": "CNY"}
    assert LedgerEntry.objects.get(kind="spend").order_ref == "shop:B-1"
    assert balance(member).available == 3800


@pytest.mark.rule("LO-2")
def test_too_few_points_are_a_409_that_says_so(member: Any, post: Post, balance: Any) -> None:
    answer = post(f"points/{member.public_id}/redeem/", {"points": 5001}, key="till-1")

    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "insufficient_points"
    assert balance(member).available == 5000


@pytest.mark.rule("LO-40")
def test_a_reward_is_redeemed_and_its_coupon_used(member: Any, post: Post, balance: Any) -> None:
    reward = Reward.objects.get()

    made = post(f"points/{member.public_id}/redeem/", {"reward": reward.public_id}, key="till-1").json()
    code = made["coupon"]["code"]
    checked = post(
        "coupons/check/", {"code": code.lower(), "customer": member.public_id, "amount": "200", "currency": "CNY"}
    ).json()
    used = [
        post("coupons/use/", {"code": code, "customer": member.public_id, "amount": "200", "reference": "shop:B-2"})
        for _turn in range(2)
    ]
    other = post("coupons/use/", {"code": code, "customer": member.public_id, "amount": "200", "reference": "shop:B-3"})

    assert (made["points"], made["balance"]["available"], balance(member).available) == (2000, 3000, 3000)
    assert (checked["usable"], checked["takes_off"]) == (True, "20.00")
    assert [answer.status_code for answer in used] == [201, 201]
    assert used[0].json() == used[1].json()
    assert (other.status_code, other.json()["errors"][0]["code"]) == (409, "used")


@pytest.mark.rule("LO-41")
def test_a_check_says_why_not(member: Any, post: Post, make_customer: Any) -> None:
    terms = CouponTerms("amount", 20, "CNY", minimum=150)  # type: ignore[arg-type]
    coupon = services.issue_coupons(
        customers=[member.pk], terms=terms, source=services.CouponSource("t", "1"), at=clock.now()
    )[member.pk]
    whys = [
        post("coupons/check/", {"code": coupon.code, **more}).json()["why"]
        for more in (
            {"customer": member.public_id, "amount": "149.99"},
            {"customer": make_customer("Other").public_id, "amount": "200"},
            {"customer": member.public_id, "amount": "200"},
        )
    ]

    assert whys == ["below_minimum", "wrong_customer", ""]
    assert post("coupons/check/", {"code": "NO-SUCH-CODE"}).json()["why"] == "unknown"


@pytest.mark.rule("LO-63")
def test_quotes_change_nothing(member: Any, post: Post) -> None:
    quote = lambda body: post(f"points/{member.public_id}/quote/", body).json()  # noqa: E731

    assert quote({"points": 6000}) == {
        "possible": False, "why": "insufficient_points", "points": 6000, "available": 5000, "value": {"amount": "60.00", "currency": "CNY"},
    }  # fmt: skip
    assert (quote({"reward": Reward.objects.get().public_id})["possible"], quote({"amount": "100"})["points"]) == (
        True,
        120,
    )
    assert LedgerEntry.objects.count() == 1


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"points": 0},
        {"points": "x"},
        {"points": 1, "reward": "rw_1"},
        {"reward": "rw_none"},
        {"points": 1, "colour": "red"},
        {"points": 10**12},
    ],
)
def test_bad_input_names_the_field(member: Any, post: Post, body: dict[str, Any]) -> None:
    answer = post(f"points/{member.public_id}/redeem/", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"]
    assert LedgerEntry.objects.filter(kind="spend").count() == 0


@pytest.mark.rule("LO-3")
@pytest.mark.parametrize(
    "change",
    [{"points": 1300}, {"order": {"source": "shop", "number": "B-2"}}, {"order": None}, {"points": None, "reward": 1}],
)
def test_a_reference_with_other_content_is_a_409_that_says_both(
    member: Any, post: Post, balance: Any, change: dict[str, Any]
) -> None:
    body = {"points": 1200, "order": {"source": "shop", "number": "B-1"}, "reference": "till-1"}
    first = post(f"points/{member.public_id}/redeem/", body)
    other = {name: value for name, value in {**body, **change}.items() if value is not None}
    if "reward" in other:
        other["reward"] = Reward.objects.get().public_id

    refused = post(f"points/{member.public_id}/redeem/", other)
    again = post(f"points/{member.public_id}/redeem/", body)

    assert (first.status_code, refused.status_code, again.status_code) == (201, 409, 201)
    (error,) = refused.json()["errors"]
    assert error["code"] == "reference_conflict"
    assert "1,200 points (shop:B-1)" in error["detail"]
    assert balance(member).available == 3800


@pytest.mark.rule("LO-3")
@pytest.mark.parametrize("change", [{"amount": "201"}, {"customer": None}, {"amount": None}, {"currency": "USD"}])
def test_a_coupon_reference_with_another_amount_is_a_409(member: Any, post: Post, change: dict[str, Any]) -> None:
    made = post(f"points/{member.public_id}/redeem/", {"reward": Reward.objects.get().public_id}).json()
    body = {
        "code": made["coupon"]["code"], "customer": member.public_id, "amount": "200", "reference": "shop:B-2",
    }  # fmt: skip
    other = {name: value for name, value in {**body, **change}.items() if value is not None}

    answers = [post("coupons/use/", sent) for sent in (body, other, body)]

    assert [answer.status_code for answer in answers] == [201, 409, 201]
    assert answers[1].json()["errors"][0]["code"] == "reference_conflict"
    assert "¥200.00" in answers[1].json()["errors"][0]["detail"]
    assert answers[0].json() == answers[2].json()


@pytest.mark.rule("LO-3")
def test_a_long_idempotency_key_spends_once(member: Any, post: Post, balance: Any) -> None:
    answers = [post(f"points/{member.public_id}/redeem/", {"points": 100}, key="k" * 120) for _turn in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert balance(member).available == 4900


@pytest.mark.rule("LO-41")
def test_the_shop_gives_a_coupon_back_once(member: Any, post: Post, make_order: Any, change_program: Any) -> None:
    change_program(coupons_return=False)
    code = post(f"points/{member.public_id}/redeem/", {"reward": Reward.objects.get().public_id}).json()["coupon"][
        "code"
    ]
    order = make_order(member, "200", number="B-2")
    body = {"code": code.replace("-", "–").lower(), "reference": "shop:B-2"}
    used = {**body, "customer": member.public_id, "amount": "200"}

    refusals = [post("coupons/return/", body).json()["errors"][0]["code"]]
    post("coupons/use/", used)
    refusals.append(post("coupons/return/", body).json()["errors"][0]["code"])
    orders.cancel_order(order=order, at=clock.now())
    answers = [post("coupons/return/", body) for _turn in range(2)]
    checked = post("coupons/check/", {"code": code, "customer": member.public_id, "amount": "200"})

    assert refusals == ["not_used", "order_stands"]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert (answers[0].json()["code"], checked.json()["usable"]) == (code, True)
    assert post("coupons/return/", {**body, "code": "NONE"}).json()["errors"][0]["code"] == "unknown"
