"""What the workspace plugs in: drill-downs of products, labels of the audit log, entries of the navigation."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.audit import labels
from crm.kernel.ui import navigation
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

navigation.register_navigation(
    navigation.NavigationEntry("today", _("Today"), "sun", "customers:today", "", navigation.MAIN, 10, go="d"),
    navigation.NavigationEntry(
        "customers", _("Customers"), "people", "customers:customer_list", "customers.view", navigation.MAIN, 30, go="c"
    ),
)
