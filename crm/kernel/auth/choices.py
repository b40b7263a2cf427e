"""Roles and the reach of a person's rights."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffRole(models.TextChoices):
    ADMIN = "admin", _("Administrator")
    MANAGER = "manager", _("Manager")
    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")
    SERVICE = "service", _("Service")
    PRODUCT = "product", _("Product")
    READONLY = "readonly", _("Read only")


class RecordScope(models.TextChoices):
    OWN = "own", _("Own records")
    TEAM = "team", _("Records of the team")
    ALL = "all", _("All records")
