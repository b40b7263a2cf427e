from typing import Any

import pytest

from crm.kernel.auth.models import User
from crm.kernel.time import clock
from crm.kernel.ui.listing.keyset import ListPage
from loyalty.account import members, selectors
from loyalty.points import selectors as points


def page_of(user: User, filters: dict[str, Any]) -> ListPage:
    return members.member_listing(user, filters, clock.now()).get_page(None, None)


@pytest.fixture
def newcomer(member: Any, make_customer: Any, make_order: Any) -> Any:
    customer = make_customer("Olivia Hartmann")
    make_order(customer, "100")
    return customer


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["林嘉怡", "Olivia Hartmann"]),
        ({"q": "olivia"}, ["Olivia Hartmann"]),
        ({"tier": "silver"}, ["林嘉怡"]),
        ({"tier": "reserve"}, []),
    ],
)
def test_the_richest_come_first_and_filters_narrow(
    newcomer: Any, make_user: Any, filters: dict[str, Any], names: list[str]
) -> None:
    page = page_of(make_user("manager"), filters)

    assert [account.customer.display_name for account in page.rows] == names


@pytest.mark.rule("LO-22")
def test_members_whose_points_expire_in_a_month(newcomer: Any, make_user: Any) -> None:
    (expiring,) = points.customer_expiring_points(newcomer.pk, at=clock.now())
    manager = make_user("manager")

    assert len(page_of(manager, {"ends": expiring.day.replace(day=1)}).rows) == 2
    assert page_of(manager, {"ends": expiring.day.replace(year=expiring.day.year + 1, day=1)}).rows == []


def test_rows_have_balance_value_and_tier_in_two_queries(
    newcomer: Any, make_user: Any, django_assert_num_queries: Any
) -> None:
    page = page_of(make_user("manager"), {})

    with django_assert_num_queries(2):
        rows = members.member_rows(page, clock.now())

    assert [(row.balance.available, str(row.points_value.amount), row.tier and row.tier.code) for row in rows] == [
        (5000, "50.00", "silver"), (100, "1.00", "member"),
    ]  # fmt: skip


def test_the_figures_of_a_member_say_what_is_missing_to_the_next_tier(member: Any) -> None:
    figures = members.member_key_figures(selectors.get_member_account(member, clock.now()))

    assert [figure.value for figure in figures] == ["5,000", "0", "5,000", "¥5,000"]
    assert figures[0].note == "worth ¥50.00"
    assert figures[3].note == "¥1,000.00 more to Gold"
