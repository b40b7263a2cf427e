"""What the filter dialog offers: only the values that there are."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from crm.kernel.auth.models import User
from crm.kernel.ui.listing.choices import ANY_CHOICE
from customers.orders import selectors as orders
from customers.profiles import facts

MAX_CHOICES = 200
COMMON_TAGS = "SELECT tag, count(*) FROM customers_customer, unnest(tags) AS tag GROUP BY tag ORDER BY count(*) DESC, tag LIMIT %s"


def common_tags() -> list[str]:
    """The commonest tags first."""
    with connection.cursor() as cursor:
        cursor.execute(COMMON_TAGS, [MAX_CHOICES])
        return [tag for tag, _count in cursor.fetchall()]


def owner_choices() -> list[tuple[str, str]]:
    """Staff who may own customers: public id and name."""
    staff = User.objects.filter(is_active=True).order_by("name", "email")[:MAX_CHOICES]
    return [(user.public_id, user.name or user.email) for user in staff]


def choices_by_filter() -> dict[str, list[tuple[str, Any]]]:
    """Choices of every filter that has some, by the filter's name; four queries."""
    found: dict[str, list[tuple[str, Any]]] = {
        "owner": [ANY_CHOICE, ("me", _("me")), ("none", _("nobody")), *owner_choices()],
        "store": [ANY_CHOICE, *((store, store) for store in orders.order_stores())],
        "channel": [ANY_CHOICE, *((channel, channel) for channel in orders.order_channels())],
        "tag": [(tag, tag) for tag in common_tags()],
    }
    return found | {kind: fact.choices() for kind, fact in facts.fact_formats.items()}
