from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from crm.kernel.time import clock
from loyalty.points import accounts
from loyalty.points.models import EarningRule, PointsAccount


def test_an_account_is_opened_once(make_customer: Any) -> None:
    first, second = make_customer("A"), make_customer("B")
    now = clock.now()

    accounts.open_accounts([first.pk], now)
    accounts.open_accounts([second.pk, first.pk, second.pk], now + timedelta(days=1))

    opened = dict(PointsAccount.objects.values_list("customer_id", "opened_at"))
    assert opened == {first.pk: now, second.pk: now + timedelta(days=1)}


def test_membership_dates_from_the_first_order(programme: EarningRule, make_customer: Any, make_order: Any) -> None:
    customer = make_customer()
    placed_at = clock.now() - timedelta(days=400)
    make_order(customer, "100", placed_at=placed_at, live=False)

    assert PointsAccount.objects.get(customer=customer).opened_at == placed_at


def test_locking_opens_what_is_missing_and_returns_every_account(make_customer: Any) -> None:
    known, newcomer = make_customer("A"), make_customer("B")
    now = clock.now()
    accounts.open_accounts([known.pk], now)

    with transaction.atomic():
        locked = accounts.lock_accounts([newcomer.pk, known.pk], now)

    assert {customer_id: account.pk for customer_id, account in locked.items()} == dict(
        PointsAccount.objects.values_list("customer_id", "id")
    )


@pytest.mark.rule("LO-2")
def test_only_lots_with_points_left_are_read(member: Any, make_order: Any, spend: Any) -> None:
    spend(member, 5000)
    make_order(member, "100")
    account = PointsAccount.objects.get(customer=member)

    lots = accounts.remaining_lots([account.pk])

    assert [lot.remaining for lot in lots[account.pk]] == [120]
    assert accounts.remaining_lots([account.pk + 1]) == {}
