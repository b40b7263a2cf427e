"""Consent, suppressed addresses, and the tokens of customers' own links."""

from django.conf import settings
from django.db import models

from customers.messaging.choices import ConsentSource, ConsentState, MessageChannel, MessageTopic, SuppressionReason

STAFF_LIFTABLE_REASONS = (SuppressionReason.BOUNCED, SuppressionReason.MANUAL)


class Consent(models.Model):
    """What the customer said last about a channel and a topic; no row: the company's default holds."""

    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=10, choices=MessageChannel.choices)
    topic = models.CharField(max_length=12, choices=MessageTopic.choices)
    state = models.CharField(max_length=10, choices=ConsentState.choices)
    source = models.CharField(max_length=12, choices=ConsentSource.choices)
    wording_version = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "channel", "topic"], name="consent_once_per_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.topic}: {self.state}"


class ConsentEntry(models.Model):
    """One consent given or withdrawn; never changed, never removed."""

    APPEND_ONLY = True

    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=MessageChannel.choices)
    topic = models.CharField(max_length=12, choices=MessageTopic.choices)
    state = models.CharField(max_length=10, choices=ConsentState.choices)
    source = models.CharField(max_length=12, choices=ConsentSource.choices)
    wording_version = models.CharField(max_length=40, blank=True)
    proof = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="consent_of_customer")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.channel} {self.topic}: {self.state}"


class Suppression(models.Model):
    """An address that gets nothing that its reason covers; the address itself is not kept, only its HMAC.

    The person lifts it by opting in again through their own link. Staff lift, with a reason, what the person did not say.
    """

    APPEND_ONLY = True
    UPDATABLE = ("lifted_at", "lifted_source", "lifted_by_id", "lifted_because")

    channel = models.CharField(max_length=10, choices=MessageChannel.choices)
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=20, choices=SuppressionReason.choices)
    source = models.CharField(max_length=40, blank=True)
    hint = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_source = models.CharField(max_length=40, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "digest", "reason"],
                condition=models.Q(lifted_at__isnull=True),
                name="suppressed_once_per_reason",
            ),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="suppression_newest")]

    def __str__(self) -> str:
        return f"{self.hint} {self.reason}"

    @property
    def may_be_lifted_by_staff(self) -> bool:
        """True for a bounce and for what staff added: a complaint or an opt-out is the person's own word."""
        return self.lifted_at is None and self.reason in STAFF_LIFTABLE_REASONS


class PreferenceToken(models.Model):
    """A customer's own link to unsubscribe or choose; only its hash is kept, so no change of keys breaks it."""

    digest = models.BinaryField(max_length=32, unique=True)
    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=MessageChannel.choices)
    topic = models.CharField(max_length=12, choices=MessageTopic.choices, blank=True)
    address_digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="preference_token_expiry")]

    def __str__(self) -> str:
        return f"{self.customer_id} until {self.expires_at:%Y-%m-%d}"
