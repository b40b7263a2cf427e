"""The outbox: every message to a customer is a row before anything is sent."""

from datetime import datetime

from django.conf import settings
from django.db import models

from crm.kernel.db.public_ids import PublicIdField
from customers.messaging.choices import MessageChannel, MessagePurpose, MessageReason, MessageState, MessageTopic
from customers.messaging.rules import REFUSALS_IN_A_ROW

WAITING_STATES = (MessageState.QUEUED, MessageState.DEFERRED)
SENDING_STATES = (MessageState.CLAIMED, MessageState.DATA_STARTED)


class OutboundMessage(models.Model):
    """A message to a customer: what it says, where it stands and why.

    claimed → data_started → accepted | failed | unknown. `fence` counts claims: whoever was overtaken may not write.
    """

    public_id = PublicIdField("ms")
    # No index of their own: `one_message_per_occasion` begins with the customer, and nobody asks by staff. A message is
    # rewritten three times on its way out, each time in all indexes.
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="outbound_messages", db_index=False)
    channel = models.CharField(max_length=10, choices=MessageChannel.choices)
    address = models.CharField(max_length=320, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=14, choices=MessagePurpose.choices)
    topic = models.CharField(max_length=12, choices=MessageTopic.choices)
    priority = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    # The inner part; the layout is put around it when it is sent.
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    message_id = models.CharField(max_length=120)
    token = models.CharField(max_length=64, blank=True)
    template_key = models.CharField(max_length=60, blank=True)
    source_type = models.CharField(max_length=40)
    source_id = models.CharField(max_length=64)
    step = models.CharField(max_length=40, blank=True)
    occasion_key = models.CharField(max_length=120)
    # Staff send security mail although the address bounced.
    forced = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=MessageState.choices)
    reason = models.CharField(max_length=20, choices=MessageReason.choices, blank=True)
    reply = models.CharField(max_length=500, blank=True)
    next_attempt_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True)
    # The customer's local day whose slot it holds.
    send_day = models.DateField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    history = models.JSONField(default=list)
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "source_type", "source_id", "step", "occasion_key"], name="one_message_per_occasion"
            ),
            models.CheckConstraint(condition=models.Q(state__in=MessageState.values), name="message_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["priority", "next_attempt_at"], name="message_queue", condition=models.Q(state="queued")
            ),
            models.Index(fields=["next_attempt_at"], name="message_deferred", condition=models.Q(state="deferred")),
            models.Index(
                fields=["lease_until"], name="message_leased", condition=models.Q(state__in=["claimed", "data_started"])
            ),
            models.Index(
                fields=["digest"],
                name="message_waiting_address",
                condition=models.Q(state__in=["queued", "deferred", "claimed"]),
            ),
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
            models.Index(fields=["source_type", "source_id", "state"], name="message_of_source"),
            models.Index(
                fields=["-created_at"], name="message_for_people", condition=models.Q(state__in=["unknown", "held"])
            ),
        ]

    # True on the rows that `enqueue_messages` has just inserted.
    is_new = False

    def __str__(self) -> str:
        return self.subject or self.public_id


class DailySlot(models.Model):
    """One of the places of the frequency cap: an address may get so many capped messages on a local day."""

    channel = models.CharField(max_length=10, choices=MessageChannel.choices)
    digest = models.CharField(max_length=64)
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    message = models.OneToOneField(OutboundMessage, models.CASCADE, related_name="slot")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "day", "number", "channel"], name="daily_slot_once"),
        ]
        indexes = [models.Index(fields=["day"], name="daily_slot_day")]

    def __str__(self) -> str:
        return f"{self.day} #{self.number}"


class Relay(models.Model):
    """What is known of the mail server: whether it answers, whether it refuses all, and until when nothing is sent to it."""

    channel = models.CharField(max_length=10, choices=MessageChannel.choices, unique=True)
    # Pauses since it last took a message.
    failures = models.PositiveIntegerField(default=0)
    # Messages refused since it last took one, over all runs.
    refusals_in_row = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    last_accepted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.channel

    def is_paused(self, now: datetime) -> bool:
        """True while nothing is sent to it."""
        return self.paused_until is not None and self.paused_until > now

    @property
    def is_braked(self) -> bool:
        """True while it is only tried with a few messages, because it refused many in a row."""
        return self.refusals_in_row >= REFUSALS_IN_A_ROW
