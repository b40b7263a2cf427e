"""Definitions of the metrics, as plain arithmetic. Rates are Decimal 0–1, or None where they are undefined."""

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class CustomerBridge:
    """From the customers active at the start to those active at the end, by identity.

    `active_start` − `lost` + `new` + `won_back` = `active_end`; `retained` + `lost` = `active_start`.
    """

    active_start: int
    retained: int
    new: int
    won_back: int

    @property
    def lost(self) -> int:
        return self.active_start - self.retained

    @property
    def active_end(self) -> int:
        return self.retained + self.new + self.won_back

    @property
    def retention(self) -> Decimal | None:
        """|active at start ∩ active at end| ÷ |active at start|; None for an empty start. Never above 1.

        It equals (E − N) / S with N = new + won back.
        """
        return Decimal(self.retained) / self.active_start if self.active_start else None

    @property
    def churn(self) -> Decimal | None:
        """1 − retention, on the same cohort."""
        return None if self.retention is None else 1 - self.retention

    @property
    def growth(self) -> Decimal | None:
        """E ÷ S: growth, not retention; it may be above 1."""
        return Decimal(self.active_end) / self.active_start if self.active_start else None


@dataclass(frozen=True)
class PurchaseFigures:
    """What was bought in the window, by whom; money in the base currency."""

    buyers: int
    repeat_buyers: int
    orders: int
    revenue: Decimal
    refunds: Decimal

    @property
    def repeat_rate(self) -> Decimal | None:
        """Buyers with ≥ 2 orders ÷ buyers with ≥ 1, both in the window; None without buyers."""
        return Decimal(self.repeat_buyers) / self.buyers if self.buyers else None

    @property
    def frequency(self) -> Decimal | None:
        """Orders per buyer; None without buyers."""
        return Decimal(self.orders) / self.buyers if self.buyers else None

    @property
    def net_revenue(self) -> Decimal:
        """Lines of the orders placed in the window, less refunds given in it."""
        return self.revenue - self.refunds

    @property
    def average_order(self) -> Decimal | None:
        """Revenue per order, before refunds; None without orders."""
        return self.revenue / self.orders if self.orders else None


@dataclass(frozen=True)
class WindowFigures:
    """Everything that is counted of one window."""

    bridge: CustomerBridge
    purchases: PurchaseFigures


def percentage_point_change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """The change of a rate in percentage points."""
    return None if now is None or before is None else (now - before) * 100


def relative_change(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """The change of an amount as a rate of what it was; None where that is zero or unknown."""
    return (now - before) / before if now is not None and before else None


def format_rate(rate: Decimal | None) -> str | None:
    """A rate for machines: a decimal string with six places, None where undefined."""
    return None if rate is None else format(rate.quantize(Decimal("0.000001")), "f")
