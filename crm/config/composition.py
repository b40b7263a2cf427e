"""What plugs into what: every socket of a lower place, and what upper apps put into it. The one place that fills them."""

from django.utils.translation import gettext_lazy as _

from crm.config.navigation import NEW_MENU, SETTINGS_PAGES, SIDEBAR
from crm.kernel.ui.navigation import register_navigation
from customers.messaging import extensions as messages
from customers.orders.sockets import order_panels
from customers.profiles.facts import register_fact
from customers.workspace import sockets
from customers.workspace.sockets import CustomerPanel
from feedback.loops import extensions as follow_ups
from feedback.surveys import extensions as surveys
from feedback.tickets import extensions as tickets
from loyalty.account import extensions as loyalty
from loyalty.tiers import extensions as tiers
from retention.care import extensions as care
from retention.care.sockets import evaluation_socket
from retention.evaluation import effect_display as evaluation
from retention.reports import drilldown, today_cards
from retention.risk import extensions as risk
from retention.risk import labels as risk_labels

# The sidebar, the settings list and the "New" menu.
register_navigation(*SIDEBAR, *SETTINGS_PAGES, *NEW_MENU)

# On the customer page, and beside a ticket. Messaging stands below the page and does not know what a panel is.
MESSAGE_PANELS = "customers/messaging/panels"
sockets.customer_panels += [
    loyalty.LOYALTY_PANEL,
    tickets.TICKETS_PANEL,
    surveys.SURVEYS_PANEL,
    risk.RISK_PANEL,
    risk.CONTACT_PANEL,
    CustomerPanel("consent", _("Consent"), f"{MESSAGE_PANELS}/consent.html", messages.consent_panel, "right", 10),
    CustomerPanel(
        "write",
        _("Write mail"),
        f"{MESSAGE_PANELS}/write.html",
        messages.write_mail_panel,
        "action",
        20,
        "messages.send",
    ),
    care.CARE_PANEL,
]

# On the page of an order.
order_panels += [loyalty.ORDER_POINTS_PANEL, loyalty.ORDER_COUPONS_PANEL]

# Numbers that lead to the customers whom they count.
sockets.drilldown_sources |= {source.key: source for source in (*drilldown.DRILLDOWNS, surveys.SURVEY_DRILLDOWN)}

# Facts about customers, as lists show and filter them.
FACTS = {
    "tier": tiers.TIER_FACT,
    "service_level": tiers.SERVICE_LEVEL_FACT,
    **surveys.SCORE_FACTS,
    "open_tickets": tickets.OPEN_TICKETS_FACT,
    "risk": risk_labels.RISK_FACT,
}
for kind, fact_format in FACTS.items():
    register_fact(kind, fact_format)

# On the page of the day, and in the palette beside customers and orders.
sockets.today_tiles += [
    tickets.MY_TICKETS_TILE,
    tickets.UNREAD_TICKETS_TILE,
    tickets.UNASSIGNED_TICKETS_TILE,
    follow_ups.FOLLOW_UPS_TILE,
    today_cards.AT_RISK_TILE,
]
sockets.today_cards.append(today_cards.AT_RISK_CARD)
sockets.palette_finders.append(tickets.TICKET_FINDER)

# The effect of a programme, on its page.
evaluation_socket.results_of_programs = evaluation.result_displays
evaluation_socket.context_of_program = evaluation.result_page_context
