"""The proof that the ledger balances: every account, every lot and every entry recomputed from the rows, set-based."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from loyalty.points.models import LedgerProof
from loyalty.points.queries import VERIFY_LEDGER_SQL

DIFFERENCES_STORED = 1_000


@dataclass(frozen=True)
class LedgerCheck:
    """The accounts checked, the sum of their balances, and every difference."""

    accounts: int
    points: int
    differences: list[dict[str, Any]]
    seconds: float


def verify_ledger() -> LedgerCheck:
    """Check the whole ledger as of one instant; changes nothing. One query."""
    started = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(VERIFY_LEDGER_SQL)
        accounts, points, differences = cursor.fetchone()
    return LedgerCheck(accounts, points, json.loads(differences), round(time.monotonic() - started, 3))


def record_ledger_proof(at: datetime) -> LedgerProof:
    """Check the ledger and store the result, so that staff see when it last balanced; at most 1,000 differences."""
    proof = verify_ledger()
    return LedgerProof.objects.create(
        made_at=at,
        accounts=proof.accounts,
        points=proof.points,
        differences=proof.differences[:DIFFERENCES_STORED],
        seconds=proof.seconds,
    )
