"""Local days, the holdout, the smallest effect."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.time import zones
from retention.care import rules

ZONES = st.sampled_from(sorted(zones.known_zones()))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))
NINE, TWENTY = time(9), time(20)


@pytest.mark.rule("RC-4")
@pytest.mark.parametrize(
    ("day", "wall", "zone", "instant"),
    [
        (date(2026, 3, 29), time(2, 30), "Europe/Berlin", "2026-03-29T01:00:00+00:00"),  # the hour does not exist
        (date(2026, 3, 29), time(3, 0), "Europe/Berlin", "2026-03-29T01:00:00+00:00"),
        (date(2026, 10, 25), time(2, 30), "Europe/Berlin", "2026-10-25T00:30:00+00:00"),  # the first of two
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", "2026-10-03T15:30:00+00:00"),  # a gap of half an hour
        (date(2011, 12, 30), time(9), "Pacific/Apia", "2011-12-30T10:00:00+00:00"),  # a day that never was
        (date(2026, 6, 1), time(9), "Pacific/Kiritimati", "2026-05-31T19:00:00+00:00"),  # UTC+14
        (date(2026, 6, 1), time(9), "Pacific/Pago_Pago", "2026-06-01T20:00:00+00:00"),  # UTC−11
    ],
)
def test_local_instant_at_the_edges_of_clocks(day, wall, zone, instant):
    assert rules.local_instant(day, wall, ZoneInfo(zone)).isoformat() == instant


@pytest.mark.rule("RC-4")
@given(ZONES, INSTANTS, st.integers(0, 23))
def test_local_instant_shows_that_time_or_the_first_after_the_gap(name, instant, hour):
    zone = ZoneInfo(name)
    day = instant.astimezone(zone).date()

    found = rules.local_instant(day, time(hour), zone)

    shown = found.astimezone(zone).replace(tzinfo=None)
    wanted = datetime.combine(day, time(hour))
    just_before = (found - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    assert shown == wanted or (just_before < wanted < shown)


@pytest.mark.rule("RC-4")
@given(ZONES, INSTANTS, st.integers(1, 20_000))
def test_every_local_day_opens_in_exactly_one_stretch_of_plannings(name, start, minutes):
    """Plan at any steps: between the first and last planning each day that opened and was not closed is looked at."""
    zone, end = ZoneInfo(name), start + timedelta(minutes=minutes)

    days = rules.local_days(zone, planned_until=start, now=end, opens=NINE, closes=TWENTY)
    seen = set(rules.days_between(days.unclosed, days.opened))

    first, last = start.astimezone(zone).date() - timedelta(days=2), end.astimezone(zone).date() + timedelta(days=2)
    for day in rules.days_between(first, last):
        opens, closes = (rules.local_instant(day, hour, zone) for hour in (NINE, TWENTY))
        assert (day in seen) == (opens <= end and closes > start)


@pytest.mark.rule("RC-4")
def test_auckland_is_a_day_ahead_of_the_server():
    zone = ZoneInfo("Pacific/Auckland")
    before, after = (datetime(2026, 7, 14, 20, minute, tzinfo=UTC) for minute in (59, 0))

    closed = rules.local_days(zone, planned_until=after - timedelta(minutes=1), now=before, opens=NINE, closes=TWENTY)
    opened = rules.local_days(zone, planned_until=before, now=before + timedelta(minutes=1), opens=NINE, closes=TWENTY)

    assert (closed.opened, opened.opened) == (date(2026, 7, 14), date(2026, 7, 15))


@pytest.mark.rule("RC-6")
@given(st.integers(1, 10**12), st.integers(1, 10**6), st.floats(0, 0.5))
def test_holdout_is_stable_and_grows_with_the_share(customer, program, share):
    position = rules.holdout_position(customer, program)

    assert 0 <= position < 1
    assert rules.is_held_out(customer, program, share) == (position < share)
    assert not rules.is_held_out(customer, program, 0)


@pytest.mark.rule("RC-6")
def test_holdout_share_is_kept_and_independent_between_programmes():
    held = [{c for c in range(20_000) if rules.is_held_out(c, program, 0.1)} for program in (1, 2)]

    assert all(1_880 <= len(group) <= 2_120 for group in held)  # ± 3 standard deviations
    assert 150 <= len(held[0] & held[1]) <= 250


@pytest.mark.rule("RC-6")
def test_smallest_effect_of_a_tenth_held_out():
    effect = rules.smallest_detectable_effect(0.12, 9_000, 1_000)

    assert effect == pytest.approx(0.03035, abs=1e-5)
    assert rules.smallest_detectable_effect(0.12, 0, 10) is None
    assert rules.split_by_holdout(9_356, 0.1) == (8_420, 936)


@given(st.floats(0.01, 0.99), st.integers(1, 10**6), st.integers(1, 10**6))
def test_smallest_effect_shrinks_with_more_people(rate, treated, held_out):
    assert rules.smallest_detectable_effect(rate, treated * 2, held_out) < rules.smallest_detectable_effect(
        rate, treated, held_out
    )
