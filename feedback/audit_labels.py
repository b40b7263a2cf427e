"""What the audit log calls the acts of this app, and the things that they were done to."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.audit import labels

labels.action_labels.update(
    {
        "follow_up.moved": _("Follow-up moved"),
        "ticket.opened": _("Ticket opened"),
        "ticket.state": _("State of a ticket changed"),
        "ticket.assigned": _("Ticket assigned"),
        "ticket.priority": _("Priority of a ticket changed"),
        "ticket.customer": _("Customer of a ticket set"),
    }
)
labels.object_labels.update(
    {
        "feedback.ticket": _("Ticket"),
        "feedback.followup": _("Follow-up"),
    }
)
