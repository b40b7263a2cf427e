"""What happened with a customer: the timeline, and behaviour that shops report."""

from django.conf import settings
from django.db import models

from customers.profiles.models.customer import Customer


class TimelineEntry(models.Model):
    """One thing that happened with a customer; its sentence is made from kind and data in the reader's language."""

    APPEND_ONLY = True

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="timeline_of_customer")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.kind}"


class Activity(models.Model):
    """Behaviour that a shop or app reports: `viewed_product`, `added_to_cart`, anything."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    source = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-at"], name="activity_of_customer"),
            models.Index(fields=["name", "-at"], name="activity_by_name"),
        ]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.name
