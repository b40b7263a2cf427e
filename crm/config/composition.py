"""What the upper apps plug into the sockets of the lower ones; the one place that fills them."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.ui import navigation
from customers.messaging import extensions as messages
from customers.orders.sockets import order_panels
from customers.profiles import facts
from customers.workspace import sockets
from feedback.loops import extensions as follow_ups
from feedback.surveys import extensions as surveys
from feedback.tickets import extensions as tickets
from loyalty.account import extensions as loyalty_panels
from loyalty.tiers import extensions as tiers
from retention.care import extensions as care_panels
from retention.care import sockets as care_sockets
from retention.evaluation import effect_display as evaluation
from retention.reports import drilldown, today_cards
from retention.risk import extensions as risk_panels
from retention.risk import labels as risk


def register_pages() -> None:
    """The sidebar, the settings list and the "New" menu; what has no page yet is left out."""
    navigation.register_navigation(
        navigation.NavigationEntry(
            "orders", _("Orders"), "bag", "customers:order_list", "orders.view", navigation.MAIN, 40, go="o"
        ),
        navigation.NavigationEntry(
            "segments", _("Segments"), "funnel", "customers:segment_list", "customers.view", navigation.MAIN, 50, go="s"
        ),
        navigation.NavigationEntry(
            "retention",
            _("Retention"),
            "graph-up",
            "retention:dashboard",
            "metrics.view",
            navigation.RETAIN,
            10,
            go="r",
        ),
        navigation.NavigationEntry(
            "care",
            _("Care programmes"),
            "diagram-3",
            "retention:program_list",
            "care.view",
            navigation.RETAIN,
            20,
            go="p",
        ),
        navigation.NavigationEntry(
            "loyalty", _("Loyalty"), "award", "loyalty:overview", "loyalty.view", navigation.RETAIN, 30, go="l"
        ),
        navigation.NavigationEntry(
            "import",
            _("Import"),
            "cloud-arrow-up",
            "customers:import_list",
            "customers.import",
            navigation.FOOT,
            10,
            go="i",
        ),
        navigation.NavigationEntry(
            "jobs", _("Background work"), "activity", "kernel:job_list", "", navigation.FOOT, 20
        ),
        navigation.NavigationEntry(
            "settings", _("Settings"), "gear", "kernel:settings", "settings.manage", navigation.FOOT, 90
        ),
    )
    people = _("Who may sign in and what they may do.")
    navigation.register_navigation(
        navigation.NavigationEntry(
            "people",
            _("People and teams"),
            "people",
            "kernel:user_list",
            "users.manage",
            navigation.SETTINGS,
            note=people,
        )
    )
    keys = _("How your web shop and your till reach this system.")
    acts = _("Who did what, and when.")
    navigation.register_navigation(
        navigation.NavigationEntry(
            "keys", _("API keys"), "key", "kernel:key_list", "api.manage", navigation.SETTINGS, 60, note=keys
        ),
        navigation.NavigationEntry(
            "audit",
            _("Audit log"),
            "journal-text",
            "kernel:audit_list",
            "audit.view",
            navigation.SETTINGS,
            70,
            note=acts,
        ),
    )
    worth = _("What orders in other currencies count in the base currency.")
    navigation.register_navigation(
        navigation.NavigationEntry(
            "rates",
            _("Exchange rates"),
            "currency-exchange",
            "customers:rate_list",
            "settings.manage",
            navigation.SETTINGS,
            40,
            note=worth,
        )
    )
    navigation.register_navigation(
        navigation.NewMenuAction(
            "customer", _("Customer"), "person-plus", "customers:customer_new", "customers.edit", 10
        ),
        navigation.NewMenuAction(
            "import", _("Import"), "cloud-arrow-up", "customers:import_new", "customers.import", 30
        ),
    )


def people_behind_numbers() -> None:
    """What the customer list can be opened on."""
    sockets.drilldown_sources.update({offer.key: offer for offer in [*drilldown.DRILLDOWNS, surveys.SURVEY_DRILLDOWN]})


def panels() -> None:
    """What the upper apps show on the customer page and beside a ticket."""
    sockets.customer_panels.extend([loyalty_panels.LOYALTY_PANEL, tickets.TICKETS_PANEL, surveys.SURVEYS_PANEL])
    sockets.customer_panels.extend([risk_panels.RISK_PANEL, risk_panels.CONTACT_PANEL])
    order_panels.append(loyalty_panels.ORDER_POINTS_PANEL)


def care() -> None:
    """The effect of programmes on their pages; why a customer got which message on his own page."""
    care_sockets.evaluation_socket.results = evaluation.result_displays
    care_sockets.evaluation_socket.context = evaluation.result_page_context
    sockets.customer_panels.append(care_panels.CARE_PANEL)


def facts_in_lists() -> None:
    """How facts that upper apps push look in lists, and which of their values lists may be filtered by."""
    facts.register_fact("tier", tiers.TIER_FACT)
    facts.register_fact("service_level", tiers.SERVICE_LEVEL_FACT)
    for kind, fact_format in surveys.SCORE_FACTS.items():
        facts.register_fact(kind, fact_format)
    facts.register_fact("risk", risk.RISK_FACT)
    facts.register_fact("open_tickets", tickets.OPEN_TICKETS_FACT)


def waiting_today() -> None:
    """What waits for a person on the page of the day, and what the palette finds beside people and orders."""
    sockets.today_tiles.extend(
        [tickets.MY_TICKETS_TILE, tickets.UNASSIGNED_TICKETS_TILE, follow_ups.FOLLOW_UPS_TILE, today_cards.AT_RISK_TILE]
    )
    sockets.today_cards.append(today_cards.AT_RISK_CARD)
    sockets.palette_finders.append(tickets.TICKET_FINDER)


def messages_on_the_customer_page() -> None:
    """Consent per channel and topic, and the button that writes a mail."""
    sockets.customer_panels += [
        sockets.CustomerPanel(
            "consent", _("Consent"), "customers/messaging/panels/consent.html", messages.consent_panel, "right", 10
        ),
        sockets.CustomerPanel(
            "write",
            _("Write mail"),
            "customers/messaging/panels/write.html",
            messages.write_mail_panel,
            "action",
            20,
            "messages.send",
        ),
    ]


register_pages()
people_behind_numbers()
panels()
messages_on_the_customer_page()
care()
facts_in_lists()
waiting_today()
