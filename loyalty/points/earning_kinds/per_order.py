"""The same points for every order, whatever it costs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.kernel import money
from loyalty.points.earning_kinds.registry import EarningKind, register_earning_kind
from loyalty.points.models import EarningRule


class PerOrderKind(EarningKind):
    """`points` for an order in which something earns, times the multiplier of the tier."""

    code = "per_order"
    label = gettext_lazy("Points per order")
    form_fields = ("minimum", "cap", "with_tax", "pending_days", "refund_policy")

    def exact_points(self, rule: EarningRule, amount: Decimal, multiplier: Decimal) -> Decimal:
        return rule.points * multiplier if amount > 0 else Decimal(0)

    def rate_text(self, rule: EarningRule) -> str:
        return _("%(points)s for each order") % {"points": money.format_number(rule.points, get_language() or "en")}

    def explain_rate(self, figures: Mapping[str, Any], texts: Mapping[str, str]) -> str:
        return _("%(base)s counts, %(rate)s for the order by version %(version)s of the rule") % {
            **texts,
            "version": figures["version"],
        }


register_earning_kind(PerOrderKind())
