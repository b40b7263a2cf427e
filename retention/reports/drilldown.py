"""From the numbers of the reports to the people behind them: offered to the customer list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.kernel import company
from crm.kernel.templatetags.crm import day
from crm.kernel.templatetags.crm import month as month_name
from crm.kernel.time import periods
from crm.kernel.time.periods import BadPeriod, Period
from customers.workspace import drilldown as desk
from customers.workspace.sockets import BadArguments, Behind
from feedback.surveys import selectors as surveys
from retention.metrics import cohorts, metric_customers, windows
from retention.risk import selectors as risk

LABELS: dict[str, Any] = {
    "active_start": gettext_lazy("Active at the start"),
    "active_end": gettext_lazy("Active at the end"),
    "retained": gettext_lazy("Kept"),
    "lost": gettext_lazy("Lost"),
    "new": gettext_lazy("New"),
    "won_back": gettext_lazy("Won back"),
    "buyers": gettext_lazy("Buyers"),
    "repeat_buyers": gettext_lazy("Bought twice or more"),
}
NPS_GROUPS: dict[str, Any] = {
    "promoter": gettext_lazy("Promoters"),
    "passive": gettext_lazy("Passives"),
    "detractor": gettext_lazy("Detractors"),
}


@dataclass(frozen=True)
class Links:
    """Where the people behind the numbers are listed for one reader; empty addresses for who sees only some of them."""

    user: Any

    def group(self, group: str, window: windows.Window) -> str:
        """Those behind a number of a window."""
        days = window.active_days
        return desk.link(self.user, group, start=window.start, end=window.end, active_days=days)

    def cohort(self, month: date, months: int | None = None) -> str:
        """A cohort, or those of it who came back in the k-th month."""
        back = {} if months is None else {"months": months}
        return desk.link(self.user, "cohort", month=f"{month:%Y-%m}", **back)

    def nps(self, window: windows.Window) -> str:
        """Those who answered in a window."""
        return desk.link(self.user, "nps", start=window.start, end=window.end)


def _window(params: Mapping[str, str]) -> windows.Window:
    days = params.get("active_days", str(company.get().active_days))
    if not days.isdecimal() or not 0 < int(days) <= 36500:
        raise BadArguments(_("active_days: must be a number of days"))
    return windows.window(_period(params), int(days))


def _period(params: Mapping[str, str]) -> Period:
    try:
        return Period(
            periods.parse_day(params.get("start", ""), "start"), periods.parse_day(params.get("end", ""), "end")
        )
    except BadPeriod as error:
        raise BadArguments(str(error)) from error


def _of_window(group: str) -> Behind:
    def label(params: Mapping[str, str]) -> str:
        window = _window(params)
        last = window.end - timedelta(days=1)
        return _("%(group)s, %(start)s – %(last)s") % {
            "group": LABELS[group],
            "start": day(window.start),
            "last": day(last),
        }

    return Behind(group, label, lambda params, user: metric_customers.BEHIND[group](_window(params)), "metrics.view")


def _cohort(params: Mapping[str, str]) -> tuple[date, int | None]:
    months = params.get("months", "")
    if months and (not months.isdecimal() or int(months) > 600):
        raise BadArguments(_("months: must be a number of months"))
    try:
        return periods.parse_day(f"{params.get('month', '')}-01", "month"), int(months) if months else None
    except BadPeriod as error:
        raise BadArguments(str(error)) from error


def _cohort_label(params: Mapping[str, str]) -> str:
    month, months = _cohort(params)
    if months is None:
        return _("First order in %(month)s") % {"month": month_name(month)}
    text = ngettext(
        "First order in %(month)s, bought again %(n)s month later",
        "First order in %(month)s, bought again %(n)s months later",
        months,
    )
    return text % {"month": month_name(month), "n": months}


def _cohort_ids(params: Mapping[str, str], user: Any) -> Any:
    month, months = _cohort(params)
    zone = company.get().time_zone
    return cohorts.members(month, zone) if months is None else cohorts.returned(month, months, zone)


def _nps_group(params: Mapping[str, str]) -> str | None:
    group = params.get("group", "")
    if group and group not in NPS_GROUPS:
        raise BadArguments(_("group: must be one of %(known)s") % {"known": ", ".join(NPS_GROUPS)})
    return group or None


def _nps_label(params: Mapping[str, str]) -> str:
    group = _nps_group(params)
    return str(NPS_GROUPS[group]) if group else _("Answered the NPS survey")


def _nps_ids(params: Mapping[str, str], user: Any) -> Any:
    return surveys.respondents("nps", _period(params), _nps_group(params))


OFFERED: list[Behind] = [
    *[_of_window(group) for group in LABELS],
    Behind("cohort", _cohort_label, _cohort_ids, "metrics.view"),
    Behind("at_risk", lambda params: _("At risk"), lambda params, user: risk.ids(), "metrics.view"),
    Behind("nps", _nps_label, _nps_ids, "metrics.view"),
]
