from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.tiers import rules
from loyalty.tiers.rules import TierBand

BANDS = [
    TierBand(1, 1, Decimal(0), Decimal(0)),
    TierBand(2, 2, Decimal(2000), Decimal(1500)),
    TierBand(3, 3, Decimal(6000), Decimal(5000)),
    TierBand(4, 4, Decimal(18000), Decimal(15000)),
]
spends = st.decimals(0, 50_000, places=2)


@pytest.mark.rule("LO-30")
@pytest.mark.parametrize(("spend", "rank"), [("0", 1), ("1999.99", 1), ("2000", 2), ("6000", 3), ("99999", 4)])
def test_the_threshold_itself_reaches_the_tier(spend: str, rank: int) -> None:
    found = rules.band_of_spend(Decimal(spend), BANDS)

    assert found is not None
    assert found.rank == rank


@pytest.mark.rule("LO-31")
@given(rank=st.integers(1, 4), spend=spends)
def test_spending_never_lowers(rank: int, spend: Decimal) -> None:
    found = rules.band_to_rise_to(rank, spend, BANDS)

    assert found is None or found.rank > rank


@pytest.mark.rule("LO-31")
@given(rank=st.integers(1, 4), spend=spends)
def test_a_review_never_raises_and_keeps_what_is_deserved(rank: int, spend: Decimal) -> None:
    found = rules.band_at_term_end(rank, spend, BANDS)

    assert found.rank <= rank
    assert found.keep <= spend or found.rank == 1
    assert all(band.keep > spend for band in BANDS if found.rank < band.rank <= rank)


@pytest.mark.rule("LO-32")
def test_progress_says_what_is_missing() -> None:
    ahead = rules.progress_to_next_band(3, Decimal(13_250), BANDS)

    assert ahead is not None
    assert (ahead.band.rank, ahead.missing) == (4, Decimal(4_750))
    assert rules.progress_to_next_band(4, Decimal(1), BANDS) is None
