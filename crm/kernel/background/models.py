"""What the scheduler remembers."""

from django.db import models


class SweepRun(models.Model):
    """When the last good run of a registered function began: a night's work runs once, a stopped rhythm is seen."""

    name = models.CharField(max_length=80, primary_key=True)
    ran_at = models.DateTimeField()
    done = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
