"""What an administrator says of a key."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.api.models import ApiKey
from crm.kernel.api.scopes import SCOPES
from crm.kernel.api.services import LONGEST_NAME


class ApiKeyForm(forms.Form):
    """A new key: whose it is, and what it may do."""

    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME, help_text=_("The program that uses it: web shop, till.")
    )
    scopes = forms.MultipleChoiceField(
        label=pgettext_lazy("a key", "May"),
        choices=[(scope, scope) for scope in SCOPES],
        error_messages={"required": _("Choose at least one.")},
    )


class ApiKeyRevokeForm(forms.Form):
    """The name of the key, typed: nobody closes a key by a slip of the hand."""

    name = forms.CharField(label=_("Name of the key"), max_length=120)

    def __init__(self, *args: object, key: ApiKey, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.key = key

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.strip() != self.key.name.strip():
            raise forms.ValidationError(_("This is not its name."))
        return name
