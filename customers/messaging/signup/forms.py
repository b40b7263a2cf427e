"""The form on which strangers agree to mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.ui.trimmed_forms import TrimmedDataMixin
from customers.messaging.choices import MessageTopic
from customers.profiles.contact_fields import EmailAddressField

SIGNUP_TOPICS = (MessageTopic.PROMOTIONS, MessageTopic.NEWS, MessageTopic.CARE)


class SignupForm(TrimmedDataMixin, forms.Form):
    """Who signs up, and for what; `website` is filled in by machines only."""

    name = forms.CharField(
        label=_("Your name"), max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = EmailAddressField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    topics = forms.MultipleChoiceField(
        choices=[(topic.value, topic.label) for topic in SIGNUP_TOPICS],
        error_messages={"required": _("Choose at least one.")},
    )
    website = forms.CharField(required=False)

    @property
    def is_machine(self) -> bool:
        return bool(self.cleaned_data.get("website"))
