"""Saved views: a list's filters under a name, for oneself or for everybody."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel.db.public_ids import PublicIdField


class SavedView(models.Model):
    """The query string of a list, named."""

    public_id = PublicIdField("vw")
    listing = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=80)
    query = models.CharField(max_length=2000)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    shared = models.BooleanField(_("Shared with everybody"), default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("listing", "user", "name", name="view_name_once")]

    def __str__(self) -> str:
        return self.name
