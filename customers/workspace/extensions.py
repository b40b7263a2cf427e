"""What the workspace plugs in: drill-downs of products, labels of the audit log."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.audit import labels
from customers.workspace import drilldown, sockets

sockets.drilldown_sources.update(
    {source.key: source for source in (drilldown.BUYERS_DRILLDOWN, drilldown.RETURNERS_DRILLDOWN)}
)

labels.action_labels.update(
    {
        "customers.export_asked": _("Export of customers asked for"),
        "customers.exported": _("Customers exported"),
    }
)
