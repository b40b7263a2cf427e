"""Scoring: who is at risk is written down, and pushed down to the customer, where lists and tickets read it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from customers.profiles import facts
from retention.risk import queries, rules, selectors


@transaction.atomic
def score_customers(*, at: datetime, customer_ids: Iterable[int] | None = None) -> int:
    """Look at the rhythm of everybody, or of these customers: who is late has a score and the fact `risk` (level, score),
    who is not has neither any more. Returns how many are late.

    One at a time: two at once could each miss what the other has just read.
    """
    ids = None if customer_ids is None else sorted(set(customer_ids))
    with connection.cursor() as cursor:
        cursor.execute(queries.SCORING_LOCK_SQL)
        late_customers = {
            row.customer_id: (row, rules.estimate_risk(row.quiet, row.gap)) for row in selectors.late_customers(at, ids)
        }
        if late_customers:
            cursor.execute(queries.UPSERT_SCORES_SQL, _score_columns(late_customers, at))
        only = "" if ids is None else "AND customer_id = ANY(%(ids)s::bigint[])"
        cursor.execute(queries.DELETE_SCORES_SQL.format(only=only), {"late": list(late_customers), "ids": ids})
        in_time = [pk for (pk,) in cursor.fetchall()]
    facts.push_facts("risk", {pk: (risk.level.value, risk.score) for pk, (_row, risk) in late_customers.items()}, at)
    facts.clear_facts("risk", in_time)
    return len(late_customers)


def _score_columns(
    late_customers: dict[int, tuple[selectors.LateCustomer, rules.RiskEstimate]], at: datetime
) -> dict[str, Any]:
    rows, risks = zip(*late_customers.values(), strict=True)
    return {
        "at": at,
        "ids": list(late_customers),
        "levels": [risk.level.value for risk in risks],
        "scores": [risk.score for risk in risks],
        "ratios": [risk.ratio for risk in risks],
        "last": [row.last_order_at for row in rows],
        "gaps": [row.gap for row in rows],
        "values": [rules.value_at_risk(row.average_order, row.gap) for row in rows],
    }
