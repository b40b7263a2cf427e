"""QR codes, rates, discounts, signed points and explained entries for the pages of loyalty."""

import segno
from django import template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from crm.kernel import money
from crm.kernel.ui.components import render_component
from loyalty.points import explanations
from loyalty.points.earning_kinds import registry as earning_kinds
from loyalty.points.models import EarningRule, LedgerEntry
from loyalty.rewards import coupons
from loyalty.rewards.models import Coupon, Reward
from loyalty.rewards.reward_kinds import registry as reward_kinds

register = template.Library()
INK = "#0b1a15"


@register.simple_tag
def qr(text: str, label: str) -> SafeString:
    """A QR code as inline SVG, black on white in every theme."""
    drawn = segno.make(text, micro=False).svg_inline(border=0, omitsize=True, dark=INK, svgclass=None, lineclass=None)
    return render_component("qr", label=label, drawn=mark_safe(drawn))


@register.filter
def signed(points: int) -> str:
    """`+402`, `−800`, 0."""
    number = money.format_number(abs(points), translation.get_language() or "en")
    return f"+{number}" if points > 0 else f"−{number}" if points < 0 else number


@register.filter
def discount(coupon: Coupon) -> str:
    """What a coupon takes off: `¥20 off`, `10% off`."""
    return coupons.discount_text(coupon)


@register.filter
def benefit(reward: Reward) -> str:
    """What a reward gives, in the words of its kind."""
    return reward_kinds.get_reward_kind(reward.kind).benefit_text(reward)


@register.filter
def reward_icon(reward: Reward) -> str:
    """The icon of a reward's kind."""
    return reward_kinds.get_reward_kind(reward.kind).icon


@register.filter
def rate_text(rule: EarningRule) -> str:
    """By what rate a rule earns, in the words of its kind."""
    return earning_kinds.get_earning_kind(rule.kind).rate_text(rule)


@register.filter
def entry_title(entry: LedgerEntry) -> str:
    """What happened, in a few words."""
    return explanations.entry_title(entry)


@register.filter
def entry_explanation(entry: LedgerEntry) -> str:
    """The whole reasoning of an entry, for staff."""
    return explanations.explain_entry(entry)


@register.filter
def member_explanation(entry: LedgerEntry) -> str:
    """The line under the title, for the member."""
    return explanations.member_explanation(entry)
