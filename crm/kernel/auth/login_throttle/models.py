"""Failed passwords, codes and resets, counted for some minutes."""

from django.db import models


class LoginThrottleEntry(models.Model):
    """One key of the lock-out with its value (instants of tries, a short lock), until it ends by the database's clock."""

    key = models.CharField(max_length=250, primary_key=True)
    value = models.JSONField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "kernel_doormemory"

    def __str__(self) -> str:
        return self.key
