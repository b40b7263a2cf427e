"""What surveys plug into the customer page and the customer list."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.time import periods
from crm.kernel.time.periods import BadPeriod, Period
from customers.profiles.models import Customer
from customers.workspace.sockets import BadArguments, Behind, Panel
from feedback.surveys import rules, selectors, timeline_lines
from feedback.surveys.choices import Group, Kind
from feedback.surveys.models import Survey


def last_answers(customer: Customer, user: Any) -> dict[str, Any] | None:
    """The last NPS with the one before, and the last satisfaction; one query."""
    rows = selectors.last_answers(customer)
    found = {kind: [row for row in rows if row.kind == kind][:2] for kind in Kind.values}
    if not rows:
        return None
    return {
        "nps": [(row, timeline_lines.scored(row.scale, row.score)) for row in found[Kind.NPS]],
        "csat": [(row, timeline_lines.scored(row.scale, row.score)) for row in found[Kind.CSAT][:1]],
        "rows": rows,
    }


def _arguments(params: Mapping[str, str]) -> tuple[Survey, Period, str, int | None]:
    survey = selectors.survey_by_public_id(params.get("survey", ""))
    if survey is None:
        raise BadArguments(_("survey: there is no such survey"))
    try:
        start = periods.parse_day(params.get("start", ""), "start")
        period = Period(start, periods.parse_day(params.get("end", ""), "end"))
    except BadPeriod as error:
        raise BadArguments(str(error)) from error
    group, score = params.get("group", ""), params.get("score", "")
    if group and group not in Group.values:
        raise BadArguments(_("group: must be one of %(known)s") % {"known": ", ".join(Group.values)})
    if score and (not score.isdecimal() or int(score) not in rules.SCALES[selectors.scale_of(survey)]):
        raise BadArguments(_("score: is not on the scale"))
    return survey, period, group, int(score) if score else None


def _label(params: Mapping[str, str]) -> str:
    survey, _period, group, score = _arguments(params)
    if score is not None:
        return f"{survey.title}: {timeline_lines.scored(selectors.scale_of(survey), score)}"
    return f"{survey.title}: {Group(group).label if group else _('answered')}"


def _ids(params: Mapping[str, str], user: Any) -> Any:
    survey, period, group, score = _arguments(params)
    return selectors.respondents(survey.kind, period, group or None, survey=survey, score=score)


PANEL = Panel(
    "surveys",
    gettext_lazy("Answers"),
    "feedback/surveys/panel.html",
    last_answers,
    place="right",
    order=40,
    permission="surveys.view",
)
BEHIND = Behind("survey", _label, _ids, "surveys.view")
