"""What a report is about: its period and the one that it is compared with, from the address of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.time import periods
from crm.kernel.time.periods import BadPeriod, Period

PERIOD_PRESETS: dict[str, Any] = {
    "12m": _("Last 12 months"),
    "quarter": _("Last quarter"),
    "month": _("Last month"),
    "90d": _("Last 90 days"),
    "year": _("This year"),
    "last_year": _("Last year"),
    "custom": _("Own dates"),
}
DEFAULT_PRESET = "12m"
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class PeriodChoice:
    """The chosen period under its preset's name."""

    preset: str
    period: Period

    @property
    def label(self) -> Any:
        return PERIOD_PRESETS[self.preset]

    @property
    def last(self) -> date:
        """The last day inside."""
        return self.period.end - timedelta(days=1)

    @property
    def query(self) -> str:
        """The part of an address that chooses it again."""
        if self.preset != "custom":
            return f"period={self.preset}"
        return f"period=custom&start={self.period.start}&end={self.period.end}"


def parse_period_choice(params: Mapping[str, str], today: date) -> PeriodChoice:
    """The period that the address asks for; raises BadPeriod naming the parameter."""
    preset = params.get("period") or (DEFAULT_PRESET if not params.get("start") else "custom")
    if preset not in PERIOD_PRESETS:
        raise BadPeriod(
            _("period: “%(text)s” is none of %(known)s") % {"text": preset[:20], "known": ", ".join(PERIOD_PRESETS)}
        )
    if preset != "custom":
        return PeriodChoice(preset, _preset_period(preset, today))
    start, end = periods.parse_day(params.get("start", ""), "start"), _parse_end(params)
    if not EARLIEST <= start <= end <= LATEST:
        raise BadPeriod(_("start, end: must lie between 1990 and 2100, the end after the start"))
    return PeriodChoice(preset, Period(start, end))


def _parse_end(params: Mapping[str, str]) -> date:
    """The first day after the period: `end`, or the day after `last` as people say it."""
    if last := params.get("last"):
        return periods.parse_day(last, "last") + timedelta(days=1)
    return periods.parse_day(params.get("end", ""), "end")


def _preset_period(preset: str, today: date) -> Period:
    month = periods.first_of_month(today)
    tomorrow = today + timedelta(days=1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return {
        "12m": Period(periods.add_months(tomorrow, -12), tomorrow),
        "quarter": Period(periods.add_months(quarter, -3), quarter),
        "month": Period(periods.add_months(month, -1), month),
        "90d": Period(tomorrow - timedelta(days=90), tomorrow),
        "year": Period(date(today.year, 1, 1), tomorrow),
        "last_year": Period(date(today.year - 1, 1, 1), date(today.year, 1, 1)),
    }[preset]
