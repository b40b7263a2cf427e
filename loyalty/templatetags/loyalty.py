"""QR codes, coupon values and signed points for the pages of loyalty."""

from typing import Any

import segno
from django import template
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from crm.kernel import money
from loyalty.points import explanations
from loyalty.points.models import LedgerEntry

register = template.Library()
INK = "#0b1a15"


@register.simple_tag
def qr(text: str, label: str) -> SafeString:
    """A QR code as inline SVG, black on white in every theme."""
    drawn = segno.make(text, micro=False).svg_inline(border=0, omitsize=True, dark=INK, svgclass=None, lineclass=None)
    return format_html('<span role="img" aria-label="{}">{}</span>', label, mark_safe(drawn))


@register.filter
def signed(points: int) -> str:
    """`+402`, `−800`, 0."""
    number = money.format_number(abs(points), translation.get_language() or "en")
    return f"+{number}" if points > 0 else f"−{number}" if points < 0 else number


@register.filter
def discount(coupon: Any) -> str:
    """What a coupon or a reward takes off: `¥20 off`, `10% off`."""
    language = translation.get_language() or "en"
    if coupon.discount == "percent":
        return _("%(rate)s off") % {"rate": money.format_rate(coupon.value / 100, language, 0)}
    return _("%(amount)s off") % {"amount": money.format_money(coupon.value, coupon.currency, language, whole=True)}


@register.filter
def title_of(entry: LedgerEntry) -> str:
    """What happened, in a few words."""
    return explanations.entry_title(entry)


@register.filter
def explained(entry: LedgerEntry) -> str:
    """The whole reasoning of an entry, for staff."""
    return explanations.explain_entry(entry)


@register.filter
def told(entry: LedgerEntry) -> str:
    """The line under the title, for the member."""
    return explanations.member_explanation(entry)
