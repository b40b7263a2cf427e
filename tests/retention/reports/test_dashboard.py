"""The dashboard's trend, cohorts and tiles against a small shop that can be counted by hand."""

from datetime import date, datetime

import pytest
from django.utils.translation import override

from crm.kernel.time.periods import Period
from retention.reports import dashboard
from retention.reports.filters import PeriodChoice

TODAY = date(2026, 6, 15)


@pytest.fixture
def buyer(make_customer, make_order):
    """A customer who bought on these days, for ¥40 each time."""

    def make(name, *days):
        customer = make_customer(name)
        for day in days:
            make_order(customer, 40, placed_at=datetime.fromisoformat(f"{day}T04:00Z"))

    return make


@pytest.fixture
def build(make_user):
    """The dashboard of a year up to a day, as a manager reads it."""

    def build_up_to(end):
        choice = PeriodChoice("custom", Period(end.replace(year=end.year - 1), end))
        with override("en"):
            return dashboard.build_dashboard(choice, TODAY, "en", make_user("manager"))

    return build_up_to


@pytest.mark.rule("RM-2")
def test_trend_is_of_this_year_and_the_line_beside_it_of_the_year_before(buyer, build):
    buyer("stayed 1", "2024-07-15", "2025-07-15")
    buyer("stayed 2", "2024-07-15", "2025-07-15")
    buyer("left 1", "2024-07-15")
    buyer("left 2", "2023-07-15", "2024-07-20")
    buyer("left the year before", "2023-07-15")

    trend = build(date(2026, 6, 1)).trend

    # On 1 June 2025 four had bought within a year, of whom two did so again; on 1 June 2024 two, of whom one did.
    assert [series.name for series in trend.series] == ["Retention", "A year earlier"]
    assert [(series.values[-1], series.sample_sizes[-1]) for series in trend.series] == [(50, 4), (50, 2)]
    assert trend.bars_below.values[-1] == 2


@pytest.mark.rule("RM-2")
def test_tiles_and_trend_say_one_number(buyer, build):
    for number in range(37):
        buyer(f"stayed {number}", "2024-07-15", "2025-07-15")
    for number in range(36):
        buyer(f"left {number}", "2024-07-15")

    board = build(date(2026, 6, 1))

    # 37 of 73 are 50.68 %: 50.7 in the tile, the table, the picture and the sentence below it.
    (_label, cells) = board.trend.rows()[-1]
    assert (board.tiles[0].value, cells[0].text) == ("50.7", "50.7%")
    assert board.trend.payload()["series"][0]["values"][-1] == 50.7
    assert board.trend.summary.endswith("to 50.7%.")


@pytest.mark.rule("RM-6")
def test_cohorts_say_who_came_back_and_which_month_still_runs(buyer, build):
    buyer("came back", "2026-03-10", "2026-05-10", "2026-06-10")
    buyer("came once", "2026-03-20")

    march = next(row for row in build(date(2026, 6, 16)).cohorts if row.month == "Mar 26")

    assert march.size == 2
    assert [(cell.customers, str(cell.share), cell.partial) for cell in march.cells] == [
        (0, "0", False),
        (1, "0.5", False),
        (1, "0.5", True),
    ]


@pytest.mark.rule("RM-6")
def test_month_that_still_runs_is_hatched_on_the_page_and_no_other(at, buyer, client_as):
    at("2026-06-15T12:00:00+08:00")
    buyer("came back", "2026-05-10", "2026-06-10")

    page = client_as("manager").get("/retention/?period=year").content.decode()
    past = client_as("manager").get("/retention/?period=custom&start=2025-06-01&last=2026-05-31").content.decode()

    assert page.count("is-partial") == 1
    assert past.count("is-partial") == 0


def test_lifetime_value_is_compared_with_what_the_earlier_group_was_worth_then(buyer, build):
    buyer("stays", "2024-08-01", "2024-09-01", "2025-08-01")
    buyer("left", "2024-08-01")
    buyer("came", "2025-08-01", "2025-09-01")

    tile = next(tile for tile in build(date(2026, 6, 1)).tiles if tile.label == "Lifetime value so far")

    # On 31 May 2025 (80 + 40) / 2 = 60; a year later (120 + 80) / 2 = 100.
    assert (tile.value, tile.change, tile.direction, tile.note) == ("¥100", "66.7%", "up", "from ¥60")
