"""Which tier a spend deserves, on plain values."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple


class Band(NamedTuple):
    """A tier's thresholds: `enter` to reach it, `keep` to stay in it at the end of the term."""

    id: int
    rank: int
    enter: Decimal
    keep: Decimal


class Progress(NamedTuple):
    """The next tier, how much is missing to it, and how much of its threshold is there."""

    band: Band
    missing: Decimal
    spend: Decimal


def reached(spend: Decimal, bands: Sequence[Band]) -> Band | None:
    """The highest tier whose threshold to enter is reached."""
    return max((band for band in bands if band.enter <= spend), key=lambda band: band.rank, default=None)


def raised(rank: int, spend: Decimal, bands: Sequence[Band]) -> Band | None:
    """The tier to go up to at once, or None: spending never lowers a tier."""
    band = reached(spend, bands)
    return band if band is not None and band.rank > rank else None


def at_term_end(rank: int, spend: Decimal, bands: Sequence[Band]) -> Band:
    """The tier after a review: the own one if its threshold to keep is met, else the highest lower one that is met.

    The lowest tier is always kept.
    """
    lowest = min(bands, key=lambda band: band.rank)
    return max(
        (band for band in bands if band.rank <= rank and band.keep <= spend), key=lambda band: band.rank, default=lowest
    )


def progress(rank: int, spend: Decimal, bands: Sequence[Band]) -> Progress | None:
    """The way to the next tier; None at the top."""
    above = [band for band in bands if band.rank > rank]
    if not above:
        return None
    band = min(above, key=lambda band: band.rank)
    return Progress(band, max(band.enter - spend, Decimal(0)), spend)
