"""Moves and priorities of tickets."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.tickets import rules

STATES = st.sampled_from(sorted(rules.NEXT_STATES))


@pytest.mark.rule("FT-3")
@given(STATES, STATES)
def test_nothing_is_new_twice_and_nothing_leaves_closed(before, after):
    if after == rules.NEW or before == rules.CLOSED:
        assert not rules.may_change_state(before, after)


@pytest.mark.rule("FT-3")
@given(STATES)
def test_only_solved_tickets_are_closed(state):
    assert rules.may_change_state(state, rules.CLOSED) == (state == rules.SOLVED)


@given(STATES)
def test_every_unsolved_ticket_may_be_solved(state):
    assert rules.may_change_state(state, rules.SOLVED) == (state in rules.UNSOLVED)


@given(STATES)
def test_a_customers_word_never_leaves_a_ticket_waiting_for_him(state):
    after = rules.state_after_customer_message(state)

    assert after not in (rules.PENDING, rules.SOLVED)
    assert after == state or rules.may_change_state(state, after)


@given(STATES)
def test_a_reply_makes_only_allowed_moves(state):
    after = rules.state_after_reply(state)

    assert after == state or rules.may_change_state(state, after)


@pytest.mark.rule("S70")
@given(st.integers(1, 4), st.integers(-5, 9))
def test_a_service_level_never_lowers_a_priority(asked, level):
    assert asked <= rules.opening_priority(asked, level) <= rules.URGENT


def test_first_customers_come_two_steps_higher():
    assert [rules.opening_priority(rules.NORMAL, level) for level in (0, 1, 2, 3)] == [2, 3, 4, 4]


@pytest.mark.parametrize(("days", "over"), [(13, False), (14, True), (90, True)])
def test_a_solved_ticket_is_over_after_its_days(days, over):
    at = datetime(2026, 3, 20, tzinfo=UTC)

    assert rules.is_due_to_close(at - timedelta(days=days), at, 14) is over
