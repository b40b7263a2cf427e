"""Who is at risk, as the last look at everybody's rhythm found it."""

from django.db import models

from crm.kernel import money
from customers.profiles.models import Customer
from retention.risk.rules import RiskLevel


class RiskScore(models.Model):
    """A customer at risk. Who is on time, has no rhythm yet or is gone for good has no row."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="+")
    level = models.CharField(
        max_length=4, choices=[(level.value, level.value) for level in (RiskLevel.MID, RiskLevel.HIGH)]
    )
    score = models.PositiveSmallIntegerField()
    ratio = models.DecimalField(max_digits=9, decimal_places=2, help_text="Days quiet over the usual gap.")
    last_order_at = models.DateTimeField()
    gap_days = models.DecimalField(max_digits=10, decimal_places=2)
    value = money.money_field(help_text="What the rhythm would bring in a year.")
    scored_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-value", "-customer"], name="riskscore_by_value"),
            models.Index(fields=["-ratio", "-customer"], name="riskscore_by_ratio"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.level} {self.score}"
