"""Staff pages of the catalogue."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.time import clock
from customers.orders import selectors as orders
from loyalty.rewards import catalog, coupon_returns, selectors
from loyalty.rewards.forms import RewardForm
from loyalty.tiers import selectors as tiers

DAYS = 90


@access.require_permissions("loyalty.view")
@require_safe
def reward_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Every reward with what was redeemed lately."""
    rewards = selectors.rewards_with_redemptions(clock.now() - timedelta(days=DAYS))
    return render(request, "loyalty/rewards/reward_list.html", {"rewards": rewards, "days": DAYS})


@access.require_permissions("loyalty.manage")
@require_http_methods(["GET", "POST"])
def reward_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Add a reward."""
    form = RewardForm(request.POST or None, tiers=tiers.tiers_by_rank())
    if request.method != "POST" or not form.is_valid():
        return _form(request, form)
    catalog.add_reward(values=form.values(), by=request.user, at=clock.now())
    messages.success(request, _("Reward added."))
    return HttpResponseRedirect(reverse("loyalty:reward_list"))


@access.require_permissions("loyalty.manage")
@require_http_methods(["GET", "POST"])
def reward_edit(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Change a reward for what is redeemed from now on."""
    reward = selectors.find_reward(public_id)
    if reward is None:
        raise Http404
    form = RewardForm(request.POST or None, instance=reward, tiers=tiers.tiers_by_rank())
    if request.method != "POST" or not form.is_valid():
        return _form(request, form)
    catalog.change_reward(reward=selectors.find_reward(public_id) or reward, values=form.values(), by=request.user)
    messages.success(request, _("Reward changed."))
    return HttpResponseRedirect(reverse("loyalty:reward_list"))


@access.require_permissions("orders.view", "loyalty.redeem")
@require_POST
def coupon_return(request: AuthenticatedHttpRequest, public_id: str, coupon_id: str) -> HttpResponse:
    """Give back a coupon that was used on an order that came to nothing."""
    order = orders.get_visible_order(request.user, public_id)
    coupon_use = selectors.find_coupon_use(coupon_id, order) if order else None
    if order is None or coupon_use is None:
        raise Http404
    try:
        coupon_returns.give_coupon_back(
            coupon=coupon_use.coupon, reference=coupon_use.reference, at=clock.now(), by=request.user
        )
    except coupon_returns.CouponNotReturnable as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Coupon given back."))
    return HttpResponseRedirect(reverse("customers:order", args=[order.public_id]))


def _form(request: AuthenticatedHttpRequest, form: RewardForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "loyalty/rewards/reward_form.html", {"form": form, "reward": form.instance}, status=status)
