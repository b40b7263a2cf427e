"""Files that people uploaded: checked, kept under a random name, served as attachments."""

from django.conf import settings
from django.db import models

from crm.kernel.db.public_ids import PublicIdField


class Attachment(models.Model):
    """One uploaded file."""

    public_id = PublicIdField("at")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    file = models.FileField(upload_to="attachments/%Y/%m/")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
