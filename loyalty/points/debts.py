"""Debt: an account below zero pays it with its next credit, as an entry of its own."""

from collections.abc import Iterable
from datetime import datetime

from loyalty.points import accounts, rules
from loyalty.points.choices import EntryKind
from loyalty.points.models import LedgerEntry, PointsAccount
from loyalty.points.posting import DEBT, LedgerPosting, debit_moves, post_entries


def settle_debts(account_ids: Iterable[int], at: datetime) -> None:
    """Let those of the (locked) accounts that are in debt pay with what their lots now hold; earliest expiry first."""
    ids = list(account_ids)
    debtors = PointsAccount.objects.filter(debt__gt=0).in_bulk(ids) if ids else {}
    if not debtors:
        return
    lots = accounts.remaining_lots(debtors)
    newest = _newest_entries(debtors)
    postings = []
    for account_id, account in debtors.items():
        living = rules.lots_by_expiry(lot for lot in lots.get(account_id, []) if not rules.is_lot_expired(lot, at))
        parts = rules.debit_lots(living, account.debt)
        paid = sum(points for _lot, points in parts)
        if paid:
            postings.append(
                LedgerPosting(
                    account_id=account_id,
                    kind=EntryKind.REPAY,
                    at=at,
                    source_system="debt",
                    source_id=str(newest[account_id]),
                    original_id=newest[account_id],
                    moves=(*debit_moves(parts), (DEBT, paid)),
                    data={"paid": paid, "left": account.debt - paid},
                )
            )
    post_entries(postings, now=at)


def _newest_entries(account_ids: Iterable[int]) -> dict[int, int]:
    rows = LedgerEntry.objects.filter(account__in=list(account_ids)).order_by("account", "-id").distinct("account")
    return dict(rows.values_list("account_id", "id"))
