"""The customer and what is known of him."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.kernel.ids import PublicIdField
from crm.kernel.people.choices import Scope
from customers.profiles.choices import Calendar, ContactKind, FieldType, TaskState


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Which customers."""

    def visible_to(self, user: Any) -> "CustomerQuerySet":
        """Inside the user's record scope; merged ones are reached through their survivor only."""
        present = self.filter(merged_into=None)
        if user.scope == Scope.OWN:
            return present.filter(owner=user)
        return present.filter(team_id=user.team_id or -1) if user.scope == Scope.TEAM else present

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
    birthday_calendar = models.CharField(_("Calendar"), max_length=5, choices=Calendar.choices, default=Calendar.SOLAR)
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


class ExternalId(models.Model):
    """The customer's id in another system: unique per source."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="external_ids")
    source = models.CharField(max_length=40)
    value = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint("source", "value", name="external_id_once")]

    def __str__(self) -> str:
        return f"{self.source}:{self.value}"


class ContactPoint(models.Model):
    """A further address or number beside the main ones."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contact_points")
    kind = models.CharField(_("Kind"), max_length=8, choices=ContactKind.choices)
    value = models.CharField(_("Value"), max_length=254)
    label = models.CharField(_("Label"), max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("customer", "kind", "value", name="contact_point_once")]

    def __str__(self) -> str:
        return self.value


class ImportantDate(models.Model):
    """A day that comes back every year: a wedding, a first purchase, a pet's birthday."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="important_dates")
    name = models.CharField(_("Name"), max_length=80)
    month = models.PositiveSmallIntegerField(_("Month"))
    day = models.PositiveSmallIntegerField(_("Day"))
    year = models.PositiveSmallIntegerField(_("Year"), null=True, blank=True)
    calendar = models.CharField(_("Calendar"), max_length=5, choices=Calendar.choices, default=Calendar.SOLAR)

    class Meta:
        constraints = [
            models.UniqueConstraint("customer", "name", name="important_date_once"),
            models.CheckConstraint(
                name="important_date_real", condition=models.Q(month__range=(1, 12), day__range=(1, 31))
            ),
        ]
        indexes = [models.Index(fields=["month", "day"], name="important_date_of_year")]

    def __str__(self) -> str:
        return self.name


class CustomField(models.Model):
    """A field that the company added in the browser; values stand in `Customer.custom` under its key."""

    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(_("Label"), max_length=80)
    type = models.CharField(_("Type"), max_length=6, choices=FieldType.choices)
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.label


class CustomerFact(models.Model):
    """What upper apps push down: tier, service level, risk, lifecycle, last NPS … each with its time."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=30)
    value = models.CharField(max_length=80, blank=True)
    number = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    data = models.JSONField(default=dict)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("customer", "kind", name="fact_once_per_kind")]
        indexes = [
            models.Index(fields=["kind", "value", "customer"], name="fact_by_value"),
            models.Index(fields=["kind", "number", "customer"], name="fact_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value or self.number}"


class TimelineEntry(models.Model):
    """One thing that happened with a customer; its sentence is made from kind and data in the reader's language."""

    APPEND_ONLY = True

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="timeline_of_customer")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.kind}"


class Activity(models.Model):
    """Behaviour that a shop or app reports: `viewed_product`, `added_to_cart`, anything."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    at = models.DateTimeField()
    source = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-at"], name="activity_of_customer"),
            models.Index(fields=["name", "-at"], name="activity_by_name"),
        ]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.name


class Task(models.Model):
    """Something that a person of the staff is to do for a customer."""

    public_id = PublicIdField("tk")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tasks")
    title = models.CharField(_("What to do"), max_length=200)
    kind = models.CharField(max_length=20, default="task")
    due_on = models.DateField(_("Due"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("Owner")
    )
    state = models.CharField(max_length=7, choices=TaskState.choices, default=TaskState.OPEN)
    result = models.TextField(_("Result"), blank=True)
    source_type = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due_on"], name="task_open_of_owner", condition=models.Q(state="open"))
        ]

    def __str__(self) -> str:
        return self.title
