"""Texts of messages: the safe language, missing variables, languages, previews, tests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.messaging.content import template_language


@pytest.mark.rule("CU-47")
def test_paragraph_without_values_is_left_out(expiring):
    html, text = template_language.fill_body(
        expiring.texts["en"]["body"], {"name": "Anna", "points": "3", "url": "https://x.example/"}
    )

    assert "Code" not in html + text


@pytest.mark.rule("CU-47")
@pytest.mark.parametrize(
    ("source", "named", "unnamed"),
    [
        ("Happy birthday, {{ name }}", "Happy birthday, Anna", "Happy birthday"),
        ("Happy birthday, {{ name }}!", "Happy birthday, Anna!", "Happy birthday!"),
        ("生日快乐，{{ name }}！", "生日快乐，Anna！", "生日快乐！"),
        ("{{ name }}，祝您生日快樂", "Anna，祝您生日快樂", "祝您生日快樂"),
        ("{{ name }} 您好：", "Anna 您好：", "您好："),
        ("Hello {{ name }}, a word", "Hello Anna, a word", "Hello, a word"),
        ("{{ name }}, we miss you", "Anna, we miss you", "We miss you"),
        ("**{{ name }}**, we miss you", "**Anna**, we miss you", "We miss you"),
        ("A table for {{ name }}.", "A table for Anna.", "A table for."),
        ("{{ name }}:\n\nhello", "Anna:\n\nhello", "hello"),
    ],
)
def test_who_has_no_name_is_greeted_without_one(source, named, unnamed):
    assert template_language.fill_markdown(source, {"name": "Anna"}) == named
    assert template_language.fill_markdown(source, {"name": ""}) == unnamed


@pytest.mark.rule("CU-47")
def test_salutation_stays_and_a_line_about_nothing_goes():
    body = "Hello {{ name }},\n\ngood to see you.\n\n{{ name }}, your code: {{ code }}"

    _html, text = template_language.fill_body(body, {"name": "", "code": ""})

    assert text == "Hello,\n\ngood to see you."
    assert not template_language.is_paragraph_left_out("Hello {{ name }},", {})


@pytest.mark.rule("CU-47")
@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", ""])
def test_address_that_is_no_web_address_leads_nowhere(address):
    html, _text = template_language.fill_body("[Look]({{ url }}) at {{ company }}", {"url": address, "company": "Tea"})

    assert 'href="#"' in html


@pytest.mark.rule("CU-47")
@given(st.text(max_size=200))
def test_no_value_becomes_markup(value):
    html, _text = template_language.fill_body("Dear {{ name }}, x", {"name": value or "-"})

    inside = html.partition("Dear ")[2].partition(", x")[0].replace("<br>", "")
    assert not set("<>\"'") & set(inside)
