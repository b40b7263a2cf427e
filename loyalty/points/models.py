"""The ledger: rule versions, accounts, lots, entries, allocations, and the proofs that they agree."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.kernel.ui.languages import pick_text
from loyalty.points.choices import EntryKind, ExpiryMode, RefundPolicy, RoundingMode


class EarningRule(models.Model):
    """One version of a rule that earns points; a change makes a new version, and an old order keeps its own."""

    APPEND_ONLY = True
    UPDATABLE = ("ended_at",)

    code = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    names = models.JSONField(default=dict)
    kind = models.CharField(_("Kind"), max_length=10, default="per_money", help_text="A code of earning_kinds.")
    event = models.CharField(_("Event"), max_length=60, blank=True)
    points = models.DecimalField(_("Points"), max_digits=12, decimal_places=4)
    per = models.DecimalField(_("For each"), max_digits=12, decimal_places=4, default=1)
    minimum = models.DecimalField(_("Minimum spend"), max_digits=19, decimal_places=4, default=0)
    cap = models.PositiveIntegerField(_("At most per order"), null=True, blank=True)
    with_tax = models.BooleanField(_("Tax earns points too"), default=False)
    rounding = models.CharField(_("Rounding"), max_length=8, choices=RoundingMode.choices, default=RoundingMode.FLOOR)
    pending_days = models.PositiveSmallIntegerField(_("Pending for days"), default=0)
    expiry_mode = models.CharField(
        _("Points expire"), max_length=16, choices=ExpiryMode.choices, default=ExpiryMode.END_OF_MONTH
    )
    expiry_months = models.PositiveSmallIntegerField(_("Months until they expire"), default=12)
    expiry_date = models.DateField(_("Expiry date"), null=True, blank=True)
    refund_policy = models.CharField(
        _("When refunded points are spent"),
        max_length=11,
        choices=RefundPolicy.choices,
        default=RefundPolicy.GO_NEGATIVE,
    )
    reinstate_days = models.PositiveSmallIntegerField(_("Days in which expired points can come back"), default=30)
    channels = models.JSONField(_("Channels"), default=list, blank=True)
    stores = models.JSONField(_("Stores"), default=list, blank=True)
    excluded_categories = models.JSONField(_("Categories that earn nothing"), default=list, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("code", "version", name="earning_rule_version_once"),
            models.UniqueConstraint("code", condition=Q(ended_at=None), name="earning_rule_one_current"),
            models.CheckConstraint(name="earning_rule_per_positive", condition=Q(per__gt=0) & Q(points__gte=0)),
            models.CheckConstraint(
                name="earning_rule_fixed_date", condition=~Q(expiry_mode="fixed_date") | Q(expiry_date__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def name(self) -> str:
        return pick_text(self.names, get_language() or "en")


class PointsAccount(models.Model):
    """A customer's points: the sum of their entries, and the debt that the next credit pays first."""

    customer = models.OneToOneField("customers.Customer", models.PROTECT, related_name="+")
    posted = models.BigIntegerField(default=0)
    debt = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="points_debt_not_negative", condition=Q(debt__gte=0)),
            models.CheckConstraint(name="points_posted_covered", condition=Q(posted__gte=-models.F("debt"))),
        ]
        indexes = [models.Index(fields=["-posted", "-id"], name="points_account_by_balance")]

    def __str__(self) -> str:
        return f"{self.posted}"


class LedgerEntry(models.Model):
    """One change of points, never edited: what, how many, when, why, and from which event of which system."""

    APPEND_ONLY = True

    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    points = models.BigIntegerField()
    at = models.DateTimeField(help_text="When it counts: the order was placed, the refund given, the lot ended.")
    created_at = models.DateTimeField()
    source_system = models.CharField(max_length=40)
    source_id = models.CharField(max_length=120)
    rule_code = models.CharField(max_length=40, blank=True)
    rule = models.ForeignKey(EarningRule, models.PROTECT, null=True, related_name="+", db_index=False)
    order = models.ForeignKey("customers.Order", models.PROTECT, null=True, related_name="+", db_index=False)
    order_ref = models.CharField(
        max_length=130, blank=True, help_text="source:number of the order that points were spent on."
    )
    original = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", help_text="The entry that this one answers."
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="+", help_text="The entry that this one undoes in whole."
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint("source_system", "source_id", "rule_code", "kind", name="ledger_entry_once"),
        ]
        indexes = [
            models.Index(fields=["account", "-at", "-id"], name="ledger_of_account"),
            models.Index(
                fields=["-at"],
                include=["kind", "points"],
                name="ledger_outflow",
                condition=Q(kind__in=["spend", "return", "expire"]),
            ),
            models.Index(fields=["order"], name="ledger_of_order", condition=Q(order__isnull=False)),
            models.Index(fields=["order_ref"], name="ledger_of_order_ref", condition=~Q(order_ref="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.points:+}"

    @property
    def shown_at(self) -> datetime:
        """An instant of the day as people read it: points that end at midnight were there to the end of the day before."""
        return self.at - timedelta(microseconds=1) if self.kind == EntryKind.EXPIRE else self.at


class PointsLot(models.Model):
    """Points credited together, sharing one expiry; only what remains and when it becomes available may change."""

    APPEND_ONLY = True
    UPDATABLE = ("remaining", "available_at")

    account = models.ForeignKey(PointsAccount, models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+")
    points = models.BigIntegerField()
    remaining = models.BigIntegerField()
    earned_at = models.DateTimeField()
    available_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, help_text="The first instant at which the points are gone.")
    rule = models.ForeignKey(EarningRule, models.PROTECT, null=True, related_name="+", db_index=False)
    restores = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="The expired lot that this one brings back.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="points_lot_within", condition=Q(remaining__gte=0, remaining__lte=models.F("points"))
            ),
            models.CheckConstraint(name="points_lot_positive", condition=Q(points__gt=0)),
        ]
        indexes = [
            models.Index(
                fields=["account", "expires_at", "earned_at", "id"],
                name="points_lot_open",
                condition=Q(remaining__gt=0),
            ),
            models.Index(fields=["expires_at", "account"], name="points_lot_ending", condition=Q(remaining__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.remaining}/{self.points}"


class Allocation(models.Model):
    """A part of an entry that was taken from a lot (below zero), put back into it, or booked as debt (no lot)."""

    APPEND_ONLY = True

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey(PointsLot, models.PROTECT, null=True, related_name="+")
    points = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("entry", "lot", name="allocation_once", nulls_distinct=False),
            models.CheckConstraint(name="allocation_not_zero", condition=~Q(points=0)),
        ]

    def __str__(self) -> str:
        return f"{self.points:+}"


class LedgerProof(models.Model):
    """A check of the whole ledger: how many accounts were checked, and every difference found."""

    APPEND_ONLY = True

    made_at = models.DateTimeField()
    accounts = models.BigIntegerField()
    points = models.BigIntegerField(help_text="Σ posted of all accounts.")
    differences = models.JSONField(default=list)
    seconds = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["-made_at"], name="ledger_proof_newest")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}: {len(self.differences)}"
