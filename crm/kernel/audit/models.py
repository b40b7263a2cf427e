"""The audit log: append-only, partitioned by year, sealed into a chain."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
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
    """A link of the chain: which entries it holds with the hash of each, and a hash over those and the link before it.

    Entries are named one by one: an id is drawn before its transaction commits, so an older one may come to light later.
    """

    APPEND_ONLY = True

    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    ids = ArrayField(models.BigIntegerField())
    hashes = ArrayField(models.BinaryField())
    last_id = models.BigIntegerField(
        db_index=True, help_text="The newest entry that this link or an earlier one holds."
    )
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["previous"], nulls_distinct=False, name="audit_chain_does_not_fork"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {len(self.ids)} entries, {bytes(self.digest).hex()[:12]}"
