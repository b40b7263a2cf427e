"""The terms of the programme: earning rules with their versions, and the tiers."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.time import clock
from loyalty.points import program_settings, rule_versions
from loyalty.points import selectors as points
from loyalty.points.forms import EarningRuleForm
from loyalty.tiers import selectors, services
from loyalty.tiers.forms import TierForm


@access.require_permissions("loyalty.view")
@require_safe
def program(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Rules in force, every earlier version, and the tiers."""
    context = {
        "rules": points.current_earning_rules(),
        "versions": points.earning_rule_history(),
        "tiers": selectors.tiers_by_rank(),
        "programme": program_settings.loyalty_settings(),
        "zone": program_settings.program_time_zone(),
    }
    return render(request, "loyalty/tiers/program.html", context)


@access.require_permissions("loyalty.manage")
@require_http_methods(["GET", "POST"])
def rule_edit(request: AuthenticatedHttpRequest, code: str) -> HttpResponse:
    """Change a rule for orders from now on: that makes its next version."""
    rule = points.current_earning_rules().filter(code=code).first()
    if rule is None:
        raise Http404
    form = EarningRuleForm(request.POST or None, instance=rule)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "title": rule.name, "rule": rule}
        return render(request, "loyalty/tiers/terms_form.html", context, status=422 if form.is_bound else 200)
    new = rule_versions.change_earning_rule(code=code, changes=form.values(), by=request.user, at=clock.now())
    messages.success(request, _("Version %(version)s counts for orders from now on.") % {"version": new.version})
    return HttpResponseRedirect(reverse("loyalty:program"))


@access.require_permissions("loyalty.manage")
@require_http_methods(["GET", "POST"])
def tier_edit(request: AuthenticatedHttpRequest, code: str) -> HttpResponse:
    """Change a tier; its holders keep it until their review."""
    tier = next((tier for tier in selectors.tiers_by_rank() if tier.code == code), None)
    if tier is None:
        raise Http404
    title = tier.name
    form = TierForm(request.POST or None, instance=tier)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_tier(tier=tier, changes=form.values(), by=request.user)
        except services.BadThresholds as refusal:
            form.add_error("enter_at", str(refusal))
        else:
            messages.success(request, _("Tier changed."))
            return HttpResponseRedirect(reverse("loyalty:program"))
    return render(
        request, "loyalty/tiers/terms_form.html", {"form": form, "title": title}, status=422 if form.is_bound else 200
    )
