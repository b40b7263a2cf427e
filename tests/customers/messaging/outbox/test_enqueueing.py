"""Putting in: one row per occasion, the governor's verdict on each, slots by priority."""

import pytest

from crm.kernel.time import clock
from customers.messaging import preference_tokens
from customers.messaging.models import OutboundMessage, PreferenceToken
from customers.messaging.outbox import enqueue_messages

NOON = "2026-06-10T12:00:00+00:00"


@pytest.mark.rule("CU-43")
def test_enqueue_keeps_one_row_per_occasion(at, willing, make_draft):
    at(NOON)
    draft = make_draft(willing(), occasion_key="birthday:2026")

    first = enqueue_messages([draft], clock.now())
    again = enqueue_messages([draft, draft], clock.now())

    assert [message.is_new for message in first + again] == [True, False, False]
    assert {message.pk for message in first + again} == {OutboundMessage.objects.get().pk}
    assert PreferenceToken.objects.count() == 1
    link = preference_tokens.find_valid_token(first[0].token, clock.now())
    assert (link.customer_id, link.topic, link.address_digest) == (draft.customer_id, "care", first[0].digest)
    assert link.expires_at - link.created_at == preference_tokens.TOKEN_LIFETIME


@pytest.mark.rule("CU-43")
def test_one_bad_text_stops_one_message_not_its_batch(at, willing, make_draft):
    from customers.messaging.outbox import enqueue_messages

    at("2026-06-10T12:00:00+00:00")
    rows = enqueue_messages([make_draft(willing(), template_key="nobody"), make_draft(willing())], clock.now())

    assert [(row.state, row.reason) for row in rows] == [("failed", "unreadable"), ("queued", "")]
