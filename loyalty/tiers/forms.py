"""Tiers and earning rules as staff type them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.points.choices import ExpiryMode
from loyalty.points.forms import TermsForm
from loyalty.points.models import EarningRule
from loyalty.tiers.models import Tier

FIELD_LANGUAGES = {"en": "en", "hans": "zh-hans", "hant": "zh-hant"}


class TierForm(TermsForm):
    """Thresholds, rate, service and names of a tier."""

    name_en = forms.CharField(label=gettext_lazy("Name, English"), max_length=40)
    name_hans = forms.CharField(label=gettext_lazy("Name, simplified Chinese"), max_length=40)
    name_hant = forms.CharField(label=gettext_lazy("Name, traditional Chinese"), max_length=40)
    enter_at = forms.DecimalField(label=gettext_lazy("Spend to reach it"), min_value=0, max_digits=15, decimal_places=2)
    keep_at = forms.DecimalField(label=gettext_lazy("Spend to keep it"), min_value=0, max_digits=15, decimal_places=2)
    multiplier = forms.DecimalField(
        label=gettext_lazy("Times the points"), min_value=0.01, max_value=100, max_digits=5, decimal_places=2
    )
    ramp = forms.TypedChoiceField(
        label=gettext_lazy("Colour"),
        coerce=int,
        choices=[
            (1, gettext_lazy("Green")),
            (2, gettext_lazy("Silver")),
            (3, gettext_lazy("Gold")),
            (4, gettext_lazy("Black")),
        ],
    )

    class Meta:
        model = Tier
        fields = ["enter_at", "keep_at", "multiplier", "service_level", "ramp"]

    field_order = ["name_en", "name_hans", "name_hant", "enter_at", "keep_at", "multiplier", "service_level", "ramp"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            f"name_{short}": kwargs["instance"].names.get(code, "") for short, code in FIELD_LANGUAGES.items()
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("keep_at", 0) > cleaned.get("enter_at", 0):
            self.add_error("keep_at", _("Keeping a tier cannot need more than reaching it."))
        return cleaned

    def values(self) -> dict[str, Any]:
        names = {code: self.cleaned_data[f"name_{short}"] for short, code in FIELD_LANGUAGES.items()}
        return {**{name: self.cleaned_data[name] for name in self.Meta.fields}, "names": names}


class EarningRuleForm(TermsForm):
    """The terms of an earning rule; saving them makes its next version."""

    points = forms.DecimalField(label=gettext_lazy("Points"), min_value=0, max_digits=12, decimal_places=4)
    per = forms.DecimalField(
        label=gettext_lazy("For each"),
        min_value=0.0001,
        max_digits=12,
        decimal_places=4,
        help_text=gettext_lazy("In the base currency."),
    )
    minimum = forms.DecimalField(label=gettext_lazy("Minimum spend"), min_value=0, max_digits=15, decimal_places=2)
    cap = forms.IntegerField(
        label=gettext_lazy("At most per order"),
        min_value=1,
        max_value=10**9,
        required=False,
        help_text=gettext_lazy("Empty: no limit."),
    )
    pending_days = forms.IntegerField(
        label=gettext_lazy("Days until points can be used"),
        min_value=0,
        max_value=365,
        help_text=gettext_lazy("The return window."),
    )
    expiry_months = forms.IntegerField(label=gettext_lazy("Months until they expire"), min_value=0, max_value=120)
    expiry_date = forms.DateField(
        label=gettext_lazy("Expiry date"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    reinstate_days = forms.IntegerField(
        label=gettext_lazy("Days in which expired points come back after a refund"), min_value=0, max_value=3650
    )

    class Meta:
        model = EarningRule
        fields = [
            "points", "per", "minimum", "cap", "with_tax", "rounding", "pending_days", "expiry_mode", "expiry_months", "expiry_date",
            "refund_policy", "reinstate_days",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("expiry_mode") == ExpiryMode.FIXED_DATE and not cleaned.get("expiry_date"):
            self.add_error("expiry_date", _("Say on which date."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
