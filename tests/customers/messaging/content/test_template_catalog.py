"""Templates: a saved text replaces the declared one, in the customer's language."""

import pytest

from customers.messaging.models import MessageTemplate


@pytest.mark.rule("CU-47")
def test_changed_text_holds_from_the_next_message_on(at, willing, put, expiring, client_as):
    at("2026-06-10T12:00:00+00:00")
    client = client_as("marketing")
    client.post(
        "/messages/templates/test-expiring/save/",
        {"subject_en": "News for {{ name }}", "body_en": "Only {{ points }}."},
    )

    message = put(
        willing(given_name="Anna"), template_key="test-expiring", variables={"points": 5}, subject="", text=""
    )
    preview = client.get("/messages/templates/test-expiring/preview/?language=en").content.decode()

    assert message.subject == "News for Anna"
    assert MessageTemplate.objects.get().version == 1
    assert "News for Olivia" in preview


@pytest.mark.rule("CU-47")
def test_text_is_in_the_customers_language_else_the_companys(at, willing, put, expiring, client_as):
    at("2026-06-10T12:00:00+00:00")
    client_as("marketing").post(
        "/messages/templates/test-expiring/save/",
        {"subject_en": "Hi", "body_en": "Hello", "subject_zh-hant": "您好", "body_zh-hant": "{{ name }} 您好"},
    )

    subjects = [
        put(willing(language=code), template_key="test-expiring").subject for code in ("zh-hant", "zh-hans", "en")
    ]

    assert subjects == ["您好", "Hi", "Hi"]
