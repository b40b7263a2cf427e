"""How messages and consent look on the timeline."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.messaging.choices import Channel, SuppressionReason, Topic
from customers.profiles import timeline
from customers.profiles.models import TimelineEntry
from customers.profiles.timeline import Kind

timeline.groups["messages"] = gettext_lazy("Messages")


def _words(data: dict[str, Any]) -> dict[str, Any]:
    topics = [Topic(topic).label for topic in data.get("topics", [])]
    return {
        "channel": Channel(data["channel"]).label if "channel" in data else "",
        "topics": ", ".join(str(topic) for topic in topics),
        "subject": data.get("subject", ""),
        "reason": SuppressionReason(data["reason"]).label if "reason" in data else "",
    }


def _link(entry: TimelineEntry) -> str:
    return reverse("customers:message", args=[entry.object_id]) if entry.object_id else ""


timeline.register(
    "consent_given", Kind("check-circle", lambda d: _("Consent given: %(channel)s, %(topics)s") % _words(d), "messages")
)
timeline.register(
    "consent_withdrawn",
    Kind("x-circle", lambda d: _("Consent withdrawn: %(channel)s, %(topics)s") % _words(d), "messages"),
)
timeline.register(
    "address_suppressed",
    Kind("slash-circle", lambda d: _("Nothing more goes to this address: %(reason)s") % _words(d), "messages"),
)
timeline.register(
    "message_sent", Kind("send", lambda d: _("Message sent: %(subject)s") % _words(d), "messages", url=_link)
)
timeline.register(
    "message_failed",
    Kind("exclamation-triangle", lambda d: _("Message failed: %(subject)s") % _words(d), "messages", url=_link),
)
timeline.register(
    "message_unknown",
    Kind("question-circle", lambda d: _("Message with unknown fate: %(subject)s") % _words(d), "messages", url=_link),
)
