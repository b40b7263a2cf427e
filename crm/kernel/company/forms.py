"""A form for any group of settings, made from its fields: type, default, name, meaning."""

import dataclasses
from datetime import date, time
from decimal import Decimal
from typing import Any

from babel import Locale
from django import forms
from django.conf import settings
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel.time import zones
from crm.kernel.ui.languages import babel_locale

CURRENCIES = ("CNY", "HKD", "TWD", "MOP", "SGD", "MYR", "JPY", "KRW", "THB", "USD", "EUR", "GBP", "AUD", "CAD")
MULTILINE_SETTINGS, CHOICE_SETTINGS = {"postal_address"}, {"time_zone", "base_currency", "language"}


def build_settings_form(group: type, values: Any, data: Any = None) -> forms.Form:
    """The form of a group with its saved values; posted data is checked by type."""
    fields = {field.name: _form_field(field) for field in dataclasses.fields(group)}
    initial = {name: getattr(values, name) for name in fields}
    made: type[forms.Form] = type(f"{group.__name__}Form", (forms.Form,), fields)
    return made(data, initial=initial)


def _form_field(field: "dataclasses.Field[Any]") -> forms.Field:
    common = {
        "label": field.metadata.get("label", field.name),
        "help_text": _help_text(field),
        "required": field.default is not True and field.default is not False and field.default != "",
    }
    if choices := _setting_choices(field.name):
        return forms.ChoiceField(choices=choices, **common)
    return _field_by_type(field.name, field.default, common)


def _field_by_type(name: str, default: Any, common: dict[str, Any]) -> forms.Field:
    if isinstance(default, bool):
        return forms.BooleanField(**common)
    if isinstance(default, int):
        return forms.IntegerField(min_value=0, max_value=1_000_000_000, **common)
    if isinstance(default, Decimal):
        return forms.DecimalField(min_value=0, max_digits=19, decimal_places=4, **common)
    if isinstance(default, time):
        return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **common)
    if isinstance(default, date):
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    widget = forms.Textarea(attrs={"rows": 2}) if name in MULTILINE_SETTINGS else forms.TextInput()
    return forms.CharField(max_length=500, widget=widget, **common)


def _setting_choices(name: str) -> list[tuple[str, str]]:
    """The values that a setting may have, where they are few."""
    locale = Locale.parse(babel_locale(get_language() or "en"))
    if name == "time_zone":
        return zones.zone_choices()
    if name == "base_currency":
        return [(code, f"{code} {locale.currencies.get(code, '')}".strip()) for code in CURRENCIES]
    if name == "language":
        return [(code, str(text)) for code, text in settings.LANGUAGES]
    return []


def _help_text(field: "dataclasses.Field[Any]") -> str:
    """What it means, and what holds while nobody has set it."""
    meaning, default = escape(field.metadata.get("meaning", "")), field.default
    if isinstance(default, bool) or default == "" or field.name in CHOICE_SETTINGS:
        return meaning
    shown = default.strftime("%H:%M") if isinstance(default, time) else default
    said = escape(_("Default: %(value)s.") % {"value": shown})
    return _("%(meaning)s %(default)s") % {"meaning": meaning, "default": said} if meaning else said
