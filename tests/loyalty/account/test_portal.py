import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crm.kernel import company
from crm.kernel.auth import signed_links
from loyalty.account import member_links
from loyalty.points.models import EarningRule, LedgerEntry
from loyalty.points.program_settings import LoyaltySettings
from loyalty.rewards.models import Coupon, Redemption, Reward


@pytest.fixture
def member(programme: EarningRule, make_customer: Any, make_order: Any) -> Any:
    customer = make_customer("陳凱琳", language="zh-hant")
    make_order(customer, "8640", number="HK-260402-0155")
    return customer


@pytest.fixture
def path_of() -> Callable[..., str]:
    return lambda customer: f"/m/{signed_links.sign_value(member_links.LINK_PURPOSE, customer.public_id)}/"


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.mark.rule("LO-62")
def test_the_link_shows_its_own_account_without_sign_in(
    member: Any, make_customer: Any, make_order: Any, path_of: Any
) -> None:
    other = make_customer("Olivia Hartmann")
    make_order(other, "77")

    answer = Client().get(path_of(member))

    page = text(answer)
    assert answer.status_code == 200
    assert "陳凱琳" in page
    assert "8,640" in page
    assert "HK-260402-0155" in page
    assert "Hartmann" not in page
    assert answer["Cache-Control"].startswith("max-age=0")


@pytest.mark.rule("LO-62")
@pytest.mark.parametrize(
    ("lang", "html", "words"),
    [
        ("en", "en", "Points history"),
        ("zh-hans", "zh-Hans", "积分记录"),
        ("zh-hant", "zh-Hant", "點數紀錄"),
        ("", "zh-Hant", "點數紀錄"),
    ],
)
def test_it_speaks_the_members_language_or_the_chosen_one(
    member: Any, path_of: Any, lang: str, html: str, words: str
) -> None:
    answer = Client().get(path_of(member), {"lang": lang} if lang else {}, headers={"Accept-Language": "en"})

    assert f'lang="{html}"' in text(answer)
    assert words in text(answer)


@pytest.mark.rule("LO-62")
@pytest.mark.parametrize(
    "damage", [lambda path: path[:-3] + "x/", lambda path: path.replace("cu_", "cv_"), lambda path: "/m/nothing/"]
)
def test_a_damaged_link_is_a_page_that_says_so(member: Any, path_of: Any, damage: Callable[[str], str]) -> None:
    answer = Client().get(damage(path_of(member)))

    assert answer.status_code == 404
    assert "This link does not work any more" in text(answer)
    assert "陳凱琳" not in text(answer)


@pytest.mark.rule("LO-62")
def test_a_link_ends_by_itself_and_is_good_for_nothing_else(member: Any, path_of: Any, make_user: Any) -> None:
    foreign = f"/m/{signed_links.sign_value('ticket', member.public_id)}/"
    company.change_settings(LoyaltySettings, {"link_days": 0}, by=make_user("admin"))

    assert Client().get(foreign).status_code == 404
    assert Client().get(path_of(member)).status_code == 404


@pytest.mark.rule("LO-40")
@pytest.mark.rule("LO-62")
def test_a_double_click_redeems_once_and_shows_the_coupon(member: Any, path_of: Any, balance: Any) -> None:
    client, path = Client(), path_of(member)
    form = {"reward": Reward.objects.get().public_id, "key": "a1b2c3"}

    answers = [client.post(f"{path}redeem/", form) for _turn in range(2)]
    page = text(client.get(path))

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Redemption.objects.count(), balance(member).available) == (1, 6640)
    assert Coupon.objects.get().code in page
    assert "<svg" in page


@pytest.mark.rule("LO-40")
def test_a_reward_out_of_reach_is_refused_in_words(member: Any, path_of: Any, balance: Any) -> None:
    Reward.objects.update(price=9000)

    answer = Client().post(f"{path_of(member)}redeem/", {"reward": Reward.objects.get().public_id, "key": "a1"})

    assert answer.status_code == 409
    assert 'role="alert"' in text(answer)
    assert balance(member).available == 8640
    assert LedgerEntry.objects.filter(kind="spend").count() == 0


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    "form", [{}, {"reward": "rw_x", "key": "a"}, {"reward": "rw_x", "key": "'"}, {"reward": "\x00"}]
)
def test_nonsense_is_refused(member: Any, path_of: Any, form: dict[str, str]) -> None:
    assert Client().post(f"{path_of(member)}redeem/", form).status_code == 422
    assert Redemption.objects.count() == 0


def test_looking_changes_nothing(member: Any, path_of: Any) -> None:
    assert Client().get(f"{path_of(member)}redeem/").status_code == 405
    assert Client().post(path_of(member)).status_code == 405


@pytest.mark.rule("PL-53")
def test_redeeming_needs_the_forms_own_token(member: Any, path_of: Any) -> None:
    form = {"reward": Reward.objects.get().public_id, "key": "a"}

    answer = Client(enforce_csrf_checks=True).post(f"{path_of(member)}redeem/", form)

    assert answer.status_code == 403
    assert Redemption.objects.count() == 0


@pytest.mark.rule("LO-22")
@pytest.mark.rule("LO-62")
def test_the_member_sees_how_many_points_expire_on_which_day(
    programme: EarningRule, make_customer: Any, make_order: Any, path_of: Any, at: Any
) -> None:
    customer = make_customer(language="en")
    for day, total in (("2026-01-31", "311"), ("2026-02-01", "422")):
        at(f"{day}T23:30:00+08:00")
        make_order(customer, total)

    page = text(Client().get(path_of(customer)))
    lots = page[page.index('id="lots"') : page.index('id="history"')]

    assert re.findall(r"(\d+ \w+ 2027)|>(\d{3})<", lots) == [
        ("31 Jan 2027", ""), ("", "311"), ("28 Feb 2027", ""), ("", "422"),
    ]  # fmt: skip


@pytest.mark.rule("LO-60")
@pytest.mark.parametrize(
    ("settings", "shown", "hidden"),
    [
        ({}, ["Points history", "Silver", "On the way to Gold"], []),
        ({"points_on": False}, ["Silver", "On the way to Gold"], ["Points history", "eg-member-points", "Worth"]),
        ({"tiers_on": False}, ["Points history"], ["Silver", "On the way to Gold"]),
    ],
)
def test_the_member_sees_what_the_programme_has(
    programme: EarningRule,
    make_customer: Any,
    make_order: Any,
    path_of: Any,
    change_program: Any,
    settings: dict[str, Any],
    shown: list[str],
    hidden: list[str],
) -> None:
    change_program(**settings)
    customer = make_customer(language="en")
    make_order(customer, "2500")

    page = text(Client().get(path_of(customer)))
    content = page[page.index("<main") : page.index("</main")]

    assert [words for words in shown if words not in content] == []
    assert [words for words in hidden if words in content] == []
