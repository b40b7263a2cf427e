"""How the figures of the overview came: by the nightly proofs of the ledger, and by what left it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel import money
from crm.kernel.http.request_memo import Remembered
from crm.kernel.time import clock, periods
from loyalty.points import program_settings
from loyalty.points import selectors as points
from loyalty.points.models import LedgerProof

YEAR, QUARTER = timedelta(days=370), timedelta(days=90)
DRAWN = 26
MONTHS_PAST = 6


@dataclass(frozen=True)
class Moved:
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


def of_rates(before: Decimal | None, now: Decimal | None) -> Moved:
    """The change of a rate, in percentage points."""
    if before is None or now is None or now == before:
        return Moved([])
    by = (now - before) * 100
    return Moved([], by=by, change=_("%(n)s pt") % {"n": f"{abs(by):.1f}"})


def of_proofs(at: datetime) -> tuple[Moved, Moved]:
    """Members and points, as the nights of a year counted them; one query."""
    found = points.proofs(at - YEAR)
    return _moved(found, at, lambda proof: proof.accounts), _moved(found, at, lambda proof: proof.points)


def _moved(found: Sequence[LedgerProof], at: datetime, figure: Callable[[LedgerProof], int]) -> Moved:
    """`found` is newest first; compared with the newest one that is at least a quarter of a year old."""
    step = max(1, len(found) // DRAWN)
    values = [float(figure(proof)) for proof in found[::step]][::-1]
    before = next((proof for proof in found if proof.made_at <= at - QUARTER), None)
    if before is None or not figure(before):
        return Moved(values)
    by = Decimal(figure(found[0]) - figure(before)) / figure(before)
    return Moved(values, before.made_at, by, money.percent(abs(by), get_language() or "en") if by else "")


def _past_months() -> list[tuple[date, int, int]]:
    this = periods.first_of_month(clock.today(program_settings.zone()))
    months = [periods.add_months(this, -back) for back in range(MONTHS_PAST - 1, -1, -1)]
    left = points.outflow_by_month(months[0])
    return [(month, *left.get(month, (0, 0))) for month in months]


# Month, used, expired: the last months up to now; past ones stand still.
past_months = Remembered(_past_months, seconds=600)
