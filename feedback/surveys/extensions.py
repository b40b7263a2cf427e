"""What surveys plug into the customer page and the customer list."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.time import periods
from crm.kernel.time.periods import BadPeriod, Period
from customers.profiles.models import Customer
from customers.workspace.sockets import BadDrilldownArguments, CustomerPanel, DrilldownSource
from feedback.surveys import rules, selectors, timeline_lines
from feedback.surveys.choices import AnswerGroup, SurveyKind
from feedback.surveys.models import Survey


def surveys_panel_context(customer: Customer, user: Any) -> dict[str, Any] | None:
    """The last NPS with the one before, and the last satisfaction; one query."""
    rows = selectors.latest_responses(customer)
    found = {kind: [row for row in rows if row.kind == kind][:2] for kind in SurveyKind.values}
    if not rows:
        return None
    return {
        "nps": [(row, timeline_lines.score_text(row.scale, row.score)) for row in found[SurveyKind.NPS]],
        "csat": [(row, timeline_lines.score_text(row.scale, row.score)) for row in found[SurveyKind.CSAT][:1]],
        "rows": rows,
    }


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
    if group and group not in AnswerGroup.values:
        raise BadDrilldownArguments(_("group: must be one of %(known)s") % {"known": ", ".join(AnswerGroup.values)})
    if score and (not score.isdecimal() or int(score) not in rules.SCALES[selectors.survey_scale(survey)]):
        raise BadDrilldownArguments(_("score: is not on the scale"))
    return survey, period, group, int(score) if score else None


def _drilldown_label(params: Mapping[str, str]) -> str:
    survey, _period, group, score = _drilldown_arguments(params)
    if score is not None:
        return f"{survey.title}: {timeline_lines.score_text(selectors.survey_scale(survey), score)}"
    return f"{survey.title}: {AnswerGroup(group).label if group else _('answered')}"


def _drilldown_customer_ids(params: Mapping[str, str], user: Any) -> Any:
    survey, period, group, score = _drilldown_arguments(params)
    return selectors.respondent_ids(survey.kind, period, group or None, survey=survey, score=score)


SURVEYS_PANEL = CustomerPanel(
    "surveys",
    gettext_lazy("Answers"),
    "feedback/surveys/panel.html",
    surveys_panel_context,
    place="right",
    order=40,
    permission="surveys.view",
)
SURVEY_DRILLDOWN = DrilldownSource("survey", _drilldown_label, _drilldown_customer_ids, "surveys.view")
