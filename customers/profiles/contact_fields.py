"""Fields of forms and of the API for e-mail addresses and phone numbers, judged as in files."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.kernel import company
from customers.profiles import countries, emails, phones

HIDDEN = _("An invisible character stands inside.")
PHONE_HINT = _("Start with + and the country code, or write a number of %(region)s.")


class EmailAddressField(forms.EmailField):
    """An address that mail can reach, in any script."""

    default_validators = []

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            return emails.parse_email(text) if text else ""
        except emails.BadEmail as error:
            hidden = isinstance(error, emails.HiddenCharacter)
            raise ValidationError(HIDDEN if hidden else EmailValidator.message) from error


class PhoneField(forms.CharField):
    """A phone number in any writing; the value is E.164 or None. Without country code it is of `country`, or the company's."""

    country = ""

    def clean(self, value: Any) -> str | None:
        text, region = super().clean(value), company.get_company().phone_region
        try:
            return phones.normalize_phone(text, countries.find_country(self.country) or "", region) if text else None
        except phones.BadPhone as error:
            raise ValidationError(PHONE_HINT % {"region": region}) from error


class EmailAddressIn(serializers.EmailField):
    """An address that mail can reach, in any script."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = [one for one in self.validators if not isinstance(one, EmailValidator)]

    def to_internal_value(self, data: Any) -> str:
        text = str(super().to_internal_value(data))
        try:
            return emails.parse_email(text) if text else ""
        except emails.BadEmail as error:
            hidden = isinstance(error, emails.HiddenCharacter)
            raise serializers.ValidationError(HIDDEN if hidden else self.error_messages["invalid"]) from error
