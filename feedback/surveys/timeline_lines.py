"""How surveys look on the timeline and among the facts of a customer."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.profiles import timeline
from customers.profiles.models import TimelineEntry
from customers.profiles.timeline import TimelineKind
from feedback.surveys import rules
from feedback.surveys.models import localized_text


def score_text(scale: str, score: int) -> str:
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
    words = {"survey": localized_text(data["titles"]), "score": score_text(data["scale"], data["score"])}
    return (
        _("Answered “%(survey)s” by phone: %(score)s") % words
        if data.get("by_phone")
        else _("Answered “%(survey)s”: %(score)s") % words
    )


timeline.timeline_groups["surveys"] = gettext_lazy("Surveys")
timeline.register_timeline_kind(
    "survey_sent",
    TimelineKind(
        "send",
        lambda data: _("Asked: “%(survey)s”") % {"survey": localized_text(data["titles"])},
        "surveys",
        url=_survey,
    ),
)
timeline.register_timeline_kind("survey_answered", TimelineKind("chat-square-heart", _answered, "surveys", url=_survey))
