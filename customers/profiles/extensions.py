"""What profiles register: kinds of timeline entries and labels of the audit log."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.audit import labels
from customers.profiles import timeline
from customers.profiles.timeline import TimelineKind

timeline.timeline_groups["notes"] = gettext_lazy("Notes")
timeline.register_timeline_kind(
    "customer_created", TimelineKind("person-plus", lambda data: _("Customer added"), "notes")
)
timeline.register_timeline_kind("call", TimelineKind("telephone", lambda data: _("Call"), "notes"))
timeline.register_timeline_kind("visit", TimelineKind("geo-alt", lambda data: _("Visit"), "notes"))
timeline.register_timeline_kind("chat", TimelineKind("chat-dots", lambda data: _("Chat"), "notes"))
timeline.register_timeline_kind("note", TimelineKind("journal-text", lambda data: _("Note"), "notes"))
timeline.register_timeline_kind(
    "task_finished", TimelineKind("check2-square", lambda data: _("Task finished: %(title)s") % data, "notes")
)
timeline.register_timeline_kind(
    "activity", TimelineKind("activity", lambda data: _("Behaviour: %(name)s") % data, "notes")
)
timeline.register_timeline_kind("archived", TimelineKind("archive", lambda data: _("Archived"), "notes"))
timeline.register_timeline_kind(
    "restored", TimelineKind("arrow-counterclockwise", lambda data: _("Back from the archive"), "notes")
)

labels.action_labels.update(
    {
        "customer.created": gettext_lazy("Customer added"),
        "customer.changed": gettext_lazy("Customer changed"),
        "customer.archived": gettext_lazy("Customer archived"),
        "customer.restored": gettext_lazy("Customer restored"),
        "customers.received": gettext_lazy("Customers received"),
        "customers.tagged": gettext_lazy("Customers tagged"),
        "customers.untagged": gettext_lazy("Tag taken off customers"),
        "customers.assigned": gettext_lazy("Customers assigned"),
    }
)
labels.object_labels["customers.customer"] = gettext_lazy("Customer")
