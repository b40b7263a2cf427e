"""How the audit log is narrowed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.auth.models import User
from crm.kernel.ui.listing.choices import ANY_CHOICE
from crm.kernel.ui.listing.forms import ListFilterForm


class AuditFilterForm(ListFilterForm):
    """An act by the beginning of its name, a person, a day."""

    action = forms.CharField(label=_("Act"), required=False, max_length=60)
    person = forms.ModelChoiceField(
        User.objects.order_by("name", "pk"),
        label=_("Person"),
        required=False,
        to_field_name="public_id",
        empty_label=ANY_CHOICE[1],
    )
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
