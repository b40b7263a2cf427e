"""Credits: the lock of the account, the entry, its lots and the balance in one statement, for many customers at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from crm.kernel.db.prepared_statements import prepared_cursor
from loyalty.points import accounts, debts
from loyalty.points.posting import LedgerPosting, posting_documents
from loyalty.points.queries import POST_CREDITS_SQL


class CreditOutcome(NamedTuple):
    """The result of a posting: its entry (None if its key was taken), the account, and its debt before the credit."""

    entry_id: int | None
    account_id: int
    debt_before: int


@transaction.atomic(savepoint=False)
def post_credits(postings: Sequence[LedgerPosting], *, now: datetime) -> list[CreditOutcome]:
    """Write entries that only bring new lots, each to the account of its customer; accounts are opened as needed.

    Debts are paid at once. A posting whose key is taken writes nothing. Returns outcomes in the order of the postings.
    """
    numbered = dict(enumerate(postings))
    outcomes = _post_numbered(numbered, now)
    if without_account := {n: posting for n, posting in numbered.items() if n not in outcomes}:
        accounts.open_accounts({posting.customer_id for posting in without_account.values()}, now)
        outcomes |= _post_numbered(without_account, now)
    debts.settle_debts({outcome.account_id for outcome in outcomes.values() if outcome.debt_before}, now)
    return [outcomes[n] for n in numbered]


def _post_numbered(numbered: dict[int, LedgerPosting], now: datetime) -> dict[int, CreditOutcome]:
    """Post to the accounts that exist; postings to others are missing from the result."""
    if not numbered:
        return {}
    with prepared_cursor() as cursor:
        cursor.execute(POST_CREDITS_SQL, {"now": now, **posting_documents(list(numbered.values()))})
        outcomes = {place: CreditOutcome(*values) for place, *values in cursor.fetchall()}
    return {n: outcomes[place] for place, n in enumerate(numbered) if place in outcomes}
