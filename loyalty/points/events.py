"""What points announce."""

from dataclasses import dataclass

from crm.kernel.background.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class PointsSpent(DomainEvent, name="points_spent"):
    """Points were spent; `ids` are ledger entries."""


@dataclass(frozen=True, kw_only=True)
class PointsExpired(DomainEvent, name="points_expired"):
    """Points ran out; `ids` are customers."""
