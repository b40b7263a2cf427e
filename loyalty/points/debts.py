"""Debt: an account below zero pays with its next credit, as an entry of its own."""

from collections.abc import Iterable
from datetime import datetime

from loyalty.points import accounts, rules
from loyalty.points.choices import EntryKind
from loyalty.points.models import LedgerEntry, PointsAccount
from loyalty.points.posting import DEBT, LedgerPosting, debit_allocations, post_entries
from loyalty.points.rules import SpendableLot


def settle_debts(account_ids: Iterable[int], at: datetime) -> None:
    """Pay the debts of the (locked) accounts from what their lots hold now, earliest expiry first.

    Each payment is an entry. Accounts without debt, or without unexpired points, stay as they are.
    """
    ids = list(account_ids)
    debtors = PointsAccount.objects.filter(debt__gt=0).in_bulk(ids) if ids else {}
    if not debtors:
        return
    lots, newest = accounts.remaining_lots(debtors), _newest_entries(debtors)
    postings = (
        _repayment(account, lots.get(account_id, []), newest[account_id], at) for account_id, account in debtors.items()
    )
    post_entries([posting for posting in postings if posting.allocations], now=at)


def _repayment(account: PointsAccount, lots: list[SpendableLot], newest_entry_id: int, at: datetime) -> LedgerPosting:
    unexpired = rules.lots_by_expiry(lot for lot in lots if not rules.is_lot_expired(lot, at))
    parts = rules.debit_lots(unexpired, account.debt)
    paid = sum(points for _lot, points in parts)
    return LedgerPosting(
        account_id=account.pk,
        kind=EntryKind.REPAY,
        at=at,
        source_system="debt",
        source_id=str(newest_entry_id),
        original_id=newest_entry_id,
        allocations=(*debit_allocations(parts), (DEBT, paid)) if paid else (),
        data={"paid": paid, "left": account.debt - paid},
    )


def _newest_entries(account_ids: Iterable[int]) -> dict[int, int]:
    """Account id → id of its newest entry. One query."""
    newest = LedgerEntry.objects.filter(account__in=list(account_ids)).order_by("account", "-id").distinct("account")
    return dict(newest.values_list("account_id", "id"))
