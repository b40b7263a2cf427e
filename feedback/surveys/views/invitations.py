"""The staff's pages that reach customers: sending a survey, and filling one in on the phone."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.kernel import company
from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.time import clock
from feedback.surveys import invitations, jobs, selectors, services
from feedback.surveys.choices import SurveyChannel, WithheldReason
from feedback.surveys.forms import OneCustomerForm, SurveyAnswerForm, SurveySendForm
from feedback.surveys.models import Survey


@access.require_permissions("messages.send", "surveys.view", "customers.view")
def survey_send(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Ask customers: named ones now, everybody who bought lately by a job."""
    survey = _get_survey(public_id)
    form = SurveySendForm(request.user, request.POST or None, initial={"customers": request.GET.get("customer", "")})
    context = {"survey": survey, "form": form}
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if values["who"] == "buyers":
            return _start_bulk(request, survey, values["bought_days"])
        context |= _send_to_named(request, survey, values)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "feedback/surveys/survey_send.html", context, status=status)


def _start_bulk(request: AuthenticatedHttpRequest, survey: Survey, days: int) -> HttpResponse:
    if not access.has_permission(request.user, "surveys.manage"):
        raise PermissionDenied
    job = jobs.start_bulk_invitation(survey=survey, bought_days=days, user=request.user, at=clock.now())
    return redirect("kernel:job", job.public_id)


def _send_to_named(request: AuthenticatedHttpRequest, survey: Survey, values: dict[str, Any]) -> dict[str, Any]:
    customers, at = values["named_customers"], clock.now()
    channel = SurveyChannel.LINK if values["by_link"] else SurveyChannel.EMAIL
    day = clock.today(company.get_company().time_zone)
    result = invitations.invite_customers(
        survey=survey,
        customer_ids=[customer.pk for customer in customers],
        occasion=f"manual:{day}",
        at=at,
        by=request.user,
        channel=channel,
    )
    links = (
        [(customer, result.links[customer.pk]) for customer in customers if customer.pk in result.links]
        if values["by_link"]
        else []
    )
    withheld = [(WithheldReason(reason).label, n) for reason, n in result.withheld.items()]
    return {"result": result, "links": links, "withheld": withheld, "form": SurveySendForm(request.user)}


@access.require_permissions("surveys.answer", "surveys.view", "customers.view")
def survey_phone(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Record what a customer says on the phone; the questions are those of the customer's page."""
    survey = _get_survey(public_id)
    chosen = OneCustomerForm(request.user, request.POST or None, initial={"customer": request.GET.get("customer", "")})
    form = SurveyAnswerForm(survey, request.POST or None)
    call = request.POST.get("call", "")[:40] or secrets.token_hex(8)
    if request.method == "POST" and chosen.is_valid() and form.is_valid():
        customer = chosen.cleaned_data["customer"]
        services.record_phone_answer(
            survey=survey,
            customer=customer,
            answer=form.answer_input(),
            call=call,
            by=request.user,
            at=clock.now(),
        )
        messages.success(request, _("Written down: the answer of %(name)s") % {"name": customer.display_name})
        return redirect("feedback:survey", survey.public_id)
    context = {"survey": survey, "chosen": chosen, "form": form, "call": call}
    return render(request, "feedback/surveys/survey_phone.html", context, status=422 if form.is_bound else 200)


def _get_survey(public_id: str) -> Survey:
    survey = selectors.find_survey(public_id)
    if survey is None:
        raise Http404
    return survey
