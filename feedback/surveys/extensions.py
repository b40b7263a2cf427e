"""What surveys plug into the places of lower apps: panel, drill-down, timeline, facts, audit log."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.audit import labels
from crm.kernel.auth.models import User
from crm.kernel.time import periods
from crm.kernel.time.periods import BadPeriod, Period
from customers.profiles import timeline
from customers.profiles.facts import FactDisplay, FactFormat
from customers.profiles.models import Customer, TimelineEntry
from customers.profiles.timeline import TimelineKind
from customers.workspace.sockets import BadDrilldownArguments, CustomerPanel, DrilldownSource
from feedback.surveys import email_templates, question_kinds, selectors, survey_kinds
from feedback.surveys.models import Survey, localized_text
from feedback.surveys.survey_kinds import SurveyKind

# Panel of the customer page


def surveys_panel_context(customer: Customer, user: User) -> dict[str, Any] | None:
    """The latest responses of every kind of survey, as many as the kind shows; one query."""
    rows = selectors.latest_responses(customer)
    if not rows:
        return None
    kinds = survey_kinds.registered_survey_kinds()
    return {
        "kinds": [(kind, [row for row in rows if row.kind == kind.key][: kind.responses_on_panel]) for kind in kinds]
    }


SURVEYS_PANEL = CustomerPanel(
    "surveys",
    gettext_lazy("Answers"),
    "feedback/surveys/panel.html",
    surveys_panel_context,
    place="right",
    order=40,
    permission="surveys.view",
)


# Customers behind a number


def _drilldown_arguments(params: Mapping[str, str]) -> tuple[Survey, Period, str, int | None]:
    survey = selectors.find_survey(params.get("survey", ""))
    if survey is None:
        raise BadDrilldownArguments(_("survey: there is no such survey"))
    try:
        start = periods.parse_day(params.get("start", ""), "start")
        period = Period(start, periods.parse_day(params.get("end", ""), "end"))
    except BadPeriod as error:
        raise BadDrilldownArguments(str(error)) from error
    group, score = params.get("group", ""), params.get("score", "")
    if group and not survey_kinds.is_answer_group(group):
        known = ", ".join(key for key, _label in survey_kinds.answer_group_choices())
        raise BadDrilldownArguments(_("group: must be one of %(known)s") % {"known": known})
    if score and (not score.isdecimal() or int(score) not in selectors.survey_scale(survey).scale):
        raise BadDrilldownArguments(_("score: is not on the scale"))
    return survey, period, group, int(score) if score else None


def _drilldown_label(params: Mapping[str, str]) -> str:
    survey, _period, group, score = _drilldown_arguments(params)
    if score is not None:
        return f"{survey.title}: {selectors.survey_scale(survey).score_text(score)}"
    return f"{survey.title}: {survey_kinds.get_answer_group(group).label if group else _('answered')}"


def _drilldown_customer_ids(params: Mapping[str, str], user: User) -> QuerySet[Any, Any]:
    survey, period, group, score = _drilldown_arguments(params)
    return selectors.respondent_ids(survey.kind, period, group or None, survey=survey, score=score)


SURVEY_DRILLDOWN = DrilldownSource("survey", _drilldown_label, _drilldown_customer_ids, "surveys.view")


# Timeline


def _survey_url(entry: TimelineEntry) -> str:
    try:
        return reverse("feedback:survey", args=[entry.object_id])
    except NoReverseMatch:
        return ""


def _survey_sent_text(data: dict[str, Any]) -> str:
    return _("Asked: “%(survey)s”") % {"survey": localized_text(data["titles"])}


def _survey_answered_text(data: dict[str, Any]) -> str:
    words = {
        "survey": localized_text(data["titles"]),
        "score": question_kinds.get_scale(data["scale"]).score_text(data["score"]),
    }
    return (
        _("Answered “%(survey)s” by phone: %(score)s") % words
        if data.get("by_phone")
        else _("Answered “%(survey)s”: %(score)s") % words
    )


timeline.timeline_groups["surveys"] = gettext_lazy("Surveys")
timeline.register_timeline_kind("survey_sent", TimelineKind("send", _survey_sent_text, "surveys", url=_survey_url))
timeline.register_timeline_kind(
    "survey_answered", TimelineKind("chat-square-heart", _survey_answered_text, "surveys", url=_survey_url)
)


# Facts: the last score of each kind of survey


def _show_score(value: str, number: Decimal | None) -> FactDisplay:
    """The score in the color of its group; the group's name where there is no number."""
    group = survey_kinds.get_answer_group(value) if survey_kinds.is_answer_group(value) else None
    if number is None:
        return FactDisplay(str(group.label) if group else value)
    return FactDisplay(f"{number.normalize():f}", "badge", group.tone if group else "")  # type: ignore[arg-type]


def _group_choices(kind: SurveyKind) -> list[tuple[str, str]]:
    return [(group.key, str(group.label)) for group in kind.groups]


SCORE_FACTS = {
    kind.key: FactFormat(kind.fact_label, _show_score, partial(_group_choices, kind))
    for kind in survey_kinds.registered_survey_kinds()
}


# Message templates and audit log

email_templates.declare_survey_mails()
labels.action_labels.update(
    {
        "survey.created": gettext_lazy("Survey made"),
        "survey.texts_changed": gettext_lazy("Texts of a survey changed"),
        "survey.use_changed": gettext_lazy("Survey switched on or off"),
        "surveys.send_asked": gettext_lazy("Sending of a survey asked for"),
        "surveys.export_asked": gettext_lazy("Export of answers asked for"),
        "surveys.exported": gettext_lazy("Answers exported"),
    }
)
labels.object_labels["feedback.survey"] = gettext_lazy("Survey")
