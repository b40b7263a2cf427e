"""Scoring: who is at risk is written down, and pushed down to the customer, where lists and tickets read it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from customers.profiles import facts
from retention.risk import common_rhythm, queries, rules, selectors
from retention.risk.rules import CommonRhythm, RiskEstimate
from retention.risk.selectors import LateCustomer

Estimates = dict[int, tuple[LateCustomer, RiskEstimate]]


@transaction.atomic
def score_customers(*, at: datetime, customer_ids: Iterable[int] | None = None) -> int:
    """Look at the rhythm of everybody, or of these customers: who is late has a score and the fact `risk` (level, score),
    who is not has neither any more. A look at everybody counts the company's rhythm first. Returns how many are late.

    One at a time: two at once could each miss what the other has just read.
    """
    ids = None if customer_ids is None else sorted(set(customer_ids))
    with connection.cursor() as cursor:
        cursor.execute(queries.SCORING_LOCK_SQL)
        common = common_rhythm.count_common_rhythm(at) if ids is None else common_rhythm.ensure_common_rhythm(at)
        estimates = _estimate_risks(selectors.late_customers(at, common, ids), common)
        if estimates:
            cursor.execute(queries.UPSERT_SCORES_SQL, _score_columns(estimates, common, at))
        only = "" if ids is None else "AND customer_id = ANY(%(ids)s::bigint[])"
        cursor.execute(queries.DELETE_SCORES_SQL.format(only=only), {"late": list(estimates), "ids": ids})
        in_time = [pk for (pk,) in cursor.fetchall()]
    levels = {pk: (estimate.level.value, estimate.score) for pk, (_customer, estimate) in estimates.items()}
    facts.push_facts("risk", levels, at)
    facts.clear_facts("risk", in_time)
    return len(estimates)


def _estimate_risks(customers: Iterable[LateCustomer], common: CommonRhythm | None) -> Estimates:
    ranking_gap = common.ranking_gap_days if common else None
    return {
        customer.customer_id: (customer, rules.estimate_risk(customer.quiet, customer.usual_gap, ranking_gap))
        for customer in customers
    }


def _score_columns(estimates: Estimates, common: CommonRhythm | None, at: datetime) -> dict[str, Any]:
    customers, risks = zip(*estimates.values(), strict=True)
    return {
        "at": at,
        "ids": list(estimates),
        "levels": [risk.level.value for risk in risks],
        "scores": [risk.score for risk in risks],
        "ratios": [risk.ratio for risk in risks],
        "last": [customer.last_order_at for customer in customers],
        "gaps": [risk.usual_gap for risk in risks],
        "own": [customer.is_own_gap for customer in customers],
        "values": [rules.value_at_risk(customer.history, common) for customer in customers],
    }
