"""Risk of leaving: how long somebody has been quiet, against the gap that they usually leave between purchases.

Who is late is told by the own rhythm; who of the late comes first is told as plain recency tells it
(docs/decisions/0059).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# Nobody is called late within a week, however often they used to buy.
SHORTEST_GAP_DAYS = Decimal(7)
# Quiet for twice the usual gap is at risk, for three times at high risk.
AT_RISK, HIGH = Decimal(2), Decimal(3)
# So many customers with a rhythm of their own make one for the company.
LEAST_RHYTHMS = 10
# The company's word counts as much as so many purchases of one's own.
COMPANY_WEIGHT = 1


class RiskLevel(StrEnum):
    LOW = "low"
    MID = "mid"
    HIGH = "high"


@dataclass(frozen=True)
class CommonRhythm:
    """How the company's customers buy, for whom has no rhythm of their own and to draw all values toward.

    `gap_days`: the median of the own usual gaps. `pace_days`: the days of all customers, each from the first purchase
    until they counted as lost or until now, per further day of purchase; who never came back is in it. `day_spend`: net
    spend per day of purchase, in the base currency. `ranking_gap_days`: see `ranking_gap`.
    """

    gap_days: Decimal
    ranking_gap_days: Decimal
    pace_days: Decimal
    day_spend: Decimal


@dataclass(frozen=True)
class PurchaseHistory:
    """What somebody bought: on how many local days, how many days lie between the first and the last, the net spend."""

    purchase_days: int
    span_days: Decimal
    net_spend: Decimal


@dataclass(frozen=True)
class RiskEstimate:
    """A risk with what it rests on: days quiet, the usual gap in days, how many of those gaps the quiet lasts, and how
    many of the company's, which ranks."""

    quiet_days: int
    usual_gap: Decimal
    lateness: Decimal
    ratio: Decimal

    @property
    def level(self) -> RiskLevel:
        """Low until twice the usual gap; then high from three times the gap that ranks on."""
        if self.lateness < AT_RISK:
            return RiskLevel.LOW
        return RiskLevel.HIGH if self.ratio >= HIGH else RiskLevel.MID

    @property
    def score(self) -> int:
        """0–99: ratio ÷ (1 + ratio) in hundredths, so quiet for one of those gaps is 50, for three 75. It grows with the
        days quiet alone: a rank, not a probability."""
        return min(99, int(100 * self.ratio / (1 + self.ratio)))


def estimate_risk(quiet: Decimal | int, usual_gap: Decimal, ranking_gap: Decimal | None = None) -> RiskEstimate:
    """The risk of somebody quiet for so many days, with their fraction: the usual gap is the own one, else the company's.

    In a company without a gap that ranks (None), the usual gap does.
    """
    lateness = Decimal(quiet) / max(usual_gap, SHORTEST_GAP_DAYS)
    ratio = lateness if ranking_gap is None else Decimal(quiet) / max(ranking_gap, SHORTEST_GAP_DAYS)
    return RiskEstimate(int(quiet), usual_gap, lateness, ratio)


def ranking_gap(common_gap: Decimal, active_days: int) -> Decimal:
    """The gap that measures everybody alike: the company's, at most a quarter of the days after which somebody counts as
    lost, so that high risk comes before."""
    return min(common_gap, Decimal(active_days) / 4)


def value_at_risk(history: PurchaseHistory, common: CommonRhythm | None) -> Decimal:
    """What somebody would bring in a year, in the base currency: spend per day of purchase × 365 ÷ pace in days.

    Both are drawn toward the company's, the more the less is known of the customer (w = COMPANY_WEIGHT, n = days of
    purchase):

        pace = (span + w × company's pace) ÷ (n − 1 + w)    spend = (net spend + w × company's) ÷ (n + w)

    Who bought on one day has just the company's pace. Without a common rhythm w is 0, and who bought on one day has no
    pace: 0. Never below 0, nor more than a purchase a week.
    """
    weight = COMPANY_WEIGHT if common else 0
    gaps = history.purchase_days - 1 + weight
    if gaps < 1:
        return Decimal(0)
    pace = (history.span_days + (common.pace_days * weight if common else 0)) / gaps
    spend = (history.net_spend + (common.day_spend * weight if common else 0)) / (history.purchase_days + weight)
    return max(Decimal(0), spend * 365 / max(pace, SHORTEST_GAP_DAYS))


def ranking_auc(leavers: list[Decimal], stayers: list[Decimal]) -> Decimal | None:
    """How well a number tells leavers from stayers: the share of pairs in which the leaver's is higher, ties counted half
    (the area under the ROC curve; Mann and Whitney 1947). 0.5 is chance; None without a pair."""
    if not leavers or not stayers:
        return None
    ranked = sorted([(value, True) for value in leavers] + [(value, False) for value in stayers])
    rank_sum, place = Decimal(0), 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        middle_rank = Decimal(place + 1 + end) / 2
        rank_sum += middle_rank * sum(is_leaver for _value, is_leaver in ranked[place:end])
        place = end
    pairs = len(leavers) * len(stayers)
    return (rank_sum - Decimal(len(leavers) * (len(leavers) + 1)) / 2) / pairs
