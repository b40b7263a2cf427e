"""The quick computation for all zones says what the slow one says for each."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.kernel.time import zones as world
from retention.care import rules, zone_days

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))


@pytest.mark.rule("RC-4")
@settings(max_examples=15, deadline=None)
@given(INSTANTS, st.integers(1, 10_000), st.sampled_from(["Asia/Shanghai", "Europe/Berlin"]))
def test_days_of_all_zones_are_those_of_each(now, minutes, home):
    since = now - timedelta(minutes=minutes)

    found = zone_days.local_days_by_zone(home, since, now, time(9), time(20))

    assert found.zones == ("", *sorted(world.known_zones()))
    assert found.names[0] == home
    for name, group in zip(found.names, found.groups, strict=True):
        days = rules.local_days(ZoneInfo(name), planned_until=since, now=now, opens=time(9), closes=time(20))
        assert found.days[group] == days
