"""Credits: the lock of the account, the entry, its lots and the balance in one statement, for many customers at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from crm.kernel.db.prepared_statements import prepared_cursor
from loyalty.points import accounts, debts
from loyalty.points.posting import ENTRY_SQL, POSTING_COLUMNS, LedgerPosting, posting_documents

# All locks are taken, in the order of the accounts, before the sort of `entry` lets the first row through.
CREDIT_SQL = f"""
WITH asked AS (SELECT * FROM jsonb_to_recordset(%(entries)s::jsonb) AS t(n int, customer_id bigint, {POSTING_COLUMNS})),
locked AS MATERIALIZED (
  SELECT id AS account_id, customer_id, debt AS owed FROM loyalty_pointsaccount
  WHERE customer_id = ANY(ARRAY(SELECT customer_id FROM asked)) ORDER BY id FOR NO KEY UPDATE
), wanted AS MATERIALIZED (SELECT * FROM asked JOIN locked USING (customer_id)), {ENTRY_SQL}
SELECT wanted.n, written.id, wanted.account_id, wanted.owed FROM wanted LEFT JOIN written USING (n)
"""


class CreditOutcome(NamedTuple):
    """What became of a posting: its entry, None where its key was taken; the account, and what it owed before."""

    entry_id: int | None
    account_id: int
    owed: int


@transaction.atomic(savepoint=False)
def post_credits(postings: Sequence[LedgerPosting], *, now: datetime) -> list[CreditOutcome]:
    """Write entries that bring lots and move nothing, each for its customer, whose account is opened where there is none.

    Debts are paid at once. A posting whose key is taken writes nothing. Answers in the order given.
    """
    numbered = dict(enumerate(postings))
    given = _post_numbered(numbered, now)
    if strangers := {n: each for n, each in numbered.items() if n not in given}:
        accounts.open_accounts({each.customer_id for each in strangers.values()}, now)
        given |= _post_numbered(strangers, now)
    debts.settle_debts({each.account_id for each in given.values() if each.owed}, now)
    return [given[n] for n in numbered]


def _post_numbered(numbered: dict[int, LedgerPosting], now: datetime) -> dict[int, CreditOutcome]:
    if not numbered:
        return {}
    with prepared_cursor() as cursor:
        cursor.execute(CREDIT_SQL, {"now": now, **posting_documents(list(numbered.values()))})
        found = {place: CreditOutcome(*rest) for place, *rest in cursor.fetchall()}
    return {n: found[place] for place, n in enumerate(numbered) if place in found}
