"""How quiet against the own rhythm becomes a score and a level."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from retention.risk import rules


def test_part_of_a_day_counts_for_the_level_and_is_not_shown():
    risk = rules.estimate_risk(Decimal("98.6"), Decimal("49"))

    assert (risk.level, risk.quiet_days, risk.score) == (rules.RiskLevel.MID, 98, 50)


@given(quiet=st.integers(0, 5000), gap=st.decimals(0, 1000, places=2))
def test_score_grows_with_the_ratio_and_stays_in_bounds(quiet, gap):
    risk = rules.estimate_risk(quiet, gap)

    assert 0 <= risk.score <= 99
    assert rules.estimate_risk(quiet + 30, gap).score >= risk.score
    assert (risk.level is rules.RiskLevel.LOW) == (risk.ratio < rules.AT_RISK)
