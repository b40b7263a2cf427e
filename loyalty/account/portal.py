"""The member's own page: by signed link, on a phone, in the member's language."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crm.kernel.auth import access, signed_links
from crm.kernel.time import clock
from crm.kernel.ui.languages import LANGUAGE_CODES
from customers.profiles.models import Customer
from loyalty.account import member_links, selectors
from loyalty.account.forms import RedeemRewardForm
from loyalty.points import program_settings
from loyalty.rewards import selectors as rewards
from loyalty.rewards import services
from loyalty.rewards.reward_kinds import registry as reward_kinds
from loyalty.rewards.services import NotEnoughPoints, OutOfStock, RewardLimitReached, RewardNotOffered, TierTooLow
from loyalty.tiers.benefits import tier_benefits

REFUSALS = (NotEnoughPoints, RewardNotOffered, OutOfStock, TierTooLow, RewardLimitReached)
PortalView = Callable[..., HttpResponse]


def requires_member_link(view: PortalView) -> PortalView:
    """A view that gets the customer of the link, in their language and time zone; a bad link gets a page that says so."""

    def with_customer(request: HttpRequest, signed: str) -> HttpResponse:
        try:
            customer = member_links.get_linked_customer(signed)
        except signed_links.BadSignedLink:
            return render(request, "loyalty/account/link_over.html", status=404)
        with _reader_language(request, customer):
            return view(request, customer, signed)

    return with_customer


@access.allow_anonymous
@never_cache
@require_safe
@requires_member_link
def my_points(request: HttpRequest, customer: Customer, signed: str) -> HttpResponse:
    """Balance, what is pending and what ends, tier, coupons, rewards and history."""
    return _page(request, customer, signed)


@access.allow_anonymous
@never_cache
@require_POST
@requires_member_link
def my_redeem(request: HttpRequest, customer: Customer, signed: str) -> HttpResponse:
    """Redeem a reward; the form's own key makes a double click one redemption."""
    form = RedeemRewardForm(request.POST)
    reward = rewards.find_reward(form.cleaned_data["reward"]) if form.is_valid() else None
    if reward is None:
        return _page(request, customer, signed, refusal=_("This reward is not offered any more."), status=422)
    try:
        key = f"member:{form.cleaned_data['key']}:{reward.public_id}"
        redemption = services.redeem_reward(customer=customer, reward=reward, at=clock.now(), key=key)
    except REFUSALS as refusal:
        return _page(request, customer, signed, refusal=str(refusal), status=409)
    messages.success(request, reward_kinds.get_reward_kind(reward.kind).member_redeemed_text(redemption))
    return HttpResponseRedirect(reverse("loyalty:my_points", args=[signed]))


def _page(
    request: HttpRequest, customer: Customer, signed: str, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    whole_history = request.GET.get("history") == "all"
    account = selectors.get_member_account(customer, clock.now(), whole_history=whole_history)
    tier = account.tier_standing.tier if account.tier_standing else None
    context: dict[str, Any] = {
        "account": account,
        "benefits": tier_benefits([tier])[tier.pk] if tier else [],
        "programme": program_settings.loyalty_settings(),
        "signed": signed,
        "refusal": refusal,
    }
    return render(request, "loyalty/account/my_points.html", context, status=status)


@contextmanager
def _reader_language(request: HttpRequest, customer: Customer) -> Iterator[None]:
    """The language: chosen on this device, else the customer's, else the browser's; the time zone of the customer."""
    chosen = request.GET.get("lang") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or customer.language
    language = chosen if chosen in LANGUAGE_CODES else translation.get_language() or "en"
    with (
        translation.override(language),
        timezone.override(ZoneInfo(customer.time_zone or program_settings.program_time_zone())),
    ):
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        yield
