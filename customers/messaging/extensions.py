"""What messaging plugs in: panels of the customer page, timeline kinds, labels of the audit log, the sign-up form."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import company
from crm.kernel.audit import labels
from crm.kernel.auth import access
from crm.kernel.auth.models import User
from customers.messaging import channels, selectors
from customers.messaging.choices import MessageChannel, MessageTopic, SuppressionReason
from customers.messaging.models.consent import STAFF_LIFTABLE_REASONS
from customers.messaging.signup.email_template import declare_confirmation
from customers.messaging.signup.settings import SignupSettings
from customers.profiles import timeline
from customers.profiles.models import Customer, TimelineEntry
from customers.profiles.timeline import TimelineKind

channels.load_channel_kinds()
company.register_settings("signup", SignupSettings)
declare_confirmation()


def consent_panel(customer: Customer, user: User) -> dict[str, Any]:
    """Consent per channel and topic, and what is suppressed; three queries."""
    entries = [entry for entry in selectors.consent_summary(customer) if entry["address"]]
    for entry in entries:
        entry["suppressions"] = [SuppressionReason(reason).label for reason in entry["suppressed"]]
        entry["liftable_ids"] = [
            entry["suppression_ids"][reason] for reason in entry["suppressed"] if reason in STAFF_LIFTABLE_REASONS
        ]
        for name, is_allowed in (("allowed", True), ("refused", False)):
            entry[name] = [
                str(row["topic"].label)
                for row in entry["topics"]
                if (row["allowed"] and not entry["suppressions"]) == is_allowed
            ]
    return {"customer": customer, "channels": entries, "may_edit": access.has_permission(user, "consent.edit")}


def write_mail_panel(customer: Customer, user: User) -> dict[str, Any] | None:
    """The button that writes a mail, where there is an address and the right."""
    return {"customer": customer} if customer.email and access.has_permission(user, "messages.send") else None


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


timeline.timeline_groups["messages"] = gettext_lazy("Messages")
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

labels.action_labels.update(
    {
        "message.written": gettext_lazy("Message written"),
        "message.recalled": gettext_lazy("Message recalled"),
        "message.settled": gettext_lazy("Message settled by hand"),
        "template.changed": gettext_lazy("Template changed"),
        "suppression.added": gettext_lazy("Address put on the suppression list"),
        "suppression.lifted": gettext_lazy("Address taken off the suppression list"),
        "consent.changed": gettext_lazy("Consent changed"),
    }
)
labels.object_labels.update(
    {
        "customers.outboundmessage": gettext_lazy("Message"),
        "customers.messagetemplate": gettext_lazy("Template"),
        "customers.suppression": gettext_lazy("Suppressed address"),
    }
)
