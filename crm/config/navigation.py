"""The way through the product, as one decision: sidebar, settings list and "New" menu.

An entry is shown where its page exists and its permission is held; the number is its place in its group.
"""

from django.utils.translation import gettext_lazy as _

from crm.kernel.ui.navigation import FOOT, MAIN, RETAIN, SETTINGS, NavigationEntry, NewMenuAction

SIDEBAR = (
    NavigationEntry("today", _("Today"), "sun", "customers:today", "", MAIN, 10, shortcut_key="d"),
    NavigationEntry(
        "tickets", _("Tickets"), "inbox", "feedback:ticket_list", "tickets.view", MAIN, 20, shortcut_key="t"
    ),
    NavigationEntry(
        "customers", _("Customers"), "people", "customers:customer_list", "customers.view", MAIN, 30, shortcut_key="c"
    ),
    NavigationEntry("orders", _("Orders"), "bag", "customers:order_list", "orders.view", MAIN, 40, shortcut_key="o"),
    NavigationEntry(
        "segments", _("Segments"), "funnel", "customers:segment_list", "customers.view", MAIN, 50, shortcut_key="s"
    ),
    NavigationEntry(
        "retention", _("Retention"), "graph-up", "retention:dashboard", "metrics.view", RETAIN, 10, shortcut_key="r"
    ),
    NavigationEntry(
        "care", _("Care programmes"), "diagram-3", "retention:program_list", "care.view", RETAIN, 20, shortcut_key="p"
    ),
    NavigationEntry("loyalty", _("Loyalty"), "award", "loyalty:overview", "loyalty.view", RETAIN, 30, shortcut_key="l"),
    NavigationEntry(
        "surveys",
        _("Surveys"),
        "chat-square-heart",
        "feedback:survey_list",
        "surveys.view",
        RETAIN,
        40,
        shortcut_key="n",
    ),
    NavigationEntry(
        "messages", _("Messages"), "send", "customers:outbox", "messages.view", RETAIN, 50, shortcut_key="m"
    ),
    NavigationEntry(
        "import", _("Import"), "cloud-arrow-up", "customers:import_list", "customers.import", FOOT, 10, shortcut_key="i"
    ),
    NavigationEntry("jobs", _("Background work"), "activity", "kernel:job_list", "", FOOT, 20),
    NavigationEntry("mailbox", _("Mailbox"), "mailbox", "customers:mailbox", "mailbox.view", FOOT, 30),
    NavigationEntry("settings", _("Settings"), "gear", "kernel:settings", "settings.manage", FOOT, 90),
)
SETTINGS_PAGES = (
    NavigationEntry(
        "people", _("People and teams"), "people", "kernel:user_list", "users.manage", SETTINGS,
        note=_("Who may sign in and what they may do."),
    ),
    NavigationEntry(
        "rates", _("Exchange rates"), "currency-exchange", "customers:rate_list", "settings.manage", SETTINGS, 40,
        note=_("What orders in other currencies count in the base currency."),
    ),
    NavigationEntry(
        "keys", _("API keys"), "key", "kernel:key_list", "api.manage", SETTINGS, 60,
        note=_("How your web shop and your till reach this system."),
    ),
    NavigationEntry(
        "audit", _("Audit log"), "journal-text", "kernel:audit_list", "audit.view", SETTINGS, 70,
        note=_("Who did what, and when."),
    ),
)  # fmt: skip
NEW_MENU = (
    NewMenuAction("customer", _("Customer"), "person-plus", "customers:customer_new", "customers.edit", 10),
    NewMenuAction("ticket", _("Ticket"), "inbox", "feedback:ticket_new", "tickets.work", 20),
    NewMenuAction("import", _("Import"), "cloud-arrow-up", "customers:import_new", "customers.import", 30),
    NewMenuAction("survey", _("Survey"), "chat-square-heart", "feedback:survey_new", "surveys.manage", 40),
)
