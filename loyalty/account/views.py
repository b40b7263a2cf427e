"""Staff pages: the overview, the members, and one member's account with everything that staff may do there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.auth.choices import RecordScope
from crm.kernel.files import csv_cells
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui.listing.cursors import BadCursor
from crm.kernel.ui.listing.keyset import format_count
from customers.profiles.models import Customer
from loyalty.account import emails, members, overview_figures, selectors, services
from loyalty.account.forms import AdjustPointsForm, MemberFilterForm, RedeemRewardForm, UndoAdjustmentForm
from loyalty.points import corrections, program_settings
from loyalty.points import selectors as points
from loyalty.rewards import selectors as rewards
from loyalty.rewards import services as redemptions
from loyalty.rewards.reward_kinds import registry as reward_kinds
from loyalty.tiers import extensions
from loyalty.tiers import selectors as tiers

CORRECTION_REFUSALS = (
    corrections.AdjustmentOverLimit,
    corrections.AdjustmentRefused,
    corrections.NotEnoughPoints,
    corrections.ReferenceConflict,
)
REDEEM_REFUSALS = (
    redemptions.NotEnoughPoints,
    redemptions.RewardNotOffered,
    redemptions.OutOfStock,
    redemptions.TierTooLow,
    redemptions.RewardLimitReached,
)


@access.require_permissions("loyalty.view")
@require_safe
def overview(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Members, points, liability, tiers and rewards on one page."""
    figures = overview_figures.get_loyalty_overview(clock.now(), request.user)
    members_url = reverse("loyalty:member_list") if request.user.scope == RecordScope.ALL else ""
    context = {
        "figures": figures,
        "key_figures": overview_figures.overview_key_figures(figures, members_url),
        "days": overview_figures.PERIOD_DAYS,
    }
    return render(request, "loyalty/account/overview.html", context)


@access.require_permissions("loyalty.view", "metrics.export")
@require_safe
def liability_csv(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What is owed to members by the month in which it ends, for finance."""
    rows = [
        [month, points_left, value.amount, value.currency]
        for month, points_left, value in services.export_liability(by=request.user, at=clock.now())
    ]
    return csv_cells.build_csv_response("points-liability.csv", ["month", "points", "value", "currency"], rows)


@access.require_permissions("loyalty.view")
@require_safe
def member_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Everybody with an account."""
    filters, now = MemberFilterForm(request.GET).chosen_filters(), clock.now()
    listing = members.member_listing(request.user, filters, now)
    try:
        page = listing.get_page(request.GET.get("sort"), request.GET.get("cursor"))
    except BadCursor as error:
        raise BadRequest(str(error)) from error
    context = {
        "page": page,
        "rows": members.member_rows(page, now),
        "count_text": format_count(listing.count_rows(page)),
        "tiers": extensions.TIER_FACT.choices() if program_settings.loyalty_settings().tiers_on else [],
        "filters": filters,
    }
    return htmx.render_page_or_partial(request, "loyalty/account/member_list.html", context, partial="rows")


@access.require_permissions("loyalty.view")
@require_safe
def member(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """One account: balance, tier, the ledger with its reasons, coupons; correct and redeem here."""
    return _member_page(request, _customer(request, public_id), AdjustPointsForm())


@access.require_permissions("loyalty.adjust")
@require_POST
def member_adjust(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Give or take points with a reason."""
    customer, form = _customer(request, public_id), AdjustPointsForm(request.POST)
    if not form.is_valid():
        return _member_page(request, customer, form, status=422)
    try:
        corrections.adjust_points(customer=customer, by=request.user, at=clock.now(), **form.cleaned_data)
    except CORRECTION_REFUSALS as refusal:
        form.add_error("points", str(refusal))
        return _member_page(request, customer, form, status=409)
    messages.success(request, _("Points corrected."))
    return _back_to(customer)


@access.require_permissions("loyalty.adjust")
@require_POST
def member_undo(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Take a correction back by a counter-entry."""
    customer, form = _customer(request, public_id), UndoAdjustmentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the correction is taken back."))
        return _back_to(customer)
    entry = points.find_ledger_entry(customer.pk, form.cleaned_data["entry"])
    if entry is None:
        raise Http404
    try:
        corrections.undo_adjustment(entry=entry, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
    except corrections.AdjustmentRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Correction taken back."))
    return _back_to(customer)


@access.require_permissions("loyalty.redeem")
@require_POST
def member_redeem(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Redeem a reward for a member at the counter."""
    customer, form = _customer(request, public_id), RedeemRewardForm(request.POST)
    reward = rewards.find_reward(form.cleaned_data["reward"]) if form.is_valid() else None
    if reward is None:
        messages.error(request, _("There is no such reward."))
        return _back_to(customer)
    try:
        key = f"staff:{form.cleaned_data['key']}:{reward.public_id}"
        redemption = redemptions.redeem_reward(
            customer=customer, reward=reward, at=clock.now(), key=key, by=request.user
        )
    except REDEEM_REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, reward_kinds.get_reward_kind(reward.kind).redeemed_text(redemption))
    return _back_to(customer)


@access.require_permissions("loyalty.redeem")
@require_POST
def redemption_cancel(request: AuthenticatedHttpRequest, public_id: str, redemption_id: str) -> HttpResponse:
    """Take a redemption back within the programme's hours."""
    customer = _customer(request, public_id)
    redemption = rewards.find_redemption(customer.pk, redemption_id)
    if redemption is None:
        raise Http404
    try:
        redemptions.cancel_redemption(redemption=redemption, by=request.user, at=clock.now())
    except (redemptions.CancellationTooLate, redemptions.BenefitAlreadyUsed) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Cancelled. The points are back."))
    return _back_to(customer)


@access.require_permissions("loyalty.view", "customers.contact")
@require_POST
def member_link(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """A fresh link to the member's own page, to be copied."""
    customer = _customer(request, public_id)
    link = services.make_member_link(customer=customer, by=request.user)
    return render(request, "loyalty/account/member_link.html", {"link": link})


@access.require_permissions("loyalty.view", "customers.contact")
@require_POST
def member_link_send(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Mail the member a fresh link."""
    customer = _customer(request, public_id)
    try:
        emails.send_member_link(customer=customer, by=request.user, at=clock.now())
    except emails.MemberLinkNotSent as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The link is on its way by mail."))
    return _back_to(customer)


def _customer(request: AuthenticatedHttpRequest, public_id: str) -> Customer:
    customer: Customer = access.get_visible_or_404(Customer.objects, request.user, public_id=public_id)
    return customer


def _back_to(customer: Customer) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("loyalty:member", args=[customer.public_id]))


def _member_page(
    request: AuthenticatedHttpRequest, customer: Customer, form: AdjustPointsForm, *, status: int = 200
) -> HttpResponse:
    now = clock.now()
    account = selectors.get_member_account(customer, now, whole_history=request.GET.get("history") == "all")
    context: dict[str, Any] = {
        "account": account,
        "key_figures": members.member_key_figures(account),
        "grants": tiers.tier_history(customer.pk)[:10],
        "redemptions": rewards.customer_redemptions(customer.pk)[:10],
        "form": form,
        "limit": corrections.adjustment_limit(request.user),
        "now": now,
    }
    return render(request, "loyalty/account/member.html", context, status=status)
