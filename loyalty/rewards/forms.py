"""The reward as staff type it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.points.forms import TermsForm
from loyalty.rewards.choices import DiscountKind
from loyalty.rewards.models import Reward

FIELD_LANGUAGES = {"en": "en", "hans": "zh-hans", "hant": "zh-hant"}


class RewardForm(TermsForm):
    """Names in three languages, price, stock, limits and what the coupon gives."""

    name_en = forms.CharField(label=gettext_lazy("Name, English"), max_length=80)
    name_hans = forms.CharField(label=gettext_lazy("Name, simplified Chinese"), max_length=80)
    name_hant = forms.CharField(label=gettext_lazy("Name, traditional Chinese"), max_length=80)
    detail_en = forms.CharField(label=gettext_lazy("Conditions, English"), max_length=200, required=False)
    detail_hans = forms.CharField(label=gettext_lazy("Conditions, simplified Chinese"), max_length=200, required=False)
    detail_hant = forms.CharField(label=gettext_lazy("Conditions, traditional Chinese"), max_length=200, required=False)
    price = forms.IntegerField(label=gettext_lazy("Price in points"), min_value=1, max_value=10**9)
    stock = forms.IntegerField(
        label=gettext_lazy("Stock"),
        min_value=0,
        max_value=10**9,
        required=False,
        help_text=gettext_lazy("Empty: no limit."),
    )
    per_member = forms.IntegerField(
        label=gettext_lazy("At most per member"),
        min_value=1,
        max_value=10**6,
        required=False,
        help_text=gettext_lazy("Empty: no limit."),
    )
    tier_rank = forms.TypedChoiceField(label=gettext_lazy("For tiers from"), coerce=int)
    value = forms.DecimalField(label=gettext_lazy("Value"), min_value=0.01, max_digits=12, decimal_places=2)
    minimum = forms.DecimalField(label=gettext_lazy("Minimum spend"), min_value=0, max_digits=15, decimal_places=2)
    valid_days = forms.IntegerField(label=gettext_lazy("Days the coupon is valid"), min_value=1, max_value=3650)

    class Meta:
        model = Reward
        fields = [
            "price",
            "stock",
            "per_member",
            "tier_rank",
            "discount",
            "value",
            "minimum",
            "valid_days",
            "unit_cost",
            "active",
        ]

    field_order = [
        "name_en", "name_hans", "name_hant", "detail_en", "detail_hans", "detail_hant", "price", "stock", "per_member", "tier_rank",
        "discount", "value", "minimum", "valid_days", "unit_cost", "active",
    ]  # fmt: skip

    def __init__(self, *args: Any, tiers: list[Any], **kwargs: Any) -> None:
        reward: Reward | None = kwargs.get("instance")
        if reward is not None:
            kwargs["initial"] = {
                **{f"name_{short}": reward.names.get(code, "") for short, code in FIELD_LANGUAGES.items()},
                **{f"detail_{short}": reward.details.get(code, "") for short, code in FIELD_LANGUAGES.items()},
            }
        super().__init__(*args, **kwargs)
        rank: Any = self.fields["tier_rank"]
        rank.choices = [(0, _("Everybody")), *((tier.rank, tier.name) for tier in tiers[1:])]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("discount") == DiscountKind.PERCENT and cleaned.get("value", 0) > 100:
            self.add_error("value", _("At most 100 per cent."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the catalogue keeps."""
        names = {code: self.cleaned_data[f"name_{short}"] for short, code in FIELD_LANGUAGES.items()}
        details = {code: self.cleaned_data[f"detail_{short}"] for short, code in FIELD_LANGUAGES.items()}
        return {**{name: self.cleaned_data[name] for name in self.Meta.fields}, "names": names, "details": details}
