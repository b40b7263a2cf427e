"""Tiers of the programme, and who held which when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.kernel import money
from crm.kernel.ui.languages import pick_text
from loyalty.tiers.choices import GrantReason, ServiceLevel
from loyalty.tiers.rules import TierBand


class Tier(models.Model):
    """A level of the programme; its thresholds are net spend in the base currency."""

    code = models.SlugField(max_length=40, unique=True)
    rank = models.PositiveSmallIntegerField(unique=True)
    names = models.JSONField(default=dict)
    enter_at = money.money_field(default=0, verbose_name=_("Spend to reach it"))
    keep_at = money.money_field(default=0, verbose_name=_("Spend to keep it"))
    multiplier = models.DecimalField(_("Times the points"), max_digits=5, decimal_places=2, default=1)
    service_level = models.CharField(
        _("Service"), max_length=8, choices=ServiceLevel.choices, default=ServiceLevel.STANDARD
    )
    ramp = models.PositiveSmallIntegerField(_("Colour"), default=1)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.CheckConstraint(name="tier_ramp_known", condition=Q(ramp__range=(1, 4))),
            models.CheckConstraint(
                name="tier_keep_within", condition=Q(keep_at__lte=models.F("enter_at"), keep_at__gte=0)
            ),
            models.CheckConstraint(name="tier_multiplier_positive", condition=Q(multiplier__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick_text(self.names, get_language() or "en")

    @property
    def band(self) -> TierBand:
        return TierBand(self.pk, self.rank, self.enter_at, self.keep_at)


class TierGrant(models.Model):
    """A tier that a customer held for a time; the grant without an end is the present one."""

    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+", db_index=False)
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="grants", db_index=False)
    reason = models.CharField(max_length=8, choices=GrantReason.choices)
    granted_at = models.DateTimeField()
    term_ends_on = models.DateField(null=True, help_text="The last local day of the term; none for the lowest tier.")
    ended_at = models.DateTimeField(null=True)
    metric = money.money_field(default=0, help_text="Net spend when it was granted.")
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("customer", condition=Q(ended_at=None), name="tier_grant_one_present")]
        indexes = [
            models.Index(fields=["customer", "-granted_at"], name="tier_grant_of_customer"),
            models.Index(fields=["tier", "customer"], name="tier_grant_present", condition=Q(ended_at=None)),
            models.Index(
                fields=["term_ends_on"],
                name="tier_grant_ending",
                condition=Q(ended_at=None, term_ends_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier_id} {self.reason}"
