"""What the fields of an act are called; a field without a word is called as in the database."""

from typing import Any

from django.utils.translation import gettext_lazy as _

FIELDS: dict[str, Any] = {
    "assigned": _("Assigned to"),
    "channel": _("Channel"),
    "customer": _("Customer"),
    "fields": _("Fields"),
    "filters": _("Filters"),
    "group": _("Group"),
    "job": _("Job"),
    "kind": _("Kind"),
    "name": _("Name"),
    "points": _("Points"),
    "priority": _("Priority"),
    "reason": _("Reason"),
    "role": _("Role"),
    "said": _("Said"),
    "scope": _("Scope"),
    "scopes": _("Scopes"),
    "source": _("Source"),
    "state": _("State"),
    "tier": _("Tier"),
    "value": _("Value"),
    "version": _("Version"),
}


def field(name: str) -> str:
    """The name of a field in the reader's language."""
    return str(FIELDS.get(name, name))
