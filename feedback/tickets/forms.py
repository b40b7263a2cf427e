"""Forms of tickets: the help page, messages, and every change that staff make."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.auth.models import User
from crm.kernel.ui.trimmed_forms import TrimmedDataMixin
from customers.profiles.contact_fields import EmailAddressField
from customers.profiles.forms import get_customer_by_text
from customers.profiles.models import Customer
from feedback.tickets import selectors
from feedback.tickets.choices import TicketChannel, TicketPriority
from feedback.tickets.models import Ticket
from feedback.tickets.rules import NEXT_STATES
from feedback.tickets.ticket_messages import LONGEST_BODY


def with_page_token(kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a form with a token of this page: whoever sends the page twice sends one thing."""
    return {**kwargs, "initial": {"once": secrets.token_hex(8), **(kwargs.get("initial") or {})}}


class HelpForm(TrimmedDataMixin, forms.Form):
    """A stranger's request: four fields, and one that only machines fill in."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = EmailAddressField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    subject = forms.CharField(label=_("What is it about?"), max_length=200)
    message = forms.CharField(
        label=_("Your message"), max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 6}), strip=True
    )
    once = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **with_page_token(kwargs))

    @property
    def is_machine(self) -> bool:
        return bool(self.cleaned_data.get("website"))


class TicketMessageForm(forms.Form):
    """A message of a ticket: a reply, a note, or what the customer adds."""

    body = forms.CharField(label=_("Your message"), max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 4}))


class PortalMessageForm(TicketMessageForm):
    """What the customer adds on the own page."""

    once = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **with_page_token(kwargs))


class TicketReplyForm(TicketMessageForm):
    """A reply, with the last message that its writer had read."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    solve = forms.BooleanField(required=False)


class TicketAssignForm(forms.Form):
    assignee = forms.ModelChoiceField(
        label=_("Assigned to"),
        queryset=User.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("Nobody"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = selectors.ticket_agents()  # type: ignore[attr-defined]


class TicketPriorityForm(forms.Form):
    priority = forms.TypedChoiceField(label=_("Priority"), choices=TicketPriority.choices, coerce=int)


class TicketStateForm(forms.Form):
    """Only the states that the ticket may go to."""

    state = forms.ChoiceField(label=_("State"))

    def __init__(self, ticket: Ticket, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = (ticket.state, ticket.get_state_display())
        names = dict(Ticket._meta.get_field("state").choices or ())
        self.fields["state"].choices = [current, *((state, names[state]) for state in NEXT_STATES[ticket.state])]  # type: ignore[attr-defined]


class NewTicketForm(forms.Form):
    """A request that staff write down: who, about what, by which channel."""

    customer = forms.CharField(
        label=_("Customer"),
        max_length=254,
        help_text=_("E-mail address, phone number or customer id; leave it empty for a stranger."),
        required=False,
    )
    contact_name = forms.CharField(label=_("Name of the stranger"), max_length=150, required=False)
    contact_email = EmailAddressField(label=_("E-mail address of the stranger"), required=False)
    channel = forms.ChoiceField(
        label=_("By which way"),
        choices=[
            (TicketChannel.PHONE.value, TicketChannel.PHONE.label),
            (TicketChannel.EMAIL.value, TicketChannel.EMAIL.label),
            (TicketChannel.CHAT.value, TicketChannel.CHAT.label),
        ],
    )
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("What the customer says"), max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 6})
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=TicketPriority.choices, coerce=int, initial=TicketPriority.NORMAL
    )
    once = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **with_page_token(kwargs))
        self.user = user

    def clean_customer(self) -> Customer | None:
        """One customer whom the user may see, or nobody."""
        text = self.cleaned_data["customer"].strip()
        return get_customer_by_text(text, self.user) if text else None


class TicketCustomerForm(forms.Form):
    """Whose ticket it is."""

    customer = forms.CharField(label=_("Customer"), max_length=254)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_customer(self) -> Customer:
        return get_customer_by_text(self.cleaned_data["customer"].strip(), self.user)
