"""What the audit log calls the acts of this app, and the things that they were done to."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.audit import labels

labels.action_labels.update(
    {
        "customer.created": _("Customer added"),
        "customer.changed": _("Customer changed"),
        "customer.archived": _("Customer archived"),
        "customer.restored": _("Customer restored"),
        "customers.received": _("Customers received"),
        "customers.tagged": _("Customers tagged"),
        "customers.untagged": _("Tag taken off customers"),
        "customers.assigned": _("Customers assigned"),
        "import.finished": _("Import finished"),
        "import.rejected_downloaded": _("Rejected rows downloaded"),
        "order.cancelled": _("Order cancelled"),
        "order.refunded": _("Order refunded"),
        "rate.stored": _("Exchange rate stored"),
    }
)
labels.object_labels.update(
    {
        "customers.customer": _("Customer"),
        "customers.order": _("Order"),
        "customers.import": _("Import"),
        "customers.exchangerate": _("Exchange rate"),
    }
)
