"""Scoring: who is at risk is written down, and pushed down to the customer, where lists and tickets read it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from customers.profiles import facts
from retention.risk import rules, selectors

SCORING_LOCK_SQL = "SELECT pg_advisory_xact_lock(5, 0)"
UPSERT_SCORES_SQL = """
INSERT INTO retention_riskscore (customer_id, level, score, ratio, last_order_at, gap_days, value, scored_at)
SELECT t.*, %(at)s
FROM unnest(%(ids)s::bigint[], %(levels)s::text[], %(scores)s::smallint[], %(ratios)s::numeric[],
            %(last)s::timestamptz[], %(gaps)s::numeric[], %(values)s::numeric[]) AS t
ON CONFLICT (customer_id) DO UPDATE
SET level = excluded.level, score = excluded.score, ratio = excluded.ratio, last_order_at = excluded.last_order_at,
    gap_days = excluded.gap_days, value = excluded.value, scored_at = excluded.scored_at
"""
DELETE_SCORES_SQL = (
    "DELETE FROM retention_riskscore WHERE NOT customer_id = ANY(%(late)s::bigint[]) {only} RETURNING customer_id"
)


@transaction.atomic
def score_customers(*, at: datetime, customer_ids: Iterable[int] | None = None) -> int:
    """Look at the rhythm of everybody, or of these customers: who is late has a score and the fact `risk` (level, score),
    who is not has neither any more. Returns how many are late.

    One at a time: two at once could each miss what the other has just read.
    """
    ids = None if customer_ids is None else sorted(set(customer_ids))
    with connection.cursor() as cursor:
        cursor.execute(SCORING_LOCK_SQL)
        found = {
            row.customer_id: (row, rules.estimate_risk(row.quiet, row.gap)) for row in selectors.late_customers(at, ids)
        }
        if found:
            cursor.execute(UPSERT_SCORES_SQL, _score_columns(found, at))
        only = "" if ids is None else "AND customer_id = ANY(%(ids)s::bigint[])"
        cursor.execute(DELETE_SCORES_SQL.format(only=only), {"late": list(found), "ids": ids})
        in_time = [pk for (pk,) in cursor.fetchall()]
    facts.push_facts("risk", {pk: (risk.level.value, risk.score) for pk, (_row, risk) in found.items()}, at)
    facts.clear_facts("risk", in_time)
    return len(found)


def _score_columns(found: dict[int, tuple[selectors.LateCustomer, rules.RiskEstimate]], at: datetime) -> dict[str, Any]:
    rows, risks = zip(*found.values(), strict=True)
    return {
        "at": at,
        "ids": list(found),
        "levels": [risk.level.value for risk in risks],
        "scores": [risk.score for risk in risks],
        "ratios": [risk.ratio for risk in risks],
        "last": [row.last_order_at for row in rows],
        "gaps": [row.gap for row in rows],
        "values": [rules.value_at_risk(row.average_order, row.gap) for row in rows],
    }
