"""Acts, things, fields and values of the audit log in words; what has no word is shown as it was written."""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

# Upper apps add theirs.
action_labels: dict[str, Any] = {
    "view.saved": _("View saved"),
    "view.removed": _("View removed"),
    "api_key.created": _("API key made"),
    "api_key.revoked": _("API key revoked"),
    "settings.changed": _("Settings changed"),
    "users.added": _("Person added"),
    "users.changed": _("Person changed"),
    "teams.added": _("Team added"),
}
object_labels: dict[str, Any] = {
    "kernel.user": _("Person"),
    "kernel.team": _("Team"),
    "kernel.savedview": _("Saved view"),
    "kernel.apikey": _("API key"),
}
FIELD_LABELS: dict[str, Any] = {
    "assigned": _("Assigned to"),
    "bought_days": _("Bought in the last days"),
    "channel": _("Channel"),
    "code": _("Code"),
    "created": _("Created"),
    "currency": _("Currency"),
    "customer": _("Customer"),
    "day": _("Day"),
    "effect": _("Smallest effect"),
    "end": _("End"),
    "fields": _("Fields"),
    "filters": _("Filters"),
    "group": _("Group"),
    "holdout": _("Holdout"),
    "is_active": _("In use"),
    "job": _("Job"),
    "key": _("Code"),
    "kind": _("Kind"),
    "languages": _("Languages"),
    "limit": _("Limit"),
    "listing": _("List"),
    "name": _("Name"),
    "owner": _("Owner"),
    "points": _("Points"),
    "priority": _("Priority"),
    "query": _("Filter"),
    "rate": _("Rate"),
    "reason": _("Reason"),
    "role": _("Role"),
    "said": _("Said"),
    "scope": _("Scope"),
    "scopes": _("Scopes"),
    "settings": _("Settings"),
    "share": _("Share of the holdout"),
    "shared": _("Shared"),
    "source": _("Source"),
    "start": _("Start"),
    "state": _("State"),
    "tag": _("Tag"),
    "template": _("Template"),
    "tier": _("Tier"),
    "title": _("Title"),
    "topic": _("Topic"),
    "until": _("Until"),
    "updated": _("Updated"),
    "value": _("Value"),
    "version": _("Version"),
    "why": _("Why"),
}
YES_NO_LABELS: dict[str, Any] = {"True": _("Yes"), "False": _("No")}
ACTOR_LABELS: dict[str, Any] = {"system": _("System")}


def action_label(action: str) -> str:
    """What was done in the reader's language, or nothing."""
    return str(action_labels.get(action, ""))


def object_label(object_type: str) -> str:
    """What it was done to in the reader's language, or nothing."""
    return str(object_labels.get(object_type, ""))


def actor_label(label: str) -> str:
    """Who did it where no person did."""
    return str(ACTOR_LABELS.get(label, label))


def field_label(name: str) -> str:
    """The name of a field in the reader's language."""
    return str(FIELD_LABELS.get(name, name))


def value_label(object_type: str, name: str, value: Any) -> Any:
    """A value as its field calls it: yes and no, and a choice of the model by its label."""
    if str(value) in YES_NO_LABELS:
        return str(YES_NO_LABELS[str(value)])
    return _choice_labels(object_type, name).get(str(value), value) if isinstance(value, (str, int)) else value


def _choice_labels(object_type: str, name: str) -> dict[str, str]:
    try:
        flat: Any = apps.get_model(object_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return {}
    return {str(code): str(label) for code, label in getattr(flat, "flatchoices", ())}
