"""Risk by own rhythm: how long someone has been quiet against the gap that he usually leaves between orders."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# Nobody is called late within a week, however often he used to buy.
SHORTEST_GAP_DAYS = Decimal(7)
# Quiet for twice the usual gap is at risk, for three times at high risk.
AT_RISK, HIGH = Decimal(2), Decimal(3)


class RiskLevel(StrEnum):
    LOW = "low"
    MID = "mid"
    HIGH = "high"


@dataclass(frozen=True)
class RiskEstimate:
    """A risk with what it rests on: days quiet, the usual gap in days, and their ratio."""

    quiet_days: int
    usual_gap: Decimal
    ratio: Decimal

    @property
    def level(self) -> RiskLevel:
        return RiskLevel.HIGH if self.ratio >= HIGH else RiskLevel.MID if self.ratio >= AT_RISK else RiskLevel.LOW

    @property
    def score(self) -> int:
        """0–99: 1 − 1/ratio in hundredths, so twice the gap is 50, four times 75. A rank, not a probability."""
        return max(0, min(99, int((1 - 1 / self.ratio) * 100))) if self.ratio > 1 else 0


def estimate_risk(quiet: Decimal | int, usual_gap: Decimal) -> RiskEstimate:
    """The risk of somebody quiet for so many days (with their fraction) whose orders usually lie `usual_gap` days apart."""
    gap = max(usual_gap, SHORTEST_GAP_DAYS)
    return RiskEstimate(int(quiet), usual_gap, Decimal(quiet) / gap)


def value_at_risk(average_order: Decimal, usual_gap: Decimal) -> Decimal:
    """What his rhythm would bring in a year: mean order × 365 ÷ usual gap, in the base currency."""
    return average_order * 365 / max(usual_gap, SHORTEST_GAP_DAYS)
