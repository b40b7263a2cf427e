"""First purchase: a thank-you some days after the first order. A kind of trigger that only tests have."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms

from customers.messaging.content.template_catalog import TemplateVariable
from customers.orders.models import CustomerSummary
from customers.orders.relations import PURCHASE_SUMMARIES
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


@dataclass(frozen=True)
class FirstPurchaseSettings(TriggerSettings):
    days_after: int = 3


class FirstPurchaseSettingsForm(TriggerSettingsForm):
    days_after = forms.IntegerField(label="Days after the first purchase", min_value=1, max_value=30)


SOURCE_SQL = f"""
{PURCHASE_SUMMARIES} s
JOIN {CURRENT_CUSTOMERS} c ON c.id = s.customer_id
{queries.ZONE_JOIN_SQL}
CROSS JOIN LATERAL (SELECT (s.first_order_at AT TIME ZONE z.name)::date + %(days_after)s AS day) l
"""
CONDITION_SQL = "s.first_order_at BETWEEN %(earliest)s AND %(latest)s AND l.day <= z.opened AND l.day >= z.unclosed"
TEXTS = {"subject": "Thank you, {{ name }}", "body": "Your first order was on {{ first_day }}."}


@TRIGGER_KINDS.register
class FirstPurchaseTrigger(TriggerKind[FirstPurchaseSettings]):
    kind = "first_purchase"
    order = 40
    settings_class = FirstPurchaseSettings
    form_class = FirstPurchaseSettingsForm
    purpose = "A thank-you after the first purchase"
    variables = {"first_day": TemplateVariable("Day of the first order", date(2026, 4, 30))}
    default_program = DefaultProgram(
        key="first-purchase",
        names={"en": "First purchase"},
        texts={"en": TEXTS, "zh-hans": TEXTS, "zh-hant": TEXTS},
    )

    def due_query(self, settings: FirstPurchaseSettings, horizon: PlanningHorizon, days: ZoneDays) -> DueQuery:
        slack = timedelta(days=settings.days_after) + ZONE_SLACK
        return DueQuery(
            source=SOURCE_SQL,
            key="'first-purchase'",
            day="l.day",
            late="l.day < z.unended",
            entered="e.occasion_key = 'first-purchase'",
            condition=CONDITION_SQL,
            params={
                "days_after": settings.days_after,
                "earliest": horizon.planned_until - slack,
                "latest": horizon.now,
            },
        )

    def title(self, settings: FirstPurchaseSettings) -> str:
        return f"{settings.days_after} days after the first purchase"

    def occasion_text(self, day: str) -> str:
        return f"Thanked on {day}"

    def expected_enrollments(self, settings: FirstPurchaseSettings, window: timedelta, now: datetime) -> int:
        return CustomerSummary.objects.filter(first_order_at__gt=now - window).count()

    def variable_values(self, enrollments, now):
        customers = [enrollment.customer_id for enrollment in enrollments]
        firsts = dict(
            CustomerSummary.objects.filter(customer__in=customers).values_list("customer_id", "first_order_at__date")
        )
        return {enrollment.pk: {"first_day": firsts[enrollment.customer_id]} for enrollment in enrollments}
