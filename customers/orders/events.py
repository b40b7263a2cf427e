"""What orders announce."""

from dataclasses import dataclass
from datetime import datetime

from crm.kernel.background.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class OrderRecorded(DomainEvent, name="order_recorded"):
    """New orders; `ids` are orders, `earliest` the first instant at which one of them was placed."""

    earliest: datetime
    earn: bool = False  # history that earns points all the same


@dataclass(frozen=True, kw_only=True)
class OrderChanged(DomainEvent, name="order_changed"):
    """Lines, amounts, customer or time changed; `ids` are orders, `earliest` the first instant before or after."""

    earliest: datetime
    earn: bool = False


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(DomainEvent, name="order_cancelled"):
    """Orders were cancelled; `ids` are orders."""

    earliest: datetime


@dataclass(frozen=True, kw_only=True)
class OrderRefunded(DomainEvent, name="order_refunded"):
    """Money was given back; `ids` are refunds, `earliest` the first instant of a refund or its order."""

    earliest: datetime
