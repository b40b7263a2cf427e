"""Templates hold no style, script or handler that the CSP refuses, and no English that nobody can translate."""

from pathlib import Path

import pytest

from crm.tools.check import template_markup


@pytest.mark.rule("PL-53")
def test_no_template_needs_an_unsafe_policy():
    assert [str(finding) for finding in template_markup.unsafe_markup()] == []


@pytest.mark.rule("PL-30")
def test_no_template_holds_bare_english():
    assert [str(finding) for finding in template_markup.bare_english()] == []


@pytest.fixture
def template(tmp_path: Path):
    def write(text: str) -> Path:
        (tmp_path / "templates").mkdir()
        (tmp_path / "templates/page.html").write_text(text)
        return tmp_path

    return write


@pytest.mark.rule("PL-53")
@pytest.mark.parametrize(
    "text",
    [
        '<p style="color: red">',
        "<p {% if a > b %}class=x{% endif %} style='width: {{ n }}%'>",
        "<script>alert(1)</script>",
        "<script type=module>go()</script>",
        "<button onclick='go()'>",
        "<button hx-on:click='go()'>",
        '<a href="javascript:go()">',
        "<style>p { color: red }</style>",
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
    ],
)
def test_unsafe_markup_is_seen(template, text):
    assert len(template_markup.unsafe_markup(template(f"\n{text}\n"))) == 1


@pytest.mark.rule("PL-53")
def test_safe_markup_is_left_alone(template):
    text = """{# <p style="x"> #}{% comment %}<script>no()</script>{% endcomment %}
    <script src="{% static 'js/x.js' %}" defer></script><script type="application/json">{"a": 1}</script>
    <meter value="{{ n }}"></meter><a href="https://example.com">x</a>"""

    assert template_markup.unsafe_markup(template(text)) == []


@pytest.mark.rule("PL-53")
def test_a_mail_may_bring_its_styles(template, tmp_path):
    template("")
    (tmp_path / "templates/mail").mkdir()
    (tmp_path / "templates/mail/letter.html").write_text("<style>p { color: #123 }</style>")

    assert template_markup.unsafe_markup(tmp_path) == []


@pytest.mark.rule("PL-30")
@pytest.mark.parametrize(
    "text",
    [
        "<h1>Orders</h1>",
        '<input placeholder="Search">',
        '<button aria-label="Close"></button>',
        '<input type="submit" value="Save">',
        '<p data-empty="Nothing found here">',
        "<p>{{ n }} points</p>",
        "{% if a %}Yes{% else %}{% translate 'No' %}{% endif %}",
        "<p>NPS score</p>",
    ],
)
def test_bare_english_is_seen(template, text):
    assert len(template_markup.bare_english(template(text))) == 1


@pytest.mark.rule("PL-30")
def test_translated_and_nameless_text_is_left_alone(template):
    text = """<h1>{% translate "Orders" %}</h1>{% blocktranslate %}{{ n }} points{% endblocktranslate %}
    <kbd>Ctrl</kbd> <code>egk_</code> <b translate="no">Zhang Wei</b> <a lang="en">English page</a> NPS · CSV 12 kg?
    <p title="{% translate "Help" %}" data-kind="row" class="Big words">{{ name }} × 3</p>"""

    assert [str(finding) for finding in template_markup.bare_english(template(text.replace(" 12 kg?", "")))] == []
