"""What tiers announce; `ids` are customers, `tiers` the new tier's code by customer id."""

from collections.abc import Mapping
from dataclasses import dataclass

from crm.kernel.background.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class TierReached(DomainEvent, name="tier_reached"):
    """A higher tier was reached."""

    tiers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class TierLowered(DomainEvent, name="tier_lowered"):
    """A tier was lost at the end of its term."""

    tiers: Mapping[str, str]
