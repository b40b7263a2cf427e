"""How the facts of surveys look in lists and filters elsewhere: the score in the colour of its group."""

from decimal import Decimal

from django.utils.translation import gettext_lazy

from customers.profiles.facts import FactDisplay, FactFormat
from feedback.surveys.choices import AnswerGroup

GROUP_TONES = {
    AnswerGroup.PROMOTER: "good",
    AnswerGroup.POSITIVE: "good",
    AnswerGroup.DETRACTOR: "bad",
    AnswerGroup.NEGATIVE: "bad",
}
NPS_GROUPS, CSAT_GROUPS = (
    [AnswerGroup.PROMOTER, AnswerGroup.PASSIVE, AnswerGroup.DETRACTOR],
    [AnswerGroup.POSITIVE, AnswerGroup.NEUTRAL, AnswerGroup.NEGATIVE],
)


def _show_score(value: str, number: Decimal | None) -> FactDisplay:
    if number is None:
        return FactDisplay(str(dict(AnswerGroup.choices).get(value, value)))
    return FactDisplay(f"{number.normalize():f}", "badge", GROUP_TONES.get(value, ""))  # type: ignore[call-overload]


NPS_FACT = FactFormat(
    gettext_lazy("Last NPS"), _show_score, lambda: [(group.value, str(group.label)) for group in NPS_GROUPS]
)
CSAT_FACT = FactFormat(
    gettext_lazy("Last satisfaction"), _show_score, lambda: [(group.value, str(group.label)) for group in CSAT_GROUPS]
)
