"""What the doctor says of answers to ticket mails."""

import pytest

from crm.kernel import company
from crm.kernel.ops.doctor import examination
from feedback.tickets.installation_checks import check_replies
from feedback.tickets.settings import TicketSettings


@pytest.mark.rule("PL-2")
@pytest.mark.parametrize(
    ("changed", "grade", "words"),
    [
        ({}, "note", "are not read"),
        ({"is_reply_address_read": True}, "problem", "support@evergreen.example, which nobody reads"),
        ({"is_reply_address_read": True, "reply_address": ""}, "problem", "no address, which nobody reads"),
        ({"is_reply_address_read": True, "reply_address": "help@shop.example"}, "good", "help@shop.example"),
    ],
)
def test_answers_that_nobody_reads_are_noticed(db, changed, grade, words):
    company.change_settings(TicketSettings, changed, by=None)

    finding = check_replies()

    assert (finding.about, finding.grade) == ("replies", grade)
    assert words in finding.sentence
    assert check_replies in examination.DATABASE_CHECKS
