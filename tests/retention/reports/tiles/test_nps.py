"""What the tile of the score says of a change."""

from datetime import date
from decimal import Decimal

import pytest

from crm.kernel.time.periods import Period
from feedback.surveys import survey_kinds
from retention.metrics import windows
from retention.metrics.rules import CustomerBridge, PurchaseFigures, WindowFigures
from retention.reports.drilldown import DrilldownLinks
from retention.reports.tiles import TileInputs, nps

NOBODY = WindowFigures(CustomerBridge(0, 0, 0, 0), PurchaseFigures(0, 0, 0, Decimal(0), Decimal(0)))
NO_VALUE = ((None, 0), (None, 0))


def nps_of(promoters, passives, detractors):
    counts = {"promoter": promoters, "passive": passives, "detractor": detractors}
    return survey_kinds.get_survey_kind("nps").score(counts)


LOVED, LIKED, UNASKED = nps_of(60, 30, 10), nps_of(40, 30, 30), nps_of(0, 0, 0)  # +50, +10, and nobody


def nps_tile(now, before, reader):
    months = Period(date(2026, 4, 1), date(2026, 7, 1)), Period(date(2026, 1, 1), date(2026, 4, 1))
    window, earlier = (windows.metric_window(months[0]), windows.metric_window(months[1]))
    links = DrilldownLinks(reader)
    return nps.nps_tile(TileInputs(window, earlier, NOBODY, NOBODY, NO_VALUE, (now, before), [], "CNY", "en", links))


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (LOVED, LIKED, ("40", "up", "from +10")),
        (LIKED, LOVED, ("40", "down", "from +50")),
        (LIKED, LIKED, ("unchanged", "", "")),
        (LIKED, UNASKED, ("", "", "")),
        (UNASKED, LIKED, ("", "", "")),
    ],
)
def test_the_score_says_from_where_it_came_and_says_when_it_stayed(make_user, now, before, said):
    tile = nps_tile(now, before, make_user())

    assert (tile.change, tile.direction, tile.note) == said
