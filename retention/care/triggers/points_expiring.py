"""Points about to expire: a reminder with the exact sum, some days before the points lapse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.messaging.content.template_catalog import TemplateVariable
from customers.profiles.models import Customer
from customers.profiles.relations import CURRENT_CUSTOMERS
from loyalty.points import program_settings as loyalty_program
from loyalty.points import selectors as points
from loyalty.points.models import PointsAccount, PointsLot
from retention.care import queries
from retention.care.models import Enrollment
from retention.care.triggers.base import (
    TRIGGER_KINDS,
    DefaultProgram,
    DueQuery,
    PlanningHorizon,
    TriggerKind,
    TriggerSettings,
    TriggerSettingsForm,
    VariableValues,
)
from retention.care.zone_days import ZONE_SLACK, ZoneDays


@dataclass(frozen=True)
class PointsExpiringSettings(TriggerSettings):
    """Reminds so many days before points lapse, of accounts with at least so many points in question."""

    days_before: int = 14
    least_points: int = 1


class PointsExpiringSettingsForm(TriggerSettingsForm):
    days_before = forms.IntegerField(label=gettext_lazy("Days before the points expire"), min_value=1, max_value=90)
    least_points = forms.IntegerField(label=gettext_lazy("From so many points on"), min_value=1, max_value=1_000_000)


# The last day on which the points can be used stands in the occasion; the days of expiry are the company's.
SOURCE_SQL = f"""
(SELECT account_id, ((expires_at - interval '1 second') AT TIME ZONE %(home)s)::date AS day
      FROM {PointsLot._meta.db_table}
      WHERE remaining > 0 AND expires_at >= %(earliest)s AND expires_at < %(latest)s
      GROUP BY 1, 2 HAVING sum(remaining) >= %(least)s) l
JOIN {PointsAccount._meta.db_table} a ON a.id = l.account_id
JOIN {CURRENT_CUSTOMERS} c ON c.id = a.customer_id
{queries.ZONE_JOIN_SQL}
"""


@TRIGGER_KINDS.register
class PointsExpiringTrigger(TriggerKind[PointsExpiringSettings]):
    """Points of the customer's account that lapse soon; the amount itself is read when the message is written."""

    kind = "expiring"
    order = 20
    settings_class = PointsExpiringSettings
    form_class = PointsExpiringSettingsForm
    purpose = gettext_lazy("A reminder with the exact sum before points lapse")
    exit_notes = (gettext_lazy("The points are used"),)
    exit_reasons = {"nothing_left": gettext_lazy("The points were used before the message was written.")}
    variables = {
        "points": TemplateVariable(gettext_lazy("Points that expire"), 1200),
        "date": TemplateVariable(gettext_lazy("The last day on which they can be used"), date(2026, 4, 30)),
    }

    def due_query(self, settings: PointsExpiringSettings, horizon: PlanningHorizon, days: ZoneDays) -> DueQuery:
        return DueQuery(
            source=SOURCE_SQL,
            key="'expiry:' || l.day",
            day="l.day",
            late="l.day < z.unended",
            entered="e.occasion_key = 'expiry:' || l.day",
            condition="%(points_on)s AND l.day - %(before)s <= z.opened AND l.day >= z.unclosed",
            params={
                "points_on": loyalty_program.loyalty_settings().points_on,
                "home": loyalty_program.program_time_zone(),
                "before": settings.days_before,
                "least": settings.least_points,
                "earliest": horizon.planned_until - ZONE_SLACK,
                "latest": horizon.now + timedelta(days=settings.days_before) + ZONE_SLACK,
            },
        )

    def title(self, settings: PointsExpiringSettings) -> str:
        days = settings.days_before
        return ngettext("Points expire in %(days)s day", "Points expire in %(days)s days", days) % {"days": days}

    def occasion_text(self, day: str) -> str:
        return _("Points until %(day)s") % {"day": day}

    def expected_enrollments(self, settings: PointsExpiringSettings, window: timedelta, now: datetime) -> int:
        """Accounts with points that lapse in the window."""
        lots = PointsLot.objects.filter(remaining__gt=0, expires_at__gt=now, expires_at__lte=now + window)
        return lots.values("account").distinct().count()

    def variable_values(self, enrollments: Sequence[Enrollment], now: datetime) -> dict[int, VariableValues]:
        """The ledger's own sum of what lapses on the occasion's day; who has spent it meanwhile is left out."""
        last_day = max(enrollment.occasion_on for enrollment in enrollments)
        customers = [enrollment.customer_id for enrollment in enrollments]
        sums = {
            (expiring.customer_id, expiring.day): expiring.points
            for expiring in points.expiring_points(last_day, customers, at=now)
        }
        return {
            enrollment.pk: {"points": total, "date": enrollment.occasion_on}
            for enrollment in enrollments
            if (total := sums.get((enrollment.customer_id, enrollment.occasion_on), 0))
        }

    def sample_values(self, customer: Customer, now: datetime) -> VariableValues:
        lots = points.customer_expiring_points(customer.pk, at=now)
        return {"points": lots[0].points, "date": lots[0].day} if lots else {}

    default_program = DefaultProgram(
        key="points-expiring",
        names={"en": "Points about to expire", "zh-hans": "积分到期提醒", "zh-hant": "點數到期提醒"},
        texts={
            "en": {
                "subject": "{{ points }} points expire on {{ date }}",
                "body": "Hello {{ name }},\n\n"
                "**{{ points }} points** in your account can be used until the end of {{ date }}.\n\n"
                "Perhaps there is something among our rewards that you would like."
                " Until then the points are yours to spend.\n\n"
                "Best wishes,\n{{ company }}",
            },
            "zh-hans": {
                "subject": "{{ points }} 积分将于 {{ date }}到期",
                "body": "{{ name }}，您好：\n\n"
                "您账户中有 **{{ points }} 积分**将于 {{ date }}到期，当天仍可使用。\n\n"
                "不妨看看有没有您喜欢的奖励，到期之前随时可以兑换。\n\n"
                "{{ company }} 敬上",
            },
            "zh-hant": {
                "subject": "{{ points }} 點將於 {{ date }}到期",
                "body": "{{ name }} 您好：\n\n"
                "您帳戶裡有 **{{ points }} 點**將於 {{ date }}到期，當天仍可使用。\n\n"
                "看看有沒有您喜歡的獎勵，到期前隨時都能兌換。\n\n"
                "{{ company }} 敬上",
            },
        },
    )
