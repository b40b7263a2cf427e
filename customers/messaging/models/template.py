"""Templates that staff changed or wrote; what is not changed comes from the code."""

from django.conf import settings
from django.db import models

from customers.messaging.choices import MessagePurpose, MessageTopic


class MessageTemplate(models.Model):
    """Subject and text per language in the template language; a row replaces the text that the code declares."""

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=14, choices=MessagePurpose.choices)
    topic = models.CharField(max_length=12, choices=MessageTopic.choices)
    # Language → {"subject": …, "body": …}.
    texts = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name
