"""How the facts of surveys look in lists and filters elsewhere: the score in the colour of its group."""

from decimal import Decimal

from customers.profiles.facts import Look, Shown
from feedback.surveys.choices import Group

TONES = {Group.PROMOTER: "good", Group.POSITIVE: "good", Group.DETRACTOR: "bad", Group.NEGATIVE: "bad"}
NPS_GROUPS, CSAT_GROUPS = (
    [Group.PROMOTER, Group.PASSIVE, Group.DETRACTOR],
    [Group.POSITIVE, Group.NEUTRAL, Group.NEGATIVE],
)


def _score(value: str, number: Decimal | None) -> Shown:
    if number is None:
        return Shown(str(dict(Group.choices).get(value, value)))
    return Shown(f"{number.normalize():f}", "badge", TONES.get(value, ""))  # type: ignore[call-overload]


NPS = Look(_score, lambda: [(group.value, str(group.label)) for group in NPS_GROUPS])
CSAT = Look(_score, lambda: [(group.value, str(group.label)) for group in CSAT_GROUPS])
