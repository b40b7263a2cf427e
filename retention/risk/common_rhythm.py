"""The rhythm of the company's customers: counted by night, read by whoever judges a customer without one."""

from datetime import datetime, timedelta

from django.db import connection

from crm.kernel import company
from crm.kernel.http.request_memo import RequestMemo
from retention.risk import rules
from retention.risk.models import CompanyRhythm
from retention.risk.queries import COMMON_RHYTHM_SQL
from retention.risk.rules import CommonRhythm

# So long a young company waits for its first rhythm between two looks.
RECOUNT_AFTER = timedelta(minutes=10)


def get_common_rhythm() -> CommonRhythm | None:
    """The rhythm as it was counted last; None while too few have one of their own. One query a request."""
    return _read_rhythm(_counted_rhythm())


def ensure_common_rhythm(at: datetime) -> CommonRhythm | None:
    """The rhythm as it was counted last; counted now where there is none yet."""
    row = CompanyRhythm.objects.filter(pk=1).first()
    rhythm = _read_rhythm(row)
    if rhythm is None and (row is None or row.counted_at <= at - RECOUNT_AFTER):
        return count_common_rhythm(at)
    return rhythm


def count_common_rhythm(at: datetime) -> CommonRhythm | None:
    """Count it over all summaries and keep it; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(COMMON_RHYTHM_SQL, {"at": at, "active_days": company.get_company().active_days})
        customers, gap, pace, spend = cursor.fetchone()
    figures = {"customers": customers, "gap_days": gap, "pace_days": pace, "day_spend": spend, "counted_at": at}
    row, _is_new = CompanyRhythm.objects.update_or_create(pk=1, defaults=figures)
    _counted_rhythm.clear()
    return _read_rhythm(row)


_counted_rhythm = RequestMemo(lambda: CompanyRhythm.objects.filter(pk=1).first())


def _read_rhythm(row: CompanyRhythm | None) -> CommonRhythm | None:
    if row is None or row.customers < rules.LEAST_RHYTHMS:
        return None
    assert row.gap_days is not None
    assert row.pace_days is not None
    assert row.day_spend is not None
    ranking_gap = rules.ranking_gap(row.gap_days, company.get_company().active_days)
    return CommonRhythm(row.gap_days, ranking_gap, row.pace_days, row.day_spend)
