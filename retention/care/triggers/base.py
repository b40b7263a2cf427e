"""What a kind of trigger says of itself, and the list of those that there are."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.messaging.content.template_catalog import TemplateVariable
from customers.profiles.models import Customer
from retention.care.kind_registry import KindRegistry
from retention.care.zone_days import ZoneDays

if TYPE_CHECKING:
    from retention.care.models import Enrollment

VariableValues = Mapping[str, Any]


@dataclass(frozen=True)
class TriggerSettings:
    """When messages go out, on the customer's clock: from the sending hour to the closing hour of a day."""

    send_hour: int = 9
    close_hour: int = 20

    @property
    def opens_at(self) -> time:
        return time(self.send_hour)

    @property
    def closes_at(self) -> time:
        return time(self.close_hour)


class TriggerSettingsForm(forms.Form):
    """The settings that every programme has; the holdout stands beside them."""

    holdout_percent = forms.IntegerField(label=gettext_lazy("Holdout, per cent"), min_value=0, max_value=50)
    send_hour = forms.IntegerField(
        label=gettext_lazy("Sending hour"),
        help_text=gettext_lazy("In the customer's own time zone."),
        min_value=0,
        max_value=23,
    )
    close_hour = forms.IntegerField(
        label=gettext_lazy("Not after"),
        help_text=gettext_lazy("Who turns up later that day gets nothing."),
        min_value=1,
        max_value=23,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "send_hour" in cleaned and "close_hour" in cleaned and cleaned["close_hour"] <= cleaned["send_hour"]:
            self.add_error("close_hour", _("Must come after the sending hour."))
        return cleaned

    @property
    def holdout_share(self) -> Decimal:
        return Decimal(self.cleaned_data["holdout_percent"]) / 100


@dataclass(frozen=True)
class PlanningHorizon:
    """From when to when a planning looks."""

    planned_until: datetime
    now: datetime


@dataclass(frozen=True)
class DueQuery:
    """The parts that a trigger puts into `queries.DUE_CANDIDATES_SQL`, as SQL, with their parameters.

    `source` names the customer `c` and the customer's zone `z` (`queries.ZONE_JOIN_SQL`); `key`, `day` and `late` are the
    occasion's key, its day and whether it is too late for it; `entered` says which enrolment `e` has taken the occasion.
    """

    source: str
    key: str
    day: str
    late: str
    entered: str
    condition: str = "true"
    params: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class DefaultProgram:
    """The programme of a kind that a fresh installation brings, switched off, with names and texts per language."""

    key: str
    names: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    exits_on_goal: bool = False


SettingsT = TypeVar("SettingsT", bound=TriggerSettings)


class TriggerKind(ABC, Generic[SettingsT]):
    """A kind of occasion: who is due, what can be set, what its texts may say, and its words on the pages."""

    kind: ClassVar[str]
    order: ClassVar[int]
    settings_class: ClassVar[type[TriggerSettings]]
    form_class: ClassVar[type[TriggerSettingsForm]] = TriggerSettingsForm
    step_kinds: ClassVar[tuple[str, ...]] = ("message",)
    default_program: ClassVar[DefaultProgram | None] = None

    purpose: ClassVar[Any]
    """What such a programme is for, in one line of the list."""
    exit_notes: ClassVar[tuple[Any, ...]] = ()
    """What ends the way early, beside a purchase and a withdrawn consent."""
    exit_reasons: ClassVar[Mapping[str, Any]] = {}
    """Words for the reasons of its own with which enrolments leave."""
    nothing_left_reason: ClassVar[str] = "nothing_left"

    variables: ClassVar[Mapping[str, TemplateVariable]] = {}
    """What its texts may say, beside the variables of every message."""

    @abstractmethod
    def due_query(self, settings: SettingsT, horizon: PlanningHorizon, days: ZoneDays) -> DueQuery | None:
        """Who is due between two plannings; None if nobody can be."""

    @abstractmethod
    def title(self, settings: SettingsT) -> str:
        """What starts the programme, in words."""

    @abstractmethod
    def occasion_text(self, day: str) -> str:
        """The occasion of a day, in words."""

    @abstractmethod
    def expected_enrollments(self, settings: SettingsT, window: timedelta, now: datetime) -> int:
        """About how many enter in a window from now, before consent is asked."""

    def last_sending_day(self, settings: SettingsT, occasion_on: date) -> date:
        """The last day on which the occasion is still answered."""
        return occasion_on

    def variable_values(self, enrollments: "Sequence[Enrollment]", now: datetime) -> dict[int, VariableValues]:
        """Enrolment id → values of its variables, now. Who is missing has nothing left to be told, and leaves with
        `nothing_left_reason`."""
        return {enrollment.pk: {} for enrollment in enrollments}

    def sample_values(self, customer: Customer, now: datetime) -> VariableValues:
        """The customer's own values for a preview, where there are some; the examples stand for the others."""
        return {}


TRIGGER_KINDS: KindRegistry[TriggerKind[Any]] = KindRegistry("retention.care.triggers")
