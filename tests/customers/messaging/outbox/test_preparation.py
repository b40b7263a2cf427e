"""What happens before a claimed message is handed over: its headers, and whether it may still go."""

from email import message_from_bytes, policy

import pytest

from crm.kernel import company
from crm.kernel.time import clock
from customers.messaging.outbox import deferral
from tests.customers.messaging.rows import fresh

NOON = "2026-06-10T12:00:00+00:00"


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
