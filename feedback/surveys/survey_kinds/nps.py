"""Net Promoter Score: would the customer recommend us?

NPS = % promoters (9–10) − % detractors (0–6), in points from −100 to +100. Its 95 % interval is normal:
variance of one answer = p + d − (p − d)², so that 50/30/20 gives +30 with 14.7 … 45.3.
Nobody answered → None, never 0.
"""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from feedback.surveys.rules import INTERVAL_Z, SurveyScore
from feedback.surveys.survey_kinds.registry import BAD, GOOD, NEUTRAL, AnswerGroup, SurveyKind, register_survey_kind

PROMOTER = AnswerGroup("promoter", _("Promoter"), GOOD)
PASSIVE = AnswerGroup("passive", _("Passive"), NEUTRAL)
DETRACTOR = AnswerGroup("detractor", _("Detractor"), BAD)


@register_survey_kind
class NpsSurvey(SurveyKind):
    key = "nps"
    order = 10
    label = _("Recommendation (NPS)")
    short_label = "NPS"
    groups = (PROMOTER, PASSIVE, DETRACTOR)
    counts_latest_only = True
    wait_setting = "nps_wait_days"
    figure_label = _("NPS")
    figure_meaning = _(
        "Share of 9 and 10 less share of 0 to 6, in points. Everybody counts once, with the latest answer."
    )
    trend_note = _("Points, with the 95% interval as a band; the latest answer of each person in the month.")
    fact_label = _("Last NPS")
    panel_label = "NPS"
    responses_on_panel = 2
    factor, lowest, unit = 1, -100, ""

    def score(self, counts: Mapping[str, int], *, invited: int = 0, answered: int = 0) -> SurveyScore:
        """Points from −100 to +100; the interval never leaves them."""
        promoters, detractors = counts.get(PROMOTER.key, 0), counts.get(DETRACTOR.key, 0)
        n = promoters + counts.get(PASSIVE.key, 0) + detractors
        if not n:
            return SurveyScore(invited=invited, answered=answered)
        value = Decimal(100 * (promoters - detractors)) / n
        opinionated = Decimal(promoters + detractors) / n
        half_width = 100 * INTERVAL_Z * ((opinionated - (value / 100) ** 2) / n).sqrt()
        return SurveyScore(
            value=value,
            n=n,
            low=max(value - half_width, Decimal(-100)),
            high=min(value + half_width, Decimal(100)),
            group_counts=counts,
            invited=invited,
            answered=answered,
        )

    def value_text(self, value: Decimal) -> str:
        """Points with their sign: `+30`, `−5`."""
        return f"{self.scaled(value, '1'):+}".replace("-", "−")

    def interval_text(self, low: Decimal, high: Decimal) -> str:
        """`+14.7 … +45.3`."""
        return f"{self.scaled(low):+} … {self.scaled(high):+}".replace("-", "−")
