"""From the numbers of the reports to the people behind them: offered to the customer list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.kernel import company
from crm.kernel.auth.models import User
from crm.kernel.templatetags.crm import day
from crm.kernel.templatetags.crm import month as month_name
from crm.kernel.time import periods
from crm.kernel.time.periods import BadPeriod, Period
from customers.workspace import drilldown as customer_drilldown
from customers.workspace.sockets import BadDrilldownArguments, DrilldownSource
from feedback.surveys import selectors as surveys
from retention.metrics import cohorts, metric_customers, windows
from retention.risk import selectors as risk

GROUP_LABELS: dict[str, Any] = {
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
class DrilldownLinks:
    """Where the people behind the numbers are listed for one reader; empty addresses for who sees only some of them."""

    user: User

    def group(self, group: str, window: windows.MetricWindow) -> str:
        """Those behind a number of a window."""
        days = window.active_days
        return customer_drilldown.drilldown_url(self.user, group, start=window.start, end=window.end, active_days=days)

    def cohort(self, month: date, months: int | None = None) -> str:
        """A cohort, or those of it who came back in the k-th month."""
        back = {} if months is None else {"months": months}
        return customer_drilldown.drilldown_url(self.user, "cohort", month=f"{month:%Y-%m}", **back)

    def nps(self, window: windows.MetricWindow) -> str:
        """Those who answered in a window."""
        return customer_drilldown.drilldown_url(self.user, "nps", start=window.start, end=window.end)


def _parse_window(params: Mapping[str, str]) -> windows.MetricWindow:
    days = params.get("active_days", str(company.get_company().active_days))
    if not days.isdecimal() or not 0 < int(days) <= 36500:
        raise BadDrilldownArguments(_("active_days: must be a number of days"))
    return windows.metric_window(_parse_period(params), int(days))


def _parse_period(params: Mapping[str, str]) -> Period:
    try:
        return Period(
            periods.parse_day(params.get("start", ""), "start"), periods.parse_day(params.get("end", ""), "end")
        )
    except BadPeriod as error:
        raise BadDrilldownArguments(str(error)) from error


def _window_drilldown(group: str) -> DrilldownSource:
    def label(params: Mapping[str, str]) -> str:
        window = _parse_window(params)
        last = window.end - timedelta(days=1)
        return _("%(group)s, %(start)s – %(last)s") % {
            "group": GROUP_LABELS[group],
            "start": day(window.start),
            "last": day(last),
        }

    return DrilldownSource(
        group,
        label,
        lambda params, user: metric_customers.CUSTOMERS_BY_GROUP[group](_parse_window(params)),
        "metrics.view",
    )


def _parse_cohort(params: Mapping[str, str]) -> tuple[date, int | None]:
    months = params.get("months", "")
    if months and (not months.isdecimal() or int(months) > 600):
        raise BadDrilldownArguments(_("months: must be a number of months"))
    try:
        return periods.parse_day(f"{params.get('month', '')}-01", "month"), int(months) if months else None
    except BadPeriod as error:
        raise BadDrilldownArguments(str(error)) from error


def _cohort_label(params: Mapping[str, str]) -> str:
    month, months = _parse_cohort(params)
    if months is None:
        return _("First order in %(month)s") % {"month": month_name(month)}
    text = ngettext(
        "First order in %(month)s, bought again %(n)s month later",
        "First order in %(month)s, bought again %(n)s months later",
        months,
    )
    return text % {"month": month_name(month), "n": months}


def _cohort_ids(params: Mapping[str, str], user: User) -> Any:
    month, months = _parse_cohort(params)
    zone = company.get_company().time_zone
    return (
        cohorts.cohort_customers(month, zone)
        if months is None
        else cohorts.returning_cohort_customers(month, months, zone)
    )


def _parse_nps_group(params: Mapping[str, str]) -> str | None:
    group = params.get("group", "")
    if group and group not in NPS_GROUPS:
        raise BadDrilldownArguments(_("group: must be one of %(known)s") % {"known": ", ".join(NPS_GROUPS)})
    return group or None


def _nps_label(params: Mapping[str, str]) -> str:
    group = _parse_nps_group(params)
    return str(NPS_GROUPS[group]) if group else _("Answered the NPS survey")


def _nps_ids(params: Mapping[str, str], user: User) -> Any:
    return surveys.respondent_ids("nps", _parse_period(params), _parse_nps_group(params))


DRILLDOWNS: list[DrilldownSource] = [
    *[_window_drilldown(group) for group in GROUP_LABELS],
    DrilldownSource("cohort", _cohort_label, _cohort_ids, "metrics.view"),
    DrilldownSource(
        "at_risk", lambda params: _("At risk"), lambda params, user: risk.at_risk_customer_ids(), "metrics.view"
    ),
    DrilldownSource("nps", _nps_label, _nps_ids, "metrics.view"),
]
