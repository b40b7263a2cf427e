"""Texts of messages: the safe language, missing variables, languages, previews, tests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.time import clock
from customers.messaging import services
from customers.messaging.content import mime, template_catalog, template_language
from customers.messaging.models import MessageTemplate, OutboundMessage

TEXT = {
    "subject": "{{ name }}, {{ points }} points",
    "body": "Dear {{ name }},\n\nuse **{{ points }}** now.\n\n[Look]({{ url }})\n\nCode: {{ code }}",
}


@pytest.fixture
def expiring():
    variables = {name: template_catalog.TemplateVariable(name, name) for name in ("points", "url", "code")}
    yield template_catalog.declare_template(
        "test-expiring", name="Expiring", purpose="care", topic="care", texts={"en": TEXT}, variables=variables
    )
    del template_catalog.declared_templates["test-expiring"]


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


@pytest.mark.rule("CU-47")
def test_paragraph_without_values_is_left_out(expiring):
    html, text = template_language.fill_body(TEXT["body"], {"name": "Anna", "points": "3", "url": "https://x.example/"})

    assert "Code" not in html + text


@pytest.mark.rule("CU-47")
@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", ""])
def test_address_that_is_no_web_address_leads_nowhere(address):
    html, _text = template_language.fill_body("[Look]({{ url }}) for {{ name }}", {"url": address, "name": "Anna"})

    assert 'href="#"' in html


@pytest.mark.rule("CU-47")
@given(st.text(max_size=200))
def test_no_value_becomes_markup(value):
    html, _text = template_language.fill_body("Dear {{ name }}, x", {"name": value or "-"})

    inside = html.partition("Dear ")[2].partition(", x")[0].replace("<br>", "")
    assert not set("<>\"'") & set(inside)


@pytest.mark.rule("CU-47")
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Dear {{ nmae }}", "nmae"), ("{% include 'x' %}", "double braces"), ("{{ name.__class__ }}", "double braces"),
        ("{{ 1 | join }}", "double braces"), ("", "both needed"),
    ],
)  # fmt: skip
def test_text_that_cannot_be_filled_is_refused(make_user, body, words):
    with pytest.raises(services.BadTemplateText, match=words):
        services.save_template(
            key="mine",
            name="Mine",
            purpose="care",
            topic="news",
            texts={"en": {"subject": "Hi", "body": body}},
            at=clock.now(),
            by=make_user(),
        )

    assert not MessageTemplate.objects.exists()


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


def test_test_mail_goes_to_the_one_who_asks(at, willing, expiring, client_as, make_user):
    at("2026-06-10T12:00:00+00:00")
    marketer, customer = make_user("marketing", email="me@staff.example"), willing()

    client_as(marketer).post(
        "/messages/templates/test-expiring/test/", {"language": "en", "customer": customer.public_id}
    )

    row = OutboundMessage.objects.get()
    assert (row.address, row.purpose, row.state) == ("me@staff.example", "transactional", "queued")
    assert row.subject.startswith("[Test] ")


@pytest.mark.rule("CU-43")
def test_one_bad_text_stops_one_message_not_its_batch(at, willing, make_draft):
    from customers.messaging.outbox import enqueue_messages

    at("2026-06-10T12:00:00+00:00")
    rows = enqueue_messages([make_draft(willing(), template_key="nobody"), make_draft(willing())], clock.now())

    assert [(row.state, row.reason) for row in rows] == [("failed", "unreadable"), ("queued", "")]


@given(st.text(max_size=300))
def test_header_values_come_back_as_they_were(value):
    from email.header import decode_header, make_header

    encoded = mime.encoded_header(value, 9)

    assert encoded.isascii()
    assert all(len(line) <= 1000 and (n == 0 or line.startswith(" ")) for n, line in enumerate(encoded.split("\r\n")))
    clean = value.translate({13: " ", 10: " ", 0: None}).strip()
    if "=?" not in clean and not clean.isascii():
        assert str(make_header(decode_header(encoded))) == clean
