"""The customer's page of a survey: phone first, no sign-in, no cookie needed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.kernel.auth import access, signed_links
from crm.kernel.time import clock
from crm.kernel.ui import languages
from feedback.surveys import selectors, services, survey_kinds
from feedback.surveys.forms import SurveyAnswerForm
from feedback.surveys.models import Invitation, Response

ANSWER = "feedback/surveys/survey_answer.html"
THANKS = "feedback/surveys/survey_thanks.html"
CLOSED = "feedback/surveys/survey_closed.html"


@access.allow_anonymous
@never_cache
@csrf_exempt  # the token in the address is the authority; mail programs open it without cookies
@require_http_methods(["GET", "HEAD", "POST"])
def survey_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and record the one answer; afterwards show thanks. Reading never uses the link up, so scanners cannot vote."""
    invitation = selectors.find_invitation(signed_links.hash_token(token))
    if invitation is None:
        raise Http404
    language = languages.activate_customer_language(request, invitation.language)
    if request.method == "POST":
        return _answered(request, invitation, language)
    if invitation.used_at is not None:
        return _thanks(request, invitation)
    at = clock.now()
    if invitation.expires_at <= at:
        return render(request, CLOSED, {"survey": invitation.survey}, status=410)
    if request.method == "GET":
        services.record_link_opening(invitation=invitation, at=at)
    form = SurveyAnswerForm(invitation.survey, initial={"score": request.GET.get("score")})
    return render(request, ANSWER, {"survey": invitation.survey, "form": form})


def _answered(request: HttpRequest, invitation: Invitation, language: str) -> HttpResponse:
    form = SurveyAnswerForm(invitation.survey, request.POST)
    if not form.is_valid():
        if invitation.used_at is not None:
            return _thanks(request, invitation)
        return render(request, ANSWER, {"survey": invitation.survey, "form": form}, status=422)
    try:
        response = services.record_answer(
            invitation=invitation, answer=form.answer_input(), language=language, at=clock.now()
        )
    except services.LinkExpired:
        return render(request, CLOSED, {"survey": invitation.survey}, status=410)
    return _thanks(request, invitation, response)


def _thanks(request: HttpRequest, invitation: Invitation, response: Response | None = None) -> HttpResponse:
    group = response.group if response else selectors.group_of_invitation(invitation)
    context = {
        "survey": invitation.survey,
        "is_bad": group in survey_kinds.group_keys(survey_kinds.BAD),
        "text": invitation.survey.thanks_for(group),
    }
    return render(request, THANKS, context)
