"""What is photographed: every route that answers with a page, with an object of the example company that fills it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse

from crm.kernel.auth import signed_links
from crm.kernel.auth.models import User
from crm.kernel.background.jobs.models import Job
from crm.kernel.time import clock
from customers.importing.models import Import
from customers.messaging import preference_tokens
from customers.messaging.models import OutboundMessage
from customers.orders.models import Order, Product
from customers.profiles.models import Customer
from feedback.surveys.models import Invitation, Survey
from feedback.tickets import emails
from feedback.tickets.models import Ticket
from loyalty.account import member_links
from loyalty.rewards.models import Redemption, Reward
from retention.care.models import CareProgram

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Motif:
    """A page: its file's name, its route with arguments and query, and whether strangers see it."""

    name: str
    route: str
    arguments: Callable[[], Arguments | None] = dict
    query: str = ""
    is_public: bool = False

    def address(self) -> str:
        """Its path, or nothing where the example company has no such object."""
        arguments = self.arguments()
        return "" if arguments is None else reverse(self.route, kwargs=arguments) + self.query


def named(found: Any, key: str = "public_id") -> Arguments | None:
    """The arguments of an object's page."""
    return None if found is None else {key: found.public_id}


def customer() -> Customer | None:
    """Somebody with tier, tickets, redemptions and a Chinese name."""
    rich = (
        Redemption.objects.values("customer")
        .annotate(n=Count("pk"))
        .order_by("-n", "customer")
        .values_list("customer")[:60]
    )
    asked = (
        Ticket.objects.filter(customer__in=[pk for (pk,) in rich]).order_by("-opened_at").values_list("customer")[:1]
    )
    return Customer.objects.filter(pk__in=[pk for (pk,) in asked] or [pk for (pk,) in rich[:1]]).first()


def ticket() -> Ticket | None:
    """One that waits, with an answer in it."""
    return Ticket.objects.filter(state="open").exclude(first_replied_at=None).order_by("-last_message_at").first()


def refunded() -> Order | None:
    return Order.objects.filter(refunded_total__gt=0).order_by("-placed_at").first()


def program(key: str) -> Callable[[], Arguments | None]:
    return lambda: named(CareProgram.objects.filter(key=key).first())


def survey(key: str) -> Callable[[], Arguments | None]:
    return lambda: named(Survey.objects.filter(key=key).first())


def invited(key: str) -> Callable[[], Arguments | None]:
    """A fresh link to a survey that nobody has answered; only its digest was kept, so it gets a new one."""

    def arguments() -> Arguments | None:
        waiting = Invitation.objects.filter(survey__key=key, used_at=None).order_by("-expires_at").first()
        if waiting is None:
            return None
        token, waiting.token_digest = signed_links.new_token()
        waiting.save(update_fields=["token_digest"])
        return {"token": token}

    return arguments


def allowed() -> Arguments | None:
    """The link in a message by which its reader changes what we may send."""
    message = OutboundMessage.objects.exclude(token="").order_by("-pk").first()
    return {"token": message.token} if message and preference_tokens.read(message.token, clock.now()) else None


def brought(state: str) -> Callable[[], Arguments | None]:
    """The newest file that has come so far."""
    return lambda: named(Import.objects.filter(state=state).order_by("-pk").first())


def member() -> Arguments | None:
    found = customer()
    return {"signed": member_links.link_of(found).rstrip("/").rsplit("/", 1)[1]} if found else None


def request() -> Arguments | None:
    found = ticket()
    return {"signed": signed_links.sign(emails.LINK, found.public_id)} if found else None


def _rows(model: Any, order: str = "pk") -> Callable[[], Arguments | None]:
    return lambda: named(model.objects.order_by(order).first())


MOTIFS = (
    Motif("dashboard", "retention:dashboard"),
    Motif("at-risk", "retention:at_risk_list"),
    Motif("today", "customers:today"),
    Motif("customers", "customers:customer_list"),
    Motif(
        "customers-filtered", "customers:customer_list", query="?quiet=60&orders_min=2&cols=tags&cols=spend&cols=tier"
    ),
    Motif("customer", "customers:customer", lambda: named(customer())),
    Motif("customer-edit", "customers:customer_edit", lambda: named(customer())),
    Motif("customer-new", "customers:customer_new"),
    Motif("customer-mail", "customers:message_new", lambda: named(customer())),
    Motif("orders", "customers:order_list"),
    Motif("order", "customers:order", lambda: named(refunded())),
    Motif("products", "customers:product_list"),
    Motif("exchange-rates", "customers:rate_list"),
    Motif("product", "customers:product", _rows(Product)),
    Motif("tickets", "feedback:ticket_list", query="?view=unsolved"),
    Motif("ticket", "feedback:ticket", lambda: named(ticket()), query="?view=unsolved"),
    Motif("ticket-new", "feedback:ticket_new"),
    Motif("follow-ups", "feedback:follow_up_list"),
    Motif("surveys", "feedback:survey_list"),
    Motif("survey", "feedback:survey", survey("nps")),
    Motif("survey-texts", "feedback:survey_texts", survey("nps")),
    Motif("survey-send", "feedback:survey_send", survey("nps")),
    Motif("survey-phone", "feedback:survey_phone", survey("csat")),
    Motif("survey-new", "feedback:survey_new"),
    Motif("programs", "retention:program_list"),
    Motif("program-lapsed", "retention:program", program("lapsed-buyer")),
    Motif("program-birthday", "retention:program", program("birthday")),
    Motif("program-expiring", "retention:program", program("points-expiring")),
    Motif("program-people", "retention:program_people", program("lapsed-buyer")),
    Motif("program-log", "retention:program_log", program("lapsed-buyer")),
    Motif("program-texts", "retention:program_texts", program("birthday")),
    Motif("program-dry-run", "retention:program_dry_run", program("birthday")),
    Motif("loyalty", "loyalty:overview"),
    Motif("members", "loyalty:member_list"),
    Motif("member", "loyalty:member", lambda: named(customer())),
    Motif("rewards", "loyalty:reward_list"),
    Motif("reward", "loyalty:reward_edit", _rows(Reward)),
    Motif("loyalty-terms", "loyalty:program"),
    Motif("loyalty-tier", "loyalty:tier_edit", lambda: {"code": "gold"}),
    Motif("messages", "customers:outbox"),
    Motif("message", "customers:message", _rows(OutboundMessage, "-pk")),
    Motif("suppressed", "customers:suppression_list"),
    Motif("message-templates", "customers:message_template_list"),
    Motif("message-template", "customers:message_template", lambda: {"key": "ticket_reply"}),
    Motif("mailbox", "customers:mailbox"),
    Motif("imports", "customers:import_list"),
    Motif("import-new", "customers:import_new"),
    Motif("import-columns", "customers:import", brought("uploaded")),
    Motif("import-checked", "customers:import", brought("checked")),
    Motif("import-done", "customers:import", brought("done")),
    Motif("jobs", "kernel:job_list"),
    Motif("job", "kernel:job", _rows(Job, "-pk")),
    Motif("notifications", "kernel:notifications"),
    Motif("profile", "kernel:profile"),
    Motif("settings", "kernel:settings"),
    Motif("settings-company", "kernel:settings_group", lambda: {"name": "company"}),
    Motif("settings-messages", "kernel:settings_group", lambda: {"name": "messaging"}),
    Motif("people", "kernel:user_list"),
    Motif("keys", "kernel:key_list"),
    Motif("key-new", "kernel:key_new"),
    Motif("person", "kernel:user", lambda: named(User.objects.filter(role="sales").order_by("pk").first())),
    Motif("audit", "kernel:audit_list"),
    Motif("second-factor", "mfa_index"),
    Motif("login", "account_login", is_public=True),
    Motif("password-reset", "account_reset_password", is_public=True),
    Motif("help", "feedback:help", is_public=True),
    Motif("request", "feedback:request", request, is_public=True),
    Motif("survey-nps", "feedback:survey_answer", invited("nps"), is_public=True),
    Motif("survey-csat", "feedback:survey_answer", invited("csat"), query="?score=2", is_public=True),
    Motif("my-points", "loyalty:my_points", member, is_public=True),
    Motif("my-consent", "customers:preferences", allowed, is_public=True),
    Motif("unsubscribe", "customers:unsubscribe", allowed, is_public=True),
)
