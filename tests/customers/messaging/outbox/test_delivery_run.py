"""Sending to a raw SMTP sink: what the wire says becomes the message's state, at most once and never lost."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection

from crm.kernel import company
from crm.kernel.time import clock
from crm.tools.proofs.smtp_sink import SinkScript, SmtpSink
from customers.messaging import suppression
from customers.messaging.models import DailySlot, OutboundMessage, Relay, Suppression
from customers.messaging.outbox import deferral, delivery_results, delivery_run
from customers.messaging.outbox.claims import claim_messages, recover_expired_claims
from customers.profiles.models import TimelineEntry

NOON = "2026-06-10T12:00:00+00:00"


@pytest.fixture
def send(settings):
    """Send what is due to a sink that behaves as scripted."""

    def to(script=None):
        with SmtpSink(script or SinkScript()) as sink:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
            settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
            settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
            sink.sent = delivery_run.send_due_messages(clock.now())
        return sink

    return to


class Misbehaving(SinkScript):
    def __init__(self, data="354 go on", answer="250 2.0.0 Ok"):
        super().__init__()
        self.data, self.answer = data, answer

    def on_data(self, recipient):
        return self.data

    def on_message(self, recipient, message_id):
        return self.answer


def fresh(message):
    message.refresh_from_db()
    return message


@pytest.mark.rule("CU-43")
def test_due_message_is_accepted_once(at, willing, put, send):
    at(NOON)
    message = put(willing(email="anna@shop.example"))

    first, second = send(), send()

    message = fresh(message)
    assert (first.sent, second.sent) == (1, 0)
    assert [(one.recipient, one.message_id) for one in first.taken] == [("anna@shop.example", message.message_id)]
    assert (message.state, message.reply, message.attempts) == ("accepted", "250 2.0.0 Ok", 1)
    assert message.accepted_at is not None
    assert [step["state"] for step in message.history] == ["queued", "accepted"]
    assert TimelineEntry.objects.get(kind="message_sent").object_id == message.public_id


@pytest.mark.rule("CU-46")
def test_care_mail_carries_what_the_law_and_mail_programs_want(at, willing, put, send):
    at(NOON)
    company.change_settings(company.CompanySettings, {"postal_address": "1 Evergreen Road, Shanghai"}, by=None)
    put(
        willing(display_name="林嘉怡", language="zh-hans"),
        subject="生日快乐，林女士",
        text="祝您**生日快乐**。\n\n[查看礼物](https://shop.example/gift)",
    )

    mail = message_from_bytes(send().taken[0].raw, policy=policy.default)

    token = mail["List-Unsubscribe"].strip("<>").rstrip("/").rpartition("/")[2]
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    assert mail["Subject"] == "生日快乐，林女士"
    assert str(mail["To"]).startswith("林嘉怡 <")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail["Precedence"], mail["Auto-Submitted"]) == ("bulk", "auto-generated")
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["List-Id"].startswith("<care.")
    for part in (text, html):
        assert f"/u/{token}/" in part
        assert f"/preferences/{token}/" in part
        assert "1 Evergreen Road, Shanghai" in part
        assert "您收到此邮件" in part
    assert "查看礼物: https://shop.example/gift" in text
    assert '<a href="https://shop.example/gift" style=' in html
    assert "<style" not in html.replace("<style>@media", "")


@pytest.mark.rule("CU-46")
def test_ticket_reply_is_no_list_mail(at, willing, put, send):
    at(NOON)
    put(willing(), purpose="ticket", topic="service", headers={"In-Reply-To": "<x@y>"})

    mail = message_from_bytes(send().taken[0].raw, policy=policy.default)

    assert [mail[name] for name in ("List-Unsubscribe", "List-Id", "Precedence", "Auto-Submitted")] == [None] * 4
    assert mail["In-Reply-To"] == "<x@y>"
    assert mail["X-Auto-Response-Suppress"] == "All"


@pytest.mark.rule("CU-43")
def test_greylisted_message_is_tried_again_and_sent_once(at, willing, put, send):
    at(NOON)
    message = put(willing(email="grey@shop.example"))
    script = SinkScript(rcpt={"grey@shop.example": ["451 4.7.1 Try again", "451 4.7.1 Try again"]})

    send(script)
    once = fresh(message)
    pause = once.next_attempt_at - clock.now()
    assert (once.state, once.reason, once.attempts) == ("queued", "temporary", 1)
    assert timedelta(seconds=45) < pause < timedelta(seconds=75)

    for minutes in (2, 10):
        at(clock.now() + timedelta(minutes=minutes))
        sink = send(script)

    assert sink.recipients() == ["grey@shop.example"]
    assert (fresh(message).state, fresh(message).attempts) == ("accepted", 3)


@pytest.mark.rule("CU-45")
@pytest.mark.parametrize(
    ("reply", "bounced"),
    [
        ("550 5.1.1 No such user", True), ("550 No", True), ("553 5.1.3 Bad address", True),
        ("552 5.2.2 Mailbox full", False), ("550 5.7.1 Rejected by policy", False), ("554 5.6.0 No", False),
    ],
)  # fmt: skip
def test_permanent_refusal_is_final_and_a_bounce_suppresses(at, willing, put, send, reply, bounced):
    at(NOON)
    message = put(willing(email="gone@shop.example"))

    send(SinkScript(rcpt={"gone@shop.example": [reply]}))

    assert (fresh(message).state, message.reason, message.reply) == ("failed", "refused", reply)
    assert list(Suppression.objects.values_list("reason", flat=True)) == (["bounced"] if bounced else [])
    assert not DailySlot.objects.exists()


@pytest.mark.rule("CU-43")
def test_cut_after_the_final_dot_is_unknown_for_care_and_tried_again_for_tickets(at, willing, put, send):
    at(NOON)
    care, ticket = put(willing()), put(willing(), purpose="ticket", topic="service")

    first = send(Misbehaving(answer="take-and-reset"))
    at(clock.now() + timedelta(minutes=3))
    second = send()

    assert len(first.taken) == 2
    assert (fresh(care).state, care.reason) == ("unknown", "cut")
    assert fresh(ticket).state == "accepted"
    assert [one.message_id for one in second.taken] == [ticket.message_id]
    assert TimelineEntry.objects.filter(kind="message_unknown").count() == 1


@pytest.mark.rule("CU-43")
def test_cut_before_the_message_was_written_is_tried_again(at, willing, put, send):
    at(NOON)
    message = put(willing())

    send(Misbehaving(data="reset"))

    assert (fresh(message).state, message.reason) == ("queued", "temporary")


@pytest.mark.rule("CU-43")
def test_unreachable_server_costs_no_attempt(at, willing, put, send, settings):
    at(NOON)
    message = put(willing())
    send(SinkScript(greeting="554 go away"))

    assert (fresh(message).state, message.attempts) == ("queued", 0)
    assert Relay.objects.get().last_error.startswith("554")
    assert send().taken == []

    at(clock.now() + timedelta(seconds=6))
    assert len(send().taken) == 1


@pytest.mark.rule("CU-41")
def test_suppression_between_queueing_and_sending_wins(at, willing, put, send):
    at(NOON)
    stopped, other = willing(email="Stop@shop.example"), willing(email="other@shop.example")
    message = put(stopped)
    put(other)
    Suppression.objects.bulk_create(
        [Suppression(channel="email", digest=message.digest, reason="complained", at=clock.now())]
    )

    sink = send()

    assert sink.recipients() == ["other@shop.example"]
    assert (fresh(message).state, message.reason) == ("dropped", "complained")


@pytest.mark.rule("CU-41")
def test_suppression_between_claim_and_data_wins(at, willing, put, send, monkeypatch):
    at(NOON)
    customer = willing()
    message = put(customer)
    begin = delivery_run.record_results_and_begin

    def suppress_first(results, messages, now):
        if messages:
            suppression.suppress_address(
                channel="email", address=customer.email, reason="unsubscribed_all", source="test", at=now
            )
        return begin(results, messages, now)

    monkeypatch.setattr(delivery_run, "record_results_and_begin", suppress_first)

    sink = send()

    assert sink.taken == []
    assert (fresh(message).state, message.reason) == ("dropped", "unsubscribed_all")


@pytest.mark.rule("CU-42")
def test_message_that_waited_into_the_night_or_another_day_is_asked_again(at, willing, put, send):
    at(NOON)
    message = put(willing())

    at("2026-06-10T22:00:00+00:00")
    sink = send()
    assert sink.taken == []
    assert (fresh(message).state, message.reason) == ("deferred", "quiet_hours")

    at("2026-06-11T08:00:30+00:00")
    deferral.recheck_deferred_messages(clock.now())
    assert len(send().taken) == 1
    assert fresh(message).send_day.isoformat() == "2026-06-11"


@pytest.mark.rule("CU-43")
def test_lease_over_is_retried_before_data_and_unknown_after(at, willing, put):
    at(NOON)
    claimed, begun, ticket = put(willing()), put(willing()), put(willing(), purpose="ticket", topic="service")
    claim_messages(clock.now(), 10)
    OutboundMessage.objects.filter(pk__in=[begun.pk, ticket.pk]).update(state="data_started")

    assert recover_expired_claims(clock.now()) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_outboundmessage SET lease_until = clock_timestamp() - interval '1 second'")
    assert recover_expired_claims(clock.now()) == 3

    assert [(fresh(m).state, m.reason) for m in (claimed, begun, ticket)] == [
        ("queued", "lease_over"),
        ("unknown", "cut"),
        ("queued", "cut"),
    ]


@pytest.mark.rule("CU-43")
def test_overtaken_claim_writes_nothing(at, willing, put):
    at(NOON)
    message = put(willing())
    (mine,) = claim_messages(clock.now(), 1)
    OutboundMessage.objects.filter(pk=message.pk).update(fence=mine.fence + 1)

    begun = delivery_results.record_results_and_begin([], [mine], clock.now())

    assert begun == set()
    assert fresh(message).state == "claimed"
