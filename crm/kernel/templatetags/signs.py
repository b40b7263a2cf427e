"""Signs of the sprite, for tags of every kind."""

from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A sign of the sprite; hidden from screen readers unless it says something by itself."""
    return _drawn(name, str(label), css, static("vendor/icons.svg"))


@lru_cache(maxsize=1024)
def _drawn(name: str, label: str, css: str, sprite: str) -> SafeString:
    """A list has hundreds of signs, and few different ones."""
    says = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    classes = f"bi {css}".strip()
    return format_html('<svg class="{}" {}><use href="{}#{}"></use></svg>', classes, says, sprite, name)
