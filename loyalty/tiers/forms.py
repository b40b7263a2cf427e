"""The form of a tier."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.points.forms import FIELD_LANGUAGES, TermsForm
from loyalty.tiers.models import Tier


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
