from typing import Any

import pytest
from django.db import transaction

from crm.kernel.time import clock
from loyalty.points import accounts, posting
from loyalty.points.models import Allocation, LedgerEntry, PointsAccount, PointsLot
from loyalty.points.posting import DEBT, LedgerPosting, NewLot


@pytest.fixture
def account(programme: Any, make_customer: Any) -> PointsAccount:
    with transaction.atomic():
        return accounts.lock_account(make_customer(), clock.now())


def bonus(account: PointsAccount, source_id: str, points: int) -> LedgerPosting:
    now = clock.now()
    return LedgerPosting(account.pk, "bonus", now, "test", source_id, lots=(NewLot(points, now, now, None),))


@pytest.mark.rule("LO-3")
def test_a_taken_key_writes_nothing_and_the_rest_is_written(account: PointsAccount) -> None:
    first = posting.post_entry(bonus(account, "a", 50), now=clock.now())

    ids = posting.post_entries([bonus(account, "a", 70), bonus(account, "b", 30)], now=clock.now())

    assert ids[0] is None
    assert LedgerEntry.objects.get(pk=ids[1]).points == 30
    assert posting.post_entry(bonus(account, "a", 90), now=clock.now()) == first
    assert PointsAccount.objects.get().posted == 80


def test_points_and_debt_are_summed_from_lots_and_allocations(account: PointsAccount) -> None:
    posting.post_entry(bonus(account, "a", 50), now=clock.now())
    lot = PointsLot.objects.get()
    debit = LedgerPosting(account.pk, "adjust", clock.now(), "test", "d", allocations=((lot.pk, -50), (DEBT, -20)))

    entry = posting.post_entry(debit, now=clock.now())

    account.refresh_from_db()
    lot.refresh_from_db()
    assert (debit.points, debit.debt, entry.points) == (-70, 20, -70)
    assert (account.posted, account.debt, lot.remaining) == (-20, 20, 0)
    assert set(Allocation.objects.values_list("lot", "points")) == {(lot.pk, -50), (None, -20)}


def test_the_entry_just_written_equals_the_stored_one(account: PointsAccount) -> None:
    entry = posting.post_entry(bonus(account, "a", 50), now=clock.now())

    stored = LedgerEntry.objects.get()
    fields = [field.attname for field in LedgerEntry._meta.concrete_fields]
    assert {name: getattr(entry, name) for name in fields} == {name: getattr(stored, name) for name in fields}


def test_a_debit_is_allocated_below_zero() -> None:
    assert posting.debit_allocations([(7, 30), (9, 5)]) == ((7, -30), (9, -5))
