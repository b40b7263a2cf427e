"""The settings of a programme's version: those of its trigger and of each step of its flow; they stand as one JSON object."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from retention.care.steps.base import STEP_KINDS, StepSettings
from retention.care.triggers.base import TRIGGER_KINDS, TriggerSettings

SettingsT = TypeVar("SettingsT", TriggerSettings, StepSettings)


@dataclass(frozen=True)
class VersionSettings:
    """Of the trigger, and of every step that its programmes may have (by step kind)."""

    trigger: TriggerSettings
    steps: Mapping[str, StepSettings]

    def values(self) -> dict[str, Any]:
        """Every setting by its name, typed. Names are unique: those of a step begin with its kind."""
        parts: list[TriggerSettings | StepSettings] = [self.trigger, *self.steps.values()]
        return {name: value for part in parts for name, value in dataclasses.asdict(part).items()}

    def serialize(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in self.values().items()}


def parse_settings(kind: str, saved: Mapping[str, Any]) -> VersionSettings:
    """Saved settings of a kind of programme over the defaults; keys that no longer exist are ignored."""
    trigger = TRIGGER_KINDS.get(kind)
    return VersionSettings(
        parse_values(trigger.settings_class, saved),
        {name: parse_values(STEP_KINDS.get(name).settings_class, saved) for name in trigger.step_kinds},
    )


def parse_values(settings_class: type[SettingsT], saved: Mapping[str, Any]) -> SettingsT:
    """The settings of one trigger or step, from the values of a whole version."""
    fields = {field.name: field.default for field in dataclasses.fields(settings_class)}
    return settings_class(**{name: _convert_value(fields[name], saved[name]) for name in fields if name in saved})


def _convert_value(default: Any, value: Any) -> Any:
    return Decimal(str(value)) if isinstance(default, Decimal) else value
