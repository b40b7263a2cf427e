"""Customer satisfaction: the share of positive answers, with Wilson's 95 % interval.

18 of 20 gives 90 % with 69.9 … 97.2 %. Nobody answered → None, never 0.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from feedback.surveys.rules import SurveyScore, wilson_interval
from feedback.surveys.survey_kinds.registry import BAD, GOOD, NEUTRAL, AnswerGroup, SurveyKind, register_survey_kind

POSITIVE = AnswerGroup("positive", _("Positive"), GOOD)
NEUTRAL_ANSWER = AnswerGroup("neutral", _("Neutral"), NEUTRAL)
NEGATIVE = AnswerGroup("negative", _("Negative"), BAD)


@register_survey_kind
class CsatSurvey(SurveyKind):
    key = "csat"
    order = 20
    label = _("Satisfaction (CSAT)")
    short_label = "CSAT"
    groups = (POSITIVE, NEUTRAL_ANSWER, NEGATIVE)
    figure_label = _("Satisfied")
    figure_meaning = _("Share of positive answers: four or five stars, thumb up. Every answer counts.")
    trend_note = _("Per cent, with the 95% interval as a band; every answer of the month.")
    fact_label = _("Last satisfaction")
    panel_label = _("Satisfaction")

    def score(self, counts: Mapping[str, int], *, invited: int = 0, answered: int = 0) -> SurveyScore:
        """The rate 0–1 of positive answers."""
        positive = counts.get(POSITIVE.key, 0)
        n = positive + counts.get(NEUTRAL_ANSWER.key, 0) + counts.get(NEGATIVE.key, 0)
        if not n:
            return SurveyScore(invited=invited, answered=answered)
        low, high = wilson_interval(positive, n)
        return SurveyScore(
            value=Decimal(positive) / n,
            n=n,
            low=low,
            high=high,
            group_counts=counts,
            invited=invited,
            answered=answered,
        )
