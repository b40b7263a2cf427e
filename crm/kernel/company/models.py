"""Settings of the company: one row per group of typed settings."""

from django.db import models


class Setting(models.Model):
    """The saved values of one settings group; what is not saved has its default from the code."""

    group = models.CharField(max_length=40, primary_key=True)
    values = models.JSONField(default=dict)
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.group
