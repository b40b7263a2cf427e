from typing import Any

import pytest

from crm.kernel.time import clock
from loyalty.points import corrections, credits
from loyalty.points.models import EarningRule, LedgerEntry, PointsAccount
from loyalty.points.posting import LedgerPosting, NewLot


def credit(customer: Any, source_id: str, points: int) -> LedgerPosting:
    now = clock.now()
    lots = (NewLot(points, now, now, None),)
    return LedgerPosting(0, "bonus", now, "test", source_id, lots=lots, customer_id=customer.pk)


@pytest.mark.rule("LO-3")
def test_outcomes_come_in_the_order_of_the_postings(programme: EarningRule, make_customer: Any, balance: Any) -> None:
    newcomer, known = make_customer("A"), make_customer("B")
    credits.post_credits([credit(known, "1", 10)], now=clock.now())

    outcomes = credits.post_credits(
        [credit(newcomer, "2", 20), credit(known, "1", 99), credit(known, "3", 30)], now=clock.now()
    )

    account_ids = dict(PointsAccount.objects.values_list("customer_id", "id"))
    assert [outcome.account_id for outcome in outcomes] == [
        account_ids[customer.pk] for customer in (newcomer, known, known)
    ]
    assert [outcome.entry_id is None for outcome in outcomes] == [False, True, False]
    assert (balance(newcomer).posted, balance(known).posted) == (20, 40)


@pytest.mark.rule("LO-2")
def test_a_credit_pays_the_debt_at_once(member: Any, make_user: Any, spend: Any, balance: Any) -> None:
    manager = make_user("admin")
    gift = corrections.adjust_points(customer=member, points=100, reason="Gift", by=manager, at=clock.now(), key="k")
    spend(member, 5100)
    corrections.undo_adjustment(entry=gift, reason="Mistake", by=manager, at=clock.now())

    (outcome,) = credits.post_credits([credit(member, "9", 130)], now=clock.now())

    assert outcome.debt_before == 100
    assert (balance(member).debt, balance(member).available) == (0, 30)
    assert LedgerEntry.objects.get(kind="repay").data == {"paid": 100, "left": 0}
