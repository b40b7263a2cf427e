"""How quiet against the usual gap becomes a score and a level, and what somebody would bring in a year."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention.risk import rules
from retention.risk.rules import CommonRhythm, PurchaseHistory, RiskLevel

GAPS = st.decimals(1, 1000, places=2)
# Half of those with a rhythm buy every 30 days, a customer at large every 120, for 80 a day.
COMMON = CommonRhythm(gap_days=Decimal(30), ranking_gap_days=Decimal(30), pace_days=Decimal(120), day_spend=Decimal(80))


def test_part_of_a_day_counts_for_the_level_and_is_not_shown():
    risk = rules.estimate_risk(Decimal("98.6"), Decimal("49"))

    assert (risk.level, risk.quiet_days, risk.score) == (RiskLevel.MID, 98, 66)


@pytest.mark.rule("RM-22")
@pytest.mark.parametrize(
    ("quiet", "usual_gap", "ranking_gap", "level", "score"),
    [
        (59, 30, None, RiskLevel.LOW, 66),
        (60, 30, None, RiskLevel.MID, 66),
        (90, 30, None, RiskLevel.HIGH, 75),
        (13, 1, None, RiskLevel.LOW, 65),  # nobody is late within two weeks
        (60, 10, 60, RiskLevel.MID, 50),  # late by their own gap, and one gap of the company quiet
        (180, 10, 60, RiskLevel.HIGH, 75),
        (180, 100, 60, RiskLevel.LOW, 75),  # not late by their own
    ],
)
def test_own_gap_says_who_is_late_and_the_companys_how_much(quiet, usual_gap, ranking_gap, level, score):
    risk = rules.estimate_risk(quiet, Decimal(usual_gap), None if ranking_gap is None else Decimal(ranking_gap))

    assert (risk.level, risk.score) == (level, score)


@pytest.mark.rule("RM-22")
@given(quiet=st.integers(0, 5000), usual_gap=GAPS, other_gap=GAPS, ranking_gap=GAPS)
def test_rank_is_of_the_days_quiet_alone(quiet, usual_gap, other_gap, ranking_gap):
    risk = rules.estimate_risk(quiet, usual_gap, ranking_gap)

    assert 0 <= risk.score <= 99
    assert rules.estimate_risk(quiet, other_gap, ranking_gap).ratio == risk.ratio
    assert rules.estimate_risk(quiet + 1, other_gap, ranking_gap).ratio > risk.ratio
    assert rules.estimate_risk(quiet + 30, usual_gap, ranking_gap).score >= risk.score
    assert (risk.level is RiskLevel.LOW) == (risk.lateness < rules.AT_RISK)


@pytest.mark.rule("RM-22")
def test_gap_that_ranks_leaves_room_for_high_risk_before_somebody_counts_as_lost():
    assert rules.ranking_gap(Decimal(60), 365) == 60
    assert rules.ranking_gap(Decimal(190), 365) == Decimal("91.25")


@pytest.mark.rule("RM-22")
@pytest.mark.parametrize(
    ("days", "span", "spend", "common", "value"),
    [
        # ¥200 of one day: a day of the company's pace, spend halfway to the company's: (200 + 80) / 2 × 365 / 120.
        (1, 0, 200, COMMON, "425.83"),
        # Two days a day apart: pace (1 + 120) / 2, spend (200 + 80) / 3.
        (2, 1, 200, COMMON, "563.09"),
        # Eleven days thirty apart, a hundred each: pace (300 + 120) / 11, spend (1100 + 80) / 12.
        (11, 300, 1100, COMMON, "940.02"),
        # Nobody to be drawn toward: what one's own days say, and nothing of one day.
        (3, 60, 300, None, "1216.67"),
        (1, 0, 200, None, "0.00"),
        # Not more than a purchase a week, and never below nothing.
        (3, 2, 300, None, "5214.29"),
        (3, 60, -300, None, "0.00"),
    ],
)
def test_value_is_drawn_toward_the_companys_the_more_the_less_is_known(days, span, spend, common, value):
    history = PurchaseHistory(days, Decimal(span), Decimal(spend))

    assert round(rules.value_at_risk(history, common), 2) == Decimal(value)


@pytest.mark.parametrize(
    ("leavers", "stayers", "auc"),
    [
        ((90, 80), (20, 10), "1"),
        ((20, 10), (90, 80), "0"),
        ((50,), (50,), "0.5"),
        ((90, 40), (60, 10), "0.75"),
        ((50, 50, 90), (50, 10), "0.8333"),
        ((), (10,), None),
        ((10,), (), None),
    ],
)
def test_auc_is_the_share_of_pairs_in_their_right_order(leavers, stayers, auc):
    measured = rules.ranking_auc([Decimal(number) for number in leavers], [Decimal(number) for number in stayers])

    assert measured == (None if auc is None else pytest.approx(Decimal(auc), abs=Decimal("0.0001")))
