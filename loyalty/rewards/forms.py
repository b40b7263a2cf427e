"""The form of a reward."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.points.forms import FIELD_LANGUAGES, TermsForm
from loyalty.rewards.models import Reward
from loyalty.rewards.reward_kinds import registry
from loyalty.rewards.reward_kinds.registry import RewardKind
from loyalty.tiers.models import Tier

COMMON_REWARD_FIELDS = ("kind", "price", "stock", "per_member", "tier_rank", "value", "unit_cost", "active")


class RewardForm(TermsForm):
    """Names in three languages, price, stock, limits, and the fields of the reward's kind, which is chosen once."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
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
            "kind",
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
        "kind", "name_en", "name_hans", "name_hant", "detail_en", "detail_hans", "detail_hant", "price", "stock", "per_member", "tier_rank",
        "discount", "value", "minimum", "valid_days", "unit_cost", "active",
    ]  # fmt: skip

    def __init__(self, *args: Any, tiers: list[Tier], **kwargs: Any) -> None:
        reward: Reward | None = kwargs.get("instance")
        if reward is not None:
            kwargs["initial"] = {
                **{f"name_{short}": reward.names.get(code, "") for short, code in FIELD_LANGUAGES.items()},
                **{f"detail_{short}": reward.details.get(code, "") for short, code in FIELD_LANGUAGES.items()},
            }
        super().__init__(*args, **kwargs)
        self.kinds = [registry.get_reward_kind(reward.kind)] if reward is not None else registry.reward_kinds()
        self.fallback_kind = self.instance.kind
        self._prepare_kinds()
        rank: Any = self.fields["tier_rank"]
        rank.choices = [(0, _("Everybody")), *((tier.rank, tier.name) for tier in tiers[1:])]

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or self.fallback_kind

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, message in self._chosen_kind().form_errors(cleaned).items():
            self.add_error(name, message)
        return cleaned

    def values(self) -> dict[str, Any]:
        """The fields that the kind uses, for the catalogue."""
        fields = {name: self.cleaned_data[name] for name in (*COMMON_REWARD_FIELDS, *self._chosen_kind().form_fields)}
        names = {code: self.cleaned_data[f"name_{short}"] for short, code in FIELD_LANGUAGES.items()}
        details = {code: self.cleaned_data[f"detail_{short}"] for short, code in FIELD_LANGUAGES.items()}
        return {**fields, "names": names, "details": details}

    def _chosen_kind(self) -> RewardKind:
        kinds = {kind.code: kind for kind in self.kinds}
        return kinds.get(self.data.get("kind", ""), kinds[self.fallback_kind])

    def _prepare_kinds(self) -> None:
        """Offer the fields of every kind on offer; those that the chosen kind does not use may stay empty."""
        kind_field: Any = self.fields["kind"]
        kind_field.choices = [(kind.code, kind.label) for kind in self.kinds]
        if len(self.kinds) == 1:
            kind_field.widget = forms.HiddenInput()
        fields_of_kinds = {name for kind in registry.reward_kinds() for name in kind.form_fields}
        for name in fields_of_kinds - {name for kind in self.kinds for name in kind.form_fields}:
            del self.fields[name]
        for name in (fields_of_kinds & self.fields.keys()) - set(self._chosen_kind().form_fields):
            self.fields[name].required = False
