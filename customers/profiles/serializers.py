"""Customers as the API takes and returns them."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import serializers

from crm.kernel import plain_text
from crm.kernel.api.serializers import InstantField, StrictSerializer
from crm.kernel.time import zones
from customers.profiles import birthday_checks, countries, emails, phones
from customers.profiles.choices import BirthdayCalendar
from customers.profiles.contact_fields import EmailAddressIn
from customers.profiles.models import Customer

SOURCE_LENGTH = 40
IDENTIFYING_FIELDS = ("display_name", "family_name", "given_name", "email", "phone")
LANGUAGES = [code for code, _name in settings.LANGUAGES]


class BirthdayIn(StrictSerializer):
    """Month and day, the year where known."""

    month = serializers.IntegerField(min_value=1, max_value=12)
    day = serializers.IntegerField(min_value=1, max_value=31)
    year = serializers.IntegerField(min_value=1900, max_value=2100, required=False, allow_null=True)
    calendar = serializers.ChoiceField(choices=BirthdayCalendar.choices, default=BirthdayCalendar.SOLAR)

    def validate(self, birthday: dict[str, Any]) -> dict[str, Any]:
        if problem := birthday_checks.birthday_error(
            birthday["month"], birthday["day"], birthday.get("year"), birthday["calendar"]
        ):
            raise serializers.ValidationError({"day": [problem]})
        return birthday


class CustomerIn(StrictSerializer):
    """What may be said of a customer; with `external_ids` the same customer is found again."""

    external_ids = serializers.DictField(
        child=serializers.CharField(max_length=120),
        required=False,
        help_text="Source system → the customer's id in it.",
    )
    display_name = serializers.CharField(max_length=200, required=False)
    family_name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    given_name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    email = EmailAddressIn(max_length=emails.LONGEST_ADDRESS, required=False, allow_null=True)
    phone = serializers.CharField(max_length=60, required=False, allow_null=True)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    time_zone = serializers.CharField(max_length=64, required=False)
    birthday = BirthdayIn(required=False, allow_null=True)
    street = serializers.CharField(max_length=200, required=False, allow_blank=True)
    city = serializers.CharField(max_length=100, required=False, allow_blank=True)
    region = serializers.CharField(max_length=100, required=False, allow_blank=True)
    postal_code = serializers.CharField(max_length=20, required=False, allow_blank=True)
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False)
    home_store = serializers.CharField(max_length=80, required=False, allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=50)
    notes = serializers.CharField(max_length=10_000, required=False, allow_blank=True)

    def validate_external_ids(self, ids: dict[str, str]) -> dict[str, str]:
        if too_long := [source for source in ids if len(source) > SOURCE_LENGTH]:
            raise serializers.ValidationError(
                {source: [_("Its name is longer than %(n)s characters.") % {"n": SOURCE_LENGTH}] for source in too_long}
            )
        if hidden := [source for source, value in ids.items() if plain_text.has_hidden_character(source + value)]:
            reason = _("An invisible character stands inside.")
            raise serializers.ValidationError({source: [reason] for source in hidden})
        return ids

    def validate_country(self, code: str) -> str:
        if not countries.is_country(code):
            raise serializers.ValidationError(_("%(value)s is no country that we know") % {"value": code})
        return code

    def validate_time_zone(self, zone: str) -> str:
        if zone not in zones.known_zones():
            raise serializers.ValidationError(_("%(zone)s is no time zone.") % {"zone": zone})
        return zone


class CustomerOut(serializers.ModelSerializer[Customer]):
    """A customer with the ids that other systems have for them."""

    id = serializers.CharField(source="public_id")
    external_ids = serializers.SerializerMethodField()
    birthday = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields = (
            "id", "external_ids", "display_name", "family_name", "given_name", "email", "phone", "language", "time_zone",
            "birthday", "street", "city", "region", "postal_code", "country", "home_store", "tags", "source", "created_at",
            "updated_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_external_ids(self, customer: Customer) -> dict[str, str]:
        return {external_id.source: external_id.value for external_id in customer.external_ids.all()}

    def get_birthday(self, customer: Customer) -> dict[str, Any] | None:
        if not customer.has_birthday:
            return None
        return {
            "month": customer.birth_month,
            "day": customer.birth_day,
            "year": customer.birth_year,
            "calendar": customer.birthday_calendar,
        }


class CustomerSaveResult(serializers.Serializer[Any]):
    """What became of one record of a call."""

    id = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["created", "updated", "unchanged"])


class CustomerRefusal(serializers.Serializer[Any]):
    """A record that was not taken, and why."""

    index = serializers.IntegerField()
    attr = serializers.CharField()
    detail = serializers.CharField()


class CustomerBulkOut(serializers.Serializer[Any]):
    """One outcome per record, in the order of the call; refused ones by their index."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    results = CustomerSaveResult(many=True)
    refused = CustomerRefusal(many=True)


class ActivityIn(StrictSerializer):
    """A behaviour: `viewed_product`, `added_to_cart`, anything."""

    customer = serializers.CharField(max_length=200)
    name = serializers.SlugField(max_length=60)
    at = InstantField(required=False)
    source = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    data = serializers.DictField(required=False, default=dict)


class ActivityOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()


def build_customer_fields(data: dict[str, Any], region: str, country: str = "") -> dict[str, Any]:
    """Validated input as fields of the customer; a phone number becomes E.164.

    One without country code is of the country that is sent or, where none is, of `country`; then of the company's region.
    """
    fields = {name: value for name, value in data.items() if name not in ("external_ids", "birthday")}
    if fields.get("phone"):
        try:
            fields["phone"] = phones.normalize_phone(fields["phone"], data.get("country", country), region)
        except phones.BadPhone as error:
            raise serializers.ValidationError({"phone": [_("This is no phone number.")]}) from error
    if "birthday" in data:
        fields.update(_birthday_fields(data["birthday"]))
    if not data.get("external_ids") and not any(fields.get(name) for name in IDENTIFYING_FIELDS):
        raise serializers.ValidationError({"display_name": [_("Say at least a name, an e-mail or an external id.")]})
    return fields


def _birthday_fields(birthday: dict[str, Any] | None) -> dict[str, Any]:
    if birthday is None:
        return {"birth_month": None, "birth_day": None, "birth_year": None}
    return {
        "birth_month": birthday["month"],
        "birth_day": birthday["day"],
        "birth_year": birthday.get("year"),
        "birthday_calendar": birthday["calendar"],
    }
