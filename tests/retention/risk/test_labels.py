"""The risk in words: why, and what a list says of who has no score."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils.translation import override

from crm.kernel.time import clock
from retention.risk import labels


@pytest.mark.rule("RM-22")
@pytest.mark.parametrize(
    ("quiet", "gap", "is_own", "text"),
    [
        (94, "19.4", True, "94 days quiet, usually buys every 19"),
        (94, "12.5", True, "94 days quiet, usually buys every 13"),
        (1, "0.2", True, "1 day quiet, usually buys every 1"),
        (61, "30", False, "61 days quiet, customers usually buy every 30"),
    ],
)
def test_reason_says_whose_gap_it_is(quiet, gap, is_own, text):
    with override("en"):
        assert labels.risk_reason_text(quiet, Decimal(gap), is_own=is_own) == text


@pytest.mark.parametrize(
    ("usual_gap", "days", "text"), [(None, 5, None), (Decimal(30), 5, "low"), (Decimal(30), 366, "Gone")]
)
def test_who_has_no_score_is_low_gone_or_unknown(db, usual_gap, days, text):
    row = SimpleNamespace(usual_gap=usual_gap, last_order_at=clock.now() - timedelta(days=days))

    with override("en"):
        display = labels.RISK_FACT.format_missing(row)

    assert (display and display.text) == text


def test_score_is_shown_in_the_color_of_its_level():
    display = labels.RISK_FACT.format("high", Decimal(76))

    assert (display.text, display.style, display.tone) == ("76", "risk", "high")
