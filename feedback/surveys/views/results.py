"""The staff's pages of surveys: scores, texts, preview."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from crm.kernel.auth import access
from crm.kernel.auth.access import AuthenticatedHttpRequest
from crm.kernel.auth.models import User
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.time.periods import Period
from crm.kernel.ui import languages
from crm.kernel.ui.listing import cursors
from crm.kernel.ui.listing.keyset import Listing
from feedback.surveys import jobs, report, selectors, services, survey_kinds
from feedback.surveys.forms import NewSurveyForm, SurveyAnswerForm, SurveyTextsForm
from feedback.surveys.models import Survey

SORTS = {"newest": ("-at", "-id")}


@access.require_permissions("surveys.view")
@require_safe
def survey_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Every survey with its score of the last year."""
    days, period = report.report_period(request.GET.get("days"))
    scores = selectors.scores_by_survey(period)
    rows = [
        (survey, report.score_figure(survey.definition, scores[survey.pk]) if survey.pk in scores else None)
        for survey in selectors.surveys_with_counts()
    ]
    context = {"rows": rows, "days": days, "windows": report.REPORT_DAYS}
    return render(request, "feedback/surveys/survey_list.html", context)


@access.require_permissions("surveys.view")
@require_safe
def survey(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """One survey: score with n and interval, trend, distribution, words."""
    row = _get_survey(public_id)
    days, period = report.report_period(request.GET.get("days"))
    group = request.GET.get("group", "")
    answers = selectors.visible_responses(
        row, period, request.user, group if survey_kinds.is_answer_group(group) else ""
    )
    try:
        page = Listing(answers, SORTS, default="newest", size=20).get_page("newest", request.GET.get("cursor"))
    except cursors.BadCursor as error:
        raise BadRequest(str(error)) from error
    context = {"survey": row, "days": days, "windows": report.REPORT_DAYS, "page": page, "group": group}
    if not htmx.is_htmx(request):
        context |= _figures(row, period, request.user)
    return htmx.render_page_or_partial(request, "feedback/surveys/survey.html", context, partial="rows")


def _figures(row: Survey, period: Period, user: User) -> dict[str, Any]:
    score = selectors.survey_score(row, period)
    groups = report.group_shares(row, score, period, user)
    figure = report.score_figure(row.definition, score)
    customers_url = report.drilldown_url(row, period, user)
    return {
        "figure": figure,
        "key_figures": report.survey_key_figures(row.definition, figure, customers_url),
        "score": score,
        "groups": groups,
        "parts": [(part.count, part.tone) for part in groups],
        "trend_chart": report.score_trend_chart(row, period, user),
        "spread_chart": report.score_spread_chart(row, period, user),
        "withheld": report.withheld_reasons(row, period),
    }


@access.require_permissions("surveys.manage")
def survey_new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """A new survey from a template; its texts come next."""
    form = NewSurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        new = services.create_survey(
            template=values["template"], title=values["title"], by=request.user, at=clock.now()
        )
        return redirect("feedback:survey_texts", new.public_id)
    return render(request, "feedback/surveys/survey_new.html", {"form": form}, status=422 if form.is_bound else 200)


@access.require_permissions("surveys.manage")
def survey_texts(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """The texts of a survey, one language at a time."""
    row = _get_survey(public_id)
    language = languages.match_language(request.GET.get("in") or translation.get_language())
    form = SurveyTextsForm(row, language, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_survey_texts(
            survey=row, texts=form.survey_texts(), questions=form.question_texts(), by=request.user
        )
        return redirect(f"{request.path}?in={language}&saved=1")
    context = {
        "survey": row,
        "form": form,
        "chosen": language,
        "chosen_lang": languages.html_lang(language),
        "saved": "saved" in request.GET,
    }
    return render(request, "feedback/surveys/survey_texts.html", context, status=422 if form.is_bound else 200)


@access.require_permissions("surveys.manage")
@require_POST
def survey_use(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """Take a survey into use, or out of it."""
    services.set_survey_active(survey=_get_survey(public_id), is_active=request.POST.get("on") == "1", by=request.user)
    return redirect("feedback:survey", public_id)


@access.require_permissions("surveys.view")
@require_GET
def survey_preview(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """The customer's page in any language, without storing anything; the note to staff is in their own language."""
    row, own_language = _get_survey(public_id), languages.match_language(request.user.language)
    with translation.override(own_language):
        preview = {"preview": _("Preview: nothing is kept."), "preview_lang": languages.html_lang(own_language)}
    languages.activate_customer_language(request, translation.get_language() or "en")
    group = request.GET.get("thanks", "")
    if group:
        is_bad = group in survey_kinds.group_keys(survey_kinds.BAD)
        context = {"survey": row, "is_bad": is_bad, "text": row.thanks_for(group), **preview}
        return render(request, "feedback/surveys/survey_thanks.html", context)
    context = {"survey": row, "form": SurveyAnswerForm(row), **preview}
    return render(request, "feedback/surveys/survey_answer.html", context)


@access.require_permissions("customers.export", "surveys.view")
@require_POST
def survey_export(request: AuthenticatedHttpRequest, public_id: str) -> HttpResponse:
    """The answers as a file, by a job."""
    _days, period = report.report_period(request.POST.get("days"))
    job = jobs.start_response_export(survey=_get_survey(public_id), period=period, user=request.user, at=clock.now())
    return redirect("kernel:job", job.public_id)


def _get_survey(public_id: str) -> Survey:
    row = selectors.find_survey(public_id)
    if row is None:
        raise Http404
    return row
