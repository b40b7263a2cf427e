"""Filters of the order list; forms of refunds and exchange rates."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.ui.listing.choices import ANY_CHOICE
from crm.kernel.ui.listing.forms import ListFilterForm
from customers.orders import selectors
from customers.orders.choices import OrderStatus


def _date_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "aria-label": label}, format="%Y-%m-%d"),
    )


class OrderFilter(ListFilterForm):
    """The filters of the order list."""

    q = forms.CharField(label=_("Number"), required=False, max_length=80)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[ANY_CHOICE, *OrderStatus.choices])
    channel = forms.CharField(label=_("Channel"), required=False, max_length=40)
    store = forms.CharField(label=_("Store"), required=False, max_length=80)
    placed_from, placed_to = _date_field(_("Placed from")), _date_field(_("Placed until"))
    customer = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    product = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)

    def with_choices(self) -> "OrderFilter":
        """The form with the channels and stores that orders have."""
        for name, values in (("channel", selectors.order_channels()), ("store", selectors.order_stores())):
            self.fields[name].widget = forms.Select(choices=[ANY_CHOICE, *((value, value) for value in values)])
        return self


class ExchangeRateForm(forms.Form):
    """What a unit of a currency is worth from a day on."""

    currency = forms.CharField(
        label=_("Currency"), min_length=3, max_length=3, widget=forms.TextInput(attrs={"autocapitalize": "characters"})
    )
    day = forms.DateField(
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("It holds until the next one."),
    )
    rate = forms.DecimalField(label=_("Rate"), max_digits=18, decimal_places=8)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class RefundForm(forms.Form):
    """Money given back for goods of an order."""

    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.0001"), max_digits=19, decimal_places=4)
    line = forms.ChoiceField(label=_("For"), required=False)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)
    source_ref = forms.CharField(max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole_order = ("", _("The whole order"))
        choices = [whole_order, *((str(line.pk), f"{line.position}. {line.product.name}") for line in lines)]
        self.fields["line"].choices = choices  # type: ignore[attr-defined]
