"""The period of a report, from the address of the page."""

from datetime import date

import pytest

from crm.kernel.time.periods import BadPeriod
from retention.reports.filters import parse_period_choice

TODAY = date(2026, 5, 17)


@pytest.mark.parametrize(
    ("preset", "start", "end"),
    [
        ("12m", "2025-05-18", "2026-05-18"),
        ("quarter", "2026-01-01", "2026-04-01"),
        ("month", "2026-04-01", "2026-05-01"),
        ("90d", "2026-02-17", "2026-05-18"),
        ("year", "2026-01-01", "2026-05-18"),
        ("last_year", "2025-01-01", "2026-01-01"),
    ],
)
def test_preset_is_a_period_up_to_today_or_a_whole_one_before(preset, start, end):
    choice = parse_period_choice({"period": preset}, TODAY)

    assert (str(choice.period.start), str(choice.period.end)) == (start, end)
    assert choice.query == f"period={preset}"


def test_page_without_a_period_shows_the_last_twelve_months():
    assert parse_period_choice({}, TODAY) == parse_period_choice({"period": "12m"}, TODAY)


def test_own_dates_end_with_their_last_day():
    choice = parse_period_choice({"start": "2026-02-01", "last": "2026-02-28"}, TODAY)

    assert (choice.period.end, choice.last) == (date(2026, 3, 1), date(2026, 2, 28))
    assert choice == parse_period_choice({"period": "custom", "start": "2026-02-01", "end": "2026-03-01"}, TODAY)
    assert choice.query == "period=custom&start=2026-02-01&end=2026-03-01"


@pytest.mark.rule("PL-51")
@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"period": "fortnight"}, "period"),
        ({"period": "custom"}, "start"),
        ({"start": "2026-02-30", "end": "2026-03-01"}, "start"),
        ({"start": "2026-02-01", "end": "soon"}, "end"),
        ({"start": "1989-12-31", "end": "2026-03-01"}, "start"),
        ({"start": "2026-02-01", "end": "2100-01-02"}, "end"),
    ],
)
def test_wrong_period_is_refused_by_the_name_of_the_parameter(params, named):
    with pytest.raises(BadPeriod, match=named):
        parse_period_choice(params, TODAY)
