"""Events are rows first: what happened, and who still has to hear of it."""

from django.db import models


class Event(models.Model):
    """Something happened to a batch of records; written in the transaction of the change."""

    name = models.CharField(max_length=60)
    ids = models.JSONField()
    live = models.BooleanField(
        default=True, help_text="False for history: it starts no care, survey, webhook or ticket."
    )
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="event_created")]

    def __str__(self) -> str:
        return f"{self.name} × {len(self.ids)}"


class EventDelivery(models.Model):
    """One listener that hears one event later."""

    class State(models.TextChoices):
        DUE = "due"
        DONE = "done"
        QUARANTINED = "quarantined"

    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    listener = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("event", "listener", name="delivery_once_per_listener")]
        indexes = [models.Index(fields=["next_attempt_at", "id"], name="delivery_due", condition=models.Q(state="due"))]

    def __str__(self) -> str:
        return f"{self.listener}: {self.state}"


class InboxEvent(models.Model):
    """A message from outside, once per source and id, whatever order and however often it comes."""

    source = models.CharField(max_length=40)
    event_id = models.CharField(max_length=200)
    body = models.JSONField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("source", "event_id", name="inbox_once")]

    def __str__(self) -> str:
        return f"{self.source}:{self.event_id}"
