"""What the filter dialog offers: only the values that there are."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from crm.kernel.auth.models import User
from crm.kernel.ui.listing.choices import ANY
from customers.orders import selectors as orders
from customers.profiles import facts

MOST = 200
TAGS = "SELECT tag, count(*) FROM customers_customer, unnest(tags) AS tag GROUP BY tag ORDER BY count(*) DESC, tag LIMIT %s"


def tags() -> list[str]:
    """The commonest tags first."""
    with connection.cursor() as cursor:
        cursor.execute(TAGS, [MOST])
        return [tag for tag, _count in cursor.fetchall()]


def owners() -> list[tuple[str, str]]:
    """Staff who may own customers: public id and name."""
    staff = User.objects.filter(is_active=True).order_by("name", "email")[:MOST]
    return [(user.public_id, user.name or user.email) for user in staff]


def for_filters() -> dict[str, list[tuple[str, Any]]]:
    """Choices of every filter that has some, by the filter's name; four queries."""
    found: dict[str, list[tuple[str, Any]]] = {
        "owner": [ANY, ("me", _("me")), ("none", _("nobody")), *owners()],
        "store": [ANY, *((store, store) for store in orders.stores())],
        "channel": [ANY, *((channel, channel) for channel in orders.channels())],
        "tag": [(tag, tag) for tag in tags()],
    }
    return found | {kind: look.choices() for kind, look in facts.looks.items()}
