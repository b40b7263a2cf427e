"""Who works here: users sign in by e-mail, belong to a team and have a role."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.kernel.auth.choices import RecordScope, StaffRole
from crm.kernel.db.public_ids import PublicIdField
from crm.kernel.time import zones


def check_time_zone(value: str) -> None:
    """Only zones of the IANA table."""
    if value not in zones.known_zones():
        raise ValidationError(_("%(zone)s is no time zone."), params={"zone": value})


class Team(models.Model):
    """A store, a region or a desk: records may be limited to it."""

    public_id = PublicIdField("tm")
    name = models.CharField(_("Name"), max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail, kept in small letters: sign-in looks for them so."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{"role": StaffRole.ADMIN, **fields})

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person of the company's staff."""

    public_id = PublicIdField("us")
    email = models.EmailField(_("E-mail"), max_length=254)
    name = models.CharField(_("Name"), max_length=150)
    role = models.CharField(_("Role"), max_length=12, choices=StaffRole.choices, default=StaffRole.READONLY)
    scope = models.CharField(_("Records"), max_length=4, choices=RecordScope.choices, default=RecordScope.ALL)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("Team")
    )
    language = models.CharField(_("Language"), max_length=7, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("Time zone"), max_length=64, default="Asia/Shanghai", validators=[check_time_zone])
    theme = models.CharField(
        _("Appearance"),
        max_length=5,
        default="auto",
        choices=[("auto", _("Automatic")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    density = models.CharField(
        _("Density"),
        max_length=11,
        default="standard",
        choices=[("compact", _("Compact")), ("standard", _("Standard")), ("comfortable", _("Comfortable"))],
    )
    shortcuts = models.BooleanField(_("Single-key shortcuts"), default=True)
    is_active = models.BooleanField(_("May sign in"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        return self.role == StaffRole.ADMIN

    @property
    def is_superuser(self) -> bool:
        return self.role == StaffRole.ADMIN
