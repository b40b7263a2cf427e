"""What a kind of survey is, and the kinds that there are."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from feedback.surveys import rules
from feedback.surveys.rules import SurveyScore

GOOD, NEUTRAL, BAD = "good", "neutral", "bad"


@dataclass(frozen=True)
class AnswerGroup:
    """One of the groups into which a kind sorts its answers; `sentiment` says whether such an answer is good news."""

    key: str
    label: Any
    sentiment: str

    @property
    def tone(self) -> str:
        """The tone of its badges."""
        return "" if self.sentiment == NEUTRAL else self.sentiment


class SurveyKind(ABC):
    """How the answers of such surveys are counted, scored and shown. `key` is stored and never changes."""

    key: ClassVar[str]
    order: ClassVar[int]
    label: ClassVar[Any]
    short_label: ClassVar[str]
    groups: ClassVar[tuple[AnswerGroup, ...]]  # the happiest first

    # True: each respondent counts once, with the latest answer; False: every answer counts.
    counts_latest_only: ClassVar[bool] = False
    # The company's setting that says how long a customer is left in peace; kinds that name the same one share the wait.
    wait_setting: ClassVar[str] = "other_wait_days"

    figure_label: ClassVar[Any]
    figure_meaning: ClassVar[Any]
    trend_note: ClassVar[Any]
    fact_label: ClassVar[Any]
    panel_label: ClassVar[Any]
    responses_on_panel: ClassVar[int] = 1

    # A score is written times the factor, on a scale from `lowest` to 100 with this unit.
    factor: ClassVar[int] = 100
    lowest: ClassVar[int] = 0
    unit: ClassVar[str] = "%"

    @abstractmethod
    def score(self, counts: Mapping[str, int], *, invited: int = 0, answered: int = 0) -> SurveyScore:
        """The score of answers counted by group; groups without answers may be missing."""

    def scaled(self, value: Decimal, step: str = "0.1") -> Decimal:
        """A score or a bound of its interval as it is drawn and written."""
        return rules.round_score(value * self.factor, step)

    def value_text(self, value: Decimal) -> str:
        """A score as it is read."""
        return f"{self.scaled(value, '1')}{self.unit}"

    def interval_text(self, low: Decimal, high: Decimal) -> str:
        """The interval of a score as it is read."""
        return f"{self.scaled(low)} … {self.scaled(high)}{self.unit}"

    def group_counts(self, score: SurveyScore) -> dict[str, int]:
        """How many answers each group has, the happiest first; groups without answers are named too."""
        return {group.key: score.group_counts.get(group.key, 0) for group in self.groups}


_survey_kinds: dict[str, SurveyKind] = {}


def register_survey_kind(kind: type[SurveyKind]) -> type[SurveyKind]:
    """Make a kind known; stands above its class."""
    _survey_kinds[kind.key] = kind()
    return kind


def get_survey_kind(key: str) -> SurveyKind:
    """The kind of a stored key."""
    return _survey_kinds[key]


def registered_survey_kinds() -> list[SurveyKind]:
    """Every kind, in the order of choice."""
    return sorted(_survey_kinds.values(), key=lambda kind: kind.order)


def survey_kind_choices() -> list[tuple[str, Any]]:
    """Keys and names, for fields."""
    return [(kind.key, kind.label) for kind in registered_survey_kinds()]


def get_answer_group(key: str) -> AnswerGroup:
    """The group of a stored key."""
    return next(group for group in _answer_groups() if group.key == key)


def is_answer_group(key: str) -> bool:
    """True if some kind sorts answers into a group of this key."""
    return any(group.key == key for group in _answer_groups())


def answer_group_choices() -> list[tuple[str, Any]]:
    """Keys and names of the groups of every kind, for fields."""
    return [(group.key, group.label) for group in _answer_groups()]


def group_keys(sentiment: str) -> list[str]:
    """The groups of one sentiment, of whatever kind: `group_keys(BAD)` are those that are followed up."""
    return [group.key for group in _answer_groups() if group.sentiment == sentiment]


def _answer_groups() -> list[AnswerGroup]:
    return [group for kind in registered_survey_kinds() for group in kind.groups]
