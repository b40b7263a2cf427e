"""How tickets look on the timeline and among the facts of a customer."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.profiles import facts, timeline
from customers.profiles.models import TimelineEntry
from customers.profiles.timeline import Kind


def _link(entry: TimelineEntry) -> str:
    try:
        return reverse("feedback:ticket", args=[entry.object_id])
    except NoReverseMatch:
        return ""


def _opened(data: dict[str, Any]) -> str:
    return _("Request %(number)s: %(subject)s") % data


timeline.groups["tickets"] = gettext_lazy("Tickets")
timeline.register("ticket_opened", Kind("inbox", _opened, "tickets", url=_link))
timeline.register(
    "ticket_replied", Kind("reply", lambda data: _("Answered request %(number)s") % data, "tickets", url=_link)
)
timeline.register(
    "ticket_solved", Kind("check2-circle", lambda data: _("Request %(number)s solved") % data, "tickets", url=_link)
)
timeline.register(
    "ticket_reopened",
    Kind("arrow-counterclockwise", lambda data: _("Request %(number)s open again") % data, "tickets", url=_link),
)
facts.kinds["open_tickets"] = gettext_lazy("Open tickets")
