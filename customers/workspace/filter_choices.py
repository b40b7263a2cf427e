"""The choices of the filter dialog: only values that some customer or order has."""

from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.auth.models import User
from crm.kernel.ui.listing.choices import ANY_CHOICE
from customers.orders import selectors as orders
from customers.profiles import facts
from customers.workspace import queries

MAX_CHOICES = 200


def common_tags() -> list[str]:
    """Tags of customers, the most frequent first. One query."""
    return [tag for tag, _count in queries.count_tags(MAX_CHOICES)]


def owner_choices() -> list[tuple[str, str]]:
    """Active staff, who may own customers: public id and name, by name. One query."""
    staff = User.objects.filter(is_active=True).order_by("name", "email")[:MAX_CHOICES]
    return [(user.public_id, user.name or user.email) for user in staff]


def choices_by_filter() -> dict[str, list[tuple[str, Any]]]:
    """The choices of every filter that has some, by the filter's name. Four queries."""
    choices: dict[str, list[tuple[str, Any]]] = {
        "owner": [ANY_CHOICE, ("me", _("me")), ("none", _("nobody")), *owner_choices()],
        "store": [ANY_CHOICE, *((store, store) for store in orders.order_stores())],
        "channel": [ANY_CHOICE, *((channel, channel) for channel in orders.order_channels())],
        "tag": [(tag, tag) for tag in common_tags()],
    }
    return choices | {kind: fact.choices() for kind, fact in facts.fact_formats.items()}
