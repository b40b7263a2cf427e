"""Past values of the overview's figures, from the nightly checks of the ledger and from what left it."""

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
VALUES_DRAWN = 26
MONTHS_PAST = 6


@dataclass(frozen=True)
class FigureTrend:
    """Past values of a figure, and by how much it has changed since a day."""

    values: list[float]
    compared_since: datetime | None = None
    change_rate: Decimal = Decimal(0)
    change_text: str = ""

    @property
    def direction(self) -> str:
        return "" if not self.change_rate else "up" if self.change_rate > 0 else "down"

    @property
    def verdict(self) -> str:
        """Good or bad, for figures that should grow."""
        return "" if not self.change_rate else "good" if self.change_rate > 0 else "bad"


def rate_trend(before: Decimal | None, now: Decimal | None) -> FigureTrend:
    """The change of a rate, in percentage points."""
    if before is None or now is None or now == before:
        return FigureTrend([])
    change = (now - before) * 100
    return FigureTrend([], change_rate=change, change_text=_("%(n)s pt") % {"n": money.round_half_up(abs(change), 1)})


def member_and_points_trends(at: datetime) -> tuple[FigureTrend, FigureTrend]:
    """Members and outstanding points by the nightly checks of a year. One query."""
    proofs = points.ledger_proofs(at - YEAR)
    return _proof_trend(proofs, at, lambda proof: proof.accounts), _proof_trend(proofs, at, lambda proof: proof.points)


def _proof_trend(proofs: Sequence[LedgerProof], at: datetime, figure: Callable[[LedgerProof], int]) -> FigureTrend:
    """`proofs` are newest first; the newest is compared with the newest that is at least a quarter of a year old."""
    step = max(1, len(proofs) // VALUES_DRAWN)
    values = [float(figure(proof)) for proof in proofs[::step]][::-1]
    before = next((proof for proof in proofs if proof.made_at <= at - QUARTER), None)
    if before is None or not figure(before):
        return FigureTrend(values)
    change = Decimal(figure(proofs[0]) - figure(before)) / figure(before)
    text = money.format_rate(abs(change), get_language() or "en") if change else ""
    return FigureTrend(values, before.made_at, change, text)


def _read_monthly_outflow() -> list[tuple[date, int, int]]:
    this_month = periods.first_of_month(clock.today(program_settings.program_time_zone()))
    months = [periods.add_months(this_month, -back) for back in range(MONTHS_PAST - 1, -1, -1)]
    outflow = points.points_outflow_by_month(months[0])
    return [(month, *outflow.get(month, (0, 0))) for month in months]


# (month, points used, points expired) of the last months; kept for ten minutes.
monthly_outflow = RequestMemo(_read_monthly_outflow, seconds=600)
