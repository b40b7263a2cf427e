"""Forms of a customer, of their details and of tasks."""

from collections.abc import Collection, Sequence
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import plain_text
from crm.kernel.auth.models import Team, User
from crm.kernel.time import zones
from crm.kernel.ui.form_layout import FormLayoutMixin, form_row
from crm.kernel.ui.trimmed_forms import TrimmedDataMixin
from customers.profiles import birthday_checks, countries, customer_lookup, emails, word_lists
from customers.profiles.choices import ContactKind, CustomFieldType, InteractionKind
from customers.profiles.contact_fields import EmailAddressField, PhoneField
from customers.profiles.models import ContactPoint, Customer, CustomField, ImportantDate

EMPTY_CHOICE = ("", "–")


class CommaListField(forms.CharField):
    """Words with commas or other usual marks between them; the value is a list without repetitions."""

    longest = 40

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        words = word_lists.split_words(super().clean(value))
        if any(len(word) > self.longest for word in words) or len(words) > 50:
            raise ValidationError(_("At most 50 words of %(n)s characters.") % {"n": self.longest})
        return words


class CustomerForm(TrimmedDataMixin, FormLayoutMixin, forms.ModelForm):
    """Everything that staff may enter about a customer; `version` is that of the copy that was shown."""

    email = EmailAddressField(label=gettext_lazy("E-mail"), required=False, max_length=emails.LONGEST_ADDRESS)
    phone = PhoneField(
        label=gettext_lazy("Phone"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    tags = CommaListField(
        label=gettext_lazy("Tags"), required=False, max_length=2000, help_text=gettext_lazy("With commas between")
    )
    preferences = CommaListField(
        label=gettext_lazy("Interests"), required=False, max_length=3000, help_text=gettext_lazy("With commas between")
    )
    country = forms.CharField(
        label=gettext_lazy("Country"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Its name, or two letters as in CN"),
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    # Set by the view where others have the same e-mail or phone; those in the user's scope may be named.
    duplicates: Sequence[Customer] = ()
    visible_duplicates: Collection[Customer] = ()

    class Meta:
        model = Customer
        fields = [
            "display_name", "family_name", "given_name", "is_company", "email", "phone", "language", "time_zone",
            "birth_month", "birth_day", "birth_year", "birthday_calendar", "street", "city", "region", "postal_code",
            "country", "source", "home_store", "owner", "team", "preferred_channel", "tags", "preferences", "notes",
        ]  # fmt: skip
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_name"].required = False
        self.fields["display_name"].help_text = _("As it is shown; empty: made of family and given name.")
        self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.order_by("name")  # type: ignore[attr-defined]
        for name in ("owner", "team"):
            self.fields[name].empty_label = EMPTY_CHOICE[1]  # type: ignore[attr-defined]
        self.fields["language"].choices = [EMPTY_CHOICE, *settings.LANGUAGES]  # type: ignore[attr-defined]
        self.fields["version"].initial = self.instance.version
        self.fields["phone"].country = self.data.get(self.add_prefix("country"), "")  # type: ignore[attr-defined]
        self._custom_fields = list(CustomField.objects.order_by("position", "label"))
        for custom in self._custom_fields:
            self.fields[f"custom_{custom.key}"] = _custom_field(custom, self.instance.custom.get(custom.key))

    def clean_email(self) -> str | None:
        return self.cleaned_data["email"] or None

    def clean_country(self) -> str:
        country = self.cleaned_data["country"]
        code = countries.find_country(country) or ""
        if country and not code:
            raise ValidationError(_("There is no such country. Write its name, or two letters as in CN."))
        return code

    def clean_time_zone(self) -> str:
        zone = self.cleaned_data["time_zone"]
        if zone and zone not in zones.known_zones():
            raise ValidationError(_("%(zone)s is no time zone.") % {"zone": zone})
        return zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        family, given = data.get("family_name", ""), data.get("given_name", "")
        if not data.get("display_name"):
            data["display_name"] = _full_name(family, given)
        if not data["display_name"]:
            self.add_error("display_name", _("A customer needs a name."))
        if problem := birthday_checks.birthday_error(
            data.get("birth_month"), data.get("birth_day"), data.get("birth_year"), data.get("birthday_calendar", "")
        ):
            self.add_error("birth_day", problem)
        return data

    def build_layout(self) -> Layout:
        """Six groups; the fields that the company added stand in the last. A new customer has no version yet."""
        return Layout(
            *(["version"] if self.instance.pk else []),
            Div(
                Fieldset(_("Name"), "display_name", "family_name", "given_name", "is_company"),
                Fieldset(_("Contact"), "email", "phone", "preferred_channel", "language", "time_zone"),
                Fieldset(_("Birthday"), form_row("birth_month", "birth_day", "birth_year"), "birthday_calendar"),
                Fieldset(_("Address"), "street", form_row("postal_code", "city"), form_row("region", "country")),
                Fieldset(_("With us"), "source", "home_store", "owner", "team"),
                Fieldset(
                    _("More"),
                    "tags",
                    "preferences",
                    "notes",
                    *(f"custom_{custom.key}" for custom in self._custom_fields),
                ),
                css_class="eg-form-grid",
            ),
        )

    def _post_clean(self) -> None:
        """The service checks and writes; the form leaves its instance alone."""

    @property
    def values(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        values = {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "version" and not name.startswith("custom_")
        }
        custom = {field.key: _json_value(self.cleaned_data.get(f"custom_{field.key}")) for field in self._custom_fields}
        filled = {key: value for key, value in custom.items() if value not in (None, "")}
        others = {key: value for key, value in self.instance.custom.items() if key not in custom}
        return {**values, "custom": {**others, **filled}}


def _full_name(family_name: str, given_name: str) -> str:
    """Family name first and together where the script does so."""
    is_east_asian = bool(family_name) and all(ord(letter) >= 0x2E80 for letter in family_name)
    return f"{family_name}{given_name}" if is_east_asian else f"{given_name} {family_name}".strip()


def _custom_field(custom: CustomField, value: Any) -> forms.Field:
    common: dict[str, Any] = {"label": custom.label, "required": False, "initial": value}
    if custom.type == CustomFieldType.NUMBER:
        return forms.DecimalField(max_digits=19, decimal_places=4, **common)
    if custom.type == CustomFieldType.DATE:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    if custom.type == CustomFieldType.YES_NO:
        return forms.BooleanField(**common)
    if custom.type == CustomFieldType.CHOICE:
        return forms.ChoiceField(choices=[EMPTY_CHOICE, *((choice, choice) for choice in custom.choices)], **common)
    return forms.CharField(max_length=500, **common)


def _json_value(value: Any) -> Any:
    return value if isinstance(value, (str, bool, type(None))) else str(value)


class ContactPointForm(TrimmedDataMixin, forms.ModelForm):
    """A further address or number."""

    class Meta:
        model = ContactPoint
        fields = ["kind", "value", "label"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind, value = data.get("kind"), data.get("value", "")
        try:
            if kind == ContactKind.PHONE and value:
                data["value"] = PhoneField().clean(value)
            elif kind == ContactKind.EMAIL and value:
                data["value"] = EmailAddressField().clean(value)
        except ValidationError as error:
            self.add_error("value", error)
        return data


class ImportantDateForm(TrimmedDataMixin, forms.ModelForm):
    """A day that comes back every year."""

    class Meta:
        model = ImportantDate
        fields = ["name", "month", "day", "year", "calendar"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        parts = data.get("month"), data.get("day"), data.get("year"), data.get("calendar", "")
        if "month" in data and "day" in data and (problem := birthday_checks.birthday_error(*parts)):
            self.add_error("day", problem)
        return data


class ExternalIdForm(TrimmedDataMixin, forms.Form):
    """The customer's id in another system."""

    source = forms.CharField(label=gettext_lazy("System"), max_length=40)
    value = forms.CharField(label=gettext_lazy("Id there"), max_length=120)

    def clean_value(self) -> str:
        value = str(self.cleaned_data["value"])
        if plain_text.has_hidden_character(value):
            raise ValidationError(_("An invisible character stands inside."))
        return value


class InteractionForm(forms.Form):
    """What happened with the customer: a call, a visit, a chat, a note."""

    kind = forms.ChoiceField(choices=InteractionKind.choices, initial=InteractionKind.NOTE)
    text = forms.CharField(max_length=5000, widget=forms.Textarea)


class TaskForm(forms.Form):
    """Something to do for the customer."""

    title = forms.CharField(label=gettext_lazy("What to do"), max_length=200)
    due_on = forms.DateField(
        label=gettext_lazy("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class CustomerTagsForm(TrimmedDataMixin, forms.Form):
    """All tags of a customer."""

    tags = CommaListField(required=False, max_length=2000)


class TaskFinishForm(forms.Form):
    """How a task ended."""

    result = forms.CharField(required=False, max_length=2000)
    dropped = forms.BooleanField(required=False)


def get_customer_by_text(text: str, user: User) -> Customer:
    """The customer whom a line of a form means (e-mail address, phone number or id), inside the user's scope.

    Nobody, or several, is refused with ValidationError.
    """
    try:
        return customer_lookup.find_visible_customer(text, user)
    except customer_lookup.CustomerNotFound as refusal:
        raise ValidationError(str(refusal)) from refusal
