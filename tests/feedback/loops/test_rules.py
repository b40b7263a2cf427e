"""How follow-ups move and when they are due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.loops import rules

STATES = st.sampled_from(rules.ORDER)


@pytest.mark.rule("FS-7")
@given(STATES, STATES)
def test_follow_ups_go_forward_and_won_back_only_one_step_back(before, after):
    if before == after:
        assert not rules.may_change_state(before, after)
    elif rules.ORDER.index(after) > rules.ORDER.index(before):
        assert rules.may_change_state(before, after)
    elif before == rules.WON_BACK:
        assert rules.may_change_state(before, after) == (after == rules.RESOLVED)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 10))
def test_a_deadline_is_a_working_day(day, working_days):
    due = rules.contact_deadline(day, working_days)

    assert due.weekday() < rules.SATURDAY
    assert (
        sum(date.fromordinal(n).weekday() < 5 for n in range(day.toordinal() + 1, due.toordinal() + 1)) == working_days
    )


def test_friday_and_one_working_day_is_monday():
    assert rules.contact_deadline(date(2026, 3, 6), 1) == date(2026, 3, 9)
