"""Forms of messages, suppression, consent and templates."""

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.kernel.ui.listing.choices import ANY_CHOICE
from crm.kernel.ui.listing.forms import ListFilterForm
from customers.messaging.choices import MessageChannel, MessagePurpose, MessageState, MessageTopic


class MessageFilter(ListFilterForm):
    """The filters of the list of messages."""

    q = forms.CharField(label=_("Customer or subject"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ANY_CHOICE, *MessageState.choices])
    purpose = forms.ChoiceField(label=_("Purpose"), required=False, choices=[ANY_CHOICE, *MessagePurpose.choices])
    source = forms.CharField(required=False, max_length=110, widget=forms.HiddenInput)


class SettleMessageForm(forms.Form):
    """What a member of staff decides about a message of unknown fate, and why."""

    what = forms.ChoiceField(choices=[("sent", _("It has arrived")), ("again", _("Send it again"))])
    reason = forms.CharField(label=_("How do you know?"), max_length=300)


class WriteMailForm(forms.Form):
    """One mail to one customer."""

    subject = forms.CharField(label=_("Subject"), max_length=250)
    text = forms.CharField(
        label=_("Text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Markdown works: **bold**, [words](https://…), lists."),
    )
    topic = forms.ChoiceField(
        label=_("Kind of message"),
        choices=MessageTopic.choices,
        help_text=_("Anything but service needs the customer's consent."),
    )
    once = forms.CharField(max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"once": secrets.token_hex(8), "topic": MessageTopic.SERVICE})
        super().__init__(*args, **kwargs)


class SuppressionForm(forms.Form):
    """An address that gets nothing more."""

    address = forms.CharField(label=_("Address"), max_length=320)
    channel = forms.ChoiceField(label=_("Channel"), choices=MessageChannel.choices)
    source = forms.CharField(label=_("Reason"), max_length=40, help_text=_("A few words: who asked, and how."))


class LiftForm(forms.Form):
    """Why an address may be written to again."""

    because = forms.CharField(
        label=_("Why may mail go there again?"),
        max_length=200,
        help_text=_("For example: the person wrote from this address, or the mail server was set up wrongly."),
    )


class ConsentForm(forms.Form):
    """What a customer said to staff about one topic."""

    channel = forms.ChoiceField(choices=MessageChannel.choices)
    topic = forms.ChoiceField(choices=MessageTopic.choices)
    given = forms.TypedChoiceField(choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1")


class TemplateForm(forms.Form):
    """The texts of a template, one pair of fields per language."""

    key = forms.SlugField(
        label=_("Key"), max_length=60, help_text=_("Small letters and hyphens; programmes name the template by it.")
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=[(p, p.label) for p in (MessagePurpose.CARE, MessagePurpose.SURVEY, MessagePurpose.TRANSACTIONAL)],
    )
    topic = forms.ChoiceField(label=_("Kind of message"), choices=MessageTopic.choices)

    def __init__(self, *args: Any, declared: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, _name in settings.LANGUAGES:
            self.fields[f"subject_{code}"] = forms.CharField(label=_("Subject"), required=False, max_length=250)
            area = forms.Textarea(attrs={"rows": 12, "class": "eg-template-text"})
            self.fields[f"body_{code}"] = forms.CharField(
                label=_("Text"), required=False, max_length=64_000, widget=area
            )
        if declared:
            for name in ("key", "name", "purpose", "topic"):
                del self.fields[name]

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        """Language → subject and body."""
        return {
            code: {"subject": self.cleaned_data[f"subject_{code}"], "body": self.cleaned_data[f"body_{code}"]}
            for code, _name in settings.LANGUAGES
        }


class TemplatePreviewForm(forms.Form):
    """The customer and the language that a template is previewed with."""

    customer = forms.CharField(max_length=24, required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES)
