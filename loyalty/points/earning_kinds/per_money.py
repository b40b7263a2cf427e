"""Points for each unit of money: 1 point for each ¥1."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.kernel import company, money
from loyalty.points.earning_kinds.registry import EarningKind, register_earning_kind
from loyalty.points.models import EarningRule

PER_MONEY = "per_money"


class PerMoneyKind(EarningKind):
    """`points` for each `per` of the amount, times the multiplier of the tier."""

    code = PER_MONEY
    label = gettext_lazy("Points per amount spent")
    form_fields = ("per", "minimum", "cap", "with_tax", "pending_days", "refund_policy")

    def exact_points(self, rule: EarningRule, amount: Decimal, multiplier: Decimal) -> Decimal:
        return amount / rule.per * rule.points * multiplier

    def rate_text(self, rule: EarningRule) -> str:
        language, currency = get_language() or "en", company.get_company().base_currency
        return _("%(points)s for each %(per)s") % {
            "points": money.format_number(rule.points, language),
            "per": money.format_money(rule.per, currency, language, whole=True),
        }

    def explain_rate(self, figures: Mapping[str, Any], texts: Mapping[str, str]) -> str:
        per = money.format_number(Decimal(figures["per"]), get_language() or "en")
        return _("%(base)s counts, %(rate)s for each %(per)s by version %(version)s of the rule") % {
            **texts,
            "per": per,
            "version": figures["version"],
        }


register_earning_kind(PerMoneyKind())
