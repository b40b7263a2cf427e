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
from customers.messaging.choices import SuppressionReason
from customers.messaging.models import OutboundMessage, Suppression
from customers.orders.models import Order, Product
from customers.profiles.models import Customer
from feedback.surveys.models import Invitation, Survey
from feedback.tickets import emails
from feedback.tickets.models import Ticket
from loyalty.account import member_links
from loyalty.rewards.models import Redemption, Reward
from retention.care.models import CareProgram

RouteArguments = dict[str, Any]


@dataclass(frozen=True)
class PagePicture:
    """A page: its file's name, its route with arguments and query, and whether strangers see it."""

    name: str
    route: str
    arguments: Callable[[], RouteArguments | None] = dict
    query: str = ""
    is_public: bool = False

    def address(self) -> str:
        """Its path, or nothing where the example company has no such object."""
        arguments = self.arguments()
        return "" if arguments is None else reverse(self.route, kwargs=arguments) + self.query


def object_arguments(row: Any, key: str = "public_id") -> RouteArguments | None:
    """The arguments of an object's page."""
    return None if row is None else {key: row.public_id}


def richest_customer() -> Customer | None:
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


def answered_ticket() -> Ticket | None:
    """One that waits, with an answer in it."""
    return Ticket.objects.filter(state="open").exclude(first_replied_at=None).order_by("-last_message_at").first()


def refunded_order() -> Order | None:
    return Order.objects.filter(refunded_total__gt=0).order_by("-placed_at").first()


def program_arguments(key: str) -> Callable[[], RouteArguments | None]:
    return lambda: object_arguments(CareProgram.objects.filter(key=key).first())


def survey_arguments(key: str) -> Callable[[], RouteArguments | None]:
    return lambda: object_arguments(Survey.objects.filter(key=key).first())


def invitation_arguments(key: str) -> Callable[[], RouteArguments | None]:
    """A fresh link to a survey that nobody has answered; only its digest was kept, so it gets a new one."""

    def arguments() -> RouteArguments | None:
        waiting = Invitation.objects.filter(survey__key=key, used_at=None).order_by("-expires_at").first()
        if waiting is None:
            return None
        token, waiting.token_digest = signed_links.generate_token()
        waiting.save(update_fields=["token_digest"])
        return {"token": token}

    return arguments


def preference_arguments() -> RouteArguments | None:
    """The link in a message by which its reader changes what we may send."""
    message = OutboundMessage.objects.exclude(token="").order_by("-pk").first()
    return (
        {"token": message.token} if message and preference_tokens.find_valid_token(message.token, clock.now()) else None
    )


def suppression_arguments() -> RouteArguments | None:
    """An address that staff may take off the list."""
    rows = Suppression.objects.filter(reason=SuppressionReason.BOUNCED, lifted_at=None)
    row = rows.order_by("-pk").first()
    return {"pk": row.pk} if row else None


def import_arguments(state: str) -> Callable[[], RouteArguments | None]:
    """The newest file that has come so far."""
    return lambda: object_arguments(Import.objects.filter(state=state).order_by("-pk").first())


def member_arguments() -> RouteArguments | None:
    found = richest_customer()
    return {"signed": member_links.sign_member_link(found).rstrip("/").rsplit("/", 1)[1]} if found else None


def request_arguments() -> RouteArguments | None:
    found = answered_ticket()
    return {"signed": signed_links.sign_value(emails.LINK_PURPOSE, found.public_id)} if found else None


def _first_row_arguments(model: Any, order: str = "pk") -> Callable[[], RouteArguments | None]:
    return lambda: object_arguments(model.objects.order_by(order).first())


PAGE_PICTURES = (
    PagePicture("dashboard", "retention:dashboard"),
    PagePicture("at-risk", "retention:at_risk_list"),
    PagePicture("today", "customers:today"),
    PagePicture("customers", "customers:customer_list"),
    PagePicture(
        "customers-filtered", "customers:customer_list", query="?quiet=60&orders_min=2&cols=tags&cols=spend&cols=tier"
    ),
    PagePicture("customer", "customers:customer", lambda: object_arguments(richest_customer())),
    PagePicture("customer-edit", "customers:customer_edit", lambda: object_arguments(richest_customer())),
    PagePicture("customer-new", "customers:customer_new"),
    PagePicture("customer-mail", "customers:message_new", lambda: object_arguments(richest_customer())),
    PagePicture("orders", "customers:order_list"),
    PagePicture("order", "customers:order", lambda: object_arguments(refunded_order())),
    PagePicture("products", "customers:product_list"),
    PagePicture("exchange-rates", "customers:rate_list"),
    PagePicture("product", "customers:product", _first_row_arguments(Product)),
    PagePicture("tickets", "feedback:ticket_list", query="?view=unsolved"),
    PagePicture("ticket", "feedback:ticket", lambda: object_arguments(answered_ticket()), query="?view=unsolved"),
    PagePicture("ticket-new", "feedback:ticket_new"),
    PagePicture("follow-ups", "feedback:follow_up_list"),
    PagePicture("surveys", "feedback:survey_list"),
    PagePicture("survey", "feedback:survey", survey_arguments("nps")),
    PagePicture("survey-texts", "feedback:survey_texts", survey_arguments("nps")),
    PagePicture("survey-send", "feedback:survey_send", survey_arguments("nps")),
    PagePicture("survey-phone", "feedback:survey_phone", survey_arguments("csat")),
    PagePicture("survey-new", "feedback:survey_new"),
    PagePicture("programs", "retention:program_list"),
    PagePicture("program-lapsed", "retention:program", program_arguments("lapsed-buyer")),
    PagePicture("program-birthday", "retention:program", program_arguments("birthday")),
    PagePicture("program-expiring", "retention:program", program_arguments("points-expiring")),
    PagePicture("program-customers", "retention:program_customers", program_arguments("lapsed-buyer")),
    PagePicture("program-log", "retention:program_log", program_arguments("lapsed-buyer")),
    PagePicture("program-texts", "retention:program_texts", program_arguments("birthday")),
    PagePicture("program-dry-run", "retention:program_dry_run", program_arguments("birthday")),
    PagePicture("loyalty", "loyalty:overview"),
    PagePicture("members", "loyalty:member_list"),
    PagePicture("member", "loyalty:member", lambda: object_arguments(richest_customer())),
    PagePicture("rewards", "loyalty:reward_list"),
    PagePicture("reward", "loyalty:reward_edit", _first_row_arguments(Reward)),
    PagePicture("loyalty-terms", "loyalty:program"),
    PagePicture("loyalty-tier", "loyalty:tier_edit", lambda: {"code": "gold"}),
    PagePicture("messages", "customers:outbox"),
    PagePicture("message", "customers:message", _first_row_arguments(OutboundMessage, "-pk")),
    PagePicture("suppressed", "customers:suppression_list"),
    PagePicture("suppressed-lift", "customers:suppression_lift", suppression_arguments),
    PagePicture("message-templates", "customers:message_template_list"),
    PagePicture("message-template", "customers:message_template", lambda: {"key": "ticket_reply"}),
    PagePicture("mailbox", "customers:mailbox"),
    PagePicture("imports", "customers:import_list"),
    PagePicture("import-new", "customers:import_new"),
    PagePicture("import-columns", "customers:import", import_arguments("uploaded")),
    PagePicture("import-checked", "customers:import", import_arguments("checked")),
    PagePicture("import-done", "customers:import", import_arguments("done")),
    PagePicture("jobs", "kernel:job_list"),
    PagePicture("job", "kernel:job", _first_row_arguments(Job, "-pk")),
    PagePicture("notifications", "kernel:notifications"),
    PagePicture("profile", "kernel:profile"),
    PagePicture("settings", "kernel:settings"),
    PagePicture("settings-company", "kernel:settings_group", lambda: {"name": "company"}),
    PagePicture("settings-messages", "kernel:settings_group", lambda: {"name": "messaging"}),
    PagePicture("people", "kernel:user_list"),
    PagePicture("keys", "kernel:key_list"),
    PagePicture("key-new", "kernel:key_new"),
    PagePicture(
        "person", "kernel:user", lambda: object_arguments(User.objects.filter(role="sales").order_by("pk").first())
    ),
    PagePicture("audit", "kernel:audit_list"),
    PagePicture("second-factor", "mfa_index"),
    PagePicture("login", "account_login", is_public=True),
    PagePicture("password-reset", "account_reset_password", is_public=True),
    PagePicture("help", "feedback:help", is_public=True),
    PagePicture("request", "feedback:request", request_arguments, is_public=True),
    PagePicture("survey-nps", "feedback:survey_answer", invitation_arguments("nps"), is_public=True),
    PagePicture(
        "survey-csat", "feedback:survey_answer", invitation_arguments("csat"), query="?score=2", is_public=True
    ),
    PagePicture("my-points", "loyalty:my_points", member_arguments, is_public=True),
    PagePicture("my-consent", "customers:preferences", preference_arguments, is_public=True),
    PagePicture("unsubscribe", "customers:unsubscribe", preference_arguments, is_public=True),
)
