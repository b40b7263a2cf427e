"""Names that are stored with tickets."""

import pytest

from feedback.tickets import choices, rules


def test_states_and_priorities_are_those_of_the_rules():
    assert set(choices.TicketState.values) == set(rules.NEXT_STATES)
    assert choices.TicketPriority.values == [rules.LOW, rules.NORMAL, rules.HIGH, rules.URGENT]


@pytest.mark.parametrize("channel", ["phone", "survey"])
def test_what_staff_or_the_product_write_down_did_not_come_from_outside(channel):
    assert channel not in choices.EXTERNAL_CHANNELS


@pytest.mark.parametrize(
    "names", [choices.TicketState, choices.TicketChannel, choices.MessageKind, choices.MessageAuthor]
)
def test_stored_names_fit_their_columns(names):
    assert all(len(value) <= 8 for value in names.values)
