from datetime import timedelta
from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.account import selectors
from loyalty.points import services


@pytest.mark.rule("LO-62")
def test_the_account_has_everything_of_the_member(member: Any) -> None:
    account = selectors.get_member_account(member, clock.now())

    assert account.balance.available == 5000
    assert str(account.points_value.amount) == "50.00"
    assert account.tier_standing is not None
    assert (account.tier_standing.tier.code, account.tier_standing.missing) == ("silver", 1000)
    assert [row.points for row in account.expiring] == [5000]
    assert [offer.refusal for offer in account.offers] == [""]
    assert (len(account.entries), account.has_more, account.coupons) == (1, False, [])


def test_a_long_history_is_cut_until_it_is_asked_for(member: Any) -> None:
    for number in range(selectors.SHORT_HISTORY):
        services.credit_points(customer=member, points=1, system="test", source_id=str(number), at=clock.now())

    short = selectors.get_member_account(member, clock.now())
    whole = selectors.get_member_account(member, clock.now(), whole_history=True)

    assert (len(short.entries), short.has_more) == (selectors.SHORT_HISTORY, True)
    assert (len(whole.entries), whole.has_more) == (selectors.SHORT_HISTORY + 1, False)


@pytest.mark.rule("LO-22")
@pytest.mark.parametrize(("days_before", "soon"), [(45, True), (46, False)])
def test_points_end_soon_within_45_days(member: Any, balance: Any, days_before: int, soon: bool) -> None:
    at = clock.now()
    expires_on = balance(member).next_day
    days = (expires_on - at.date()).days - days_before

    account = selectors.get_member_account(member, at + timedelta(days=days))

    assert account.days_left in (days_before, days_before - 1)
    assert account.ends_soon is (account.days_left <= 45)
