"""Lapsed buyer: an invitation after a long time without a purchase, fixed or by the usual gap: the customer's own, else the company's."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.orders.models import CustomerSummary
from customers.orders.relations import PURCHASE_SUMMARIES, PURCHASES
from customers.profiles.relations import CURRENT_CUSTOMERS
from retention.care import queries
from retention.care.triggers.base import (
    TRIGGER_KINDS,
    DefaultProgram,
    DueQuery,
    PlanningHorizon,
    TriggerKind,
    TriggerSettings,
    TriggerSettingsForm,
)
from retention.care.zone_days import ZONE_SLACK, ZoneDays
from retention.risk import common_rhythm

GAP_BOUNDS_DAYS = (14, 365)


class LapseMode(models.TextChoices):
    DAYS = "days", gettext_lazy("A fixed number of days")
    OWN_GAP = "own_gap", gettext_lazy("The customer's own usual gap")


@dataclass(frozen=True)
class LapsedSettings(TriggerSettings):
    """Reaches customers whose last purchase is so many days back (fixed, or a multiple of their usual gap), and
    not more than `within_days` beyond that: who left long ago is no business of this programme."""

    mode: str = LapseMode.DAYS
    lapse_days: int = 90
    gap_factor: Decimal = Decimal("2.5")
    within_days: int = 30


class LapsedSettingsForm(TriggerSettingsForm):
    mode = forms.ChoiceField(label=gettext_lazy("Lapsed after"), choices=LapseMode.choices)
    lapse_days = forms.IntegerField(
        label=gettext_lazy("Days without a purchase"),
        help_text=gettext_lazy("Also by usual gap, while neither the customer nor the company has one."),
        min_value=7,
        max_value=730,
    )
    gap_factor = forms.DecimalField(
        label=gettext_lazy("Times the usual gap"),
        min_value=Decimal("1.1"),
        max_value=Decimal(10),
        max_digits=4,
        decimal_places=2,
    )
    within_days = forms.IntegerField(
        label=gettext_lazy("Not later than days after"),
        help_text=gettext_lazy("Who left longer ago is not written to."),
        min_value=1,
        max_value=365,
    )


FIXED_THRESHOLD_SQL = "%(days)s"
# Their own gap, else the company's; greatest() and least() would pass over the NULL of neither.
OWN_GAP_THRESHOLD_SQL = (
    "CASE WHEN coalesce(s.gap_days, %(common_gap)s::numeric) IS NULL THEN %(days)s ELSE"
    " least(greatest(ceil(coalesce(s.gap_days, %(common_gap)s::numeric) * %(factor)s), %(least)s), %(most)s)::int END"
)
SOURCE_SQL = f"""
{PURCHASE_SUMMARIES} s
JOIN {CURRENT_CUSTOMERS} c ON c.id = s.customer_id
{queries.ZONE_JOIN_SQL}
CROSS JOIN LATERAL (SELECT (s.last_order_at AT TIME ZONE z.name)::date + {{threshold}} AS day) l
CROSS JOIN LATERAL (SELECT id FROM {PURCHASES} p WHERE customer_id = s.customer_id
                    ORDER BY placed_at DESC, id DESC LIMIT 1) o
"""
CONDITION_SQL = """
s.last_order_at >= %(earliest)s AND s.last_order_at < %(latest)s
  AND l.day <= z.opened AND l.day + %(within)s >= z.unclosed
"""


@TRIGGER_KINDS.register
class LapsedTrigger(TriggerKind[LapsedSettings]):
    """A last purchase that lies a threshold back; the occasion is the lapse after that order."""

    kind = "lapsed"
    order = 30
    settings_class = LapsedSettings
    form_class = LapsedSettingsForm
    step_kinds = ("coupon", "message")
    purpose = gettext_lazy("An invitation with a coupon after a long silence")

    def due_query(self, settings: LapsedSettings, horizon: PlanningHorizon, days: ZoneDays) -> DueQuery:
        own_gap = settings.mode == LapseMode.OWN_GAP
        least, most = GAP_BOUNDS_DAYS if own_gap else (settings.lapse_days, settings.lapse_days)
        least, most = min(least, settings.lapse_days), max(most, settings.lapse_days)
        params = {
            "days": settings.lapse_days,
            "within": settings.within_days,
            "earliest": horizon.planned_until - timedelta(days=most + settings.within_days) - ZONE_SLACK,
            "latest": horizon.now - timedelta(days=least) + ZONE_SLACK,
        }
        if own_gap:
            common = common_rhythm.get_common_rhythm()
            params |= {"factor": settings.gap_factor, "least": GAP_BOUNDS_DAYS[0], "most": GAP_BOUNDS_DAYS[1]}
            params["common_gap"] = common.gap_days if common else None
        return DueQuery(
            source=SOURCE_SQL.format(threshold=OWN_GAP_THRESHOLD_SQL if own_gap else FIXED_THRESHOLD_SQL),
            key="'lapse:order-' || o.id",
            day="l.day",
            late="l.day + %(within)s < z.unended",
            # Who entered after the last order has been reached for this lapse, even if an order before it came to light since.
            entered="e.entered_at >= s.last_order_at",
            condition=CONDITION_SQL,
            params=params,
        )

    def title(self, settings: LapsedSettings) -> str:
        if settings.mode == LapseMode.OWN_GAP:
            return _("No purchase for %(factor)s times the usual gap") % {"factor": settings.gap_factor.normalize()}
        days = settings.lapse_days
        return ngettext("No purchase for %(days)s day", "No purchase for %(days)s days", days) % {"days": days}

    def occasion_text(self, day: str) -> str:
        return _("Lapsed on %(day)s") % {"day": day}

    def expected_enrollments(self, settings: LapsedSettings, window: timedelta, now: datetime) -> int:
        """Customers whose last purchase, if none follows, lapses in the window."""
        until = now + window - timedelta(days=settings.lapse_days)
        since = now - timedelta(days=settings.lapse_days + settings.within_days)
        return CustomerSummary.objects.filter(last_order_at__gte=since, last_order_at__lt=min(until, now)).count()

    def last_sending_day(self, settings: LapsedSettings, occasion_on: date) -> date:
        return occasion_on + timedelta(days=settings.within_days)

    default_program = DefaultProgram(
        key="lapsed-buyer",
        names={"en": "Lapsed buyer", "zh-hans": "沉睡客户唤醒", "zh-hant": "久未回購關懷"},
        exits_on_goal=True,
        texts={
            "en": {
                "subject": "{{ name }}, we have not seen you for a while",
                "body": "Hello {{ name }},\n\n"
                "it has been some time since your last visit, and we would be glad to see you again.\n\n"
                "As a small welcome back, this coupon is yours: **{{ coupon }}**, valid until {{ coupon_until }}.\n\n"
                "If something was not right last time, [please tell us]({{ help_page }})."
                " We will put it in order.\n\n"
                "Best wishes,\n{{ company }}",
            },
            "zh-hans": {
                "subject": "{{ name }}，有一阵子没见到您了",
                "body": "{{ name }}，您好：\n\n"
                "有一阵子没见到您了，我们很期待再次为您服务。\n\n"
                "为您准备了一张优惠券：**{{ coupon }}**，{{ coupon_until }}前有效。\n\n"
                "如果上次有哪里不满意，请[留言告诉我们]({{ help_page }})，我们一定妥善处理。\n\n"
                "{{ company }} 敬上",
            },
            "zh-hant": {
                "subject": "{{ name }}，好一陣子沒見到您了",
                "body": "{{ name }} 您好：\n\n"
                "好一陣子沒見到您了，我們很期待再次為您服務。\n\n"
                "為您準備了一張優惠券：**{{ coupon }}**，{{ coupon_until }}前有效。\n\n"
                "如果上次有哪裡不滿意，請[留言告訴我們]({{ help_page }})，我們一定好好處理。\n\n"
                "{{ company }} 敬上",
            },
        },
    )
