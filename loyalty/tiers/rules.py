"""The tier that a spend deserves, on plain values."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple


class TierBand(NamedTuple):
    """A tier's thresholds: `enter` to reach it, `keep` to stay in it at the end of the term."""

    id: int
    rank: int
    enter: Decimal
    keep: Decimal


class TierProgress(NamedTuple):
    """The next tier, the spend missing to it, and the spend so far."""

    band: TierBand
    missing: Decimal
    spend: Decimal


def band_of_spend(spend: Decimal, bands: Sequence[TierBand]) -> TierBand | None:
    """The highest tier whose threshold to enter is reached."""
    return max((band for band in bands if band.enter <= spend), key=lambda band: band.rank, default=None)


def band_to_rise_to(rank: int, spend: Decimal, bands: Sequence[TierBand]) -> TierBand | None:
    """The tier to go up to at once, or None: spending never lowers a tier."""
    band = band_of_spend(spend, bands)
    return band if band is not None and band.rank > rank else None


def band_at_term_end(rank: int, spend: Decimal, bands: Sequence[TierBand]) -> TierBand:
    """The tier after a review: the present one if the spend is enough to keep it, else the highest lower one it keeps.

    The lowest tier is always kept.
    """
    lowest = min(bands, key=lambda band: band.rank)
    return max(
        (band for band in bands if band.rank <= rank and band.keep <= spend), key=lambda band: band.rank, default=lowest
    )


def progress_to_next_band(rank: int, spend: Decimal, bands: Sequence[TierBand]) -> TierProgress | None:
    """The next tier and what is missing to it; None at the top."""
    above = [band for band in bands if band.rank > rank]
    if not above:
        return None
    band = min(above, key=lambda band: band.rank)
    return TierProgress(band, max(band.enter - spend, Decimal(0)), spend)
