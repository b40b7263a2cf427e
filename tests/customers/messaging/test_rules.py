"""The door's decisions on plain values: quiet hours over midnight and DST, order of the questions, pauses, replies."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from customers.messaging import rules
from customers.messaging.rules import ChannelPolicy, DecisionInput

ZONES = [
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Australia/Lord_Howe",
]
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))
NIGHT = ChannelPolicy(quiet_from=time(21), quiet_until=time(8), defaults={"service": True})


def question(**fields):
    return DecisionInput(
        **{
            "purpose": "care",
            "topic": "care",
            "address": "a@b.example",
            "time_zone": "Asia/Shanghai",
            "consent": True,
            **fields,
        }
    )


questions = st.builds(
    question,
    purpose=st.sampled_from(rules.PURPOSES),
    address=st.sampled_from(["", "a@b.example"]),
    suppression_reasons=st.frozensets(st.sampled_from(sorted(rules.PURPOSES_LET_THROUGH)), max_size=2),
    consent=st.sampled_from([None, True, False]),
    is_archived=st.booleans(),
    control_draw=st.floats(0, 1, exclude_max=True),
    forced=st.booleans(),
)


@pytest.mark.rule("CU-42", "RC-7")
@given(asked=questions, at=moments, control=st.sampled_from([0.0, 0.3]))
def test_who_is_turned_away_is_dropped_at_every_hour_and_nobody_else(asked, at, control):
    policy = ChannelPolicy(quiet_from=time(21), quiet_until=time(8), control_rate=control, defaults={"care": False})

    verdict = rules.decide_verdict(asked, policy, at)

    refusal = rules.refusal_reason(asked, policy, at)
    assert refusal == (verdict.reason if verdict.outcome == "drop" else "")


@pytest.mark.rule("CU-42")
def test_event_at_half_past_eleven_is_deferred_to_eight_with_its_reason():
    at = datetime.fromisoformat("2026-05-04T23:30:00+08:00")

    verdict = rules.decide_verdict(question(), NIGHT, at)

    assert (verdict.outcome, verdict.reason) == ("defer", "quiet_hours")
    assert verdict.until == datetime.fromisoformat("2026-05-05T08:00:00+08:00")


@pytest.mark.rule("CU-42")
@pytest.mark.parametrize(
    ("local", "quiet"),
    [
        ("20:59", False),
        ("21:00", True),
        ("23:59", True),
        ("00:00", True),
        ("07:59", True),
        ("08:00", False),
        ("12:00", False),
    ],
)
def test_quiet_hours_wrap_midnight(local, quiet):
    at = datetime.fromisoformat(f"2026-05-04T{local}:00+08:00")

    assert rules.is_quiet(at, "Asia/Shanghai", time(21), time(8)) is quiet


@pytest.mark.rule("CU-42")
def test_wall_time_that_dst_skips_is_the_next_valid_minute():
    assert rules.local_instant(date(2026, 3, 29), time(2, 30), "Europe/Berlin") == datetime(
        2026, 3, 29, 1, 0, tzinfo=UTC
    )
    assert rules.local_instant(date(2026, 10, 25), time(2, 30), "Europe/Berlin") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


@pytest.mark.rule("CU-42")
def test_quiet_hours_that_end_in_the_repeated_hour_end_once_passed():
    berlin = ZoneInfo("Europe/Berlin")
    second_pass = datetime(2026, 10, 25, 2, 10, tzinfo=berlin, fold=1)

    assert rules.quiet_end(second_pass, "Europe/Berlin", time(21), time(2, 30)) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


@pytest.mark.rule("CU-42")
@given(moments, st.sampled_from(ZONES), walls, walls)
def test_quiet_hours_always_end_in_an_open_moment_within_two_days(at, zone, start, end):
    ends = rules.quiet_end(at, zone, start, end)

    assert (ends is not None) == rules.is_quiet(at, zone, start, end)
    if ends:
        assert at < ends <= at + timedelta(hours=49)
        assert not rules.is_quiet(ends, zone, start, end)


changes = st.builds(
    lambda change, minutes: datetime.fromisoformat(change) + timedelta(minutes=minutes),
    st.sampled_from(["2026-10-25T01:00:00+00:00", "2026-11-01T06:00:00+00:00", "2026-03-29T01:00:00+00:00"]),
    st.integers(-180, 180),
)


@pytest.mark.rule("CU-42")
@given(moments | changes, st.sampled_from(ZONES), walls, walls, st.floats(0, 1))
def test_nothing_has_to_be_asked_again_before_the_door_closes(at, zone, start, end, share):
    assume(not rules.is_quiet(at, zone, start, end))

    until = rules.open_until(at, zone, ChannelPolicy(quiet_from=start, quiet_until=end))

    moment = max(at, min(at + share * (until - at), until - timedelta.resolution))
    assert at <= until <= at + timedelta(hours=25)
    assert not rules.is_quiet(moment, zone, start, end)
    assert moment.astimezone(ZoneInfo(zone)).date() == at.astimezone(ZoneInfo(zone)).date()


@pytest.mark.rule("CU-42")
def test_the_door_is_open_until_the_quiet_hours_or_midnight():
    noon = datetime.fromisoformat("2026-06-10T12:00:00+08:00")

    found = [
        rules.open_until(noon, "Asia/Shanghai", ChannelPolicy(quiet_from=start, quiet_until=end))
        for start, end in [(time(21), time(8)), (time(1), time(8)), (time(0), time(0))]
    ]

    assert found == [
        datetime.fromisoformat(each) for each in ("2026-06-10T21:00:00+08:00", *["2026-06-11T00:00:00+08:00"] * 2)
    ]


@pytest.mark.rule("CU-42")
@given(moments, st.sampled_from(ZONES))
def test_next_morning_is_open_and_on_a_later_day(at, zone):
    day = at.astimezone(ZoneInfo(zone)).date()

    morning = rules.next_morning(day, zone, NIGHT)

    assert morning > at
    assert morning.astimezone(ZoneInfo(zone)).date() == day + timedelta(days=1)
    assert not rules.is_quiet(morning, zone, NIGHT.quiet_from, NIGHT.quiet_until)


@pytest.mark.rule("CU-41", "CU-42")
def test_questions_are_asked_in_their_order():
    night = datetime.fromisoformat("2026-05-04T23:30:00+08:00")
    policy = ChannelPolicy(quiet_from=time(21), quiet_until=time(8), control_rate=1.0)
    asked = question(suppression_reasons=frozenset({"complained"}), consent=None, control_draw=0.5)

    reasons = [rules.decide_verdict(asked, policy, night).reason]
    asked = question(consent=None, control_draw=0.5)
    reasons.append(rules.decide_verdict(asked, policy, night).reason)
    asked = question(control_draw=0.5)
    reasons.append(rules.decide_verdict(asked, policy, night).reason)
    asked = question(control_draw=1.0)
    reasons.append(rules.decide_verdict(asked, policy, night).reason)

    assert reasons == ["complained", "no_consent", "control_group", "quiet_hours"]


@pytest.mark.rule("CU-41")
@pytest.mark.parametrize(
    ("reason", "passing"),
    [
        ("bounced", set()),
        ("complained", {"ticket", "security", "transactional"}),
        ("unsubscribed_all", {"ticket", "security", "transactional"}),
        ("manual", {"ticket", "security", "transactional"}),
        ("erased", {"ticket", "security"}),
    ],
)
def test_each_reason_covers_its_purposes(reason, passing):
    assert {purpose for purpose in rules.PURPOSES if not rules.is_purpose_suppressed(reason, purpose)} == passing


@pytest.mark.rule("CU-43")
@given(st.integers(1, 12), st.floats(-1, 1))
def test_pauses_grow_and_end(attempts, jitter):
    pause = rules.retry_delay(attempts, jitter)

    if attempts > 7:
        assert pause is None
    else:
        assert pause is not None
        assert 0.79 <= pause / rules.RETRY_DELAYS[attempts - 1] <= 1.21


@pytest.mark.rule("CU-42")
@given(st.sets(st.integers(1, 10**9), min_size=300, max_size=300))
def test_control_group_is_stable_and_about_its_size(ids):
    inside = [pk for pk in ids if rules.control_group_draw(pk) < 0.3]

    assert inside == [pk for pk in ids if rules.control_group_draw(pk) < 0.3]
    assert 40 < len(inside) < 145


@pytest.mark.rule("CU-43")
def test_brake_pause_doubles_up_to_half_an_hour():
    minutes = [rules.brake_pause(pauses) / timedelta(minutes=1) for pauses in (0, 1, 2, 3, 4, 5, 100)]

    assert minutes == [1, 2, 4, 8, 16, 30, 30]
