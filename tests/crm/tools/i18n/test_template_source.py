import pytest

from crm.tools.i18n.catalog_entries import SourceMessage
from crm.tools.i18n.template_source import BrokenBlock, messages


def found(source: str) -> list[SourceMessage]:
    return list(messages(source))


def test_translate_tags_with_and_without_context():
    source = """{% translate "Orders" %}{% trans 'Points' as p %}{% translate "May" context "month" %}"""

    assert found(source) == [SourceMessage("Orders"), SourceMessage("Points"), SourceMessage("May", context="month")]


def test_constants_in_tags_and_filters():
    source = """{{ _("Name") }}{{ x|default:_("none") }}{% include "a.html" with title=_('Late') %}"""

    assert found(source) == [SourceMessage("Name"), SourceMessage("none"), SourceMessage("Late")]


def test_block_with_placeholder_and_plural():
    source = (
        "{% blocktranslate count n=rows|length %}{{ n }} order of {{ name }}"
        "{% plural %}{{ n }} orders{% endblocktranslate %}"
    )

    assert found(source) == [SourceMessage("%(n)s order of %(name)s", "%(n)s orders")]


def test_trimmed_block_joins_its_lines():
    source = "{% blocktranslate trimmed context 'mail' %}\n  Good day,\n  {{ name }}\n{% endblocktranslate %}"

    assert found(source) == [SourceMessage("Good day, %(name)s", context="mail")]


def test_percent_signs_are_doubled_as_django_looks_them_up():
    source = '{% translate "100% sure" %}{% blocktranslate %}5% of {{ n }}{% endblocktranslate %}'

    assert [message.text for message in found(source)] == ["100%% sure", "5%% of %(n)s"]


def test_comments_and_verbatim_text_say_nothing():
    source = (
        '{# translate "a" #}{% comment "why" %}{% translate "b" %}{% endcomment %}'
        '{% verbatim %}{% translate "c" %}{% endverbatim %}{% translate "d" %}'
    )

    assert [message.text for message in found(source)] == ["d"]


@pytest.mark.parametrize(
    "source",
    [
        "{% blocktranslate %}{{ row.name }}{% endblocktranslate %}",
        "{% blocktranslate %}{{ name|upper }}{% endblocktranslate %}",
        "{% blocktranslate %}{% if a %}b{% endif %}{% endblocktranslate %}",
        "{% blocktranslate %}never ends",
    ],
)
def test_blocks_that_django_would_show_wrongly_are_refused(source):
    with pytest.raises(BrokenBlock):
        found(source)
