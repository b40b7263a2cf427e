"""The kinds of programmes, each with its typed settings; they stand as JSON in a programme's version. Pure."""

import dataclasses
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from retention.care.choices import LapseMode, LeapDay, ProgramKind


@dataclass(frozen=True)
class SendingHours:
    """When, in the customer's own time: from the sending hour to the closing hour of a day."""

    send_hour: int = 9
    close_hour: int = 20

    @property
    def opens(self) -> time:
        return time(self.send_hour)

    @property
    def closes(self) -> time:
        return time(self.close_hour)


@dataclass(frozen=True)
class BirthdaySettings(SendingHours):
    """Greets on the local birthday; a day that was missed is made good within `catch_up_days`."""

    catch_up_days: int = 2
    leap_day: str = LeapDay.FEBRUARY_28


@dataclass(frozen=True)
class PointsExpiringSettings(SendingHours):
    """Tells of points `days_before` they lapse, from `least_points` on."""

    days_before: int = 14
    least_points: int = 1


@dataclass(frozen=True)
class LapsedSettings(SendingHours):
    """Reaches customers whose last purchase is so many days back (fixed, or a multiple of their own usual gap), and
    not more than `within_days` beyond that: who left long ago is no business of this programme."""

    mode: str = LapseMode.DAYS
    lapse_days: int = 90
    gap_factor: Decimal = Decimal("2.5")
    within_days: int = 30
    coupon: bool = True
    coupon_discount: str = "percent"
    coupon_value: Decimal = Decimal(10)
    coupon_minimum: Decimal = Decimal(0)
    coupon_days: int = 30


TriggerSettings = BirthdaySettings | PointsExpiringSettings | LapsedSettings

SETTINGS_CLASSES: dict[str, type[TriggerSettings]] = {
    ProgramKind.BIRTHDAY: BirthdaySettings,
    ProgramKind.EXPIRING: PointsExpiringSettings,
    ProgramKind.LAPSED: LapsedSettings,
}


def parse_settings(kind: str, saved: dict[str, Any]) -> TriggerSettings:
    """Saved settings over the kind's defaults; keys that no longer exist are ignored."""
    known = {f.name: f for f in dataclasses.fields(SETTINGS_CLASSES[kind])}
    values = {name: _convert_value(known[name].default, value) for name, value in saved.items() if name in known}
    return SETTINGS_CLASSES[kind](**values)


def serialize_settings(settings: TriggerSettings) -> dict[str, Any]:
    """As JSON keeps it."""
    values = dataclasses.asdict(settings)
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def _convert_value(default: Any, value: Any) -> Any:
    return Decimal(str(value)) if isinstance(default, Decimal) else value
