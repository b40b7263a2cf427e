"""Who is at risk, as the last look at everybody's rhythm found it, and the rhythm that all share."""

from django.db import models

from crm.kernel import money
from customers.profiles.models import Customer
from retention.risk.rules import RiskLevel


class RiskScore(models.Model):
    """A customer at risk. Who is on time or gone for good has no row."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="+")
    level = models.CharField(
        max_length=4, choices=[(level.value, level.value) for level in (RiskLevel.MID, RiskLevel.HIGH)]
    )
    score = models.PositiveSmallIntegerField()
    ratio = models.DecimalField(
        max_digits=9, decimal_places=2, help_text="Days quiet over the company's usual gap: it ranks."
    )
    last_order_at = models.DateTimeField()
    gap_days = models.DecimalField(max_digits=10, decimal_places=2, help_text="The usual gap that they are late by.")
    is_own_gap = models.BooleanField(default=True, db_default=True, help_text="No: the company's.")
    value = money.money_field(help_text="What they would bring in a year.")
    scored_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-value", "-customer"], name="riskscore_by_value"),
            models.Index(fields=["-ratio", "-customer"], name="riskscore_by_ratio"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.level} {self.score}"


class CompanyRhythm(models.Model):
    """How the company's customers buy (`rules.CommonRhythm`), counted each night; one row. Empty figures: nobody knows."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    customers = models.PositiveIntegerField(help_text="Those with a rhythm of their own.")
    gap_days = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    pace_days = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    day_spend = money.money_field(null=True)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.gap_days} days"
