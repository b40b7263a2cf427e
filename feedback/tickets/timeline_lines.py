"""How tickets look on the timeline and among the facts of a customer."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.profiles import timeline
from customers.profiles.models import TimelineEntry
from customers.profiles.timeline import TimelineKind


def _ticket_url(entry: TimelineEntry) -> str:
    try:
        return reverse("feedback:ticket", args=[entry.object_id])
    except NoReverseMatch:
        return ""


def _ticket_opened_text(data: dict[str, Any]) -> str:
    return _("Request %(number)s: %(subject)s") % data


timeline.timeline_groups["tickets"] = gettext_lazy("Tickets")
timeline.register_timeline_kind("ticket_opened", TimelineKind("inbox", _ticket_opened_text, "tickets", url=_ticket_url))
timeline.register_timeline_kind(
    "ticket_replied",
    TimelineKind("reply", lambda data: _("Answered request %(number)s") % data, "tickets", url=_ticket_url),
)
timeline.register_timeline_kind(
    "ticket_solved",
    TimelineKind("check2-circle", lambda data: _("Request %(number)s solved") % data, "tickets", url=_ticket_url),
)
timeline.register_timeline_kind(
    "ticket_reopened",
    TimelineKind(
        "arrow-counterclockwise", lambda data: _("Request %(number)s open again") % data, "tickets", url=_ticket_url
    ),
)
