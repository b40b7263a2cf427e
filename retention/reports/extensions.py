"""The words of the audit log for what reports do."""

from django.utils.translation import gettext_lazy

from crm.kernel.audit import labels

labels.action_labels["metrics.exported"] = gettext_lazy("Figures exported")
