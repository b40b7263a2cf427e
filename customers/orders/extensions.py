"""How orders look on the timeline."""

from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import money
from customers.profiles import timeline
from customers.profiles.models import TimelineEntry
from customers.profiles.timeline import Kind


def _amount(data: dict[str, Any]) -> str:
    return money.write(Decimal(data["total"]), data["currency"], translation.get_language() or "en")


def _goods(data: dict[str, Any]) -> str:
    return ", ".join(data.get("products", []))


def _link(entry: TimelineEntry) -> str:
    try:
        return reverse("customers:order", args=[entry.object_id])
    except NoReverseMatch:
        return ""


timeline.groups["orders"] = gettext_lazy("Orders")
timeline.register(
    "order_placed",
    Kind(
        "bag",
        lambda data: _("Order %(number)s, %(amount)s") % {"number": data["number"], "amount": _amount(data)},
        "orders",
        _goods,
        _link,
    ),
)
timeline.register(
    "order_changed",
    Kind(
        "bag",
        lambda data: (
            _("Order %(number)s changed, now %(amount)s") % {"number": data["number"], "amount": _amount(data)}
        ),
        "orders",
        url=_link,
    ),
)
timeline.register(
    "order_cancelled", Kind("bag-x", lambda data: _("Order %(number)s cancelled") % data, "orders", url=_link)
)
timeline.register(
    "order_refunded",
    Kind(
        "arrow-return-left",
        lambda data: (
            _("%(amount)s refunded for order %(number)s") % {"number": data["number"], "amount": _amount(data)}
        ),
        "orders",
        url=_link,
    ),
)
