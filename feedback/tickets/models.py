"""Tickets, their messages, and their history."""

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.kernel.auth.choices import RecordScope
from crm.kernel.auth.models import User
from crm.kernel.db.public_ids import PublicIdField
from crm.kernel.ui.languages import html_lang
from feedback.tickets.choices import (
    MessageAuthor,
    MessageKind,
    TicketChange,
    TicketChannel,
    TicketPriority,
    TicketState,
)
from feedback.tickets.rules import UNSOLVED


class NextNumber(models.Func):
    """The next number of the sequence that all tickets share."""

    template = "nextval('feedback_ticket_number')"
    output_field = models.BigIntegerField()


def new_reply_key() -> str:
    """The part after the plus of a ticket's reply address: who holds it may write into the ticket."""
    return secrets.token_hex(12)


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Which tickets."""

    def visible_to(self, user: User) -> "TicketQuerySet":
        """Own: assigned to the user, or of a customer of theirs. Team: also the team's, and what nobody has."""
        if user.scope == RecordScope.ALL:
            return self
        own = Q(assignee=user) | Q(customer__owner=user)
        if user.scope == RecordScope.OWN:
            return self.filter(own)
        unassigned = Q(team=None, assignee=None, customer=None)
        if user.team_id is None:
            return self.filter(own | unassigned)
        team = Q(team=user.team_id) | Q(assignee__team=user.team_id) | Q(customer__team=user.team_id)
        return self.filter(own | team | unassigned)

    def unsolved(self) -> "TicketQuerySet":
        return self.filter(state__in=UNSOLVED)


class Ticket(models.Model):
    """One request of one customer, or of a stranger."""

    public_id = PublicIdField("ti")
    number = models.BigIntegerField(_("Number"), unique=True, db_default=NextNumber(), editable=False)
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="+")
    contact_name = models.CharField(max_length=150, blank=True)
    contact_email = models.EmailField(blank=True)
    subject = models.CharField(_("Subject"), max_length=200)
    state = models.CharField(_("State"), max_length=8, choices=TicketState.choices, default=TicketState.NEW)
    priority = models.PositiveSmallIntegerField(
        _("Priority"), choices=TicketPriority.choices, default=TicketPriority.NORMAL
    )
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey("kernel.Team", models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=6, choices=TicketChannel.choices)
    language = models.CharField(max_length=7, choices=settings.LANGUAGES)
    tags = ArrayField(models.CharField(max_length=40), default=list)
    order = models.ForeignKey("customers.Order", models.PROTECT, null=True, related_name="+")
    source_type = models.CharField(max_length=20, blank=True, help_text="What opened it: survey, ticket, event …")
    source_id = models.CharField(max_length=60, blank=True)
    reply_key = models.CharField(max_length=24, unique=True, default=new_reply_key, editable=False)
    opened_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True, help_text="Since when the customer waits for our word.")
    unread_at = models.DateTimeField(
        null=True, help_text="Since when the assignee has not seen what the customer wrote."
    )
    first_replied_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    solves = models.PositiveSmallIntegerField(default=0, help_text="How often it was solved.")
    closed_at = models.DateTimeField(null=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "source_type", "source_id", name="ticket_once_per_source", condition=~Q(source_id="")
            ),
            models.CheckConstraint(
                condition=Q(state__in=["solved", "closed"], solved_at__isnull=False) | Q(state__in=UNSOLVED),
                name="ticket_solved_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-last_message_at", "-id"], name="ticket_unsolved", condition=Q(state__in=UNSOLVED)),
            models.Index(fields=["waiting_since", "id"], name="ticket_waiting", condition=Q(state__in=UNSOLVED)),
            models.Index(fields=["assignee", "-last_message_at", "-id"], name="ticket_of_assignee"),
            models.Index(fields=["-solved_at", "-id"], name="ticket_solved", condition=Q(solved_at__isnull=False)),
            models.Index(fields=["customer", "-opened_at"], name="ticket_of_customer"),
            models.Index(
                Lower("contact_email"), F("opened_at").desc(), name="ticket_of_address", condition=~Q(contact_email="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def lang(self) -> str:
        """The language of its words, for HTML."""
        return html_lang(self.language)

    @property
    def is_unsolved(self) -> bool:
        return self.state in UNSOLVED

    @property
    def person(self) -> str:
        """The name of whoever asks: the customer's, else the one given with the request."""
        return str(self.customer) if self.customer_id else self.contact_name or self.contact_email


class Message(models.Model):
    """One message of a ticket: the customer's, staff's to the customer, or a note that only staff read."""

    public_id = PublicIdField("ms")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=6, choices=MessageKind.choices)
    channel = models.CharField(max_length=6, choices=TicketChannel.choices)
    author = models.CharField(max_length=8, choices=MessageAuthor.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    body = models.TextField()
    at = models.DateTimeField()
    message_id = models.CharField(max_length=250, blank=True, help_text="The Message-ID of its mail, in or out.")

    # True on a row that was inserted just now, False where a repeated call found it.
    is_new = False

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "ticket", "channel", "message_id", name="ticket_message_once", condition=~Q(message_id="")
            ),
            models.CheckConstraint(
                condition=Q(author="staff", user__isnull=False) | (~Q(author="staff") & Q(user=None)),
                name="ticket_message_staff_has_user",
            ),
        ]
        indexes = [models.Index(fields=["ticket", "id"], name="message_of_ticket")]

    def __str__(self) -> str:
        return self.body[:80]

    @property
    def is_note(self) -> bool:
        return self.kind == MessageKind.NOTE


class TicketEvent(models.Model):
    """One entry of a ticket's history; never changed, never removed."""

    APPEND_ONLY = True

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events")
    change = models.CharField(max_length=8, choices=TicketChange.choices)
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    author = models.CharField(max_length=8, choices=MessageAuthor.choices)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ticket", "id"], name="event_of_ticket")]

    def __str__(self) -> str:
        return f"{self.change}: {self.before} → {self.after}"
