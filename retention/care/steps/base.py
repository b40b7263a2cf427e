"""What a kind of step says of itself, and the list of those that there are."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django import forms

from customers.messaging.content.template_catalog import TemplateVariable
from retention.care.choices import EnrollmentOutcome
from retention.care.kind_registry import KindRegistry

if TYPE_CHECKING:
    from retention.care.models import Enrollment, Step
    from retention.care.reconciliation import ProgramReconciliation

VariableValues = Mapping[str, Any]
StepResults = dict[int, int | str]
"""Enrolment id → the position of the step to do next, or the reason with which the enrolment leaves the programme."""


@dataclass(frozen=True)
class StepSettings:
    """What can be set for a kind of step; each name begins with the kind, for a version keeps them beside others."""


@dataclass(frozen=True)
class FlowBox:
    """One box of the flow diagram; `url` opens the customers behind its number."""

    kind: str
    icon: str
    title: str
    note: str
    value: int | None = None
    unit: str = ""
    url: str = ""


@dataclass(frozen=True)
class FlowFigures:
    """What boxes show beside their settings: where everybody ended, the message's subject, links to the customers."""

    reconciliation: "ProgramReconciliation"
    message_title: str
    customers_url: Callable[[EnrollmentOutcome], str]


SettingsT = TypeVar("SettingsT", bound=StepSettings)


class StepKind(ABC, Generic[SettingsT]):
    """A kind of step: what it does for many enrolments at once, what can be set, and how it is drawn."""

    kind: ClassVar[str]
    order: ClassVar[int]
    settings_class: ClassVar[type[StepSettings]] = StepSettings
    form_class: ClassVar[type[forms.Form] | None] = None
    has_texts: ClassVar[bool] = False
    variables: ClassVar[Mapping[str, TemplateVariable]] = {}
    """What the texts of later steps may say because of it."""
    exit_reasons: ClassVar[Mapping[str, Any]] = {}
    """Words for the reasons of its own with which enrolments leave."""

    def is_wanted(self, settings: SettingsT) -> bool:
        """Whether a version with these settings has the step."""
        return True

    @abstractmethod
    def run(self, step: "Step", enrollments: "Sequence[Enrollment]", now: datetime) -> StepResults:
        """Do the step for enrolments of one version that stand at it, in the caller's transaction; set-based.

        The step may give an enrolment its message (`message_id`); it saves no enrolment, the runner does.
        """

    def variable_values(
        self, step: "Step", enrollments: "Sequence[Enrollment]", now: datetime
    ) -> Mapping[int, VariableValues]:
        """Enrolment id → values of its variables, of those for whom the step was done."""
        return {}

    @abstractmethod
    def flow_box(self, settings: SettingsT, figures: FlowFigures) -> FlowBox:
        """Its box in the flow diagram."""


STEP_KINDS: KindRegistry[StepKind[Any]] = KindRegistry("retention.care.steps")
