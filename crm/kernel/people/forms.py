"""A person's own page."""

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import User

NO_PLACES = ("Etc/", "SystemV/", "posix/", "right/")


def zones() -> list[str]:
    """Zones named for a place, and UTC."""
    named = (zone for zone in available_timezones() if "/" in zone and not zone.startswith(NO_PLACES))
    return ["UTC", *sorted(named)]


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, language, zone, appearance."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in zones()],
        help_text=_("Times on every page are shown in this zone."),
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "theme", "density", "shortcuts"]
        help_texts = {
            "density": _("How tall the rows of lists are."),
            "shortcuts": _("Press ? anywhere to see them."),
        }
