"""The customer."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.kernel.auth.choices import RecordScope
from crm.kernel.auth.models import User
from crm.kernel.db.public_ids import PublicIdField
from customers.profiles.choices import BirthdayCalendar


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Which customers."""

    def visible_to(self, user: User) -> "CustomerQuerySet":
        """Inside the user's record scope; merged ones are reached through their survivor only."""
        present = self.filter(merged_into=None)
        if user.scope == RecordScope.OWN:
            return present.filter(owner=user)
        return present.filter(team_id=user.team_id or -1) if user.scope == RecordScope.TEAM else present

    def current(self) -> "CustomerQuerySet":
        """Neither archived nor merged into another."""
        return self.filter(archived_at=None, merged_into=None)


class Customer(models.Model):
    """A person or company that may buy. E-mail and phone are no identity: two people may share a phone."""

    public_id = PublicIdField("cu")
    display_name = models.CharField(_("Name"), max_length=200)
    family_name = models.CharField(_("Family name"), max_length=100, blank=True)
    given_name = models.CharField(_("Given name"), max_length=100, blank=True)
    is_company = models.BooleanField(_("Company"), default=False)
    email = models.EmailField(_("E-mail"), max_length=254, null=True, blank=True)
    phone = models.CharField(
        _("Phone"), max_length=20, null=True, blank=True, help_text=_("In international form: +8613812342217")
    )
    language = models.CharField(_("Language"), max_length=7, choices=settings.LANGUAGES, blank=True)
    time_zone = models.CharField(_("Time zone"), max_length=64, blank=True)
    birth_month = models.PositiveSmallIntegerField(_("Month of birth"), null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(_("Day of birth"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("Year of birth"), null=True, blank=True)
    birthday_calendar = models.CharField(
        _("Calendar"), max_length=5, choices=BirthdayCalendar.choices, default=BirthdayCalendar.SOLAR
    )
    birthday_leap_month = models.BooleanField(_("Born in a leap month"), default=False)
    street = models.CharField(_("Street"), max_length=200, blank=True)
    city = models.CharField(_("City"), max_length=100, blank=True)
    region = models.CharField(_("State or province"), max_length=100, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=20, blank=True)
    country = models.CharField(_("Country"), max_length=2, blank=True, help_text=_("Two letters, as in CN"))
    source = models.CharField(_("Source"), max_length=40, blank=True)
    home_store = models.CharField(_("Home store"), max_length=80, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Owner")
    )
    team = models.ForeignKey(
        "kernel.Team", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Team")
    )
    household = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("Tags"))
    preferences = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name=_("Interests"))
    preferred_channel = models.CharField(_("Preferred channel"), max_length=10, blank=True)
    notes = models.TextField(_("Notes"), blank=True)
    custom = models.JSONField(default=dict, blank=True)
    value_grade = models.CharField(_("Value grade"), max_length=1, blank=True)
    search_text = models.TextField(editable=False, default="")
    sort_key = models.CharField(max_length=200, editable=False, default="")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="customer_blank_is_null", condition=~models.Q(email="") & ~models.Q(phone="")),
            models.CheckConstraint(
                name="customer_birthday_whole",
                condition=models.Q(birth_month=None, birth_day=None)
                | models.Q(birth_month__range=(1, 12), birth_day__range=(1, 31)),
            ),
            models.CheckConstraint(
                name="customer_phone_e164", condition=models.Q(phone=None) | models.Q(phone__regex=r"^\+[0-9]{5,18}$")
            ),
        ]
        indexes = [
            GinIndex(fields=["search_text"], name="customer_search", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["sort_key", "id"], name="customer_by_name"),
            models.Index(fields=["-created_at", "-id"], name="customer_newest"),
            models.Index(Lower("email"), name="customer_email"),
            models.Index(fields=["phone"], name="customer_phone"),
            models.Index(
                fields=["birth_month", "birth_day"],
                name="customer_birthday",
                condition=models.Q(birth_month__isnull=False),
            ),
            GinIndex(fields=["tags"], name="customer_tags"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def has_birthday(self) -> bool:
        return self.birth_month is not None
