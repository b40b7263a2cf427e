"""A person's own page; what an administrator says of people and teams."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.auth.choices import RecordScope
from crm.kernel.auth.models import Team, User
from crm.kernel.time import zones


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, language, zone, appearance."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones.zone_choices,
        help_text=_("Times on every page are shown in this zone."),
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "theme", "density", "shortcuts"]
        labels = {"name": _("Full name")}
        help_texts = {
            "density": _("How tall the rows of lists are."),
            "shortcuts": _("Press ? anywhere to see them."),
        }


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who somebody is and what he may do."""

    class Meta:
        model = User
        fields = ["name", "email", "role", "scope", "team", "language", "is_active"]
        labels = {"name": _("Full name")}
        help_texts = {
            "email": _("For signing in."),
            "scope": _("Which customers and tickets this person sees."),
            "is_active": _("Off: signed out at once, and all that was done stays in the history."),
        }

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Somebody has this address already."))
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("scope") == RecordScope.TEAM and not cleaned.get("team"):
            self.add_error("team", _("Choose the team whose records this person sees."))
        return cleaned


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    """A team's name."""

    class Meta:
        model = Team
        fields = ["name"]
