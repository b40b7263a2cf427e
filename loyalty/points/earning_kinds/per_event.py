"""Points for something other than an order: an answered survey, a birthday."""

from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.kernel import money
from loyalty.points.earning_kinds.registry import EarningKind, register_earning_kind
from loyalty.points.models import EarningRule

PER_EVENT = "per_event"


class PerEventKind(EarningKind):
    """`points` each time the rule's event happens to a customer; tiers do not multiply them."""

    code = PER_EVENT
    label = gettext_lazy("Points per event")
    earns_from_orders = False

    def exact_points(self, rule: EarningRule, amount: Decimal, multiplier: Decimal) -> Decimal:
        return rule.points

    def rate_text(self, rule: EarningRule) -> str:
        return _("%(points)s each time") % {"points": money.format_number(rule.points, get_language() or "en")}


register_earning_kind(PerEventKind())
