"""What orders register: kinds of timeline entries and labels of the audit log."""

from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import money
from crm.kernel.audit import labels
from customers.profiles import timeline
from customers.profiles.models import TimelineEntry
from customers.profiles.timeline import TimelineKind


def _amount_text(data: dict[str, Any]) -> str:
    return money.format_money(Decimal(data["total"]), data["currency"], translation.get_language() or "en")


def _product_names(data: dict[str, Any]) -> str:
    """In the reader's language, where the products have names in it."""
    products, language = data.get("products", []), translation.get_language() or "en"
    names = data.get("names", [{}] * len(products))
    return ", ".join(by_language.get(language) or text for by_language, text in zip(names, products, strict=False))


def _order_url(entry: TimelineEntry) -> str:
    try:
        return reverse("customers:order", args=[entry.object_id])
    except NoReverseMatch:
        return ""


timeline.timeline_groups["orders"] = gettext_lazy("Orders")
timeline.register_timeline_kind(
    "order_placed",
    TimelineKind(
        "bag",
        lambda data: _("Order %(number)s, %(amount)s") % {"number": data["number"], "amount": _amount_text(data)},
        "orders",
        _product_names,
        _order_url,
    ),
)
timeline.register_timeline_kind(
    "order_changed",
    TimelineKind(
        "bag",
        lambda data: (
            _("Order %(number)s changed, now %(amount)s") % {"number": data["number"], "amount": _amount_text(data)}
        ),
        "orders",
        url=_order_url,
    ),
)
timeline.register_timeline_kind(
    "order_cancelled",
    TimelineKind("bag-x", lambda data: _("Order %(number)s cancelled") % data, "orders", url=_order_url),
)
timeline.register_timeline_kind(
    "order_refunded",
    TimelineKind(
        "arrow-return-left",
        lambda data: (
            _("%(amount)s refunded for order %(number)s") % {"number": data["number"], "amount": _amount_text(data)}
        ),
        "orders",
        url=_order_url,
    ),
)

labels.action_labels.update(
    {
        "order.cancelled": gettext_lazy("Order cancelled"),
        "order.refunded": gettext_lazy("Order refunded"),
        "rate.stored": gettext_lazy("Exchange rate stored"),
    }
)
labels.object_labels.update(
    {
        "customers.order": gettext_lazy("Order"),
        "customers.exchangerate": gettext_lazy("Exchange rate"),
    }
)
