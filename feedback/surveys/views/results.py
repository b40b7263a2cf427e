"""The staff's pages of surveys: scores, texts, preview."""

from typing import Any, cast

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from crm.kernel.auth import access
from crm.kernel.auth.models import User
from crm.kernel.http import htmx
from crm.kernel.time import clock
from crm.kernel.ui import languages
from crm.kernel.ui.listing import Listing, cursors
from feedback.surveys import report, response_export, selectors, services, timeline_lines
from feedback.surveys.choices import Group
from feedback.surveys.forms import AnswerForm, NewForm, TextsForm
from feedback.surveys.models import Survey

SORTS = {"newest": ("-at", "-id")}


@access.require("surveys.view")
@require_safe
def survey_list(request: HttpRequest) -> HttpResponse:
    """Every survey with its score of the last year."""
    days, period = report.window(request.GET.get("days"))
    scores = selectors.scores(period)
    rows = [
        (survey, report.figure(scores[survey.pk]) if survey.pk in scores else None) for survey in selectors.surveys()
    ]
    context = {"rows": rows, "days": days, "windows": report.WINDOWS}
    return render(request, "feedback/surveys/survey_list.html", context)


@access.require("surveys.view")
@require_safe
def survey(request: HttpRequest, public_id: str) -> HttpResponse:
    """One survey: score with n and interval, course, spread, words."""
    found = _get(public_id)
    days, period = report.window(request.GET.get("days"))
    group = request.GET.get("group", "")
    answers = selectors.responses(found, period, request.user, group if group in Group.values else "")
    try:
        page = Listing(answers, SORTS, default="newest", size=20).page("newest", request.GET.get("cursor"))
    except cursors.BadCursor as error:
        raise BadRequest(str(error)) from error
    context = {"survey": found, "days": days, "windows": report.WINDOWS, "page": page, "group": group}
    context["answers"] = [(row, timeline_lines.scored(row.scale, row.score)) for row in page.rows]
    if not htmx.is_htmx(request):
        context |= _figures(found, period, request.user)
    return htmx.render(request, "feedback/surveys/survey.html", context, partial="rows")


def _figures(found: Survey, period: Any, user: Any) -> dict[str, Any]:
    score = selectors.score_of(found, period)
    groups = report.groups(found, score, period, user)
    return {
        "figure": report.figure(score),
        "score": score,
        "groups": groups,
        "parts": [(part.count, part.tone) for part in groups],
        "course": report.trend(found, period, user),
        "spread": report.spread(found, period, user),
        "withheld": report.withheld(found, period),
        "behind": report.behind(found, period, user),
    }


@access.require("surveys.manage")
def survey_new(request: HttpRequest) -> HttpResponse:
    """A survey of one's own, from a template; its texts come next."""
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        made = services.create_survey(template=words["template"], title=words["title"], by=_by(request), at=clock.now())
        return redirect("feedback:survey_texts", made.public_id)
    return render(request, "feedback/surveys/survey_new.html", {"form": form}, status=422 if form.is_bound else 200)


@access.require("surveys.manage")
def survey_texts(request: HttpRequest, public_id: str) -> HttpResponse:
    """The texts of a survey, one language at a time."""
    found = _get(public_id)
    language = languages.best(request.GET.get("in") or translation.get_language())
    form = TextsForm(found, language, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_texts(survey=found, texts=form.survey_texts(), questions=form.question_texts(), by=_by(request))
        return redirect(f"{request.path}?in={language}&saved=1")
    context = {
        "survey": found,
        "form": form,
        "chosen": language,
        "chosen_lang": languages.html_lang(language),
        "saved": "saved" in request.GET,
    }
    return render(request, "feedback/surveys/survey_texts.html", context, status=422 if form.is_bound else 200)


@access.require("surveys.manage")
@require_POST
def survey_use(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a survey into use, or out of it."""
    services.put_in_use(survey=_get(public_id), is_active=request.POST.get("on") == "1", by=_by(request))
    return redirect("feedback:survey", public_id)


@access.require("surveys.view")
@require_GET
def survey_preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """The customer's page as he would see it, in any language; nothing is kept. What it says to us is in our language."""
    found, ours = _get(public_id), languages.best(_by(request).language)
    with translation.override(ours):
        preview = {"preview": _("Preview: nothing is kept."), "preview_lang": languages.html_lang(ours)}
    htmx.speak(request, translation.get_language() or "en")
    group = request.GET.get("thanks", "")
    if group:
        known = group if group in Group.values else ""
        context = {"survey": found, "group": known, "text": found.thanks_for(known), **preview}
        return render(request, "feedback/surveys/survey_thanks.html", context)
    context = {"survey": found, "form": AnswerForm(found), **preview}
    return render(request, "feedback/surveys/survey_answer.html", context)


@access.require("customers.export", "surveys.view")
@require_POST
def survey_export(request: HttpRequest, public_id: str) -> HttpResponse:
    """The answers as a file, by a job."""
    _days, period = report.window(request.POST.get("days"))
    job = response_export.begin(survey=_get(public_id), period=period, user=request.user, at=clock.now())
    return redirect("kernel:job", job.public_id)


def _by(request: HttpRequest) -> User:
    """The signed-in person."""
    return cast(User, request.user)


def _get(public_id: str) -> Survey:
    found = selectors.survey_by_public_id(public_id)
    if found is None:
        raise Http404
    return found
