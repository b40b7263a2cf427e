"""How messages and consent look on the timeline."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.messaging.choices import MessageChannel, MessageTopic, SuppressionReason
from customers.profiles import timeline
from customers.profiles.models import TimelineEntry
from customers.profiles.timeline import TimelineKind

timeline.timeline_groups["messages"] = gettext_lazy("Messages")


def _display_values(data: dict[str, Any]) -> dict[str, Any]:
    topics = [MessageTopic(topic).label for topic in data.get("topics", [])]
    return {
        "channel": MessageChannel(data["channel"]).label if "channel" in data else "",
        "topics": ", ".join(str(topic) for topic in topics),
        "subject": data.get("subject", ""),
        "reason": SuppressionReason(data["reason"]).label if "reason" in data else "",
    }


def _message_url(entry: TimelineEntry) -> str:
    return reverse("customers:message", args=[entry.object_id]) if entry.object_id else ""


timeline.register_timeline_kind(
    "consent_given",
    TimelineKind(
        "check-circle", lambda d: _("Consent given: %(channel)s, %(topics)s") % _display_values(d), "messages"
    ),
)
timeline.register_timeline_kind(
    "consent_withdrawn",
    TimelineKind(
        "x-circle", lambda d: _("Consent withdrawn: %(channel)s, %(topics)s") % _display_values(d), "messages"
    ),
)
timeline.register_timeline_kind(
    "address_suppressed",
    TimelineKind(
        "slash-circle", lambda d: _("Nothing more goes to this address: %(reason)s") % _display_values(d), "messages"
    ),
)
timeline.register_timeline_kind(
    "message_sent",
    TimelineKind("send", lambda d: _("Message sent: %(subject)s") % _display_values(d), "messages", url=_message_url),
)
timeline.register_timeline_kind(
    "message_failed",
    TimelineKind(
        "exclamation-triangle",
        lambda d: _("Message failed: %(subject)s") % _display_values(d),
        "messages",
        url=_message_url,
    ),
)
timeline.register_timeline_kind(
    "message_unknown",
    TimelineKind(
        "question-circle",
        lambda d: _("Message with unknown fate: %(subject)s") % _display_values(d),
        "messages",
        url=_message_url,
    ),
)
