"""The audit log: append-only, partitioned by year, sealed into a chain."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """Who did what, when and from where; personal data is masked; a bulk act is one row with its count."""

    APPEND_ONLY = True

    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField(max_length=80, blank=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    count = models.BigIntegerField(default=1)
    request_id = models.CharField(max_length=64, blank=True)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["object_type", "object_id", "-at"], name="audit_of_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class AuditSeal(models.Model):
    """A link of the chain: the hash over a run of entries and the seal before it."""

    APPEND_ONLY = True

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    entries = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.first_id}–{self.last_id}"
