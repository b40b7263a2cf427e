"""Components: the markup that tags and cells share stands in templates/components/, one file each."""

from functools import lru_cache
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

CACHED_COMPONENTS = 4096


def render_component(name: str, /, **values: Any) -> SafeString:
    """`components/<name>.html` with these values, without the white space around it."""
    template = get_template(f"components/{name}.html").template  # type: ignore[attr-defined]
    markup: str = template.render(Context(values))
    return mark_safe(markup.strip())


# Typed: a text and the same text as markup are two values.
@lru_cache(maxsize=CACHED_COMPONENTS, typed=True)
def render_cached_component(name: str, /, **values: str) -> SafeString:
    """The same of plain texts, kept: a page has such parts by the hundred, and few of them differ."""
    return render_component(name, **values)


def plain_text(value: Any) -> str:
    """What a template would write: the text of an object, today and in the reader's language; markup stays markup."""
    return value if isinstance(value, str) else str(value)
