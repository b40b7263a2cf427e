"""What the audit log calls the acts of this app, and the things that they were done to."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.audit import labels

labels.action_labels.update(
    {
        "care.started": _("Care programme started"),
        "care.paused": _("Care programme paused"),
        "care.resumed": _("Care programme resumed"),
        "care.stopped": _("Care programme stopped"),
        "care.recalled": _("Messages of a care programme recalled"),
        "care.published": _("Version of a care programme published"),
        "care.holdout_changed": _("Holdout changed"),
        "metrics.exported": _("Figures exported"),
    }
)
labels.object_labels.update(
    {
        "retention.careprogram": _("Care programme"),
    }
)
