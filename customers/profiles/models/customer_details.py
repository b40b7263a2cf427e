"""What belongs to a customer: ids in other systems, contacts, dates, custom fields, and facts of upper apps."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.profiles.choices import BirthdayCalendar, ContactKind, CustomFieldType
from customers.profiles.models.customer import Customer


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
    calendar = models.CharField(
        _("Calendar"), max_length=5, choices=BirthdayCalendar.choices, default=BirthdayCalendar.SOLAR
    )

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
    """A field that the company added in the browser; its values stand in `Customer.custom` under its key."""

    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(_("Label"), max_length=80)
    type = models.CharField(_("Type"), max_length=6, choices=CustomFieldType.choices)
    choices = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.label


class CustomerFact(models.Model):
    """What an upper app pushed down about a customer (tier, service level, risk, last NPS …), with its time."""

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
