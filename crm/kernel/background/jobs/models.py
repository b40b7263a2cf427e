"""Long work: a row with progress, result and history."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.db.public_ids import PublicIdField

# kind → its title in the language of whoever reads it, out of the job's parameters.
job_titles: dict[str, Callable[[dict[str, Any]], str]] = {}


class Job(models.Model):
    """A piece of long work that somebody asked for; it survives a restart of the worker."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    public_id = PublicIdField("jb")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="jobs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    params = models.JSONField(default=dict)
    memory = models.JSONField(default=dict, help_text="Where to go on after a restart.")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    file = models.FileField(upload_to="jobs/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    cancel_requested = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], name="job_unfinished", condition=models.Q(state__in=["queued", "running"])
            ),
            models.Index(fields=["user", "-created_at"], name="job_of_user"),
        ]

    def __str__(self) -> str:
        """The title in the reader's language, where its kind has words for that; else as it was written."""
        try:
            return job_titles[self.kind](self.params)
        except KeyError:
            return self.title

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
