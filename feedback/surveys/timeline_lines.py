"""How surveys look on the timeline and among the facts of a customer."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.profiles import facts, timeline
from customers.profiles.models import TimelineEntry
from customers.profiles.timeline import Kind
from feedback.surveys import rules
from feedback.surveys.models import written


def scored(scale: str, score: int) -> str:
    """A score in words: `9 of 10`, `4 of 5 stars`, `thumb up`."""
    if scale == rules.NPS:
        return _("%(score)s of 10") % {"score": score}
    if scale == rules.STARS:
        return _("%(score)s of 5 stars") % {"score": score}
    return _("thumb up") if score else _("thumb down")


def _survey(entry: TimelineEntry) -> str:
    try:
        return reverse("feedback:survey", args=[entry.object_id])
    except NoReverseMatch:
        return ""


def _answered(data: dict[str, Any]) -> str:
    words = {"survey": written(data["titles"]), "score": scored(data["scale"], data["score"])}
    return (
        _("Answered “%(survey)s” by phone: %(score)s") % words
        if data.get("by_phone")
        else _("Answered “%(survey)s”: %(score)s") % words
    )


timeline.groups["surveys"] = gettext_lazy("Surveys")
timeline.register(
    "survey_sent",
    Kind("send", lambda data: _("Asked: “%(survey)s”") % {"survey": written(data["titles"])}, "surveys", url=_survey),
)
timeline.register("survey_answered", Kind("chat-square-heart", _answered, "surveys", url=_survey))
facts.kinds["nps"] = gettext_lazy("Last NPS")
facts.kinds["csat"] = gettext_lazy("Last satisfaction")
