"""A server that refuses many messages in a row: the messages wait, and nobody is put on the suppression list for it."""

from collections import Counter
from datetime import timedelta

import pytest

from crm.kernel.time import clock
from crm.tools.proofs.smtp_sink import SinkScript
from customers.messaging import rules, selectors
from customers.messaging.models import OutboundMessage, Relay, Suppression

NOON = "2026-06-10T12:00:00+00:00"
LIMIT = rules.REFUSALS_IN_A_ROW


class RefusesAll(SinkScript):
    """Says the same to every recipient, except to those it takes."""

    def __init__(self, reply, takes=()):
        super().__init__()
        self.reply, self.takes = reply, takes

    def on_rcpt(self, recipient):
        return "250 2.1.5 Ok" if recipient in self.takes else self.reply


def assert_paused_for(minutes):
    seconds = (Relay.objects.get().paused_until - clock.now()).total_seconds()
    assert minutes * 60 - 10 < seconds <= minutes * 60


def states():
    return Counter(OutboundMessage.objects.values_list("state", "reason"))


@pytest.mark.rule("CU-41", "CU-43")
@pytest.mark.parametrize(
    ("reply", "first"),
    [("554 5.7.1 Rejected by policy", ("failed", "refused")), ("550 5.1.1 User unknown", ("failed", "no_mailbox"))],
)
def test_many_refusals_in_a_row_brake_the_run_and_the_rest_waits(at, willing, put, send, settings, reply, first):
    at(NOON)
    settings.MAIL_CONNECTIONS = 1
    for number in range(40):
        put(willing(email=f"c{number}@shop.example"), purpose="transactional", topic="service")

    send(RefusesAll(reply))

    assert states() == {first: LIMIT, ("queued", "braked"): 40 - LIMIT}
    assert Suppression.objects.count() == (LIMIT if first[1] == "no_mailbox" else 0)
    trouble = selectors.mail_server_trouble()
    assert (trouble.is_braked, trouble.last_error) == (True, reply)
    assert_paused_for(minutes=1)
    assert send().taken == []

    at(clock.now() + timedelta(minutes=2))
    send(RefusesAll(reply))
    assert states()["queued", "braked"] == 40 - LIMIT
    assert_paused_for(minutes=2)

    at(clock.now() + timedelta(minutes=3))
    assert len(send().taken) == 40 - LIMIT
    assert selectors.mail_server_trouble() is None


@pytest.mark.rule("CU-43")
def test_refusals_with_mail_taken_between_them_brake_nothing(at, willing, put, send, settings):
    at(NOON)
    settings.MAIL_CONNECTIONS = 1
    takes = {f"c{number}@shop.example" for number in range(0, 40, LIMIT)}
    for number in range(40):
        put(willing(email=f"c{number}@shop.example"), purpose="transactional", topic="service")

    sink = send(RefusesAll("554 5.7.1 Rejected by policy", takes))

    assert {message.recipient for message in sink.taken} == takes
    assert states() == {("accepted", ""): len(takes), ("failed", "refused"): 40 - len(takes)}
    assert not Relay.objects.get().is_paused(clock.now())


@pytest.mark.rule("CU-41")
def test_refusals_count_over_runs_and_a_repeated_bounce_is_believed(at, willing, put, send):
    at(NOON)
    script = RefusesAll("550 5.1.1 User unknown")
    for number in range(LIMIT):
        put(willing(email=f"c{number}@shop.example"), purpose="transactional", topic="service")
        send(script)
    late = put(willing(email="late@shop.example"), purpose="transactional", topic="service")

    for minutes in (2, 3, 5):
        at(clock.now() + timedelta(minutes=minutes))
        late.refresh_from_db()
        assert (late.state, Suppression.objects.count()) == ("queued", LIMIT)
        send(script)

    late.refresh_from_db()
    assert (late.state, late.reason, late.attempts) == ("failed", "no_mailbox", 3)
