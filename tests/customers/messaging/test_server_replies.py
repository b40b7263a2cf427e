"""What replies of mail servers mean, in the words of those who send them."""

import email
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.messaging import server_replies
from tests.shared import MAIL_SAMPLES, needs_mail_samples

BOUNCED = [
    (550, "5.1.1 <a@shop.example>: Recipient address rejected: User unknown in virtual mailbox table"),
    (550, "5.1.1 The email account that you tried to reach does not exist. Please try double-checking the address"),
    (550, "5.1.1 The email account that you tried to reach is over its rate limit policy"),
    (550, "5.1.2 Bad destination mailbox address"),
    (501, "5.1.3 Bad recipient address syntax"),
    (551, "5.1.6 Mailbox has moved"),
    (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient a@shop.example not found by SMTP address lookup"),
    (556, "5.1.10 Recipient address has null MX"),
    (550, "#5.1.1 Unknown recipient"),
    (550, "User unknown"),
    (550, "No such user here"),
    (550, "Unknown user: a@shop.example"),
    (553, "5.3.0 <a@shop.example>... Unknown E-Mail Address"),
    (550, "5.5.0 Requested action not taken: mailbox unavailable (S2017062302)"),
    (550, "Requested action not taken: mailbox unavailable"),
    (550, "Mailbox not found. http://service.mail.qq.com/cgi-bin/help?subtype=1&no=1000728"),
    (550, "<a@shop.example> recipient rejected: address does not exist"),
    (554, "delivery error: dd This user doesn't have a yahoo.com account (a@shop.example) [0]"),
    (550, "User not found: a@shop.example"),
    (550, "Invalid recipient a@shop.example"),
    (550, "sorry, no mailbox here by that name (#5.1.1)"),
    (550, "Unrouteable address"),
    (550, "用户不存在"),
    (550, "收件人邮箱不存在，请核对"),
    (550, "查無此使用者"),
    (550, "無此帳號"),
    (550, "Benutzer unbekannt"),
]
OURS = [
    (550, "authentication is required"),
    (550, "5.7.1 Authentication is required for this server"),
    (530, "5.7.0 Must issue a STARTTLS command first"),
    (530, "5.5.1 Sign in first"),
    (535, "5.7.8 Username and Password not accepted"),
    (535, "Error: authentication failed, system busy"),
    (554, "5.7.1 <a@shop.example>: Relay access denied"),
    (550, "5.7.1 Unable to relay"),
    (550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
    (550, "relay not permitted"),
    (550, "5.7.1 <a@shop.example>... Relaying denied"),
    (553, "5.7.1 <care@evergreen.example>: Sender address rejected: not owned by user care"),
    (550, "5.1.0 <care@evergreen.example>: Sender address rejected: Domain not found"),
    (550, "Sender verify failed: the sender mailbox does not exist"),
    (553, "mail from must equal authorized user"),
    (501, "mail from address must be same as authorization user"),
    (550, "5.7.60 SMTP; Client does not have permissions to send as this sender"),
    (554, "Message rejected: Email address is not verified. The following identities failed the check"),
    (550, "5.7.26 The MAIL FROM domain [mail4.example.com] has an SPF record with a hard fail policy"),
    (550, "5.1.8 Bad sender's system address"),
    (550, "发件人不存在"),
    (550, "寄件者信箱不存在"),
    (535, "身份验证失败"),
]
LIMITED = [
    (550, "Ip frequency limited. http://service.mail.qq.com/"),
    (550, "Domain frequency limited"),
    (550, "5.4.5 Daily user sending limit exceeded"),
    (550, "5.7.1 Too many messages from your address, slow down"),
    (554, "Rate limit exceeded"),
    (550, "5.7.232 Your message can't be sent because your tenant exceeded its daily limit"),
    (554, "Please try again later"),
    (550, "发送频率过快"),
]
REFUSED = [
    (550, "No"),
    (550, ""),
    (551, "We do not like this"),
    (553, "Not today"),
    (552, "5.2.2 Mailbox full"),
    (550, "5.2.2 <kijitora@example.jp>... Mailbox Full"),
    (552, "Requested mail action aborted: exceeded storage allocation, mailbox quota"),
    (550, "5.2.1 The email account that you tried to reach is disabled"),
    (550, "5.7.1 Our system has detected that this message is likely unsolicited mail"),
    (550, "5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. It is on our block list (S3140)"),
    (554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"),
    (554, "5.7.9 Message not accepted for policy reasons"),
    (550, "Mail content denied. http://service.mail.qq.com/"),
    (550, "Suspected bounce attacks"),
    (554, "DT:SPM 163 smtp10,wKgD0w 1 http://mail.163.com/help/help_spam_16.htm"),
    (550, "Requested action not taken: mailbox unavailable. Reject due to policy restrictions, ip=192.0.2.1"),
    (550, "5.7.1 User unknown is what we say to senders of poor standing"),
    (550, "5.7.0 Please use the smtp server of your ISP"),
    (550, "5.4.1 Recipient address rejected: Access denied"),
    (554, "5.3.4 Message too big for system"),
    (550, "Administrative prohibition"),
    (550, "邮件内容包含垃圾信息，收件人不存在黑名单"),
]


@pytest.mark.rule("CU-41", "CU-45")
@pytest.mark.parametrize(
    ("code", "text", "meaning"),
    [
        (code, text, meaning)
        for meaning, replies in (("bounced", BOUNCED), ("ours", OURS), ("limited", LIMITED), ("refused", REFUSED))
        for code, text in replies
    ],
)
def test_only_a_mailbox_that_does_not_exist_bounces(code, text, meaning):
    assert server_replies.reply_meaning(code, text) == meaning


@pytest.mark.rule("CU-45")
@pytest.mark.parametrize(
    ("code", "text", "meaning"),
    [
        (250, "2.1.5 Ok", "accepted"),
        (251, "User not local; will forward", "accepted"),
        (421, "4.7.0 Enough", "closing"),
        (450, "4.1.1 <a@shop.example>: unverified address: no such user", "temporary"),
        (452, "4.2.2 Mailbox full", "temporary"),
        (550, "4.7.1 User unknown for now", "temporary"),
    ],
)
def test_other_replies(code, text, meaning):
    assert server_replies.reply_meaning(code, text) == meaning


@pytest.mark.rule("CU-41")
@pytest.mark.parametrize(("code", "text"), [*BOUNCED, *REFUSED, *OURS])
def test_refused_sender_is_never_the_recipients_fault(code, text):
    assert server_replies.reply_meaning(code, text, about_sender=True) == "ours"


@pytest.mark.rule("CU-41")
@given(st.integers(500, 599), st.sampled_from(["5.2.1", "5.2.2", "5.5.3", "5.6.0", "5.7.1", "5.4.4"]), st.text())
def test_an_enhanced_code_that_names_another_fault_never_bounces(code, enhanced, words):
    assert server_replies.reply_meaning(code, f"{enhanced} {words} user unknown") != "bounced"


@pytest.mark.rule("CU-41")
@needs_mail_samples
def test_real_reports_bounce_only_where_the_mailbox_does_not_exist():
    samples = json.loads((MAIL_SAMPLES / "expectations.json").read_text())["emails"]
    expected, seen = {}, {}
    for sample in samples:
        path = MAIL_SAMPLES / Path(sample["file"]).name
        replies = _replies(path.read_bytes()) if sample["kind"] == "bounce" and path.exists() else []
        if replies:
            expected[path.name] = sample["permanent"] is True
            seen[path.name] = any(server_replies.reply_meaning(*reply) == "bounced" for reply in replies)

    assert seen == expected
    assert sum(seen.values()) >= 3


def _replies(raw):
    """Code and text of each reply that a report quotes."""
    diagnostics = (part.get("Diagnostic-Code", "") for part in email.message_from_bytes(raw).walk())
    matches = (re.match(r"smtp; *(\d{3})[- ](.+)", text, re.IGNORECASE | re.DOTALL) for text in diagnostics)
    return [(int(match[1]), match[2]) for match in matches if match]
