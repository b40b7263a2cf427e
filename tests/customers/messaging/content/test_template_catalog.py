"""Templates: a saved text replaces the declared one, in the customer's language."""

import re

import pytest

from customers.messaging.content import template_catalog, template_language
from customers.messaging.models import MessageTemplate
from customers.profiles.models import Customer


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


@pytest.mark.rule("CU-47")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shown", "given", "name"),
    [
        ("dina.w@example.com", "", ""),
        ("+8613812342217", "", ""),
        ("C-1042", "", ""),
        ("user8842", "", ""),
        ("林嘉怡", "嘉怡", "林嘉怡"),
        ("Olivia Hartmann", "Olivia", "Olivia"),
        ("dina.w@example.com", "Dina", "Dina"),
        ("Ludwig 2", "", "Ludwig 2"),
    ],
)
def test_address_or_number_is_no_name(shown, given, name):
    values = template_catalog.standard_values(Customer(display_name=shown, given_name=given), "en")

    assert values["name"] == name


@pytest.mark.rule("CU-47")
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_no_shipped_text_greets_a_comma(language):
    for key, definition in template_catalog.declared_templates.items():
        text = definition.texts[language]
        subject, body = (template_language.fill_markdown(text[part], {"name": ""}) for part in ("subject", "body"))
        assert not re.search(r"(^|\s)[,，!！、]|[,，、]$|Dear,", subject), f"{key}: {subject}"
        assert not re.search(r"^\s*[,，、]|Dear,", body), f"{key}: {body}"
