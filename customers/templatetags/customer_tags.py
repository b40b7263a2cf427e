"""Template tags of customers: their facts, contact data as far as the reader may see it, yearly days, order states."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel.templatetags import ui
from crm.kernel.ui.components import render_component
from customers.orders.choices import OrderStatus
from customers.orders.models import Refund
from customers.profiles import contact_masks, phones
from customers.profiles.choices import BirthdayCalendar, ContactKind
from customers.workspace import list_columns

register = template.Library()
NOTHING = "–"


@register.simple_tag
def fact(row: Any, kind: str) -> Any:
    """One fact of a row that carries `fact_list`; nothing where it is not known."""
    cell = list_columns.fact_cell(row, kind)
    return cell if cell != list_columns.NOTHING else SafeString("")


@register.filter
def name_lang(row: Any) -> str:
    """For `lang` on a customer's name."""
    return list_columns.name_language(row)


@register.filter
def own_language(row: Any) -> str:
    """The customer's language by its own name."""
    return ui.OWN_NAMES.get(row.language, row.language)


@register.simple_tag
def phone_of(customer: Any, full: bool) -> str:
    """The phone, masked for who may not see contact data."""
    return (phones.format_phone(customer.phone) if full else contact_masks.mask_phone(customer.phone)) or NOTHING


@register.simple_tag
def email_of(customer: Any, full: bool) -> str:
    """The e-mail address, masked for who may not see contact data; a link to write where it may be seen."""
    if not customer.email:
        return NOTHING
    if not full:
        return contact_masks.mask_email(customer.email)
    return mail_link(customer.email)


@register.filter
def mail_link(address: str) -> SafeString:
    """A link to write to an address, which may break before its @ and nowhere else where it can be helped."""
    local, _at, domain = address.partition("@")
    return render_component("mail_link", address=address, local=local, domain=domain)


@register.simple_tag
def contact_value(point: Any, full: bool) -> str:
    """A further contact, masked likewise."""
    if point.kind == ContactKind.PHONE:
        return phones.format_phone(point.value) if full else contact_masks.mask_phone(point.value)
    if point.kind == ContactKind.EMAIL:
        return point.value if full else contact_masks.mask_email(point.value)
    return point.value if full else "•••"


@register.simple_tag
def yearly(month: int, day: int, year: int | None, calendar: str) -> str:
    """A day of the year as the reader's language writes it; a lunar one says so."""
    english = (get_language() or "en") == "en"
    if english:
        names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
        plain = str(month) if calendar == BirthdayCalendar.LUNAR else names[month - 1]
        written = (
            f"{day}/{plain}" if calendar == BirthdayCalendar.LUNAR else f"{day} {plain}" + (f" {year}" if year else "")
        )
    else:
        written = (f"{year}年" if year else "") + f"{month}月{day}日"
    return _("%(day)s, lunar") % {"day": written} if calendar == BirthdayCalendar.LUNAR else written


@register.simple_tag
def order_status(order: Any) -> SafeString:
    """The order's state as a badge; it says where all was given back, and why the order does not count yet."""
    if order.status == OrderStatus.CANCELLED:
        return ui.badge(order.get_status_display(), "bad", "x-circle")
    if order.refunded_total and not order.refundable_amount:
        return ui.badge(_("Refunded"), "warn", "arrow-return-left")
    if order.status == OrderStatus.PLACED:
        return ui.badge(_("Not paid yet"), "warn", "hourglass-split")
    if not order.rate_is_known:
        return ui.badge(_("Waiting for a rate"), "warn", "hourglass-split")
    return ui.badge(order.get_status_display(), "good" if order.status == OrderStatus.DELIVERED else "")


@register.filter
def refund_parts(refund: Refund) -> list[str]:
    """What money was given back for: lines by their product, other goods, gift cards, shipping, tax."""
    lines = list(refund.lines.all())
    named = sum(line.amount for line in lines if not line.product.is_gift_card)
    parts = [
        (_("Goods"), refund.goods_amount - named),
        (_("Gift cards"), refund.gift_card_amount - sum(line.amount for line in lines if line.product.is_gift_card)),
        (_("Shipping"), refund.shipping_amount),
        (_("Tax"), refund.tax_amount),
    ]
    return [line.product.local_name for line in lines] + [str(name) for name, amount in parts if amount > 0]


@register.filter
def words(value: Any) -> str:
    """A field's value as text: lists with commas, nothing as a dash."""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or NOTHING
    return NOTHING if value in (None, "") else str(value)
