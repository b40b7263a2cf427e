"""Counted figures, kept until an order changes what they were counted from."""

from django.db import models


class MetricCell(models.Model):
    """The figures of one window or table under one definition: a cache that says when and from what it was counted."""

    key = models.CharField(max_length=160, unique=True)
    figures = models.JSONField()
    reaches_to = models.DateTimeField(help_text="Orders placed from here on cannot change it.")
    event_mark = models.BigIntegerField(help_text="The last order event that it knows.")
    events_below = models.IntegerField(help_text="Order events just below the mark: one that commits late shows.")
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
