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
