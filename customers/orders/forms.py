"""Filters of the order list; forms of refunds and exchange rates."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.kernel import money
from crm.kernel.ui.listing.choices import ANY_CHOICE
from crm.kernel.ui.listing.forms import ListFilterForm
from customers.orders import refunds, selectors
from customers.orders.choices import OrderStatus
from customers.orders.models import Order, OrderLine


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
    """Money given back: a sum, or lines, shipping and tax, or both."""

    amount = forms.DecimalField(
        label=_("Amount"), required=False, min_value=Decimal("0.0001"), max_digits=19, decimal_places=4
    )
    lines = forms.MultipleChoiceField(label=_("For lines"), required=False, widget=forms.CheckboxSelectMultiple)
    shipping = forms.DecimalField(
        label=_("Part of it for shipping"), required=False, min_value=0, max_digits=19, decimal_places=4
    )
    tax = forms.DecimalField(
        label=_("Part of it for tax"), required=False, min_value=0, max_digits=19, decimal_places=4
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)
    source_ref = forms.CharField(max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, lines: Sequence[OrderLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.order_lines = order, lines
        language = get_language() or "en"
        left = money.format_money(order.refundable_amount, order.currency, language)
        self.fields["amount"].help_text = _("At most %(left)s. Empty: what is named below.") % {"left": left}
        self.fields["lines"].choices = [  # type: ignore[attr-defined]
            (str(line.pk), f"{line.position}. {line.product.local_name}, {self._paid_text(line, language)}")
            for line in lines
        ]
        if not order.shipping_total:
            del self.fields["shipping"]
        if not order.tax_total:
            del self.fields["tax"]

    def clean(self) -> dict[str, Any]:
        """With the lines as the service takes them; of a single line the sum may be a part."""
        cleaned = super().clean() or {}
        shipping, tax = (cleaned.get(name) or money.ZERO for name in ("shipping", "tax"))
        chosen = [line for line in self.order_lines if str(line.pk) in cleaned.get("lines", ())]
        if not (self.errors or cleaned.get("amount") or chosen or shipping or tax):
            self.add_error("amount", _("Say how much, or for what."))
        of_line = None
        if cleaned.get("amount") and len(chosen) == 1:
            paid = refunds.paid_for_line(self.order, chosen[0])
            of_line = min(cleaned["amount"] - shipping - tax, paid)
        refunded_lines = [refunds.RefundedLine(line, of_line) for line in chosen]
        return {**cleaned, "lines": refunded_lines, "shipping": shipping, "tax": tax}

    def _paid_text(self, line: OrderLine, language: str) -> str:
        return money.format_money(refunds.paid_for_line(self.order, line), self.order.currency, language)
