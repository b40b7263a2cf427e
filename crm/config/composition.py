"""What the upper apps plug into the sockets of the lower ones; the one place that fills them."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.ui import navigation as nav
from customers.messaging import extensions as messages
from customers.orders.sockets import order_panels
from customers.profiles import facts
from customers.workspace import sockets
from feedback.loops import extensions as follow_ups
from feedback.surveys import extensions as survey_panels
from feedback.surveys import fact_displays as surveys
from feedback.tickets import extensions as ticket_panels
from feedback.tickets import fact_displays as tickets
from loyalty.account import extensions as loyalty_panels
from loyalty.tiers import extensions as tiers
from retention.care import extensions as care_panels
from retention.care import sockets as care_sockets
from retention.evaluation import effect_display as evaluation
from retention.reports import drilldown, today_cards
from retention.risk import extensions as risk_panels
from retention.risk import labels as risk


def navigation() -> None:
    """The sidebar, the settings list and the "New" menu; what has no page yet is left out."""
    nav.offer(
        nav.Entry("today", _("Today"), "sun", "customers:today", "", nav.MAIN, 10, go="d"),
        nav.Entry("tickets", _("Tickets"), "inbox", "feedback:ticket_list", "tickets.view", nav.MAIN, 20, go="t"),
        nav.Entry(
            "customers", _("Customers"), "people", "customers:customer_list", "customers.view", nav.MAIN, 30, go="c"
        ),
        nav.Entry("orders", _("Orders"), "bag", "customers:order_list", "orders.view", nav.MAIN, 40, go="o"),
        nav.Entry(
            "segments", _("Segments"), "funnel", "customers:segment_list", "customers.view", nav.MAIN, 50, go="s"
        ),
        nav.Entry(
            "retention", _("Retention"), "graph-up", "retention:dashboard", "metrics.view", nav.RETAIN, 10, go="r"
        ),
        nav.Entry(
            "care", _("Care programmes"), "diagram-3", "retention:program_list", "care.view", nav.RETAIN, 20, go="p"
        ),
        nav.Entry("loyalty", _("Loyalty"), "award", "loyalty:overview", "loyalty.view", nav.RETAIN, 30, go="l"),
        nav.Entry(
            "surveys", _("Surveys"), "chat-square-heart", "feedback:survey_list", "surveys.view", nav.RETAIN, 40, go="n"
        ),
        nav.Entry("messages", _("Messages"), "send", "customers:outbox", "messages.view", nav.RETAIN, 50, go="m"),
        nav.Entry(
            "import", _("Import"), "cloud-arrow-up", "customers:import_list", "customers.import", nav.FOOT, 10, go="i"
        ),
        nav.Entry("jobs", _("Background work"), "activity", "kernel:job_list", "", nav.FOOT, 20),
        nav.Entry("mailbox", _("Mailbox"), "mailbox", "customers:mailbox", "mailbox.view", nav.FOOT, 30),
        nav.Entry("settings", _("Settings"), "gear", "kernel:settings", "settings.manage", nav.FOOT, 90),
    )
    people = _("Who may sign in and what they may do.")
    nav.offer(
        nav.Entry(
            "people", _("People and teams"), "people", "kernel:user_list", "users.manage", nav.SETTINGS, note=people
        )
    )
    keys = _("How your web shop and your till reach this system.")
    acts = _("Who did what, and when.")
    nav.offer(
        nav.Entry("keys", _("API keys"), "key", "kernel:key_list", "api.manage", nav.SETTINGS, 60, note=keys),
        nav.Entry(
            "audit", _("Audit log"), "journal-text", "kernel:audit_list", "audit.view", nav.SETTINGS, 70, note=acts
        ),
    )
    worth = _("What orders in other currencies count in the base currency.")
    nav.offer(
        nav.Entry(
            "rates",
            _("Exchange rates"),
            "currency-exchange",
            "customers:rate_list",
            "settings.manage",
            nav.SETTINGS,
            40,
            note=worth,
        )
    )
    nav.offer(
        nav.Action("customer", _("Customer"), "person-plus", "customers:customer_new", "customers.edit", 10),
        nav.Action("ticket", _("Ticket"), "inbox", "feedback:ticket_new", "tickets.work", 20),
        nav.Action("import", _("Import"), "cloud-arrow-up", "customers:import_new", "customers.import", 30),
        nav.Action("survey", _("Survey"), "chat-square-heart", "feedback:survey_new", "surveys.manage", 40),
    )


def people_behind_numbers() -> None:
    """What the customer list can be opened on."""
    sockets.behind.update({offer.key: offer for offer in [*drilldown.OFFERED, survey_panels.BEHIND]})


def panels() -> None:
    """What the upper apps show on the customer page and beside a ticket."""
    sockets.panels.extend([loyalty_panels.PANEL, ticket_panels.PANEL, survey_panels.PANEL])
    sockets.panels.extend([risk_panels.PANEL, risk_panels.NEXT])
    order_panels.append(loyalty_panels.ORDER_PANEL)


def care() -> None:
    """The effect of programmes on their pages; why a customer got which message on his own page."""
    care_sockets.plugged.results = evaluation.results
    care_sockets.plugged.context = evaluation.context
    sockets.panels.append(care_panels.PANEL)


def facts_in_lists() -> None:
    """How facts that upper apps push look in lists, and which of their values lists may be filtered by."""
    facts.kinds["risk"] = risk.LABEL
    facts.looks.update(
        tier=tiers.TIER, service_level=tiers.SERVICE_LEVEL, nps=surveys.NPS, csat=surveys.CSAT, risk=risk.RISK,
        open_tickets=tickets.OPEN_TICKETS,
    )  # fmt: skip


def waiting_today() -> None:
    """What waits for a person on the page of the day, and what the palette finds beside people and orders."""
    sockets.tiles.extend([tickets.MINE, tickets.UNASSIGNED, follow_ups.FOLLOW_UPS, today_cards.TILE])
    sockets.cards.append(today_cards.CARD)
    sockets.finders.append(tickets.FINDER)


def messages_on_the_customer_page() -> None:
    """Consent per channel and topic, and the button that writes a mail."""
    sockets.panels += [
        sockets.Panel(
            "consent", _("Consent"), "customers/messaging/panels/consent.html", messages.consent, "right", 10
        ),
        sockets.Panel(
            "write",
            _("Write mail"),
            "customers/messaging/panels/write.html",
            messages.write,
            "action",
            20,
            "messages.send",
        ),
    ]


navigation()
people_behind_numbers()
panels()
messages_on_the_customer_page()
care()
facts_in_lists()
waiting_today()
