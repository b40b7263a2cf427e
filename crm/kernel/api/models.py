"""Keys of other programs, and the answers kept for their repeated requests."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from crm.kernel.db.public_ids import PublicIdField


class ApiKey(models.Model):
    """A program's key: only its SHA-256 is stored; scopes say what it may do."""

    public_id = PublicIdField("key")
    name = models.CharField(max_length=120)
    digest = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=12)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text="Who made it.")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_authenticated(self) -> bool:
        return True


class IdempotencyKey(models.Model):
    """The first answer to a request, kept so that a repeated request gets the same answer and one effect."""

    principal = models.CharField(max_length=40)
    route = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    request_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("principal", "route", "key", name="idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"{self.principal} {self.route} {self.key}"
