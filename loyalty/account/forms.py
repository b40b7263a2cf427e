"""Forms of the members list and of one member's page."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.time import periods


def new_form_key() -> str:
    return uuid.uuid4().hex


class AdjustPointsForm(forms.Form):
    """Points to give or to take, and why."""

    points = forms.IntegerField(
        label=_("Points"), min_value=-(10**9), max_value=10**9, help_text=_("With a minus to take points away.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The member sees it in the history."))
    key = forms.CharField(max_length=40, widget=forms.HiddenInput, initial=new_form_key)


class RedeemRewardForm(forms.Form):
    """The reward that the member wants."""

    reward = forms.CharField(max_length=24, widget=forms.HiddenInput)
    key = forms.CharField(max_length=40, widget=forms.HiddenInput, initial=new_form_key)


class UndoAdjustmentForm(forms.Form):
    """Which correction is taken back, and why."""

    entry = forms.IntegerField(min_value=1, max_value=2**62)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class MemberFilterForm(forms.Form):
    """The filters of the members list; invalid ones are left out."""

    q = forms.CharField(required=False, max_length=100)
    tier = forms.SlugField(required=False, max_length=40)
    ends = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", required=False)

    def chosen_filters(self) -> dict[str, Any]:
        """The filters that are set: `q`, `tier` (code), `ends` (the first of a month)."""
        self.is_valid()
        filters = {name: value for name, value in self.cleaned_data.items() if value}
        if "ends" in filters:
            try:
                filters["ends"] = periods.parse_day(f"{filters['ends']}-01", "ends")
            except periods.BadPeriod:
                del filters["ends"]
        return filters
