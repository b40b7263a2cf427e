"""The daily series that cannot be counted afterwards."""

from django.db import models

from crm.kernel import money


class AtRiskDay(models.Model):
    """How many customers were at risk on a day, and what they would bring in a year."""

    day = models.DateField(primary_key=True)
    customers = models.PositiveIntegerField()
    value = money.money_field()
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day}: {self.customers}"
