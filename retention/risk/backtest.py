"""Is the shown order of leavers any good? Measured on held-back days of the company's own past."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.db import connection

from crm.kernel import company
from customers.orders.rules import RHYTHM_DAYS
from retention.risk import rules
from retention.risk.queries import HELD_BACK_SQL

HELD_BACK_DAYS = 90


@dataclass(frozen=True)
class RankingQuality:
    """How well numbers tell who bought no more in the held-back days, as AUC: 0.5 is chance, None without a pair.

    `shown` is the ratio by which pages rank, `recency` the days since the last purchase, `usual_gap` those days over
    each customer's usual gap.
    """

    customers: int
    leavers: int
    shown: Decimal | None
    recency: Decimal | None
    usual_gap: Decimal | None


def measure_ranking(now: datetime, held_back_days: int = HELD_BACK_DAYS) -> RankingQuality:
    """Rank everybody who was active when the held-back days began, by what was known then. One query over all orders.

    As pages do, it leaves out who has no usual gap, neither an own one nor the company's.
    """
    rows = _held_back_rows(now, timedelta(days=held_back_days))
    own_gaps = [own_gap for _quiet, own_gap, _has_left in rows if own_gap is not None]
    common_gap = median(own_gaps) if len(own_gaps) >= rules.LEAST_RHYTHMS else None
    ranking_gap = None if common_gap is None else rules.ranking_gap(common_gap, company.get_company().active_days)
    estimates = [
        (rules.estimate_risk(quiet, usual_gap, ranking_gap), quiet, has_left)
        for quiet, own_gap, has_left in rows
        if (usual_gap := common_gap if own_gap is None else own_gap) is not None
    ]
    return RankingQuality(
        customers=len(estimates),
        leavers=sum(has_left for _estimate, _quiet, has_left in estimates),
        shown=_ranking_auc([(estimate.ratio, has_left) for estimate, _quiet, has_left in estimates]),
        recency=_ranking_auc([(quiet, has_left) for _estimate, quiet, has_left in estimates]),
        usual_gap=_ranking_auc([(estimate.lateness, has_left) for estimate, _quiet, has_left in estimates]),
    )


def _held_back_rows(now: datetime, held_back: timedelta) -> list[tuple[Decimal, Decimal | None, bool]]:
    settings = company.get_company()
    began = now - held_back
    params: dict[str, Any] = {
        "at": began,
        "until": now,
        "since": began - timedelta(days=settings.active_days),
        "zone": settings.time_zone,
        "least_days": RHYTHM_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(HELD_BACK_SQL, params)
        return cursor.fetchall()


def _ranking_auc(numbers: list[tuple[Decimal, bool]]) -> Decimal | None:
    leavers = [number for number, has_left in numbers if has_left]
    return rules.ranking_auc(leavers, [number for number, has_left in numbers if not has_left])
