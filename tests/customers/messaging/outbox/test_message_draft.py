"""Drafts: their text in the customer's language."""

import pytest

from customers.messaging.models import OutboundMessage


@pytest.mark.rule("CU-47")
def test_values_are_written_in_the_readers_language_and_cannot_break_out(at, willing, put, expiring):
    at("2026-06-10T12:00:00+00:00")
    values = {"points": 12480, "url": 'https://shop.example/?a=1&b="x"', "code": "<b>TEA</b>"}

    message = put(willing(given_name="Olivia"), template_key="test-expiring", variables=values, subject="", text="")

    row = OutboundMessage.objects.get(pk=message.pk)
    assert row.subject == "Olivia, 12,480 points"
    assert "<strong>12,480</strong>" in row.html
    assert 'href="https://shop.example/?a=1&amp;b=&quot;x&quot;"' in row.html
    assert "&lt;b&gt;TEA&lt;/b&gt;" in row.html
    assert "Look: https://shop.example/" in row.text
