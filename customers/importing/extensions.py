"""What imports register: labels of the audit log."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.audit import labels

labels.action_labels.update(
    {
        "import.finished": _("Import finished"),
        "import.rejected_downloaded": _("Rejected rows downloaded"),
        "import.warnings_downloaded": _("Warnings of an import downloaded"),
    }
)
labels.object_labels["customers.import"] = _("Import")
