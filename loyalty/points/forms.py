"""The form of an earning rule, and what the forms of loyalty share."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.points.choices import ExpiryMode
from loyalty.points.earning_kinds import registry
from loyalty.points.models import EarningRule

FIELD_LANGUAGES = {"en": "en", "hans": "zh-hans", "hant": "zh-hant"}  # the ending of a field's name → language
COMMON_RULE_FIELDS = ("points", "rounding", "expiry_mode", "expiry_months", "expiry_date", "reinstate_days")


class TermsForm(forms.ModelForm):
    """A form over stored terms that shows `1.5` where the column keeps `1.5000`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in self.initial.items():
            if isinstance(value, Decimal):
                self.initial[name] = format(value.normalize(), "f")


class EarningRuleForm(TermsForm):
    """The terms of an earning rule; saving them makes its next version.

    It has the fields of every kind to which the rule may change; those that the chosen kind does not use keep their value.
    """

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
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
            "kind", "points", "per", "minimum", "cap", "with_tax", "rounding", "pending_days", "expiry_mode", "expiry_months",
            "expiry_date", "refund_policy", "reinstate_days",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fallback_kind = self.instance.kind
        kinds = registry.interchangeable_kinds(self.fallback_kind)
        offered = {"kind", *COMMON_RULE_FIELDS, *(name for kind in kinds for name in kind.form_fields)}
        for name in self.fields.keys() - offered:
            del self.fields[name]
        kind_field: Any = self.fields["kind"]
        kind_field.choices = [(kind.code, kind.label) for kind in kinds]
        if len(kinds) == 1:
            kind_field.widget = forms.HiddenInput()
        for name in self.fields.keys() - self._used_fields():
            self.fields[name].required = False

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or self.fallback_kind

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("expiry_mode") == ExpiryMode.FIXED_DATE and not cleaned.get("expiry_date"):
            self.add_error("expiry_date", _("Say on which date."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The fields that the chosen kind uses, for `rule_versions.change_earning_rule`."""
        return {name: self.cleaned_data[name] for name in self.fields if name in self._used_fields()}

    def _used_fields(self) -> set[str]:
        codes = {kind.code: kind for kind in registry.interchangeable_kinds(self.fallback_kind)}
        kind = codes.get(self.data.get("kind", ""), codes[self.fallback_kind])
        return {"kind", *COMMON_RULE_FIELDS, *kind.form_fields}
