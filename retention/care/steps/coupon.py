"""Coupon: a personal code that the message after it can name."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import company
from customers.messaging.content.template_catalog import TemplateVariable
from loyalty.points import program_settings as loyalty_program
from loyalty.points.rules import expiry_day
from loyalty.rewards import coupons
from loyalty.rewards import services as rewards
from loyalty.rewards.choices import DiscountKind
from loyalty.rewards.coupons import CouponSource
from loyalty.rewards.rules import CouponTerms
from retention.care.models import Enrollment, Step
from retention.care.services import SOURCE_TYPE
from retention.care.steps.base import (
    STEP_KINDS,
    FlowBox,
    FlowFigures,
    StepKind,
    StepResults,
    StepSettings,
    VariableValues,
)

COUPON_NAMES = {"en": "Welcome back", "zh-hans": "欢迎回来", "zh-hant": "歡迎回來"}


@dataclass(frozen=True)
class CouponSettings(StepSettings):
    """What the coupon gives, in the company's currency, and for how long; `coupon` says whether there is one."""

    coupon: bool = True
    coupon_discount: str = DiscountKind.PERCENT.value
    coupon_value: Decimal = Decimal(10)
    coupon_minimum: Decimal = Decimal(0)
    coupon_days: int = 30


class CouponSettingsForm(forms.Form):
    coupon = forms.BooleanField(label=gettext_lazy("With a coupon"), required=False)
    coupon_discount = forms.ChoiceField(label=gettext_lazy("Coupon"), choices=DiscountKind.choices)
    coupon_value = forms.DecimalField(
        label=gettext_lazy("Value"), max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    coupon_minimum = forms.DecimalField(
        label=gettext_lazy("Minimum spend"), max_digits=12, decimal_places=2, min_value=Decimal(0)
    )
    coupon_days = forms.IntegerField(label=gettext_lazy("Valid for days"), min_value=1, max_value=365)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("coupon_discount") == DiscountKind.PERCENT and (cleaned.get("coupon_value") or 0) > 100:
            self.add_error("coupon_value", _("At most 100 per cent."))
        return cleaned


@STEP_KINDS.register
class CouponStep(StepKind[CouponSettings]):
    """A personal single-use coupon, at most one per customer and planning run."""

    kind = "coupon"
    order = 10
    settings_class = CouponSettings
    form_class = CouponSettingsForm
    variables = {
        "coupon": TemplateVariable(gettext_lazy("Code of the coupon"), "WELCOME-7QX4"),
        "coupon_until": TemplateVariable(gettext_lazy("Last day of the coupon"), date(2026, 4, 30)),
    }

    def is_wanted(self, settings: CouponSettings) -> bool:
        return settings.coupon

    def run(self, step: Step, enrollments: Sequence[Enrollment], now: datetime) -> StepResults:
        """Issue the coupons that are not issued yet; everybody goes on."""
        settings = step.typed_settings
        assert isinstance(settings, CouponSettings)
        terms = coupon_terms(settings)
        for source, members in _by_source(step, enrollments).items():
            customers = [enrollment.customer_id for enrollment in members]
            rewards.issue_coupons(customers=customers, terms=terms, source=source, at=now)
        return {enrollment.pk: step.position + 1 for enrollment in enrollments}

    def variable_values(
        self, step: Step, enrollments: Sequence[Enrollment], now: datetime
    ) -> Mapping[int, VariableValues]:
        """Code and last day of each customer's coupon; one query per planning run among them."""
        zone = loyalty_program.program_time_zone()
        values: dict[int, VariableValues] = {}
        for source, members in _by_source(step, enrollments).items():
            issued = coupons.issued_coupons([enrollment.customer_id for enrollment in members], source)
            for enrollment in members:
                if coupon := issued.get(enrollment.customer_id):
                    values[enrollment.pk] = {
                        "coupon": coupon.code,
                        "coupon_until": expiry_day(coupon.valid_until, zone),
                    }
        return values

    def flow_box(self, settings: CouponSettings, figures: FlowFigures) -> FlowBox:
        note = _("Valid for %(days)s days, one use") % {"days": settings.coupon_days}
        return FlowBox("coupon", "ticket-perforated", _discount_text(settings), note)


def coupon_terms(settings: CouponSettings) -> CouponTerms:
    """What the coupon gives, in the company's currency."""
    return CouponTerms(
        settings.coupon_discount,
        settings.coupon_value,
        company.get_company().base_currency,
        settings.coupon_minimum,
        settings.coupon_days,
        COUPON_NAMES,
    )


def _by_source(step: Step, enrollments: Sequence[Enrollment]) -> dict[CouponSource, list[Enrollment]]:
    """A run enters a customer for one occasion, so run and customer name the coupon."""
    members: dict[CouponSource, list[Enrollment]] = defaultdict(list)
    for enrollment in enrollments:
        source = CouponSource(SOURCE_TYPE, f"{step.version.program.public_id}:{enrollment.run_id}")
        members[source].append(enrollment)
    return members


def _discount_text(settings: CouponSettings) -> str:
    """`10% off` or `50 off`."""
    value = {"value": f"{settings.coupon_value.normalize():f}"}
    return (
        _("%(value)s%% off") % value if settings.coupon_discount == DiscountKind.PERCENT else _("%(value)s off") % value
    )
