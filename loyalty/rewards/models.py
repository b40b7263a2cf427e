"""Rewards in the catalogue, redemptions, coupons and every use of one."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.kernel import money
from crm.kernel.db.public_ids import PublicIdField
from crm.kernel.ui.languages import pick_text
from loyalty.points import program_settings
from loyalty.points.rules import expiry_day
from loyalty.rewards.choices import DiscountKind, RedemptionState


class Reward(models.Model):
    """Something that points buy; without a stock there is no limit."""

    public_id = PublicIdField("rw")
    code = models.SlugField(max_length=40, unique=True, null=True)
    kind = models.CharField(max_length=8, default="coupon", help_text="A code of reward_kinds.")
    names = models.JSONField(default=dict)
    details = models.JSONField(default=dict, blank=True)
    price = models.PositiveIntegerField(_("Price in points"))
    stock = models.PositiveIntegerField(_("Stock"), null=True, blank=True)
    per_member = models.PositiveIntegerField(_("At most per member"), null=True, blank=True)
    tier_rank = models.PositiveSmallIntegerField(_("From tier"), default=0)
    discount = models.CharField(_("Discount"), max_length=7, choices=DiscountKind.choices, default=DiscountKind.AMOUNT)
    value = models.DecimalField(_("Value"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("Currency"), max_length=3)
    minimum = money.money_field(default=0, verbose_name=_("Minimum spend"))
    valid_days = models.PositiveSmallIntegerField(_("Days the coupon is valid"), default=30)
    unit_cost = money.money_field(null=True, blank=True, verbose_name=_("Cost per unit"))
    active = models.BooleanField(_("Offered"), default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="reward_price_positive", condition=Q(price__gt=0)),
            models.CheckConstraint(
                name="reward_value_sane", condition=Q(value__gt=0) & (Q(discount="amount") | Q(value__lte=100))
            ),
        ]
        indexes = [models.Index(fields=["price", "id"], name="reward_by_price", condition=Q(active=True))]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick_text(self.names, get_language() or "en")

    @property
    def detail(self) -> str:
        return pick_text(self.details, get_language() or "en")


class Coupon(models.Model):
    """A right to a price reduction: personal and single-use, or shared by everybody who knows the code."""

    public_id = PublicIdField("cp")
    code = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="+")
    names = models.JSONField(default=dict)
    discount = models.CharField(max_length=7, choices=DiscountKind.choices)
    value = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    minimum = money.money_field(default=0)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(help_text="The first instant at which it is over.")
    limit = models.PositiveIntegerField(null=True, default=1)
    limit_per_customer = models.PositiveIntegerField(null=True, default=1)
    uses = models.PositiveIntegerField(default=0)
    source_type = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=80, blank=True)
    issued_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "source_type", "source_id", "customer", condition=~Q(source_type=""), name="coupon_once_per_source"
            ),
            models.CheckConstraint(name="coupon_within_limit", condition=Q(limit=None) | Q(uses__lte=F("limit"))),
        ]
        indexes = [
            models.Index(
                fields=["customer", "-valid_until"], name="coupon_of_customer", condition=Q(customer__isnull=False)
            ),
            models.Index(Replace("code", Value("-"), Value("")), name="coupon_by_letters"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        return pick_text(self.names, get_language() or "en")

    @property
    def last_day(self) -> date:
        """The last local day on which it can be used."""
        return expiry_day(self.valid_until, program_settings.program_time_zone())


class CouponUse(models.Model):
    """A coupon was used on an order; the order's reference makes it once."""

    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=130, help_text="source:number of the order, or whatever the till calls it.")
    amount = money.money_field(null=True)
    taken_off = money.money_field(null=True)
    used_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, help_text="The order came to nothing, and the coupon was given back.")
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [models.UniqueConstraint("coupon", "reference", name="coupon_use_once")]
        indexes = [
            models.Index(fields=["coupon", "customer"], name="coupon_use_of_customer"),
            models.Index(fields=["reference"], name="coupon_use_of_reference"),
        ]

    def __str__(self) -> str:
        return self.reference


class Redemption(models.Model):
    """A member exchanged points for a reward; `key` makes a form that was sent twice count once."""

    public_id = PublicIdField("rd")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+", db_index=False)
    reward = models.ForeignKey(Reward, models.PROTECT, related_name="+", db_index=False)
    points = models.PositiveIntegerField()
    entry = models.OneToOneField("loyalty.LedgerEntry", models.PROTECT, related_name="+")
    coupon = models.OneToOneField(Coupon, models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=120)
    state = models.CharField(max_length=9, choices=RedemptionState.choices, default=RedemptionState.DONE)
    redeemed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("customer", "key", name="redemption_once")]
        indexes = [
            models.Index(fields=["customer", "-redeemed_at"], name="redemption_of_customer"),
            models.Index(fields=["reward", "-redeemed_at"], name="redemption_of_reward"),
        ]

    def __str__(self) -> str:
        return self.public_id
