"""A person's own page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.people import zones
from crm.kernel.people.models import User


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, language, zone, appearance."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones.choices,
        help_text=_("Times on every page are shown in this zone."),
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "theme", "density", "shortcuts"]
        help_texts = {
            "density": _("How tall the rows of lists are."),
            "shortcuts": _("Press ? anywhere to see them."),
        }
