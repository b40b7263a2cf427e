"""What surveys announce."""

from dataclasses import dataclass

from crm.kernel.background.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class SurveyAnswered(DomainEvent, name="survey_answered"):
    """A customer answered; `ids` are responses, `survey` is a public id."""

    kind: str
    scale: str
    score: int
    group: str
    customer_id: int
    survey: str
