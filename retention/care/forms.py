"""What staff type on the pages of care."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.ui.languages import LANGUAGE_CODES
from customers.messaging.content import template_catalog, template_language
from loyalty.rewards.choices import DiscountKind
from retention.care.choices import LapseMode, LeapDay, ProgramKind
from retention.care.message_variables import PROGRAM_VARIABLES
from retention.care.models import CareProgram
from retention.care.trigger_settings import SETTINGS_CLASSES, TriggerSettings

LANGUAGE_NAMES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}


class ProgramSettingsForm(forms.Form):
    """The settings that every kind has; the holdout stands beside them."""

    holdout_percent = forms.IntegerField(label=gettext_lazy("Holdout, per cent"), min_value=0, max_value=50)
    send_hour = forms.IntegerField(
        label=gettext_lazy("Sending hour"),
        help_text=gettext_lazy("In the customer's own time zone."),
        min_value=0,
        max_value=23,
    )
    close_hour = forms.IntegerField(
        label=gettext_lazy("Not after"),
        help_text=gettext_lazy("Who turns up later that day gets nothing."),
        min_value=1,
        max_value=23,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "send_hour" in cleaned and "close_hour" in cleaned and cleaned["close_hour"] <= cleaned["send_hour"]:
            self.add_error("close_hour", _("Must come after the sending hour."))
        return cleaned

    @property
    def share(self) -> Decimal:
        return Decimal(self.cleaned_data["holdout_percent"]) / 100

    def settings(self, kind: str) -> TriggerSettings:
        values = {name: value for name, value in self.cleaned_data.items() if name != "holdout_percent"}
        return SETTINGS_CLASSES[kind](**values)


class BirthdaySettingsForm(ProgramSettingsForm):
    catch_up_days = forms.IntegerField(
        label=gettext_lazy("Catch up within days"),
        help_text=gettext_lazy("After a stop, later greetings are left out."),
        min_value=0,
        max_value=14,
    )
    leap_day = forms.ChoiceField(label=gettext_lazy("29 February in common years"), choices=LeapDay.choices)


class PointsExpiringSettingsForm(ProgramSettingsForm):
    days_before = forms.IntegerField(label=gettext_lazy("Days before the points expire"), min_value=1, max_value=90)
    least_points = forms.IntegerField(label=gettext_lazy("From so many points on"), min_value=1, max_value=1_000_000)


class LapsedSettingsForm(ProgramSettingsForm):
    mode = forms.ChoiceField(label=gettext_lazy("Lapsed after"), choices=LapseMode.choices)
    lapse_days = forms.IntegerField(
        label=gettext_lazy("Days without a purchase"),
        help_text=gettext_lazy("Also for customers without a usual gap."),
        min_value=7,
        max_value=730,
    )
    gap_factor = forms.DecimalField(
        label=gettext_lazy("Times the usual gap"),
        min_value=Decimal("1.1"),
        max_value=Decimal(10),
        max_digits=4,
        decimal_places=2,
    )
    within_days = forms.IntegerField(
        label=gettext_lazy("Not later than days after"),
        help_text=gettext_lazy("Who left longer ago is not written to."),
        min_value=1,
        max_value=365,
    )
    coupon = forms.BooleanField(label=gettext_lazy("With a coupon"), required=False)
    coupon_discount = forms.ChoiceField(label=gettext_lazy("Coupon"), choices=DiscountKind.choices)
    coupon_value = forms.DecimalField(
        label=gettext_lazy("Value"), max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    coupon_minimum = forms.DecimalField(
        label=gettext_lazy("Minimum spend"), max_digits=12, decimal_places=2, min_value=Decimal(0)
    )
    coupon_days = forms.IntegerField(label=gettext_lazy("Valid for days"), min_value=1, max_value=365)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("coupon_discount") == DiscountKind.PERCENT and (cleaned.get("coupon_value") or 0) > 100:
            self.add_error("coupon_value", _("At most 100 per cent."))
        return cleaned


SETTINGS_FORMS: dict[str, type[ProgramSettingsForm]] = {
    ProgramKind.BIRTHDAY: BirthdaySettingsForm,
    ProgramKind.EXPIRING: PointsExpiringSettingsForm,
    ProgramKind.LAPSED: LapsedSettingsForm,
}


def build_settings_form(program: CareProgram, data: Any = None) -> ProgramSettingsForm:
    """The form of the programme's kind, filled with what holds now."""
    names = SETTINGS_FORMS[program.kind].base_fields
    initial = {name: getattr(program.settings, name) for name in names if name != "holdout_percent"}
    return SETTINGS_FORMS[program.kind](
        data, initial={**initial, "holdout_percent": round(program.holdout_share * 100)}
    )


class ProgramTextsForm(forms.Form):
    """Subject and body in the three languages; only variables that the programme fills may be used."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.variables = PROGRAM_VARIABLES[kind]
        for code in LANGUAGE_CODES:
            self.fields[f"subject_{code}"] = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
            self.fields[f"body_{code}"] = forms.CharField(
                label=gettext_lazy("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12})
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for code in LANGUAGE_CODES:
            for part in ("subject", "body"):
                self._check(f"{part}_{code}", part, cleaned.get(f"{part}_{code}", ""))
        return cleaned

    def _check(self, field: str, part: str, text: str) -> None:
        unknown = template_catalog.unknown_variables(self.variables, {part: text})
        if unknown:
            self.add_error(field, _("Nobody fills this: %(names)s") % {"names": ", ".join(sorted(unknown))})
        left = template_language.VARIABLE.sub("", text)
        if "{{" in left or "}}" in left or "{%" in left:
            self.add_error(field, _("Write variables as {{ name }}."))

    def texts(self) -> dict[str, dict[str, str]]:
        return {
            code: {part: self.cleaned_data[f"{part}_{code}"] for part in ("subject", "body")} for code in LANGUAGE_CODES
        }

    def languages(self) -> list[dict[str, Any]]:
        """The fields by language, for the page."""
        return [
            {
                "code": code,
                "name": LANGUAGE_NAMES[code],
                "subject": self[f"subject_{code}"],
                "body": self[f"body_{code}"],
            }
            for code in LANGUAGE_CODES
        ]


def build_texts_form(kind: str, texts: dict[str, dict[str, str]], data: Any = None) -> ProgramTextsForm:
    """The texts as they stand."""
    initial = {
        f"{part}_{code}": texts.get(code, {}).get(part, "") for code in LANGUAGE_CODES for part in ("subject", "body")
    }
    return ProgramTextsForm(data, kind=kind, initial=initial)


class ProgramStartForm(forms.Form):
    """What is stated before the start: the smallest effect that counts, in percentage points."""

    smallest_effect = forms.DecimalField(
        label=gettext_lazy("Smallest effect that counts, in percentage points"),
        min_value=Decimal("0.1"), max_value=Decimal(50), max_digits=5, decimal_places=2, required=False,
    )  # fmt: skip

    @property
    def effect(self) -> Decimal | None:
        points: Decimal | None = self.cleaned_data["smallest_effect"]
        return points / 100 if points is not None else None
