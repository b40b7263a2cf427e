"""How the figures of the overview came: by the nightly proofs of the ledger, and by what left it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel import money
from crm.kernel.http.request_memo import RequestMemo
from crm.kernel.time import clock, periods
from loyalty.points import program_settings
from loyalty.points import selectors as points
from loyalty.points.models import LedgerProof

YEAR, QUARTER = timedelta(days=370), timedelta(days=90)
POINTS_DRAWN = 26
MONTHS_PAST = 6


@dataclass(frozen=True)
class FigureTrend:
    """The way a figure came: values in time, and by how much it has changed since a day, in words."""

    values: list[float]
    since: datetime | None = None
    by: Decimal = Decimal(0)
    change: str = ""

    @property
    def direction(self) -> str:
        return "" if not self.by else "up" if self.by > 0 else "down"

    @property
    def verdict(self) -> str:
        """For what should grow."""
        return "" if not self.by else "good" if self.by > 0 else "bad"


def rate_trend(before: Decimal | None, now: Decimal | None) -> FigureTrend:
    """The change of a rate, in percentage points."""
    if before is None or now is None or now == before:
        return FigureTrend([])
    by = (now - before) * 100
    return FigureTrend([], by=by, change=_("%(n)s pt") % {"n": f"{abs(by):.1f}"})


def member_and_points_trends(at: datetime) -> tuple[FigureTrend, FigureTrend]:
    """Members and points, as the nights of a year counted them; one query."""
    found = points.ledger_proofs(at - YEAR)
    return _proof_trend(found, at, lambda proof: proof.accounts), _proof_trend(found, at, lambda proof: proof.points)


def _proof_trend(found: Sequence[LedgerProof], at: datetime, figure: Callable[[LedgerProof], int]) -> FigureTrend:
    """`found` is newest first; compared with the newest one that is at least a quarter of a year old."""
    step = max(1, len(found) // POINTS_DRAWN)
    values = [float(figure(proof)) for proof in found[::step]][::-1]
    before = next((proof for proof in found if proof.made_at <= at - QUARTER), None)
    if before is None or not figure(before):
        return FigureTrend(values)
    by = Decimal(figure(found[0]) - figure(before)) / figure(before)
    return FigureTrend(values, before.made_at, by, money.format_rate(abs(by), get_language() or "en") if by else "")


def _read_monthly_outflow() -> list[tuple[date, int, int]]:
    this = periods.first_of_month(clock.today(program_settings.program_time_zone()))
    months = [periods.add_months(this, -back) for back in range(MONTHS_PAST - 1, -1, -1)]
    left = points.points_outflow_by_month(months[0])
    return [(month, *left.get(month, (0, 0))) for month in months]


# Month, used, expired: the last months up to now; past ones stand still.
monthly_outflow = RequestMemo(_read_monthly_outflow, seconds=600)
